//! Routes of events.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::consignments::read_reference;
use super::problem::Problem;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use kervan_node::{Desk, Refusal, capture_events};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Events in one answer.
const MOST_EVENTS: u32 = 1_000;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(post_capture)).routes(routes!(get_events))
}

/// What a capture was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Captured {
    /// Hash ids of the events, in the order of the document.
    pub events: Vec<String>,
}

/// Captures an EPCIS 2.0 document; when it is answered, its events are on the disk.
#[utoipa::path(post, path = "/epcis/capture", tag = "events",
    request_body(content = Object, description = "an EPCIS 2.0 document (JSON-LD)"), security(("party" = [])),
    responses((status = 202, body = Captured), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_capture(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Captured>), Problem> {
    let document: Value = read_json(&body)?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| capture_events(desk, call, &document);
    let events = api.act(caller.party, caller.key, work).await?;
    Ok((StatusCode::ACCEPTED, Json(Captured { events })))
}

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// Those of this consignment; without it the latest of all.
    consignment: Option<String>,
}

/// Events as an EPCIS query document.
#[utoipa::path(get, path = "/epcis/events", tag = "events", params(EventQuery),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn get_events(State(api): State<Api>, Query(query): Query<EventQuery>) -> Result<Json<Value>, Problem> {
    let now = api.clock.now();
    let work = move |desk: &Desk| {
        let rows = match &query.consignment {
            Some(reference) => desk.store.list_events(&read_reference(reference)?)?,
            None => desk.store.list_latest_events(MOST_EVENTS)?,
        };
        let mut context = Value::Null;
        let mut list = Vec::new();
        for row in rows {
            let read = |text: &str| -> Result<Value, Refusal> {
                serde_json::from_str(text).map_err(|error| Refusal::broken("a stored event", &error))
            };
            list.push(read(&row.event)?);
            context = read(&row.context)?;
        }
        Ok(json!({
            "@context": context,
            "type": "EPCISQueryDocument",
            "schemaVersion": "2.0",
            "creationDate": now.to_string(),
            "epcisBody": { "queryResults": { "queryName": "SimpleEventQuery", "resultsBody": { "eventList": list } } },
        }))
    };
    Ok(Json(api.run(work).await?))
}

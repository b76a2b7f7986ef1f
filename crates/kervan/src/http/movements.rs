//! Routes of transit movements.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::paging::{MOST_ON_PAGE, Page, read_cursor, read_limit};
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{self, OfficerMessage, OfficerRequest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, Uri};
use kervan_customs::StateKind;
use kervan_model::{Finding, MovementId};
use kervan_node::{By, Desk, OfficerAct, Refusal, act_as_officer, read_movement};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_movements))
        .routes(routes!(get_movement))
        .routes(routes!(post_message))
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those in this state.
    state: Option<String>,
    /// Only those after this one: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 1,000 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Transit movements in the order of their ids; the link `next` leads on.
#[utoipa::path(get, path = "/api/movements", tag = "clearance", params(ListQuery),
    responses((status = 200, body = Vec<wire::Movement>), (status = 422, body = Problem)))]
async fn list_movements(
    State(api): State<Api>,
    uri: Uri,
    viewer: Viewer,
    Query(query): Query<ListQuery>,
) -> Result<Page<Vec<wire::Movement>>, Problem> {
    if let Some(state) = &query.state
        && !StateKind::ALL.iter().any(|known| known.word() == state)
    {
        let words: Vec<_> = StateKind::ALL.iter().map(|state| state.word()).collect();
        let finding = Finding::error("request.state", format!("`{state}` is no state of a movement"));
        return Err(Problem::invalid(&[finding
            .at("state")
            .remedy(format!("use one of {}", words.join(", ")))]));
    }
    let after: Option<MovementId> = read_cursor(query.after.as_deref())?;
    let limit = read_limit(query.limit, MOST_ON_PAGE)?;
    api.run(move |desk| {
        let sight = viewer.sight(desk);
        // One more than the page shows whether there is another.
        let mut rows = sight.list_movements(query.state.as_deref(), after.as_ref(), limit + 1)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let movements = sight.show_movements(&rows, |file| wire::Movement::new(&file, desk))?;
        let last = rows.last().filter(|_| more).map(|row| &row.id);
        Ok(Page::new(movements, &uri, last))
    })
    .await
}

/// The id of a movement from the two parts of its address.
pub(super) fn read_id(reference: &str, number: &str) -> Result<MovementId, Refusal> {
    let id = format!("{reference}/{number}");
    id.parse().map_err(|_| Refusal::NotFound { what: "movement", id })
}

fn find(viewer: &Viewer, desk: &Desk, id: &MovementId) -> Result<wire::Movement, Refusal> {
    let row = desk.store.find_movement(id)?;
    let row = row.ok_or_else(|| Refusal::NotFound { what: "movement", id: id.to_string() })?;
    Ok(wire::Movement::new(&viewer.sight(desk).withhold_of(read_movement(&row)?)?, desk))
}

/// A transit movement; its id is the consignment's reference and its number.
#[utoipa::path(get, path = "/api/movements/{reference}/{number}", tag = "clearance",
    params(("reference" = String, Path), ("number" = String, Path)),
    responses((status = 200, body = wire::Movement), (status = 404, body = Problem)))]
async fn get_movement(
    State(api): State<Api>,
    viewer: Viewer,
    Path((reference, number)): Path<(String, String)>,
) -> Result<Json<wire::Movement>, Problem> {
    Ok(Json(api.run(move |desk| find(&viewer, desk, &read_id(&reference, &number)?)).await?))
}

/// An officer of the office of departure acts on a movement; with a token of their own, so that two officers are two.
#[utoipa::path(post, path = "/api/movements/{reference}/{number}/messages", tag = "clearance",
    params(("reference" = String, Path), ("number" = String, Path)), request_body = OfficerRequest,
    security(("party" = [])),
    responses((status = 200, body = wire::Movement), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
async fn post_message(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path((reference, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<wire::Movement>, Problem> {
    let request: OfficerRequest = read_json(&body)?;
    let seen = headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
    let seen = seen.map(|value| value.trim().trim_matches('"').to_owned()).filter(|value| value != "*");
    let by = By { officer: caller.officer_for(request.officer.as_deref())?, seen };
    let act = match request.act {
        OfficerMessage::Control { reason } => OfficerAct::Control { reason },
        OfficerMessage::Hold { reason } => OfficerAct::Hold { reason },
        OfficerMessage::AskDocuments { wanted } => OfficerAct::AskDocuments { wanted },
        OfficerMessage::ControlResult { satisfactory, remark } => {
            OfficerAct::ControlResult { satisfactory, remark }
        }
        OfficerMessage::Release {} => OfficerAct::Release,
        OfficerMessage::NoRelease { reason } => OfficerAct::NoRelease { reason },
    };
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let id = read_id(&reference, &number)?;
        act_as_officer(desk, call, &id, act, &by)?;
        find(&viewer, desk, &id)
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

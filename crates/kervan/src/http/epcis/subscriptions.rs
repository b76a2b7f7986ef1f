//! Subscriptions: what is agreed with a receiver, and how far it has been served.

use super::document::{Sent, take, wanted_epcs, wanted_words};
use super::exception::Exception;
use crate::http::Problem;
use crate::http::api::Api;
use crate::http::caller::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kervan_events::EpcFormat;
use kervan_node::{Call, Desk, find_subscription_of, list_subscriptions_of, subscribe, unsubscribe};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_subscription, list_subscriptions))
        .routes(routes!(get_subscription, delete_subscription))
}

/// Subscribes to a named query: `dest` is called with every new answer, on a `schedule` or, with `stream`, as soon as it is
/// there; `initialRecordTime` begins with events captured since then. A delivery is repeated until it is answered with 2xx,
/// under the same `Kervan-Delivery`, and never after. With a `signatureToken`, `GS1-Signature` is the HMAC of the body; the
/// node's own `Signature` (RFC 9421, Ed25519) comes with every delivery, and `GET /api/node/key` has its key.
#[utoipa::path(post, path = "/epcis/queries/{name}/subscriptions", tag = "events", params(("name" = String, Path)),
    request_body(content = Object, description = "`dest`, `signatureToken`, `stream` or `schedule`, `reportIfEmpty`, `initialRecordTime`"),
    security(("party" = [])),
    responses((status = 201, body = Object), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem)))]
async fn post_subscription(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Exception> {
    let (named, format) = (name.clone(), wanted_epcs(&headers)?);
    // Deliveries are JSON, in which words of the vocabulary have one form; what is no form is refused all the same.
    wanted_words(&headers)?;
    let work = move |desk: &Desk, call: Call<'_>, terms: &Value| {
        subscribe(desk, call, &named, &with_format(terms, format))
    };
    let (id, told) = take(&api, caller, &headers, body, work).await?;
    let location = format!("/epcis/queries/{name}/subscriptions/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(told)).into_response())
}

/// The terms with the form of identifiers that the header asks for, unless they say one themselves.
fn with_format(terms: &Value, format: Option<EpcFormat>) -> Value {
    let mut terms = terms.clone();
    if let (Some(format), Some(fields)) = (format, terms.as_object_mut()) {
        fields.entry("epcFormat").or_insert_with(|| format.word().into());
    }
    terms
}

/// The caller's own subscriptions to a named query. Secrets are not told.
#[utoipa::path(get, path = "/epcis/queries/{name}/subscriptions", tag = "events", params(("name" = String, Path)),
    security(("party" = [])),
    responses((status = 200, body = Vec<Object>), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn list_subscriptions(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    Path(name): Path<String>,
) -> Result<Json<Vec<Value>>, Exception> {
    let caller = caller?;
    Ok(Json(api.run(move |desk| list_subscriptions_of(desk, &caller.party, &name)).await?))
}

/// A subscription of the caller's own, and how far it has been served.
#[utoipa::path(get, path = "/epcis/queries/{name}/subscriptions/{id}", tag = "events",
    params(("name" = String, Path), ("id" = String, Path)), security(("party" = [])),
    responses((status = 200, body = Object), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn get_subscription(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    Path((name, id)): Path<(String, String)>,
) -> Result<Json<Value>, Exception> {
    let caller = caller?;
    Ok(Json(api.run(move |desk| find_subscription_of(desk, &caller.party, &name, &id)).await?))
}

/// Ends a subscription of the caller's own.
#[utoipa::path(delete, path = "/epcis/queries/{name}/subscriptions/{id}", tag = "events",
    params(("name" = String, Path), ("id" = String, Path)), security(("party" = [])),
    responses((status = 204, description = "ended"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn delete_subscription(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode, Exception> {
    let caller = caller?;
    let work = move |desk: &Desk, call: Call<'_>| unsubscribe(desk, &call, &name, &id);
    api.act(caller.party, caller.key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Routes of messages of common transit.

use super::api::Api;
use super::caller::Caller;
use super::movements::read_id;
use super::paging::{PAGE, Page, read_cursor, read_limit};
use super::problem::Problem;
use super::rights::Viewer;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use kervan_node::{Desk, Refusal, list_messages, read_movement, take_xml, write_xml};
use kervan_store::ReceivedRow;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a message is served as.
const XML: &str = "application/xml";

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_message_check))
        .routes(routes!(post_xml))
        .routes(routes!(get_received))
        .routes(routes!(get_original))
        .routes(routes!(get_refusal))
        .routes(routes!(get_messages))
        .routes(routes!(get_xml))
}

/// Checks a message of common transit (NCTS, phase 6): XML, published schema, rules of the procedure; every fault at once.
#[utoipa::path(post, path = "/api/messages/check", tag = "messages",
    request_body(content = String, description = "the message, byte for byte", content_type = "text/xml"),
    responses((status = 200, body = wire::MessageReport), (status = 413, description = "larger than a request may be")))]
async fn post_message_check(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<wire::MessageReport>, Problem> {
    let work = move |_: &kervan_node::Desk| Ok(wire::MessageReport::from(&kervan_ncts::check(&body)));
    Ok(Json(api.run(work).await?))
}

/// Takes a message of common transit as XML about the movement that its MRN or LRN names.
///
/// A refusal is the message that the standard has for it: CC917C for what is not XML or breaks the schema, CC906C for an unknown
/// MRN, a state that does not fit or a sender that may not send it. The same message again has the same answer.
#[utoipa::path(post, path = "/api/movements/messages", tag = "messages",
    request_body(content = String, description = "the message, byte for byte", content_type = "application/xml"),
    security(("party" = [])),
    responses((status = 200, body = wire::MessageTaken), (status = 401, body = Problem),
        (status = 413, description = "larger than a request may be"), (status = 415, body = Problem),
        (status = 422, description = "the refusal, CC917C or CC906C", body = String, content_type = "application/xml")))]
async fn post_xml(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !matches!(kind, "application/xml" | "text/xml") {
        let detail = "send the message as `application/xml` or `text/xml`";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "unsupported-media-type", "Not a message", detail));
    }
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| take_xml(desk, call, &body);
    let answer = api.act(caller.party, caller.key, work).await?;
    Ok(match &answer.refusal {
        Some(refusal) => {
            (StatusCode::UNPROCESSABLE_ENTITY, [(CONTENT_TYPE, XML)], refusal.clone()).into_response()
        }
        None => Json(wire::MessageTaken::from(&answer)).into_response(),
    })
}

/// Which messages are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceivedQuery {
    /// Only those about this movement.
    #[param(example = "KRV-2026-0001/2")]
    movement: Option<String>,
    /// Only those with this outcome: `applied`, `waiting`, `duplicate`, `refused`, `received`.
    #[param(example = "refused")]
    outcome: Option<String>,
    /// Only those that came before this one: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 without it.
    #[param(example = 50, minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// The messages of common transit that came in, the latest first: refused ones too, and those about no movement.
#[utoipa::path(get, path = "/api/messages", tag = "messages", params(ReceivedQuery),
    responses((status = 200, body = Vec<wire::ReceivedMessage>), (status = 422, body = Problem)))]
async fn get_received(
    State(api): State<Api>,
    uri: Uri,
    viewer: Viewer,
    Query(query): Query<ReceivedQuery>,
) -> Result<Page<Vec<wire::ReceivedMessage>>, Problem> {
    let before: Option<i64> = read_cursor(query.after.as_deref())?;
    let limit = read_limit(query.limit, PAGE)?;
    let work = move |desk: &Desk| -> Result<_, Refusal> {
        let (movement, outcome) = (query.movement.as_deref(), query.outcome.as_deref());
        let sight = viewer.sight(desk);
        let mut rows = sight.list_received(movement, outcome, before, limit + 1)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let messages = rows.iter().map(|(_, row)| wire::ReceivedMessage::from(row)).collect();
        Ok(Page::new(messages, &uri, rows.last().filter(|_| more).map(|(number, _)| number)))
    };
    api.run(work).await
}

fn find_received(desk: &Desk, hash: &str) -> Result<ReceivedRow, Refusal> {
    let row = desk.store.find_message(hash)?;
    row.ok_or_else(|| Refusal::NotFound { what: "message", id: hash.chars().take(64).collect() })
}

/// A message as it came in, byte for byte; `hash` is the SHA-256 of its bytes, which the listings give.
#[utoipa::path(get, path = "/api/messages/{hash}", tag = "messages", params(("hash" = String, Path)),
    responses((status = 200, body = String, content_type = "application/xml"), (status = 404, body = Problem)))]
async fn get_original(State(api): State<Api>, Path(hash): Path<String>) -> Result<Response, Problem> {
    let work = move |desk: &Desk| {
        let content = find_received(desk, &hash)?.content;
        let forgotten =
            || Refusal::NotFound { what: "message any longer", id: hash.chars().take(64).collect() };
        if content.is_empty() { Err(forgotten()) } else { Ok(content) }
    };
    Ok(([(CONTENT_TYPE, XML)], api.run(work).await?).into_response())
}

/// The message that refused a message: CC917C or CC906C.
#[utoipa::path(get, path = "/api/messages/{hash}/refusal", tag = "messages", params(("hash" = String, Path)),
    responses((status = 200, body = String, content_type = "application/xml"), (status = 404, body = Problem)))]
async fn get_refusal(State(api): State<Api>, Path(hash): Path<String>) -> Result<Response, Problem> {
    let work = move |desk: &Desk| {
        let refusal = find_received(desk, &hash)?.refusal;
        refusal.ok_or_else(|| Refusal::NotFound {
            what: "refusal of message",
            id: hash.chars().take(64).collect(),
        })
    };
    Ok(([(CONTENT_TYPE, XML)], api.run(work).await?).into_response())
}

/// The messages of a transit movement, in the order of sending.
#[utoipa::path(get, path = "/api/movements/{reference}/{number}/messages", tag = "messages",
    params(("reference" = String, Path), ("number" = String, Path)),
    responses((status = 200, body = Vec<wire::MovementMessage>), (status = 404, body = Problem)))]
async fn get_messages(
    State(api): State<Api>,
    Path((reference, number)): Path<(String, String)>,
) -> Result<Json<Vec<wire::MovementMessage>>, Problem> {
    let work = move |desk: &Desk| -> Result<_, Refusal> {
        let id = read_id(&reference, &number)?;
        let row = desk.store.find_movement(&id)?;
        let row = row.ok_or_else(|| Refusal::NotFound { what: "movement", id: id.to_string() })?;
        let rows = list_messages(desk, &read_movement(&row)?.movement)?;
        Ok(rows.iter().map(wire::MovementMessage::from).collect())
    };
    Ok(Json(api.run(work).await?))
}

/// A message of common transit as XML; `file` is its number in the list and `.xml`, such as `1.xml`.
#[utoipa::path(get, path = "/api/movements/{reference}/{number}/messages/{file}", tag = "messages",
    params(("reference" = String, Path), ("number" = String, Path), ("file" = String, Path, example = "1.xml")),
    responses((status = 200, body = String, content_type = "application/xml"), (status = 404, body = Problem)))]
async fn get_xml(
    State(api): State<Api>,
    Path((reference, number, file)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let work = move |desk: &Desk| {
        let id = read_id(&reference, &number)?;
        let place = file.strip_suffix(".xml").and_then(|place| place.parse().ok());
        let place = place.ok_or_else(|| Refusal::NotFound { what: "message", id: file.clone() })?;
        write_xml(desk, &id, place)
    };
    Ok(([(CONTENT_TYPE, XML)], api.run(work).await?).into_response())
}

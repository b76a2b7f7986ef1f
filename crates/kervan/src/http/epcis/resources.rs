//! Top-level resources: what kinds, steps, places, dispositions and things there are, and the events of each.

use super::events::{answer, with};
use super::exception::Exception;
use super::page::{Asked, link_next};
use crate::http::Problem;
use crate::http::api::Api;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use kervan_node::list_epcs;
use kervan_store::WordKind;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_resources))
        .routes(routes!(get_resource))
        .routes(routes!(get_events_of_resource))
}

/// The collections: name, words listed, parameter that asks for the events of one.
const COLLECTIONS: &[(&str, Option<WordKind>, &str)] = &[
    ("eventTypes", Some(WordKind::EventType), "eventType"),
    ("bizSteps", Some(WordKind::BizStep), "EQ_bizStep"),
    ("bizLocations", Some(WordKind::BizLocation), "EQ_bizLocation"),
    ("readPoints", Some(WordKind::ReadPoint), "EQ_readPoint"),
    ("dispositions", Some(WordKind::Disposition), "EQ_disposition"),
    ("epcs", None, "MATCH_anyEPC"),
];

type Collection = (&'static str, Option<WordKind>, &'static str);

fn find(name: &str) -> Result<Collection, Exception> {
    let found = COLLECTIONS.iter().find(|(known, ..)| *known == name);
    found.copied().ok_or_else(|| Exception::none("collection", name))
}

/// What of a kind is in use here: `eventTypes`, `epcs`, `bizSteps`, `bizLocations`, `readPoints` or `dispositions`.
#[utoipa::path(get, path = "/epcis/{collection}", tag = "events",
    params(("collection" = String, Path), ("perPage" = Option<u32>, Query), ("nextPageToken" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn list_resources(
    State(api): State<Api>,
    uri: Uri,
    Path(collection): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let (_, kind, _) = find(&collection)?;
    let asked = Asked::read(pairs)?;
    let most = asked.per_page;
    let (members, next) = match kind {
        Some(kind) => {
            let after = asked.token.map(|token| decoded(&token)).unwrap_or_default();
            let words = api.run(move |desk| Ok(desk.store.list_event_words(kind, &after, most)?)).await?;
            let next = words.last().filter(|_| words.len() == most as usize).map(|last| encoded(last));
            (words, next)
        }
        None => {
            let after = asked.place()?;
            let (epcs, next) = api.run(move |desk| list_epcs(desk, after, most as usize)).await?;
            (epcs, next.map(|place| format!("{place:x}")))
        }
    };
    let document = json!({
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "Collection",
        "member": members,
    });
    let mut response = Json(document).into_response();
    if let Some(next) = next {
        link_next(response.headers_mut(), &uri, &next);
    }
    Ok(response)
}

/// A word as a token: hexadecimal, so that it needs no escapes.
fn encoded(word: &str) -> String {
    data_encoding::HEXLOWER.encode(word.as_bytes())
}

fn decoded(token: &str) -> String {
    let bytes = data_encoding::HEXLOWER.decode(token.as_bytes()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// What can be asked of a resource: its events.
#[utoipa::path(get, path = "/epcis/{collection}/{name}", tag = "events",
    params(("collection" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn get_resource(Path((collection, _name)): Path<(String, String)>) -> Result<Json<Value>, Exception> {
    find(&collection)?;
    Ok(Json(json!({
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "Collection",
        "member": ["events"],
    })))
}

/// Events of a resource, with any further parameters of a query.
#[utoipa::path(get, path = "/epcis/{collection}/{name}/events", tag = "events",
    params(("collection" = String, Path), ("name" = String, Path), ("perPage" = Option<u32>, Query),
        ("nextPageToken" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn get_events_of_resource(
    State(api): State<Api>,
    uri: Uri,
    Path((collection, name)): Path<(String, String)>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let (_, _, parameter) = find(&collection)?;
    let asked = with(Asked::read(pairs)?, parameter, &name);
    answer(&api, &uri, &headers, asked, "SimpleEventQuery").await
}

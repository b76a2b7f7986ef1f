//! Top-level resources: what kinds, steps, places, dispositions and things there are, and the events of each.

use super::document::{not_told, prefixes_for, wanted_epcs};
use super::events::{answer, with};
use super::exception::Exception;
use super::page::{Asked, link_next};
use crate::http::Problem;
use crate::http::api::Api;
use crate::http::rights::Viewer;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use kervan_events::query::{Given, read_query};
use kervan_events::{EpcFormat, Vocabulary, translate_identifier};
use kervan_node::{Desk, Refusal, Sight, list_epcs, query_events};
use kervan_rights::Action;
use kervan_store::WordKind;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_top_level))
        .routes(routes!(delete_page_token))
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

/// What there is: the resources of the standard's top level.
#[utoipa::path(get, path = "/epcis", tag = "events", responses((status = 200, body = Object)))]
pub(super) async fn list_top_level() -> Json<Value> {
    let collections = COLLECTIONS.iter().map(|(name, ..)| *name);
    Json(collection_of(&["events", "capture", "queries"].into_iter().chain(collections).collect::<Vec<_>>()))
}

/// Sets free what a page token holds, which is nothing: a token says where its page begins and never ends.
#[utoipa::path(delete, path = "/epcis/nextPageToken/{token}", tag = "events", params(("token" = String, Path)),
    responses((status = 204, description = "the token is forgotten")))]
async fn delete_page_token(Path(_token): Path<String>) -> StatusCode {
    StatusCode::NO_CONTENT
}

fn collection_of<M: serde::Serialize>(members: &[M]) -> Value {
    json!({
        "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        "type": "Collection",
        "member": members,
    })
}

/// Words of the standard that a collection has whether they are in use or not, in order.
fn standard_words(kind: WordKind) -> &'static [&'static str] {
    const EVENT_TYPES: &[&str] =
        &["AggregationEvent", "AssociationEvent", "ObjectEvent", "TransactionEvent", "TransformationEvent"];
    match kind {
        WordKind::EventType => EVENT_TYPES,
        WordKind::BizStep => Vocabulary::BizStep.words(),
        WordKind::Disposition => Vocabulary::Disposition.words(),
        WordKind::ReadPoint | WordKind::BizLocation | WordKind::CompanyPrefix => &[],
    }
}

/// Words that are read at once for who may not see all events, and how often for one page: each word costs a question. What
/// comes later in use than so many words that the viewer may not know of is not told.
const WORDS_AT_ONCE: u32 = 200;
const MOST_READINGS: usize = 10;

/// The members of a collection of words beyond one of them, in order: the standard's, and those that are used by events that
/// the viewer sees. With them the last, if there are more: a word that the viewer may not know of begins no page.
fn list_words(
    sight: Sight<'_>,
    (kind, parameter): (WordKind, &str),
    after: &str,
    most: u32,
) -> Result<(Vec<String>, Option<String>), Refusal> {
    let mut words = match sight.permits_always(Action::SeeAllWords) {
        true => sight.desk.store.list_event_words(kind, after, most.saturating_add(1))?,
        false => list_used(sight, (kind, parameter), after, most as usize + 1)?,
    };
    let standard = standard_words(kind).iter().filter(|word| **word > after);
    words.extend(standard.map(|word| (*word).to_owned()));
    words.sort_unstable();
    words.dedup();
    let cut = words.len() > most as usize;
    words.truncate(most as usize);
    let next = words.last().filter(|_| cut).cloned();
    Ok((words, next))
}

/// The first words beyond one of them, at most so many, that are used by events that the viewer sees.
fn list_used(
    sight: Sight<'_>,
    (kind, parameter): (WordKind, &str),
    after: &str,
    most: usize,
) -> Result<Vec<String>, Refusal> {
    let (mut used, mut after) = (Vec::new(), after.to_owned());
    for _ in 0..MOST_READINGS {
        let words = sight.desk.store.list_event_words(kind, &after, WORDS_AT_ONCE)?;
        let Some(last) = words.last() else { break };
        after.clone_from(last);
        for word in words {
            if used.len() < most && is_used(sight, parameter, &word)? {
                used.push(word);
            }
        }
        if used.len() >= most {
            break;
        }
    }
    Ok(used)
}

/// Whether an event that the viewer sees uses a word. One that is looked for among too many counts as not used.
fn is_used(sight: Sight<'_>, parameter: &str, word: &str) -> Result<bool, Refusal> {
    let given = Given { name: parameter.to_owned(), values: vec![word.to_owned()] };
    let Ok(query) = read_query(&[given]) else { return Ok(false) };
    Ok(!query_events(sight, &query, None, 1)?.events.is_empty())
}

/// What of a kind there is here: `eventTypes`, `epcs`, `bizSteps`, `bizLocations`, `readPoints` or `dispositions`.
#[utoipa::path(get, path = "/epcis/{collection}", tag = "events",
    params(("collection" = String, Path), ("perPage" = Option<u32>, Query), ("nextPageToken" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn list_resources(
    State(api): State<Api>,
    viewer: Viewer,
    uri: Uri,
    Path(collection): Path<String>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let (_, kind, parameter) = find(&collection)?;
    let epcs = wanted_epcs(&headers)?.unwrap_or_default();
    let asked = Asked::read(pairs)?;
    let most = asked.per_page;
    let (members, next) = match kind {
        Some(kind) => {
            let after = asked.token.map(|token| decoded(&token)).unwrap_or_default();
            let read = move |desk: &Desk| list_words(viewer.sight(desk), (kind, parameter), &after, most);
            let (words, next) = api.run(read).await?;
            (words, next.map(|last| encoded(&last)))
        }
        None => {
            let after = asked.place()?;
            let (epcs, next) =
                api.run(move |desk| list_epcs(viewer.sight(desk), after, most as usize)).await?;
            (epcs, next.map(|place| format!("{place:x}")))
        }
    };
    let members = told_as(&api, epcs, members).await?;
    let mut response = Json(collection_of(&members)).into_response();
    if let Some(next) = next {
        link_next(response.headers_mut(), &uri, &next);
    }
    Ok(response)
}

/// Members in the form that is wanted, each once: two that were captured are one where both are the same key. Words of the
/// vocabulary are no keys and stay.
async fn told_as(api: &Api, epcs: EpcFormat, members: Vec<String>) -> Result<Vec<String>, Exception> {
    let prefixes = prefixes_for(api, epcs).await?;
    let (mut told, mut failed) = (Vec::with_capacity(members.len()), BTreeSet::new());
    for member in members {
        match translate_identifier(&member, epcs, &prefixes) {
            Ok(translated) => told.push(translated.unwrap_or(member)),
            Err(why) => {
                failed.insert(why);
            }
        }
    }
    let mut seen = BTreeSet::new();
    told.retain(|member| seen.insert(member.clone()));
    if failed.is_empty() { Ok(told) } else { Err(not_told(&failed)) }
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
async fn get_resource(
    State(api): State<Api>,
    viewer: Viewer,
    Path((collection_name, name)): Path<(String, String)>,
) -> Result<Json<Value>, Exception> {
    let (_, kind, parameter) = find(&collection_name)?;
    let standard = kind.is_some_and(|kind| standard_words(kind).contains(&name.as_str()));
    if !standard {
        let asked = with(Asked::read(Vec::new())?, parameter, &name);
        let query = read_query(&asked.given)?;
        let page = api.run(move |desk| query_events(viewer.sight(desk), &query, None, 1)).await?;
        if page.events.is_empty() && page.next.is_none() {
            return Err(Exception::none("resource", &name));
        }
    }
    Ok(Json(collection_of(&["events"])))
}

/// Events of a resource, with any further parameters of a query.
#[utoipa::path(get, path = "/epcis/{collection}/{name}/events", tag = "events",
    params(("collection" = String, Path), ("name" = String, Path), ("perPage" = Option<u32>, Query),
        ("nextPageToken" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn get_events_of_resource(
    State(api): State<Api>,
    viewer: Viewer,
    uri: Uri,
    Path((collection, name)): Path<(String, String)>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let (_, _, parameter) = find(&collection)?;
    let asked = with(Asked::read(pairs)?, parameter, &name);
    answer((&api, viewer), &uri, &headers, asked, "SimpleEventQuery").await
}

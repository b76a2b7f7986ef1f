//! Events: asked for, looked at one by one, captured one by one.

use super::document::{Form, Sent, take};
use super::exception::Exception;
use super::page::{Asked, link_next};
use crate::http::Problem;
use crate::http::api::Api;
use crate::http::caller::Caller;
use crate::http::rights::Viewer;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use kervan_events::Event;
use kervan_events::query::{Given, read_query};
use kervan_node::{Cursor, Desk, EventReader, capture_single, find_events_by_id, query_events};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_events, post_event)).routes(routes!(get_event))
}

/// Events that answer a query: every parameter of EPCIS 2.0, section 8.2.7.1, with values of a list between upright bars, and
/// `consignment` for those of a consignment. Without `orderBy` they come in the order of capture.
#[utoipa::path(get, path = "/epcis/events", tag = "events",
    params(("perPage" = Option<u32>, Query), ("nextPageToken" = Option<String>, Query),
        ("consignment" = Option<String>, Query), ("eventType" = Option<String>, Query),
        ("GE_eventTime" = Option<String>, Query), ("LT_eventTime" = Option<String>, Query),
        ("EQ_bizStep" = Option<String>, Query), ("EQ_readPoint" = Option<String>, Query),
        ("MATCH_anyEPC" = Option<String>, Query), ("orderBy" = Option<String>, Query),
        ("orderDirection" = Option<String>, Query)),
    responses((status = 200, content((Object = "application/ld+json"), (Object = "application/json"), (String = "application/xml"))),
        (status = 400, body = Problem), (status = 404, body = Problem), (status = 406, body = Problem),
        (status = 413, body = Problem), (status = 414, body = Problem)))]
pub(super) async fn get_events(
    State(api): State<Api>,
    viewer: Viewer,
    uri: Uri,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let mut asked = Asked::read(pairs)?;
    if let Some(at) = asked.given.iter().position(|given| given.name == "consignment") {
        let reference = asked.given.remove(at).values.concat();
        return events_of_consignment(&api, viewer, &headers, &reference).await;
    }
    answer((&api, viewer), &uri, &headers, asked, "SimpleEventQuery").await
}

/// Answers a query with a page of events.
pub(super) async fn answer(
    (api, viewer): (&Api, Viewer),
    uri: &Uri,
    headers: &HeaderMap,
    asked: Asked,
    name: &str,
) -> Result<Response, Exception> {
    let form = Form::wanted(headers)?;
    let query = read_query(&asked.given)?;
    let cursor = asked.token.as_deref().map(str::parse::<Cursor>).transpose()?;
    let most = asked.per_page as usize;
    let page = api.run(move |desk| query_events(viewer.sight(desk), &query, cursor, most)).await?;
    let events: Vec<Event> = page.events.into_iter().map(|(_, event)| event).collect();
    let mut response = form.tell(api, name, events).await?;
    if let Some(next) = page.next {
        link_next(response.headers_mut(), uri, &next.to_string());
    }
    Ok(response)
}

async fn events_of_consignment(
    api: &Api,
    viewer: Viewer,
    headers: &HeaderMap,
    reference: &str,
) -> Result<Response, Exception> {
    let form = Form::wanted(headers)?;
    let reference = crate::http::consignments::read_reference(reference).map_err(Problem::from)?;
    let read = move |desk: &Desk| {
        let mut reader = EventReader::default();
        if !viewer.sight(desk).sees_consignment(&reference)? {
            return Ok(Vec::new());
        }
        desk.store.list_events(&reference)?.iter().map(|row| reader.read(row)).collect::<Result<Vec<_>, _>>()
    };
    let events = api.run(read).await?;
    form.tell(api, "SimpleEventQuery", events).await
}

/// An event by its id, or by its hash id, with every declaration that it was an error.
#[utoipa::path(get, path = "/epcis/events/{id}", tag = "events", params(("id" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
pub(super) async fn get_event(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Exception> {
    let form = Form::wanted(&headers)?;
    let asked = id.clone();
    let events = api.run(move |desk| find_events_by_id(viewer.sight(desk), &asked)).await?;
    if events.is_empty() {
        return Err(Exception::none("event", &id));
    }
    form.tell(&api, "SimpleEventQuery", events).await
}

/// Captures a single event; when it is answered, it is on the disk.
#[utoipa::path(post, path = "/epcis/events", tag = "events",
    request_body(content = Object, description = "an EPCIS 2.0 event with its `@context`"), security(("party" = [])),
    responses((status = 201, description = "captured; `Location` names it"), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(super) async fn post_event(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Exception> {
    let (id, new) = take(&api, caller, &headers, body, capture_single).await?;
    if !new {
        return Err(Exception::exists(&format!("the event {id} is here already")));
    }
    let location = format!("/epcis/events/{}", escaped(&id));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)]).into_response())
}

/// A text as one segment of a path.
pub(super) fn escaped(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                path.push(char::from(byte))
            }
            _ => path.push_str(&format!("%{byte:02X}")),
        }
    }
    path
}

/// A query of one parameter more.
pub(super) fn with(mut asked: Asked, name: &str, value: &str) -> Asked {
    asked.given.push(Given { name: name.to_owned(), values: vec![value.to_owned()] });
    asked
}

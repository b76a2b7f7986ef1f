//! Named queries: questions that are asked again, and subscribed to.

use super::document::{Sent, take};
use super::events::answer;
use super::exception::Exception;
use super::page::{Asked, link_next};
use super::sockets::{self, TRIGGERS};
use crate::http::Problem;
use crate::http::api::Api;
use crate::http::caller::Caller;
use crate::http::rights::Viewer;
use axum::Json;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use kervan_node::{Call, Desk, create_named_query, load_named_query, remove_named_query};
use kervan_rights::Action;
use kervan_store::NamedQueryRow;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_query, list_queries))
        .routes(routes!(get_query, delete_query))
        .routes(routes!(get_events_of_query))
}

/// Gives a query a name.
#[utoipa::path(post, path = "/epcis/queries", tag = "events",
    request_body(content = Object, description = "`name` and `query`, an object of parameters"), security(("party" = [])),
    responses((status = 201, description = "made; `Location` names it"), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 409, body = Problem)))]
async fn post_query(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Exception> {
    let work = |desk: &Desk, call: Call<'_>, definition: &Value| create_named_query(desk, &call, definition);
    let name = take(&api, caller, &headers, body, work).await?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/epcis/queries/{name}"))]).into_response())
}

fn written(row: &NamedQueryRow) -> Value {
    let query: Value = serde_json::from_str(&row.definition).unwrap_or_default();
    json!({ "name": row.name, "query": query })
}

/// Named queries, in the order of their names.
#[utoipa::path(get, path = "/epcis/queries", tag = "events",
    params(("perPage" = Option<u32>, Query), ("nextPageToken" = Option<String>, Query)),
    responses((status = 200, body = Vec<Object>)))]
async fn list_queries(
    State(api): State<Api>,
    viewer: Viewer,
    uri: Uri,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let asked = Asked::read(pairs)?;
    let (after, most) = (asked.token.unwrap_or_default(), asked.per_page);
    let read = move |desk: &Desk| {
        let (sight, mut after, mut rows) = (viewer.sight(desk), after, Vec::new());
        loop {
            let page = desk.store.list_named_queries(&after, most)?;
            let whole = page.len() < most as usize;
            after = page.last().map_or(after, |row| row.name.clone());
            rows.extend(
                page.into_iter().filter(|row| sight.permits(Action::GetQuery, sight.as_owner(&row.party))),
            );
            if whole || rows.len() >= most as usize {
                rows.truncate(most as usize);
                return Ok(rows);
            }
        }
    };
    let rows = api.run(read).await?;
    let mut response = Json(rows.iter().map(written).collect::<Vec<_>>()).into_response();
    if let Some(last) = rows.last().filter(|_| rows.len() == most as usize) {
        link_next(response.headers_mut(), &uri, &last.name);
    }
    Ok(response)
}

/// A named query.
#[utoipa::path(get, path = "/epcis/queries/{name}", tag = "events", params(("name" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
async fn get_query(State(api): State<Api>, Path(name): Path<String>) -> Result<Json<Value>, Exception> {
    let row = api.run(move |desk| load_named_query(desk, &name)).await?;
    Ok(Json(written(&row)))
}

/// Removes a named query of the caller's own and every subscription to it.
#[utoipa::path(delete, path = "/epcis/queries/{name}", tag = "events", params(("name" = String, Path)),
    security(("party" = [])),
    responses((status = 204, description = "removed"), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn delete_query(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    Path(name): Path<String>,
) -> Result<StatusCode, Exception> {
    let caller = caller?;
    let work = move |desk: &Desk, call: Call<'_>| remove_named_query(desk, &call, &name);
    api.act(caller.party, caller.key, work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Events that answer a named query; or, with `Upgrade: websocket`, a subscription to them that lasts as long as its socket.
///
/// A socket takes `stream=true` or the fields of a schedule, `reportIfEmpty` and `initialRecordTime`; docs/epcis.md says
/// what acknowledges a delivery, and how a lost socket is opened again.
#[utoipa::path(get, path = "/epcis/queries/{name}/events", tag = "events",
    params(("name" = String, Path), ("perPage" = Option<u32>, Query), ("nextPageToken" = Option<String>, Query),
        ("stream" = Option<bool>, Query), ("second" = Option<String>, Query), ("minute" = Option<String>, Query),
        ("hour" = Option<String>, Query), ("dayOfMonth" = Option<String>, Query), ("month" = Option<String>, Query),
        ("dayOfWeek" = Option<String>, Query), ("reportIfEmpty" = Option<bool>, Query),
        ("initialRecordTime" = Option<String>, Query)),
    responses((status = 101, description = "the socket is open"), (status = 200, body = Object),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 413, body = Problem)))]
async fn get_events_of_query(
    State(api): State<Api>,
    viewer: Viewer,
    (uri, headers): (Uri, HeaderMap),
    Path(name): Path<String>,
    caller: Result<Caller, Problem>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    if headers.contains_key(header::UPGRADE) {
        return match upgrade {
            Ok(upgrade) => sockets::open(api, upgrade, caller, &headers, name, pairs).await,
            Err(rejection) => Err(sockets::refused(&rejection.body_text())),
        };
    }
    if let Some((trigger, _)) = pairs.iter().find(|(name, _)| TRIGGERS.contains(&name.as_str())) {
        return Err(sockets::refused(&format!(
            "`{trigger}` subscribes on a socket: send `Upgrade: websocket`"
        )));
    }
    let mut asked = Asked::read(pairs)?;
    let named = name.clone();
    let row = api.run(move |desk| load_named_query(desk, &named)).await?;
    let definition: Value = serde_json::from_str(&row.definition).unwrap_or_default();
    asked.given.extend(kervan_node::parameters_of(&definition)?);
    answer((&api, viewer), &uri, &headers, asked, &name).await
}

//! Captures and their jobs.

use super::document::{Sent, take};
use super::exception::Exception;
use super::page::{Asked, link_next};
use crate::http::Problem;
use crate::http::api::Api;
use crate::http::caller::Caller;
use crate::http::rights::Viewer;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use kervan_model::Finding;
use kervan_node::{Accepted, Call, CaptureJob, Desk, ErrorBehaviour, finish_job, read_job, start_capture};
use kervan_rights::Action;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(post_capture, list_capture_jobs)).routes(routes!(get_capture_job))
}

/// What a capture was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Captured {
    /// The job; `/epcis/capture/ID` says what became of it.
    #[serde(rename = "captureID")]
    pub capture_id: String,
    /// Hash ids of the events that were taken, in the order of the document.
    pub events: Vec<String>,
}

/// Captures an EPCIS document (JSON-LD or XML). A capture of up to a thousand events is on the disk when it is answered; a
/// larger one goes on, and its job says what became of it.
#[utoipa::path(post, path = "/epcis/capture", tag = "events",
    request_body(content = Object, description = "an EPCIS 2.0 document (JSON-LD), or EPCIS 1.x or 2.0 in XML"),
    params(("GS1-Capture-Error-Behaviour" = Option<String>, Header,
        description = "`rollback` (all events or none) or `proceed` (the valid ones)")),
    security(("party" = [])),
    responses((status = 202, body = Captured), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem)))]
pub(super) async fn post_capture(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Response, Exception> {
    let behaviour = behaviour(&headers)?;
    let work =
        move |desk: &Desk, call: Call<'_>, document: &Value| start_capture(desk, call, document, behaviour);
    let Accepted { job, hashes } = take(&api, caller, &headers, body, work).await?;
    let id = job.id.clone();
    if job.running {
        tokio::spawn(go_on(api, id.clone()));
    }
    let location = format!("/epcis/capture/{id}");
    let body = Json(Captured { capture_id: id, events: hashes });
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], body).into_response())
}

fn behaviour(headers: &HeaderMap) -> Result<ErrorBehaviour, Exception> {
    match headers.get("gs1-capture-error-behaviour").map(|value| value.to_str()) {
        None | Some(Ok("rollback")) => Ok(ErrorBehaviour::Rollback),
        Some(Ok("proceed")) => Ok(ErrorBehaviour::Proceed),
        Some(_) => {
            let message = "GS1-Capture-Error-Behaviour is `rollback` or `proceed`";
            Err(Finding::error("request.header", message).into())
        }
    }
}

/// Does a large capture after its job was answered.
async fn go_on(api: Api, id: String) {
    let (now, random) = (api.clock.now(), api.random);
    let named = id.clone();
    let done = api.run(move |desk| {
        let mut salts = random.salts(&format!("capture {named}"));
        match desk.store.find_capture_job(&named)? {
            Some(row) => finish_job(desk, &row, now, &mut *salts).map(|_| ()),
            None => Ok(()),
        }
    });
    if done.await.is_err() {
        tracing::error!(job = id, "a capture could not be finished; it is tried again at the next start");
    }
}

/// Capture jobs, the latest first.
#[utoipa::path(get, path = "/epcis/capture", tag = "events",
    params(("perPage" = Option<u32>, Query), ("nextPageToken" = Option<String>, Query)),
    responses((status = 200, body = Vec<Object>), (status = 400, body = Problem)))]
pub(super) async fn list_capture_jobs(
    State(api): State<Api>,
    viewer: Viewer,
    uri: Uri,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Exception> {
    let asked = Asked::read(pairs)?;
    let (before, most) = (asked.place()?, asked.per_page);
    let read = move |desk: &Desk| {
        let (sight, mut before, mut rows) = (viewer.sight(desk), before, Vec::new());
        loop {
            let page = desk.store.list_capture_jobs(before, most)?;
            let whole = page.len() < most as usize;
            before = page.last().map_or(before, |row| row.seq);
            rows.extend(
                page.into_iter()
                    .filter(|row| sight.permits(Action::GetCaptureJob, sight.as_owner(&row.party))),
            );
            if whole || rows.len() >= most as usize {
                rows.truncate(most as usize);
                return Ok(rows);
            }
        }
    };
    let rows = api.run(read).await?;
    let jobs: Result<Vec<CaptureJob>, _> = rows.iter().map(read_job).collect();
    let jobs: Vec<Value> = jobs.map_err(Problem::from)?.iter().map(written).collect();
    let mut response = Json(jobs).into_response();
    if let Some(last) = rows.last().filter(|_| rows.len() == most as usize) {
        link_next(response.headers_mut(), &uri, &format!("{:x}", last.seq));
    }
    Ok(response)
}

/// What became of a capture.
#[utoipa::path(get, path = "/epcis/capture/{id}", tag = "events", params(("id" = String, Path)),
    responses((status = 200, body = Object), (status = 404, body = Problem)))]
pub(super) async fn get_capture_job(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Exception> {
    let asked = id.clone();
    let row = api.run(move |desk| Ok(desk.store.find_capture_job(&asked)?)).await?;
    let row = row.ok_or_else(|| Exception::none("capture job", &id))?;
    Ok(Json(written(&read_job(&row).map_err(Problem::from)?)))
}

/// A job as the standard writes it: each error is a problem.
fn written(job: &CaptureJob) -> Value {
    let mut json = json!(job);
    let errors: Vec<Value> = job
        .errors
        .iter()
        .map(|finding| {
            json!({
                "type": "epcisException:ValidationException",
                "title": finding.code,
                "status": 400,
                "detail": finding.message,
                "instance": finding.path,
                "remedy": finding.remedy,
            })
        })
        .collect();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("errors".into(), errors.into());
    }
    json
}

//! Routes of tracking: timelines, arrivals, figures, scores, alarms, closures, the state of the corridor.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::consignments::read_reference;
use super::paging::{MOST_ON_PAGE, Page, read_cursor, read_limit};
use super::problem::Problem;
use super::rights::Viewer;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use kervan_model::Finding;
use kervan_node::{
    AlarmReport, Desk, Refusal, SignedClosure, acknowledge_alarms, assess_state, check_acknowledgement,
    close, find_subject, list_alarms, list_alarms_of, list_closures, list_timeline, reopen, report_arrival,
    report_figures, report_scores, told_from,
};
use kervan_tracking::Subject;
use kervan_tracking::alarm::Alarm;
use kervan_tracking::corridor::{Window, columns, to_csv, to_parquet};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Lines of a timeline.
const MOST_LINES: u32 = 1_000;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_timeline))
        .routes(routes!(get_tracked))
        .routes(routes!(get_arrival))
        .routes(routes!(get_figures))
        .routes(routes!(get_scores))
        .routes(routes!(get_alarms))
        .routes(routes!(get_alarms_of))
        .routes(routes!(post_acknowledgement))
        .routes(routes!(get_closures, post_closure))
        .routes(routes!(post_reopening))
        .routes(routes!(get_corridor_state))
}

/// Seen from when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AtQuery {
    /// The instant whose contents and holders are told; now without it.
    at: Option<String>,
}

fn instant(text: Option<&str>, path: &str, otherwise: Timestamp) -> Result<Timestamp, Refusal> {
    text.map_or(Ok(otherwise), |text| {
        text.parse().map_err(|error| {
            let finding = Finding::error(
                "request.instant",
                format!("`{text}` is no instant: {}", kervan_model::in_plain_words(&error)),
            );
            Refusal::invalid(finding.at(path.to_owned()).remedy("write it as 2026-12-09T10:00:00Z"))
        })
    })
}

/// Everything that was seen of a thing, and what was in what over time. `kind`: consignment, container, wagon, vessel, seal,
/// place.
#[utoipa::path(get, path = "/api/timeline/{kind}/{id}", tag = "tracking",
    params(("kind" = String, Path), ("id" = String, Path), AtQuery),
    responses((status = 200, body = wire::Timeline), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_timeline(
    State(api): State<Api>,
    viewer: Viewer,
    Path((kind, id)): Path<(String, String)>,
    Query(query): Query<AtQuery>,
) -> Result<Json<wire::Timeline>, Problem> {
    let now = api.clock.now();
    api.run(move |desk| {
        let at = instant(query.at.as_deref(), "at", now)?;
        let subject = Subject::of_kind(&kind, &id).ok_or(Refusal::NotFound { what: "thing", id })?;
        Ok(Json(wire::Timeline::new(&list_timeline(viewer.sight(desk), &subject, MOST_LINES)?, at)))
    })
    .await
}

/// The timeline of whatever an identifier names, recognized by its shape.
#[utoipa::path(get, path = "/api/track/{id}", tag = "tracking", params(("id" = String, Path), AtQuery),
    responses((status = 200, body = wire::Timeline), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_tracked(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(query): Query<AtQuery>,
) -> Result<Json<wire::Timeline>, Problem> {
    let now = api.clock.now();
    api.run(move |desk| {
        let at = instant(query.at.as_deref(), "at", now)?;
        let subject = find_subject(viewer.sight(desk), &id)?;
        Ok(Json(wire::Timeline::new(&list_timeline(viewer.sight(desk), &subject, MOST_LINES)?, at)))
    })
    .await
}

/// When a consignment arrives: the estimate, every one before it, why, what it rests on and how good such estimates were.
#[utoipa::path(get, path = "/api/consignments/{id}/eta", tag = "tracking", params(("id" = String, Path)),
    responses((status = 200, body = wire::Arrival), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_arrival(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<wire::Arrival>, Problem> {
    let now = api.clock.now();
    api.run(move |desk| {
        let report = report_arrival(desk, &read_reference(&id)?, now)?;
        Ok(Json(wire::Arrival::new(&report, &desk.network)))
    })
    .await
}

/// What was measured of every leg and dwell, beside what is published.
#[utoipa::path(get, path = "/api/figures", tag = "tracking", responses((status = 200, body = wire::LearnedFigures)))]
async fn get_figures(State(api): State<Api>, viewer: Viewer) -> Result<Json<wire::LearnedFigures>, Problem> {
    let now = api.clock.now();
    api.run(move |desk| {
        let (mut pages, drifts) = report_figures(desk, now);
        let told = told_from(&viewer.sight(desk));
        pages.retain(|page| u64::from(page.figure.measured()) >= told);
        let figures = pages.iter().map(|page| wire::FigureUse::of_learned(page, &desk.network)).collect();
        Ok(Json(wire::LearnedFigures { figures, drifts: drifts.iter().map(wire::Finding::from).collect() }))
    })
    .await
}

/// Which scores.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ScoreQuery {
    /// Only journeys of this route, as `from>to`.
    route: Option<String>,
}

/// How good estimates were, by how far ahead they said the arrival was.
#[utoipa::path(get, path = "/api/scores", tag = "tracking", params(ScoreQuery),
    responses((status = 200, body = Vec<wire::Score>)))]
async fn get_scores(
    State(api): State<Api>,
    viewer: Viewer,
    Query(query): Query<ScoreQuery>,
) -> Result<Json<Vec<wire::Score>>, Problem> {
    api.run(move |desk| {
        let mut rows = report_scores(desk, query.route.as_deref());
        let told = told_from(&viewer.sight(desk));
        rows.retain(|(_, score)| score.journeys as u64 >= told);
        Ok(Json(rows.iter().map(|(horizon, score)| wire::Score::new(horizon, score)).collect()))
    })
    .await
}

/// Alarms that somebody should look at, many of one cause as one.
#[utoipa::path(get, path = "/api/alarms", tag = "tracking", params(AlarmQuery),
    responses((status = 200, body = wire::AlarmList), (status = 422, body = Problem)))]
async fn get_alarms(
    State(api): State<Api>,
    uri: Uri,
    viewer: Viewer,
    Query(query): Query<AlarmQuery>,
) -> Result<Page<wire::AlarmList>, Problem> {
    let after: Option<AlarmCursor> = read_cursor(query.after.as_deref())?;
    let limit = read_limit(query.limit, MOST_ON_PAGE)? as usize;
    api.run(move |desk| {
        let at = after.as_ref().map(|after| (after.0, after.1.as_str()));
        let AlarmReport { mut digests, mut alarms, total } = list_alarms(viewer.sight(desk), at, limit + 1)?;
        let more = alarms.len() > limit;
        alarms.truncate(limit);
        digests.truncate(limit);
        let list = wire::AlarmList {
            digests: digests
                .into_iter()
                .map(|digest| wire::AlarmDigest::new(digest, &desk.network))
                .collect(),
            alarms: alarms.iter().map(wire::Alarm::from).collect(),
        };
        let last = alarms.last().filter(|_| more).map(AlarmCursor::of);
        Ok(Page::new(list, &uri, last.as_ref()).of(total))
    })
    .await
}

/// Which of the open alarms.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AlarmQuery {
    /// Only those after this one: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 1,000 without it. Digests always speak of all; the gravest 1,000 are told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Where an alarm stands in the list: by when it was raised. New ones come at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct AlarmCursor(i64, String);

impl AlarmCursor {
    fn of(alarm: &Alarm) -> Self {
        Self(alarm.raised.as_second(), alarm.id.clone())
    }
}

impl std::fmt::Display for AlarmCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.0, self.1)
    }
}

impl std::str::FromStr for AlarmCursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (second, id) = text.split_once('_').ok_or(())?;
        Ok(Self(second.parse().map_err(|_| ())?, id.to_owned()))
    }
}

/// Every alarm of a consignment, also those that are over.
#[utoipa::path(get, path = "/api/consignments/{id}/alarms", tag = "tracking", params(("id" = String, Path)),
    responses((status = 200, body = Vec<wire::Alarm>), (status = 404, body = Problem)))]
async fn get_alarms_of(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<Vec<wire::Alarm>>, Problem> {
    api.run(move |desk| {
        let alarms = list_alarms_of(desk, &read_reference(&id)?)?;
        Ok(Json(alarms.iter().map(wire::Alarm::from).collect()))
    })
    .await
}

/// Takes alarms on, all or none.
#[utoipa::path(post, path = "/api/alarms/acknowledgements", tag = "tracking", request_body = wire::AcknowledgeAlarms,
    security(("party" = [])),
    responses((status = 200, body = Vec<wire::Alarm>), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn post_acknowledgement(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Vec<wire::Alarm>>, Problem> {
    let request: wire::AcknowledgeAlarms = read_json(&body)?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        check_acknowledgement(&viewer.sight(desk), &request.alarms)?;
        let taken = acknowledge_alarms(desk, call, &request.alarms, &request.note)?;
        Ok(taken.iter().map(wire::Alarm::from).collect())
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// Which closures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ClosureQuery {
    /// Also those that were lifted.
    all: Option<bool>,
    /// Only those after this one: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 1,000 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What is closed, the latest first.
#[utoipa::path(get, path = "/api/closures", tag = "tracking", params(ClosureQuery),
    responses((status = 200, body = Vec<wire::ClosureView>), (status = 422, body = Problem)))]
async fn get_closures(
    State(api): State<Api>,
    uri: Uri,
    Query(query): Query<ClosureQuery>,
) -> Result<Page<Vec<wire::ClosureView>>, Problem> {
    let limit = read_limit(query.limit, MOST_ON_PAGE)? as usize;
    api.run(move |desk| {
        let mut closures = list_closures(desk, false)?;
        let open: BTreeSet<String> =
            list_closures(desk, true)?.into_iter().map(|one| one.closure.id).collect();
        let shown = |one: &SignedClosure| query.all.unwrap_or(false) || open.contains(&one.closure.id);
        let total = closures.iter().filter(|one| shown(one)).count();
        // The cursor's own may have been lifted since, so it is looked for among all.
        if let Some(after) = &query.after {
            let begin = closures.iter().position(|one| one.closure.id == *after).map(|at| at + 1);
            closures.drain(..begin.unwrap_or(closures.len()));
        }
        closures.retain(shown);
        let more = closures.len() > limit;
        closures.truncate(limit);
        let last = closures.last().filter(|_| more).map(|one| one.closure.id.clone());
        let views: Vec<_> = closures.iter().map(wire::ClosureView::from).collect();
        Ok(Page::new(views, &uri, last.as_ref()).of(total))
    })
    .await
}

/// An operator says that a place, link or service is closed for a time; every estimate whose way it crosses is given anew.
#[utoipa::path(post, path = "/api/closures", tag = "tracking", request_body = wire::EnterClosure,
    security(("party" = [])),
    responses((status = 200, body = wire::ClosureView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn post_closure(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<wire::ClosureView>, Problem> {
    let request: wire::EnterClosure = read_json(&body)?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let wanted = request.read(call.now).map_err(Refusal::Invalid)?;
        Ok(wire::ClosureView::from(&close(desk, call, wanted)?))
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// An operator says that something is open again.
#[utoipa::path(post, path = "/api/closures/{id}/reopening", tag = "tracking", params(("id" = String, Path)),
    security(("party" = [])),
    responses((status = 200, body = wire::ClosureView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn post_reopening(
    State(api): State<Api>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<wire::ClosureView>, Problem> {
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        Ok(wire::ClosureView::from(&reopen(desk, call, &id)?))
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// Over which window, and in which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StateQuery {
    /// From this instant; 30 days before its end without it.
    from: Option<String>,
    /// To before this one; now without it.
    to: Option<String>,
    /// `json`, `csv` or `parquet`.
    format: Option<String>,
}

/// Dwell, queue, throughput, transit time and reliability per place, ride, link and route, from every event.
#[utoipa::path(get, path = "/api/corridor/state", tag = "tracking", params(StateQuery),
    responses((status = 200, description = "rows as JSON, CSV or Parquet",
        content((Vec<wire::CorridorRow> = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = 422, body = Problem)))]
async fn get_corridor_state(
    State(api): State<Api>,
    viewer: Viewer,
    Query(query): Query<StateQuery>,
) -> Result<Response, Problem> {
    let now = api.clock.now();
    api.run(move |desk| {
        let to = instant(query.to.as_deref(), "to", now)?;
        let month = jiff::SignedDuration::from_hours(30 * 24);
        let from = instant(query.from.as_deref(), "from", to.checked_sub(month).unwrap_or(to))?;
        let mut rows = assess_state(desk, Window { from, to })?;
        let told = told_from(&viewer.sight(desk));
        rows.retain(|row| row.count >= told);
        for row in &mut rows {
            row.queue = row.queue.filter(|queue| *queue >= told);
        }
        match query.format.as_deref().unwrap_or("json") {
            "json" => {
                let rows: Vec<_> =
                    rows.iter().map(|row| wire::CorridorRow::new(row, &desk.network)).collect();
                Ok(Json(rows).into_response())
            }
            "csv" => Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], to_csv(&rows)).into_response()),
            "parquet" => {
                let kind = [(header::CONTENT_TYPE, "application/vnd.apache.parquet")];
                Ok((kind, to_parquet(&columns(&rows))).into_response())
            }
            other => Err(Refusal::invalid(
                Finding::error("request.format", format!("there is no format `{other}`"))
                    .at("format")
                    .remedy("use json, csv or parquet"),
            )),
        }
    })
    .await
}

//! Routes that the places of the people need: a file checked before it is declared, codes, the board, what waits.

use super::api::Api;
use super::caller::Caller;
use super::consignments::read_yaml;
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{BoardLine, CheckedConsignment, CodeLists, KnownParty, Waiting, parse_part};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::PlaceCode;
use kervan_model::Finding;
use kervan_node::{BoardWanted, check_consignment, list_calls, list_waiting};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How far a board looks ahead unless told otherwise. Unit: hour.
const AHEAD: u32 = 48;
/// How far it looks back unless told otherwise. Unit: hour.
const BACK: u32 = 12;
/// Furthest that it looks either way. Unit: hour.
const FURTHEST: u32 = 24 * 92;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_check))
        .routes(routes!(get_codes))
        .routes(routes!(get_board))
        .routes(routes!(get_waiting))
}

/// Checks a consignment file in YAML or JSON as declaring it would, and says everything at once; nothing is written.
#[utoipa::path(post, path = "/api/check/consignment", tag = "consignments",
    request_body(content((String = "application/yaml"), (Object = "application/json"))),
    responses((status = 200, body = CheckedConsignment), (status = 422, body = Problem)))]
async fn post_check(
    State(api): State<Api>,
    caller: Result<Caller, Problem>,
    body: Bytes,
) -> Result<Json<CheckedConsignment>, Problem> {
    let file = read_file(&body)?;
    let actor = caller.ok().map(|caller| caller.party);
    api.run(move |desk| {
        let checked = check_consignment(desk, actor.as_ref(), file.clone())?;
        Ok(Json(CheckedConsignment::new(&checked, file)))
    })
    .await
}

/// Reads JSON or YAML, whichever it is: what people paste does not come with a media type.
fn read_file(body: &Bytes) -> Result<Value, Problem> {
    let json = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if json {
        return kervan_dossier::read_json(body).map_err(|finding| {
            Problem::invalid(&[Finding { code: "request.not-json".to_owned(), ..finding }])
        });
    }
    read_yaml(body)
}

/// Codes to choose from, and the parties that this node knows.
#[utoipa::path(get, path = "/api/codes", tag = "facts", responses((status = 200, body = CodeLists)))]
async fn get_codes(State(api): State<Api>) -> Json<CodeLists> {
    let parties = api.desk.with_registry(|registry| registry.list().map(KnownParty::from).collect());
    Json(CodeLists::new(parties))
}

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BoardQuery {
    /// Only calls at this place.
    place: Option<String>,
    /// How far ahead, in hours; 48 without it.
    hours: Option<u32>,
    /// How far back, in hours; 12 without it.
    back: Option<u32>,
}

/// Departures and arrivals of everything under way, the earliest first; what is next for the goods even if it is overdue.
#[utoipa::path(get, path = "/api/board", tag = "tracking", params(BoardQuery),
    responses((status = 200, body = Vec<BoardLine>), (status = 422, body = Problem)))]
async fn get_board(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Result<Caller, Problem>,
    Query(query): Query<BoardQuery>,
) -> Result<Json<Vec<BoardLine>>, Problem> {
    let place = query.place.as_deref().map(|text| parse_part::<PlaceCode>(text, "place")).transpose();
    let place = place.map_err(|findings| Problem::invalid(&findings))?;
    let now = api.clock.now();
    let wanted = BoardWanted {
        place,
        since: moved(now, -i64::from(query.back.unwrap_or(BACK).min(FURTHEST))),
        until: moved(now, i64::from(query.hours.unwrap_or(AHEAD).min(FURTHEST))),
    };
    let caller = caller.ok().map(|caller| caller.party);
    api.run(move |desk| {
        let calls = list_calls(viewer.sight(desk), &wanted)?;
        Ok(Json(calls.iter().map(|call| BoardLine::new(call, &desk.network, caller.as_ref())).collect()))
    })
    .await
}

fn moved(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now)
}

/// What waits for the caller: holds, papers, refusals, consents, alarms, consignments without a way.
#[utoipa::path(get, path = "/api/waiting", tag = "consignments", security(("party" = [])),
    responses((status = 200, body = Vec<Waiting>), (status = 401, body = Problem)))]
async fn get_waiting(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
) -> Result<Json<Vec<Waiting>>, Problem> {
    api.run(move |desk| {
        Ok(Json(list_waiting(viewer.sight(desk), &caller.party)?.into_iter().map(Waiting::from).collect()))
    })
    .await
}

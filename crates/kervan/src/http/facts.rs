//! Routes that read facts: network, places, plans, clock, health.

use super::api::{Api, Pace, read_json};
use super::problem::Problem;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kervan_codes::PlaceCode;
use kervan_node::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_network))
        .routes(routes!(get_place))
        .routes(routes!(post_plan))
        .routes(routes!(get_clock))
        .routes(routes!(post_play))
        .routes(routes!(get_health))
}

/// The whole network, for the map.
#[utoipa::path(get, path = "/api/network", tag = "facts", responses((status = 200, body = wire::Network)))]
async fn get_network(State(api): State<Api>) -> Json<wire::Network> {
    Json(wire::Network::from(&api.desk.network))
}

/// A place with its processes and services, each figure with its source.
#[utoipa::path(get, path = "/api/places/{code}", tag = "facts",
    params(("code" = String, Path, description = "UN/LOCODE or private code")),
    responses((status = 200, body = wire::PlaceDetail), (status = 404, body = Problem)))]
async fn get_place(
    State(api): State<Api>,
    Path(code): Path<String>,
) -> Result<Json<wire::PlaceDetail>, Problem> {
    let network = &api.desk.network;
    let place = code.parse::<PlaceCode>().ok().and_then(|code| network.find_place(&code));
    let place = place.ok_or(Refusal::NotFound { what: "place", id: code })?;
    Ok(Json(wire::PlaceDetail::new(network, place)))
}

/// Ways from A to B that no other beats on arrival, cost and emissions.
#[utoipa::path(post, path = "/api/plans", tag = "facts", request_body = wire::PlanRequest,
    responses((status = 200, body = wire::Plan), (status = 422, body = Problem)))]
async fn post_plan(State(api): State<Api>, body: Bytes) -> Result<Json<wire::Plan>, Problem> {
    let request: wire::PlanRequest = read_json(&body)?;
    api.run(move |desk| {
        let (wanted, options) = (request.read().map_err(Refusal::Invalid)?, request.options());
        let plan = kervan_planning::plan(&desk.network, &wanted, &options).map_err(Refusal::Invalid)?;
        let request = wire::PlanRequest { seed: Some(plan.seed), ..request };
        Ok(Json(wire::Plan::new(request, &plan, &desk.network)))
    })
    .await
}

/// What time it is here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    /// The instant now.
    pub now: String,
    /// `wall`, or `play` for a simulated clock.
    pub mode: &'static str,
    /// Seconds of the play per second of the wall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// Whether the play stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused: Option<bool>,
}

impl ClockView {
    /// The clock of a node.
    pub(super) fn new(api: &Api) -> Self {
        let pace = api.pace.as_ref().map(|pace| *pace.borrow());
        Self {
            now: api.clock.now().to_string(),
            mode: if api.clock.is_play() { "play" } else { "wall" },
            speed: pace.map(|pace| pace.speed),
            paused: pace.map(|pace| pace.paused),
        }
    }
}

/// What time it is here.
#[utoipa::path(get, path = "/api/clock", tag = "facts", responses((status = 200, body = ClockView)))]
async fn get_clock(State(api): State<Api>) -> Json<ClockView> {
    Json(ClockView::new(&api))
}

/// A new pace of the play.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetPace {
    /// Seconds of the play per second of the wall, 1 to 1,000,000.
    #[serde(default)]
    pub speed: Option<f64>,
    /// Whether it stands still.
    #[serde(default)]
    pub paused: Option<bool>,
}

/// Sets the pace of a play; a node that serves real parties has none.
#[utoipa::path(post, path = "/api/play", tag = "facts", request_body = SetPace,
    responses((status = 200, body = ClockView), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_play(State(api): State<Api>, body: Bytes) -> Result<Json<ClockView>, Problem> {
    let wanted: SetPace = read_json(&body)?;
    let Some(pace) = &api.pace else {
        return Err(Refusal::NotFound { what: "play", id: "this node serves real parties".into() }.into());
    };
    let before = *pace.borrow();
    let after =
        Pace { speed: wanted.speed.unwrap_or(before.speed), paused: wanted.paused.unwrap_or(before.paused) };
    if !(1.0..=1e6).contains(&after.speed) {
        let message = format!("{} is not a speed between 1 and 1,000,000", after.speed);
        let finding = kervan_model::Finding::error("play.speed", message)
            .at("/speed")
            .remedy("3600 plays an hour a second");
        return Err(Problem::invalid(&[finding]));
    }
    pace.send_replace(after);
    Ok(Json(ClockView::new(&api)))
}

/// Whether the node serves.
#[utoipa::path(get, path = "/health", tag = "facts", responses((status = 204), (status = 500, body = Problem)))]
async fn get_health(State(api): State<Api>) -> Result<StatusCode, Problem> {
    api.run(|desk| desk.store.last_change().map_err(Refusal::from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

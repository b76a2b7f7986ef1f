//! Routes that read facts: network, places, plans, clock, health.

use super::api::{Api, Pace, read_json};
use super::plans::figures_of;
use super::problem::Problem;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use kervan_codes::PlaceCode;
use kervan_node::{Refusal, sum_up_retention};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_network))
        .routes(routes!(get_place))
        .routes(routes!(post_matrix))
        .routes(routes!(post_isochrone))
        .routes(routes!(get_retention))
        .routes(routes!(get_clock))
        .routes(routes!(post_play))
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

/// How long records of a node are kept, by kind and law. Nothing of the store is counted.
#[utoipa::path(get, path = "/api/retention", tag = "facts", responses((status = 200, body = [wire::Retention])))]
async fn get_retention(State(api): State<Api>) -> Json<Vec<wire::Retention>> {
    let lines = sum_up_retention(&api.desk.rules.retention);
    Json(lines.iter().map(wire::Retention::from).collect())
}

/// Days and cost from many places to many.
#[utoipa::path(post, path = "/api/matrices", tag = "facts", request_body = wire::MatrixRequest,
    responses((status = 200, body = wire::Matrix), (status = 422, body = Problem)))]
async fn post_matrix(State(api): State<Api>, body: Bytes) -> Result<Json<wire::Matrix>, Problem> {
    let request: wire::MatrixRequest = read_json(&body)?;
    let now = api.clock.now();
    api.run(move |desk| {
        let figures = figures_of(desk, &request.plan, now)?;
        Ok(Json(request.answer(&desk.network, &figures.learned).map_err(Refusal::Invalid)?))
    })
    .await
}

/// The places that are reached from a place within some days, as GeoJSON.
#[utoipa::path(post, path = "/api/isochrones", tag = "facts", request_body = wire::IsochroneRequest,
    responses((status = 200, body = wire::IsochroneFeatures), (status = 422, body = Problem)))]
async fn post_isochrone(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<wire::IsochroneFeatures>, Problem> {
    let request: wire::IsochroneRequest = read_json(&body)?;
    let now = api.clock.now();
    api.run(move |desk| {
        let figures = figures_of(desk, &request.plan, now)?;
        Ok(Json(request.answer(&desk.network, &figures.learned).map_err(Refusal::Invalid)?))
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

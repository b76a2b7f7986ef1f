//! Routes of flows: freight in a scenario, and exact questions to the links of the network.

use super::api::{Api, read_json};
use super::problem::Problem;
use super::wire::{
    Asked, BottleneckAnswer, CheapestAnswer, DisjointAnswer, FlowBase, FlowScenario, FlowShift,
    LayerQuestion, RemovalAnswer,
};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use kervan_model::Finding;
use kervan_node::Refusal;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_shift))
        .routes(routes!(get_base))
        .routes(routes!(post_bottleneck))
        .routes(routes!(post_disjoint))
        .routes(routes!(post_removals))
        .routes(routes!(post_cheapest))
}

/// Freight on every corridor before and after a scenario: links closed or opened, capacities, times, prices, demand.
#[utoipa::path(post, path = "/api/flows/shift", tag = "flows", request_body = FlowScenario,
    responses((status = 200, body = FlowShift), (status = 422, body = Problem)))]
async fn post_shift(State(api): State<Api>, body: Bytes) -> Result<Json<FlowShift>, Problem> {
    let scenario: FlowScenario = read_json(&body)?;
    let flows = Arc::clone(&api.flows);
    api.run(move |desk| {
        FlowShift::compute(&desk.network, &flows, scenario).map(Json).map_err(Refusal::Invalid)
    })
    .await
}

/// The base year: published volumes beside the model's, fitted and held out, and elasticities.
#[utoipa::path(get, path = "/api/flows/base", tag = "flows", responses((status = 200, body = FlowBase)))]
async fn get_base(State(api): State<Api>) -> Result<Json<FlowBase>, Problem> {
    let flows = Arc::clone(&api.flows);
    api.run(move |desk| Ok(Json(FlowBase::compute(&desk.network, &flows)))).await
}

/// Asks the open links of the network.
async fn ask<T: Send + 'static>(
    api: Api,
    body: Bytes,
    answer: impl FnOnce(&Asked, &LayerQuestion) -> Result<T, Vec<Finding>> + Send + 'static,
) -> Result<Json<T>, Problem> {
    let question: LayerQuestion = read_json(&body)?;
    let flows = Arc::clone(&api.flows);
    api.run(move |desk| {
        let asked = Asked::of_network(&desk.network, &flows, &question).map_err(Refusal::Invalid)?;
        answer(&asked, &question).map(Json).map_err(Refusal::Invalid)
    })
    .await
}

/// The most that flows between two places, and the links and places that bound it.
#[utoipa::path(post, path = "/api/flows/bottleneck", tag = "flows", request_body = LayerQuestion,
    responses((status = 200, body = BottleneckAnswer), (status = 422, body = Problem)))]
async fn post_bottleneck(State(api): State<Api>, body: Bytes) -> Result<Json<BottleneckAnswer>, Problem> {
    ask(api, body, |asked, _| asked.bottleneck()).await
}

/// Routes between two places that share no link, or no place either.
#[utoipa::path(post, path = "/api/flows/disjoint", tag = "flows", request_body = LayerQuestion,
    responses((status = 200, body = DisjointAnswer), (status = 422, body = Problem)))]
async fn post_disjoint(State(api): State<Api>, body: Bytes) -> Result<Json<DisjointAnswer>, Problem> {
    ask(api, body, Asked::disjoint).await
}

/// What the removal of any one link or place does to the greatest flow and to the cheapest one, the worst first.
#[utoipa::path(post, path = "/api/flows/removals", tag = "flows", request_body = LayerQuestion,
    responses((status = 200, body = Vec<RemovalAnswer>), (status = 422, body = Problem)))]
async fn post_removals(State(api): State<Api>, body: Bytes) -> Result<Json<Vec<RemovalAnswer>>, Problem> {
    ask(api, body, Asked::removals).await
}

/// The cheapest flow of a volume between two places.
#[utoipa::path(post, path = "/api/flows/cheapest", tag = "flows", request_body = LayerQuestion,
    responses((status = 200, body = CheapestAnswer), (status = 422, body = Problem)))]
async fn post_cheapest(State(api): State<Api>, body: Bytes) -> Result<Json<CheapestAnswer>, Problem> {
    ask(api, body, Asked::cheapest).await
}

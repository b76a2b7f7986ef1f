//! Routes of plans: made, kept, listed, computed again, and compared with what happened.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::consignments::read_reference;
use super::problem::Problem;
use super::wire::{self, parse_part};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use kervan_node::{
    Desk, Figures, KeptPlan, Refusal, find_plan, keep_plan, list_plans, load_figures, newest_figures,
    note_closures, plan_measured, replay_kept_plan, report_kept_outcome, report_outcome, report_plan_scores,
};
use kervan_planning::find_past;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Kept plans that are listed unless the caller asks for fewer or more.
const PAGE: u32 = 50;
/// Most kept plans in one list: each is read whole.
const MOST_LISTED: u32 = 500;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_plan, list_kept))
        .routes(routes!(post_kept))
        .routes(routes!(get_kept))
        .routes(routes!(get_replay))
        .routes(routes!(get_kept_outcome))
        .routes(routes!(get_outcome))
        .routes(routes!(get_plan_scores))
}

/// The measurements that a request names, or those of now.
pub(super) fn figures_of(
    desk: &Desk,
    request: &wire::PlanRequest,
    now: Timestamp,
) -> Result<Figures, Refusal> {
    let version = request.figures().map_err(Refusal::Invalid)?;
    load_figures(desk, version.map_or_else(|| newest_figures(desk, now), Ok)?)
}

/// Ways from A to B that no other beats on arrival, cost and emissions.
#[utoipa::path(post, path = "/api/plans", tag = "plans", request_body = wire::PlanRequest,
    responses((status = 200, body = wire::Plan), (status = 422, body = Problem)))]
async fn post_plan(State(api): State<Api>, body: Bytes) -> Result<Json<wire::Plan>, Problem> {
    let request: wire::PlanRequest = read_json(&body)?;
    let now = api.clock.now();
    api.run(move |desk| {
        let options = request.options();
        let read = request.read_whole(&desk.network, &options);
        let (wanted, preferences) = read.map_err(Refusal::Invalid)?;
        let figures = figures_of(desk, &request, now)?;
        let (mut explained, measured) = figures.explain(desk, &wanted, &options, &preferences)?;
        explained.plan.findings.extend(find_past(&wanted, now));
        note_closures(desk, &mut explained.plan);
        let request = wire::PlanRequest { seed: Some(explained.plan.seed), ..request };
        let plan = wire::Plan::new(request, &explained, &desk.network).with_bands(
            &explained.plan,
            &desk.network,
            &figures.learned,
        );
        Ok(Json(plan.with_figures(figures.version, &measured, &desk.network)))
    })
    .await
}

/// Keeps a plan: it is computed from its request, and kept with its inputs, the version of its figures and its author.
#[utoipa::path(post, path = "/api/plans/kept", tag = "plans", request_body = wire::KeepPlan, security(("party" = [])),
    responses((status = 201, body = wire::KeptPlanView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_kept(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<wire::KeptPlanView>), Problem> {
    let wanted: wire::KeepPlan = read_json(&body)?;
    let chosen = wanted.chosen.as_deref().map(|text| parse_part(text, "/chosen")).transpose();
    let chosen = chosen.map_err(|findings| Problem::invalid(&findings))?;
    let kept = api
        .act(caller.party, caller.key, move |desk, call| {
            let request = wanted.plan.read().map_err(Refusal::Invalid)?;
            let version = figures_of(desk, &wanted.plan, call.now)?.version;
            let plan = plan_measured(desk, &request, &wanted.plan.options(), version)?.plan;
            let reference = wanted.consignment.as_deref().map(read_reference).transpose()?;
            let (author, figures) = (call.actor.clone(), version.to_string());
            let found = keep_plan(desk, KeptPlan { reference, author, figures, chosen, plan }, call.now)?;
            Ok(wire::KeptPlanView::new(&found, &desk.network))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// Which kept plans.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KeptQuery {
    /// Only those of this consignment.
    consignment: Option<String>,
    /// How many, 1 to 500; 50 without it.
    limit: Option<u32>,
}

/// The plans that the caller kept, the newest first.
#[utoipa::path(get, path = "/api/plans", tag = "plans", params(KeptQuery), security(("party" = [])),
    responses((status = 200, body = Vec<wire::KeptPlanLine>), (status = 401, body = Problem),
        (status = 404, body = Problem)))]
async fn list_kept(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<KeptQuery>,
) -> Result<Json<Vec<wire::KeptPlanLine>>, Problem> {
    let most = query.limit.unwrap_or(PAGE).clamp(1, MOST_LISTED);
    api.run(move |desk| {
        let reference = query.consignment.as_deref().map(read_reference).transpose()?;
        let found = list_plans(desk, &caller.party, reference.as_ref(), most)?;
        Ok(Json(found.iter().map(wire::KeptPlanLine::new).collect()))
    })
    .await
}

/// A plan that the caller kept, as it was.
#[utoipa::path(get, path = "/api/plans/{id}", tag = "plans", params(("id" = String, Path)), security(("party" = [])),
    responses((status = 200, body = wire::KeptPlanView), (status = 401, body = Problem), (status = 404, body = Problem)))]
async fn get_kept(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<wire::KeptPlanView>, Problem> {
    let work = move |desk: &Desk| Ok(Json(wire::KeptPlanView::new(&find_plan(desk, &id)?, &desk.network)));
    api.run(work).await
}

/// A kept plan computed again from its inputs: the same plan, or which figures are others now.
#[utoipa::path(get, path = "/api/plans/{id}/replay", tag = "plans", params(("id" = String, Path)),
    security(("party" = [])),
    responses((status = 200, body = wire::ReplayView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn get_replay(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<wire::ReplayView>, Problem> {
    let work = move |desk: &Desk| {
        let found = find_plan(desk, &id)?;
        let replayed = replay_kept_plan(desk, &found)?;
        Ok(Json(wire::ReplayView::new(&found.id, &replayed, &desk.network)))
    };
    api.run(work).await
}

/// The chosen way of a kept plan against what happened to its consignment.
#[utoipa::path(get, path = "/api/plans/{id}/outcome", tag = "plans", params(("id" = String, Path)),
    security(("party" = [])),
    responses((status = 200, body = wire::PlanOutcomeView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_kept_outcome(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<wire::PlanOutcomeView>, Problem> {
    let work = move |desk: &Desk| {
        let found = find_plan(desk, &id)?;
        Ok(Json(wire::PlanOutcomeView::new(&report_kept_outcome(desk, &found)?, &desk.network)))
    };
    api.run(work).await
}

/// The accepted itinerary of a consignment against what happened so far: in or out of which interval, and where it arose; without prices.
#[utoipa::path(get, path = "/api/consignments/{id}/outcome", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = wire::PlanOutcomeView), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_outcome(
    State(api): State<Api>,
    Path(id): Path<String>,
) -> Result<Json<wire::PlanOutcomeView>, Problem> {
    let work = move |desk: &Desk| {
        let outcome = report_outcome(desk, &read_reference(&id)?)?;
        Ok(Json(wire::PlanOutcomeView::new(&outcome, &desk.network).without_prices()))
    };
    api.run(work).await
}

/// How often reality fell within the 50, 80 and 95 % intervals of plans, over all consignments that have arrived.
#[utoipa::path(get, path = "/api/outcomes", tag = "plans", responses((status = 200, body = wire::PlanScoresView)))]
async fn get_plan_scores(State(api): State<Api>) -> Result<Json<wire::PlanScoresView>, Problem> {
    api.run(|desk| Ok(Json(wire::PlanScoresView::from(&report_plan_scores(desk)?)))).await
}

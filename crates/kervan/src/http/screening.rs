//! Routes of screening: the lists of denied parties that this node has loaded, questions to them, hits and their decisions.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{ConsignmentHit, DecideHit, DeniedList, ScreeningAnswer, ScreeningRequest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use kervan_model::{Finding, MovementId, Reference, Role, TerritoryId};
use kervan_node::{Call, Desk, HitDecision, Refusal, decide_hit, list_open_hits};
use kervan_rights::Action;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_lists))
        .routes(routes!(post_screening_check))
        .routes(routes!(get_hits))
        .routes(routes!(post_decision))
}

/// Whose hits.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HitsQuery {
    /// The consignment's reference.
    consignment: String,
}

/// The lists of denied parties that are loaded.
#[utoipa::path(get, path = "/api/screening/lists", tag = "screening",
    responses((status = 200, body = Vec<DeniedList>)))]
async fn get_lists(State(api): State<Api>) -> Json<Vec<DeniedList>> {
    let heads = api.desk.denied.iter().flat_map(|denied| denied.index.list_heads());
    Json(heads.map(DeniedList::from).collect())
}

fn no_list() -> Refusal {
    let message = "this node has loaded no list, so that nobody could be found";
    let remedy = "kervan serve --denied-list FILE loads one";
    Refusal::conflict(Finding::error("screening.no-list", message).remedy(remedy))
}

/// Screens names and parties against every list that is loaded.
#[utoipa::path(post, path = "/api/screening/check", tag = "screening", request_body = ScreeningRequest,
    security(("party" = [])),
    responses((status = 200, body = Vec<ScreeningAnswer>), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn post_screening_check(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<Vec<ScreeningAnswer>>, Problem> {
    let request: ScreeningRequest = read_json(&body)?;
    api.run(move |desk| {
        let denied = desk.denied.as_ref().ok_or_else(no_list)?;
        let questions = request.read().map_err(Refusal::Invalid)?;
        let answers = questions.into_iter().map(|question| ScreeningAnswer {
            hits: denied.ask(&question).iter().map(Into::into).collect(),
            question: question.hash(),
            name: question.name,
        });
        Ok(Json(answers.collect()))
    })
    .await
}

/// The territory for which a party decides.
fn territory_of(desk: &Desk, caller: &Caller) -> Result<TerritoryId, Refusal> {
    let party = desk.party(&caller.party)?;
    party.find_territory(Role::Customs).cloned().ok_or_else(|| {
        Refusal::NotAllowed("hits are shown to the customs administrations that decide them".to_owned())
    })
}

/// The hits of a consignment, as they stand for the administration that asks.
#[utoipa::path(get, path = "/api/screening/hits", tag = "screening", params(HitsQuery), security(("party" = [])),
    responses((status = 200, body = Vec<ConsignmentHit>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
async fn get_hits(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Query(query): Query<HitsQuery>,
) -> Result<Json<Vec<ConsignmentHit>>, Problem> {
    api.run(move |desk| {
        let territory = territory_of(desk, &caller)?;
        let reference: Reference =
            query.consignment.parse().map_err(|_| Refusal::no_consignment(&query.consignment))?;
        let sight = viewer.sight(desk);
        if !sight.permits(Action::GetHits, sight.to_consignment(&reference)?) {
            return Err(Refusal::no_consignment(&reference));
        }
        let hits = list_open_hits(desk, &reference, &territory)?;
        Ok(Json(hits.iter().map(ConsignmentHit::from).collect()))
    })
    .await
}

/// An officer decides a hit; what only cleared hits have held is decided anew. Gives the hits of the consignment as they stand.
#[utoipa::path(post, path = "/api/screening/decisions", tag = "screening", request_body = DecideHit,
    security(("party" = [])),
    responses((status = 200, body = Vec<ConsignmentHit>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_decision(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Vec<ConsignmentHit>>, Problem> {
    let request: DecideHit = read_json(&body)?;
    let (party, key) = (caller.party.clone(), caller.key.clone());
    let officer = caller.officer_for(request.officer.as_deref())?;
    let work = move |desk: &Desk, call: Call<'_>| {
        let territory = territory_of(desk, &caller)?;
        let movement: MovementId = request
            .movement
            .parse()
            .map_err(|_| Refusal::NotFound { what: "movement", id: request.movement.clone() })?;
        let sight = viewer.sight(desk);
        if !sight.permits(Action::DecideHit, sight.to_movement(&movement)?) {
            return Err(match sight.sees_movement(&movement)? {
                true => Refusal::NotAllowed("hits are decided by officers of the office".to_owned()),
                false => Refusal::NotFound { what: "movement", id: request.movement.clone() },
            });
        }
        let wanted = HitDecision {
            movement,
            list: request.list,
            entity: request.entity,
            question: request.question,
            verdict: request.verdict.into(),
            reason: request.reason,
            officer: officer.clone(),
            revise: request.revise,
        };
        let case = decide_hit(desk, call, &wanted)?;
        let hits = list_open_hits(desk, &case.row.reference, &territory)?;
        Ok(Json(hits.iter().map(ConsignmentHit::from).collect()))
    };
    api.act(party, key, work).await
}

//! Routes of the officers: the work list, and how clearance goes.

use super::api::Api;
use super::problem::Problem;
use super::wire::{ClearanceMeasures, WorkLine};
use axum::Json;
use axum::extract::{Query, State};
use kervan_model::TerritoryId;
use kervan_node::{Refusal, list_work, measure};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_work)).routes(routes!(get_measures))
}

/// Whose work.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WorkQuery {
    /// Only that of the officers of this territory.
    territory: Option<String>,
}

/// What needs an officer, why and until when: goods that wait first, then by risk and time.
#[utoipa::path(get, path = "/api/worklist", tag = "clearance", params(WorkQuery),
    responses((status = 200, body = Vec<WorkLine>), (status = 404, body = Problem)))]
async fn get_work(
    State(api): State<Api>,
    Query(query): Query<WorkQuery>,
) -> Result<Json<Vec<WorkLine>>, Problem> {
    let now = api.clock.now();
    api.run(move |desk| {
        let territory = match query.territory {
            Some(text) => {
                let known: Option<TerritoryId> = text.parse().ok();
                Some(known.ok_or(Refusal::NotFound { what: "territory", id: text })?)
            }
            None => None,
        };
        let items = list_work(desk, territory.as_ref(), now)?;
        Ok(Json(items.into_iter().map(WorkLine::new).collect()))
    })
    .await
}

/// Time from arrival to release, share untouched, hit rate of controls, per territory and rule: from the signed steps.
#[utoipa::path(get, path = "/api/measures/clearance", tag = "clearance",
    responses((status = 200, body = ClearanceMeasures)))]
async fn get_measures(State(api): State<Api>) -> Result<Json<ClearanceMeasures>, Problem> {
    api.run(|desk| Ok(Json(ClearanceMeasures::from(measure(desk)?)))).await
}

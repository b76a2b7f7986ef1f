//! Routes of the officers: the work list, and how clearance goes.

use super::api::Api;
use super::paging::{PAGE, Page, read_cursor, read_limit};
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{ClearanceMeasures, WorkLine};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::Uri;
use kervan_model::TerritoryId;
use kervan_node::{Refusal, WorkCursor, list_work_page, measure, told_from};
use kervan_rights::Action;
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
    /// Language tag of the findings; English where a rule does not speak it.
    language: Option<String>,
    /// Only those after this one, by the order of the first page: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What needs an officer, why and until when: goods that wait first, then by risk and time. `x-total-count` says how many.
#[utoipa::path(get, path = "/api/worklist", tag = "clearance", params(WorkQuery),
    responses((status = 200, body = Vec<WorkLine>), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_work(
    State(api): State<Api>,
    uri: Uri,
    viewer: Viewer,
    Query(query): Query<WorkQuery>,
) -> Result<Page<Vec<WorkLine>>, Problem> {
    let now = api.clock.now();
    let after: Option<WorkCursor> = read_cursor(query.after.as_deref())?;
    let limit = read_limit(query.limit, PAGE)?;
    api.run(move |desk| {
        let territory = match query.territory {
            Some(text) => {
                let known: Option<TerritoryId> = text.parse().ok();
                Some(known.ok_or(Refusal::NotFound { what: "territory", id: text })?)
            }
            None => None,
        };
        let language = query.language.as_deref().unwrap_or("en");
        let sight = viewer.sight(desk);
        let page =
            list_work_page(sight, territory.as_ref(), language, (now, after.as_ref()), limit as usize)?;
        let lines = page.items.into_iter().map(WorkLine::new).collect();
        Ok(Page::new(lines, &uri, page.next.as_ref()).of(page.total))
    })
    .await
}

/// Time from arrival to release, share untouched, hit rate of controls, per territory and rule: from the signed steps.
#[utoipa::path(get, path = "/api/measures/clearance", tag = "clearance",
    responses((status = 200, body = ClearanceMeasures)))]
async fn get_measures(State(api): State<Api>, viewer: Viewer) -> Result<Json<ClearanceMeasures>, Problem> {
    api.run(move |desk| {
        let sight = viewer.sight(desk);
        let mut measures = ClearanceMeasures::from(measure(desk)?);
        if !sight.permits_always(Action::GetRules) {
            // How often a profile hits is told to those who keep the profiles.
            measures.rules.clear();
        }
        let told = told_from(&sight);
        measures.territories.retain(|_, line| line.decided as u64 >= told);
        for rules in measures.rules.values_mut() {
            rules.retain(|_, line| line.fired as u64 >= told);
        }
        Ok(Json(measures))
    })
    .await
}

//! Routes of guarantee accounts.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::problem::Problem;
use super::rights::Viewer;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use kervan_codes::Grn;
use kervan_model::PartyId;
use kervan_node::{
    Refusal, act_on_guarantee, find_guarantee, list_accepted, list_guarantees, open_guarantee,
};
use kervan_rights::{Action, Relation, Relations};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_guarantees, post_guarantee))
        .routes(routes!(get_guarantee))
        .routes(routes!(post_guarantee_message))
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those of this party.
    holder: Option<String>,
}

/// Guarantee accounts by number, with what is reserved and free.
#[utoipa::path(get, path = "/api/guarantees", tag = "clearance", params(ListQuery),
    responses((status = 200, body = Vec<wire::Guarantee>), (status = 422, body = Problem)))]
async fn get_guarantees(
    State(api): State<Api>,
    viewer: Viewer,
    Query(query): Query<ListQuery>,
) -> Result<Json<Vec<wire::Guarantee>>, Problem> {
    api.run(move |desk| {
        let holder = query.holder.as_deref().map(|text| wire::parse_part::<PartyId>(text, "holder"));
        let holder = holder.transpose().map_err(Refusal::Invalid)?;
        let sight = viewer.sight(desk);
        let mut accounts = list_guarantees(desk, holder.as_ref())?;
        let accepted =
            viewer.party().map(|party| list_accepted(desk, party)).transpose()?.unwrap_or_default();
        accounts.retain(|state| {
            let own = if accepted.contains(&state.account.grn) {
                Relations::of(&[Relation::Owner])
            } else {
                sight.as_owner(&state.account.holder)
            };
            sight.permits(Action::GetGuarantee, own)
        });
        Ok(Json(accounts.iter().map(wire::Guarantee::from).collect()))
    })
    .await
}

/// An office of guarantee accepts a guarantee, or changes the registration of one.
#[utoipa::path(post, path = "/api/guarantees", tag = "clearance", request_body = wire::OpenGuarantee,
    security(("party" = [])),
    responses((status = 200, body = wire::GuaranteeDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_guarantee(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<wire::GuaranteeDetail>, Problem> {
    let request: wire::OpenGuarantee = read_json(&body)?;
    let work = move |desk: &kervan_node::Desk, call: kervan_node::Call<'_>| {
        let account = request.read().map_err(Refusal::Invalid)?;
        let why = request.why.as_deref().unwrap_or("accepted by the office of guarantee");
        Ok(wire::GuaranteeDetail::from(&open_guarantee(desk, &call, &account, why)?))
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

fn read_grn(text: &str) -> Result<Grn, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound { what: "guarantee", id: text.to_owned() })
}

/// A guarantee account with its history.
#[utoipa::path(get, path = "/api/guarantees/{grn}", tag = "clearance", params(("grn" = String, Path)),
    responses((status = 200, body = wire::GuaranteeDetail), (status = 404, body = Problem)))]
async fn get_guarantee(
    State(api): State<Api>,
    Path(grn): Path<String>,
) -> Result<Json<wire::GuaranteeDetail>, Problem> {
    let work = move |desk: &kervan_node::Desk| {
        Ok(Json(wire::GuaranteeDetail::from(&find_guarantee(desk, &read_grn(&grn)?)?)))
    };
    api.run(work).await
}

/// A message about a guarantee: cancelled, liberated, access codes and the others.
#[utoipa::path(post, path = "/api/guarantees/{grn}/messages", tag = "clearance", params(("grn" = String, Path)),
    request_body = wire::GuaranteeMessageBody, security(("party" = [])),
    responses((status = 200, body = wire::GuaranteeDetail), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_guarantee_message(
    State(api): State<Api>,
    caller: Caller,
    Path(grn): Path<String>,
    body: Bytes,
) -> Result<Json<wire::GuaranteeDetail>, Problem> {
    let request: wire::GuaranteeMessageBody = read_json(&body)?;
    let work = move |desk: &kervan_node::Desk, call: kervan_node::Call<'_>| {
        let message = request.read().map_err(Refusal::Invalid)?;
        let file = act_on_guarantee(desk, &call, &read_grn(&grn)?, message)?;
        Ok(wire::GuaranteeDetail::from(&file))
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

//! Routes of messages of common transit.

use super::api::Api;
use super::problem::Problem;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(post_check))
}

/// Checks a message of common transit (NCTS, phase 6): XML, published schema, rules of the procedure; every fault at once.
#[utoipa::path(post, path = "/api/messages/check", tag = "messages",
    request_body(content = String, description = "the message, byte for byte", content_type = "text/xml"),
    responses((status = 200, body = wire::MessageReport), (status = 413, description = "larger than a request may be")))]
async fn post_check(State(api): State<Api>, body: Bytes) -> Result<Json<wire::MessageReport>, Problem> {
    let work = move |_: &kervan_node::Desk| Ok(wire::MessageReport::from(&kervan_ncts::check(&body)));
    Ok(Json(api.run(work).await?))
}

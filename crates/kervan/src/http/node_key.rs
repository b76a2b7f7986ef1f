//! The key with which the node signs what it sends in its own name: deliveries to subscribers.

use super::api::Api;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use data_encoding::BASE64URL_NOPAD;
use kervan_node::Refusal;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_node_key))
}

/// The public key of the node.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NodeKey {
    /// Its identifier, which is the key itself.
    did: String,
    /// The name of the key, as `keyid` of signatures has it.
    key_id: String,
    /// The key as JSON Web Key (RFC 8037).
    jwk: Jwk,
}

/// An Ed25519 key as JSON Web Key.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Jwk {
    /// `OKP`.
    kty: &'static str,
    /// `Ed25519`.
    crv: &'static str,
    /// The 32 bytes, base64url.
    x: String,
}

/// The key with which this node signs deliveries (RFC 9421, `ed25519`).
#[utoipa::path(get, path = "/api/node/key", tag = "events", responses((status = 200, body = NodeKey)))]
async fn get_node_key(State(api): State<Api>) -> Result<Json<NodeKey>, Problem> {
    let public = api.key.public().map_err(|error| Refusal::NotSigned(error.to_string()))?;
    let x = BASE64URL_NOPAD.encode(public.as_bytes());
    Ok(Json(NodeKey {
        did: api.key.id().did().to_string(),
        key_id: api.key.id().to_string(),
        jwk: Jwk { kty: "OKP", crv: "Ed25519", x },
    }))
}

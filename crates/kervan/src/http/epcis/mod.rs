//! The REST binding of EPCIS 2.0 under `/epcis`.
//!
//! Source: GS1 EPCIS 2.0, section 12; its OpenAPI description. Every refusal is one of the standard's exceptions.

mod capture;
mod document;
mod events;
mod exception;
mod open_sockets;
mod page;
mod plain_xml;
mod queries;
mod resources;
mod sockets;
mod subscriptions;
mod versions;

pub(crate) use document::{Told, prefixes_for, query_document};
pub use open_sockets::Sockets;

use super::api::Api;
use super::refuse_method_only;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    let (router, document) = OpenApiRouter::new()
        .merge(capture::routes())
        .merge(events::routes())
        .merge(queries::routes())
        .merge(subscriptions::routes())
        .merge(resources::routes())
        .split_for_parts();
    // OPTIONS is answered where no route takes it, so the refusal of a method has to be inside the layer.
    // The description has the list of resources at `/` of the server's address, so that clients ask with the slash.
    let router = router.route("/epcis/", get(resources::list_top_level));
    let router =
        router.method_not_allowed_fallback(refuse_method_only).layer(middleware::from_fn(versions::speak));
    OpenApiRouter::with_openapi(document).merge(OpenApiRouter::from(router))
}

/// Whether an address is of this binding.
pub(super) fn is_here(path: &str) -> bool {
    path.strip_prefix("/epcis").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The refusal of an address of the binding that has nothing, in the standard's words.
pub(super) fn nothing_at(path: &str) -> Response {
    exception::Exception::none("resource", path).into_response()
}

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
    let router =
        router.method_not_allowed_fallback(refuse_method_only).layer(middleware::from_fn(versions::speak));
    OpenApiRouter::with_openapi(document).merge(OpenApiRouter::from(router))
}

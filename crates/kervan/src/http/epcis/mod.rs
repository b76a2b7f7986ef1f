//! The REST binding of EPCIS 2.0 under `/epcis`.
//!
//! Source: GS1 EPCIS 2.0, section 12; its OpenAPI description. Every refusal is one of the standard's exceptions.

mod capture;
mod document;
mod events;
mod exception;
mod page;
mod queries;
mod resources;
mod subscriptions;
mod versions;

pub(crate) use document::query_document;

use super::api::Api;
use axum::middleware;
use utoipa_axum::router::OpenApiRouter;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(capture::routes())
        .merge(events::routes())
        .merge(queries::routes())
        .merge(subscriptions::routes())
        .merge(resources::routes())
        .layer(middleware::from_fn(versions::speak))
}

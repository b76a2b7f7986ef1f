//! The HTTP API: routes, the OpenAPI document made from them, the page.

mod access;
mod account;
mod answers;
mod api;
mod audit;
mod caller;
mod consignments;
mod document;
mod dossiers;
mod edge;
pub(crate) mod epcis;
mod facts;
mod flows;
mod guarantees;
mod health;
mod messages;
mod movements;
mod node_key;
mod packages;
mod paging;
mod people;
mod plans;
mod positions;
mod problem;
mod reference;
mod rights;
mod rules;
mod screening;
mod session;
mod sign_in;
mod stream;
mod tracking;
mod ui;
mod work;

pub mod wire;

pub(crate) use answers::DONE_BEFORE;
pub use api::{Api, Pace, Parts};
use edge::Network;
pub use edge::{Buckets, Peer};
pub use epcis::Sockets;
pub use problem::Problem;
pub(crate) use ui::find_han_font;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(title = "Kervan", description = "The unified transport and logistics system of a trade corridor."),
    modifiers(&PartySecurity)
)]
struct Document;

struct PartySecurity;

impl Modify for PartySecurity {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("the API token of a registered party"))
            .build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("party", SecurityScheme::Http(bearer));
    }
}

fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(facts::routes())
        .merge(flows::routes())
        .merge(consignments::routes())
        .merge(dossiers::routes())
        .merge(messages::routes())
        .merge(movements::routes())
        .merge(rights::routes())
        .merge(rules::routes())
        .merge(screening::routes())
        .merge(work::routes())
        .merge(packages::routes())
        .merge(people::routes())
        .merge(plans::routes())
        .merge(guarantees::routes())
        .merge(epcis::routes())
        .merge(node_key::routes())
        .merge(positions::routes())
        .merge(stream::routes())
        .merge(tracking::routes())
        .merge(session::routes())
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(access::routes())
        .merge(audit::routes())
        .merge(health::routes())
}

/// The OpenAPI document of the API, indented, with a line feed at its end.
///
/// Errors: it cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    let (_, mut document) = routes().split_for_parts();
    document::complete(&mut document);
    Ok(document.to_pretty_json()? + "\n")
}

/// The whole application as a router.
pub fn router(api: Api) -> Router {
    let (router, mut document) = routes().split_for_parts();
    document::complete(&mut document);
    let text = document.to_pretty_json().unwrap_or_default();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    let router = router
        .layer(middleware::from_fn_with_state(api.clone(), answers::answer_once))
        // Behind the door: whom it refuses is told so, whatever the form.
        .layer(middleware::from_fn_with_state(edge::Media::of(&document), edge::check_media))
        .route("/api", reference::page(&text))
        .route("/api/style.css", reference::style())
        .route("/openapi.json", get(move || async move { (kind, Bytes::from(text)) }))
        .layer(middleware::from_fn_with_state(api.clone(), rights::admit))
        .fallback(ui::serve)
        .method_not_allowed_fallback(refuse_method)
        .layer(DefaultBodyLimit::max(api.running.settings.limits.body));
    let mut router = edge::surround(router, &api);
    for (name, value) in SECURITY_HEADERS {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    router.with_state(api)
}

/// The answer where a route is there, but not for the method; OPTIONS is answered with those that are.
async fn refuse_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    refuse_method_only().await.into_response()
}

/// The answer where a route is there, but not for the method.
async fn refuse_method_only() -> Problem {
    let detail = "this address does not take that method; /openapi.json lists every route";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", detail)
}

/// Headers of every answer. The map draws in a worker made from a blob; nothing else is let in.
const SECURITY_HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    (
        "content-security-policy",
        "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; style-src 'self'; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
];

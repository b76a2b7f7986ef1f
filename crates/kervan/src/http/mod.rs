//! The HTTP API: routes, the OpenAPI document made from them, the page.

mod answers;
mod api;
mod caller;
mod consignments;
mod dossiers;
pub(crate) mod epcis;
mod facts;
mod guarantees;
mod messages;
mod movements;
mod packages;
mod positions;
mod problem;
mod rules;
mod screening;
mod session;
mod stream;
mod tracking;
mod ui;
mod work;

pub mod wire;

pub use api::{Api, Pace};
pub use problem::Problem;
pub(crate) use ui::find_han_font;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::routing::get;
use axum::{Json, Router, middleware};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

/// Largest request body. Unit: byte. An exported dossier of 20,000 entries fits.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

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
        .merge(consignments::routes())
        .merge(dossiers::routes())
        .merge(messages::routes())
        .merge(movements::routes())
        .merge(rules::routes())
        .merge(screening::routes())
        .merge(work::routes())
        .merge(packages::routes())
        .merge(guarantees::routes())
        .merge(epcis::routes())
        .merge(positions::routes())
        .merge(stream::routes())
        .merge(tracking::routes())
        .merge(session::routes())
}

/// The OpenAPI document of the API, indented, with a line feed at its end.
///
/// Errors: it cannot be written as JSON.
pub fn openapi() -> Result<String, serde_json::Error> {
    let (_, document) = routes().split_for_parts();
    Ok(document.to_pretty_json()? + "\n")
}

/// The whole application as a router.
pub fn router(api: Api) -> Router {
    let (router, document) = routes().split_for_parts();
    let router = router
        .layer(middleware::from_fn_with_state(api.clone(), answers::answer_once))
        .route("/openapi.json", get(move || async move { Json(document) }))
        .fallback(ui::serve)
        .method_not_allowed_fallback(refuse_method);
    // A compressed stream of events would be held back until a block is full.
    let compress = DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream"));
    let mut router = router
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CompressionLayer::new().compress_when(compress));
    for (name, value) in SECURITY_HEADERS {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    router.with_state(api)
}

/// The answer where a route is there, but not for the method.
async fn refuse_method() -> Problem {
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

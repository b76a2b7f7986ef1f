//! Web pages of other origins: nobody's unless configured, and then without cookies.

use crate::http::api::Api;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a page may send and read beside what every page may.
const SENT: &str =
    "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, x-request-id";
const READ: &str = "etag, link, location, ratelimit, ratelimit-policy, retry-after, x-request-id";
const METHODS: &str = "GET, HEAD, POST, DELETE, OPTIONS";
/// How long a browser remembers what it may do. Unit: second.
const REMEMBERED: &str = "600";

/// Lets the pages of configured origins call. Cookies are not allowed with it: such a page shows a token.
pub(super) async fn allow(State(api): State<Api>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let known = |origin: &HeaderValue| {
        let origins = &api.running.settings.cors_origins;
        origin.to_str().is_ok_and(|origin| origins.iter().any(|known| known == origin))
    };
    let Some(origin) = origin.filter(known) else { return next.run(request).await };
    let asked = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let preflight = request.method() == Method::OPTIONS && asked;
    let mut response =
        if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let said: &[(HeaderName, &'static str)] = if preflight {
        &[
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
            (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
        ]
    } else {
        &[(header::ACCESS_CONTROL_EXPOSE_HEADERS, READ)]
    };
    for (name, value) in said {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    response
}

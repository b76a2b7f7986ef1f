//! Every request is named, counted, logged and traced: by its route, never by its address, which may hold names.

use crate::http::api::Api;
use crate::running::now;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use data_encoding::HEXLOWER;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The header that names a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest name that a caller may give its request.
const LONGEST_ID: usize = 64;
/// An answer that took longer is worth a line in the log.
const SLOW: Duration = Duration::from_secs(2);

/// The name that a caller gave its request, if it is harmless.
fn request_id_of(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(&REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(plain)).then_some(id)
}

fn word_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

/// Counts one that is being answered for as long as it is.
struct Answering(Arc<crate::running::Running>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.meters.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Names a request, and tells its counters, log and trace how it ended.
pub(super) async fn observe(State(api): State<Api>, request: Request, next: Next) -> Response {
    let begun = now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = word_of(request.method());
    let id = request_id_of(request.headers()).map(str::to_owned);
    let id = id.unwrap_or_else(|| HEXLOWER.encode(&crate::random::fresh::<8>()));
    let span = api.running.traces.as_ref().and_then(|traces| traces.begin(request.headers()));
    api.running.meters.running.fetch_add(1, Ordering::Relaxed);
    let answering = Answering(Arc::clone(&api.running));
    let mut response = next.run(request).await;
    drop(answering);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    api.running.meters.answered(&route, method, status, took);
    let ms = took.as_secs_f64() * 1e3;
    if status >= 500 {
        tracing::warn!(target: "kervan::requests", method, route, status, ms, request = id, "answered");
    } else if took > SLOW {
        tracing::info!(target: "kervan::requests", method, route, status, ms, request = id, "answered slowly");
    } else {
        tracing::debug!(target: "kervan::requests", method, route, status, ms, request = id, "answered");
    }
    if let (Some(traces), Some(span)) = (&api.running.traces, span) {
        traces.end(span, method, &route, status, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

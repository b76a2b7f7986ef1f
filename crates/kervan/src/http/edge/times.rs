//! How long a request may take: for its body to come, and for its answer.

use crate::http::api::Api;
use crate::http::problem::Problem;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::time::{Instant, timeout, timeout_at};

/// Ends a request whose body does not come, and one whose answer does not.
pub(super) async fn hold(State(api): State<Api>, request: Request, next: Next) -> Response {
    let limits = &api.running.settings.limits;
    let late = Arc::new(AtomicBool::new(false));
    let has_body = request.body().size_hint().exact() != Some(0);
    let request = if has_body {
        let deadline = Instant::now() + limits.body_within;
        request.map(|body| in_time(body, deadline, Arc::clone(&late)))
    } else {
        request
    };
    // Nothing is thought about before the body is there, so its time comes on top.
    let patience = if has_body { limits.body_within + limits.answer_within } else { limits.answer_within };
    let response = match timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail =
                "the answer took too long; what it would have changed may still take effect: ask for it";
            let mut response =
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "answer-late", "The node is too busy", detail)
                    .into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            return response;
        }
    };
    if !late.load(Ordering::Relaxed) {
        return response;
    }
    let detail =
        format!("the body did not come within {} seconds; nothing was changed", limits.body_within.as_secs());
    let mut response =
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "The request came too slowly", detail)
            .into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body that fails when it is not whole by an instant.
fn in_time(body: Body, deadline: Instant, late: Arc<AtomicBool>) -> Body {
    let frames =
        futures_util::stream::unfold((body.into_data_stream(), false), move |(mut frames, ended)| {
            let late = Arc::clone(&late);
            async move {
                if ended {
                    return None;
                }
                match timeout_at(deadline, frames.next()).await {
                    Ok(frame) => Some((frame?.map_err(io::Error::other), (frames, false))),
                    Err(_) => {
                        late.store(true, Ordering::Relaxed);
                        Some((Err(io::ErrorKind::TimedOut.into()), (frames, true)))
                    }
                }
            }
        });
    Body::from_stream(frames)
}

//! Versions of answers: what a caller has already is not sent again.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// Largest answer that gets a version; larger ones are files that nobody asks for twice. Unit: byte.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What an answer that is not sent again still says. Source: RFC 9110, section 15.4.5.
const KEPT: [HeaderName; 4] = [header::ETAG, header::CACHE_CONTROL, header::VARY, header::LINK];

/// Gives every whole answer to a GET its version, and answers 304 to a caller that has it.
///
/// The version is weak where it is made here: the same answer may be sent compressed or not. A route that knows a better one,
/// such as the version of a movement that `If-Match` takes, has set it.
pub(super) async fn compare(request: Request, next: Next) -> Response {
    let asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let route = request.uri().path().starts_with("/api") || request.uri().path().starts_with("/openapi");
    let response = next.run(request).await;
    let whole = response.body().size_hint().exact().is_some_and(|size| size > 0 && size <= LARGEST);
    if !asked || !route || response.status() != StatusCode::OK || !whole {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if !parts.headers.contains_key(header::ETAG) {
        let digest = Sha256::digest(&bytes);
        let tag = format!("W/\"{}\"", HEXLOWER.encode(digest.get(..16).unwrap_or_default()));
        parts.headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    }
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    parts.headers.append(header::VARY, HeaderValue::from_static("authorization, cookie, accept"));
    if known.is_some_and(|known| matches(&known, &parts.headers)) {
        let mut answer = StatusCode::NOT_MODIFIED.into_response();
        let kept = KEPT.iter().filter_map(|name| Some((name.clone(), parts.headers.get(name)?.clone())));
        answer.headers_mut().extend(kept);
        return answer;
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether one of the versions that the caller has is this one. Source: RFC 9110, section 13.1.2, weak comparison.
fn matches(known: &HeaderValue, headers: &HeaderMap) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(bare);
    let Ok(known) = known.to_str() else { return false };
    known.trim() == "*" || known.split(',').any(|one| Some(bare(one)) == tag)
}

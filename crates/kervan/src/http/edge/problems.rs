//! Refusals that the framework makes by itself, told as problems like all others.

use crate::http::problem::Problem;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// As much of a refusal's text as is told. Unit: byte.
const LONGEST: usize = 4_096;

/// Turns every refusal that is no problem and no message of a standard into a problem with a stable code.
pub(super) async fn explain(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_told(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let said = to_bytes(body, LONGEST).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    let (code, title, otherwise) = words_of(status);
    let detail = if said.is_empty() { otherwise.to_owned() } else { in_plain_words(&said) };
    let problem = Problem::new(status, code, title, detail).into_response();
    parts.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in problem.headers() {
        parts.headers.insert(name.clone(), value.clone());
    }
    Response::from_parts(parts, problem.into_body())
}

/// What the reader of addresses and queries says, without its own names for them.
fn in_plain_words(said: &str) -> String {
    if let Some(fault) = said.strip_prefix("Failed to deserialize query string: ") {
        return format!("the query of the address: {}", kervan_model::in_plain_words(&fault));
    }
    if said.starts_with("Invalid URL: ") {
        return "a part of the address cannot be read; /openapi.json says what stands there".to_owned();
    }
    said.to_owned()
}

/// Whether a refusal says in a form of its own what is wrong.
fn is_told(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    !(kind.is_empty() || kind.starts_with("text/plain"))
}

/// Code, title and words for a status that came without any.
fn words_of(status: StatusCode) -> (&'static str, &'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => {
            ("bad-request", "The request cannot be read", "the address or a parameter cannot be read")
        }
        StatusCode::NOT_FOUND => {
            ("not-found", "Not found", "there is nothing at this address; /openapi.json lists every route")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("method", "Method not allowed", "this address does not take that method")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("too-slow", "The request came too slowly", "the body did not come in time")
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("too-large", "Too large", "the body is larger than this node takes; split it")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("media-type", "Not a form that is read here", "see /openapi.json for what this address takes")
        }
        StatusCode::UPGRADE_REQUIRED => {
            ("upgrade-required", "A socket is needed", "this address is for websockets")
        }
        status if status.is_server_error() => {
            ("internal", "The node failed", "nothing was changed; the node's log says more")
        }
        _ => ("refused", "Refused", "the request was refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::in_plain_words;

    #[test]
    fn a_query_that_cannot_be_read_is_told_without_words_of_the_reader() {
        let cases = [
            (
                "Failed to deserialize query string: limit: invalid digit found in string",
                "the query of the address: limit: this is no whole number",
            ),
            (
                "Failed to deserialize query string: colour: unknown field `colour`, expected `after` or `limit`",
                "the query of the address: colour: there is no field `colour` here; its fields are `after`, `limit`",
            ),
            (
                "Invalid URL: Cannot parse `x` to a `u64`",
                "a part of the address cannot be read; /openapi.json says what stands there",
            ),
            ("the store is away", "the store is away"),
        ];
        for (said, plain) in cases {
            assert_eq!(in_plain_words(said), plain);
        }
    }
}

//! Idempotency: a request that comes again under its key gets the answer that it got the first time.

use super::api::Api;
use super::caller::find_party;
use super::problem::Problem;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use kervan_model::PartyId;
use kervan_store::{AnswerRow, Write};
use sha2::{Digest, Sha256};

/// Longest idempotency key.
const LONGEST_KEY: usize = 200;

/// Lets a request through once for each party and `Idempotency-Key`, and gives the kept answer afterwards.
///
/// Answers of the node's own failures are not kept, so that a caller may try again.
pub(super) async fn answer_once(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let key = parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let asked = match (key, parts.method == Method::POST) {
        (Some(key), true) if !key.is_empty() && key.len() <= LONGEST_KEY => {
            find_party(&parts, &api).map(|party| (party, key))
        }
        _ => None,
    };
    let Some((party, key)) = asked else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Ok(bytes) = to_bytes(body, super::LARGEST_BODY).await else {
        let detail = "the body is larger than this node takes; split it";
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail).into_response();
    };
    let request_hash = hash(&parts.method, parts.uri.path(), &bytes);
    match find(&api, &party, &key, &request_hash).await {
        Ok(Some(answer)) => return answer,
        Ok(None) => {}
        Err(problem) => return problem.into_response(),
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    keep(&api, party, key, request_hash, response).await
}

fn hash(method: &Method, path: &str, body: &Bytes) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("{method} {path}\n"));
    hasher.update(body);
    HEXLOWER.encode(&hasher.finalize())
}

async fn find(
    api: &Api,
    party: &PartyId,
    key: &str,
    request_hash: &str,
) -> Result<Option<Response>, Problem> {
    let (party, key) = (party.clone(), key.to_owned());
    let kept = api.run(move |desk| Ok(desk.store.find_answer(&party, &key)?)).await?;
    match kept {
        None => Ok(None),
        Some(row) if row.request_hash == request_hash => {
            let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::OK);
            Ok(Some((status, [(header::CONTENT_TYPE, kind_of(status, &row.body))], row.body).into_response()))
        }
        Some(_) => {
            let detail = "this idempotency key was used for another request; use a new key for each request";
            Err(Problem::new(StatusCode::CONFLICT, "key-reused", "Idempotency key used before", detail))
        }
    }
}

/// Of what type a kept answer is; a refusal of a message is itself a message.
fn kind_of(status: StatusCode, body: &str) -> &'static str {
    match (body.starts_with('<'), status.is_success()) {
        (true, _) => "application/xml",
        (false, true) => "application/json",
        (false, false) => "application/problem+json",
    }
}

async fn keep(api: &Api, party: PartyId, key: String, request_hash: String, response: Response) -> Response {
    if response.status().is_server_error() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, super::LARGEST_BODY).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let row = AnswerRow {
        party,
        key,
        request_hash,
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    match api.run(move |desk| Ok(desk.store.save(vec![Write::Answer(row)])?)).await {
        Ok(()) => Response::from_parts(parts, Body::from(bytes)),
        Err(problem) => problem.into_response(),
    }
}

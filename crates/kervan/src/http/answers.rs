//! Idempotency: a request that comes again under its key gets the answer that it got the first time.

use super::api::Api;
use super::caller::Asking;
use super::problem::Problem;
use super::rights::Denied;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use kervan_store::{AnswerRow, Write};
use sha2::{Digest, Sha256};

/// Longest idempotency key.
const LONGEST_KEY: usize = 200;
/// The status of a claim: the request has taken effect, its answer is not kept yet.
const CLAIMED: u16 = 0;
/// The code of a request that took effect and whose answer is lost.
pub(crate) const DONE_BEFORE: &str = "done-before";

tokio::task_local! {
    /// The claim of the request that is answered, for the batch in which its facts are saved.
    static CLAIM: AnswerRow;
}

/// The claim of the request that is answered on this task, if it has a key.
pub(super) fn claim() -> Option<AnswerRow> {
    CLAIM.try_with(Clone::clone).ok()
}

/// Lets a request through once for each caller and `Idempotency-Key`, and gives the kept answer afterwards.
///
/// The key is claimed in the same batch as the facts of the request, so that a node that stops between saving them and keeping
/// the answer does not do it twice. Answers of the node's own failures are not kept, so that a caller may try again.
pub(super) async fn answer_once(State(api): State<Api>, request: Request, next: Next) -> Response {
    // What the door refuses now is refused, whatever was answered before.
    if request.extensions().get::<Denied>().is_some() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let asked = match asked(&parts) {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let Some((caller, key)) = asked else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let Some(held) = api.running.hold_key(&caller, &key) else {
        let detail = "a request with this idempotency key is being answered; ask again for its answer";
        let problem = Problem::new(StatusCode::CONFLICT, "key-in-use", "The same request is running", detail);
        return ([(header::RETRY_AFTER, "1")], problem).into_response();
    };
    let Ok(bytes) = to_bytes(body, api.running.settings.limits.body).await else {
        let detail = "the body is larger than this node takes, or did not come whole";
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail).into_response();
    };
    let request_hash = hash(&parts.method, parts.uri.path(), &bytes);
    match find(&api, &caller, &key, &request_hash).await {
        Ok(Some(answer)) => return answer,
        Ok(None) => {}
        Err(problem) => return problem.into_response(),
    }
    let row = AnswerRow { caller, key, request_hash, status: CLAIMED, body: String::new() };
    let response = CLAIM.scope(row.clone(), next.run(Request::from_parts(parts, Body::from(bytes)))).await;
    let response = keep(&api, row, response).await;
    drop(held);
    response
}

/// Whether an answer holds a token, or the request a password, so that nothing of them is kept, not even a hash.
pub(super) fn holds_secret(path: &str) -> bool {
    let begins = ["/api/keys", "/api/access/keys", "/api/sign-in", "/api/session", "/api/play/sign-in"];
    begins.iter().any(|begin| path.starts_with(begin))
        || (path.starts_with("/api/people/") && path.ends_with("/password"))
}

/// The caller and key under which a request is to be answered once. Errors: the key cannot be one.
fn asked(parts: &Parts) -> Result<Option<(String, String)>, Problem> {
    let taken = parts.method == Method::POST && !holds_secret(parts.uri.path());
    let Some(key) = parts.headers.get("idempotency-key").filter(|_| taken) else {
        return Ok(None);
    };
    let key =
        key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY).ok_or_else(|| {
            let detail = format!("an idempotency key has 1 to {LONGEST_KEY} visible characters");
            Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The request cannot be read", detail)
        })?;
    let asking = parts.extensions.get::<Asking>();
    let caller = asking.and_then(|asking| match (&asking.caller.party, &asking.person) {
        (Some(party), _) => Some(party.to_string()),
        // No party has an @ in its id, so that nobody of the node is taken for one.
        (None, Some((name, _))) => Some(format!("{name}@")),
        (None, None) => None,
    });
    Ok(caller.map(|caller| (caller, key.to_owned())))
}

fn hash(method: &Method, path: &str, body: &Bytes) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("{method} {path}\n"));
    hasher.update(body);
    HEXLOWER.encode(&hasher.finalize())
}

async fn find(api: &Api, caller: &str, key: &str, request_hash: &str) -> Result<Option<Response>, Problem> {
    let (caller, key) = (caller.to_owned(), key.to_owned());
    let kept = api.run(move |desk| Ok(desk.store.find_answer(&caller, &key)?)).await?;
    match kept {
        None => Ok(None),
        Some(row) if row.request_hash == request_hash && row.status == CLAIMED => {
            let detail =
                "this request took effect; the node stopped before its answer was kept: read what it changed";
            Err(Problem::new(StatusCode::CONFLICT, DONE_BEFORE, "Done before", detail))
        }
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

async fn keep(api: &Api, row: AnswerRow, response: Response) -> Response {
    if response.status().is_server_error() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let row = AnswerRow {
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
        ..row
    };
    match api.run(move |desk| Ok(desk.store.save(vec![Write::Answer(row)])?)).await {
        Ok(()) => Response::from_parts(parts, Body::from(bytes)),
        Err(problem) => problem.into_response(),
    }
}

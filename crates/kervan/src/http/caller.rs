//! Who calls: the party whose token came with the request.

use super::api::Api;
use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use kervan_model::PartyId;

/// Longest token that is looked at.
const LONGEST_TOKEN: usize = 256;

/// A party that has shown its token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The party.
    pub party: PartyId,
    /// Its idempotency key for this request, if it sent one.
    pub key: Option<String>,
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let party = find_party(parts, api).ok_or_else(Problem::unauthorized)?;
        let key =
            parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self { party, key })
    }
}

/// The party whose token a request carries.
pub(super) fn find_party(parts: &Parts, api: &Api) -> Option<PartyId> {
    let header = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ").filter(|token| token.len() <= LONGEST_TOKEN)?;
    api.desk.with_registry(|registry| registry.find_by_token(token).map(|party| party.record.id.clone()))
}

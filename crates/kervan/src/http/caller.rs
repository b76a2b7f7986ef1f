//! Who calls: the party whose token came with the request.

use super::api::Api;
use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use kervan_model::{Finding, PartyId};

/// Longest token that is looked at.
const LONGEST_TOKEN: usize = 256;

/// A party that has shown its token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The party.
    pub party: PartyId,
    /// The officer of an administration whose own token it was.
    pub officer: Option<OfficerCaller>,
    /// Its idempotency key for this request, if it sent one.
    pub key: Option<String>,
}

/// An officer who has shown a token of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfficerCaller {
    /// The id at the administration.
    pub id: String,
    /// The name that colleagues know.
    pub name: String,
}

impl Caller {
    /// The officer's id for an act; `named` is whom the request names.
    ///
    /// Errors: the request names another officer than the one whose token it carries, or names one without such a token.
    pub(super) fn officer_for(&self, named: Option<&str>) -> Result<Option<String>, Problem> {
        let named = named.map(str::trim).filter(|named| !named.is_empty());
        match (&self.officer, named) {
            (Some(officer), Some(named)) if officer.id != named => Err(not_the_officer(format!(
                "the token is that of officer {}, the request names {named}",
                officer.id
            ))),
            (Some(officer), _) => Ok(Some(officer.id.clone())),
            (None, Some(named)) => Err(not_the_officer(format!(
                "the token is the administration's own, not that of officer {named}"
            ))),
            (None, None) => Ok(None),
        }
    }
}

fn not_the_officer(text: String) -> Problem {
    let finding = Finding::error("customs.officer-other", text).at("/officer");
    Problem::invalid(&[finding.remedy("sign in with the officer's own token: kervan party officer add")])
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let (party, officer) = find_caller(parts, api).ok_or_else(Problem::unauthorized)?;
        let key =
            parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self { party, officer, key })
    }
}

/// The party whose token, or whose officer's token, a request carries.
pub(super) fn find_party(parts: &Parts, api: &Api) -> Option<PartyId> {
    find_caller(parts, api).map(|(party, _)| party)
}

fn find_caller(parts: &Parts, api: &Api) -> Option<(PartyId, Option<OfficerCaller>)> {
    let header = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let token = header.strip_prefix("Bearer ").filter(|token| token.len() <= LONGEST_TOKEN)?;
    api.desk.with_registry(|registry| {
        if let Some(party) = registry.find_by_token(token) {
            return Some((party.record.id.clone(), None));
        }
        let (party, officer) = registry.find_officer_by_token(token)?;
        let officer = OfficerCaller { id: officer.id.clone(), name: officer.name.clone() };
        Some((party.record.id.clone(), Some(officer)))
    })
}

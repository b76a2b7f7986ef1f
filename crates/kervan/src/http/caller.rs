//! Who calls: what a request shows of itself, and the party in whose name a route acts.

use super::api::Api;
use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE, SEC_WEBSOCKET_PROTOCOL};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use kervan_identity::{PersonName, Said, Scope, SecretHash, is_from_own_page};
use kervan_model::{Finding, PartyId, Reference};
use kervan_node::{Shown, Used};
use kervan_rights::{Caller as RightsCaller, Relations, Standing};

/// Longest token that is looked at.
const LONGEST_TOKEN: usize = 256;

/// Who asks, as the door found out.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    /// As policies know them.
    pub caller: RightsCaller,
    /// The officer of an administration who asks.
    pub officer: Option<OfficerCaller>,
    /// The person who asks, and what they are called; none where a party's own system asks.
    pub person: Option<(PersonName, String)>,
    /// What of their rights the key that they show may be used for.
    pub scope: Scope,
    /// The session whose cookie the request shows.
    pub session: Option<SecretHash>,
    /// By what they showed who they are.
    pub by: Shown,
    /// What is to be noted as used.
    pub used: Option<Used>,
    /// The consignment that the request reads and how they stand to it, where the door has looked.
    pub stands: Option<(Reference, Relations)>,
}

impl Asking {
    /// Somebody whom nobody knows.
    pub(super) fn visitor() -> Self {
        let caller = RightsCaller::visitor();
        let by = Shown::Nothing;
        let (officer, person, session, used, stands) = (None, None, None, None, None);
        Self { caller, officer, person, scope: Scope::All, session, by, used, stands }
    }

    /// As who they are on record.
    pub(super) fn shown(&self) -> String {
        match (&self.person, &self.caller.party) {
            (Some((name, _)), _) => name.to_string(),
            (None, Some(party)) => party.to_string(),
            (None, None) => "visitor".to_owned(),
        }
    }
}

impl FromRequestParts<Api> for Asking {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Self::Rejection> {
        // Without the door nobody is known.
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::visitor))
    }
}

/// A party that has shown its token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The party.
    pub party: PartyId,
    /// The officer of an administration whose own token it was.
    pub officer: Option<OfficerCaller>,
    /// Its idempotency key for this request, if it sent one.
    pub key: Option<String>,
    /// By what it showed who it is.
    pub by: Shown,
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
    Problem::invalid(&[finding.remedy("sign in with the officer's own token: kervan people add")])
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        // Without the door nobody is known.
        let asking = parts.extensions.get::<Asking>().ok_or_else(Problem::unauthorized)?;
        let party = asking.caller.party.clone().ok_or_else(Problem::unauthorized)?;
        let key =
            parts.headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self { party, officer: asking.officer.clone(), key, by: asking.by.clone() })
    }
}

/// The party whose token, or whose officer's token, a request carries.
pub(super) fn find_party_of(headers: &HeaderMap, api: &Api) -> Option<PartyId> {
    find_asking(headers, api).caller.party
}

/// Subprotocol behind which a socket shows its token: a browser can set no other header of it.
const TOKEN_PROTOCOL: &str = "kervan.bearer.";

/// The token of a request.
fn token_of(headers: &HeaderMap) -> Option<&str> {
    let token = match headers.get(AUTHORIZATION) {
        Some(header) => header.to_str().ok()?.strip_prefix("Bearer "),
        None => {
            let protocols = headers.get(SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
            protocols.split(',').find_map(|protocol| protocol.trim().strip_prefix(TOKEN_PROTOCOL))
        }
    };
    token.filter(|token| token.len() <= LONGEST_TOKEN)
}

/// The value of a cookie of a request.
pub(super) fn cookie_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(known, value)| (known == name).then_some(value))
}

/// Whether a request comes from the page that this node serves.
pub(super) fn is_own_page(headers: &HeaderMap, api: &Api) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let said = Said { fetch_site: text("sec-fetch-site"), origin: text("origin"), host: text("host") };
    is_from_own_page(&said, &api.sign_ins.origins)
}

/// The refusal of a request that a page of others made a browser send.
pub(super) fn cross_site() -> Problem {
    let detail =
        "a session counts for requests of this node's own page; programs show a key of the API instead";
    Problem::new(StatusCode::FORBIDDEN, "cross-site", "Not from this page", detail)
}

/// Who sent a request. Whoever shows nothing, or what nobody here knows, is a visitor. A token counts before the cookie of a
/// session.
pub(super) fn find_asking(headers: &HeaderMap, api: &Api) -> Asking {
    let now = api.clock.now();
    let known = match token_of(headers) {
        Some(token) => api.desk.with_registry(|registry| registry.find_by_token(token, now)),
        None => cookie_of(headers, api.sign_ins.cookie()).and_then(|token| {
            let limits = &api.sign_ins.limits;
            api.desk.with_registry(|registry| registry.find_by_session(token, now, limits))
        }),
    };
    let Some(asker) = known else { return Asking::visitor() };
    let officer = match &asker.person {
        Some((name, called)) if asker.caller.standing == Standing::Officer => {
            Some(OfficerCaller { id: name.id().to_owned(), name: called.clone() })
        }
        Some(_) | None => None,
    };
    let session = match &asker.shown {
        Shown::Session(hash) => Some(hash.clone()),
        Shown::Nothing | Shown::Key(_) => None,
    };
    let (caller, person, scope, used) = (asker.caller, asker.person, asker.scope, asker.used);
    Asking { caller, officer, person, scope, session, by: asker.shown, used, stands: None }
}

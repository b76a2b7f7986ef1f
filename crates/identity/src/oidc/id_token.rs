//! What is believed of an ID token. Source: OpenID Connect Core 1.0, 3.1.3.7.

use super::keys::{Algorithm, ProviderKeys};
use crate::limits::{CLOCK_SKEW, LARGEST_ID_TOKEN};
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Why a login at a provider came to nothing. For the log of the node; whoever signs in is told only that it did.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcFault {
    /// What the provider says of itself cannot be used.
    #[error("the provider cannot be used: {0}")]
    Provider(String),
    /// The answer belongs to no login that this browser began, or comes too late.
    #[error("the answer belongs to no login that this browser began, or comes too late")]
    State,
    /// Another provider answers.
    #[error("another provider answers than the one that was asked")]
    Issuer,
    /// The provider refused, or the person changed their mind.
    #[error("the provider gave no code")]
    Refused,
    /// The token is not of the shape of one.
    #[error("the ID token cannot be read")]
    Shape,
    /// It is signed in a way that is not taken, or not at all.
    #[error("the ID token is signed in a way that is not taken, or not at all")]
    Algorithm,
    /// It is signed by a key that the provider has not published, as far as is known.
    #[error("the ID token is signed by a key that is not known")]
    UnknownKey,
    /// The signature is not that of the key.
    #[error("the signature of the ID token is wrong")]
    Signature,
    /// It is meant for others.
    #[error("the ID token is meant for others")]
    Audience,
    /// It has expired, or will begin only.
    #[error("the ID token has expired, or is not yet one; look at the clocks of both machines")]
    Time,
    /// It belongs to another login.
    #[error("the ID token belongs to another login")]
    Nonce,
    /// Nobody here is whom it names.
    #[error("nobody here is whom the ID token names")]
    Nobody,
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// This node there.
    pub client: &'a str,
    /// The login.
    pub nonce: &'a str,
    /// The instant now.
    pub now: Timestamp,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// What a token that is believed says.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// The provider.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    all: Map<String, Value>,
}

impl Claims {
    /// The texts of a claim: of a text one, of a list those of it. Steps into objects are parted by dots: `realm_access.roles`.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let whole = self.all.get(name);
        let found = whole.or_else(|| {
            let mut steps = name.split('.');
            let first = self.all.get(steps.next()?)?;
            steps.try_fold(first, |value, step| value.get(step))
        });
        match found {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(_) | None => Vec::new(),
        }
    }
}

/// Checks an ID token: who signed it, for whom, when, and in answer to which login.
///
/// Errors: the first thing that is wrong.
pub fn check_id_token(
    token: &str,
    keys: &ProviderKeys,
    expected: &Expected<'_>,
) -> Result<Claims, OidcFault> {
    if token.len() > LARGEST_ID_TOKEN {
        return Err(OidcFault::Shape);
    }
    let mut parts = token.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(OidcFault::Shape);
    };
    let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| OidcFault::Shape);
    let header: Header = serde_json::from_slice(&decode(head)?).map_err(|_| OidcFault::Shape)?;
    // What must be understood and is not (RFC 7515, 4.1.11) is refused with the rest.
    let algorithm =
        Algorithm::find(&header.alg).filter(|_| header.crit.is_none()).ok_or(OidcFault::Algorithm)?;
    let signed = token.get(..head.len() + 1 + body.len()).ok_or(OidcFault::Shape)?;
    keys.verify(algorithm, header.kid.as_deref(), signed.as_bytes(), &decode(signature)?)?;
    let all: Map<String, Value> = serde_json::from_slice(&decode(body)?).map_err(|_| OidcFault::Shape)?;
    let text = |name: &str| all.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(OidcFault::Issuer);
    }
    check_audience(&all, expected.client)?;
    check_times(&all, expected.now)?;
    if text("nonce") != Some(expected.nonce) {
        return Err(OidcFault::Nonce);
    }
    let subject =
        text("sub").filter(|sub| !sub.is_empty() && sub.len() <= 255).ok_or(OidcFault::Shape)?.to_owned();
    Ok(Claims { issuer: expected.issuer.to_owned(), subject, all })
}

fn check_audience(all: &Map<String, Value>, client: &str) -> Result<(), OidcFault> {
    let (ours, others) = match all.get("aud") {
        Some(Value::String(one)) => (one == client, false),
        Some(Value::Array(list)) => (list.iter().any(|one| one.as_str() == Some(client)), list.len() > 1),
        Some(_) | None => (false, false),
    };
    let party = all.get("azp").map(|azp| azp.as_str() == Some(client));
    // Where it is meant for others as well, it must say that it was given to us.
    if ours && party.unwrap_or(!others) { Ok(()) } else { Err(OidcFault::Audience) }
}

fn check_times(all: &Map<String, Value>, now: Timestamp) -> Result<(), OidcFault> {
    #[expect(clippy::cast_possible_truncation, reason = "a number of seconds may be written with a fraction")]
    let second =
        |name: &str| all.get(name).map(|value| value.as_i64().or_else(|| value.as_f64().map(|s| s as i64)));
    let (Some(Some(expires)), Some(Some(issued))) = (second("exp"), second("iat")) else {
        return Err(OidcFault::Shape);
    };
    let now = now.as_second();
    let begins = match second("nbf") {
        None => issued,
        Some(begins) => begins.ok_or(OidcFault::Shape)?,
    };
    let good =
        now < expires.saturating_add(CLOCK_SKEW) && issued.max(begins) <= now.saturating_add(CLOCK_SKEW);
    if good { Ok(()) } else { Err(OidcFault::Time) }
}

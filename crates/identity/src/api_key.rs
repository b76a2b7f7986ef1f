//! Keys of the API: what programs show, for a party or for a person.

use crate::limits::LONGEST_LABEL;
use crate::person::PersonName;
use crate::secret::{Secret, SecretHash};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::Timestamp;
use kervan_model::{Finding, PartyId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What every token begins with, so that tools that look for secrets in files know one.
const PREFIX: &str = "krv_";

/// Whose a key is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOwner {
    /// A party's own system.
    Party(PartyId),
    /// A person.
    Person(PersonName),
}

impl fmt::Display for KeyOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Party(party) => write!(f, "{party}"),
            Self::Person(name) => write!(f, "{name}"),
        }
    }
}

/// What of its owner's rights a key has. It never has more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All of them.
    All,
    /// What changes nothing.
    Read,
    /// Groups of actions, by their words in the policies.
    Groups(BTreeSet<String>),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Read => f.write_str("read"),
            Self::Groups(groups) => f.write_str(&groups.iter().cloned().collect::<Vec<_>>().join(",")),
        }
    }
}

impl FromStr for Scope {
    type Err = Finding;

    /// Reads `all`, `read`, or words of groups with commas between them. Whether the words are groups is for the caller to say.
    fn from_str(text: &str) -> Result<Self, Finding> {
        match text.trim() {
            "all" => Ok(Self::All),
            "read" => Ok(Self::Read),
            words => {
                let groups: BTreeSet<String> = words.split(',').map(|word| word.trim().to_owned()).collect();
                let good = |word: &String| {
                    !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c == b'-')
                };
                if groups.iter().all(good) {
                    return Ok(Self::Groups(groups));
                }
                let text = "a scope is `all`, `read` or groups of actions with commas between them";
                Err(Finding::error("identity.scope", text).at("/scope").remedy("such as read, or report,ask"))
            }
        }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|finding: Finding| de::Error::custom(finding.message))
    }
}

impl Scope {
    /// Whether it holds an action of a group; `reads`: the action changes nothing.
    pub fn holds(&self, group: &str, reads: bool) -> bool {
        match self {
            Self::All => true,
            Self::Read => reads,
            Self::Groups(groups) => groups.contains(group),
        }
    }
}

/// A key as it is kept: everything but the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// Its name in lists and in the audit log; the token shows it. Shape: 12 hexadecimal digits.
    pub id: String,
    /// Whose it is.
    pub owner: KeyOwner,
    /// What it is for, in the owner's words.
    pub label: String,
    /// What it may be used for.
    pub scope: Scope,
    /// When it was made.
    pub made: Timestamp,
    /// From when on it is worth nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// Since when it has been taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Timestamp>,
    /// What stands for the token.
    pub hash: SecretHash,
}

/// Why a key is worth nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
}

impl ApiKey {
    /// A new key and its token, which nobody can show again. `random`: 38 fresh random bytes, 6 for the id.
    ///
    /// Errors: `identity.label` if the label is empty or too long; `identity.expiry` if it has ended before it begins.
    pub fn make(
        owner: KeyOwner,
        label: &str,
        scope: Scope,
        (made, expires): (Timestamp, Option<Timestamp>),
        (name, random): ([u8; 6], &[u8; 32]),
    ) -> Result<(Self, Secret), Finding> {
        let id = HEXLOWER.encode(&name);
        let token = Secret::new(format!("{PREFIX}{id}_{}", BASE64URL_NOPAD.encode(random)));
        let key = Self::of_token(owner, label, scope, (made, expires), &token)?;
        Ok((Self { id, ..key }, token))
    }

    /// A key of a token that is there already; its id is made from the hash.
    ///
    /// Errors: as [`make`](Self::make).
    pub fn of_token(
        owner: KeyOwner,
        label: &str,
        scope: Scope,
        (made, expires): (Timestamp, Option<Timestamp>),
        token: &Secret,
    ) -> Result<Self, Finding> {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
            let text = format!("the label of a key needs 1 to {LONGEST_LABEL} characters");
            return Err(Finding::error("identity.label", text)
                .at("/label")
                .remedy("what the key is for: warehouse scanner"));
        }
        if expires.is_some_and(|expires| expires <= made) {
            let text = "the key would have expired before it is made";
            return Err(Finding::error("identity.expiry", text)
                .at("/expires")
                .remedy("name an instant that is to come"));
        }
        let hash = token.hash();
        let id = hash.as_str().chars().take(12).collect();
        Ok(Self { id, owner, label: label.to_owned(), scope, made, expires, revoked: None, hash })
    }

    /// Whether it is worth something. Errors: why not.
    pub fn assess(&self, now: Timestamp) -> Result<(), KeyFault> {
        if self.revoked.is_some() {
            return Err(KeyFault::Revoked);
        }
        if self.expires.is_some_and(|expires| now >= expires) { Err(KeyFault::Expired) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn key(expires: Option<Timestamp>) -> (ApiKey, Secret) {
        let owner = KeyOwner::Person("4711@customs-ge".parse().unwrap());
        ApiKey::make(owner, " scanner ", Scope::Read, (at(10), expires), ([0xab; 6], &[1; 32])).unwrap()
    }

    #[test]
    fn a_token_shows_its_prefix_and_id_and_the_kept_key_shows_no_token() {
        let (key, token) = key(None);
        assert_eq!(token.reveal(), format!("krv_abababababab_{}", BASE64URL_NOPAD.encode(&[1; 32])));
        assert_eq!((key.id.as_str(), key.label.as_str()), ("abababababab", "scanner"));
        assert_eq!(key.hash, SecretHash::of(token.reveal()));
        let kept = serde_json::to_string(&key).unwrap();
        assert!(!kept.contains(token.reveal()) && !format!("{key:?}").contains(token.reveal()));
        assert_eq!(serde_json::from_str::<ApiKey>(&kept).unwrap(), key);
    }

    #[test]
    fn a_key_is_worth_something_until_it_expires_or_is_revoked() {
        let (endless, _) = key(None);
        let (short, _) = key(Some(at(20)));
        let revoked = ApiKey { revoked: Some(at(15)), ..short.clone() };
        let cases = [
            (&endless, 1_000_000, Ok(())),
            (&short, 19, Ok(())),
            (&short, 20, Err(KeyFault::Expired)),
            (&revoked, 16, Err(KeyFault::Revoked)),
            (&revoked, 30, Err(KeyFault::Revoked)),
        ];
        for (key, now, expected) in cases {
            assert_eq!(key.assess(at(now)), expected, "{now}");
        }
    }

    #[test]
    fn labels_expiries_and_scopes_are_checked() {
        let make = |label: &str, expires| {
            let owner = KeyOwner::Party("rail-az".parse().unwrap());
            ApiKey::make(owner, label, Scope::All, (at(10), expires), ([0; 6], &[1; 32]))
                .map(|_| ())
                .map_err(|f| f.code)
        };
        assert_eq!(make("", None).unwrap_err(), "identity.label");
        assert_eq!(make(&"x".repeat(LONGEST_LABEL + 1), None).unwrap_err(), "identity.label");
        assert_eq!(make("a\u{7}b", None).unwrap_err(), "identity.label");
        assert_eq!(make("a", Some(at(10))).unwrap_err(), "identity.expiry");
        let cases = [
            ("all", "x", false, true),
            ("read", "x", true, true),
            ("read", "x", false, false),
            ("ask, report", "report", false, true),
            ("ask", "report", true, false),
        ];
        for (scope, group, reads, expected) in cases {
            let scope: Scope = scope.parse().unwrap();
            assert_eq!(scope.holds(group, reads), expected, "{scope} {group}");
            assert_eq!(scope.to_string().parse::<Scope>().unwrap(), scope);
        }
        for text in ["", "ask,", "Ask", "a b", "read;all"] {
            assert_eq!(text.parse::<Scope>().unwrap_err().code, "identity.scope", "{text}");
        }
    }
}

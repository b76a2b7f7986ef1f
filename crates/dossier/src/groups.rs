//! Groups of an entry's body, each under a salted commitment of its own, so that each can be withheld on its own.

use crate::canonical::{CanonicalError, jcs_of_integers, sha256_hex};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A text that is not a name, salt or commitment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}")]
pub struct GroupError {
    text: String,
    what: &'static str,
}

impl GroupError {
    fn new(text: &str, what: &'static str) -> Self {
        Self { text: text.chars().take(80).collect(), what }
    }
}

/// The name of a group. Shape: 1 to 40 lower-case letters, digits and underscores.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

impl GroupName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for GroupName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for GroupName {
    type Err = GroupError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(GroupError::new(text, "a group name: 1 to 40 lower-case letters, digits or underscores"))
    }
}

/// The SHA-256 that a header holds of a group. Shape: 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commitment(String);

impl Commitment {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Commitment {
    type Err = GroupError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower_hex = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
        if text.len() == 64 && text.bytes().all(lower_hex) {
            return Ok(Self(text.to_owned()));
        }
        Err(GroupError::new(text, "a commitment: 64 lower-case hexadecimal digits"))
    }
}

/// Sixteen random bytes that keep a withheld group from being guessed from its commitment. Shape: 32 lower-case
/// hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Salt(String);

impl Salt {
    /// From random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(HEXLOWER.encode(&bytes))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Salt {
    type Err = GroupError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 32 && HEXLOWER.decode(text.as_bytes()).is_ok() {
            return Ok(Self(text.to_owned()));
        }
        Err(GroupError::new(text, "a salt: 32 lower-case hexadecimal digits"))
    }
}

macro_rules! text {
    ($($name:ident),+) => {$(
        impl TryFrom<String> for $name {
            type Error = GroupError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}
text!(GroupName, Commitment, Salt);

/// A group that a copy discloses: its salt and its content.
///
/// The content is kept as its canonical text, the form that is hashed, stored and exported; [`Disclosed::content`] reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosed {
    salt: Salt,
    text: Arc<str>,
}

impl Disclosed {
    /// A group of this content.
    ///
    /// Errors: [`CanonicalError`] if the content holds a float, a too large integer, or is nested too deep.
    pub fn new(salt: Salt, content: &Value) -> Result<Self, CanonicalError> {
        let bytes = jcs_of_integers(content)?;
        let text = String::from_utf8(bytes)
            .map_err(|error| CanonicalError::Json(kervan_model::in_plain_words(&error)))?;
        Ok(Self { salt, text: text.into() })
    }

    /// From text that is known to be canonical.
    pub(crate) fn from_canonical(salt: Salt, text: &str) -> Self {
        Self { salt, text: text.into() }
    }

    /// The salt.
    pub fn salt(&self) -> &Salt {
        &self.salt
    }

    /// The content in canonical form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The content.
    pub fn content(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// What a header holds of this group under this name: the SHA-256 of `{"content":..,"group":..,"salt":..}` in
    /// canonical form. The name is in it, so that a group cannot be shown as another one.
    pub fn commitment(&self, group: &GroupName) -> Commitment {
        let (text, salt) = (&self.text, &self.salt);
        Commitment(sha256_hex(
            format!("{{\"content\":{text},\"group\":\"{group}\",\"salt\":\"{salt}\"}}").as_bytes(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::jcs;
    use serde_json::json;

    #[test]
    fn a_commitment_is_the_hash_of_a_canonical_object() {
        let salt = Salt::from_bytes([0xab; 16]);
        let content = json!({"z": [1, "ж"], "a": {"n": null}});
        let group: GroupName = "prices".parse().unwrap();
        let disclosed = Disclosed::new(salt.clone(), &content).unwrap();
        let whole = json!({"content": content, "group": "prices", "salt": "ab".repeat(16)});
        assert_eq!(disclosed.commitment(&group).to_string(), sha256_hex(&jcs(&whole).unwrap()));
        assert_eq!(disclosed.content(), content);
        let other: GroupName = "parties".parse().unwrap();
        assert_ne!(disclosed.commitment(&other), disclosed.commitment(&group));
        let salted = Disclosed::new(Salt::from_bytes([0xac; 16]), &content).unwrap();
        assert_ne!(salted.commitment(&group), disclosed.commitment(&group));
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "Prices", "a b", "a\"", &"a".repeat(41)] {
            assert!(text.parse::<GroupName>().is_err(), "{text}");
        }
        for text in ["", "AB", &"AB".repeat(16), &"ab".repeat(15), &"zz".repeat(16)] {
            assert!(text.parse::<Salt>().is_err(), "{text}");
        }
        for text in ["", &"AB".repeat(32), &"ab".repeat(31)] {
            assert!(text.parse::<Commitment>().is_err(), "{text}");
        }
    }
}

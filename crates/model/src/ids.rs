//! Ids by kind, so that one can never stand where another is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is not an id of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}: it needs {needs}")]
pub struct IdError {
    text: String,
    what: &'static str,
    needs: &'static str,
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $what:literal, $needs:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    return Ok(Self(text.to_owned()));
                }
                Err(IdError { text: text.chars().take(60).collect(), what: $what, needs: $needs })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
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
    };
}

fn is_name(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'))
}

fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
}

id!(
    /// A dossier: the hash of its first entry, so that no entry of another dossier can be replayed into it.
    DossierId, "a dossier id", "64 lower-case hexadecimal digits", is_sha256_hex
);
id!(
    /// An entry of a dossier: the SHA-256 of its signed header in canonical form.
    EntryId, "an entry id", "64 lower-case hexadecimal digits", is_sha256_hex
);
id!(
    /// The reference that the forwarder gives a consignment (its unique consignment reference).
    Reference, "a consignment reference", "1 to 35 letters, digits, hyphens, dots, underscores or slashes",
    |text| is_name(text, 35)
);
id!(
    /// A party as the node knows it.
    PartyId, "a party id", "1 to 64 letters, digits, hyphens, dots or underscores",
    |text| is_name(text, 64) && !text.contains('/')
);
id!(
    /// A directed link of the network.
    LinkId, "a link id", "1 to 32 letters, digits, hyphens, dots or underscores",
    |text| is_name(text, 32) && !text.contains('/')
);
id!(
    /// A directed service of the network.
    ServiceId, "a service id", "1 to 32 letters, digits, hyphens, dots or underscores",
    |text| is_name(text, 32) && !text.contains('/')
);
id!(
    /// A customs territory: one country or a union of several, by the id it has in `data/customs/territories.csv`.
    TerritoryId, "a customs territory id", "2 to 16 capital letters, digits or hyphens", |text| {
        (2..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
    }
);
id!(
    /// A transit movement: the consignment's reference, a slash, and its number on the way.
    MovementId, "a movement id", "a consignment reference, a slash and a number", |text| {
        text.rsplit_once('/').is_some_and(|(reference, number)| is_name(reference, 35) && number.parse::<u8>().is_ok())
    }
);
id!(
    /// A language, by its BCP 47 tag: language and, if needed, script, such as `ru`, `zh-Hans` or `uz-Cyrl`.
    LanguageTag, "a language tag", "2 or 3 small letters, and a script of four letters if needed, such as `ru` or `zh-Hans`", |text| {
        let (language, script) = text.split_once('-').map_or((text, None), |(language, script)| (language, Some(script)));
        let titled = |script: &str| {
            script.len() == 4
                && script.bytes().enumerate().all(|(at, b)| if at == 0 { b.is_ascii_uppercase() } else { b.is_ascii_lowercase() })
        };
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase()) && script.is_none_or(titled)
    }
);

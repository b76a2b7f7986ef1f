//! What stands in the store for a key.

use kervan_dossier::{KeyError, KeyId, PartyKey};
use std::fmt;

/// First word of a key that is sealed.
const SEALED: &str = "sealed";

/// First word of a key that is kept by somebody else.
const OUTSIDE: &str = "outside";

/// What the store keeps of a key.
///
/// Shape: PKCS#8 PEM of a key in the clear; `sealed KEY-ID BYTES` with the bytes in base64url; `outside KEY-ID`.
#[derive(Clone, PartialEq, Eq)]
pub enum Kept {
    /// The key itself, for everybody who may read the store.
    Clear(String),
    /// The key under the secret of the node.
    Sealed {
        /// Its name, which names the public key.
        id: KeyId,
        /// What [`crate::Sealer::unseal`] takes.
        text: String,
    },
    /// Its name only: somebody else keeps it.
    Outside(KeyId),
}

impl Kept {
    /// Reads what the store keeps.
    ///
    /// Errors: it is none of the three.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut words = text.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some(SEALED), Some(id)) => Ok(Self::Sealed { id: id.parse()?, text: text.to_owned() }),
            (Some(OUTSIDE), Some(id)) => Ok(Self::Outside(id.parse()?)),
            _ => Ok(Self::Clear(text.to_owned())),
        }
    }

    /// Whether whoever may read the store may sign with it.
    pub const fn is_clear(&self) -> bool {
        matches!(self, Self::Clear(_))
    }

    /// How it is kept, in a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Clear(_) => "clear",
            Self::Sealed { .. } => SEALED,
            Self::Outside(_) => OUTSIDE,
        }
    }

    /// The text for the store.
    pub fn to_text(&self) -> String {
        match self {
            Self::Clear(text) | Self::Sealed { text, .. } => text.clone(),
            Self::Outside(id) => format!("{OUTSIDE} {id}"),
        }
    }

    /// A key in the clear.
    ///
    /// Errors: it cannot be written.
    pub fn clear(key: &PartyKey) -> Result<Self, KeyError> {
        Ok(Self::Clear(key.to_pkcs8_pem()?.to_string()))
    }

    pub(crate) fn sealed(id: &KeyId, bytes: &str) -> Self {
        Self::Sealed { id: id.clone(), text: format!("{SEALED} {id} {bytes}") }
    }
}

impl fmt::Debug for Kept {
    /// How it is kept; nothing of the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_and_never_shown() {
        let key = PartyKey::from_seed([7; 32]);
        let clear = Kept::clear(&key).unwrap();
        let cases = [
            (clear, "clear"),
            (Kept::sealed(key.id(), "AAAA"), "sealed"),
            (Kept::Outside(key.id().clone()), "outside"),
        ];
        for (kept, word) in cases {
            assert_eq!(Kept::parse(&kept.to_text()).unwrap(), kept);
            assert_eq!(format!("{kept:?}"), word);
        }
        assert!(Kept::parse("sealed nobody AAAA").is_err());
    }
}

//! Short secrets beside keys: what signs deliveries to a subscriber, the seed of a draw.

use std::fmt;

/// First words of a text that is sealed.
const SEALED: &str = "sealed 1 ";
/// First words of a text in the clear that would be taken for something else.
const CLEAR: &str = "clear 1 ";

/// What the store keeps of a short secret.
///
/// Shape: the text itself; `sealed 1 BYTES` with the bytes in base64url; `clear 1 TEXT` for a text that begins like one of these.
#[derive(Clone, PartialEq, Eq)]
pub enum KeptText {
    /// The text itself, for everybody who may read the store.
    Clear(String),
    /// The text under the secret of the node: what [`crate::Sealer::unseal_text`] takes.
    Sealed(String),
}

impl KeptText {
    /// Reads what the store keeps.
    pub fn parse(text: &str) -> Self {
        match (text.strip_prefix(SEALED), text.strip_prefix(CLEAR)) {
            (Some(bytes), _) => Self::Sealed(bytes.to_owned()),
            (None, Some(clear)) => Self::Clear(clear.to_owned()),
            (None, None) => Self::Clear(text.to_owned()),
        }
    }

    /// The text for the store.
    pub fn to_text(&self) -> String {
        match self {
            Self::Sealed(bytes) => format!("{SEALED}{bytes}"),
            Self::Clear(text) if text.starts_with(SEALED) || text.starts_with(CLEAR) => {
                format!("{CLEAR}{text}")
            }
            Self::Clear(text) => text.clone(),
        }
    }
}

impl fmt::Debug for KeptText {
    /// How it is kept; nothing of the text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clear(_) => "clear",
            Self::Sealed(_) => "sealed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_whatever_it_begins_with() {
        for text in ["", "token", "sealed 1 AAAA", "clear 1 x", "clear 1 sealed 1 x", "sealed"] {
            let kept = KeptText::Clear(text.to_owned());
            assert_eq!(KeptText::parse(&kept.to_text()), kept, "{text}");
        }
        let sealed = KeptText::Sealed("AAAA".to_owned());
        assert_eq!(KeptText::parse(&sealed.to_text()), sealed);
        assert!(!format!("{:?}", KeptText::Clear("token".to_owned())).contains("token"));
    }
}

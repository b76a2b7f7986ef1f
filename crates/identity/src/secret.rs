//! Secrets: what nobody may read in a log, and what stands for them in the store.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// A text that is shown to nobody: `Debug` prints nothing of it, and it is wiped from memory when it is dropped.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// 32 random bytes as a text of 43 characters. Shape: base64url without padding.
    pub fn of_bytes(bytes: &[u8; 32]) -> Self {
        Self(BASE64URL_NOPAD.encode(bytes))
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What stands for it in the store.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }

    /// Whether it is the same text; takes as long whatever they hold.
    pub fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// SHA-256 of a secret of full entropy, such as a token: whoever reads the store has not got the token. Not for passwords.
///
/// Shape: 64 hexadecimal digits. Such hashes may be looked up and compared in any way: what the time of it tells of a hash tells
/// nothing of the secret.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// The hash of a token.
    pub fn of(token: &str) -> Self {
        Self(HEXLOWER.encode(&Sha256::digest(token.as_bytes())))
    }

    /// A hash as it was kept.
    pub fn from_kept(text: String) -> Self {
        Self(text)
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_secret_is_printed() {
        let secret = Secret::new("correct horse battery staple");
        for text in [format!("{secret:?}"), format!("{:?}", secret.hash()), format!("{:?}", Some(&secret))] {
            assert!(!text.contains("horse") && !text.contains(secret.hash().as_str()), "{text}");
        }
    }

    #[test]
    fn a_secret_is_itself_alone() {
        let cases = [
            ("abc", "abc", true),
            ("abc", "abd", false),
            ("abc", "ab", false),
            ("", "", true),
            ("", "a", false),
        ];
        for (one, other, same) in cases {
            assert_eq!(Secret::new(one).is(other), same, "{one} {other}");
            assert_eq!(SecretHash::of(one) == SecretHash::of(other), same);
        }
    }
}

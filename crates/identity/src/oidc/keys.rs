//! The keys of a provider, and signatures by them.

use super::OidcFault;
use crate::limits::{LARGEST_PROVIDER_DOCUMENT, MOST_PROVIDER_KEYS};
use data_encoding::BASE64URL_NOPAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// The keys with which a provider signs.
#[derive(Clone, Debug, Default)]
pub struct ProviderKeys {
    keys: Vec<Jwk>,
}

/// A key as it is published. Source: RFC 7517, RFC 7518, RFC 8037.
#[derive(Clone, Debug, Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

/// How a token may be signed. That it is not signed, or by a secret that the client has as well, is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Ps256,
    Es256,
    EdDsa,
}

impl Algorithm {
    const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    const fn word(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(super) fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.word() == word)
    }
}

impl ProviderKeys {
    /// Reads a key set. A key of a kind that is not known is passed over, as RFC 7517, 5 asks for.
    ///
    /// Errors: [`OidcFault::Provider`] if it is no key set, or too large.
    pub fn read(text: &str) -> Result<Self, OidcFault> {
        let fault = |says: &str| OidcFault::Provider(says.to_owned());
        if text.len() > LARGEST_PROVIDER_DOCUMENT {
            return Err(fault("its keys are too large"));
        }
        let set: KeySet = serde_json::from_str(text).map_err(|_| fault("its keys cannot be read"))?;
        if set.keys.len() > MOST_PROVIDER_KEYS {
            return Err(fault("it has too many keys"));
        }
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self {
            keys: keys.filter(|key: &Jwk| key.usage.as_deref().is_none_or(|usage| usage == "sig")).collect(),
        })
    }

    /// Whether a key of them has signed a text. `kid`: the key that the token names.
    ///
    /// Errors: [`OidcFault::UnknownKey`] if there is no such key, so that the keys may be fetched again; [`OidcFault::Signature`].
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
        signed: &[u8],
        by: &[u8],
    ) -> Result<(), OidcFault> {
        let fits = |key: &&Jwk| {
            let named = kid.is_none_or(|kid| key.kid.as_deref() == Some(kid));
            named && key.alg.as_deref().is_none_or(|alg| alg == algorithm.word()) && key.is_for(algorithm)
        };
        let mut known = self.keys.iter().filter(fits).peekable();
        if known.peek().is_none() {
            return Err(OidcFault::UnknownKey);
        }
        let verified = known.any(|key| key.verify(algorithm, signed, by).is_some());
        if verified { Ok(()) } else { Err(OidcFault::Signature) }
    }
}

impl Jwk {
    fn is_for(&self, algorithm: Algorithm) -> bool {
        let curve = self.crv.as_deref();
        match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => self.kty == "RSA",
            Algorithm::Es256 => self.kty == "EC" && curve == Some("P-256"),
            Algorithm::EdDsa => self.kty == "OKP" && curve == Some("Ed25519"),
        }
    }

    fn verify(&self, algorithm: Algorithm, signed: &[u8], by: &[u8]) -> Option<()> {
        let part = |text: &Option<String>| BASE64URL_NOPAD.decode(text.as_deref()?.as_bytes()).ok();
        match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => {
                let strip =
                    |bytes: Vec<u8>| -> Vec<u8> { bytes.into_iter().skip_while(|byte| *byte == 0).collect() };
                let key = RsaPublicKeyComponents { n: strip(part(&self.n)?), e: strip(part(&self.e)?) };
                let how = match algorithm {
                    Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
                    Algorithm::Rs256 | Algorithm::Es256 | Algorithm::EdDsa => {
                        &signature::RSA_PKCS1_2048_8192_SHA256
                    }
                };
                key.verify(how, signed, by).ok()
            }
            Algorithm::Es256 => {
                let (x, y) = (part(&self.x)?, part(&self.y)?);
                let point: Vec<u8> = std::iter::once(4).chain(x).chain(y).collect();
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(signed, by).ok()
            }
            Algorithm::EdDsa => {
                UnparsedPublicKey::new(&signature::ED25519, part(&self.x)?).verify(signed, by).ok()
            }
        }
    }
}

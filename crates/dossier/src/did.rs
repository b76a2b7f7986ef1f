//! Decentralized identifiers of parties, and the keys behind them.

use crate::limits::LONGEST_DID;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Multicodec prefix of an Ed25519 public key, as a varint. Source: multicodec table, `ed25519-pub` 0xed.
const ED25519_PUB: [u8; 2] = [0xed, 0x01];

/// What is wrong with an identifier or a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a `did:key` or `did:web`.
    #[error("`{0}` is not an identifier that can be used here: it needs did:key:z6Mk... or did:web:host")]
    Did(String),
    /// Not the name of a key: an identifier, a hash sign and a fragment.
    #[error("`{0}` does not name a key: it needs an identifier, `#` and the key's fragment")]
    KeyId(String),
    /// Not an Ed25519 public key in multibase.
    #[error("`{0}` is not an Ed25519 key in multibase (z, base58, 0xed01 and 32 bytes)")]
    Multikey(String),
    /// A key of small order, under which one signature fits many messages.
    #[error("the key is weak: one signature would fit many messages")]
    Weak,
    /// The identifier must be looked up, and the caller did not give its key.
    #[error("the key `{0}` is not known: it must be resolved by the caller")]
    Unresolved(String),
    /// Not a private key in PKCS#8.
    #[error("the text is not an Ed25519 private key in PKCS#8 PEM: {0}")]
    Pkcs8(String),
    /// Whoever keeps the key did not sign with it.
    #[error("{0}")]
    NotSigned(String),
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The 32 bytes of a multikey; whether they are a usable point is not asked.
fn decode_multikey(text: &str) -> Result<[u8; 32], KeyError> {
    let error = || KeyError::Multikey(shown(text));
    let mut bytes = [0_u8; 34];
    let encoded = text.strip_prefix('z').filter(|rest| rest.len() <= 60).ok_or_else(error)?;
    let length = bs58::decode(encoded).onto(&mut bytes).map_err(|_| error())?;
    match bytes.strip_prefix(&ED25519_PUB) {
        Some(key) if length == bytes.len() => key.try_into().map_err(|_| error()),
        _ => Err(error()),
    }
}

/// An Ed25519 public key. Invariant: not of small order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From its 32 bytes.
    ///
    /// Errors: [`KeyError::Multikey`] if they are not a point, [`KeyError::Weak`] if its order is small.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|error| KeyError::Multikey(error.to_string()))?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(Self(key)) }
    }

    /// Reads `z6Mk...`: multibase base58btc of the multicodec prefix and 32 bytes. Source: W3C Multikey.
    ///
    /// Errors: [`KeyError::Multikey`] or [`KeyError::Weak`].
    pub fn from_multikey(text: &str) -> Result<Self, KeyError> {
        Self::from_bytes(&decode_multikey(text)?)
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key as `z6Mk...`.
    pub fn to_multikey(&self) -> String {
        let mut bytes = ED25519_PUB.to_vec();
        bytes.extend_from_slice(self.0.as_bytes());
        format!("z{}", bs58::encode(bytes).into_string())
    }

    /// The `did:key` of the key.
    pub fn did(&self) -> Did {
        Did(format!("did:key:{}", self.to_multikey()))
    }

    /// Whether `signature` is one of `message`, by the strict rules: canonical encodings only, no small-order points.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl From<VerifyingKey> for PublicKey {
    fn from(key: VerifyingKey) -> Self {
        Self(key)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_multikey())
    }
}

/// The identifier of a party. Shape: `did:key:z6Mk...`, which holds its key, or `did:web:host[:path]`, whose key the caller
/// looks up and passes in as [`ResolvedKeys`]. Whether the bytes of a `did:key` are a usable point is asked when the key is
/// used, in [`KeyId::public_key`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Did(String);

/// How the key of an identifier is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DidMethod {
    /// The identifier is the key.
    Key,
    /// The key stands in a document at the party's own web address.
    Web,
}

impl Did {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How its key is found.
    pub fn method(&self) -> DidMethod {
        if self.0.starts_with("did:key:") { DidMethod::Key } else { DidMethod::Web }
    }

    /// The name of the only key of a `did:key`; `None` for a `did:web`, which may have several.
    pub fn find_key_id(&self) -> Option<KeyId> {
        let multikey = self.0.strip_prefix("did:key:")?;
        Some(KeyId { did: self.clone(), fragment: multikey.to_owned() })
    }
}

impl FromStr for Did {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || KeyError::Did(shown(text));
        if text.len() > LONGEST_DID {
            return Err(error());
        }
        if let Some(multikey) = text.strip_prefix("did:key:") {
            decode_multikey(multikey)?;
            return Ok(Self(text.to_owned()));
        }
        let segments = text.strip_prefix("did:web:").ok_or_else(error)?;
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'%');
        let well_formed = segments.split(':').all(|part| !part.is_empty() && part.bytes().all(allowed))
            && segments
                .split(':')
                .next()
                .is_some_and(|host| host.contains('.') || host.starts_with("localhost"));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(error()) }
    }
}

impl TryFrom<String> for Did {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Did> for String {
    fn from(did: Did) -> Self {
        did.0
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of one key: the `verificationMethod` of a proof. Shape: identifier, `#`, fragment.
///
/// Invariant: the fragment of a `did:key` is the key itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId {
    did: Did,
    fragment: String,
}

impl KeyId {
    /// The name of a key in its own `did:key`.
    pub fn of_public_key(key: &PublicKey) -> Self {
        Self { did: key.did(), fragment: key.to_multikey() }
    }

    /// Whose key it is.
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// The public key: from the identifier itself, or from what the caller resolved.
    ///
    /// Errors: [`KeyError::Unresolved`] if it is a `did:web` that `resolved` does not hold.
    pub fn public_key(&self, resolved: &ResolvedKeys) -> Result<PublicKey, KeyError> {
        match self.did.method() {
            DidMethod::Key => PublicKey::from_multikey(&self.fragment),
            DidMethod::Web => {
                resolved.find(self).copied().ok_or_else(|| KeyError::Unresolved(shown(&self.to_string())))
            }
        }
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || KeyError::KeyId(shown(text));
        let (did, fragment) = text.split_once('#').ok_or_else(error)?;
        let did: Did = did.parse()?;
        let named = match did.method() {
            DidMethod::Key => did.0.strip_prefix("did:key:") == Some(fragment),
            DidMethod::Web => {
                (1..=128).contains(&fragment.len()) && fragment.bytes().all(|b| b.is_ascii_graphic())
            }
        };
        if named { Ok(Self { did, fragment: fragment.to_owned() }) } else { Err(error()) }
    }
}

impl TryFrom<String> for KeyId {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.did, self.fragment)
    }
}

/// Keys that the caller has looked up, by name: the answer of a `did:web` resolver as a value, so that nothing here reads
/// the network and a check gives the same answer tomorrow.
#[derive(Clone, Debug, Default)]
pub struct ResolvedKeys(BTreeMap<KeyId, PublicKey>);

/// Reads public keys, each once: of the entries of a dossier many are by the same few keys.
pub(crate) struct KeyReader<'a> {
    resolved: &'a ResolvedKeys,
    read: BTreeMap<KeyId, PublicKey>,
}

impl<'a> KeyReader<'a> {
    pub(crate) fn new(resolved: &'a ResolvedKeys) -> Self {
        Self { resolved, read: BTreeMap::new() }
    }

    /// As [`KeyId::public_key`].
    pub(crate) fn public_key(&mut self, id: &KeyId) -> Result<PublicKey, KeyError> {
        if let Some(key) = self.read.get(id) {
            return Ok(*key);
        }
        let key = id.public_key(self.resolved)?;
        self.read.insert(id.clone(), key);
        Ok(key)
    }
}

impl ResolvedKeys {
    /// Adds a key.
    pub fn add(&mut self, id: KeyId, key: PublicKey) {
        self.0.insert(id, key);
    }

    /// The key of a name, if it was looked up.
    pub fn find(&self, id: &KeyId) -> Option<&PublicKey> {
        self.0.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of the W3C test vectors for `eddsa-jcs-2022`.
    const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    #[test]
    fn a_did_key_holds_its_key() {
        let did: Did = format!("did:key:{KEY}").parse().unwrap();
        let id = did.find_key_id().unwrap();
        assert_eq!(id.to_string(), format!("did:key:{KEY}#{KEY}"));
        let key = id.public_key(&ResolvedKeys::default()).unwrap();
        assert_eq!(key.to_multikey(), KEY);
        assert_eq!(key.did(), did);
        assert_eq!(id.to_string().parse::<KeyId>().unwrap(), id);
    }

    #[test]
    fn a_did_web_needs_its_key_from_the_caller() {
        let id: KeyId = "did:web:customs.example:kz#key-1".parse().unwrap();
        let mut resolved = ResolvedKeys::default();
        assert!(matches!(id.public_key(&resolved), Err(KeyError::Unresolved(_))));
        resolved.add(id.clone(), PublicKey::from_multikey(KEY).unwrap());
        assert_eq!(id.public_key(&resolved).unwrap().to_multikey(), KEY);
    }

    #[test]
    fn other_identifiers_are_refused() {
        let long = format!("did:web:{}.example", "a".repeat(600));
        for text in [
            "",
            "did:key:",
            "did:key:z6Mk",
            "did:key:m6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ0",
            "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
            "did:web:",
            "did:web:nodots",
            "did:web:a b.example",
            "did:ion:EiD",
            &long,
        ] {
            assert!(text.parse::<Did>().is_err(), "{text}");
        }
        for text in ["did:web:a.example", "did:web:a.example#", "did:web:a.example#a b"] {
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
        let other = format!("did:key:{KEY}#key-1");
        assert!(other.parse::<KeyId>().is_err(), "the fragment of a did:key is the key");
    }

    #[test]
    fn a_weak_key_is_no_key() {
        let mut bytes = ED25519_PUB.to_vec();
        bytes.push(1);
        bytes.extend_from_slice(&[0; 31]);
        let multikey = format!("z{}", bs58::encode(bytes).into_string());
        let id: KeyId = format!("did:key:{multikey}#{multikey}").parse().unwrap();
        assert_eq!(id.public_key(&ResolvedKeys::default()), Err(KeyError::Weak));
    }
}

//! The signing key of a party.

use crate::did::{Did, DidMethod, KeyError, KeyId, PublicKey};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use std::fmt;

/// An Ed25519 signing key and the name under which it signs. The secret is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct PartyKey {
    secret: SigningKey,
    id: KeyId,
}

impl PartyKey {
    /// The key of a 32-byte seed (RFC 8032), named as a `did:key`. Where the seed comes from is the caller's business.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self::named_by_itself(SigningKey::from_bytes(&seed))
    }

    fn named_by_itself(secret: SigningKey) -> Self {
        let public = PublicKey::from(secret.verifying_key());
        let id = KeyId::of_public_key(&public);
        Self { secret, id }
    }

    /// The same key, signing under a name of a `did:web`.
    ///
    /// Errors: [`KeyError::KeyId`] if the name is a `did:key`, which names its own key only.
    pub fn named(self, id: KeyId) -> Result<Self, KeyError> {
        match id.did().method() {
            DidMethod::Web => Ok(Self { secret: self.secret, id }),
            DidMethod::Key if id == self.id => Ok(self),
            DidMethod::Key => Err(KeyError::KeyId(id.to_string())),
        }
    }

    /// The identifier of the party.
    pub fn did(&self) -> &Did {
        self.id.did()
    }

    /// The name of the key, as it stands in proofs.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey::from(self.secret.verifying_key())
    }

    /// Signs bytes. Deterministic (RFC 8032).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }

    /// The private key as PKCS#8 PEM (RFC 8410), for a key file.
    ///
    /// Errors: [`KeyError::Pkcs8`] if it cannot be written.
    pub fn to_pkcs8_pem(&self) -> Result<String, KeyError> {
        // Version 1, without the public key: every tool reads it, and the public key follows from the secret.
        let pair = KeypairBytes { secret_key: self.secret.to_bytes(), public_key: None };
        let pem = pair.to_pkcs8_pem(LineEnding::LF).map_err(|error| KeyError::Pkcs8(error.to_string()))?;
        Ok(pem.to_string())
    }

    /// Reads a private key in PKCS#8 PEM, named as a `did:key`.
    ///
    /// Errors: [`KeyError::Pkcs8`] if the text is anything else, or its public key is not the secret's.
    pub fn from_pkcs8_pem(text: &str) -> Result<Self, KeyError> {
        let secret = SigningKey::from_pkcs8_pem(text).map_err(|error| KeyError::Pkcs8(error.to_string()))?;
        Ok(Self::named_by_itself(secret))
    }
}

impl fmt::Debug for PartyKey {
    /// Shows the name only: a secret must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartyKey({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did::ResolvedKeys;

    #[test]
    fn a_key_survives_its_pem() {
        let key = PartyKey::from_seed([7; 32]);
        let pem = key.to_pkcs8_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
        let again = PartyKey::from_pkcs8_pem(&pem).unwrap();
        assert_eq!(again.did(), key.did());
        let signature = again.sign(b"text");
        assert!(key.public().verifies(b"text", &signature));
        assert!(!key.public().verifies(b"texts", &signature));
    }

    #[test]
    fn the_pem_of_rfc_8410_is_read() {
        let pem = "-----BEGIN PRIVATE KEY-----\n\
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
            -----END PRIVATE KEY-----\n";
        let key = PartyKey::from_pkcs8_pem(pem).unwrap();
        assert_eq!(key.to_pkcs8_pem().unwrap(), pem);
        for text in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not a key"] {
            assert!(matches!(PartyKey::from_pkcs8_pem(text), Err(KeyError::Pkcs8(_))), "{text}");
        }
    }

    #[test]
    fn a_did_web_name_can_be_given() {
        let key = PartyKey::from_seed([1; 32]);
        let own = key.id().clone();
        assert_eq!(own.public_key(&ResolvedKeys::default()).unwrap(), key.public());
        let web = key.clone().named("did:web:rail.example#k1".parse().unwrap()).unwrap();
        assert_eq!(web.did().as_str(), "did:web:rail.example");
        let foreign = PartyKey::from_seed([2; 32]).id().clone();
        assert!(key.named(foreign).is_err());
    }

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!("{:?}", PartyKey::from_seed([7; 32]));
        assert!(shown.starts_with("PartyKey(did:key:z6Mk") && !shown.contains("07070707"), "{shown}");
    }
}

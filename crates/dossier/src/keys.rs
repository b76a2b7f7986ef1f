//! The signing key of a party.

use crate::did::{Did, DidMethod, KeyError, KeyId, PublicKey};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use pkcs8::PrivateKeyInfoRef;
use rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::fmt;
use zeroize::Zeroizing;

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// Random bytes that the caller gives, as the key format wants them.
struct Given<'a>(&'a mut dyn FnMut() -> [u8; 16]);

impl TryRng for Given<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(16) {
            for (byte, given) in chunk.iter_mut().zip((self.0)()) {
                *byte = given;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Given<'_> {}

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

    /// The seed of the key (RFC 8032), for whoever keeps it under a secret. It is wiped when it is dropped.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes())
    }

    /// Signs bytes. Deterministic (RFC 8032).
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }

    /// The private key as PKCS#8 PEM (RFC 8410), for a key file.
    ///
    /// Errors: [`KeyError::Pkcs8`] if it cannot be written.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        // Version 1, without the public key: every tool reads it, and the public key follows from the secret.
        let pair = KeypairBytes { secret_key: self.secret.to_bytes(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).map_err(|error| KeyError::Pkcs8(error.to_string()))
    }

    /// The private key as PKCS#8 PEM under a passphrase (PBES2 with scrypt and AES-256). `random` gives fresh random bytes.
    ///
    /// Errors: [`KeyError::Pkcs8`] if it cannot be written.
    pub fn to_encrypted_pem(
        &self,
        passphrase: &str,
        random: &mut dyn FnMut() -> [u8; 16],
    ) -> Result<String, KeyError> {
        let failed = |error: &dyn fmt::Display| KeyError::Pkcs8(error.to_string());
        let pair = KeypairBytes { secret_key: self.secret.to_bytes(), public_key: None };
        let plain = pair.to_pkcs8_der().map_err(|error| failed(&error))?;
        let plain = PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|error| failed(&error))?;
        let sealed =
            plain.encrypt_with_rng(&mut Given(random), passphrase).map_err(|error| failed(&error))?;
        let pem = sealed.to_pem(ENCRYPTED, LineEnding::LF).map_err(|error| failed(&error))?;
        Ok(pem.to_string())
    }

    /// Whether a key file is under a passphrase.
    pub fn is_encrypted(text: &str) -> bool {
        text.contains(ENCRYPTED)
    }

    /// Reads a private key in PKCS#8 PEM under a passphrase, named as a `did:key`.
    ///
    /// Errors: [`KeyError::Pkcs8`] if the passphrase is another one, or the text is anything else.
    pub fn from_encrypted_pem(text: &str, passphrase: &str) -> Result<Self, KeyError> {
        let secret = SigningKey::from_pkcs8_encrypted_pem(text, passphrase);
        secret.map(Self::named_by_itself).map_err(|error| KeyError::Pkcs8(error.to_string()))
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
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{}", pem.as_str());
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
        assert_eq!(key.to_pkcs8_pem().unwrap().as_str(), pem);
        for text in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not a key"] {
            assert!(matches!(PartyKey::from_pkcs8_pem(text), Err(KeyError::Pkcs8(_))), "{text}");
        }
    }

    #[test]
    fn a_passphrase_keeps_a_key_file() {
        let key = PartyKey::from_seed([7; 32]);
        let mut count = 0_u128;
        let mut random = || {
            count += 1;
            count.to_be_bytes()
        };
        let pem = key.to_encrypted_pem("a long way", &mut random).unwrap();
        assert!(
            PartyKey::is_encrypted(&pem) && !PartyKey::is_encrypted(&key.to_pkcs8_pem().unwrap()),
            "{pem}"
        );
        assert_eq!(PartyKey::from_encrypted_pem(&pem, "a long way").unwrap().did(), key.did());
        assert!(PartyKey::from_encrypted_pem(&pem, "a long Way").is_err());
        assert!(PartyKey::from_pkcs8_pem(&pem).is_err());
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

//! Somebody outside of the store who keeps keys: a folder of key files, a program, a module of hardware.

use kervan_dossier::{KeyError, KeyId, PartyKey, PublicKey, ResolvedKeys, Signatory};
use std::fmt;
use std::sync::Arc;

/// Keeps keys and signs with them. Nothing of it gives a private key out.
///
/// For a module of hardware by PKCS#11 the three are: `keep` is `C_GenerateKeyPair` (`CKM_EC_EDWARDS_KEY_PAIR_GEN`, with
/// `CKA_LABEL` the holder, `CKA_EXTRACTABLE` false) and does not take `fresh`; `sign` is `C_Sign` (`CKM_EDDSA`) with the object whose
/// `CKA_EC_POINT` is the key that the id names.
pub trait Keeper: fmt::Debug + Send + Sync {
    /// Keeps a key for a holder, and names it. `fresh` is a new key that the keeper may take; one that makes its own keys wipes it
    /// and names its own.
    ///
    /// Errors: [`KeyError::NotSigned`] if it keeps none now.
    fn keep(&self, holder: &str, fresh: PartyKey) -> Result<KeyId, KeyError>;

    /// Whether it takes keys that were made elsewhere: a folder does, a module of hardware does not.
    fn takes_keys(&self) -> bool;

    /// Signs bytes with a key that it keeps for a holder.
    ///
    /// Errors: [`KeyError::NotSigned`] if it has no such key, or does not answer.
    fn sign(&self, holder: &str, id: &KeyId, message: &[u8]) -> Result<[u8; 64], KeyError>;

    /// Where it is, for people.
    fn shown(&self) -> String;
}

/// A key that a keeper has.
#[derive(Clone, Debug)]
pub struct KeptOutside {
    holder: String,
    id: KeyId,
    public: PublicKey,
    keeper: Arc<dyn Keeper>,
}

impl KeptOutside {
    /// The key of a holder at a keeper.
    ///
    /// Errors: the id does not name its public key, so that what comes back could not be checked.
    pub fn new(holder: &str, id: KeyId, keeper: Arc<dyn Keeper>) -> Result<Self, KeyError> {
        let public = id.public_key(&ResolvedKeys::default())?;
        Ok(Self { holder: holder.to_owned(), id, public, keeper })
    }
}

impl Signatory for KeptOutside {
    fn id(&self) -> &KeyId {
        &self.id
    }

    fn public(&self) -> Result<PublicKey, KeyError> {
        Ok(self.public)
    }

    /// What comes back is checked: a keeper that signs with another key makes no entry that nobody believes.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let signature = self.keeper.sign(&self.holder, &self.id, message)?;
        if self.public.verifies(message, &signature) {
            return Ok(signature);
        }
        let text = format!("{} gave a signature that is not one of {}", self.keeper.shown(), self.id);
        Err(KeyError::NotSigned(text))
    }
}

/// A key whose secret or keeper was not given: it is known and does not sign.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its name.
    pub id: KeyId,
    /// Why it does not sign and what to do.
    pub why: &'static str,
}

impl Locked {
    /// A key under the node's secret, which was not given.
    pub const fn sealed(id: KeyId) -> Self {
        let why = "the keys of this node are sealed, and their secret was not given: keys.secret_file or KERVAN_KEYS_SECRET";
        Self { id, why }
    }

    /// A key that a keeper has, and none was named.
    pub const fn outside(id: KeyId) -> Self {
        let why =
            "the key is kept outside of the store, and its keeper was not named: keys.folder or keys.signer";
        Self { id, why }
    }
}

impl Signatory for Locked {
    fn id(&self) -> &KeyId {
        &self.id
    }

    fn public(&self) -> Result<PublicKey, KeyError> {
        self.id.public_key(&ResolvedKeys::default())
    }

    fn sign(&self, _message: &[u8]) -> Result<[u8; 64], KeyError> {
        Err(KeyError::NotSigned(self.why.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A keeper that makes its own keys and gives none out, as a module of hardware does; `crooked` signs something else.
    #[derive(Debug)]
    struct Module {
        key: PartyKey,
        crooked: bool,
    }

    impl Keeper for Module {
        fn keep(&self, _holder: &str, _fresh: PartyKey) -> Result<KeyId, KeyError> {
            Ok(self.key.id().clone())
        }

        fn takes_keys(&self) -> bool {
            false
        }

        fn sign(&self, _holder: &str, _id: &KeyId, message: &[u8]) -> Result<[u8; 64], KeyError> {
            Ok(self.key.sign(if self.crooked { b"something else" } else { message }))
        }

        fn shown(&self) -> String {
            "the module".to_owned()
        }
    }

    #[test]
    fn what_a_keeper_signs_is_held_against_the_key_that_it_named() {
        for (crooked, good) in [(false, true), (true, false)] {
            let keeper: Arc<dyn Keeper> = Arc::new(Module { key: PartyKey::from_seed([9; 32]), crooked });
            let id = keeper.keep("silkline", PartyKey::from_seed([1; 32])).unwrap();
            let key = KeptOutside::new("silkline", id, keeper).unwrap();
            let signed = key.sign(b"text");
            assert_eq!(signed.is_ok(), good, "{signed:?}");
            if let Ok(signature) = signed {
                assert!(key.public().unwrap().verifies(b"text", &signature));
            }
        }
    }

    #[test]
    fn a_locked_key_is_known_and_does_not_sign() {
        let id = PartyKey::from_seed([1; 32]).id().clone();
        for locked in [Locked::sealed(id.clone()), Locked::outside(id.clone())] {
            assert_eq!(locked.public().unwrap(), PartyKey::from_seed([1; 32]).public());
            assert!(locked.sign(b"text").unwrap_err().to_string().contains("keys."), "it says what to do");
        }
    }
}

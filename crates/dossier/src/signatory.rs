//! Who signs with a key, wherever that key is kept.
//!
//! Nothing here hands a private key out, so that a key in a module of hardware, or in a program under another user, fits as well as
//! one in memory. A module by PKCS#11 (version 3.0 and later) fits by `CKM_EDDSA` with plain Ed25519 over the bytes that are given:
//! `public` is the object's `CKA_EC_POINT`, `sign` is `C_SignInit` and `C_Sign`.

use crate::did::{KeyError, KeyId, PublicKey};
use crate::keys::PartyKey;
use std::fmt;
use std::sync::Arc;

/// A key that signs and is not given out.
///
/// Invariant: what `sign` returns verifies under `public`, and `public` is the key that `id` names.
pub trait Signatory: fmt::Debug + Send + Sync {
    /// The name of the key, as it stands in proofs.
    fn id(&self) -> &KeyId;

    /// The public half.
    ///
    /// Errors: [`KeyError`] if it is not known without asking somebody who does not answer.
    fn public(&self) -> Result<PublicKey, KeyError>;

    /// Signs bytes with Ed25519 (RFC 8032).
    ///
    /// Errors: [`KeyError::NotSigned`] if whoever keeps the key does not sign; the text says what to do.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError>;
}

impl Signatory for PartyKey {
    fn id(&self) -> &KeyId {
        self.id()
    }

    fn public(&self) -> Result<PublicKey, KeyError> {
        Ok(self.public())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        Ok(self.sign(message))
    }
}

impl<S: Signatory + ?Sized> Signatory for Arc<S> {
    fn id(&self) -> &KeyId {
        (**self).id()
    }

    fn public(&self) -> Result<PublicKey, KeyError> {
        (**self).public()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        (**self).sign(message)
    }
}

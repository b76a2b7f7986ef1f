//! Data Integrity proofs of the cryptosuite `eddsa-jcs-2022`.
//!
//! Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.3; W3C Verifiable Credential Data Integrity 1.0. What is
//! signed is `SHA-256(JCS(proof configuration)) || SHA-256(JCS(document without proof))`.

use crate::canonical::{CanonicalError, jcs, sha256};
use crate::did::{KeyError, KeyId, KeyReader, ResolvedKeys};
use crate::signatory::Signatory;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The only proof type.
pub const PROOF_TYPE: &str = "DataIntegrityProof";
/// The only cryptosuite.
pub const CRYPTOSUITE: &str = "eddsa-jcs-2022";
/// The only purpose: the author asserts what the entry says.
pub const PROOF_PURPOSE: &str = "assertionMethod";

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The document has no proof, or not one proof.
    #[error("the document is not an object with one proof")]
    NoProof,
    /// A member of the proof has another value than this cryptosuite needs.
    #[error("the proof's `{member}` is not `{needs}`")]
    Member {
        /// The member.
        member: &'static str,
        /// What it should be.
        needs: &'static str,
    },
    /// The proof speaks of another context than the document.
    #[error("the proof's `@context` is not the beginning of the document's")]
    Context,
    /// The signature is not 64 bytes in base58 with a leading `z`.
    #[error("the proof's `proofValue` is not a signature of 64 bytes in base58 with a leading z")]
    Value,
    /// The key is not known or not usable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The document cannot be written canonically.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The signature is not one of these bytes under this key.
    #[error(
        "the signature does not fit: the content was changed after it was signed, or another key signed it"
    )]
    Signature,
}

/// What stands in a proof beside the signature.
///
/// The members are declared in canonical order, so that the plain serializer writes canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// When it was made, as RFC 3339.
    pub created: String,
    /// [`CRYPTOSUITE`].
    pub cryptosuite: String,
    /// [`PROOF_PURPOSE`].
    #[serde(rename = "proofPurpose")]
    pub proof_purpose: String,
    /// The signature: `z` and base58.
    #[serde(rename = "proofValue")]
    pub proof_value: String,
    /// [`PROOF_TYPE`].
    #[serde(rename = "type")]
    pub proof_type: String,
    /// The key that signed.
    #[serde(rename = "verificationMethod")]
    pub verification_method: KeyId,
}

/// A proof without its signature, in canonical order.
#[derive(Serialize)]
struct ProofConfig<'a> {
    created: &'a str,
    cryptosuite: &'a str,
    #[serde(rename = "proofPurpose")]
    proof_purpose: &'a str,
    #[serde(rename = "type")]
    proof_type: &'a str,
    #[serde(rename = "verificationMethod")]
    verification_method: &'a KeyId,
}

impl Proof {
    /// A proof of these bytes.
    ///
    /// Errors: [`ProofError::Canonical`] if the configuration cannot be written; [`ProofError::Key`] if the key's keeper does not sign.
    pub(crate) fn sign(document: &[u8], created: String, key: &dyn Signatory) -> Result<Self, ProofError> {
        let mut proof = Self {
            created,
            cryptosuite: CRYPTOSUITE.to_owned(),
            proof_purpose: PROOF_PURPOSE.to_owned(),
            proof_value: String::new(),
            proof_type: PROOF_TYPE.to_owned(),
            verification_method: key.id().clone(),
        };
        let signature = key.sign(&message(&proof.config()?, document))?;
        proof.proof_value = encode_signature(&signature);
        Ok(proof)
    }

    /// Checks the proof against the canonical bytes of the document without proof.
    ///
    /// Errors: the first thing that is wrong.
    pub(crate) fn check(&self, document: &[u8], keys: &mut KeyReader<'_>) -> Result<(), ProofError> {
        check_member("type", &self.proof_type, PROOF_TYPE)?;
        check_member("cryptosuite", &self.cryptosuite, CRYPTOSUITE)?;
        check_member("proofPurpose", &self.proof_purpose, PROOF_PURPOSE)?;
        let signature = decode_signature(&self.proof_value)?;
        let key = keys.public_key(&self.verification_method)?;
        let fits = key.verifies(&message(&self.config()?, document), &signature);
        if fits { Ok(()) } else { Err(ProofError::Signature) }
    }

    /// The signature; `None` if the value is none.
    pub fn signature(&self) -> Option<[u8; 64]> {
        decode_signature(&self.proof_value).ok()
    }

    fn config(&self) -> Result<Vec<u8>, ProofError> {
        let config = ProofConfig {
            created: &self.created,
            cryptosuite: &self.cryptosuite,
            proof_purpose: &self.proof_purpose,
            proof_type: &self.proof_type,
            verification_method: &self.verification_method,
        };
        serde_json::to_vec(&config).map_err(|error| CanonicalError::Json(error.to_string()).into())
    }
}

/// The bytes that are signed: two hashes, the proof configuration's first.
fn message(config: &[u8], document: &[u8]) -> [u8; 64] {
    let mut message = [0; 64];
    let (first, second) = message.split_at_mut(32);
    first.copy_from_slice(&sha256(config));
    second.copy_from_slice(&sha256(document));
    message
}

fn encode_signature(signature: &[u8; 64]) -> String {
    format!("z{}", bs58::encode(signature).into_string())
}

fn decode_signature(text: &str) -> Result<[u8; 64], ProofError> {
    let mut bytes = [0; 64];
    // 64 bytes have at most 88 digits in base 58.
    let encoded = text.strip_prefix('z').filter(|rest| rest.len() <= 88).ok_or(ProofError::Value)?;
    match bs58::decode(encoded).onto(&mut bytes) {
        Ok(64) => Ok(bytes),
        _ => Err(ProofError::Value),
    }
}

fn check_member(member: &'static str, found: &str, needs: &'static str) -> Result<(), ProofError> {
    if found == needs { Ok(()) } else { Err(ProofError::Member { member, needs }) }
}

/// Adds a proof to any JSON document. The document's `@context`, if it has one, is carried into the proof.
///
/// Errors: [`ProofError::NoProof`] if the document is not an object or has a proof already.
pub fn sign_document(document: &Value, created: &str, key: &dyn Signatory) -> Result<Value, ProofError> {
    let Value::Object(members) = document else {
        return Err(ProofError::NoProof);
    };
    if members.contains_key("proof") {
        return Err(ProofError::NoProof);
    }
    let mut config = Map::new();
    config.insert("type".into(), PROOF_TYPE.into());
    config.insert("cryptosuite".into(), CRYPTOSUITE.into());
    config.insert("created".into(), created.into());
    config.insert("verificationMethod".into(), key.id().to_string().into());
    config.insert("proofPurpose".into(), PROOF_PURPOSE.into());
    if let Some(context) = members.get("@context") {
        config.insert("@context".into(), context.clone());
    }
    let signature = key.sign(&message(&jcs(&Value::Object(config.clone()))?, &jcs(document)?))?;
    config.insert("proofValue".into(), encode_signature(&signature).into());
    let mut secured = members.clone();
    secured.insert("proof".into(), Value::Object(config));
    Ok(Value::Object(secured))
}

/// Checks the one proof of any JSON document and gives the name of the key that signed. Whether that key may speak for
/// anybody is not asked here.
///
/// Errors: the first thing that is wrong.
pub fn check_document(secured: &Value, resolved: &ResolvedKeys) -> Result<KeyId, ProofError> {
    let Value::Object(members) = secured else {
        return Err(ProofError::NoProof);
    };
    let mut document = members.clone();
    let Some(Value::Object(mut config)) = document.remove("proof") else {
        return Err(ProofError::NoProof);
    };
    let Some(Value::String(proof_value)) = config.remove("proofValue") else {
        return Err(ProofError::Value);
    };
    let member = |name: &str| config.get(name).and_then(Value::as_str).unwrap_or_default();
    check_member("type", member("type"), PROOF_TYPE)?;
    check_member("cryptosuite", member("cryptosuite"), CRYPTOSUITE)?;
    check_member("proofPurpose", member("proofPurpose"), PROOF_PURPOSE)?;
    if let Some(created) = config.get("created") {
        let instant = created.as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        instant.ok_or(ProofError::Member { member: "created", needs: "an instant of RFC 3339" })?;
    }
    if let Some(context) = config.get("@context") {
        if !begins_with(document.get("@context"), context) {
            return Err(ProofError::Context);
        }
        document.insert("@context".into(), context.clone());
    }
    let id: KeyId = member("verificationMethod").parse()?;
    let signature = decode_signature(&proof_value)?;
    let key = id.public_key(resolved)?;
    let message = message(&jcs(&Value::Object(config))?, &jcs(&Value::Object(document))?);
    if key.verifies(&message, &signature) { Ok(id) } else { Err(ProofError::Signature) }
}

/// Whether the document's context starts with all values of the proof's, in the same order.
fn begins_with(document: Option<&Value>, proof: &Value) -> bool {
    let as_list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    };
    document.is_some_and(|context| as_list(context).starts_with(&as_list(proof)))
}

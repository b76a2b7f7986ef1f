//! The node's signature on deliveries to subscribers: an HTTP message signature with Ed25519.
//!
//! Source: RFC 9421 (HTTP Message Signatures) and RFC 9530 (Digest Fields). Covered are the method, the address, the type and
//! the digest of the body, and the id of the delivery, so that none can be changed or sent elsewhere without the key.

use crate::custody::not_signed;
use crate::{Desk, Refusal};
use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use kervan_custody::Kept;
use kervan_dossier::{PartyKey, PublicKey, Signatory};
use kervan_model::Finding;
use kervan_store::Write;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Label of the node's signature among others that a message may carry.
const LABEL: &str = "kervan";

/// Note under which the node's key is kept.
pub(crate) const NOTE: &str = "node-key";

/// The node as a holder of a key. No party has such a name.
pub(crate) const NODE: &str = "*";

/// What is signed of a message, beside its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedMessage<'a> {
    /// Method and address, for a delivery that calls one; nothing for a message on a socket.
    pub target: Option<(&'a str, &'a str)>,
    /// Type of the body; nothing for a message on a socket.
    pub content_type: Option<&'a str>,
    /// Id of the delivery.
    pub delivery: &'a str,
}

impl SignedMessage<'_> {
    /// Covered components and their values, in the order in which they are signed.
    fn components(&self, digest: &str) -> Vec<(&'static str, String)> {
        let mut components = Vec::new();
        if let Some((method, address)) = self.target {
            components.push(("@method", method.to_owned()));
            components.push(("@target-uri", address.to_owned()));
        }
        components.push(("content-digest", digest.to_owned()));
        components.extend(self.content_type.map(|kind| ("content-type", kind.to_owned())));
        components.push(("kervan-delivery", self.delivery.to_owned()));
        components
    }
}

/// The key with which the node signs what it sends in its own name; made of `fresh` bytes the first time.
///
/// It stays in the store, in the clear or sealed: what it signs is no entry of a dossier.
pub fn load_node_key(desk: &Desk, fresh: [u8; 32]) -> Result<Arc<dyn Signatory>, Refusal> {
    let kept = match find_kept(desk)? {
        Some(kept) => kept,
        None => {
            let kept = desk.with_keys(|custody| custody.keep_inside(NODE, &PartyKey::from_seed(fresh)))?;
            desk.store.save(vec![Write::Note { name: NOTE.to_owned(), value: kept.to_text() }])?;
            desk.forget_key_counts();
            kept
        }
    };
    desk.with_keys(|custody| custody.take(NODE, &kept))
}

/// What is kept of the node's key, if it has one yet.
pub(crate) fn find_kept(desk: &Desk) -> Result<Option<Kept>, Refusal> {
    let Some(text) = desk.store.find_note(NOTE)? else { return Ok(None) };
    // Older nodes kept the 32 bytes in hexadecimal digits.
    let seed = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let kept = match seed {
        Some(seed) => Kept::clear(&PartyKey::from_seed(seed)),
        None => Kept::parse(&text),
    };
    kept.map(Some).map_err(|error| Refusal::broken("the node's key", &error))
}

/// The headers that sign a message: `Content-Digest`, `Signature-Input` and `Signature`.
///
/// Errors: the key does not sign.
pub fn sign_message(
    key: &dyn Signatory,
    message: &SignedMessage<'_>,
    body: &[u8],
    now: Timestamp,
) -> Result<[(&'static str, String); 3], Refusal> {
    let digest = format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(body)));
    let components = message.components(&digest);
    let names: Vec<String> = components.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let parameters =
        format!("({});created={};keyid=\"{}\";alg=\"ed25519\"", names.join(" "), now.as_second(), key.id());
    let lines = components.iter().map(|(name, value)| (*name, value.as_str()));
    let signature = key.sign(base(lines, &parameters).as_bytes()).map_err(not_signed)?;
    let signature = BASE64.encode(&signature);
    Ok([
        ("Content-Digest", digest),
        ("Signature-Input", format!("{LABEL}={parameters}")),
        ("Signature", format!("{LABEL}=:{signature}:")),
    ])
}

/// The signature base. Source: RFC 9421, section 2.5.
fn base<'a>(components: impl Iterator<Item = (&'a str, &'a str)>, parameters: &str) -> String {
    let lines = components.map(|(name, value)| format!("\"{name}\": {value}\n"));
    format!("{}\"@signature-params\": {parameters}", lines.collect::<String>())
}

/// A message as it was received.
#[derive(Clone, Debug)]
pub struct ReceivedMessage<'a> {
    /// Method and address that were called, if it came so.
    pub target: Option<(&'a str, &'a str)>,
    /// Headers by their names in small letters.
    pub headers: &'a BTreeMap<String, String>,
    /// The bytes of the body.
    pub body: &'a [u8],
}

/// Looks whether a node with this key signed a message. Returns when it did. Errors: why it is not so.
pub fn verify_message(message: &ReceivedMessage<'_>, key: &PublicKey) -> Result<Timestamp, Finding> {
    let fault = |code: &str, text: String| {
        Finding::error(format!("delivery.{code}"), text).source("RFC 9421, HTTP Message Signatures")
    };
    let header = |name: &str| {
        let found = message.headers.get(name).map(|value| value.trim());
        found.ok_or_else(|| fault("header-missing", format!("the header `{name}` is missing")))
    };
    let digest = header("content-digest")?;
    let held = format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(message.body)));
    if digest != held {
        let text = "the body is not the one whose digest was signed".to_owned();
        return Err(fault("body-changed", text).at("/body"));
    }
    let member = |value: &str| {
        let found = value.split(", ").find_map(|member| member.strip_prefix(LABEL)?.strip_prefix('='));
        found.map(str::to_owned)
    };
    let unread = || fault("not-readable", format!("there is no signature `{LABEL}` that can be read"));
    let parameters = member(header("signature-input")?).ok_or_else(unread)?;
    let signature = member(header("signature")?).ok_or_else(unread)?;
    let signature = signature.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).ok_or_else(unread)?;
    let signature: [u8; 64] = BASE64
        .decode(signature.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(unread)?;
    let (list, rest) =
        parameters.strip_prefix('(').and_then(|text| text.split_once(')')).ok_or_else(unread)?;
    let names: Vec<&str> = list.split_whitespace().map(|name| name.trim_matches('"')).collect();
    if let Some(left_out) = ["content-digest", "kervan-delivery"].iter().find(|name| !names.contains(name)) {
        return Err(fault("not-covered", format!("the signature does not cover `{left_out}`")));
    }
    let mut lines = Vec::new();
    for name in &names {
        let value = match (*name, message.target) {
            ("@method", Some((method, _))) => method,
            ("@target-uri", Some((_, address))) => address,
            ("@method" | "@target-uri", None) => {
                let text = format!("`{name}` is signed; say which address was called");
                return Err(fault("target-missing", text).remedy("--url ADDRESS"));
            }
            (name, _) => header(name)?,
        };
        lines.push((*name, value));
    }
    if !key.verifies(base(lines.into_iter(), &parameters).as_bytes(), &signature) {
        let text = "the signature is not one of this key over this message".to_owned();
        return Err(
            fault("signature", text).remedy("take the key from GET /api/node/key of the node that sends")
        );
    }
    let created = rest.split(';').find_map(|part| part.strip_prefix("created=")?.parse().ok());
    created.and_then(|second| Timestamp::from_second(second).ok()).ok_or_else(unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received<'a>(
        headers: &'a BTreeMap<String, String>,
        target: Option<(&'a str, &'a str)>,
        body: &'a [u8],
    ) -> ReceivedMessage<'a> {
        ReceivedMessage { target, headers, body }
    }

    #[test]
    fn what_is_signed_cannot_be_changed() {
        let (key, other) = (PartyKey::from_seed([7; 32]), PartyKey::from_seed([8; 32]));
        let target = Some(("POST", "https://shop.example/hook"));
        let message = SignedMessage { target, content_type: Some("application/ld+json"), delivery: "d-1" };
        let now = "2026-12-01T08:00:00Z".parse().unwrap();
        let signed = sign_message(&key, &message, b"{}", now).unwrap();
        let mut headers: BTreeMap<String, String> =
            signed.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        headers.insert("content-type".into(), "application/ld+json".into());
        headers.insert("kervan-delivery".into(), "d-1".into());
        assert_eq!(verify_message(&received(&headers, target, b"{}"), &key.public()).unwrap(), now);
        let code = |message: &ReceivedMessage<'_>, key: &PartyKey| {
            verify_message(message, &key.public()).unwrap_err().code
        };
        assert_eq!(code(&received(&headers, target, b"{ }"), &key), "delivery.body-changed");
        assert_eq!(code(&received(&headers, target, b"{}"), &other), "delivery.signature");
        assert_eq!(code(&received(&headers, None, b"{}"), &key), "delivery.target-missing");
        let elsewhere = Some(("POST", "https://other.example/hook"));
        assert_eq!(code(&received(&headers, elsewhere, b"{}"), &key), "delivery.signature");
        for (name, value, expected) in [
            ("kervan-delivery", Some("d-2"), "delivery.signature"),
            ("content-type", Some("text/plain"), "delivery.signature"),
            ("signature", Some("kervan=:AAAA:"), "delivery.not-readable"),
            ("signature-input", Some("kervan=(\"@method\");created=1"), "delivery.not-covered"),
            ("signature", None, "delivery.header-missing"),
        ] {
            let mut changed = headers.clone();
            match value {
                Some(value) => drop(changed.insert(name.into(), value.into())),
                None => drop(changed.remove(name)),
            }
            assert_eq!(code(&received(&changed, target, b"{}"), &key), expected, "{name}");
        }
    }
}

//! Keys under a secret.
//!
//! Two steps, so that the slow one is done once: Argon2id (RFC 9106) makes a key of the secret, which opens the *box key* in the
//! header; from the box key HMAC-SHA-256 makes one key for each holder and public key, with which the 32 bytes of the seed are
//! sealed by ChaCha20-Poly1305 (RFC 8439). Each of these keys seals exactly one text, so the nonce is zero. Whom a key belongs to is
//! sealed with it: a row that is moved to another party does not open.

use crate::limits::{LONGEST_SECRET, SHORTEST_SECRET};
use crate::{Kept, KeptText};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64URL_NOPAD;
use kervan_dossier::{KeyId, PartyKey};
use kervan_identity::{PasswordCost, Secret};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use std::fmt;
use zeroize::Zeroizing;

/// First words of the header, and what its version is called.
const HEADER: &str = "kervan-seal 1 argon2id";

/// What is sealed with the box key.
const BOX: &str = "kervan box key 1";

/// What is sealed with the key of a party.
const KEY: &str = "kervan party key 1";

/// What is sealed with the key of a text.
const TEXT: &str = "kervan text 1";

/// What is wrong with a seal or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// The secret is another one, or the header was changed.
    #[error("the secret is not the one under which the keys of this node are sealed")]
    WrongSecret,
    /// What stands in the store for a key was changed, or moved from another party.
    #[error("what stands in the store for this key is not what was sealed for its party")]
    Changed,
    /// Not a header, or one of another version.
    #[error("the seal of the store's keys cannot be read; a newer version may have written it")]
    Unreadable,
    /// A secret that is too short or too long.
    #[error(
        "a secret for keys needs {SHORTEST_SECRET} characters or more, and at most {LONGEST_SECRET} bytes"
    )]
    Secret,
}

/// Whether a text may be a secret. Errors: it is too short or too long.
pub fn check_secret(secret: &Secret) -> Result<(), SealFault> {
    let text = secret.reveal();
    let fits = text.chars().count() >= SHORTEST_SECRET && text.len() <= LONGEST_SECRET;
    if fits { Ok(()) } else { Err(SealFault::Secret) }
}

/// The open box: what seals and unseals keys. Wiped from memory when it is dropped.
pub struct Sealer {
    box_key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// A new box under a secret, and the header that opens it again. `salt` and `box_key`: fresh random bytes.
    ///
    /// Errors: the secret is no good, or the cost is out of range.
    pub fn make(
        secret: &Secret,
        salt: [u8; 16],
        box_key: [u8; 32],
        cost: PasswordCost,
    ) -> Result<(Self, String), SealFault> {
        check_secret(secret)?;
        let head = head_of(cost, &salt);
        let outer = stretch(secret, &salt, cost)?;
        let sealer = Self { box_key: Zeroizing::new(box_key) };
        let sealed = close(&outer, &format!("{BOX}\n{head}"), sealer.box_key.as_slice())?;
        Ok((sealer, format!("{head} {}", BASE64URL_NOPAD.encode(&sealed))))
    }

    /// Opens the box of a header.
    ///
    /// Errors: [`SealFault::WrongSecret`]; the header cannot be read.
    pub fn open(secret: &Secret, header: &str) -> Result<Self, SealFault> {
        if secret.reveal().len() > LONGEST_SECRET {
            return Err(SealFault::WrongSecret);
        }
        let (head, sealed) = header.trim().rsplit_once(' ').ok_or(SealFault::Unreadable)?;
        let (cost, salt) = read_head(head).ok_or(SealFault::Unreadable)?;
        let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| SealFault::Unreadable)?;
        let outer = stretch(secret, &salt, cost)?;
        let opened = open(&outer, &format!("{BOX}\n{head}"), sealed).ok_or(SealFault::WrongSecret)?;
        Ok(Self { box_key: opened })
    }

    /// Seals the key of a holder: a party, or the node itself.
    ///
    /// Errors: none that an unbroken program sees.
    pub fn seal(&self, holder: &str, key: &PartyKey) -> Result<Kept, SealFault> {
        let bound = bound_to(holder, key.id());
        let sealed = close(&self.key_of(&bound), &bound, key.seed().as_slice())?;
        Ok(Kept::sealed(key.id(), &BASE64URL_NOPAD.encode(&sealed)))
    }

    /// The key of a holder, from what the store keeps.
    ///
    /// Errors: [`SealFault::Changed`] if it was sealed for another one or was changed, or is not sealed at all.
    pub fn unseal(&self, holder: &str, kept: &Kept) -> Result<PartyKey, SealFault> {
        let Kept::Sealed { id, text } = kept else { return Err(SealFault::Changed) };
        let bytes = text.split_ascii_whitespace().nth(2).ok_or(SealFault::Changed)?;
        let bytes = BASE64URL_NOPAD.decode(bytes.as_bytes()).map_err(|_| SealFault::Changed)?;
        let bound = bound_to(holder, id);
        let seed = open(&self.key_of(&bound), &bound, bytes).ok_or(SealFault::Changed)?;
        let key = PartyKey::from_seed(*seed);
        if key.id() == id { Ok(key) } else { Err(SealFault::Changed) }
    }

    /// Seals a short text. `what`: what it is, such as the subscription that it belongs to; it is sealed with it. One `what` is of
    /// one text: another text needs another one.
    ///
    /// Errors: none that an unbroken program sees.
    pub fn seal_text(&self, what: &str, text: &str) -> Result<KeptText, SealFault> {
        let bound = format!("{TEXT}\n{what}");
        let sealed = close(&self.key_of(&bound), &bound, text.as_bytes())?;
        Ok(KeptText::Sealed(BASE64URL_NOPAD.encode(&sealed)))
    }

    /// Opens a sealed text.
    ///
    /// Errors: [`SealFault::Changed`] if it was sealed for something else or was changed, or is not sealed at all.
    pub fn unseal_text(&self, what: &str, kept: &KeptText) -> Result<String, SealFault> {
        let KeptText::Sealed(bytes) = kept else { return Err(SealFault::Changed) };
        let bytes = BASE64URL_NOPAD.decode(bytes.as_bytes()).map_err(|_| SealFault::Changed)?;
        let bound = format!("{TEXT}\n{what}");
        let mut sealed = Zeroizing::new(bytes);
        let plain = open_in(&self.key_of(&bound), &bound, &mut sealed).ok_or(SealFault::Changed)?;
        std::str::from_utf8(plain).map(str::to_owned).map_err(|_| SealFault::Changed)
    }

    fn key_of(&self, bound: &str) -> Zeroizing<[u8; 32]> {
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.box_key.as_slice()), bound.as_bytes());
        let mut key = Zeroizing::new([0; 32]);
        for (byte, made) in key.iter_mut().zip(mac.as_ref()) {
            *byte = *made;
        }
        key
    }
}

fn bound_to(holder: &str, id: &KeyId) -> String {
    format!("{KEY}\n{holder}\n{id}")
}

fn head_of(cost: PasswordCost, salt: &[u8; 16]) -> String {
    let PasswordCost { memory, passes, lanes } = cost;
    format!("{HEADER} m={memory},t={passes},p={lanes} {}", BASE64URL_NOPAD.encode(salt))
}

fn read_head(head: &str) -> Option<(PasswordCost, [u8; 16])> {
    let (costs, salt) = head.strip_prefix(HEADER)?.trim_start().split_once(' ')?;
    let mut costs = costs.split(',');
    let mut number = |name: &str| costs.next()?.strip_prefix(name)?.parse::<u32>().ok();
    let cost = PasswordCost { memory: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
    let salt = BASE64URL_NOPAD.decode(salt.as_bytes()).ok()?.try_into().ok()?;
    cost.is_sane().then_some((cost, salt))
}

fn stretch(secret: &Secret, salt: &[u8; 16], cost: PasswordCost) -> Result<Zeroizing<[u8; 32]>, SealFault> {
    let params =
        Params::new(cost.memory, cost.passes, cost.lanes, Some(32)).map_err(|_| SealFault::Unreadable)?;
    let mut key = Zeroizing::new([0; 32]);
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let made = argon.hash_password_into(secret.reveal().as_bytes(), salt, key.as_mut_slice());
    made.map_err(|_| SealFault::Unreadable).map(|()| key)
}

fn cipher(key: &[u8; 32]) -> Option<LessSafeKey> {
    Some(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).ok()?))
}

fn close(key: &[u8; 32], bound: &str, plain: &[u8]) -> Result<Vec<u8>, SealFault> {
    // In place: what is written over is the only copy.
    let mut bytes = plain.to_vec();
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    let cipher = cipher(key).ok_or(SealFault::Unreadable)?;
    let sealed = cipher.seal_in_place_append_tag(nonce, Aad::from(bound), &mut bytes);
    sealed.map_err(|_| SealFault::Unreadable).map(|()| bytes)
}

fn open(key: &[u8; 32], bound: &str, sealed: Vec<u8>) -> Option<Zeroizing<[u8; 32]>> {
    let mut sealed = Zeroizing::new(sealed);
    let plain = open_in(key, bound, &mut sealed)?;
    let mut bytes = Zeroizing::new([0; 32]);
    if plain.len() != bytes.len() {
        return None;
    }
    bytes.copy_from_slice(plain);
    Some(bytes)
}

fn open_in<'a>(key: &[u8; 32], bound: &str, sealed: &'a mut [u8]) -> Option<&'a [u8]> {
    let nonce = Nonce::assume_unique_for_key([0; 12]);
    cipher(key)?.open_in_place(nonce, Aad::from(bound), sealed).ok().map(|plain| &*plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory: 64, passes: 1, lanes: 1 };

    fn made(secret: &str) -> (Sealer, String) {
        Sealer::make(&Secret::new(secret), [1; 16], [2; 32], CHEAP).unwrap()
    }

    #[test]
    fn a_sealed_key_opens_for_its_party_under_its_secret_alone() {
        let (sealer, header) = made("correct horse battery staple");
        let key = PartyKey::from_seed([7; 32]);
        let sealed = sealer.seal("silkline", &key).unwrap();
        let again = Sealer::open(&Secret::new("correct horse battery staple"), &header).unwrap();
        assert_eq!(again.unseal("silkline", &sealed).unwrap().sign(b"text"), key.sign(b"text"));
        assert_eq!(again.unseal("rail-az", &sealed).unwrap_err(), SealFault::Changed);
        let other = PartyKey::from_seed([8; 32]);
        let text = sealed.to_text();
        let moved = Kept::parse(&text.replace(&key.id().to_string(), &other.id().to_string())).unwrap();
        assert_eq!(again.unseal("silkline", &moved).unwrap_err(), SealFault::Changed);
        let clear = Kept::clear(&key).unwrap();
        assert_eq!(again.unseal("silkline", &clear).unwrap_err(), SealFault::Changed);
        for (at, byte) in text.bytes().enumerate().skip(text.len() - 64) {
            let mut torn = text.clone().into_bytes();
            torn[at] = if byte == b'A' { b'B' } else { b'A' };
            let torn = Kept::parse(std::str::from_utf8(&torn).unwrap()).unwrap();
            assert!(again.unseal("silkline", &torn).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_sealed_text_opens_for_what_it_is_alone() {
        let (sealer, _) = made("correct horse battery staple");
        let (other, _) =
            Sealer::make(&Secret::new("correct horse battery staple"), [1; 16], [3; 32], CHEAP).unwrap();
        for text in ["", "token", "a longer one with ünïcode and 中文"] {
            let kept = sealer.seal_text("subscription 1", text).unwrap();
            assert!(text.is_empty() || !kept.to_text().contains(text));
            let again = KeptText::parse(&kept.to_text());
            assert_eq!(sealer.unseal_text("subscription 1", &again).unwrap(), text);
            assert_eq!(sealer.unseal_text("subscription 2", &again).unwrap_err(), SealFault::Changed);
            assert_eq!(other.unseal_text("subscription 1", &again).unwrap_err(), SealFault::Changed);
        }
        let clear = KeptText::Clear("token".to_owned());
        assert_eq!(sealer.unseal_text("subscription 1", &clear).unwrap_err(), SealFault::Changed);
    }

    #[test]
    fn headers_of_other_secrets_and_broken_ones_do_not_open() {
        let (_, header) = made("correct horse battery staple");
        let (_, greedy) = (0, header.replace("m=64", "m=4000000000"));
        let cases = [
            ("correct horse battery stable", header.clone(), SealFault::WrongSecret),
            ("", header.clone(), SealFault::WrongSecret),
            ("correct horse battery staple", header.replace("m=64", "m=65"), SealFault::WrongSecret),
            ("correct horse battery staple", greedy, SealFault::Unreadable),
            ("correct horse battery staple", header.replace("seal 1", "seal 2"), SealFault::Unreadable),
            ("correct horse battery staple", String::new(), SealFault::Unreadable),
        ];
        for (secret, header, fault) in cases {
            assert_eq!(Sealer::open(&Secret::new(secret), &header).unwrap_err(), fault, "{header}");
        }
        for (secret, good) in [("nineteen characters", false), ("twenty characters ok", true)] {
            assert_eq!(check_secret(&Secret::new(secret)).is_ok(), good, "{secret}");
        }
    }

    #[test]
    fn nothing_of_a_box_is_shown() {
        let (sealer, header) = made("correct horse battery staple");
        let shown = format!("{sealer:?} {header}");
        assert!(!shown.contains(&BASE64URL_NOPAD.encode(&[2; 32])) && !shown.contains("horse"), "{shown}");
    }
}

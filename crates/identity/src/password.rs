//! Passwords: what a good one is, and what stands for one in the store.
//!
//! Argon2id (RFC 9106). A question about somebody who is not there, or who has no password, costs the same work as any other, so
//! that the time of the answer does not say who has an account.

use crate::limits::{LONGEST_PASSWORD, SHORTEST_PASSWORD};
use crate::person::PersonName;
use crate::secret::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// How much work it is to try a password, or another secret. Kept with what rests on it, so that it can be raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory. Unit: KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl PasswordCost {
    /// What new hashes cost: 64 MiB and three passes in one lane, a tenth of a second.
    ///
    /// Source: RFC 9106, 4, the second recommended option, with one lane for the machine of two cores.
    pub const TODAY: Self = Self { memory: 64 * 1_024, passes: 3, lanes: 1 };

    /// What is believed of a kept hash: whoever writes into the store must not make sign-ins take all memory.
    const MOST: Self = Self { memory: 1_024 * 1_024, passes: 64, lanes: 16 };

    /// Whether so much work may be asked for by what stands in a store.
    pub const fn is_sane(self) -> bool {
        self.memory <= Self::MOST.memory && self.passes <= Self::MOST.passes && self.lanes <= Self::MOST.lanes
    }
}

/// What stands for a password: Argon2id with its salt and cost. Shape: the PHC string, `$argon2id$v=19$m=65536,t=3,p=1$SALT$HASH`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// The parts of a hash.
struct Parts {
    cost: PasswordCost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl PasswordHash {
    /// The hash of a password. `salt`: fresh random bytes.
    ///
    /// Errors: the password is no good for this person.
    pub fn make(
        password: &Secret,
        of: &PersonName,
        salt: [u8; 16],
        cost: PasswordCost,
    ) -> Result<Self, Finding> {
        if let Some(finding) = fault_of(password, of) {
            return Err(finding);
        }
        let broken = || {
            Finding::error("identity.password", "the cost of the password is out of range").at("/password")
        };
        let hash = work(password, &salt, cost).ok_or_else(broken)?;
        let (salt, hash) = (BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(&hash));
        let PasswordCost { memory, passes, lanes } = cost;
        Ok(Self(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}")))
    }

    fn parts(&self) -> Option<Parts> {
        let mut parts = self.0.split('$');
        let head = (parts.next()?, parts.next()?, parts.next()?);
        let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        if head != ("", "argon2id", "v=19") || parts.next().is_some() {
            return None;
        }
        let mut costs = costs.split(',');
        let mut number = |name: &str| costs.next()?.strip_prefix(name)?.parse::<u32>().ok();
        let cost = PasswordCost { memory: number("m=")?, passes: number("t=")?, lanes: number("p=")? };
        let (salt, hash) =
            (BASE64_NOPAD.decode(salt.as_bytes()).ok()?, BASE64_NOPAD.decode(hash.as_bytes()).ok()?);
        (cost.is_sane() && hash.len() == 32).then_some(Parts { cost, salt, hash })
    }

    /// Whether it was made with less work than new ones are: then it is made again at the next sign-in.
    pub fn is_weaker_than(&self, cost: PasswordCost) -> bool {
        self.parts().is_none_or(|parts| parts.cost.memory < cost.memory || parts.cost.passes < cost.passes)
    }
}

/// Whether a password is the one that is kept. Without one the same work is done and the answer is no.
pub fn is_password(kept: Option<&PasswordHash>, given: &Secret) -> bool {
    let nobody = || Parts { cost: PasswordCost::TODAY, salt: vec![0; 16], hash: vec![0; 32] };
    let known = kept.and_then(PasswordHash::parts);
    let there = known.is_some();
    let parts = known.unwrap_or_else(nobody);
    // What is too long is no password of ours; the same work is done on nothing.
    let empty = Secret::new("");
    let fits = given.reveal().len() <= LONGEST_PASSWORD;
    let Some(mut found) = work(if fits { given } else { &empty }, &parts.salt, parts.cost) else {
        return false;
    };
    let same: bool = found.ct_eq(parts.hash.as_slice()).into();
    found.zeroize();
    same & there & fits
}

fn work(password: &Secret, salt: &[u8], cost: PasswordCost) -> Option<[u8; 32]> {
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(32)).ok()?;
    let mut hash = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.reveal().as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

/// What is wrong with a password for a person; none if it is good. No rules about kinds of characters: length is what counts.
///
/// Source: NIST SP 800-63B-4, 3.1.1.2.
fn fault_of(password: &Secret, of: &PersonName) -> Option<Finding> {
    let text = password.reveal();
    let lower = text.to_lowercase();
    let fault = if text.chars().count() < SHORTEST_PASSWORD {
        format!("a password needs {SHORTEST_PASSWORD} characters or more")
    } else if text.len() > LONGEST_PASSWORD {
        format!("a password has at most {LONGEST_PASSWORD} bytes")
    } else if is_repeated(&lower) {
        "the password repeats a few characters".to_owned()
    } else if is_run(&lower) {
        "the password is a row of neighbouring characters".to_owned()
    } else if lower.contains(&of.to_string().to_lowercase()) {
        "the password holds the name with which the person signs in".to_owned()
    } else {
        return None;
    };
    Some(
        Finding::error("identity.password", fault)
            .at("/password")
            .remedy("four or five words that do not belong together"),
    )
}

/// Whether a text is a part of at most four characters over and over.
fn is_repeated(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|part| chars.iter().zip(chars.iter().skip(part)).all(|(one, next)| one == next))
}

/// Whether nearly every character is the neighbour of the one before: `123456789012345`, `abcdefghijklmno`.
fn is_run(text: &str) -> bool {
    let chars: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = chars.len().saturating_sub(1);
    let beside =
        chars.iter().zip(chars.iter().skip(1)).filter(|(one, next)| one.abs_diff(**next) == 1).count();
    steps > 0 && beside * 10 >= steps * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory: 64, passes: 1, lanes: 1 };

    fn name() -> PersonName {
        "n.beridze.inspector@customs-ge".parse().unwrap()
    }

    #[test]
    fn good_and_bad_passwords() {
        let long = "word ".repeat(300);
        let cases = [
            ("correct horse battery staple", true),
            ("კარგი პაროლი არის გრძელი", true),
            ("short", false),
            ("fourteen chars", false),
            ("aaaaaaaaaaaaaaaaaaaa", false),
            ("abababababababababab", false),
            ("passpasspasspasspass", false),
            ("12345678901234567890", false),
            ("abcdefghijklmnopqrst", false),
            ("n.beridze.inspector@customs-ge", false),
            ("my N.Beridze.Inspector@customs-ge!", false),
            (&long, false),
        ];
        for (text, good) in cases {
            let made = PasswordHash::make(&Secret::new(text), &name(), [1; 16], CHEAP);
            assert_eq!(made.is_ok(), good, "{text}");
        }
    }

    #[test]
    fn a_password_is_known_again_and_nothing_else_is() {
        let (right, wrong) =
            (Secret::new("correct horse battery staple"), Secret::new("correct horse battery stable"));
        let hash = PasswordHash::make(&right, &name(), [7; 16], CHEAP).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.0);
        let other = PasswordHash::make(&right, &name(), [8; 16], CHEAP).unwrap();
        assert_ne!(hash, other, "another salt, another hash");
        let torn = |text: &str| PasswordHash(text.to_owned());
        let greedy = torn(&hash.0.replace("m=64", "m=4000000000"));
        let cases = [
            (Some(&hash), &right, true),
            (Some(&other), &right, true),
            (Some(&hash), &wrong, false),
            (Some(&greedy), &right, false),
            (None, &right, false),
            (None, &Secret::new(""), false),
        ];
        for (kept, given, expected) in cases {
            assert_eq!(is_password(kept, given), expected, "{kept:?}");
        }
        for text in [
            "",
            "$",
            "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA",
            "plain",
            "$argon2id$v=19$m=64,t=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$",
        ] {
            assert!(!is_password(Some(&torn(text)), &right), "{text}");
            assert!(torn(text).is_weaker_than(CHEAP));
        }
        assert!(hash.is_weaker_than(PasswordCost::TODAY) && !hash.is_weaker_than(CHEAP));
    }

    /// Source: RFC 9106 gives vectors with secret and associated data; this one is of the reference implementation's command line:
    /// `echo -n "password" | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32`.
    #[test]
    fn the_hash_is_that_of_the_reference_implementation() {
        let hash = work(
            &Secret::new("password"),
            b"somesalt",
            PasswordCost { memory: 1 << 16, passes: 2, lanes: 1 },
        );
        let expected = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";
        assert_eq!(data_encoding::HEXLOWER.encode(&hash.unwrap()), expected);
    }
}

//! The draw: fair while the seed is secret, provable when it is revealed.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use kervan_model::Finding;
use sha2::{Digest, Sha256};
use std::fmt;

/// What the draw of a case begins with, so that the seed draws nothing else.
const PURPOSE: &str = "kervan-draw/1\n";
/// Block of SHA-256. Unit: byte.
const BLOCK: usize = 64;

/// The secret seed of a period. It is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct DrawSeed([u8; 32]);

impl fmt::Debug for DrawSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DrawSeed({})", self.commitment())
    }
}

impl DrawSeed {
    /// A seed of 32 random bytes; where they come from is the caller's business.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a revealed seed of 64 hexadecimal digits.
    pub fn find(text: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The seed as text, to be revealed after the period. Shape: 64 hexadecimal digits.
    pub fn reveal(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// What is published before the period: the SHA-256 of the seed. Shape: 64 hexadecimal digits.
    pub fn commitment(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0))
    }

    /// The number of a case, as if thrown with a die of 2^64 faces that nobody can load.
    fn number(&self, case: &str) -> u64 {
        let mac = hmac(&self.0, &[PURPOSE.as_bytes(), case.as_bytes()].concat());
        mac.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Whether a case is drawn. `rate_permille` is the share that is. Unit: a thousandth.
    pub fn draws(&self, case: &str, rate_permille: u32) -> bool {
        let scaled = u128::from(self.number(case)) * 1_000;
        (scaled >> 64) < u128::from(rate_permille)
    }

    /// Cases in an order that nobody could foresee and that anybody can check.
    pub fn shuffle<'a>(&self, cases: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        let mut cases: Vec<_> = cases.into_iter().map(|case| (self.number(case), case)).collect();
        cases.sort_unstable();
        cases.into_iter().map(|(_, case)| case).collect()
    }
}

/// HMAC with SHA-256. Source: RFC 2104; the key is never longer than a block here.
fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| {
        let mut block = [with; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

/// Checks the draws of a period with its revealed seed: every case that was drawn should have been, and every other not.
///
/// Findings: `risk.other-seed` if the seed is not the one that was committed to, `risk.draw-wrong` for each wrong draw.
pub fn check_draws<'a>(
    seed: &DrawSeed,
    commitment: &str,
    rate_permille: u32,
    draws: impl IntoIterator<Item = (&'a str, bool)>,
) -> Vec<Finding> {
    if !seed.commitment().eq_ignore_ascii_case(commitment) {
        let text = format!("the seed has the hash {}, but {commitment} was published", seed.commitment());
        return vec![
            Finding::error("risk.other-seed", text)
                .remedy("ask the administration for the seed of the period"),
        ];
    }
    draws
        .into_iter()
        .filter(|(case, drawn)| seed.draws(case, rate_permille) != *drawn)
        .map(|(case, drawn)| {
            let (did, should) =
                if drawn { ("was", "should not have been") } else { ("was not", "should have been") };
            Finding::error("risk.draw-wrong", format!("{case} {did} drawn and {should}"))
                .at(case)
                .remedy("ask the administration why")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_that_of_the_standard() {
        // Computed with the hmac module of Python 3 for the key 00..1f and the message "what do ya want for nothing?".
        let key: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let mac = HEXLOWER.encode(&hmac(&key, b"what do ya want for nothing?"));
        assert_eq!(mac, "099805f4ac310786968565c098db515cc50862b420ae31e20238312344bed36a");
    }

    #[test]
    fn the_share_drawn_is_the_rate_and_every_seed_draws_others() {
        let drawn = |seed: u8| {
            let seed = DrawSeed::new([seed; 32]);
            let cases = (0..20_000).filter(|number| seed.draws(&format!("KRV-{number}/1"), 50));
            cases.collect::<Vec<_>>()
        };
        let (first, second) = (drawn(1), drawn(2));
        assert!((900..1_100).contains(&first.len()), "{}", first.len());
        assert_ne!(first, second);
        let seed = DrawSeed::new([1; 32]);
        assert!(!seed.draws("x", 0) && seed.draws("x", 1_000));
    }

    #[test]
    fn a_false_draw_and_a_false_seed_are_found() {
        let seed = DrawSeed::new([3; 32]);
        let cases: Vec<String> = (0..100).map(|number| format!("M/{number}")).collect();
        let mut draws: Vec<(&str, bool)> =
            cases.iter().map(|case| (case.as_str(), seed.draws(case, 100))).collect();
        let commitment = seed.commitment();
        assert!(check_draws(&seed, &commitment, 100, draws.iter().copied()).is_empty());
        draws[5].1 = !draws[5].1;
        let findings = check_draws(&seed, &commitment, 100, draws.iter().copied());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.as_deref(), Some("M/5"));
        let other = DrawSeed::find(&DrawSeed::new([4; 32]).reveal()).unwrap();
        assert_eq!(check_draws(&other, &commitment, 100, []).first().unwrap().code, "risk.other-seed");
        assert!(!format!("{seed:?}").contains("0303"), "a seed is not shown");
    }
}

//! Size and type of a container.

use crate::CodeError;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Size and type of a container, such as `45G1` (40 ft high cube, general purpose). Source: ISO 6346:1995 and later.
///
/// Shape: length code, height and width code, two characters of type group.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SizeType(String);
text_code!(SizeType);

const WHAT: &str = "a container size and type of ISO 6346";

/// Length codes and lengths in feet.
const LENGTHS: [(u8, u16); 9] = [
    (b'1', 10),
    (b'2', 20),
    (b'3', 30),
    (b'4', 40),
    (b'B', 24),
    (b'L', 45),
    (b'M', 48),
    (b'N', 49),
    (b'P', 53),
];

impl SizeType {
    /// Length. Unit: foot.
    pub fn length_feet(&self) -> u16 {
        let code = self.0.as_bytes().first();
        LENGTHS.iter().find(|(letter, _)| Some(letter) == code).map_or(0, |(_, feet)| *feet)
    }

    /// Twenty-foot equivalents, rounded up: 1 for 20 ft and shorter, 2 for 40 ft, 3 for longer ones.
    pub fn teu(&self) -> u32 {
        u32::from(self.length_feet().div_ceil(20))
    }

    /// Whether the type group is refrigerated or heated (`R` or `H`).
    pub fn is_temperature_controlled(&self) -> bool {
        matches!(self.0.as_bytes().get(2), Some(b'R' | b'H'))
    }
}

impl FromStr for SizeType {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim();
        let error = |reason: &str| CodeError::new(text, WHAT, reason);
        let &[length, height, group, kind] = plain.as_bytes() else {
            return Err(error("it needs four characters, such as 45G1"));
        };
        if !LENGTHS.iter().any(|(code, _)| *code == length) {
            return Err(error("its first character is no known length (2 = 20 ft, 4 = 40 ft, L = 45 ft)"));
        }
        let known_height =
            matches!(height, b'0' | b'2' | b'4'..=b'6' | b'8' | b'9' | b'C'..=b'F' | b'L'..=b'P');
        let known_group = matches!(
            group,
            b'G' | b'V' | b'B' | b'S' | b'R' | b'H' | b'U' | b'P' | b'T' | b'A' | b'K' | b'N'
        );
        if !known_height || !known_group || !kind.is_ascii_alphanumeric() {
            return Err(error("its height or type group is not known, expected something like 45G1 or 22R1"));
        }
        Ok(Self(plain.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_count_in_twenty_foot_equivalents() {
        for (text, feet, teu) in [("22G1", 20, 1), ("45G1", 40, 2), ("42R1", 40, 2), ("L5G1", 45, 3)] {
            let size: SizeType = text.parse().unwrap();
            assert_eq!((size.length_feet(), size.teu()), (feet, teu), "{text}");
        }
        for text in ["", "45", "99G1", "45Q1", "45G12"] {
            assert!(text.parse::<SizeType>().is_err(), "{text}");
        }
    }
}

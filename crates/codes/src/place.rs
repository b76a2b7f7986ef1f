//! Codes of places.

use crate::text_code::text_code;
use crate::{CodeError, CountryCode};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A place: a UN/LOCODE (`KZAAU`), or a private code (`KZ-ALTYN`) where no UN/LOCODE names that place.
///
/// Shape: two country letters and three letters or digits 2-9; or two country letters, a hyphen and 3 to 10 capitals or
/// digits. The hyphen keeps a private code from ever being taken for a UN/LOCODE.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlaceCode(String);
text_code!(PlaceCode);

const WHAT: &str = "a place code";

impl PlaceCode {
    /// Whether this is a UN/LOCODE and not a private code.
    pub fn is_un_locode(&self) -> bool {
        !self.0.contains('-')
    }

    /// The two letters of the country part.
    pub fn country_letters(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }
}

impl FromStr for PlaceCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String = text.trim().chars().filter(|c| *c != ' ').collect();
        let error = |reason: &str| CodeError::new(text, WHAT, reason);
        let shape = "it needs a UN/LOCODE such as KZAAU or a private code such as KZ-ALTYN";
        let country = plain.get(..2).ok_or_else(|| error(shape))?;
        let rest = plain.get(2..).ok_or_else(|| error(shape))?;
        let capital_or_digit = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let well_formed = match rest.strip_prefix('-') {
            Some(name) => (3..=10).contains(&name.len()) && name.bytes().all(capital_or_digit),
            None => rest.len() == 3 && rest.bytes().all(|b| capital_or_digit(b) && !matches!(b, b'0' | b'1')),
        };
        if !well_formed {
            return Err(error(shape));
        }
        if country.parse::<CountryCode>().is_err() {
            return Err(error("its first two letters are no country of ISO 3166"));
        }
        Ok(Self(plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_read() {
        for (text, un_locode) in [("KZAAU", true), ("CN XIA", true), ("KZ-ALTYN", false)] {
            assert_eq!(text.parse::<PlaceCode>().unwrap().is_un_locode(), un_locode, "{text}");
        }
        for text in ["", "KZ", "KZAA", "kzaau", "QQAAU", "KZA01", "KZ-AL", "KZ-WAYTOOLONGNAME", "ҚZAAU"] {
            assert!(text.parse::<PlaceCode>().is_err(), "{text}");
        }
    }
}

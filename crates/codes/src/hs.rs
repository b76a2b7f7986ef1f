//! Commodity codes of the Harmonized System.

use crate::CodeError;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A commodity code: 6 digits of the Harmonized System, or 8 to 10 with national digits. Source: WCO, HS 2022.
///
/// Shape: 6, 8 or 10 digits without dots; the first two are a chapter 01 to 97 other than 77.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HsCode(String);
text_code!(HsCode);

const WHAT: &str = "a commodity code of the Harmonized System";

impl HsCode {
    /// The first six digits, the same in every country.
    pub fn six_digits(&self) -> &str {
        self.0.get(..6).unwrap_or_default()
    }

    /// The chapter, 1 to 97.
    pub fn chapter(&self) -> u8 {
        self.0.get(..2).and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }
}

impl FromStr for HsCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '.')).collect();
        let error = |reason: &str| CodeError::new(text, WHAT, reason);
        if !plain.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error("it needs digits only"));
        }
        if matches!(plain.len(), 5 | 7 | 9) {
            let count = plain.len();
            return Err(error(&format!("it has {count} digits; a leading zero may be lost: 0{plain}?")));
        }
        if !matches!(plain.len(), 6 | 8 | 10) {
            return Err(error("it needs 6, 8 or 10 digits"));
        }
        let code = Self(plain);
        match code.chapter() {
            1..=76 | 78..=97 => Ok(code),
            77 => Err(error("chapter 77 is reserved")),
            _ => Err(error("its first two digits must be a chapter 01 to 97")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_leading_zero_is_named() {
        let error = "80810".parse::<HsCode>().unwrap_err();
        assert!(error.reason().contains("leading zero"), "{error}");
        assert_eq!("0808.10".parse::<HsCode>().unwrap().six_digits(), "080810");
        for text in ["", "99", "770000", "000000", "8471x0", "12345678901"] {
            assert!(text.parse::<HsCode>().is_err(), "{text}");
        }
    }
}

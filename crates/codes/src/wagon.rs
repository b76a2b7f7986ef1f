//! Wagon numbers: twelve digits of UIC, eight digits of the 1520 mm railways.

use crate::CodeError;
use crate::check_digit::luhn_check;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A wagon. Shape: 12 digits (UIC) or 8 digits (1520 mm), the last a check digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WagonNumber(String);
text_code!(WagonNumber);

const WHAT: &str = "a wagon number";

impl FromStr for WagonNumber {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let error = |reason: String| CodeError::new(text, WHAT, reason);
        if !matches!(plain.len(), 8 | 12) || !plain.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error("it needs 12 digits (UIC) or 8 digits (1520 mm)".into()));
        }
        let (body, digit) = plain.split_at(plain.len() - 1);
        match luhn_check(body) {
            Some(check) if digit == check.to_string() => Ok(Self(plain)),
            Some(check) => Err(error(format!("the check digit should be {check}"))),
            None => Err(error("it needs digits only".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_pass_and_their_neighbours_do_not() {
        assert!("21-81-2471217-3".parse::<WagonNumber>().is_ok());
        assert!("21-81-2471217-4".parse::<WagonNumber>().is_err());
        assert!("52908241".parse::<WagonNumber>().is_ok());
        assert!("52908242".parse::<WagonNumber>().is_err());
        assert!("123".parse::<WagonNumber>().is_err());
    }
}

//! Guarantee reference numbers of transit.

use crate::check_digit::iso6346_check;
use crate::text_code::text_code;
use crate::{CodeError, CountryCode};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A guarantee reference number. Shape: year (2), country (2), 12 capitals or digits, check digit; for a voucher of an individual
/// guarantee also one letter and 6 digits.
///
/// Source: NCTS phase 5 and later; the check digit is that of the movement reference number, over the first 16 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Grn(String);
text_code!(Grn);

const WHAT: &str = "a guarantee reference number";
/// Characters before the check digit.
const BODY: usize = 16;

impl Grn {
    /// Issues a number for an account that is no voucher. Of `serial` only the lowest 12 digits in base 36 enter.
    pub fn issue(year: i16, country: CountryCode, serial: u64) -> Self {
        const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut rest = serial;
        let mut digits = [b'0'; 12];
        for slot in digits.iter_mut().rev() {
            *slot = DIGITS.get((rest % 36) as usize).copied().unwrap_or(b'0');
            rest /= 36;
        }
        let body = format!("{:02}{country}{}", year.rem_euclid(100), String::from_utf8_lossy(&digits));
        let check = iso6346_check(&body).unwrap_or(0);
        Self(format!("{body}{check}"))
    }

    /// The two letters of the country of the guarantor.
    pub fn country_letters(&self) -> &str {
        self.0.get(2..4).unwrap_or_default()
    }

    /// The letter and number of the voucher, if the guarantee is one.
    pub fn find_voucher(&self) -> Option<&str> {
        self.0.get(BODY + 1..).filter(|voucher| !voucher.is_empty())
    }

    /// The check digit that belongs to the first 16 characters. Nothing if there are fewer, or others than capitals and digits.
    pub fn check_digit_of(text: &str) -> Option<u32> {
        text.get(..BODY).and_then(iso6346_check)
    }
}

impl FromStr for Grn {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim();
        let error = |reason: String| CodeError::new(text, WHAT, reason);
        let bytes = plain.as_bytes();
        let capital_or_digit = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let voucher = |rest: &[u8]| {
            rest.len() == 7
                && rest.first().is_some_and(u8::is_ascii_uppercase)
                && rest.iter().skip(1).all(u8::is_ascii_digit)
        };
        let rest = bytes.get(BODY + 1..).unwrap_or_default();
        let shaped = bytes.len() > BODY
            && bytes.iter().take(2).all(u8::is_ascii_digit)
            && bytes.iter().skip(2).take(2).all(u8::is_ascii_uppercase)
            && bytes.iter().take(BODY).all(capital_or_digit)
            && bytes.get(BODY).is_some_and(u8::is_ascii_digit)
            && (rest.is_empty() || voucher(rest));
        if !shaped {
            return Err(error(
                "it needs 17 characters: year, country, 12 capitals or digits, check digit; or 24 for a voucher".into(),
            ));
        }
        match Self::check_digit_of(plain) {
            Some(check) if plain.get(BODY..=BODY) == Some(check.to_string().as_str()) => {
                Ok(Self(plain.to_owned()))
            }
            Some(check) => Err(error(format!("the check digit should be {check}"))),
            None => Err(error("it needs capitals and digits only".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issued_numbers_are_valid() {
        for serial in [0, 36, 123_456_789, u64::MAX] {
            let grn = Grn::issue(2026, "KZ".parse().unwrap(), serial);
            assert_eq!(grn.as_str().parse::<Grn>().unwrap(), grn);
        }
    }

    #[test]
    fn one_wrong_character_is_found() {
        let good: Grn = "24GB0000010000163".parse().unwrap();
        let text = good.as_str();
        assert!(format!("{text}A001017").parse::<Grn>().unwrap().find_voucher() == Some("A001017"));
        assert!(good.find_voucher().is_none());
        for (index, digit) in text.char_indices().filter(|(_, character)| character.is_ascii_digit()) {
            let other = if digit == '9' { '0' } else { char::from(digit as u8 + 1) };
            let mut changed = text.to_owned();
            changed.replace_range(index..=index, &other.to_string());
            assert!(changed.parse::<Grn>().is_err(), "{changed}");
        }
        for bad in [
            "",
            "24GB",
            "24gb0000010000163",
            "24GB0000010000163A00101",
            "24GB0000010000163a001017",
            "24GB00000100001é3",
        ] {
            assert!(bad.parse::<Grn>().is_err(), "{bad}");
        }
    }
}

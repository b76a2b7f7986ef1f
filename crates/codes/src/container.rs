//! Container numbers of ISO 6346.

use crate::CodeError;
use crate::check_digit::iso6346_check;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A freight container. Shape: three owner letters, category letter U, J or Z, six digits, check digit. Source: ISO 6346.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContainerNumber(String);
text_code!(ContainerNumber);

const WHAT: &str = "a container number of ISO 6346";

impl FromStr for ContainerNumber {
    type Err = CodeError;

    /// Reads `CSQU3054383`; spaces and hyphens between the parts are allowed, as printed on the box.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain: String = text.trim().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let error = |reason: String| CodeError::new(text, WHAT, reason);
        let shaped = plain.len() == 11
            && plain.bytes().take(4).all(|b| b.is_ascii_uppercase())
            && plain.bytes().skip(4).all(|b| b.is_ascii_digit());
        if !shaped {
            return Err(error("it needs four capital letters and seven digits".into()));
        }
        let (body, digit) = plain.split_at(10);
        if !matches!(body.as_bytes().get(3), Some(b'U' | b'J' | b'Z')) {
            return Err(error("the fourth letter must be U, J or Z".into()));
        }
        match iso6346_check(body) {
            Some(check) if digit == check.to_string() => Ok(Self(plain)),
            Some(check) => Err(error(format!("the check digit should be {check}"))),
            None => Err(error("it needs four capital letters and seven digits".into())),
        }
    }
}

impl ContainerNumber {
    /// The number of a serial, with its check digit. `prefix`: three owner letters and the category letter; `serial`: up to six digits.
    /// Errors: the prefix is none, or the serial has more digits. Source: ISO 6346.
    pub fn of_serial(prefix: &str, serial: u32) -> Result<Self, CodeError> {
        let body = format!("{prefix}{serial:06}");
        let check = iso6346_check(&body)
            .ok_or_else(|| CodeError::new(&body, WHAT, "it needs four capital letters"))?;
        format!("{body}{check}").parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_right_check_digits_pass() {
        for text in ["CSQU3054383", "CSQU 305438 3", "MSKU-1234565"] {
            assert!(text.parse::<ContainerNumber>().is_ok(), "{text}");
        }
    }

    #[test]
    fn every_single_digit_error_is_found() {
        let good = "CSQU3054383";
        for position in 4..11 {
            for digit in b'0'..=b'9' {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[position] == digit {
                    continue;
                }
                bytes[position] = digit;
                let changed = String::from_utf8(bytes).unwrap();
                // A sum of 10 and a sum of 0 share the digit 0, a known weakness of the standard; this number has no such pair.
                assert!(changed.parse::<ContainerNumber>().is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn a_serial_gets_its_check_digit() {
        assert_eq!(ContainerNumber::of_serial("CSQU", 305_438), "CSQU3054383".parse());
        for serial in (0..1_000_000).step_by(997) {
            let number = ContainerNumber::of_serial("MSKU", serial).unwrap();
            assert_eq!(number.as_str().parse(), Ok(number.clone()));
        }
        for (prefix, serial) in [("CSQU", 1_000_000), ("CSQA", 1), ("CSU", 1), ("csqu", 1), ("ЦSQU", 1)] {
            assert!(ContainerNumber::of_serial(prefix, serial).is_err(), "{prefix} {serial}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in
            ["", "CSQ3054383", "CSQA3054383", "csqu3054383", "CSQU305438", "CSQU30543833", "ЦSQU3054383"]
        {
            assert!(text.parse::<ContainerNumber>().is_err(), "{text}");
        }
    }
}

//! Codes of this room: territories, regimes, offices, requirements. Their meanings stand in the tables of `data/customs`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is not a code of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomsCodeError {
    text: String,
    needs: &'static str,
}

impl CustomsCodeError {
    pub(crate) fn new(text: &str, needs: &'static str) -> Self {
        Self { text: text.chars().take(40).collect(), needs }
    }
}

impl fmt::Display for CustomsCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a code of its kind: it needs {}", self.text, self.needs)
    }
}

impl std::error::Error for CustomsCodeError {}

macro_rules! code {
    ($(#[$meta:meta])* $name:ident, $needs:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CustomsCodeError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    return Ok(Self(text.to_owned()));
                }
                Err(CustomsCodeError::new(text, $needs))
            }
        }

        impl TryFrom<String> for $name {
            type Error = CustomsCodeError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_word(text: &str, most: usize, extra: &[u8]) -> bool {
    (1..=most).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || extra.contains(&b))
}

code!(
    /// A customs procedure under one law, such as common transit.
    RegimeCode, "1 to 40 small letters, digits or hyphens", |text| is_word(text, 40, b"-")
);
code!(
    /// Something a regime asks for, such as a navigation seal.
    RequirementCode, "1 to 40 small letters, digits or underscores", |text| is_word(text, 40, b"_")
);
code!(
    /// A customs office: eight characters of the common list of customs offices (country and six more), or a private
    /// code with a colon (two letters of the country, colon, name) where no reference gives the real one.
    OfficeCode, "8 capitals or digits, or two letters, a colon and 3 to 16 capitals, digits or hyphens", is_office
);

fn is_office(text: &str) -> bool {
    let capital_or_digit = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let country = text.bytes().take(2).all(|b| b.is_ascii_uppercase());
    match text.split_once(':') {
        Some((letters, name)) => {
            letters.len() == 2
                && country
                && (3..=16).contains(&name.len())
                && name.bytes().all(|b| capital_or_digit(b) || b == b'-')
        }
        None => text.len() == 8 && country && text.bytes().all(capital_or_digit),
    }
}

impl OfficeCode {
    /// Whether this is our own code and not one of the common list of customs offices.
    pub fn is_private(&self) -> bool {
        self.0.contains(':')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_shape() {
        for text in ["AB:CDE", "AB:ALAT-UZ", "AB000123"] {
            assert!(text.parse::<OfficeCode>().is_ok(), "{text}");
        }
        for text in ["", "AB", "ab:cde", "AB:", "AB00012", "A1:CDE", "AB:A B"] {
            assert!(text.parse::<OfficeCode>().is_err(), "{text}");
        }
        assert!("AB:CDE".parse::<OfficeCode>().unwrap().is_private());
        assert!("Common".parse::<RegimeCode>().is_err());
        assert!("navigation_seal".parse::<RequirementCode>().is_ok());
    }
}

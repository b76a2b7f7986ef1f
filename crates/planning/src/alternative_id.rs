//! Names of alternatives within a plan.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The name of an alternative within its plan. Shape: `A` and its number from 1, in order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlternativeId(u32);

impl AlternativeId {
    /// The alternative with this number.
    pub(crate) const fn new(number: u32) -> Self {
        Self(number)
    }
}

/// The text is no name of an alternative.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of an alternative: it needs an A and a number, such as A1")]
pub struct NoAlternativeId(String);

impl FromStr for AlternativeId {
    type Err = NoAlternativeId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_prefix('A').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.filter(|digits| !digits.starts_with('0')).and_then(|digits| digits.parse().ok());
        number.map(Self).ok_or_else(|| NoAlternativeId(text.chars().take(20).collect()))
    }
}

impl TryFrom<String> for AlternativeId {
    type Error = NoAlternativeId;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AlternativeId> for String {
    fn from(id: AlternativeId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for AlternativeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_a_letter_and_a_number() {
        for number in [1, 9, 10, 120] {
            let id = AlternativeId::new(number);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        for text in ["", "A", "A0", "A01", "B1", "a1", "A-1", "A+1", "1", "A99999999999"] {
            assert!(text.parse::<AlternativeId>().is_err(), "{text}");
        }
    }
}

//! Mass in whole grams.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::str::FromStr;

/// A mass. Unit: gram. Range: 0 to `u64::MAX` (18 million tonnes); sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mass(u64);

impl Mass {
    /// No mass at all.
    pub const ZERO: Mass = Mass(0);

    /// From whole grams.
    pub const fn from_grams(grams: u64) -> Self {
        Self(grams)
    }

    /// From whole kilograms.
    pub const fn from_kilograms(kilograms: u64) -> Self {
        Self(kilograms.saturating_mul(1_000))
    }

    /// From whole tonnes of 1,000 kg.
    pub const fn from_tonnes(tonnes: u64) -> Self {
        Self(tonnes.saturating_mul(1_000_000))
    }

    /// Whole grams.
    pub const fn grams(self) -> u64 {
        self.0
    }

    /// Tonnes of 1,000 kg, for search and physics only.
    pub fn as_tonnes_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// Kilograms as an exact decimal without a unit, for example `18420.5`: the form that documents print.
    pub fn to_kilogram_decimal(self) -> String {
        let (whole, rest) = (self.0 / 1_000, self.0 % 1_000);
        if rest == 0 {
            return whole.to_string();
        }
        format!("{whole}.{rest:03}").trim_end_matches('0').to_owned()
    }

    /// Reads kilograms from a decimal such as `18420` or `18420.5`.
    ///
    /// Errors: [`MassParseError`] if it is not a plain decimal, is negative, or is finer than a gram.
    pub fn from_kilogram_decimal(text: &str) -> Result<Self, MassParseError> {
        let error = || MassParseError(text.to_owned());
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 3 || !digits(whole) || !digits(fraction) {
            return Err(error());
        }
        let kilograms: u64 = whole.parse().map_err(|_| error())?;
        let grams: u64 = format!("{fraction:0<3}").parse().map_err(|_| error())?;
        kilograms.checked_mul(1_000).and_then(|whole| whole.checked_add(grams)).map(Self).ok_or_else(error)
    }

    /// The difference of two masses, whichever is larger.
    pub const fn abs_diff(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

/// The text is not a mass in kilograms with at most three decimals.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a mass in kilograms (digits, at most three decimals, not negative)")]
pub struct MassParseError(String);

impl FromStr for Mass {
    type Err = MassParseError;

    /// Reads `18420 kg`, `18420.5kg` or a bare number of kilograms.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_kilogram_decimal(text.trim().trim_end_matches("kg"))
    }
}

impl fmt::Display for Mass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kg", self.to_kilogram_decimal())
    }
}

impl Add for Mass {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Mass {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilogram_decimals_round_trip() {
        for (text, grams) in
            [("0", 0), ("1", 1_000), ("18420.5", 18_420_500), ("0.001", 1), ("7.25 kg", 7_250)]
        {
            let mass: Mass = text.parse().unwrap();
            assert_eq!(mass.grams(), grams, "{text}");
            assert_eq!(Mass::from_kilogram_decimal(&mass.to_kilogram_decimal()).unwrap(), mass, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_mass_is_refused() {
        for text in ["", "-1", "1.2345", "1e3", "one", ".5", "99999999999999999999"] {
            assert!(text.parse::<Mass>().is_err(), "{text}");
        }
    }
}

//! Durations in whole seconds.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// A duration. Unit: second. Range: not negative; sums saturate, differences stop at zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(u64);

impl Seconds {
    /// No time.
    pub const ZERO: Seconds = Seconds(0);

    /// From whole seconds.
    pub const fn new(seconds: u64) -> Self {
        Self(seconds)
    }

    /// From whole minutes.
    pub const fn from_minutes(minutes: u64) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// From whole hours.
    pub const fn from_hours(hours: u64) -> Self {
        Self(hours.saturating_mul(3_600))
    }

    /// From hours with decimals, rounded to the second; negative and not-a-number become zero.
    pub fn from_hours_f64(hours: f64) -> Self {
        Self((hours.max(0.0) * 3_600.0).round() as u64)
    }

    /// Whole seconds.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Hours, for search and statistics only.
    pub fn as_hours_f64(self) -> f64 {
        self.0 as f64 / 3_600.0
    }

    /// The same length as a `jiff` duration, to add to an instant.
    pub fn to_duration(self) -> SignedDuration {
        SignedDuration::from_secs(i64::try_from(self.0).unwrap_or(i64::MAX))
    }

    /// The time from `earlier` to `later`; zero if `later` is not later.
    pub fn between(earlier: jiff::Timestamp, later: jiff::Timestamp) -> Self {
        Self(u64::try_from(later.as_second() - earlier.as_second()).unwrap_or(0))
    }
}

impl fmt::Display for Seconds {
    /// The two largest units, for people: `9d 4h`, `6h 30m`, `45s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units =
            [(self.0 / 86_400, "d"), (self.0 / 3_600 % 24, "h"), (self.0 / 60 % 60, "m"), (self.0 % 60, "s")];
        let Some(first) = units.iter().position(|(count, _)| *count > 0) else {
            return f.write_str("0s");
        };
        let (count, unit) = units[first];
        write!(f, "{count}{unit}")?;
        match units.get(first + 1) {
            Some((count, unit)) if *count > 0 => write!(f, " {count}{unit}"),
            _ => Ok(()),
        }
    }
}

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Seconds {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_two_largest_units() {
        let cases =
            [(0, "0s"), (45, "45s"), (23_400, "6h 30m"), (792_000, "9d 4h"), (86_400, "1d"), (86_460, "1d")];
        for (seconds, text) in cases {
            assert_eq!(Seconds::new(seconds).to_string(), text);
        }
    }
}

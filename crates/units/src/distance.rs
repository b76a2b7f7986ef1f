//! Distance in whole metres.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// A length along a course. Unit: metre. Sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distance(u64);

impl Distance {
    /// No distance.
    pub const ZERO: Distance = Distance(0);

    /// From whole metres.
    pub const fn from_metres(metres: u64) -> Self {
        Self(metres)
    }

    /// From whole kilometres.
    pub const fn from_kilometres(kilometres: u64) -> Self {
        Self(kilometres.saturating_mul(1_000))
    }

    /// Whole metres.
    pub const fn metres(self) -> u64 {
        self.0
    }

    /// Kilometres, for search and physics only.
    pub fn as_kilometres_f64(self) -> f64 {
        self.0 as f64 / 1e3
    }
}

impl fmt::Display for Distance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            metres if metres < 1_000 => write!(f, "{metres} m"),
            metres => write!(f, "{} km", (metres + 500) / 1_000),
        }
    }
}

impl Add for Distance {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Distance {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

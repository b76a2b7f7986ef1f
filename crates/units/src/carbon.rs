//! Greenhouse gas in whole grams of CO2 equivalent.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// Greenhouse gas. Unit: gram of CO2 equivalent, well to wheel. Sums saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Carbon(u64);

impl Carbon {
    /// Nothing emitted.
    pub const ZERO: Carbon = Carbon(0);

    /// From whole grams of CO2e.
    pub const fn from_grams(grams: u64) -> Self {
        Self(grams)
    }

    /// Whole grams of CO2e.
    pub const fn grams(self) -> u64 {
        self.0
    }

    /// Tonnes of CO2e, for display and search.
    pub fn as_tonnes_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl fmt::Display for Carbon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} t CO2e", self.as_tonnes_f64())
    }
}

impl Add for Carbon {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Carbon {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

//! A quantity known by three points: least, typical, most.

use serde::{Deserialize, Serialize};

/// A quantity given as minimum, typical and maximum value, the form in which most published figures come.
///
/// Invariant: `min <= typ <= max`, kept by the constructor and by deserialization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "Points<T>",
    into = "Points<T>",
    bound = "T: Copy + Ord + Serialize + serde::de::DeserializeOwned"
)]
pub struct Estimate<T: Copy + Ord> {
    min: T,
    typ: T,
    max: T,
}

impl<T: Copy + Ord> Estimate<T> {
    /// Three points in order. Errors: [`EstimateOutOfOrder`] unless `min <= typ <= max`.
    pub fn new(min: T, typ: T, max: T) -> Result<Self, EstimateOutOfOrder> {
        if min <= typ && typ <= max { Ok(Self { min, typ, max }) } else { Err(EstimateOutOfOrder) }
    }

    /// A value that does not vary.
    pub const fn exactly(value: T) -> Self {
        Self { min: value, typ: value, max: value }
    }

    /// The least value.
    pub const fn min(&self) -> T {
        self.min
    }

    /// The typical value (the mode).
    pub const fn typ(&self) -> T {
        self.typ
    }

    /// The greatest value.
    pub const fn max(&self) -> T {
        self.max
    }

    /// The same estimate in another unit; `convert` must not change the order.
    pub fn map<U: Copy + Ord>(self, convert: impl Fn(T) -> U) -> Estimate<U> {
        Estimate { min: convert(self.min), typ: convert(self.typ), max: convert(self.max) }
    }
}

/// The three points of an estimate are not in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an estimate needs min <= typ <= max")]
pub struct EstimateOutOfOrder;

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Points<T> {
    min: T,
    typ: T,
    max: T,
}

impl<T: Copy + Ord> TryFrom<Points<T>> for Estimate<T> {
    type Error = EstimateOutOfOrder;
    fn try_from(points: Points<T>) -> Result<Self, Self::Error> {
        Self::new(points.min, points.typ, points.max)
    }
}

impl<T: Copy + Ord> From<Estimate<T>> for Points<T> {
    fn from(estimate: Estimate<T>) -> Self {
        Self { min: estimate.min, typ: estimate.typ, max: estimate.max }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_out_of_order_are_refused() {
        assert!(Estimate::new(1, 2, 3).is_ok());
        assert!(Estimate::new(2, 1, 3).is_err());
        assert!(Estimate::new(1, 4, 3).is_err());
    }
}

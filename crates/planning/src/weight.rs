//! What a way takes, on the figures that are compared.

use crate::Conditions;
use crate::Criterion;

/// What a way takes. Whole numbers, so that sums do not depend on the order in which they are made.
///
/// The last counts figures that are missing. It is compared like the others: a way is not called cheaper or quicker than
/// another one because less is known of it. On a network in which every figure is known it is zero everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight {
    /// Expected time. Unit: second.
    pub(crate) seconds: u64,
    /// Typical cost. Unit: hundredth of the plan's currency.
    pub(crate) cents: u64,
    /// Typical greenhouse gas. Unit: gram of CO2e.
    pub(crate) grams: u64,
    /// Exposure. Unit: weighted metre.
    pub(crate) exposure: u64,
    /// Missing figures: prices and emission factors of rides, durations of changes.
    pub(crate) unknown: u64,
}

impl Weight {
    /// Whether this is at most the other one on every criterion.
    pub(crate) fn is_no_worse_than(self, other: Self) -> bool {
        self.seconds <= other.seconds
            && self.cents <= other.cents
            && self.grams <= other.grams
            && self.exposure <= other.exposure
            && self.unknown <= other.unknown
    }

    /// Whether this is no worse on every criterion and better on one.
    pub(crate) fn beats(self, other: Self) -> bool {
        self != other && self.is_no_worse_than(other)
    }

    /// The same with nothing on the criteria that a request does not compare.
    pub(crate) fn compared(self, conditions: &Conditions) -> Self {
        let of = |criterion, value| if conditions.compares(criterion) { value } else { 0 };
        Self {
            seconds: of(Criterion::Arrival, self.seconds),
            cents: of(Criterion::Cost, self.cents),
            grams: of(Criterion::Emissions, self.grams),
            exposure: of(Criterion::Exposure, self.exposure),
            unknown: self.unknown,
        }
    }
}

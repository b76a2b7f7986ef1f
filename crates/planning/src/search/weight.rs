//! What a way takes, on the criteria of the search.

/// Number of criteria.
pub(super) const CRITERIA: usize = 4;

/// What a way takes. Whole numbers, so that sums do not depend on the order in which they are made.
///
/// The last counts figures that are missing. It is compared like the others: a way is not called cheaper or quicker than
/// another one because less is known of it. On a network in which every figure is known it is zero everywhere, and the
/// comparison is on time, cost and emissions alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight {
    /// Expected time. Unit: second.
    pub(crate) seconds: u64,
    /// Typical cost. Unit: hundredth of the plan's currency.
    pub(crate) cents: u64,
    /// Typical greenhouse gas. Unit: gram of CO2e.
    pub(crate) grams: u64,
    /// Missing figures: prices and emission factors of rides, durations of changes.
    pub(crate) unknown: u64,
}

impl Weight {
    /// The sum on each criterion. Saturates.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            seconds: self.seconds.saturating_add(other.seconds),
            cents: self.cents.saturating_add(other.cents),
            grams: self.grams.saturating_add(other.grams),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }

    /// Whether this is at most the other one on every criterion.
    pub(crate) fn is_no_worse_than(self, other: Self) -> bool {
        self.seconds <= other.seconds
            && self.cents <= other.cents
            && self.grams <= other.grams
            && self.unknown <= other.unknown
    }

    /// Whether this is no worse on every criterion and better on one.
    pub(crate) fn beats(self, other: Self) -> bool {
        self != other && self.is_no_worse_than(other)
    }

    /// The criteria, in the order of comparison.
    pub(super) fn parts(self) -> [u64; CRITERIA] {
        [self.seconds, self.cents, self.grams, self.unknown]
    }

    pub(super) fn from_parts([seconds, cents, grams, unknown]: [u64; CRITERIA]) -> Self {
        Self { seconds, cents, grams, unknown }
    }
}

//! What things weigh, on criteria that add up.

/// Number of criteria besides time that a network can carry.
pub const WEIGHTS: usize = 5;

/// Number of dimensions inside: the weights, and the number of rides.
pub(crate) const DIMENSIONS: usize = WEIGHTS + 1;

/// The dimension that counts rides.
pub(crate) const LEGS: usize = WEIGHTS;

/// What something takes on each criterion besides time.
///
/// Unit: the caller's, one per criterion. Cost is the first, because storage is charged on it; what the others mean is
/// the caller's matter (emissions, exposure, figures that are not known).
/// Range: each at most [`crate::limits::MOST_WEIGHT`].
pub type Weights = [u32; WEIGHTS];

/// The criterion that storage is charged on.
pub const COST: usize = 0;

/// Nothing on any criterion.
pub const WEIGHTLESS: Weights = [0; WEIGHTS];

/// What the search compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// The arrival, or for a query that says when to arrive, the departure.
    pub time: bool,
    /// Each of the criteria that add up.
    pub weights: [bool; WEIGHTS],
    /// The number of rides.
    pub legs: bool,
}

impl Criteria {
    /// Time and the first of the weights.
    pub const TIME_AND_COST: Self =
        Self { time: true, weights: [true, false, false, false, false], legs: false };

    /// Time and the first three weights: cost, emissions, exposure.
    pub const TIME_AND_THREE: Self =
        Self { time: true, weights: [true, true, true, false, false], legs: false };

    /// Time alone.
    pub const TIME: Self = Self { time: true, weights: [false; WEIGHTS], legs: false };
}

pub(crate) type Inner = [u32; DIMENSIONS];

pub(crate) fn inner(weights: Weights, legs: u32) -> Inner {
    let [a, b, c, d, e] = weights;
    [a, b, c, d, e, legs]
}

/// The sum on each dimension; saturates, and what is saturated is refused where labels are made.
pub(crate) fn plus<const N: usize>(mut one: [u32; N], other: [u32; N]) -> [u32; N] {
    for (part, more) in one.iter_mut().zip(other) {
        *part = part.saturating_add(more);
    }
    one
}

/// Whether the first is at most the second everywhere.
pub(crate) fn no_worse<const N: usize>(one: &[u32; N], other: &[u32; N]) -> bool {
    let mut holds = true;
    for (mine, theirs) in one.iter().zip(other) {
        holds &= mine <= theirs;
    }
    holds
}

//! Every limit of this room, with its reason.

/// Containers in one request. A block train of this corridor carries about 55 forty-foot containers; two trains are
/// planned as two consignments.
pub const MOST_CONTAINERS: u32 = 120;

/// Lines of equipment in one request: more than there are size types in use.
pub const MOST_EQUIPMENT_LINES: usize = 24;

/// Heaviest request. Unit: tonne. Two long trains.
pub const MOST_TONNES: u64 = 6_000;

/// Fewest Monte Carlo samples: below it the 10 % and 90 % quantiles are noise.
pub const FEWEST_SAMPLES: u32 = 100;

/// Most Monte Carlo samples: the quantiles of 100,000 are exact to a few minutes in a month.
pub const MOST_SAMPLES: u32 = 100_000;

/// Most alternatives that can be asked for: people compare a handful, programs can plot more.
pub const MOST_ALTERNATIVES: u32 = 100;

/// Ways that go into the Monte Carlo step. The search of the corridor finds tens.
pub(crate) const MOST_WAYS_SAMPLED: usize = 400;

/// Partial ways that one search may hold, about 200 MB. The corridor needs some hundred.
pub(crate) const MOST_LABELS: usize = 2_000_000;

/// Nearest places named when a place is not known.
pub(crate) const SUGGESTED_PLACES: usize = 5;

/// Years for which plans are made: tariffs and figures say nothing of others, and instants stay far from their ends.
pub(crate) const READY_YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

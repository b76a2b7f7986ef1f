//! Every limit of this room, with its reason.

/// Last instant that a network or a query may name. Unit: tick. Half of what 32 bits hold, so that an instant and a
/// horizon can be added; with seconds since an epoch near the first departure it is 34 years.
pub const LAST_TICK: u32 = 1 << 30;

/// Most that one segment, boarding, stay or charge may weigh on a criterion. A way of a hundred such parts is still a
/// number of 32 bits; a larger sum is an error ([`crate::Stopped::Overflow`]) and never a wrong answer.
pub const MOST_WEIGHT: u32 = 1 << 27;

/// Most stops that a query may require. Each doubles the states of a stop.
pub const MOST_REQUIRED: usize = 6;

/// Most stops of one line: a position is one byte in what is said about it.
pub const MOST_POSITIONS: usize = 250;

/// Labels that one search may hold if the query does not say it, 100 to 200 MB.
pub const MOST_LABELS: usize = 4_000_000;

/// Later departures or openings that goods may wait for on purpose, at one stay. Only where storage is charged; a
/// search that would need more says so ([`crate::Stopped::TooManyLabels`]).
pub const MOST_CHOICES: usize = 20_000;

/// Largest shortening that may be asked for. Unit: thousandth. Twice as bad in everything is no list of good ways.
pub const MOST_EPSILON: u32 = 1_000;

/// Shortest paths by different rates that show a list with an epsilon before partial paths are followed; each costs
/// about as much as one pass over the graph. A front that they do not show by then is too rough to be shown so.
pub const MOST_SUMS: usize = 300;

/// Planes that are held against partial paths at all; each costs one pass over the graph and eight bytes per node.
pub const MOST_PLANES: usize = 24;

/// Planes that each zone which is left is held against; each costs a number per node and a comparison per partial path.
pub const NEAR_PLANES: usize = 3;

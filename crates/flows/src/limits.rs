//! Every limit of this room, with its reason.

/// Vertices of one graph. A country's road network, vertices split in two, has about a million.
pub const MOST_VERTICES: usize = 2_000_000;

/// Arcs of one graph, about 1 GB while a flow is computed.
pub const MOST_ARCS: usize = 16_000_000;

/// Capacity of one arc and supply of one vertex. Sums over [`MOST_ARCS`] stay below half of what 64 bits hold.
pub const MOST_CAPACITY: i64 = 100_000_000_000;

/// Cost of one unit on one arc, either sign. The cost of any path, which is what 64 bits must hold four times over, stays
/// below 2 000 000 times this.
pub const MOST_COST: i64 = 1_000_000_000_000;

/// Routes asked for at once, disjoint or one after the other: more than anybody compares.
pub const MOST_ROUTES: usize = 64;

/// Nearest places named when a place is not known.
pub const SUGGESTED_PLACES: usize = 5;

/// Largest number of rows read from one table of freight, so that a wrong file cannot fill the memory.
pub(crate) const MOST_ROWS: usize = 20_000;

/// Factors by which a scenario may change a capacity or price: more is another network.
pub(crate) const FACTORS: std::ops::RangeInclusive<f64> = 0.01..=100.0;

/// Factors by which a scenario may change demand; none of it is a question too.
pub(crate) const DEMAND_FACTORS: std::ops::RangeInclusive<f64> = 0.0..=100.0;

/// Hours that a scenario may add: half a year, either way.
pub(crate) const HOURS: std::ops::RangeInclusive<f64> = -4_400.0..=4_400.0;

/// Changes of one kind in a scenario: more than there are links.
pub(crate) const MOST_CHANGES: usize = 200;

/// Years for which something can be said: tariffs and openings say nothing of others.
pub(crate) const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

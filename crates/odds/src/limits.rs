//! Every limit of this room, with its reason.

/// Pieces of a distribution function: its error is below 0.0001, and a table of it fits the first cache.
pub(crate) const PIECES: usize = 256;

/// Cells of a grid that is chosen by itself: a quarter of an hour in ten days, an hour in a month and a half.
pub const CELLS: u64 = 1_024;

/// Cells beyond which a chain of long tails is cut; what lies beyond is put into the last one. About 8 MB in all.
pub const MOST_CELLS: usize = 1 << 16;

/// Distributions over three points that are kept, about 7 kB each. The corridor has some hundred.
pub(crate) const MOST_KNOWN: usize = 2_048;

/// Departures that a timetable may list: one an hour for a year.
pub const MOST_DEPARTURES: usize = 8_784;

/// Cells of a policy: options times moments, at 40 bytes each 160 MB. The corridor needs a twentieth.
pub const MOST_POLICY_CELLS: usize = 4_000_000;

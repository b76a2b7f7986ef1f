//! Every limit of this room, with its reason.

/// Largest number of rows read from one table, so that a wrong file cannot fill the memory.
pub(crate) const MOST_ROWS: usize = 200_000;

/// Most single days in one cell of exceptions: more than that are another timetable.
pub(crate) const MOST_DAYS_LISTED: usize = 400;

/// Longest time for which departures or opening hours are looked up at once. Unit: day. A plan looks 60 days ahead and its
/// slowest way takes three months more.
pub const LONGEST_LOOK_DAYS: u32 = 370;

/// Longest wait for something that is closed or does not run before it counts as not there at all. Unit: day.
pub(crate) const LONGEST_WAIT_DAYS: i64 = 62;

/// Longest time between cut-off and departure. Unit: hour. Two weeks; ports ask for one at most.
pub(crate) const LONGEST_CUT_OFF_HOURS: u64 = 14 * 24;

/// Most intermediate stops of one service; each pair of stops becomes a service.
pub(crate) const MOST_CALLS: usize = 12;

/// Days of storage that are priced one by one; what lies longer is not in transit.
pub(crate) const MOST_STORAGE_DAYS: u32 = 365;

//! The limits of this room, each with its reason.

/// Random journeys drawn for one estimate of arrival. The error of a 10 % quantile is below a hundredth of the spread, and
/// an update stays in the milliseconds.
pub const MOST_SAMPLES: u32 = 20_000;

/// Measurements remembered of one leg or dwell, the latest. With a half-life of half a year the ones before weigh nothing.
pub const MOST_MEASURED: usize = 400;

/// Legs and dwells that one book learns. A network of a hundred thousand services is larger than any known one.
pub const MOST_FIGURES: usize = 100_000;

/// Scored forecasts that one recalibration looks at, the latest: years of a large forwarder, and milliseconds to sort.
pub const MOST_SCORED: usize = 20_000;

/// Closures in force or to come. More are a mistake of whoever enters them.
pub const MOST_CLOSURES: usize = 1_000;

/// Bytes of one table of parameters.
pub const MOST_TABLE_BYTES: usize = 1 << 20;

/// Rows of one answer about the state of a corridor: every service of a large network, both ways.
pub const MOST_STATE_ROWS: usize = 50_000;

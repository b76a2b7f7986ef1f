//! What a network is made of, as the caller says it.

use crate::Weights;
use crate::weights::WEIGHTLESS;

/// A network, said in parts: see [`crate::Network::new`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Where goods can change lines. Everything else names a stop by its number here.
    pub stops: Vec<Stop>,
    /// What carries goods. Everything else names a line by its number here.
    pub lines: Vec<Line>,
    /// The changes for which a stop's own [`Stop::stay`] does not hold.
    pub changes: Vec<Change>,
}

/// A place where goods can change from one line to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stop {
    /// What lies between any two lines that [`Parts::changes`] says nothing of. `None`: no change is possible.
    pub stay: Option<Stay>,
    /// When work can begin here. Empty: at any time. Shape: in order, apart from one another.
    pub open: Vec<Window>,
    /// What it costs to leave goods here. `None`: nothing.
    pub storage: Option<Storage>,
}

/// What happens to goods between two rides, before the first or after the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stay {
    /// How long the work takes. Unit: tick.
    pub duration: u32,
    /// What it takes besides time.
    pub weights: Weights,
    /// The work does not wait for the stop to open.
    pub at_any_hour: bool,
}

/// A stay that holds for one pair of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub stop: u32,
    /// The line that goods come with.
    pub arriving: u32,
    /// The line that goods leave with.
    pub departing: u32,
    /// What lies between. `None`: goods cannot change from one to the other.
    pub stay: Option<Stay>,
}

/// Charges for goods that lie at a stop between two rides: nothing for the free time, then so much per started period.
///
/// The clock runs from when the goods are free to be taken (arrival and [`LineStop::release`]) until the next departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    /// Time that costs nothing. Unit: tick.
    pub free: u32,
    /// Length of a period. Unit: tick. Range: at least 1.
    pub period: u32,
    /// Price of a started period, on [`crate::COST`].
    pub price: u32,
}

/// A stretch of time, from the first tick in it up to the first one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// First tick.
    pub from: u32,
    /// First tick after it.
    pub until: u32,
}

/// What carries goods over a sequence of stops.
///
/// All departures of a line take the same times and weigh the same; what runs differently is another line. Goods may
/// board at any stop of the sequence that allows it and alight at any later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The stops, in order. Range: 2 to [`crate::limits::MOST_POSITIONS`].
    pub stops: Vec<LineStop>,
    /// What each segment between two neighbouring stops takes besides time; one fewer than the stops.
    pub segments: Vec<Weights>,
    /// When it leaves.
    pub runs: Runs,
}

/// A stop of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineStop {
    /// Which stop.
    pub stop: u32,
    /// When it arrives, after the start of the line. Unit: tick.
    pub arrives: u32,
    /// When it leaves, after the start of the line. Unit: tick.
    pub departs: u32,
    /// Goods can be taken on board here.
    pub boards: bool,
    /// Goods can be taken off here.
    pub alights: bool,
    /// Time before the departure at which goods must be ready. Unit: tick.
    pub cutoff: u32,
    /// Time after the arrival at which goods are free to be taken. Unit: tick.
    pub release: u32,
    /// What boarding takes.
    pub boarding: Weights,
    /// What alighting takes.
    pub alighting: Weights,
}

impl LineStop {
    /// A stop where goods can be taken on and off, at once and for nothing.
    pub const fn at(stop: u32, arrives: u32, departs: u32) -> Self {
        Self {
            stop,
            arrives,
            departs,
            boards: true,
            alights: true,
            cutoff: 0,
            release: 0,
            boarding: WEIGHTLESS,
            alighting: WEIGHTLESS,
        }
    }
}

/// When a line leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runs {
    /// At known instants. Shape: in order of time.
    Timetable(Vec<Departure>),
    /// Whenever goods are ready, after a wait: every so often (the wait is what the caller expects of the headway, or
    /// its worst), when full (the wait that is expected), or on demand (no wait).
    Anytime {
        /// Wait before each departure. Unit: tick.
        wait: u32,
        /// When it can leave: opening windows, a period of validity. Empty: at any time. Shape: in order, apart.
        open: Vec<Window>,
        /// Demand that one departure can take. `None`: any.
        capacity: Option<u32>,
    },
}

/// A departure of a timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// The start of the line; the times of its stops are counted from here. Unit: tick.
    pub start: u32,
    /// Demand that it can still take. `None`: any.
    pub capacity: Option<u32>,
}

impl Departure {
    /// A departure without a limit.
    pub const fn at(start: u32) -> Self {
        Self { start, capacity: None }
    }
}

//! Every limit and every fixed length of time of this room, with its reason.

use kervan_units::Seconds;

/// Consignments of one script. The next act is found by looking at all of them.
pub const MOST_CONSIGNMENTS: usize = 500;

/// Time from one position to the next: four a day, as trackers on containers send to save their batteries.
pub const BETWEEN_POSITIONS: Seconds = Seconds::from_hours(6);

/// Time from one question for release to the next.
pub const BETWEEN_QUESTIONS: Seconds = Seconds::from_hours(3);

/// How long the play waits for a release in one go before it leaves the consignment stuck.
pub const LONGEST_HOLD: Seconds = Seconds::from_hours(21 * 24);

/// The longest wait on the quay that is counted as the wait for a ship; see the sailing rule in [`crate`].
pub const LONGEST_ON_QUAY: Seconds = Seconds::from_hours(18);

/// From here to the departure nothing is taken on board any more.
pub const CUT_OFF: Seconds = Seconds::from_hours(1);

/// Loading begins this long before a ship departs.
pub const LOADING: Seconds = Seconds::from_hours(3);

/// The longest time from the arrival of a ship until the containers are off it.
pub const UNLOADING: Seconds = Seconds::from_hours(3);

/// Nothing leaves a place sooner than this after its arrival: somebody looks at the seals.
pub const SHORTEST_STAY: Seconds = Seconds::from_minutes(15);

/// From the declaration to the attached document.
pub const UNTIL_ATTACHED: Seconds = Seconds::from_hours(1);

/// From the declaration to the accepted itinerary.
pub const UNTIL_ACCEPTED: Seconds = Seconds::from_hours(2);

/// The shortest and the longest time from the declaration until the goods are ready.
pub const BEFORE_READY: (Seconds, Seconds) = (Seconds::from_hours(6), Seconds::from_hours(30));

/// The latest that goods are ready after the time that was promised.
pub const READY_LATE: Seconds = Seconds::from_hours(4);

/// One week in so many is a bad one for a place or a service, and as many are smooth ones.
pub const BAD_WEEK_IN: u64 = 8;

/// Notes on one consignment: whoever reads a timeline needs the first ones.
pub const MOST_NOTES: usize = 20;

/// Error of a tracker. Unit: degree, some 200 m.
pub const SCATTER_DEGREES: f64 = 0.002;

//! Limits of the node, each with its reason.

/// Events of one capture. Source: EPCIS asks for a stated limit; so many are one transaction of the store, of about a second.
pub const MOST_EVENTS_IN_CAPTURE: usize = kervan_events::limits::MOST_EVENTS;

/// Events of a capture that is done before it is answered; a larger one goes on after its job was named.
pub const MOST_EVENTS_AT_ONCE: usize = 1_000;

/// Positions of one report: what a gateway of thousands of devices collects between two uploads, and a device that was silent
/// for two years. The same as a text may hold.
pub const MOST_POSITIONS_IN_REPORT: usize = kervan_positions::limits::MOST_REPORTS;

/// Devices and consignments of one report that are followed before it is answered; those of larger ones at the next tick.
pub const MOST_FOLLOWED_AT_ONCE: usize = 20;

/// Devices that one tick follows; the rest have their turn at the next. An estimate takes some milliseconds.
pub const MOST_FOLLOWED_IN_TICK: usize = 500;

/// Positions of one track, the last ones.
pub const MOST_TRACK_POINTS: u32 = 20_000;

/// Changes of one amendment; more than that is another consignment.
pub const MOST_CHANGES_IN_AMENDMENT: usize = 100;

/// Longest reason of a decision about a hit of the screening. Unit: character. It is read on one screen.
pub const LONGEST_REASON: usize = 2_000;

/// Documents attached to one dossier.
pub const MOST_ATTACHMENTS: usize = 200;

/// Positions shown as the trail of a consignment.
pub const MOST_TRAIL_POINTS: u32 = 2_000;

/// Monte Carlo samples of one ETA: the error of its quantiles is then well below the hour that people read.
pub const ETA_SAMPLES: u32 = 1_000;

/// Locks that keep two requests on one consignment from deciding on the same state; more locks, fewer chance meetings.
pub const LOCKS: usize = 64;

/// Most entries whose checked signature is remembered. Reason: 100 bytes each; a node that works on more checks them again.
pub(crate) const MOST_REMEMBERED: usize = 500_000;

/// Refused messages remembered for one movement; the oldest go first. Enough to see what a partner's system does wrong.
pub const MOST_REFUSED: usize = 50;

/// Movements that one tick of the clock looks at; the rest have their turn at the next.
pub const MOST_DUE: u32 = 500;

/// Events that one request for a page looks at. A full look takes a second or two; the next page goes on from there.
pub const MOST_LOOKED_AT: usize = 100_000;

/// Events of an answer that must be ordered or counted as a whole: what memory holds without harm, some 200 MB.
pub const MOST_SORTED: usize = 50_000;

/// Consignments that one tick of the clock looks at again without an event; the rest have their turn at the next.
pub const MOST_WATCHED: u32 = 100;

/// How long nobody looked at a consignment before the clock does. Dwell, silence and lateness are counted in days.
pub const WATCH_AGAIN: kervan_units::Seconds = kervan_units::Seconds::from_hours(6);

/// An estimate that moved by less than this, with no fact behind it, is not kept again. Unit: second.
pub const SAME_ESTIMATE_S: u64 = 600;

/// How long before a window events are read, so that stays and journeys that end in it have their beginning.
pub const CORRIDOR_LEAD: kervan_units::Seconds = kervan_units::Seconds::from_hours(60 * 24);

/// Positions that are held against the way with every event: four weeks of a tracker that reports every six hours.
pub const MOST_OBSERVED_POINTS: u32 = 120;

/// Events of one delivery to a subscriber: a megabyte or two; what is more goes in the next.
pub const MOST_EVENTS_IN_DELIVERY: usize = 1_000;

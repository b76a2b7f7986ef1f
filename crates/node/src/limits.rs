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

/// Sources of sentences of which unfinished messages are kept, some hundred bytes each. A country has fewer receivers.
pub const MOST_RADIOS: usize = 10_000;

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

/// Consignments in the way of a closure that are looked at before it is answered: a tenth of a second.
pub const MOST_CROSSED_AT_ONCE: u32 = 20;

/// Consignments in the way of closures that one tick looks at, twice a second; the rest have their turn at the next.
pub const MOST_CROSSED_IN_TICK: u32 = 100;

/// Closures whose consignments may have been left unseen when the node stopped: the latest ones.
pub const MOST_UNFINISHED_CLOSURES: usize = 100;

/// How long nobody looked at a consignment before the clock does. Dwell, silence and lateness are counted in days.
pub const WATCH_AGAIN: kervan_units::Seconds = kervan_units::Seconds::from_hours(6);

/// An estimate that moved by less than this, with no fact behind it, is not kept again. Unit: second.
pub const SAME_ESTIMATE_S: u64 = 600;

/// How long before a window events are read, so that stays and journeys that end in it have their beginning.
pub const CORRIDOR_LEAD: kervan_units::Seconds = kervan_units::Seconds::from_hours(60 * 24);

/// Positions that are held against the way with every event: four weeks of a tracker that reports every six hours, or two days
/// of one that reports every minute, one for each [`OBSERVED_STEP_S`].
pub const MOST_OBSERVED_POINTS: u32 = 120;

/// Readings of sensors that are looked at with every event, the last ones: a day of one that reads every minute, two of them.
pub const MOST_OBSERVED_READINGS: u32 = 3_000;

/// Of a device that reports often, one position for each step of time is looked at. Unit: second. Nine of them in the shortest
/// time away from the way that counts.
pub const OBSERVED_STEP_S: i64 = 1_200;

/// Events of one delivery to a subscriber: a megabyte or two; what is more goes in the next.
pub const MOST_EVENTS_IN_DELIVERY: usize = 1_000;

/// Bytes of received messages that are kept for one party. Reason: a gigabyte is a hundred thousand declarations of ten kilobytes;
/// who sends more has a fault in its system, and must not fill the disk of others. Unit: byte.
pub const MOST_ORIGINAL_BYTES: u64 = 1 << 30;

/// How long the bytes of a message that changed nothing are kept: a year, in which its sender can ask why. Messages that took
/// effect are named by signed entries and stay.
pub const KEEP_REFUSED: kervan_units::Seconds = kervan_units::Seconds::from_hours(24 * 366);

/// Messages whose bytes one tick of the clock forgets; the rest have their turn at the next.
pub const MOST_FORGOTTEN: u32 = 1_000;

/// Warnings that a capture job tells. Who gets a hundred has one cause.
pub const MOST_REMARKS: usize = 100;

/// Elements of vocabularies that the node keeps: the places of a world's terminals. All of them are read for a question that
/// asks what lies in what, in some hundred milliseconds at most.
pub const MOST_ELEMENTS: u32 = 100_000;

/// Company prefixes that are looked at to tell Digital Links as EPC URNs: as many as companies that a corridor carries for.
pub const MOST_PREFIXES: u32 = 200_000;

/// Subscriptions of one party. Each is looked at whenever something is captured.
pub const MOST_SUBSCRIPTIONS: usize = 200;

/// How long a subscription waits for the socket that served it: over a night without a network.
pub const SOCKET_AWAITED: kervan_units::Seconds = kervan_units::Seconds::from_hours(24);

/// Consignments whose plans are compared with what happened at once: some milliseconds each, so a second or two in all.
pub const MOST_OUTCOMES: usize = 500;

/// Plans and explained plans that are remembered: some 100 kB each. Who looks at a plan accepts or keeps it within minutes.
pub const MOST_PLANS_REMEMBERED: usize = 64;

/// Consignments under way that a board or a list of what waits looks into. Each is read from its dossier once, in about a millisecond,
/// and again when it was saved.
pub const MOST_OPEN_CASES: u32 = 5_000;

/// What callers may know of consignments under way, remembered for lists of all of them: some 20 kB each.
pub const MOST_OPEN_FACTS_REMEMBERED: usize = 20_000;

/// Longest time for which a row of the table of retention keeps anything. Unit: month. A century; what is longer is a mistake.
pub const MOST_RETENTION_MONTHS: u32 = 1_200;

/// Consignments with open alarms that are held in memory, those of the earliest alarms: some 1 kB each with the circle of its consignment.
pub const MOST_OPEN_ALARMS: usize = 50_000;

/// Consignments with movements that wait for an officer that are held in memory: some 1 kB each with their circle.
pub const MOST_OPEN_WORK: usize = 50_000;

/// Lines of the work list that are remembered as they were told: some 3 kB each.
pub const MOST_WORK_TOLD: usize = 4_000;

/// Digests of alarms that a list tells, the gravest of them: more than anybody reads.
pub const MOST_DIGESTS: usize = 1_000;

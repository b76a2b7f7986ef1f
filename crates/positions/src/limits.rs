//! The limits of this room, each with its reason.

/// Bytes of one text of positions. A hundred thousand reports of JSON, eighty thousand sentences.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Reports in one text. One batch of the store; a device that was silent for two years and reported every ten minutes.
pub const MOST_REPORTS: usize = 100_000;

/// Findings of one text. Who gets a thousand has one cause, and the answer must fit a screen and a response.
pub const MOST_FINDINGS: usize = 1_000;

/// Characters of one NMEA sentence with its tag block. The standard has 82 for a sentence; receivers add tag blocks of up to
/// eighty, and some exceed both.
pub const LONGEST_SENTENCE: usize = 400;

/// Sentences of one AIS message. Source: ITU-R M.1371-5: five slots, and a count of one digit.
pub const MOST_PARTS: u8 = 9;

/// AIS messages whose further sentences are awaited at once. Sequence numbers run from 0 to 9 on two channels; more stations
/// than that in one stream is a stream that is mixed up.
pub const MOST_AWAITED: usize = 64;

/// Sentences after which a message that is not whole is given up. Ten seconds of a busy receiver.
pub const LONGEST_WAIT: usize = 1_000;

/// How long a message that is not whole is awaited from one text of a source to its next. Unit: second. Ships repeat what they
/// say of their voyage every six minutes, and gateways send what they have at least once a minute.
pub const LONGEST_SILENCE_S: i64 = 300;

/// How far the clock of a device may be ahead of ours. Unit: second. The same as for events.
pub const CLOCK_TOLERANCE_S: i64 = kervan_events::limits::CLOCK_TOLERANCE_S;

/// How old a position may be when it comes. Unit: second. Four hundred days: a device that lay in a depot over a year; older
/// ones come from clocks that count weeks of GPS wrongly, which sets them back by 1,024 weeks.
pub const OLDEST_S: i64 = 400 * 86_400;

/// Positions matched at once. A month of one device with a report every thirty seconds.
pub const MOST_MATCHED: usize = 100_000;

/// Links that one position is held against: more than meet at any place, and the cost of a step is their square.
pub const MOST_CANDIDATES: usize = 12;

/// Stretches of one link that one position is held against: a line that climbs passes a place twice or three times; more would
/// crowd out the links beside it.
pub const MOST_STRETCHES: usize = 4;

/// Rows of a table of words or figures; above the longest code list that is used.
pub const MOST_ROWS: usize = 10_000;

/// Bytes of one status report or DCSA answer.
pub const MOST_STATUS_BYTES: usize = 8 * 1024 * 1024;

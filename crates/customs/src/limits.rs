//! Every limit of this room, with its reason.

use kervan_units::Seconds;

/// Longest rule pack or library file. Unit: byte. A pack of 1,000 rules with long texts stays under it.
pub const LONGEST_PACK_FILE: usize = 1 << 20;
/// Most rules of one pack, libraries included: three times the 300 that speed is measured with.
pub const MOST_RULES: usize = 1_000;
/// Longest expression. Unit: character. A condition that needs more belongs in two rules.
pub const LONGEST_EXPRESSION: usize = 1_000;
/// Most nodes of an expression after its macros are expanded; bounds the time of one evaluation.
pub const MOST_NODES: usize = 400;
/// Deepest nesting of loops (`all`, `exists`, `map`, `filter`) in an expression; time grows with the list to this power.
pub const DEEPEST_LOOPS: usize = 2;
/// Longest title, message, remedy or source of a rule. Unit: character.
pub const LONGEST_TEXT: usize = 500;
/// Most findings of one rule in one decision; what is beyond is counted in a last finding.
pub const MOST_FINDINGS_PER_RULE: usize = 50;
/// Most attached documents that a case may hold: NCTS allows 99 supporting documents.
pub const MOST_ATTACHMENTS: usize = 99;
/// Most goods items of a case. Source: NCTS, 999 items.
pub const MOST_GOODS: usize = 999;
/// Most containers of a case: a block train of 120 TEU in single boxes.
pub const MOST_EQUIPMENT: usize = 120;
/// Most messages remembered by one movement; a movement of more is not one that anybody reads.
pub const MOST_MESSAGES: usize = 500;
/// Most rows of a decision table: every subheading of the Harmonized System, with room for national ones.
pub const MOST_TABLE_ROWS: usize = 10_000;
/// Most keys that the check of a table tries; each is compared with every row.
pub const MOST_TABLE_PROBES: usize = 50_000;
/// Most languages of a pack besides English: those of the corridor.
pub const MOST_LANGUAGES: usize = 24;
/// Most messages of one movement that wait for an earlier one; more are a flood and not a delay.
pub const MOST_WAITING: usize = 50;
/// How far ahead of ours a sender's clock may be. Unit: second. Fifteen minutes: clocks of offices are set by hand.
pub const MOST_CLOCK_SKEW: Seconds = Seconds::new(900);
/// How long a message waits for one that was sent before it. Unit: second. A day: longer outages end in a new message.
pub const LONGEST_WAIT: Seconds = Seconds::from_hours(24);
/// Most ways of giving regimes to the territories of one itinerary that are tried: eight territories with three regimes each.
pub const MOST_CHAINS_TRIED: usize = 6_561;
/// Most chains that are given; nobody compares more.
pub const MOST_CHAINS: usize = 40;
/// Most risk profiles of a pack: each is a page that somebody keeps up.
pub const MOST_PROFILES: usize = 100;
/// Most conditions of a profile: an explanation of more is not read.
pub const MOST_CONDITIONS: usize = 32;
/// Largest weight of a condition and largest threshold of a profile. Unit: point.
pub const MOST_POINTS: i32 = 1_000;

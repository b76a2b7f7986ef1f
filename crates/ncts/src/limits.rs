//! Every limit of this room, with its reason.

/// Longest message that is read. Unit: byte. A declaration of 1,999 house consignments with ten full items each stays under it;
/// offices refuse far less.
pub const LONGEST_MESSAGE: usize = 64 << 20;
/// Most elements, texts and remarks of a message: what `LONGEST_MESSAGE` can hold of elements with a sensible content.
pub const MOST_NODES: u32 = 4_000_000;
/// Deepest nesting of elements. The published set goes to 7; the rest is for what is wrong and should still be shown in its place.
pub const DEEPEST_NESTING: usize = 24;
/// Most faults that a report lists; what is beyond is counted. Nobody reads more, and a message made to fail everywhere costs no more.
pub const MOST_FAULTS: usize = 1_000;
/// Most faults of one rule that a report lists, so that one mistake that is made everywhere hides no other.
pub const MOST_FAULTS_PER_CODE: usize = 100;
/// Longest piece of foreign text that a fault repeats. Unit: character. Enough to recognise it.
pub const SHOWN_CHARS: usize = 60;

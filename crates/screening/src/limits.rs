//! Every limit of this room, with its reason.

/// Longest name that is read. Unit: character. The longest names of published lists are below 400; what is beyond is cut.
pub const LONGEST_NAME: usize = 400;
/// Most words of a name that are compared: names of ministries reach 20; the cost of a comparison grows with its square.
pub const MOST_TOKENS: usize = 24;
/// Most sounds of one word that are compared: the longest words joined in one name stay below.
pub const MOST_SOUNDS: usize = 40;
/// Longest list file. Unit: byte. The largest published one (OFAC, enhanced) is below 120 MB.
pub const LONGEST_LIST_FILE: usize = 256 << 20;
/// Most entities of one list: three times the largest collection that is published.
pub const MOST_ENTITIES: usize = 1_000_000;
/// Most names of one entity; published entries have up to 120.
pub const MOST_NAMES: usize = 300;
/// Longest remark that is kept of an entity. Unit: character.
pub const LONGEST_REMARK: usize = 600;
/// Deepest nesting of elements in a list: the published ones have seven.
pub const DEEPEST_XML: usize = 32;
/// Most findings of reading one list; what is beyond is counted in a last finding.
pub const MOST_FINDINGS: usize = 100;
/// Most candidates that are compared in full for one name: keeps one question below two milliseconds.
pub const MOST_CANDIDATES: usize = 60;
/// Most names in one posting that is walked for a word: a word in more names than this says too little on its own.
pub const MOST_POSTINGS: usize = 20_000;
/// Most names in one question to the node: the parties of a block train with a consignment for every wagon.
pub const MOST_QUESTIONS: usize = 500;
/// Most pairs in one file of pairs: half an hour of an hour's work at the stated speed; a larger file is split.
pub const MOST_PAIRS: usize = 1_000_000;
/// Most columns of a spreadsheet that are read: the widest published list has 40.
pub const MOST_ODS_COLUMNS: usize = 256;

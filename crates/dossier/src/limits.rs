//! Every limit of this room, with its reason. Foreign bytes meet them before anything is allocated for their content.

/// Longest export file. Unit: byte. Reason: 100,000 entries of 2.5 kB each, in memory twice, still fit a small machine.
pub const MOST_FILE_BYTES: usize = 256 * 1024 * 1024;

/// Most entries of one dossier. Reason: a consignment has tens to hundreds; a sensor that reports each minute for two
/// months has 90,000.
pub const MOST_ENTRIES: usize = 100_000;

/// Deepest nesting of JSON. Reason: our own forms need 12, EPCIS extensions rarely 20; readers recurse, so it must be
/// far from the end of any stack.
pub const MOST_DEPTH: usize = 64;

/// Longest content of one group in canonical form. Unit: byte. Reason: a declaration with 999 goods items has about 400 kB.
pub const MOST_GROUP_BYTES: usize = 1024 * 1024;

/// Most groups of one entry. Reason: our kinds use at most four.
pub const MOST_GROUPS: usize = 16;

/// Most parents of one entry. Reason: an entry cites the heads its author knew, and parties that are cut off from one
/// another are few; with more heads than this, two entries join them.
pub const MOST_PARENTS: usize = 64;

/// Most parties in the audience of one entry. Reason: more than the participants of a long multimodal chain.
pub const MOST_AUDIENCE: usize = 128;

/// Most participants named in one entry. Reason: as for the audience.
pub const MOST_PARTICIPANTS: usize = 128;

/// Most changes in one amendment. Reason: each of 999 goods items may need one weight.
pub const MOST_CHANGES: usize = 1_000;

/// Most changes of one dossier that take effect. Reason: each is compared with those before it.
pub const MOST_CHANGES_IN_FORCE: usize = 10_000;

/// Most amendments of one dossier, times the length of its consignment. Unit: byte. Reason: the whole consignment is read
/// and checked again after each amendment; this is 160 amendments of the largest honest one and thousands of a usual one.
pub const MOST_AMENDED_BYTES: usize = 64 * 1024 * 1024;

/// Most amendments and key facts of one dossier that take effect. Reason: each entry carries one bit for each of them, to
/// know what its author knew; a consignment has tens.
pub const MOST_MARKS: usize = 4_000;

/// Most of them by whoever declared the consignment. Reason: it amends more than all others together.
pub const MOST_MARKS_OF_DECLARANT: usize = 1_000;

/// Most of them by any other party. Reason: none can use up what the others may need.
pub const MOST_MARKS_OF_PARTY: usize = 100;

/// How far an author's clock may be behind that of an entry it builds on. Unit: second. Reason: clocks that are set once a day
/// by hand are minutes off, not more.
pub const MOST_CLOCK_SKEW_SECONDS: i64 = 600;

/// Most key revocations of one dossier that take effect. Reason: each costs a walk through the whole graph.
pub const MOST_REVOCATIONS: usize = 64;

/// Most acceptances for carriage of one dossier that ask for consent. Reason: each amendment is held against each; goods
/// change their carrier five to ten times between two seas.
pub const MOST_ACCEPTANCES: usize = 16;

/// Longest decentralized identifier. Unit: byte. Reason: a `did:key` has 56, a `did:web` is a host name and a path.
pub const LONGEST_DID: usize = 512;

/// Most findings in one report. Reason: a report is read by people; the rest is counted.
pub const MOST_FINDINGS: usize = 1_000;

/// Most threads that check one file. Reason: a node checks for several parties at once.
pub const MOST_THREADS: usize = 8;

/// Fewest entries that are worth more than one thread. Reason: starting one costs as much as checking a few entries.
pub const LEAST_PARALLEL: usize = 64;

/// How many entries a thread takes at once. Reason: few enough that all threads end together, enough that taking costs nothing.
pub const ENTRIES_AT_ONCE: usize = 16;

/// Longest package. Unit: byte. Reason: the longest dossier and as much again in documents.
pub const MOST_PACKAGE_BYTES: usize = 512 * 1024 * 1024;

/// Most files of a package. Reason: each document twice, as data and as print, and the attachments that a node takes.
pub const MOST_PACKAGE_FILES: usize = 2_000;

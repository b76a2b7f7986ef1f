//! Limits of the store, each with its reason.

use std::time::Duration;

/// Most rows one listing returns; a page that people scroll and a program can hold.
pub const MOST_LISTED: u32 = 10_000;

/// Most positions one track returns: a month of one device with a report every thirty seconds.
pub const MOST_TRACKED: u32 = 100_000;

/// Most writes in one batch: one capture of 10,000 events with an entry and a few projections each.
pub const MOST_WRITES_IN_BATCH: usize = 100_000;

/// Batches that may wait for the writer before callers are made to wait themselves.
pub(crate) const MOST_WAITING_BATCHES: usize = 1_024;

/// Most batches taken into one transaction, so that the first of them does not wait for ever.
pub(crate) const MOST_BATCHES_IN_COMMIT: usize = 256;

/// Readers at once, each with a connection that is kept; who comes later waits for one. On a file more of them than cores gain only
/// while the disk is waited for, and a connection that is opened for one question costs more than the question; a server allows some
/// hundred sessions to all its users.
pub(crate) const MOST_READERS: usize = 16;

/// How long a reader waits for a connection that comes free before one more is opened. Most questions are answered in a fifth of it.
pub(crate) const BEFORE_ANOTHER_READER: Duration = Duration::from_millis(5);

/// Readers that share one long list of events. Its rows lie far apart in the file, and a disk answers four questions at once in
/// the time of one; beyond that the gain is small.
pub(crate) const READERS_OF_ONE_LIST: usize = 4;

/// Events of a list that one reader fetches before another is worth its start, which costs as much as some ten rows in memory.
pub(crate) const EVENTS_FOR_A_READER: usize = 5;

/// Page cache of the writer, KiB. Ids are hashes, so each entry touches index pages anywhere; those of a million entries fit.
pub(crate) const WRITER_CACHE_KIB: i64 = 128 * 1024;

/// Pages of the write-ahead log between two checkpoints: 64 MiB. A checkpoint writes each page once, however often it was
/// changed, and flushes the disk twice; more often than this it costs more than the commits themselves.
pub(crate) const PAGES_BETWEEN_CHECKPOINTS: i64 = 16_384;

/// Bytes of the write-ahead log that are kept for the next round; what a long reader made it grow beyond is given back.
pub(crate) const MOST_IDLE_LOG_BYTES: i64 = 128 * 1024 * 1024;

/// Events of the first runs of the index. Fewer mean more files and more merges, more mean more memory: 30 MB at this size.
/// Tests take few, to see many runs.
pub(crate) const EVENTS_IN_FIRST_RUN: u64 = if cfg!(test) { 40 } else { 50_000 };

/// Runs of like size that are merged into one. A name is looked for in every run: of ten million events in some twenty,
/// while each line of the index is written three times.
pub(crate) const RUNS_IN_MERGE: usize = 8;

/// Contexts and words of events that the writer remembers to be there; more are asked for again.
pub(crate) const MOST_REMEMBERED_WORDS: usize = 20_000;

/// Contexts of events that readers share; more are asked for again. Nearly all events of a node have one of a few.
pub(crate) const MOST_REMEMBERED_CONTEXTS: usize = 1_000;

/// Longest context that is kept for other readers, so that all of them together stay within 16 MiB. Unit: byte.
pub(crate) const LONGEST_REMEMBERED_CONTEXT: usize = 16 * 1024;

/// Measurements that are read when a node starts: those before them weigh next to nothing.
pub(crate) const MOST_MEASURED: u32 = 200_000;

/// Scores that are read when a node starts: years of a large forwarder.
pub(crate) const MOST_SCORED: u32 = 20_000;

/// Statements that are sent to PostgreSQL in one go, so that neither side holds too many answers.
pub(crate) const MOST_DEFERRED: usize = 2_000;

/// Rows that PostgreSQL is given in one statement: more gain nothing, and each size is planned by itself.
pub(crate) const MOST_ROWS_TOGETHER: usize = 32;

/// Seconds in which a server has to answer a call; one that is there answers in milliseconds.
pub(crate) const SECONDS_TO_CONNECT: u64 = 5;

/// Seconds of silence after which a session with a server is over.
pub(crate) const SECONDS_TO_NOTICE_SILENCE: u64 = 20;

/// Seconds that the writer waits for a server that went away in the middle of a batch, before it says that nothing was saved.
pub(crate) const SECONDS_FOR_SERVER_TO_RETURN: u64 = 10;

/// Rows of a sequence in one partition of PostgreSQL: indexes of one stay in memory while it is written, and a node of a hundred
/// million entries has two dozen.
pub(crate) const ROWS_IN_PARTITION: i64 = if cfg!(test) { 100_000 } else { 4_000_000 };

/// How long before it was received a position may be dated to stand in the partition of its month.
pub(crate) const MONTHS_BEFORE_RECEIPT: i32 = 36;

/// How long after it was received a position may be dated to stand in the partition of its month.
pub(crate) const MONTHS_AFTER_RECEIPT: i32 = 2;

/// Rows that are read at once where the index of events is made again: some megabytes.
pub(crate) const EVENTS_READ_AT_ONCE: u32 = 10_000;

/// Entries of the audit log that are read at once where it is looked through: a megabyte.
pub(crate) const AUDIT_READ_AT_ONCE: u32 = if cfg!(test) { 3 } else { 5_000 };

/// Flaws of the audit log that are named; whoever has found as many looks elsewhere.
pub(crate) const MOST_AUDIT_FLAWS: usize = 200;

/// Writes after which a commit takes no further batch, so that one transaction stays well within two partitions.
pub(crate) const MOST_WRITES_IN_COMMIT: usize = 200_000;

/// Rows that are copied in one transaction: some megabytes.
pub(crate) const ROWS_IN_PAGE: u32 = 5_000;

/// Largest record of a journal, packed and unpacked. Unit: byte. One commit: the largest group of batches has some hundred MiB.
pub(crate) const LARGEST_JOURNAL_RECORD: u32 = 1 << 30;

/// Length of a segment of a journal from which on the next one is begun. Unit: byte. Small enough to be carried elsewhere often.
/// Tests take few, to see many segments.
pub(crate) const LARGEST_JOURNAL_SEGMENT: u64 = if cfg!(test) { 1_000 } else { 64 << 20 };

/// Records of a journal that are run again in one transaction: a flush for each would take longer than the work.
pub(crate) const RECORDS_IN_COMMIT: usize = 500;

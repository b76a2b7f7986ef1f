//! What the store counts of itself.

use crate::db::Row;
use crate::{Store, StoreError};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What the writer counts while it writes.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) commits: AtomicU64,
    pub(crate) batches: AtomicU64,
    pub(crate) writes: AtomicU64,
    pub(crate) waiting: AtomicU64,
    pub(crate) largest_group: AtomicU64,
    commit_times: [AtomicU64; COMMIT_BOUNDS.len()],
    commit_micros: AtomicU64,
}

/// Upper bounds of the buckets of commit times. Unit: microsecond.
pub const COMMIT_BOUNDS: [u64; 10] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_500_000];

impl Counts {
    /// Counts a group that was committed.
    pub(crate) fn committed(&self, batches: usize, writes: usize, took: Duration) {
        let of = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.batches.fetch_add(of(batches), Ordering::Relaxed);
        self.writes.fetch_add(of(writes), Ordering::Relaxed);
        self.largest_group.fetch_max(of(batches), Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.commit_micros.fetch_add(micros, Ordering::Relaxed);
        let bucket = COMMIT_BOUNDS.iter().position(|bound| micros <= *bound);
        if let Some(count) = bucket.and_then(|at| self.commit_times.get(at)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What a store counts: since it was opened for commits, batches and writes, of all time for the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreFigures {
    /// Transactions that were flushed.
    pub commits: u64,
    /// Batches in them.
    pub batches: u64,
    /// Writes in those.
    pub writes: u64,
    /// Batches that wait now.
    pub waiting: u64,
    /// Most batches of one transaction.
    pub largest_group: u64,
    /// How many commits were within each of [`COMMIT_BOUNDS`], not counting those within a lower one.
    pub commit_times: [u64; COMMIT_BOUNDS.len()],
    /// What all of them took together. Unit: microsecond.
    pub commit_micros: u64,
    /// Signed entries.
    pub entries: u64,
    /// Events.
    pub events: u64,
    /// Estimates that were given.
    pub etas: u64,
    /// Changes that followers are told.
    pub changes: u64,
    /// Alarms that are open.
    pub open_alarms: u64,
    /// Captures that go on.
    pub running_jobs: u64,
    /// Subscriptions.
    pub subscriptions: u64,
}

impl Store {
    /// What the store counts. Each figure is read off the end of a table or a small index, however much there is.
    ///
    /// Errors: the file cannot be read.
    pub fn figures(&self) -> Result<StoreFigures, StoreError> {
        let counts = self.counts();
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let sql = "SELECT (SELECT coalesce(max(seq), 0) FROM entry), (SELECT coalesce(max(seq), 0) FROM captured),
                          (SELECT coalesce(max(seq), 0) FROM eta), (SELECT coalesce(max(seq), 0) FROM change),
                          (SELECT count(*) FROM alarm WHERE open = 1), (SELECT count(*) FROM capture_job WHERE running = 1),
                          (SELECT count(*) FROM event_subscription)";
        let read = |row: &Row<'_>| {
            let at = |column: usize| row.get::<i64>(column).map(i64::unsigned_abs);
            Ok(StoreFigures {
                commits: of(&counts.commits),
                batches: of(&counts.batches),
                writes: of(&counts.writes),
                waiting: of(&counts.waiting),
                largest_group: of(&counts.largest_group),
                commit_times: std::array::from_fn(|at| counts.commit_times.get(at).map_or(0, of)),
                commit_micros: of(&counts.commit_micros),
                entries: at(0)?,
                events: at(1)?,
                etas: at(2)?,
                changes: at(3)?,
                open_alarms: at(4)?,
                running_jobs: at(5)?,
                subscriptions: at(6)?,
            })
        };
        Ok(self.list("count", sql, &[], read)?.pop().unwrap_or_default())
    }
}

//! How a group of batches is committed, and what is done when the server goes away in the middle of it.
//!
//! A batch is acknowledged only if it is known to be on the disk. When a session with PostgreSQL is lost before the commit was
//! sent, nothing of the transaction is there, and it is written again in a new session. Every transaction writes its number into
//! a row of its own, so when the session is lost while the commit is under way, the next session reads there whether it was made.
//! (The server's own name of a transaction would not do: after a crash it gives the same name again.) Only if the server does
//! not come back in time is the answer `Unsure`.

use crate::StoreError;
use crate::apply::apply;
use crate::db::{Db, Failure, Result, values};
use crate::events::{Appender, Index, Packed};
use crate::journal::Journal;
use crate::limits::{ROWS_IN_PARTITION, SECONDS_FOR_SERVER_TO_RETURN};
use crate::rows::Write;
use crate::schema::{self, Partitions};
use crate::store::Source;
use std::sync::Arc;
use std::time::Duration;

/// A write with everything done to it that the caller's thread can do.
pub(crate) enum Ready {
    Event(Packed),
    Other(Write),
}

impl From<Write> for Ready {
    fn from(write: Write) -> Self {
        match write {
            Write::Event(row) => Self::Event(Packed::of(row)),
            other => Self::Other(other),
        }
    }
}

/// The writing connection with what belongs to it.
pub(crate) struct Committer {
    db: Db,
    source: Source,
    partitions: Partitions,
    appender: Appender,
    journal: Journal,
    /// Writes since the partitions were looked at.
    since_room: usize,
    /// The number of the last commit that is known to be on the disk, where a server keeps it.
    commits: i64,
    /// Whether the server was gone when it was called last: then nobody waits for it again.
    gone: bool,
    /// Whether the server came back with less than it had acknowledged: then nothing more is saved.
    regressed: bool,
}

/// How often a server that went away is called while a batch waits. Unit: millisecond.
const BETWEEN_CALLS: u64 = 250;

/// How often the lock of a database is asked for when a node starts.
const CALLS_FOR_LOCK: u32 = 6;

impl Committer {
    /// Errors: the store cannot be read.
    pub(crate) fn open(
        db: Db,
        source: Source,
        index: Arc<Index>,
        journal: Journal,
    ) -> std::result::Result<Self, StoreError> {
        let failed = |error: Failure| error.told("open for writing");
        let partitions = Partitions::open(&db).map_err(failed)?;
        schema::rewind(&db).map_err(failed)?;
        let commits = number_of_commits(&db).map_err(failed)?;
        let appender = Appender::new(index, &db)?;
        Ok(Self {
            db,
            source,
            partitions,
            appender,
            journal,
            since_room: 0,
            commits,
            gone: false,
            regressed: false,
        })
    }

    /// Commits batches in one transaction, whatever happens to the server meanwhile.
    pub(crate) fn commit<'a>(&mut self, batches: impl Iterator<Item = &'a [Ready]> + Clone) -> Result<()> {
        if self.regressed {
            return Err(StoreError::Regressed.into());
        }
        match self.try_commit(batches.clone()) {
            Err(failure) if failure.is_lost() => {
                let (doubtful, before) = (failure.is_unsure(), self.commits);
                self.reconnect(doubtful, &failure)?;
                // One writer: what was committed beyond the last that was known is the one in doubt.
                if doubtful && self.commits > before { Ok(()) } else { self.try_commit(batches) }
            }
            outcome => outcome,
        }
    }

    fn try_commit<'a>(&mut self, batches: impl Iterator<Item = &'a [Ready]>) -> Result<()> {
        let outcome = self.write(batches);
        match &outcome {
            Ok(()) => {
                self.partitions.keep();
                self.appender.publish();
            }
            // A session that is lost has rolled back, or committed; the next one asks.
            Err(failure) if failure.is_lost() => self.partitions.forget(),
            Err(_) => {
                self.partitions.forget();
                self.db.roll_back();
                schema::rewind(&self.db)?;
            }
        }
        outcome
    }

    fn write<'a>(&mut self, batches: impl Iterator<Item = &'a [Ready]>) -> Result<()> {
        self.db.begin()?;
        self.journal.begin(&self.db);
        self.appender.begin();
        if self.since_room >= ROWS_IN_PARTITION as usize / 8 {
            self.partitions.make_room(&self.db)?;
            self.since_room = 0;
        }
        for write in batches.flatten() {
            self.since_room += 1;
            match write {
                Ready::Event(event) => self.appender.append(&self.db, event)?,
                Ready::Other(write) => apply(&self.db, &self.partitions, write)?,
            }
        }
        if !self.db.is_sqlite() {
            self.db.run("UPDATE kervan_commit SET number = ?1", &values![self.commits + 1])?;
        }
        self.journal.write(&self.db)?;
        if let Err(failure) = self.db.commit() {
            self.journal.take_back();
            return Err(failure);
        }
        self.commits += 1;
        Ok(())
    }

    /// Opens a new session in the place of the lost one, waiting a while for the server if it was there until now.
    fn reconnect(&mut self, doubtful: bool, lost: &Failure) -> Result<()> {
        let calls = if self.gone { 1 } else { SECONDS_FOR_SERVER_TO_RETURN * 1_000 / BETWEEN_CALLS };
        self.gone = true;
        let mut reason = lost.to_string();
        for call in 0..calls {
            if call > 0 {
                wait();
            }
            // While the server still holds the old session, its lock is not free, and what it commits is not settled.
            match self.source.open_writer() {
                Ok(db) => match self.resume(db) {
                    Ok(()) => return Ok(()),
                    Err(failure) if failure.is_lost() => reason = failure.to_string(),
                    Err(failure) => return Err(failure),
                },
                Err(error) => reason = error.to_string(),
            }
        }
        Err(if doubtful { Failure::Unsure(reason) } else { Failure::Lost(reason) })
    }

    /// Holds the store against what was acknowledged, and takes in what a commit in doubt has written. Only then is the session
    /// the one that writes.
    fn resume(&mut self, db: Db) -> Result<()> {
        let commits = number_of_commits(&db)?;
        if commits < self.commits {
            self.regressed = true;
            return Err(StoreError::Regressed.into());
        }
        self.partitions = Partitions::open(&db)?;
        schema::rewind(&db)?;
        self.appender.catch_up(&db)?;
        self.commits = commits;
        self.db = db;
        self.gone = false;
        Ok(())
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        if let Db::Postgres(session) = &self.db {
            session.unlock();
        }
    }
}

fn number_of_commits(db: &Db) -> Result<i64> {
    match db {
        Db::Sqlite(_) => Ok(0),
        Db::Postgres(session) => session.commits(),
    }
}

/// Opens the writing connection, waiting a moment for a session of a node that was ended just now.
pub(crate) fn open_writer(source: &Source) -> std::result::Result<Db, StoreError> {
    for _ in 0..CALLS_FOR_LOCK {
        match source.open_writer() {
            Err(StoreError::Held { .. }) => wait(),
            outcome => return outcome,
        }
    }
    source.open_writer()
}

#[expect(clippy::disallowed_methods, reason = "the writer's own thread waits for a server that went away")]
fn wait() {
    std::thread::sleep(Duration::from_millis(BETWEEN_CALLS));
}

//! The journal of a store in a file: every commit since a backup, so that the state of any moment can be brought back.
//!
//! A record holds the statements of one commit with their values and how many rows each changed. They are the same statements that
//! PostgreSQL gets, and none of them asks for an instant or a random number, so that they do the same again on a copy of the state
//! that they were first run on. A record is on the disk *before* its commit; a commit that is not made takes its record back. The
//! store keeps the number of its last record in a row that each commit changes, so that after a crash it is known which of the
//! two came about, and a copy of the store knows where in the journal it stands.
//!
//! Where the journal is stands in the store itself: whoever opens it, a node or a command, writes the journal.
//!
//! Each segment says of which version of the schema its statements are. A newer program begins a new segment before it brings the
//! store to its schema, and a restore does the same at the same place: it plays the statements of each version on the schema of
//! that version, and the migrations between them.

mod body;
mod file;
mod place;
mod replay;

pub(crate) use body::{Body, Recorder};
pub use file::{JournalSegment, JournalSummary, read_journal};
pub use replay::{Restored, Until, restore_store};

use crate::StoreError;
use crate::db::{Db, Result as DbResult, values};
use crate::schema;
use crate::store::{FolderLock, Source, StoreLocation};
use data_encoding::HEXLOWER;
use file::Files;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Note that says which journal it is.
const ID: &str = "store.journal.id";
/// Note that says the number of its last record.
const NUMBER: &str = "store.journal.number";
/// Note that says where it is.
const FOLDER: &str = "store.journal.folder";

/// Where in which journal a store stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    id: String,
    number: i64,
    folder: Option<PathBuf>,
}

fn find_note(db: &Db, name: &str) -> DbResult<Option<String>> {
    db.find("SELECT value FROM note WHERE name = ?1", &values![name], |row| row.get(0))
}

/// Errors: the store cannot be read, or is newer than this program.
fn find_mark(db: &Db) -> Result<Option<Mark>, StoreError> {
    if schema::find_version(db)? == 0 {
        return Ok(None);
    }
    let read = |name: &str| find_note(db, name).map_err(|error| error.told("read where its journal is"));
    let (Some(id), Some(number)) = (read(ID)?, read(NUMBER)?) else { return Ok(None) };
    let number = number.parse().map_err(|_| StoreError::Unreadable(number.chars().take(80).collect()))?;
    Ok(Some(Mark { id, number, folder: read(FOLDER)?.map(PathBuf::from) }))
}

/// Takes a store out of the line of its journal.
fn forget_mark(db: &Db) -> DbResult<()> {
    db.run("DELETE FROM note WHERE name IN (?1, ?2, ?3)", &values![ID, NUMBER, FOLDER])
}

/// Makes a copy of a store one that writes into no journal. In a file it still knows where in the journal it stands, so that a
/// restore can begin at it.
pub(crate) fn leave_folder(db: &Db) -> DbResult<()> {
    if db.is_sqlite() {
        db.run("DELETE FROM note WHERE name = ?1", &values![FOLDER])
    } else {
        forget_mark(db)
    }
}

pub(crate) fn fault(at: &Path, reason: impl Into<String>) -> StoreError {
    StoreError::Journal { at: at.display().to_string(), reason: reason.into() }
}

/// What the writer of a store does about its journal.
pub(crate) enum Journal {
    /// There is none.
    Off,
    /// The store is a copy: the first commit takes it out of the line.
    Leaving,
    /// Every commit is written into it.
    On(Box<Files>),
}

impl Journal {
    /// The journal of a store, before anything is changed in the store: not even its schema.
    ///
    /// Errors: it cannot be written, or it is not the one of this state of the store.
    pub(crate) fn open(db: &Db) -> Result<Self, StoreError> {
        match find_mark(db)? {
            None => Ok(Self::Off),
            Some(Mark { folder: None, .. }) => Ok(Self::Leaving),
            Some(Mark { id, number, folder: Some(folder) }) => {
                Ok(Self::On(Box::new(Files::open(&folder, &id, number)?)))
            }
        }
    }

    /// Says in the journal that what comes now is of another version of the schema, before the store is brought to it.
    ///
    /// Errors: the journal cannot be written; it is as it was.
    pub(crate) fn go_on_in(&mut self, schema: usize) -> Result<(), StoreError> {
        match self {
            Self::On(files) => files.go_on_in(schema),
            Self::Off | Self::Leaving => Ok(()),
        }
    }

    /// Begins to record what a transaction does.
    pub(crate) fn begin(&self, db: &Db) {
        if let (Self::On(_), Db::Sqlite(db)) = (self, db) {
            db.recorder().begin();
        }
    }

    /// Puts what a transaction has done on the disk, as the last before it is committed.
    pub(crate) fn write(&mut self, db: &Db) -> DbResult<()> {
        match (&mut *self, db) {
            (Self::On(files), Db::Sqlite(file)) => {
                let number = files.next();
                let sql = "UPDATE note SET value = ?1 WHERE name = ?2";
                db.run(sql, &values![number.to_string(), NUMBER])?;
                Ok(files.append(file.recorder().take(), now())?)
            }
            (Self::Leaving, _) => {
                forget_mark(db)?;
                *self = Self::Off;
                Ok(())
            }
            (Self::Off | Self::On(_), _) => Ok(()),
        }
    }

    /// Takes the last record back: its commit was not made.
    pub(crate) fn take_back(&mut self) {
        if let Self::On(files) = self {
            files.take_back();
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "when a commit was made is noted for whoever restores; it decides nothing here"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

/// Begins the journal of a store in a folder that is empty or not there. `id`: fresh random bytes. A backup that is made from now on
/// can be brought to any moment after it.
///
/// Errors: the store is in use, is no file or has a journal; the folder holds something.
pub fn begin_journal(at: &StoreLocation, folder: &Path, id: [u8; 16]) -> Result<(), StoreError> {
    let (_lock, db) = open(at)?;
    let failed = |error: crate::db::Failure| error.told("begin its journal");
    if let Some(Mark { folder: Some(known), .. }) = find_mark(&db)? {
        return Err(fault(
            &known,
            "the store writes this one already; end it first (kervan store journal end)",
        ));
    }
    schema::migrate(&db)?;
    let id = HEXLOWER.encode(&id);
    let folder = std::path::absolute(folder).map_err(|error| fault(folder, error.to_string()))?;
    let shown = folder.to_str().ok_or_else(|| fault(&folder, "its name is no UTF-8"))?.to_owned();
    Files::begin(&folder, &id, schema::newest())?;
    let put = |name: &str, value: &str| {
        let sql = "INSERT INTO note (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        db.run(sql, &values![name, value])
    };
    db.begin().map_err(failed)?;
    let written = put(ID, &id).and_then(|()| put(NUMBER, "0")).and_then(|()| put(FOLDER, &shown));
    written.and_then(|()| db.commit()).map_err(failed)
}

/// Ends the journal of a store: what is saved from now on is in none. Its files stay. Gives the folder in which it was.
///
/// Errors: the store is in use, is no file or has no journal.
pub fn end_journal(at: &StoreLocation) -> Result<PathBuf, StoreError> {
    let (_lock, db) = open(at)?;
    let failed = |error: crate::db::Failure| error.told("end its journal");
    match find_mark(&db)? {
        Some(Mark { folder: Some(folder), .. }) => {
            forget_mark(&db).map_err(failed)?;
            Ok(folder)
        }
        Some(Mark { folder: None, .. }) | None => Err(fault(at.folder(), "the store writes no journal")),
    }
}

/// Opens a store in a file to change what it says of its journal.
fn open(at: &StoreLocation) -> Result<(FolderLock, Db), StoreError> {
    let StoreLocation::Folder(folder) = at else {
        return Err(fault(
            at.folder(),
            "a database of PostgreSQL has an archive of its own: docs/operations.md",
        ));
    };
    if !at.may_hold_store() {
        return Err(StoreError::Missing { at: at.to_string() });
    }
    let lock = FolderLock::take(folder)?;
    let db = Source::of(at)?.open_writer()?;
    Ok((lock, db))
}

#[cfg(test)]
mod tests;

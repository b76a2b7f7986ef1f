//! Opening the store, and its readers.

use crate::StoreError;
use crate::commit::{Committer, open_writer};
use crate::db::{Db, Postgres, PostgresTarget, Result as DbResult, Row, Sqlite, Value};
use crate::events::{Contexts, Index};
use crate::journal::Journal;
use crate::limits::{BEFORE_ANOTHER_READER, MOST_READERS, READERS_OF_ONE_LIST};
use crate::rows::Write;
use crate::schema;
use crate::writer::Writer;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Name of the file in the data folder.
pub(crate) const FILE: &str = "kervan.sqlite";

/// Folder of the index of events in the data folder.
const INDEX: &str = "events-index";

/// Name of the file that says that a process uses the data folder.
const LOCK: &str = "kervan.lock";

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreLocation {
    /// In a file in a folder, with everything else of the node.
    Folder(PathBuf),
    /// In a database of a PostgreSQL server.
    Postgres {
        /// Its URL. Shape: `postgres://user@host/database`. May hold a password: it is never shown.
        url: String,
        /// The folder in which the node keeps what it can make again: the index of events.
        folder: PathBuf,
    },
}

impl StoreLocation {
    /// Reads what is given with `--store`: an URL of PostgreSQL, or a folder. Without it the store is in the data folder.
    ///
    /// Errors: the URL cannot be read.
    pub fn parse(given: Option<&str>, data: &Path) -> Result<Self, StoreError> {
        match given {
            None => Ok(Self::Folder(data.to_owned())),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                PostgresTarget::parse(url)?;
                Ok(Self::Postgres { url: url.to_owned(), folder: data.to_owned() })
            }
            Some(url) if url.contains("://") => {
                Err(StoreError::Url { reason: "a store is a folder or begins with postgres://".to_owned() })
            }
            Some(folder) => Ok(Self::Folder(folder.into())),
        }
    }

    /// The folder in which the node keeps its files.
    pub fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) | Self::Postgres { folder, .. } => folder,
        }
    }

    /// Whether there is something at this place that a store may be in. Whether a database holds one is seen when it is opened.
    pub fn may_hold_store(&self) -> bool {
        match self {
            Self::Folder(folder) => Store::is_in(folder),
            Self::Postgres { .. } => true,
        }
    }
}

/// The place as people may read it: without a password.
impl std::fmt::Display for StoreLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Postgres { url, .. } => match PostgresTarget::parse(url) {
                Ok(target) => write!(f, "PostgreSQL, {}", target.shown()),
                Err(_) => write!(f, "PostgreSQL"),
            },
        }
    }
}

/// Where connections come from.
#[derive(Clone)]
pub(crate) enum Source {
    /// A file.
    File(PathBuf),
    /// A server.
    Server(Box<PostgresTarget>),
}

impl Source {
    pub(crate) fn of(location: &StoreLocation) -> Result<Self, StoreError> {
        Ok(match location {
            StoreLocation::Folder(folder) => Self::File(folder.join(FILE)),
            StoreLocation::Postgres { url, .. } => Self::Server(Box::new(PostgresTarget::parse(url)?)),
        })
    }

    pub(crate) fn open_writer(&self) -> Result<Db, StoreError> {
        match self {
            Self::File(file) => {
                Sqlite::open_writer(file).map(Db::Sqlite).map_err(|error| error.told("open its file"))
            }
            Self::Server(target) => {
                let session = Postgres::connect(target)?;
                let locked = session.lock().map_err(|error| error.told("take its lock"))?;
                if !locked {
                    return Err(StoreError::Held { at: target.shown().to_owned() });
                }
                Ok(Db::Postgres(Box::new(session)))
            }
        }
    }

    pub(crate) fn open_reader(&self) -> Result<Db, StoreError> {
        match self {
            Self::File(file) => {
                Sqlite::open_reader(file).map(Db::Sqlite).map_err(|error| error.told("open its file"))
            }
            Self::Server(target) => Postgres::connect(target).map(|session| Db::Postgres(Box::new(session))),
        }
    }
}

/// A node's store: one file in a data folder or one database, and an index beside it, open for as long as this value lives.
pub struct Store {
    writer: Writer,
    pub(crate) index: Arc<Index>,
    pub(crate) contexts: Contexts,
    source: Source,
    readers: Readers,
    _lock: FolderLock,
}

/// Connections for readers. They are opened as they are needed, one after the other: a session is dear to begin with, because the server
/// plans every statement anew in it, and a burst would otherwise begin all of them at once where a few would have served it.
#[derive(Default)]
struct Readers {
    state: Mutex<Connections>,
    freed: Condvar,
}

#[derive(Default)]
struct Connections {
    /// Those that nobody uses now; who used one last gives it to the next.
    idle: Vec<Db>,
    /// How many are in use.
    in_use: usize,
    /// How many are being opened.
    opening: usize,
    /// Whether the last that was opened could not be. Then nobody waits for the attempts of others.
    failed: bool,
}

impl Connections {
    /// How many readers there are, those among them that do not read yet.
    fn taken(&self) -> usize {
        self.in_use + self.opening
    }

    fn may_open(&self) -> bool {
        self.taken() < MOST_READERS && (self.opening == 0 || self.failed)
    }
}

impl Store {
    /// Opens the store in a folder, making both if they are missing.
    ///
    /// Errors: the folder cannot be used, is in use by another process, or holds a newer schema.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_at(&StoreLocation::Folder(folder.to_owned()))
    }

    /// Opens the store at a place, making what is missing of it.
    ///
    /// Errors: the folder or the server cannot be used, another process uses it, its schema is newer, or the database holds
    /// tables of something else.
    pub fn open_at(location: &StoreLocation) -> Result<Self, StoreError> {
        let folder = location.folder();
        let lock = FolderLock::take(folder)?;
        let source = Source::of(location)?;
        let db = open_writer(&source)?;
        // A store whose journal cannot go on is left as it is, and so is its schema.
        let mut journal = Journal::open(&db)?;
        journal.go_on_in(schema::newest())?;
        schema::migrate(&db)?;
        let index = Arc::new(Index::open(&folder.join(INDEX), &db)?);
        let writer = Writer::start(Committer::open(db, source.clone(), Arc::clone(&index), journal)?)?;
        let contexts = Contexts::default();
        Ok(Self { writer, index, contexts, source, readers: Readers::default(), _lock: lock })
    }

    /// Whether a folder holds a store.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Saves a batch whole or not at all; when it returns, the batch is on the disk.
    ///
    /// Errors: nothing of the batch was saved, but for [`StoreError::Unsure`].
    pub fn save(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.writer.save(writes)
    }

    pub(crate) fn counts(&self) -> &crate::figures::Counts {
        &self.writer.counts
    }

    /// Reads with a connection of its own. A session that a server closed meanwhile is opened again, once.
    pub(crate) fn with_reader<T>(
        &self,
        doing: &'static str,
        mut read: impl FnMut(&Db) -> DbResult<T>,
    ) -> Result<T, StoreError> {
        let db = self.readers.take(&self.source)?;
        let result = read(&db);
        match result {
            Err(failure) if failure.is_lost() => {
                // The other idle sessions were most likely lost with it.
                self.readers.drop_all();
                let result = self.source.open_reader().map(|db| (read(&db), db));
                match result {
                    Ok((result, db)) => {
                        self.readers.give_back(Some(db));
                        result.map_err(|failure| failure.told(doing))
                    }
                    Err(error) => {
                        self.readers.give_back(None);
                        Err(error)
                    }
                }
            }
            result => {
                self.readers.give_back(Some(db));
                result.map_err(|failure| failure.told(doing))
            }
        }
    }

    /// A connection beside the writer's, which may write: for what stands in no transaction.
    pub(crate) fn open_beside(&self) -> Result<Db, StoreError> {
        match &self.source {
            Source::File(file) => {
                Sqlite::open_writer(file).map(Db::Sqlite).map_err(|error| error.told("open its file"))
            }
            Source::Server(_) => self.source.open_reader(),
        }
    }

    /// How many more may read now without taking from others: on a busy node none. A server is asked for many rows at once instead.
    pub(crate) fn spare_readers(&self) -> usize {
        match self.source {
            Source::File(_) => READERS_OF_ONE_LIST.saturating_sub(self.readers.taken()),
            Source::Server(_) => 1,
        }
    }

    /// The rows of a statement.
    pub(crate) fn list<T>(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> DbResult<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.with_reader(doing, |db| db.query(sql, values, &mut row))
    }

    /// The first row of a statement.
    pub(crate) fn find<T>(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[Value<'_>],
        mut row: impl FnMut(&Row<'_>) -> DbResult<T>,
    ) -> Result<Option<T>, StoreError> {
        self.with_reader(doing, |db| db.find(sql, values, &mut row))
    }
}

impl Readers {
    /// A connection that nobody uses, or a new one where none comes free soon. There are few, so a reader may have to wait for one.
    fn take(&self, source: &Source) -> Result<Db, StoreError> {
        let mut state = self.locked();
        // The first of a burst waits for nobody.
        let mut waited = state.taken() == 0;
        while state.idle.is_empty() && !(waited && state.may_open()) {
            let (again, timeout) =
                self.freed.wait_timeout(state, BEFORE_ANOTHER_READER).unwrap_or_else(PoisonError::into_inner);
            (state, waited) = (again, timeout.timed_out());
        }
        if let Some(db) = state.idle.pop() {
            state.in_use += 1;
            return Ok(db);
        }
        state.opening += 1;
        drop(state);
        let opened = source.open_reader();
        let mut state = self.locked();
        state.opening -= 1;
        state.failed = opened.is_err();
        state.in_use += usize::from(opened.is_ok());
        opened
    }

    fn locked(&self) -> MutexGuard<'_, Connections> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn taken(&self) -> usize {
        self.locked().taken()
    }

    fn give_back(&self, db: Option<Db>) {
        let mut state = self.locked();
        state.in_use = state.in_use.saturating_sub(1);
        state.idle.extend(db);
        drop(state);
        self.freed.notify_one();
    }

    fn drop_all(&self) {
        self.locked().idle.clear();
    }
}

/// Keeps other processes out of a folder for as long as it lives.
pub(crate) struct FolderLock(std::fs::File);

impl FolderLock {
    /// Takes the lock of a folder, making the folder if it is missing.
    ///
    /// Errors: the folder cannot be used, or another process uses it.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        let shown = folder.display().to_string();
        let unusable = |source| StoreError::Folder { folder: shown.clone(), source };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let file = std::fs::File::create(folder.join(LOCK)).map_err(unusable)?;
        file.try_lock().map_err(|_| StoreError::InUse { folder: shown.clone() })?;
        Ok(Self(file))
    }
}

impl Drop for FolderLock {
    /// Closing the file would not do: a program that is being started at this moment still holds it open.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::{Connections, FolderLock, MOST_READERS};

    #[test]
    fn connections_are_opened_one_after_the_other_unless_the_last_could_not_be() {
        for (in_use, opening, failed, may) in [
            (0, 0, false, true),
            (3, 0, false, true),
            (3, 1, false, false),
            (3, 1, true, true),
            (MOST_READERS, 0, false, false),
            (MOST_READERS - 1, 1, true, false),
        ] {
            let state = Connections { in_use, opening, failed, ..Connections::default() };
            assert_eq!(state.may_open(), may, "{in_use} in use, {opening} being opened, failed: {failed}");
        }
    }

    #[test]
    fn a_lock_is_free_when_its_owner_is_gone_whoever_holds_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        assert!(FolderLock::take(folder.path()).is_err());
        let elsewhere = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(FolderLock::take(folder.path()).is_ok());
        drop(elsewhere);
    }
}

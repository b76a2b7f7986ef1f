//! The embedded database.

use super::{Result, Row, Value};
use crate::journal::Recorder;
use crate::limits::{MOST_IDLE_LOG_BYTES, PAGES_BETWEEN_CHECKPOINTS, WRITER_CACHE_KIB};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, params_from_iter};
use std::path::Path;

/// A connection to the file.
pub(crate) struct Sqlite {
    connection: Connection,
    recorder: Recorder,
}

/// Statements whose plans a connection keeps.
const MOST_PREPARED: usize = 96;

/// A connection that keeps its statements with their plans. Without the guarantee that a plan hangs on the text of its statement alone
/// each one with a `LIMIT` of its caller's would be read and planned again whenever it is asked: a tenth of a busy node's time.
fn prepared(connection: Connection) -> Result<Connection> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(MOST_PREPARED);
    Ok(connection)
}

impl Sqlite {
    /// Opens the file for writing, making it if it is missing: write-ahead log, every commit flushed to the disk.
    pub(crate) fn open_writer(file: &Path) -> Result<Self> {
        let connection = prepared(Connection::open(file)?)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        connection.pragma_update(None, "wal_autocheckpoint", PAGES_BETWEEN_CHECKPOINTS)?;
        connection.pragma_update(None, "journal_size_limit", MOST_IDLE_LOG_BYTES)?;
        Ok(Self { connection, recorder: Recorder::default() })
    }

    /// A database that nobody else sees.
    pub(crate) fn in_memory() -> Result<Self> {
        Ok(Self { connection: prepared(Connection::open_in_memory()?)?, recorder: Recorder::default() })
    }

    /// Opens the file for reading.
    pub(crate) fn open_reader(file: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = prepared(Connection::open_with_flags(file, flags)?)?;
        Ok(Self { connection, recorder: Recorder::default() })
    }

    /// Begins to see the file as it is now, until the value is dropped. Between two readings without it, a commit of the writer
    /// would make the reader forget every page.
    pub(crate) fn begin_view(&self) -> Result<Option<Transaction<'_>>> {
        let alone = self.connection.is_autocommit();
        Ok(if alone { Some(self.connection.unchecked_transaction()?) } else { None })
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let changed = self.connection.prepare_cached(sql)?.execute(params_from_iter(values))? as u64;
        self.recorder.note(sql, values, false, changed);
        Ok(changed)
    }

    pub(crate) fn query<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(&Row::Sqlite(row))?);
        }
        drop(rows);
        if !statement.readonly() {
            self.recorder.note(sql, values, true, found.len() as u64);
        }
        Ok(found)
    }

    pub(crate) fn find<T>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let readonly = statement.readonly();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = None;
        // All rows: what a statement changes it has changed when it is at its end.
        let mut count = 0;
        while let Some(row) = rows.next()? {
            if found.is_none() {
                found = Some(read(&Row::Sqlite(row))?);
            }
            count += 1;
            if readonly || self.recorder.is_off() {
                break;
            }
        }
        drop(rows);
        if !readonly {
            self.recorder.note(sql, values, true, count);
        }
        Ok(found)
    }

    /// What is recorded of the transaction at hand, for the journal.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    pub(crate) fn roll_back(&self) {
        if !self.connection.is_autocommit() {
            // It fails only if there is no transaction, which is what is wanted.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

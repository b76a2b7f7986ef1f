//! Opening the store, and reading facts.

use crate::events::Index;
use crate::limits::{MOST_IDLE_READERS, MOST_LISTED};
use crate::rows::{AnswerRow, Change, EtaRow, PartyRow, RulePackRow, Topic, Write};
use crate::writer::Writer;
use crate::{StoreError, schema};
use kervan_model::{DossierId, EntryKind, PartyId, Reference};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Params, Row, params};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Name of the file in the data folder.
const FILE: &str = "kervan.sqlite";

/// Folder of the index of events in the data folder.
const INDEX: &str = "events-index";

/// A node's store: one file in a data folder and an index beside it, open for as long as this value lives.
pub struct Store {
    writer: Writer,
    pub(crate) index: Arc<Index>,
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
    _lock: std::fs::File,
}

impl Store {
    /// Opens the store in a folder, making both if they are missing.
    ///
    /// Errors: the folder cannot be used, is in use by another process, or holds a newer schema.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let shown = folder.display().to_string();
        let unusable = |source| StoreError::Folder { folder: shown.clone(), source };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let lock = std::fs::File::create(folder.join("kervan.lock")).map_err(unusable)?;
        lock.try_lock().map_err(|_| StoreError::InUse { folder: shown.clone() })?;
        let file = folder.join(FILE);
        let mut connection = Connection::open(&file)
            .map_err(|source| StoreError::Sqlite { doing: "open its file", source })?;
        schema::migrate(&mut connection)?;
        let index = Arc::new(Index::open(&folder.join(INDEX), &connection)?);
        let writer = Writer::start(connection, Arc::clone(&index))?;
        Ok(Self { writer, index, file, idle: Mutex::new(Vec::new()), _lock: lock })
    }

    /// Whether a folder holds a store.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Saves a batch whole or not at all; when it returns, the batch is on the disk.
    pub fn save(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.writer.save(writes)
    }

    pub(crate) fn with_reader<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let failed = |source| StoreError::Sqlite { doing, source };
        let pooled = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(&self.file, flags).map_err(failed)?
            }
        };
        let result = read(&connection).map_err(failed);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MOST_IDLE_READERS {
            idle.push(connection);
        }
        result
    }

    pub(crate) fn list<T, P: Params>(
        &self,
        doing: &'static str,
        sql: &str,
        params: P,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.with_reader(doing, |connection| {
            connection.prepare_cached(sql)?.query_map(params, row)?.collect()
        })
    }

    /// The entries of a dossier in the order in which they were saved, as JSON.
    pub fn list_entries(&self, dossier: &DossierId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT entry FROM entry WHERE dossier = unhex(?1) ORDER BY seq";
        self.list("read a dossier", sql, [dossier.as_str()], |row| row.get(0))
    }

    /// Number of entries of all dossiers.
    pub fn count_entries(&self) -> Result<u64, StoreError> {
        self.with_reader("count entries", |connection| {
            connection
                .query_row("SELECT count(*) FROM entry", [], |row| row.get::<_, i64>(0))
                .map(i64::unsigned_abs)
        })
    }

    /// Every ETA that was given for a consignment, the first first.
    pub fn list_etas(&self, reference: &Reference) -> Result<Vec<EtaRow>, StoreError> {
        let sql = "SELECT reference, given, p10, p50, p90, because, estimate FROM eta WHERE reference = ?1 ORDER BY seq LIMIT ?2";
        self.list("read ETAs", sql, params![reference.as_str(), MOST_LISTED], read_eta)
    }

    /// The last ETA that was given for a consignment.
    pub fn find_last_eta(&self, reference: &Reference) -> Result<Option<EtaRow>, StoreError> {
        let sql = "SELECT reference, given, p10, p50, p90, because, estimate FROM eta
                   WHERE reference = ?1 ORDER BY seq DESC LIMIT 1";
        self.with_reader("read the last ETA", |connection| {
            connection.prepare_cached(sql)?.query_row([reference.as_str()], read_eta).optional()
        })
    }

    /// The consignment that a container belongs to.
    pub fn find_consignment_of_container(&self, number: &str) -> Result<Option<Reference>, StoreError> {
        self.with_reader("look a container up", |connection| {
            connection
                .prepare_cached("SELECT reference FROM equipment WHERE number = ?1")?
                .query_row([number], |row| parsed(row, 0))
                .optional()
        })
    }

    /// Every registered party.
    pub fn list_parties(&self) -> Result<Vec<PartyRow>, StoreError> {
        self.list(
            "read parties",
            "SELECT id, record, key_pem, token_hash FROM party ORDER BY id",
            [],
            |row| {
                Ok(PartyRow {
                    id: parsed(row, 0)?,
                    record: row.get(1)?,
                    key_pem: row.get(2)?,
                    token_hash: row.get(3)?,
                })
            },
        )
    }

    /// Changes after a position in the stream, the earliest first.
    pub fn list_changes(&self, after: i64, most: u32) -> Result<Vec<Change>, StoreError> {
        let sql = "SELECT seq, topic, payload FROM change WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        self.list("read changes", sql, params![after, most.min(MOST_LISTED)], |row| {
            let word: String = row.get(1)?;
            let topic = Topic::find(&word).ok_or_else(|| unreadable(1, &word))?;
            Ok(Change { seq: row.get(0)?, topic, payload: row.get(2)? })
        })
    }

    /// The last position in the stream of changes; 0 if there is none.
    pub fn last_change(&self) -> Result<i64, StoreError> {
        self.with_reader("read the last change", |connection| {
            connection.query_row("SELECT coalesce(max(seq), 0) FROM change", [], |row| row.get(0))
        })
    }

    /// The answer kept for an idempotency key.
    pub fn find_answer(&self, party: &PartyId, key: &str) -> Result<Option<AnswerRow>, StoreError> {
        let sql = "SELECT request_hash, status, body FROM answer WHERE party = ?1 AND key = ?2";
        self.with_reader("look an answer up", |connection| {
            connection
                .prepare_cached(sql)?
                .query_row([party.as_str(), key], |row| {
                    Ok(AnswerRow {
                        party: party.clone(),
                        key: key.to_owned(),
                        request_hash: row.get(0)?,
                        status: row.get(1)?,
                        body: row.get(2)?,
                    })
                })
                .optional()
        })
    }

    /// A rule pack by its hash.
    pub fn find_rule_pack(&self, hash: &str) -> Result<Option<RulePackRow>, StoreError> {
        let sql = "SELECT hash, pack, version, territory, content, signature FROM rule_pack WHERE hash = ?1";
        self.with_reader("look a rule pack up", |connection| {
            connection
                .prepare_cached(sql)?
                .query_row([hash], |row| {
                    Ok(RulePackRow {
                        hash: row.get(0)?,
                        pack: row.get(1)?,
                        version: row.get(2)?,
                        territory: row.get(3)?,
                        content: row.get(4)?,
                        signature: row.get(5)?,
                    })
                })
                .optional()
        })
    }

    /// What an administration has decided about the hits of a question, the earliest first, as JSON.
    pub fn list_screening_decisions(
        &self,
        territory: &str,
        question: &str,
    ) -> Result<Vec<String>, StoreError> {
        // The latest decides, so the limit must drop the earliest.
        let sql = "SELECT decision FROM (SELECT seq, decision FROM screening_decision
                   WHERE territory = ?1 AND question = ?2 ORDER BY seq DESC LIMIT ?3) ORDER BY seq";
        self.list("read decisions of screening", sql, params![territory, question, MOST_LISTED], |row| {
            row.get(0)
        })
    }

    /// The last entries of a kind, over all dossiers, the latest first, as JSON.
    pub fn list_entries_of_kind(&self, kind: EntryKind, most: u32) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT entry FROM entry WHERE kind = ?1 ORDER BY seq DESC LIMIT ?2";
        self.list("read entries", sql, params![kind.word(), most.min(MOST_LISTED)], |row| row.get(0))
    }

    /// A named value.
    pub fn find_note(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.with_reader("read a note", |connection| {
            connection
                .query_row("SELECT value FROM note WHERE name = ?1", [name], |row| row.get(0))
                .optional()
        })
    }
}

fn read_eta(row: &Row<'_>) -> rusqlite::Result<EtaRow> {
    Ok(EtaRow {
        reference: parsed(row, 0)?,
        given: parsed(row, 1)?,
        p10: parsed(row, 2)?,
        p50: parsed(row, 3)?,
        p90: parsed(row, 4)?,
        because: row.get(5)?,
        estimate: row.get(6)?,
    })
}

/// A column that holds the text form of a value.
pub(crate) fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| unreadable(column, &text))
}

pub(crate) fn unreadable(column: usize, text: &str) -> rusqlite::Error {
    let reason = StoreError::Unreadable(text.chars().take(80).collect());
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(reason))
}

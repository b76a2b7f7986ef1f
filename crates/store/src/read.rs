//! Reading facts.

use crate::apply::bytes_of_id;
use crate::db::{Failure, Result as DbResult, Row, values};
use crate::limits::MOST_LISTED;
use crate::rows::{AnswerRow, Change, EtaRow, PartyRow, RulePackRow, Topic};
use crate::{Store, StoreError};
use kervan_model::{DossierId, EntryKind, Reference};

/// Every ETA of a consignment.
pub(crate) const ETAS: &str = "SELECT reference, given, p10, p50, p90, because, estimate FROM eta
  WHERE reference = ?1 ORDER BY seq LIMIT ?2";

impl Store {
    /// The entries of a dossier in the order in which they were saved, as JSON.
    pub fn list_entries(&self, dossier: &DossierId) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT entry FROM entry WHERE dossier = ?1 ORDER BY seq";
        let dossier = bytes_of_id(dossier.as_str()).map_err(|error| error.told("read a dossier"))?;
        self.list("read a dossier", sql, &values![dossier], |row| row.get(0))
    }

    /// Number of entries of all dossiers.
    pub fn count_entries(&self) -> Result<u64, StoreError> {
        self.with_reader("count entries", |db| db.number("SELECT count(*) FROM entry", &[]))
            .map(i64::unsigned_abs)
    }

    /// Every ETA that was given for a consignment, the first first.
    pub fn list_etas(&self, reference: &Reference) -> Result<Vec<EtaRow>, StoreError> {
        self.list("read ETAs", ETAS, &values![reference.as_str(), MOST_LISTED], read_eta)
    }

    /// The last ETA that was given for a consignment.
    pub fn find_last_eta(&self, reference: &Reference) -> Result<Option<EtaRow>, StoreError> {
        let sql = "SELECT reference, given, p10, p50, p90, because, estimate FROM eta
                   WHERE reference = ?1 ORDER BY seq DESC LIMIT 1";
        self.find("read the last ETA", sql, &values![reference.as_str()], read_eta)
    }

    /// The consignment that a container belongs to.
    pub fn find_consignment_of_container(&self, number: &str) -> Result<Option<Reference>, StoreError> {
        self.find(
            "look a container up",
            "SELECT reference FROM equipment WHERE number = ?1",
            &values![number],
            |row| row.parsed(0),
        )
    }

    /// Every registered party.
    pub fn list_parties(&self) -> Result<Vec<PartyRow>, StoreError> {
        self.list("read parties", "SELECT id, record, key_pem FROM party ORDER BY id", &values![], |row| {
            Ok(PartyRow { id: row.parsed(0)?, record: row.get(1)?, key_pem: row.get(2)? })
        })
    }

    /// Changes after a position in the stream, the earliest first.
    pub fn list_changes(&self, after: i64, most: u32) -> Result<Vec<Change>, StoreError> {
        let sql = "SELECT seq, topic, payload FROM change WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        self.list("read changes", sql, &values![after, most.min(MOST_LISTED)], |row| {
            let word: String = row.get(1)?;
            let topic = Topic::find(&word).ok_or_else(|| Failure::unreadable(&word))?;
            Ok(Change { seq: row.get(0)?, topic, payload: row.get(2)? })
        })
    }

    /// The last position in the stream of changes; 0 if there is none.
    pub fn last_change(&self) -> Result<i64, StoreError> {
        self.with_reader("read the last change", |db| db.number("SELECT max(seq) FROM change", &[]))
    }

    /// The answer kept for an idempotency key.
    pub fn find_answer(&self, caller: &str, key: &str) -> Result<Option<AnswerRow>, StoreError> {
        let sql = "SELECT request_hash, status, body FROM answer WHERE party = ?1 AND key = ?2";
        self.find("look an answer up", sql, &values![caller, key], |row| {
            Ok(AnswerRow {
                caller: caller.to_owned(),
                key: key.to_owned(),
                request_hash: row.get(0)?,
                status: row.get(1)?,
                body: row.get(2)?,
            })
        })
    }

    /// A rule pack by its hash.
    pub fn find_rule_pack(&self, hash: &str) -> Result<Option<RulePackRow>, StoreError> {
        let sql = "SELECT hash, pack, version, territory, content, signature FROM rule_pack WHERE hash = ?1";
        self.find("look a rule pack up", sql, &values![hash], |row| {
            Ok(RulePackRow {
                hash: row.get(0)?,
                pack: row.get(1)?,
                version: row.get(2)?,
                territory: row.get(3)?,
                content: row.get(4)?,
                signature: row.get(5)?,
            })
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
                   WHERE territory = ?1 AND question = ?2 ORDER BY seq DESC LIMIT ?3) AS latest ORDER BY seq";
        self.list("read decisions of screening", sql, &values![territory, question, MOST_LISTED], |row| {
            row.get(0)
        })
    }

    /// The last entries of a kind, over all dossiers, the latest first, as JSON.
    pub fn list_entries_of_kind(&self, kind: EntryKind, most: u32) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT entry FROM entry WHERE kind = ?1 ORDER BY seq DESC LIMIT ?2";
        self.list("read entries", sql, &values![kind.word(), most.min(MOST_LISTED)], |row| row.get(0))
    }

    /// A named value.
    pub fn find_note(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.find("read a note", "SELECT value FROM note WHERE name = ?1", &values![name], |row| row.get(0))
    }
}

pub(crate) fn read_eta(row: &Row<'_>) -> DbResult<EtaRow> {
    Ok(EtaRow {
        reference: row.parsed(0)?,
        given: row.parsed(1)?,
        p10: row.parsed(2)?,
        p50: row.parsed(3)?,
        p90: row.parsed(4)?,
        because: row.get(5)?,
        estimate: row.get(6)?,
    })
}

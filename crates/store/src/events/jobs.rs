//! Jobs of capture, named queries and subscriptions, as rows.

use crate::db::{Db, Result as DbResult, Row, values};
use crate::limits::MOST_LISTED;
use crate::{Store, StoreError};
use kervan_model::PartyId;

/// A capture and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureJobRow {
    /// Place in the list of jobs. Given by the store; what is passed in is not looked at.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Who captured.
    pub party: PartyId,
    /// Whether it still runs, or was running when the node ended.
    pub running: bool,
    /// What is told of it, JSON.
    pub job: String,
    /// What is captured, as long as it runs, so that it can be finished after a restart.
    pub document: Option<String>,
}

/// A question about events under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedQueryRow {
    /// Its name.
    pub name: String,
    /// Who made it.
    pub party: PartyId,
    /// The question, JSON.
    pub definition: String,
}

/// A subscription to a named query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Its id.
    pub id: String,
    /// The query.
    pub query: String,
    /// Who subscribed.
    pub party: PartyId,
    /// What was agreed, JSON.
    pub terms: String,
    /// How far it has been delivered, JSON.
    pub progress: String,
}

/// An element of a vocabulary, as a party states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyRow {
    /// Who states it.
    pub party: PartyId,
    /// The vocabulary.
    pub vocabulary: String,
    /// The element, in canonical form.
    pub id: String,
    /// What is stated, JSON.
    pub element: String,
}

pub(crate) fn put_vocabulary(db: &Db, row: &VocabularyRow) -> DbResult<()> {
    let sql = "INSERT INTO event_vocabulary (party, vocabulary, id, element) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (party, vocabulary, id) DO UPDATE SET element = excluded.element";
    let values = values![row.party.as_str(), &row.vocabulary, &row.id, &row.element];
    db.run(sql, &values)
}

pub(crate) fn put_job(db: &Db, row: &CaptureJobRow) -> DbResult<()> {
    let sql = "INSERT INTO capture_job (id, party, running, job, document) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET running = ?3, job = ?4, document = ?5";
    let values = values![&row.id, row.party.as_str(), row.running, &row.job, &row.document];
    db.run(sql, &values)
}

pub(crate) fn add_query(db: &Db, row: &NamedQueryRow) -> DbResult<()> {
    let sql = "INSERT INTO event_query (name, party, definition) VALUES (?1, ?2, ?3)";
    db.run(sql, &values![&row.name, row.party.as_str(), &row.definition])
}

pub(crate) fn remove_query(db: &Db, name: &str) -> DbResult<()> {
    db.run("DELETE FROM event_subscription WHERE query = ?1", &values![name])?;
    db.run("DELETE FROM event_query WHERE name = ?1", &values![name])
}

pub(crate) fn add_subscription(db: &Db, row: &SubscriptionRow) -> DbResult<()> {
    let sql = "INSERT INTO event_subscription (id, query, party, terms, progress)
               SELECT ?1, name, ?3, ?4, ?5 FROM event_query WHERE name = ?2";
    let values = values![&row.id, &row.query, row.party.as_str(), &row.terms, &row.progress];
    db.run(sql, &values)
}

impl Store {
    /// Elements of vocabularies, in the order of party, vocabulary and id; at most so many.
    pub fn list_vocabulary(&self, most: u32) -> Result<Vec<VocabularyRow>, StoreError> {
        let sql = "SELECT party, vocabulary, id, element FROM event_vocabulary ORDER BY party, vocabulary, id LIMIT ?1";
        self.list("read vocabularies", sql, &values![most], |row| {
            Ok(VocabularyRow {
                party: row.parsed(0)?,
                vocabulary: row.get(1)?,
                id: row.get(2)?,
                element: row.get(3)?,
            })
        })
    }

    /// How many elements of vocabularies there are.
    pub fn count_vocabulary(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM event_vocabulary";
        self.with_reader("count vocabularies", |db| db.number(sql, &[])).map(i64::cast_unsigned)
    }

    /// A capture job.
    pub fn find_capture_job(&self, id: &str) -> Result<Option<CaptureJobRow>, StoreError> {
        let sql = "SELECT seq, id, party, running, job, document FROM capture_job WHERE id = ?1";
        self.find("read a capture job", sql, &values![id], read_job)
    }

    /// Capture jobs before a place in their list, the latest first; 0 for the first page. Without what they capture.
    pub fn list_capture_jobs(&self, before: u64, most: u32) -> Result<Vec<CaptureJobRow>, StoreError> {
        let before = if before == 0 { i64::MAX } else { before.cast_signed() };
        let sql = "SELECT seq, id, party, running, job, NULL FROM capture_job WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
        self.list("read capture jobs", sql, &values![before, most.min(MOST_LISTED)], read_job)
    }

    /// Capture jobs that have not ended, the earliest first.
    pub fn list_running_jobs(&self) -> Result<Vec<CaptureJobRow>, StoreError> {
        let sql = "SELECT seq, id, party, running, job, document FROM capture_job WHERE running = 1 ORDER BY seq LIMIT ?1";
        self.list("read capture jobs", sql, &values![MOST_LISTED], read_job)
    }

    /// A named query.
    pub fn find_named_query(&self, name: &str) -> Result<Option<NamedQueryRow>, StoreError> {
        let sql = "SELECT name, party, definition FROM event_query WHERE name = ?1";
        self.find("read a named query", sql, &values![name], read_query)
    }

    /// Named queries beyond a name, in the order of their names.
    pub fn list_named_queries(&self, after: &str, most: u32) -> Result<Vec<NamedQueryRow>, StoreError> {
        let sql = "SELECT name, party, definition FROM event_query WHERE name > ?1 ORDER BY name LIMIT ?2";
        self.list("read named queries", sql, &values![after, most.min(MOST_LISTED)], read_query)
    }

    /// A subscription.
    pub fn find_subscription(&self, id: &str) -> Result<Option<SubscriptionRow>, StoreError> {
        let sql = "SELECT id, query, party, terms, progress FROM event_subscription WHERE id = ?1";
        self.find("read a subscription", sql, &values![id], read_subscription)
    }

    /// Subscriptions to a query, or to all, in the order of their ids.
    pub fn list_subscriptions(&self, query: Option<&str>) -> Result<Vec<SubscriptionRow>, StoreError> {
        match query {
            Some(query) => {
                let sql = "SELECT id, query, party, terms, progress FROM event_subscription
                           WHERE query = ?1 ORDER BY id LIMIT ?2";
                self.list("read subscriptions", sql, &values![query, MOST_LISTED], read_subscription)
            }
            None => {
                let sql =
                    "SELECT id, query, party, terms, progress FROM event_subscription ORDER BY id LIMIT ?1";
                self.list("read subscriptions", sql, &values![MOST_LISTED], read_subscription)
            }
        }
    }
}

fn read_job(row: &Row<'_>) -> DbResult<CaptureJobRow> {
    Ok(CaptureJobRow {
        seq: row.get::<i64>(0)?.cast_unsigned(),
        id: row.get(1)?,
        party: row.parsed(2)?,
        running: row.get(3)?,
        job: row.get(4)?,
        document: row.get(5)?,
    })
}

fn read_query(row: &Row<'_>) -> DbResult<NamedQueryRow> {
    Ok(NamedQueryRow { name: row.get(0)?, party: row.parsed(1)?, definition: row.get(2)? })
}

fn read_subscription(row: &Row<'_>) -> DbResult<SubscriptionRow> {
    Ok(SubscriptionRow {
        id: row.get(0)?,
        query: row.get(1)?,
        party: row.parsed(2)?,
        terms: row.get(3)?,
        progress: row.get(4)?,
    })
}

//! Jobs of capture, named queries and subscriptions, as rows.

use crate::limits::MOST_LISTED;
use crate::read::parsed;
use crate::{Store, StoreError};
use kervan_model::PartyId;
use rusqlite::{OptionalExtension, Result, Row, Transaction, params};

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

pub(crate) fn put_job(transaction: &Transaction<'_>, row: &CaptureJobRow) -> Result<()> {
    let sql = "INSERT INTO capture_job (id, party, running, job, document) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (id) DO UPDATE SET running = ?3, job = ?4, document = ?5";
    let values = params![row.id, row.party.as_str(), row.running, row.job, row.document];
    transaction.prepare_cached(sql)?.execute(values).map(|_| ())
}

pub(crate) fn add_query(transaction: &Transaction<'_>, row: &NamedQueryRow) -> Result<()> {
    let sql = "INSERT INTO event_query (name, party, definition) VALUES (?1, ?2, ?3)";
    transaction.prepare_cached(sql)?.execute((&row.name, row.party.as_str(), &row.definition)).map(|_| ())
}

pub(crate) fn remove_query(transaction: &Transaction<'_>, name: &str) -> Result<()> {
    transaction.execute("DELETE FROM event_subscription WHERE query = ?1", [name])?;
    transaction.execute("DELETE FROM event_query WHERE name = ?1", [name]).map(|_| ())
}

pub(crate) fn add_subscription(transaction: &Transaction<'_>, row: &SubscriptionRow) -> Result<()> {
    let sql = "INSERT INTO event_subscription (id, query, party, terms, progress)
               SELECT ?1, name, ?3, ?4, ?5 FROM event_query WHERE name = ?2";
    let values = params![row.id, row.query, row.party.as_str(), row.terms, row.progress];
    transaction.prepare_cached(sql)?.execute(values).map(|_| ())
}

impl Store {
    /// A capture job.
    pub fn find_capture_job(&self, id: &str) -> Result<Option<CaptureJobRow>, StoreError> {
        let sql = "SELECT seq, id, party, running, job, document FROM capture_job WHERE id = ?1";
        self.with_reader("read a capture job", |connection| {
            connection.prepare_cached(sql)?.query_row([id], read_job).optional()
        })
    }

    /// Capture jobs before a place in their list, the latest first; 0 for the first page. Without what they capture.
    pub fn list_capture_jobs(&self, before: u64, most: u32) -> Result<Vec<CaptureJobRow>, StoreError> {
        let before = if before == 0 { i64::MAX } else { before.cast_signed() };
        let sql = "SELECT seq, id, party, running, job, NULL FROM capture_job WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
        self.list("read capture jobs", sql, params![before, most.min(MOST_LISTED)], read_job)
    }

    /// Capture jobs that have not ended, the earliest first.
    pub fn list_running_jobs(&self) -> Result<Vec<CaptureJobRow>, StoreError> {
        let sql = "SELECT seq, id, party, running, job, document FROM capture_job WHERE running = 1 ORDER BY seq LIMIT ?1";
        self.list("read capture jobs", sql, [MOST_LISTED], read_job)
    }

    /// A named query.
    pub fn find_named_query(&self, name: &str) -> Result<Option<NamedQueryRow>, StoreError> {
        let sql = "SELECT name, party, definition FROM event_query WHERE name = ?1";
        self.with_reader("read a named query", |connection| {
            connection.prepare_cached(sql)?.query_row([name], read_query).optional()
        })
    }

    /// Named queries beyond a name, in the order of their names.
    pub fn list_named_queries(&self, after: &str, most: u32) -> Result<Vec<NamedQueryRow>, StoreError> {
        let sql = "SELECT name, party, definition FROM event_query WHERE name > ?1 ORDER BY name LIMIT ?2";
        self.list("read named queries", sql, params![after, most.min(MOST_LISTED)], read_query)
    }

    /// A subscription.
    pub fn find_subscription(&self, id: &str) -> Result<Option<SubscriptionRow>, StoreError> {
        let sql = "SELECT id, query, party, terms, progress FROM event_subscription WHERE id = ?1";
        self.with_reader("read a subscription", |connection| {
            connection.prepare_cached(sql)?.query_row([id], read_subscription).optional()
        })
    }

    /// Subscriptions to a query, or to all, in the order of their ids.
    pub fn list_subscriptions(&self, query: Option<&str>) -> Result<Vec<SubscriptionRow>, StoreError> {
        let sql = "SELECT id, query, party, terms, progress FROM event_subscription
                   WHERE ?1 IS NULL OR query = ?1 ORDER BY id LIMIT ?2";
        self.list("read subscriptions", sql, params![query, MOST_LISTED], read_subscription)
    }
}

fn read_job(row: &Row<'_>) -> Result<CaptureJobRow> {
    Ok(CaptureJobRow {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        id: row.get(1)?,
        party: parsed(row, 2)?,
        running: row.get(3)?,
        job: row.get(4)?,
        document: row.get(5)?,
    })
}

fn read_query(row: &Row<'_>) -> Result<NamedQueryRow> {
    Ok(NamedQueryRow { name: row.get(0)?, party: parsed(row, 1)?, definition: row.get(2)? })
}

fn read_subscription(row: &Row<'_>) -> Result<SubscriptionRow> {
    Ok(SubscriptionRow {
        id: row.get(0)?,
        query: row.get(1)?,
        party: parsed(row, 2)?,
        terms: row.get(3)?,
        progress: row.get(4)?,
    })
}

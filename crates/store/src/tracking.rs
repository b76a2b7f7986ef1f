//! What tracking keeps: measurements, scores, closures, alarms, and what stands open.

use crate::apply::run;
use crate::limits::{MOST_LISTED, MOST_MEASURED, MOST_SCORED};
use crate::read::parsed;
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::Reference;
use rusqlite::{Result, Transaction, params};

/// How long something took, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredRow {
    /// Which leg or dwell, as text.
    pub key: String,
    /// Which departure or stay; a second row of it is left out.
    pub instance: String,
    /// When it was over.
    pub at: Timestamp,
    /// How long. Unit: second.
    pub seconds: u64,
    /// What is published for it, JSON.
    pub published: String,
}

/// A forecast with what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredRow {
    /// The consignment.
    pub reference: Reference,
    /// Class of how far ahead it was.
    pub horizon: u8,
    /// The forecast and what happened, JSON.
    pub scored: String,
}

/// What an operator entered about something that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureRow {
    /// Its id.
    pub id: String,
    /// When it was entered or changed last.
    pub entered: Timestamp,
    /// Whether it still stands: it was not lifted.
    pub open: bool,
    /// The signed closure, JSON.
    pub closure: String,
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmRow {
    /// Its name.
    pub id: String,
    /// The consignment.
    pub reference: Reference,
    /// Whether somebody should still look at it.
    pub open: bool,
    /// When it was raised.
    pub raised: Timestamp,
    /// The alarm, JSON.
    pub alarm: String,
}

/// A write of tracking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrackingWrite {
    /// Appends a measurement, once.
    Measured(MeasuredRow),
    /// Keeps the score of a forecast; a later one of the same consignment and class takes its place.
    Scored(ScoredRow),
    /// Keeps a closure, or what became of it.
    Closure(ClosureRow),
    /// Keeps an alarm, or what became of it.
    Alarm(AlarmRow),
    /// Says what a consignment stands in and since when; nothing if it is on its way or over.
    Dwelling {
        /// The consignment.
        reference: Reference,
        /// Which dwell, as text, and since when.
        dwell: Option<(String, Timestamp)>,
    },
    /// Says when a service departed; an earlier departure changes nothing.
    Departed {
        /// The service.
        service: String,
        /// When.
        at: Timestamp,
    },
}

/// Applies one write inside a transaction.
pub(crate) fn apply_tracking(transaction: &Transaction<'_>, write: &TrackingWrite) -> Result<()> {
    match write {
        TrackingWrite::Measured(row) => run(
            transaction,
            "INSERT OR IGNORE INTO measured (key, instance, at, seconds, published) VALUES (?1, ?2, ?3, ?4, ?5)",
            (&row.key, &row.instance, row.at.to_string(), row.seconds.cast_signed(), &row.published),
        ),
        TrackingWrite::Scored(row) => run(
            transaction,
            "INSERT OR REPLACE INTO scored (reference, horizon, scored) VALUES (?1, ?2, ?3)",
            (row.reference.as_str(), row.horizon, &row.scored),
        ),
        TrackingWrite::Closure(row) => run(
            transaction,
            "INSERT OR REPLACE INTO closure (id, entered, open, closure) VALUES (?1, ?2, ?3, ?4)",
            (&row.id, row.entered.to_string(), row.open, &row.closure),
        ),
        TrackingWrite::Alarm(row) => run(
            transaction,
            "INSERT OR REPLACE INTO alarm (id, reference, open, raised, alarm) VALUES (?1, ?2, ?3, ?4, ?5)",
            (&row.id, row.reference.as_str(), row.open, row.raised.as_second(), &row.alarm),
        ),
        TrackingWrite::Dwelling { reference, dwell: Some((key, since)) } => run(
            transaction,
            "INSERT OR REPLACE INTO dwelling (reference, key, since) VALUES (?1, ?2, ?3)",
            (reference.as_str(), key, since.to_string()),
        ),
        TrackingWrite::Dwelling { reference, dwell: None } => {
            run(transaction, "DELETE FROM dwelling WHERE reference = ?1", [reference.as_str()])
        }
        TrackingWrite::Departed { service, at } => run(
            transaction,
            "INSERT INTO departed (service, at) VALUES (?1, ?2)
             ON CONFLICT (service) DO UPDATE SET at = max(at, excluded.at)",
            (service, at.as_second()),
        ),
    }
}

impl Store {
    /// The last measurements of everything, the earliest first.
    pub fn list_measured(&self) -> Result<Vec<MeasuredRow>, StoreError> {
        let sql = "SELECT key, instance, at, seconds, published FROM
                   (SELECT * FROM measured ORDER BY seq DESC LIMIT ?1) ORDER BY seq";
        self.list("read measurements", sql, [MOST_MEASURED], |row| {
            Ok(MeasuredRow {
                key: row.get(0)?,
                instance: row.get(1)?,
                at: parsed(row, 2)?,
                seconds: row.get::<_, i64>(3)?.unsigned_abs(),
                published: row.get(4)?,
            })
        })
    }

    /// The last scores, the earliest first, as JSON.
    pub fn list_scored(&self) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT scored FROM (SELECT seq, scored FROM scored ORDER BY seq DESC LIMIT ?1) ORDER BY seq";
        self.list("read scores", sql, [MOST_SCORED], |row| row.get(0))
    }

    /// Closures, the latest first; all, or only those that still stand.
    pub fn list_closures(&self, only_open: bool) -> Result<Vec<ClosureRow>, StoreError> {
        let sql =
            "SELECT id, entered, open, closure FROM closure WHERE open >= ?1 ORDER BY entered DESC LIMIT ?2";
        self.list("read closures", sql, params![only_open, MOST_LISTED], |row| {
            Ok(ClosureRow {
                id: row.get(0)?,
                entered: parsed(row, 1)?,
                open: row.get(2)?,
                closure: row.get(3)?,
            })
        })
    }

    /// Alarms that somebody should still look at, the earliest first, as JSON.
    pub fn list_open_alarms(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT alarm FROM alarm WHERE open = 1 ORDER BY raised, id LIMIT ?1";
        self.list("read alarms", sql, [MOST_LISTED], |row| row.get(0))
    }

    /// Every alarm of a consignment, the earliest first, as JSON.
    pub fn list_alarms_of(&self, reference: &Reference) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT alarm FROM alarm WHERE reference = ?1 ORDER BY raised, id LIMIT ?2";
        self.list("read alarms", sql, params![reference.as_str(), MOST_LISTED], |row| row.get(0))
    }

    /// An alarm by its name, as JSON.
    pub fn find_alarm(&self, id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT alarm FROM alarm WHERE id = ?1";
        Ok(self.list("look an alarm up", sql, [id], |row| row.get(0))?.pop())
    }

    /// What every consignment stands in, and since when.
    pub fn list_dwelling(&self) -> Result<Vec<(Reference, String, Timestamp)>, StoreError> {
        let sql = "SELECT reference, key, since FROM dwelling ORDER BY reference";
        self.list("read open stays", sql, [], |row| Ok((parsed(row, 0)?, row.get(1)?, parsed(row, 2)?)))
    }

    /// When each service departed last.
    pub fn list_departed(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let sql = "SELECT service, at FROM departed ORDER BY service";
        self.list("read departures", sql, [], |row| {
            let at = Timestamp::from_second(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
            Ok((row.get(0)?, at))
        })
    }

    /// Consignments on their way or about to go that were not looked at since an instant, the longest first.
    pub fn list_stale_consignments(
        &self,
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<Reference>, StoreError> {
        let sql = "SELECT reference FROM consignment WHERE state IN ('planned', 'in_transit', 'held') AND updated < ?1
                   ORDER BY updated LIMIT ?2";
        self.list("list consignments", sql, params![before.to_string(), most.min(MOST_LISTED)], |row| {
            parsed(row, 0)
        })
    }
}

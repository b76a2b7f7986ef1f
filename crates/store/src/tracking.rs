//! What tracking keeps: measurements, scores, closures, alarms, and what stands open.

use crate::db::{Db, Result as DbResult, Row, values};
use crate::limits::{MOST_LISTED, MOST_MEASURED, MOST_SCORED};
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::Reference;
use std::collections::BTreeSet;

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
    /// Says over which places and services a consignment still goes; over none once it is there.
    Way {
        /// The consignment.
        reference: Reference,
        /// The things, in order, each once.
        things: Vec<String>,
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
pub(crate) fn apply_tracking(db: &Db, write: &TrackingWrite) -> DbResult<()> {
    match write {
        TrackingWrite::Measured(row) => db.run(
            "INSERT INTO measured (key, instance, at, seconds, published) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            &values![&row.key, &row.instance, row.at.to_string(), row.seconds.cast_signed(), &row.published],
        ),
        TrackingWrite::Scored(row) => {
            // A score that takes the place of another is the latest of all.
            let (reference, horizon) = (row.reference.as_str(), row.horizon);
            let sql = "DELETE FROM scored WHERE reference = ?1 AND horizon = ?2";
            db.run(sql, &values![reference, horizon])?;
            let sql = "INSERT INTO scored (reference, horizon, scored) VALUES (?1, ?2, ?3)";
            db.run(sql, &values![reference, horizon, &row.scored])
        }
        TrackingWrite::Closure(row) => {
            let sql = "INSERT INTO closure (id, entered, open, closure) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE
             SET entered = excluded.entered, open = excluded.open, closure = excluded.closure";
            db.run(sql, &values![&row.id, row.entered.to_string(), row.open, &row.closure])
        }
        TrackingWrite::Alarm(row) => {
            let sql = "INSERT INTO alarm (id, reference, open, raised, alarm) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, open = excluded.open,
             raised = excluded.raised, alarm = excluded.alarm";
            let (reference, raised) = (row.reference.as_str(), row.raised.as_second());
            db.run(sql, &values![&row.id, reference, row.open, raised, &row.alarm])
        }
        TrackingWrite::Dwelling { reference, dwell: Some((key, since)) } => {
            let sql = "INSERT INTO dwelling (reference, key, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (reference) DO UPDATE SET key = excluded.key, since = excluded.since";
            db.run(sql, &values![reference.as_str(), key, since.to_string()])
        }
        TrackingWrite::Dwelling { reference, dwell: None } => {
            db.run("DELETE FROM dwelling WHERE reference = ?1", &values![reference.as_str()])
        }
        TrackingWrite::Way { reference, things } => put_way(db, reference, things),
        TrackingWrite::Departed { service, at } => db.run(
            "INSERT INTO departed (service, at) VALUES (?1, ?2)
             ON CONFLICT (service) DO UPDATE SET at = max(departed.at, excluded.at)",
            &values![service, at.as_second()],
        ),
    }
}

/// Keeps the way of a consignment, and its index if the way is another than before: with most events it is not.
fn put_way(db: &Db, reference: &Reference, things: &[String]) -> DbResult<()> {
    let find = "SELECT things FROM way WHERE reference = ?1";
    let before: Option<String> = db.find(find, &values![reference.as_str()], |row| row.get(0))?;
    let now = things.join(" ");
    if before.as_deref().unwrap_or_default() == now {
        return Ok(());
    }
    for thing in before.as_deref().unwrap_or_default().split_whitespace() {
        let sql = "DELETE FROM crossing WHERE thing = ?1 AND reference = ?2";
        db.run(sql, &values![thing, reference.as_str()])?;
    }
    for thing in things {
        let sql = "INSERT INTO crossing (thing, reference) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        db.run(sql, &values![thing, reference.as_str()])?;
    }
    match things {
        [] => db.run("DELETE FROM way WHERE reference = ?1", &values![reference.as_str()]),
        _ => {
            let sql = "INSERT INTO way (reference, things) VALUES (?1, ?2)
                       ON CONFLICT (reference) DO UPDATE SET things = excluded.things";
            db.run(sql, &values![reference.as_str(), now])
        }
    }
}

fn read_measured(row: &Row<'_>) -> DbResult<MeasuredRow> {
    Ok(MeasuredRow {
        key: row.get(0)?,
        instance: row.get(1)?,
        at: row.parsed(2)?,
        seconds: row.get::<i64>(3)?.unsigned_abs(),
        published: row.get(4)?,
    })
}

impl Store {
    /// The consignments whose way leads over one of the things, by reference, from after one on; those only that nobody looked at
    /// since `before`, if it is given.
    pub fn list_crossing(
        &self,
        things: &[String],
        after: Option<&Reference>,
        before: Option<Timestamp>,
        most: u32,
    ) -> Result<Vec<Reference>, StoreError> {
        let unseen =
            "AND EXISTS (SELECT 1 FROM consignment c WHERE c.reference = x.reference AND c.updated < ?4)";
        let condition = if before.is_some() { unseen } else { "" };
        let sql = format!(
            "SELECT x.reference FROM crossing x WHERE x.thing = ?1 AND x.reference > ?2 {condition}
             ORDER BY x.reference LIMIT ?3"
        );
        let mut found: BTreeSet<Reference> = BTreeSet::new();
        let after = after.map_or("", Reference::as_str);
        for thing in things {
            let mut values = values![thing, after, most].to_vec();
            values.extend(before.map(|at| at.to_string().into()));
            found.extend(self.list("list a way", &sql, &values, |row| row.parsed(0))?);
        }
        // The first of all are among the first of each.
        Ok(found.into_iter().take(most as usize).collect())
    }

    /// The things of a consignment's way as they are kept, and those of them by which it is not found.
    ///
    /// Errors: the store failed.
    pub fn list_way(&self, reference: &Reference) -> Result<(Vec<String>, Vec<String>), StoreError> {
        let reference = reference.as_str();
        let find = "SELECT things FROM way WHERE reference = ?1";
        let kept: Option<String> = self.find("read a way", find, &values![reference], |row| row.get(0))?;
        let things: Vec<String> = kept.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let mut lost = Vec::new();
        for thing in &things {
            let sql = "SELECT count(*) FROM crossing WHERE thing = ?1 AND reference = ?2";
            let found = self.with_reader("read a way", |db| db.number(sql, &values![thing, reference]))?;
            if found == 0 {
                lost.push(thing.clone());
            }
        }
        Ok((things, lost))
    }

    /// What a consignment stands in as it is kept, and since when.
    ///
    /// Errors: the store failed.
    pub fn find_dwelling(&self, reference: &Reference) -> Result<Option<(String, Timestamp)>, StoreError> {
        let sql = "SELECT key, since FROM dwelling WHERE reference = ?1";
        self.find("read an open stay", sql, &values![reference.as_str()], |row| {
            Ok((row.get(0)?, row.parsed(1)?))
        })
    }

    /// Whether a measurement is kept.
    ///
    /// Errors: the store failed.
    pub fn has_measured(&self, key: &str, instance: &str) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM measured WHERE key = ?1 AND instance = ?2";
        self.with_reader("read a measurement", |db| db.number(sql, &values![key, instance]))
            .map(|found| found > 0)
    }

    /// When a service departed last, as it is kept.
    ///
    /// Errors: the store failed.
    pub fn find_departed(&self, service: &str) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT at FROM departed WHERE service = ?1";
        self.find("read a departure", sql, &values![service], |row| {
            Ok(Timestamp::from_second(row.get(0)?).unwrap_or(Timestamp::UNIX_EPOCH))
        })
    }

    /// The last measurements of everything, the earliest first.
    pub fn list_measured(&self) -> Result<Vec<MeasuredRow>, StoreError> {
        let sql = "SELECT key, instance, at, seconds, published FROM
                   (SELECT * FROM measured ORDER BY seq DESC LIMIT ?1) AS latest ORDER BY seq";
        self.list("read measurements", sql, &values![MOST_MEASURED], read_measured)
    }

    /// The number of the last measurement; nought before the first.
    pub fn last_measured(&self) -> Result<u64, StoreError> {
        let sql = "SELECT max(seq) FROM measured";
        self.with_reader("count measurements", |db| db.number(sql, &[])).map(i64::unsigned_abs)
    }

    /// The measurements after one up to another, by their numbers, the earliest first.
    pub fn list_measured_between(&self, after: u64, until: u64) -> Result<Vec<MeasuredRow>, StoreError> {
        let sql = "SELECT key, instance, at, seconds, published FROM measured WHERE seq > ?1 AND seq <= ?2 ORDER BY seq";
        self.list("read measurements", sql, &values![after.cast_signed(), until.cast_signed()], read_measured)
    }

    /// The last scores, the earliest first, as JSON.
    pub fn list_scored(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT scored FROM (SELECT seq, scored FROM scored ORDER BY seq DESC LIMIT ?1) AS latest ORDER BY seq";
        self.list("read scores", sql, &values![MOST_SCORED], |row| row.get(0))
    }

    /// Closures, the latest first; all, or only those that still stand.
    pub fn list_closures(&self, only_open: bool) -> Result<Vec<ClosureRow>, StoreError> {
        let sql = "SELECT id, entered, open, closure FROM closure WHERE open >= ?1 ORDER BY entered DESC, id LIMIT ?2";
        self.list("read closures", sql, &values![only_open, MOST_LISTED], |row| {
            Ok(ClosureRow {
                id: row.get(0)?,
                entered: row.parsed(1)?,
                open: row.get(2)?,
                closure: row.get(3)?,
            })
        })
    }

    /// Alarms that somebody should still look at, as JSON, the earliest first: those after one that was raised at a time. Unit of
    /// the time: second.
    pub fn list_open_alarms(
        &self,
        after: Option<(Timestamp, &str)>,
        most: u32,
    ) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT alarm FROM alarm WHERE open = 1 AND (raised, id) > (?1, ?2) ORDER BY raised, id LIMIT ?3";
        let (raised, id) = after.map_or((i64::MIN, ""), |(raised, id)| (raised.as_second(), id));
        self.list("read alarms", sql, &values![raised, id, most.min(MOST_LISTED)], |row| row.get(0))
    }

    /// Every alarm of a consignment, the earliest first, as JSON.
    pub fn list_alarms_of(&self, reference: &Reference) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT alarm FROM alarm WHERE reference = ?1 ORDER BY raised, id LIMIT ?2";
        self.list("read alarms", sql, &values![reference.as_str(), MOST_LISTED], |row| row.get(0))
    }

    /// An alarm by its name, as JSON.
    pub fn find_alarm(&self, id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT alarm FROM alarm WHERE id = ?1";
        Ok(self.list("look an alarm up", sql, &values![id], |row| row.get(0))?.pop())
    }

    /// What every consignment stands in, and since when.
    pub fn list_dwelling(&self) -> Result<Vec<(Reference, String, Timestamp)>, StoreError> {
        let sql = "SELECT reference, key, since FROM dwelling ORDER BY reference";
        self.list("read open stays", sql, &values![], |row| Ok((row.parsed(0)?, row.get(1)?, row.parsed(2)?)))
    }

    /// When each service departed last.
    pub fn list_departed(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let sql = "SELECT service, at FROM departed ORDER BY service";
        self.list("read departures", sql, &values![], |row| {
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
        self.list("list consignments", sql, &values![before.to_string(), most.min(MOST_LISTED)], |row| {
            row.parsed(0)
        })
    }
}

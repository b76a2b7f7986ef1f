//! What is removed when its time is over: records that no hash and no signature rests on.

use crate::db::{Db, Result, values};
use crate::limits::ROWS_IN_PAGE;
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::Reference;

/// A kind of record that may be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aged {
    /// Positions of a device, by its name.
    Positions(String),
    /// What the sensors of a device read, by its name.
    Readings(String),
    /// Estimates of a consignment.
    Estimates(Reference),
}

/// The condition of each kind: the holder first, then the instant.
const POSITIONS: &str = "fix WHERE device = (SELECT id FROM device WHERE name = ?1) AND at < ?2";
const READINGS: &str = "sensed WHERE device = (SELECT id FROM device WHERE name = ?1) AND at < ?2";
const ESTIMATES: &str = "eta WHERE reference = ?1 AND given < ?2";

/// Removes what is older than an instant.
pub(crate) fn remove_aged(db: &Db, aged: &Aged, before: Timestamp) -> Result<()> {
    match aged {
        Aged::Positions(device) => {
            db.run(&format!("DELETE FROM {POSITIONS}"), &values![device, before.as_millisecond()])
        }
        Aged::Readings(device) => {
            db.run(&format!("DELETE FROM {READINGS}"), &values![device, before.as_millisecond()])
        }
        Aged::Estimates(reference) => {
            db.run(&format!("DELETE FROM {ESTIMATES}"), &values![reference.as_str(), before.to_string()])
        }
    }
}

impl Store {
    /// How many records are older than an instant.
    ///
    /// Errors: the store failed.
    pub fn count_aged(&self, aged: &Aged, before: Timestamp) -> std::result::Result<u64, StoreError> {
        let count = |from: &str| format!("SELECT count(*) FROM {from}");
        let number = self.with_reader("count what is old", |db| match aged {
            Aged::Positions(device) => {
                db.number(&count(POSITIONS), &values![device, before.as_millisecond()])
            }
            Aged::Readings(device) => db.number(&count(READINGS), &values![device, before.as_millisecond()]),
            Aged::Estimates(reference) => {
                db.number(&count(ESTIMATES), &values![reference.as_str(), before.to_string()])
            }
        })?;
        Ok(number.unsigned_abs())
    }

    /// The names of devices after a number, with their numbers, in order; the next page begins after the last number.
    ///
    /// Errors: the store failed.
    pub fn list_devices(&self, after: i64) -> std::result::Result<Vec<(i64, String)>, StoreError> {
        let sql = "SELECT id, name FROM device WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.list("list devices", sql, &values![after, ROWS_IN_PAGE], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

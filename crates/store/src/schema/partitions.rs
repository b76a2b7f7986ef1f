//! The partitions of PostgreSQL's tables that grow without end.
//!
//! Entries, events, ETAs and changes stand in stretches of their sequence. That is the order of time in which they were saved, and
//! a row is found by its place in one partition instead of in all. Positions and readings stand in months of the time that they
//! were measured at; what a device dates far from when it was received stands apart, so that no device can make partitions.

use crate::db::{Db, Result};
use crate::limits::{MONTHS_AFTER_RECEIPT, MONTHS_BEFORE_RECEIPT, ROWS_IN_PARTITION};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Tables in stretches of their sequence.
const BY_PLACE: [&str; 4] = ["entry", "captured", "eta", "change"];

/// Which partitions are there, as far as the writer knows. It is the only one that makes any.
pub(crate) struct Partitions {
    known: RefCell<BTreeSet<String>>,
    /// Partitions made in the transaction at hand; forgotten if it is rolled back.
    fresh: RefCell<BTreeSet<String>>,
}

impl Partitions {
    /// Reads which partitions are there, and sees to it that rows can be appended.
    pub(crate) fn open(db: &Db) -> Result<Self> {
        let partitions = Self { known: RefCell::default(), fresh: RefCell::default() };
        if !db.is_sqlite() {
            let sql = "SELECT relname::text FROM pg_class
                       WHERE relispartition AND relkind = 'r' AND relnamespace = current_schema()::regnamespace";
            *partitions.known.borrow_mut() = db.query(sql, &[], |row| row.get(0))?.into_iter().collect();
            partitions.make_room(db)?;
        }
        Ok(partitions)
    }

    /// Makes the stretch of each sequence in which the next row stands, and the one after it: no transaction writes a whole one.
    pub(crate) fn make_room(&self, db: &Db) -> Result<()> {
        if db.is_sqlite() {
            return Ok(());
        }
        for table in BY_PLACE {
            let last = db.number(&format!("SELECT max(seq) FROM {table}"), &[])?;
            self.make_stretch(db, table, last)?;
            self.make_stretch(db, table, last + ROWS_IN_PARTITION)?;
        }
        Ok(())
    }

    /// Sees to it that there is a partition for a place in a sequence.
    pub(crate) fn make_stretch(&self, db: &Db, table: &str, seq: i64) -> Result<()> {
        let stretch = seq.div_euclid(ROWS_IN_PARTITION);
        if db.is_sqlite() || !BY_PLACE.contains(&table) {
            return Ok(());
        }
        let name = format!("{table}_{stretch}");
        if !self.is_there(&name) {
            let (from, to) = (stretch * ROWS_IN_PARTITION, (stretch + 1) * ROWS_IN_PARTITION);
            db.batch(&format!(
                "CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ({from}) TO ({to})"
            ))?;
            self.fresh.borrow_mut().insert(name);
        }
        Ok(())
    }

    /// Sees to it that there is a partition for what was measured at an instant and received at another.
    pub(crate) fn make_month(&self, db: &Db, table: &str, at: Timestamp, received: Timestamp) -> Result<()> {
        if db.is_sqlite() {
            return Ok(());
        }
        let (Some(month), Some(now)) = (month_of(at), month_of(received)) else { return Ok(()) };
        let earliest = now.checked_sub(MONTHS_BEFORE_RECEIPT.months()).unwrap_or(now);
        let latest = now.checked_add(MONTHS_AFTER_RECEIPT.months()).unwrap_or(now);
        if month < earliest || month > latest {
            return Ok(());
        }
        let name = format!("{table}_{}", month.strftime("%Y_%m"));
        if self.is_there(&name) {
            return Ok(());
        }
        let (Some(from), Some(to)) = (begin_of(month), month.checked_add(1.months()).ok().and_then(begin_of))
        else {
            return Ok(());
        };
        // What stood apart because it was dated before its time has its month now.
        db.batch(&format!(
            "CREATE TABLE {name} (LIKE {table} INCLUDING ALL);
             WITH moved AS (DELETE FROM {table}_other WHERE at >= {from} AND at < {to} RETURNING *)
             INSERT INTO {name} SELECT * FROM moved;
             ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"
        ))?;
        self.fresh.borrow_mut().insert(name);
        Ok(())
    }

    fn is_there(&self, name: &str) -> bool {
        self.known.borrow().contains(name) || self.fresh.borrow().contains(name)
    }

    /// What was made in the transaction stays.
    pub(crate) fn keep(&self) {
        self.known.borrow_mut().append(&mut self.fresh.borrow_mut());
    }

    /// What was made in the transaction is gone with it.
    pub(crate) fn forget(&self) {
        self.fresh.borrow_mut().clear();
    }
}

fn month_of(instant: Timestamp) -> Option<Date> {
    let date = instant.to_zoned(TimeZone::UTC).date();
    Date::new(date.year(), date.month(), 1).ok()
}

/// When a month begins. Unit: millisecond since 1970.
fn begin_of(month: Date) -> Option<i64> {
    month.to_zoned(TimeZone::UTC).ok().map(|begin| begin.timestamp().as_millisecond())
}

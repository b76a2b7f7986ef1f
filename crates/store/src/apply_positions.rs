//! Writes of positions, devices and what they are on.

use crate::apply::run;
use crate::rows_positions::{CarriageRow, DeviceFixes, MountingRow, SensedRow};
use jiff::Timestamp;
use rusqlite::{Result, Transaction, params};

/// The end of what has no end. Rows compare as numbers, so that a question needs no case of its own for it.
pub(crate) const WITHOUT_END: i64 = i64::MAX;

pub(crate) fn until(instant: Option<Timestamp>) -> i64 {
    instant.map_or(WITHOUT_END, Timestamp::as_millisecond)
}

/// The number of a device; a new one gets its own.
fn device(transaction: &Transaction<'_>, name: &str) -> Result<i64> {
    let find = |transaction: &Transaction<'_>| {
        let mut found = transaction.prepare_cached("SELECT id FROM device WHERE name = ?1")?;
        let mut rows = found.query([name])?;
        rows.next()?.map(|row| row.get(0)).transpose()
    };
    match find(transaction)? {
        Some(id) => Ok(id),
        None => {
            run(transaction, "INSERT INTO device (name) VALUES (?1)", [name])?;
            Ok(transaction.last_insert_rowid())
        }
    }
}

pub(crate) fn append_fixes(transaction: &Transaction<'_>, row: &DeviceFixes) -> Result<()> {
    let id = device(transaction, &row.device)?;
    let sql = "INSERT OR IGNORE INTO fix (device, at, lat_e7, lon_e7, received, marks, speed, heading)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let mut insert = transaction.prepare_cached(sql)?;
    for fix in &row.fixes {
        insert.execute(params![
            id,
            fix.at.as_millisecond(),
            fix.lat_e7,
            fix.lon_e7,
            fix.received.as_second(),
            fix.marks,
            fix.speed,
            fix.heading,
        ])?;
    }
    match &row.state {
        Some(state) => run(transaction, "UPDATE device SET state = ?2 WHERE id = ?1", (id, state)),
        None => Ok(()),
    }
}

pub(crate) fn append_sensed(transaction: &Transaction<'_>, name: &str, rows: &[SensedRow]) -> Result<()> {
    let id = device(transaction, name)?;
    let sql = "INSERT OR IGNORE INTO sensed (device, at, what, value) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = transaction.prepare_cached(sql)?;
    for row in rows {
        insert.execute(params![id, row.at.as_millisecond(), row.what, row.value])?;
    }
    Ok(())
}

pub(crate) fn put_mounting(transaction: &Transaction<'_>, row: &MountingRow) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO mounting (thing, device, since, until, stated_by) VALUES (?1, ?2, ?3, ?4, ?5)";
    let since = row.since.as_millisecond();
    run(transaction, sql, (&row.thing, &row.device, since, until(row.until), row.stated_by.as_str()))
}

pub(crate) fn put_carriage(transaction: &Transaction<'_>, row: &CarriageRow) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO carriage (reference, thing, since, until) VALUES (?1, ?2, ?3, ?4)";
    run(transaction, sql, (row.reference.as_str(), &row.thing, row.since.as_millisecond(), until(row.until)))
}

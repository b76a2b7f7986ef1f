//! Writes of positions, devices and what they are on.

use crate::db::{Db, Result, values};
use crate::rows_positions::{CarriageRow, DeviceFixes, MountingRow, SensedRow};
use crate::schema::Partitions;
use jiff::Timestamp;

/// The end of what has no end. Rows compare as numbers, so that a question needs no case of its own for it.
pub(crate) const WITHOUT_END: i64 = i64::MAX;

pub(crate) fn until(instant: Option<Timestamp>) -> i64 {
    instant.map_or(WITHOUT_END, Timestamp::as_millisecond)
}

/// The number of a device; a new one gets its own.
fn device(db: &Db, name: &str) -> Result<i64> {
    let found = db.find("SELECT id FROM device WHERE name = ?1", &values![name], |row| row.get(0))?;
    match found {
        Some(id) => Ok(id),
        None => db.number("INSERT INTO device (name) VALUES (?1) RETURNING id", &values![name]),
    }
}

pub(crate) fn append_fixes(db: &Db, partitions: &Partitions, row: &DeviceFixes) -> Result<()> {
    let id = device(db, &row.device)?;
    let sql = "INSERT INTO fix (device, at, lat_e7, lon_e7, received, marks, speed, heading)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
    for fix in &row.fixes {
        partitions.make_month(db, "fix", fix.at, fix.received)?;
        let values = values![
            id,
            fix.at.as_millisecond(),
            fix.lat_e7,
            fix.lon_e7,
            fix.received.as_second(),
            fix.marks,
            fix.speed,
            fix.heading,
        ];
        db.run(sql, &values)?;
    }
    match &row.state {
        Some(state) => db.run("UPDATE device SET state = ?2 WHERE id = ?1", &values![id, state]),
        None => Ok(()),
    }
}

pub(crate) fn append_sensed(db: &Db, partitions: &Partitions, name: &str, rows: &[SensedRow]) -> Result<()> {
    let id = device(db, name)?;
    let sql = "INSERT INTO sensed (device, at, what, value) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    // A reading does not say when it was received; what came with it was dated at most so far ahead or behind.
    let last = rows.iter().map(|row| row.at).max();
    for row in rows {
        partitions.make_month(db, "sensed", row.at, last.unwrap_or(row.at))?;
        db.run(sql, &values![id, row.at.as_millisecond(), &row.what, row.value])?;
    }
    Ok(())
}

pub(crate) fn put_mounting(db: &Db, row: &MountingRow) -> Result<()> {
    let sql = "INSERT INTO mounting (thing, device, since, until, stated_by) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (thing, device, since) DO UPDATE
               SET until = excluded.until, stated_by = excluded.stated_by";
    let (since, until) = (row.since.as_millisecond(), until(row.until));
    db.run(sql, &values![&row.thing, &row.device, since, until, row.stated_by.as_str()])
}

pub(crate) fn put_carriage(db: &Db, row: &CarriageRow) -> Result<()> {
    let sql = "INSERT INTO carriage (reference, thing, since, until) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (reference, thing, since) DO UPDATE SET until = excluded.until";
    let (since, until) = (row.since.as_millisecond(), until(row.until));
    db.run(sql, &values![row.reference.as_str(), &row.thing, since, until])
}

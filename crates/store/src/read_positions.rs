//! Reading positions, devices and what they are on.

use crate::apply_positions::WITHOUT_END;
use crate::db::{Failure, Result as DbResult, Row, values};
use crate::limits::{MOST_LISTED, MOST_TRACKED};
use crate::read::{ETAS, read_eta};
use crate::rows::EtaRow;
use crate::rows_positions::{CarriageRow, FixRow, MountingRow, SensedOn, SensedRow, TrackRow};
use crate::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use kervan_model::Reference;

/// The way from a consignment to its devices: what carried it, what was on that, both at the time.
const CARRIED: &str = "FROM carriage c
  JOIN mounting m ON m.thing = c.thing AND m.since < c.until AND m.until > c.since
  JOIN device d ON d.name = m.device";

/// The last positions of a consignment, the last first.
fn track() -> String {
    format!(
        "SELECT d.name, m.thing, f.at, f.lat_e7, f.lon_e7, f.received, f.marks, f.speed, f.heading {CARRIED}
         JOIN fix f ON f.device = d.id AND f.at >= max(c.since, m.since) AND f.at < min(c.until, m.until)
         WHERE c.reference = ?1 ORDER BY f.at DESC, d.name, f.lat_e7, f.lon_e7 LIMIT ?2"
    )
}

fn read_track(row: &Row<'_>) -> DbResult<TrackRow> {
    Ok(TrackRow { device: row.get(0)?, thing: row.get(1)?, fix: read_fix(row, 2)? })
}

fn in_order_of_time(mut rows: Vec<TrackRow>) -> Vec<TrackRow> {
    // One device may be on two things that carry the consignment: a container and the wagon under it.
    rows.dedup_by(|next, row| next.device == row.device && next.fix == row.fix);
    rows.reverse();
    rows
}

impl Store {
    /// The last positions of a consignment, of every device that was on what carried it, in order of time.
    pub fn list_track(&self, reference: &Reference, most: u32) -> Result<Vec<TrackRow>, StoreError> {
        let values = values![reference.as_str(), most.min(MOST_TRACKED)];
        let rows = self.list("read a track", &track(), &values, read_track)?;
        Ok(in_order_of_time(rows))
    }

    /// Every ETA that was given for a consignment, the first first, and its last positions as [`Self::list_track`] has them.
    pub fn list_course(
        &self,
        reference: &Reference,
        most: u32,
    ) -> Result<(Vec<EtaRow>, Vec<TrackRow>), StoreError> {
        let of_etas = values![reference.as_str(), MOST_LISTED];
        let of_track = values![reference.as_str(), most.min(MOST_TRACKED)];
        self.with_reader("read a course", |db| {
            let (mut etas, mut rows) = (Vec::new(), Vec::new());
            db.query_several(&[(ETAS, &of_etas), (&track(), &of_track)], |statement, row| {
                match statement {
                    0 => etas.push(read_eta(row)?),
                    _ => rows.push(read_track(row)?),
                }
                Ok(())
            })?;
            Ok((etas, in_order_of_time(rows)))
        })
    }

    /// The positions of a consignment over the last `most` steps of time before its last one, the first of each device in each
    /// step, in order of time; those with one of the marks in `without` are left out.
    ///
    /// However often a device reports, this reads a stretch of time and not a number of reports.
    pub fn list_track_evenly(
        &self,
        reference: &Reference,
        without: u16,
        step: SignedDuration,
        most: u32,
    ) -> Result<Vec<FixRow>, StoreError> {
        let Some(last) = self.find_last_fix(reference, without)? else { return Ok(Vec::new()) };
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
        let first = last.at.as_millisecond().div_euclid(step) - i64::from(most) + 1;
        let sql = format!(
            "SELECT d.id, max(c.since, m.since), min(c.until, m.until) {CARRIED} WHERE c.reference = ?1"
        );
        let spans: Vec<(i64, i64, i64)> =
            self.list("read what carried a consignment", &sql, &values![reference.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let sql = "SELECT at, lat_e7, lon_e7, received, marks, speed, heading FROM fix
                   WHERE device = ?1 AND at >= ?2 AND at < ?3 AND marks & ?4 = 0 ORDER BY at LIMIT 1";
        let mut stretches = Vec::new();
        for number in 0..i64::from(most) {
            let (from, to) = ((first + number) * step, (first + number + 1) * step);
            for (device, since, until) in &spans {
                let (from, to) = (from.max(*since), to.min(*until));
                if from < to {
                    stretches.push(values![device, from, to, without].to_vec());
                }
            }
        }
        let mut found = self
            .with_reader("read positions", |db| db.query_each(sql, &stretches, |_, row| read_fix(row, 0)))?;
        found.sort_by_key(|fix| (fix.at, fix.lat_e7, fix.lon_e7));
        found.dedup();
        Ok(found)
    }

    /// The last position of a consignment that has none of the marks in `without`.
    pub fn find_last_fix(&self, reference: &Reference, without: u16) -> Result<Option<FixRow>, StoreError> {
        let sql = format!(
            "SELECT f.at, f.lat_e7, f.lon_e7, f.received, f.marks, f.speed, f.heading {CARRIED}
             JOIN fix f ON f.device = d.id AND f.at >= max(c.since, m.since) AND f.at < min(c.until, m.until)
             WHERE c.reference = ?1 AND f.marks & ?2 = 0 ORDER BY f.at DESC LIMIT 1"
        );
        self.find("read a last position", &sql, &values![reference.as_str(), without], |row| read_fix(row, 0))
    }

    /// The last positions of a device, in order of time.
    pub fn list_fixes(&self, device: &str, most: u32) -> Result<Vec<FixRow>, StoreError> {
        let sql = "SELECT at, lat_e7, lon_e7, received, marks, speed, heading FROM fix
                   WHERE device = (SELECT id FROM device WHERE name = ?1) ORDER BY at DESC, lat_e7, lon_e7 LIMIT ?2";
        let mut rows = self
            .list("read positions", sql, &values![device, most.min(MOST_TRACKED)], |row| read_fix(row, 0))?;
        rows.reverse();
        Ok(rows)
    }

    /// What sensors on what carried a consignment read last, in order of time, each on the things that its device was on.
    pub fn list_sensed(&self, reference: &Reference, most: u32) -> Result<Vec<SensedOn>, StoreError> {
        let sql = format!(
            "SELECT DISTINCT m.thing, s.at, s.what, s.value {CARRIED}
             JOIN sensed s ON s.device = d.id AND s.at >= max(c.since, m.since) AND s.at < min(c.until, m.until)
             WHERE c.reference = ?1 ORDER BY s.at DESC, s.what DESC, m.thing DESC LIMIT ?2"
        );
        let most = most.min(MOST_TRACKED);
        let mut rows =
            self.list("read what sensors read", &sql, &values![reference.as_str(), most], |row| {
                let sensed = SensedRow { at: milliseconds(row, 1)?, what: row.get(2)?, value: row.get(3)? };
                Ok(SensedOn { thing: row.get(0)?, row: sensed })
            })?;
        rows.reverse();
        Ok(rows)
    }

    /// What is carried from the last report of each device to its next, in the order of the names; nothing for a new one.
    pub fn list_device_states(&self, names: &[&str]) -> Result<Vec<Option<String>>, StoreError> {
        let sets: Vec<_> = names.iter().map(|name| values![name].to_vec()).collect();
        let mut states = vec![None; names.len()];
        let sql = "SELECT state FROM device WHERE name = ?1";
        let found = self.with_reader("read devices", |db| {
            db.query_each(sql, &sets, |index, row| Ok((index, row.get::<Option<String>>(0)?)))
        })?;
        for (index, state) in found {
            if let Some(place) = states.get_mut(index) {
                *place = state;
            }
        }
        Ok(states)
    }

    /// The consignments that a device was with at an instant.
    pub fn list_consignments_of_device(
        &self,
        device: &str,
        at: Timestamp,
    ) -> Result<Vec<Reference>, StoreError> {
        let sql = "SELECT DISTINCT c.reference FROM mounting m JOIN carriage c ON c.thing = m.thing
                   WHERE m.device = ?1 AND m.since <= ?2 AND m.until > ?2 AND c.since <= ?2 AND c.until > ?2
                   ORDER BY c.reference LIMIT ?3";
        let at = at.as_millisecond();
        self.list("find consignments of a device", sql, &values![device, at, MOST_LISTED], |row| {
            row.parsed(0)
        })
    }

    /// What a device was on, the earliest first.
    pub fn list_mountings(&self, device: &str) -> Result<Vec<MountingRow>, StoreError> {
        let sql = "SELECT device, thing, since, until, stated_by FROM mounting WHERE device = ?1 ORDER BY since, thing LIMIT ?2";
        self.list("read what a device was on", sql, &values![device, MOST_LISTED], |row| {
            let (since, until) = (milliseconds(row, 2)?, end(row, 3)?);
            Ok(MountingRow {
                device: row.get(0)?,
                thing: row.get(1)?,
                since,
                until,
                stated_by: row.parsed(4)?,
            })
        })
    }

    /// What carried a consignment, the earliest first.
    pub fn list_carriages(&self, reference: &Reference) -> Result<Vec<CarriageRow>, StoreError> {
        let sql = "SELECT reference, thing, since, until FROM carriage WHERE reference = ?1 ORDER BY since, thing LIMIT ?2";
        self.list("read what carried a consignment", sql, &values![reference.as_str(), MOST_LISTED], |row| {
            let (since, until) = (milliseconds(row, 2)?, end(row, 3)?);
            Ok(CarriageRow { reference: row.parsed(0)?, thing: row.get(1)?, since, until })
        })
    }

    /// Number of positions of all devices.
    pub fn count_fixes(&self) -> Result<u64, StoreError> {
        self.with_reader("count positions", |db| db.number("SELECT count(*) FROM fix", &[]))
            .map(i64::unsigned_abs)
    }
}

fn read_fix(row: &Row<'_>, from: usize) -> DbResult<FixRow> {
    let received: i64 = row.get(from + 3)?;
    Ok(FixRow {
        at: milliseconds(row, from)?,
        lat_e7: row.get(from + 1)?,
        lon_e7: row.get(from + 2)?,
        received: Timestamp::from_second(received).map_err(|_| Failure::unreadable(&received.to_string()))?,
        marks: row.get(from + 4)?,
        speed: row.get(from + 5)?,
        heading: row.get(from + 6)?,
    })
}

fn milliseconds(row: &Row<'_>, column: usize) -> DbResult<Timestamp> {
    let number: i64 = row.get(column)?;
    Timestamp::from_millisecond(number).map_err(|_| Failure::unreadable(&number.to_string()))
}

fn end(row: &Row<'_>, column: usize) -> DbResult<Option<Timestamp>> {
    match row.get::<i64>(column)? {
        WITHOUT_END => Ok(None),
        _ => milliseconds(row, column).map(Some),
    }
}

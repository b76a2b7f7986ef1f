//! Reading positions, devices and what they are on.

use crate::apply_positions::WITHOUT_END;
use crate::limits::{MOST_LISTED, MOST_TRACKED};
use crate::read::{parsed, unreadable};
use crate::rows_positions::{CarriageRow, FixRow, MountingRow, SensedRow, TrackRow};
use crate::{Store, StoreError};
use jiff::Timestamp;
use kervan_model::Reference;
use rusqlite::{OptionalExtension, Row, params};

/// The way from a consignment to its devices: what carried it, what was on that, both at the time.
const CARRIED: &str = "FROM carriage c
  JOIN mounting m ON m.thing = c.thing AND m.since < c.until AND m.until > c.since
  JOIN device d ON d.name = m.device";

impl Store {
    /// The last positions of a consignment, of every device that was on what carried it, in order of time.
    pub fn list_track(&self, reference: &Reference, most: u32) -> Result<Vec<TrackRow>, StoreError> {
        let sql = format!(
            "SELECT d.name, m.thing, f.at, f.lat_e7, f.lon_e7, f.received, f.marks, f.speed, f.heading {CARRIED}
             JOIN fix f ON f.device = d.id AND f.at >= max(c.since, m.since) AND f.at < min(c.until, m.until)
             WHERE c.reference = ?1 ORDER BY f.at DESC, d.name, f.lat_e7, f.lon_e7 LIMIT ?2"
        );
        let mut rows =
            self.list("read a track", &sql, params![reference.as_str(), most.min(MOST_TRACKED)], |row| {
                Ok(TrackRow { device: row.get(0)?, thing: row.get(1)?, fix: read_fix(row, 2)? })
            })?;
        // One device may be on two things that carry the consignment: a container and the wagon under it.
        rows.dedup_by(|next, row| next.device == row.device && next.fix == row.fix);
        rows.reverse();
        Ok(rows)
    }

    /// The last position of a consignment that has none of the marks in `without`.
    pub fn find_last_fix(&self, reference: &Reference, without: u16) -> Result<Option<FixRow>, StoreError> {
        let sql = format!(
            "SELECT f.at, f.lat_e7, f.lon_e7, f.received, f.marks, f.speed, f.heading {CARRIED}
             JOIN fix f ON f.device = d.id AND f.at >= max(c.since, m.since) AND f.at < min(c.until, m.until)
             WHERE c.reference = ?1 AND f.marks & ?2 = 0 ORDER BY f.at DESC LIMIT 1"
        );
        self.with_reader("read a last position", |connection| {
            connection
                .prepare_cached(&sql)?
                .query_row(params![reference.as_str(), without], |row| read_fix(row, 0))
                .optional()
        })
    }

    /// The last positions of a device, in order of time.
    pub fn list_fixes(&self, device: &str, most: u32) -> Result<Vec<FixRow>, StoreError> {
        let sql = "SELECT at, lat_e7, lon_e7, received, marks, speed, heading FROM fix
                   WHERE device = (SELECT id FROM device WHERE name = ?1) ORDER BY at DESC, lat_e7, lon_e7 LIMIT ?2";
        let mut rows = self
            .list("read positions", sql, params![device, most.min(MOST_TRACKED)], |row| read_fix(row, 0))?;
        rows.reverse();
        Ok(rows)
    }

    /// What sensors on what carried a consignment read, in order of time.
    pub fn list_sensed(&self, reference: &Reference) -> Result<Vec<SensedRow>, StoreError> {
        let sql = format!(
            "SELECT DISTINCT s.at, s.what, s.value {CARRIED}
             JOIN sensed s ON s.device = d.id AND s.at >= max(c.since, m.since) AND s.at < min(c.until, m.until)
             WHERE c.reference = ?1 ORDER BY s.at, s.what LIMIT ?2"
        );
        self.list("read what sensors read", &sql, params![reference.as_str(), MOST_TRACKED], |row| {
            Ok(SensedRow { at: milliseconds(row, 0)?, what: row.get(1)?, value: row.get(2)? })
        })
    }

    /// What is carried from the last report of each device to its next, in the order of the names; nothing for a new one.
    pub fn list_device_states(&self, names: &[&str]) -> Result<Vec<Option<String>>, StoreError> {
        self.with_reader("read devices", |connection| {
            let mut find = connection.prepare_cached("SELECT state FROM device WHERE name = ?1")?;
            names
                .iter()
                .map(|name| Ok(find.query_row([name], |row| row.get(0)).optional()?.flatten()))
                .collect()
        })
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
        self.list("find consignments of a device", sql, params![device, at, MOST_LISTED], |row| {
            parsed(row, 0)
        })
    }

    /// What a device was on, the earliest first.
    pub fn list_mountings(&self, device: &str) -> Result<Vec<MountingRow>, StoreError> {
        let sql = "SELECT device, thing, since, until, stated_by FROM mounting WHERE device = ?1 ORDER BY since, thing LIMIT ?2";
        self.list("read what a device was on", sql, params![device, MOST_LISTED], |row| {
            let (since, until) = (milliseconds(row, 2)?, end(row, 3)?);
            Ok(MountingRow {
                device: row.get(0)?,
                thing: row.get(1)?,
                since,
                until,
                stated_by: parsed(row, 4)?,
            })
        })
    }

    /// What carried a consignment, the earliest first.
    pub fn list_carriages(&self, reference: &Reference) -> Result<Vec<CarriageRow>, StoreError> {
        let sql = "SELECT reference, thing, since, until FROM carriage WHERE reference = ?1 ORDER BY since, thing LIMIT ?2";
        self.list("read what carried a consignment", sql, params![reference.as_str(), MOST_LISTED], |row| {
            let (since, until) = (milliseconds(row, 2)?, end(row, 3)?);
            Ok(CarriageRow { reference: parsed(row, 0)?, thing: row.get(1)?, since, until })
        })
    }

    /// Number of positions of all devices.
    pub fn count_fixes(&self) -> Result<u64, StoreError> {
        self.with_reader("count positions", |connection| {
            connection
                .query_row("SELECT count(*) FROM fix", [], |row| row.get::<_, i64>(0))
                .map(i64::unsigned_abs)
        })
    }
}

fn read_fix(row: &Row<'_>, from: usize) -> rusqlite::Result<FixRow> {
    let received: i64 = row.get(from + 3)?;
    Ok(FixRow {
        at: milliseconds(row, from)?,
        lat_e7: row.get(from + 1)?,
        lon_e7: row.get(from + 2)?,
        received: Timestamp::from_second(received)
            .map_err(|_| unreadable(from + 3, &received.to_string()))?,
        marks: row.get(from + 4)?,
        speed: row.get(from + 5)?,
        heading: row.get(from + 6)?,
    })
}

fn milliseconds(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let number: i64 = row.get(column)?;
    Timestamp::from_millisecond(number).map_err(|_| unreadable(column, &number.to_string()))
}

fn end(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    match row.get::<_, i64>(column)? {
        WITHOUT_END => Ok(None),
        _ => milliseconds(row, column).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeviceFixes, Write};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + second).unwrap()
    }

    fn fix(second: i64, lat_e7: i32, marks: u16) -> FixRow {
        FixRow {
            at: at(second),
            lat_e7,
            lon_e7: 0,
            received: at(second + 1),
            marks,
            speed: None,
            heading: Some(900),
        }
    }

    fn fixes(device: &str, fixes: Vec<FixRow>) -> Write {
        Write::Fixes(DeviceFixes { device: device.into(), state: Some(format!("state of {device}")), fixes })
    }

    fn mounted(device: &str, thing: &str, since: i64, until: Option<i64>) -> Write {
        let (device, thing, stated_by) = (device.into(), thing.into(), "carrier".parse().unwrap());
        Write::Mounting(MountingRow { device, thing, since: at(since), until: until.map(at), stated_by })
    }

    fn carried(thing: &str, since: i64, until: Option<i64>) -> Write {
        let reference = "KRV-1".parse().unwrap();
        Write::Carriage(CarriageRow {
            reference,
            thing: thing.into(),
            since: at(since),
            until: until.map(at),
        })
    }

    #[test]
    fn a_track_is_that_of_the_devices_on_what_carried_it_at_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let reference: Reference = "KRV-1".parse().unwrap();
        store
            .save(vec![
                carried("box", 0, None),
                carried("ship", 100, Some(200)),
                mounted("tracker:A", "box", 0, Some(150)),
                mounted("mmsi:1", "ship", -1_000, None),
                mounted("tracker:B", "other box", 0, None),
                fixes("tracker:A", vec![fix(10, 1, 0), fix(-5, 2, 0), fix(160, 3, 0), fix(90, 4, 2)]),
                fixes("mmsi:1", vec![fix(50, 5, 0), fix(120, 6, 0), fix(200, 7, 0)]),
                fixes("tracker:B", vec![fix(20, 8, 0)]),
            ])
            .unwrap();
        let track = store.list_track(&reference, 100).unwrap();
        assert_eq!(track.iter().map(|row| row.fix.lat_e7).collect::<Vec<_>>(), [1, 4, 6]);
        assert_eq!((track[2].device.as_str(), track[2].thing.as_str()), ("mmsi:1", "ship"));
        assert_eq!(track[0].fix, fix(10, 1, 0));
        assert_eq!(store.list_track(&reference, 1).unwrap()[0].fix.lat_e7, 6, "the last ones");
        assert_eq!(store.find_last_fix(&reference, 2).unwrap().unwrap().lat_e7, 6);
        assert_eq!(store.list_consignments_of_device("mmsi:1", at(150)).unwrap(), [reference]);
        assert!(store.list_consignments_of_device("mmsi:1", at(250)).unwrap().is_empty());
        let states = store.list_device_states(&["tracker:B", "tracker:C"]).unwrap();
        assert_eq!(states, [Some("state of tracker:B".to_owned()), None]);
    }

    #[test]
    fn a_position_that_comes_twice_is_there_once_and_two_places_at_once_are_both_there() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        for _ in 0..2 {
            store.save(vec![fixes("tracker:A", vec![fix(10, 1, 0), fix(10, 1, 0), fix(10, 9, 32)])]).unwrap();
        }
        assert_eq!(store.list_fixes("tracker:A", 10).unwrap(), [fix(10, 9, 32), fix(10, 1, 0)]);
        assert_eq!(store.count_fixes().unwrap(), 2);
    }
}

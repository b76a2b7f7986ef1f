//! Positions and readings, and what devices are on.

use crate::Place;
use jiff::{SignedDuration, Timestamp};
use kervan_model::Reference;
use kervan_store::{Aged, CarriageRow, DeviceFixes, FixRow, MountingRow, SensedRow, Write};

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
    Write::Carriage(CarriageRow { reference, thing: thing.into(), since: at(since), until: until.map(at) })
}

pub(crate) fn tracks(place: &Place) {
    let store = place.open();
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
    assert_eq!(store.list_course(&reference, 100).unwrap(), (Vec::new(), track.clone()));
    assert_eq!(store.list_track(&reference, 1).unwrap()[0].fix.lat_e7, 6, "the last ones");
    assert_eq!(store.find_last_fix(&reference, 2).unwrap().unwrap().lat_e7, 6);
    assert_eq!(store.list_consignments_of_device("mmsi:1", at(150)).unwrap(), [reference]);
    assert!(store.list_consignments_of_device("mmsi:1", at(250)).unwrap().is_empty());
    let states = store.list_device_states(&["tracker:B", "tracker:C"]).unwrap();
    assert_eq!(states, [Some("state of tracker:B".to_owned()), None]);
}

pub(crate) fn evenly(place: &Place) {
    let store = place.open();
    let reference: Reference = "KRV-1".parse().unwrap();
    // Every ten seconds for an hour, one in seven of them doubted.
    let often = (0..360_i32).map(|step| fix(i64::from(step) * 10, step, u16::from(step % 7 == 0))).collect();
    store
        .save(vec![
            carried("box", 0, None),
            carried("wagon", 0, None),
            mounted("tracker:A", "box", 0, None),
            mounted("tracker:A", "wagon", 0, None),
            fixes("tracker:A", often),
        ])
        .unwrap();
    let evenly = |minutes, most| {
        let step = SignedDuration::from_mins(minutes);
        let rows = store.list_track_evenly(&reference, 1, step, most).unwrap();
        rows.iter().map(|row| row.lat_e7).collect::<Vec<_>>()
    };
    // The first of each step that is not doubted, once although two things carry it; steps are those of the clock.
    let start = 1_796_000_000_i64.rem_euclid(600);
    let first_of = |step: i64| {
        let from = (step * 600 - start).max(0);
        (0..).find(|number: &i64| number * 10 >= from && number % 7 != 0).unwrap() as i32
    };
    let wanted: Vec<i32> = (0..7).map(first_of).filter(|number| *number < 360).collect();
    assert_eq!(evenly(10, 100), wanted);
    assert_eq!(evenly(10, 2), wanted[wanted.len() - 2..]);
    assert!(
        store
            .list_track_evenly(&"KRV-2".parse().unwrap(), 1, SignedDuration::from_mins(1), 9)
            .unwrap()
            .is_empty()
    );
}

pub(crate) fn doubles(place: &Place) {
    let store = place.open();
    for _ in 0..2 {
        store.save(vec![fixes("tracker:A", vec![fix(10, 1, 0), fix(10, 1, 0), fix(10, 9, 32)])]).unwrap();
    }
    assert_eq!(store.list_fixes("tracker:A", 10).unwrap(), [fix(10, 9, 32), fix(10, 1, 0)]);
    assert_eq!(store.count_fixes().unwrap(), 2);
}

/// What a device dates far away from when it was received is kept as well, and found.
pub(crate) fn odd_times(place: &Place) {
    let store = place.open();
    let day = 86_400;
    let often = [-30_000 * day, -400 * day, -40 * day, 0, 40 * day, 90 * day, 4_000 * day];
    let row = |second: i64| FixRow { received: at(0), ..fix(second, 1, 0) };
    store.save(vec![fixes("tracker:A", often.map(row).into())]).unwrap();
    // Two months later the time has come of what was dated ahead.
    let later = |second: i64| FixRow { received: at(90 * day), ..fix(second, 2, 0) };
    store.save(vec![fixes("tracker:A", vec![later(90 * day), later(90 * day + 1)])]).unwrap();
    drop(store);
    let store = place.open();
    let seen: Vec<_> = store.list_fixes("tracker:A", 100).unwrap().iter().map(|fix| fix.at).collect();
    let mut expected: Vec<_> = often.into_iter().map(at).collect();
    expected.extend([at(90 * day), at(90 * day + 1)]);
    expected.sort_unstable();
    assert_eq!(seen, expected);
    let sensed = |second: i64| SensedRow { at: at(second), what: "temperature".into(), value: second };
    let rows = vec![sensed(5), sensed(-400 * day), sensed(5)];
    store
        .save(vec![
            Write::Sensed { device: "tracker:A".into(), rows },
            carried("box", -500 * day, None),
            mounted("tracker:A", "box", -500 * day, None),
        ])
        .unwrap();
    let found = store.list_sensed(&"KRV-1".parse().unwrap(), 10).unwrap();
    assert_eq!(found.iter().map(|on| on.row.value).collect::<Vec<_>>(), [-400 * day, 5]);
    assert_eq!(store.list_mountings("tracker:A").unwrap().len(), 1);
    assert_eq!(store.list_carriages(&"KRV-1".parse().unwrap()).unwrap().len(), 1);
}

/// What is older than an instant goes, of one device or consignment, and of no other.
pub(crate) fn aged(place: &Place) {
    let store = place.open();
    let read = |second: i64| SensedRow { at: at(second), what: "temperature".into(), value: 21 };
    store
        .save(vec![
            fixes("tracker:A", vec![fix(10, 1, 0), fix(20, 2, 0), fix(30, 3, 0)]),
            fixes("tracker:B", vec![fix(10, 1, 0)]),
            Write::Sensed { device: "tracker:A".into(), rows: vec![read(10), read(30)] },
        ])
        .unwrap();
    let names: Vec<String> = store.list_devices(0).unwrap().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["tracker:A", "tracker:B"]);
    let (positions, readings) = (Aged::Positions("tracker:A".into()), Aged::Readings("tracker:A".into()));
    let estimates = Aged::Estimates("KRV-1".parse().unwrap());
    let counts = |before: i64| {
        [&positions, &readings, &estimates].map(|aged| store.count_aged(aged, at(before)).unwrap())
    };
    assert_eq!((counts(10), counts(30), counts(99)), ([0, 0, 0], [2, 1, 0], [3, 2, 0]));
    for aged in [positions.clone(), readings.clone(), estimates.clone()] {
        store.save(vec![Write::RemoveAged { aged, before: at(30) }]).unwrap();
    }
    assert_eq!((counts(30), counts(99)), ([0, 0, 0], [1, 1, 0]));
    assert_eq!(store.list_fixes("tracker:A", 10).unwrap(), [fix(30, 3, 0)]);
    assert_eq!(store.count_fixes().unwrap(), 2, "another device keeps its own");
    store.scrub().unwrap();
    assert_eq!(store.list_fixes("tracker:B", 10).unwrap(), [fix(10, 1, 0)]);
}

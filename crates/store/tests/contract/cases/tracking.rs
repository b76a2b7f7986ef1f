//! What tracking keeps.

use crate::Place;
use jiff::Timestamp;
use kervan_model::Reference;
use kervan_store::{AlarmRow, ClosureRow, MeasuredRow, ScoredRow, TrackingWrite, Write};

pub(crate) fn ways(place: &Place) {
    let store = place.open();
    let name = |number: u32| format!("KRV-{number:02}").parse::<Reference>().unwrap();
    let way = |number: u32, things: &[&str]| {
        let things = things.iter().map(|thing| (*thing).to_owned()).collect();
        Write::Tracking(TrackingWrite::Way { reference: name(number), things })
    };
    let even = |number: u32| {
        if number.is_multiple_of(2) { way(number, &["a", "b"]) } else { way(number, &["b", "c"]) }
    };
    store.save((0..10).map(even).collect()).unwrap();
    // One goes another way, one is there.
    store.save(vec![way(2, &["c"]), way(4, &[]), way(6, &["a", "b"])]).unwrap();
    let list = |things: &[&str], after: Option<u32>, most| {
        let things: Vec<String> = things.iter().map(|thing| (*thing).to_owned()).collect();
        let found = store.list_crossing(&things, after.map(name).as_ref(), None, most).unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(list(&["a"], None, 10), ["KRV-00", "KRV-06", "KRV-08"]);
    assert_eq!(list(&["a", "c"], Some(1), 3), ["KRV-02", "KRV-03", "KRV-05"]);
    assert_eq!(list(&["a", "c"], Some(5), 9), ["KRV-06", "KRV-07", "KRV-08", "KRV-09"]);
    assert!(list(&["d"], None, 9).is_empty() && list(&["a"], Some(8), 9).is_empty());
    // None of them was ever looked at, so nobody was looked at before.
    let before = Some(Timestamp::MAX);
    assert!(store.list_crossing(&["a".to_owned()], None, before, 9).unwrap().is_empty());
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_796_000_000 + second).unwrap()
}

pub(crate) fn measures_and_scores(place: &Place) {
    let store = place.open();
    let measured = |number: u64| MeasuredRow {
        key: "leg".into(),
        instance: format!("departure {number}"),
        at: at(0),
        seconds: number,
        published: "{}".into(),
    };
    let save =
        |writes: Vec<TrackingWrite>| store.save(writes.into_iter().map(Write::Tracking).collect()).unwrap();
    save((1..=5).map(|number| TrackingWrite::Measured(measured(number))).collect());
    let last = store.last_measured().unwrap();
    save(vec![
        TrackingWrite::Measured(MeasuredRow { seconds: 99, ..measured(3) }),
        TrackingWrite::Measured(measured(6)),
    ]);
    assert_eq!(store.list_measured().unwrap(), (1..=6).map(measured).collect::<Vec<_>>());
    let newest = store.last_measured().unwrap();
    assert_eq!(store.list_measured_between(last, newest).unwrap(), [measured(6)]);
    let scored = |number: u32, scored: &str| {
        let reference = format!("KRV-{number}").parse().unwrap();
        TrackingWrite::Scored(ScoredRow { reference, horizon: 1, scored: scored.into() })
    };
    save(vec![scored(1, "a"), scored(2, "b"), scored(1, "c")]);
    assert_eq!(store.list_scored().unwrap(), ["b", "c"], "what takes a place is the latest");
    let departed = |second| TrackingWrite::Departed { service: "s".into(), at: at(second) };
    save(vec![departed(5), departed(3)]);
    assert_eq!(store.list_departed().unwrap(), [("s".to_owned(), at(5))]);
    let reference: Reference = "KRV-1".parse().unwrap();
    let dwelling = |dwell: Option<(&str, i64)>| {
        let dwell = dwell.map(|(key, since)| (key.to_owned(), at(since)));
        TrackingWrite::Dwelling { reference: reference.clone(), dwell }
    };
    save(vec![dwelling(Some(("a", 1))), dwelling(Some(("b", 2)))]);
    assert_eq!(store.list_dwelling().unwrap(), [(reference.clone(), "b".to_owned(), at(2))]);
    save(vec![dwelling(None)]);
    assert!(store.list_dwelling().unwrap().is_empty());
}

pub(crate) fn alarms_and_closures(place: &Place) {
    let store = place.open();
    let alarm = |id: &str, open, second| {
        Write::Tracking(TrackingWrite::Alarm(AlarmRow {
            id: id.into(),
            reference: "KRV-1".parse().unwrap(),
            open,
            raised: at(second),
            alarm: format!("{id} {open}"),
        }))
    };
    let closure = |id: &str, open, second| ClosureRow {
        id: id.into(),
        entered: at(second),
        open,
        closure: "{}".into(),
    };
    let closed = |row: ClosureRow| Write::Tracking(TrackingWrite::Closure(row));
    store
        .save(vec![
            alarm("late", true, 5),
            alarm("lost", true, 3),
            alarm("late", false, 5),
            closed(closure("port", true, 1)),
            closed(closure("pass", true, 2)),
            closed(closure("port", false, 3)),
        ])
        .unwrap();
    assert_eq!(store.list_open_alarms(None, 9).unwrap(), ["lost true"]);
    store.save(vec![alarm("here", true, 3), alarm("away", true, 4)]).unwrap();
    assert_eq!(store.list_open_alarms(None, 2).unwrap(), ["here true", "lost true"]);
    assert_eq!(store.list_open_alarms(Some((at(3), "here")), 9).unwrap(), ["lost true", "away true"]);
    assert_eq!(store.list_open_alarms(Some((at(3), "lost")), 9).unwrap(), ["away true"]);
    store.save(vec![alarm("here", false, 3), alarm("away", false, 4)]).unwrap();
    assert_eq!(
        store.list_alarms_of(&"KRV-1".parse().unwrap()).unwrap(),
        ["here false", "lost true", "away false", "late false"]
    );
    assert_eq!(store.find_alarm("late").unwrap().as_deref(), Some("late false"));
    assert_eq!(store.find_alarm("none").unwrap(), None);
    assert_eq!(store.list_closures(true).unwrap(), [closure("pass", true, 2)]);
    assert_eq!(store.list_closures(false).unwrap(), [closure("port", false, 3), closure("pass", true, 2)]);
}

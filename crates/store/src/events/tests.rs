//! The repository against a list in memory, over restarts, damage and merges.

use crate::{
    EventKey, EventMark, EventQuery, EventRole, EventRow, EventWord, OldEvent, Roles, Store, WordKind, Write,
};
use jiff::Timestamp;
use std::path::Path;

fn name(number: u64) -> String {
    format!("urn:epc:id:bic:CSQU{number:07}")
}

/// Event `number` names three things out of 50, one in each of three roles; times go back and forth.
fn event(number: u64) -> EventRow {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&EventKey::of(&number.to_string()).0.to_be_bytes());
    hash[31] = number as u8;
    let things = things_of(number);
    let roles = [EventRole::Epc, EventRole::Parent, EventRole::ReadPoint];
    let marks =
        things.iter().zip(roles).map(|(thing, role)| EventMark { key: EventKey::of(&name(*thing)), role });
    EventRow {
        seq: 0,
        hash,
        reference: number.is_multiple_of(10).then(|| "KRV-1".parse().unwrap()),
        event_time: at(number),
        record_time: Timestamp::from_second(1_800_000_000).unwrap(),
        context: format!("[{}]", number % 3).into(),
        event: format!("{{\"number\":{number}}}"),
        marks: marks.collect(),
        words: vec![EventWord { kind: WordKind::BizStep, word: format!("step-{}", number % 4) }],
    }
}

fn things_of(number: u64) -> [u64; 3] {
    [number % 50, (number / 50) % 50, number.wrapping_mul(7_919) % 50]
}

fn at(number: u64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + (number.wrapping_mul(48_271) % 10_007).cast_signed()).unwrap()
}

fn save(store: &Store, numbers: std::ops::Range<u64>) {
    store.save(numbers.map(|number| Write::Event(event(number))).collect()).unwrap();
}

fn numbers(events: &[EventRow]) -> Vec<u64> {
    events.iter().map(|event| event.event[10..event.event.len() - 1].parse().unwrap()).collect()
}

/// Holds every kind of question against the list 0..count.
fn check(store: &Store, count: u64) {
    assert_eq!(store.last_event().unwrap(), count);
    for thing in [0, 7, 49] {
        let all: Vec<u64> = (0..count).filter(|number| things_of(*number).contains(&thing)).collect();
        let query = EventQuery::of(EventKey::of(&name(thing)), 10_000);
        assert_eq!(numbers(&store.list_events_of(&query).unwrap()), all, "{thing}");
        let seen = [all.iter().rev().copied().collect::<Vec<_>>(), all.clone()];
        let back = EventQuery { latest_first: true, ..query };
        assert_eq!(numbers(&store.list_events_of(&back).unwrap()), seen[0]);
        // In pages, both ways, and each page begins where the one before ended.
        for (latest_first, expected) in [(true, &seen[0]), (false, &seen[1])] {
            let (mut after, mut paged) = (0, Vec::new());
            loop {
                let page = EventQuery { latest_first, after, most: 7, ..query };
                let events = store.list_events_of(&page).unwrap();
                let Some(last) = events.last() else { break };
                after = last.seq;
                paged.extend(numbers(&events));
            }
            assert_eq!(paged, *expected);
        }
        let parents = EventQuery { roles: Roles::of(&[EventRole::Parent]), ..query };
        let expected: Vec<u64> = (0..count).filter(|number| things_of(*number)[1] == thing).collect();
        assert_eq!(numbers(&store.list_events_of(&parents).unwrap()), expected);
        let (from, until) = (at(3), at(5));
        let span = EventQuery { from: Some(from.min(until)), until: Some(from.max(until)), ..query };
        let expected: Vec<u64> =
            all.iter().copied().filter(|n| from.min(until) <= at(*n) && at(*n) < from.max(until)).collect();
        assert_eq!(numbers(&store.list_events_of(&span).unwrap()), expected);
    }
    for number in [0, count / 2, count.saturating_sub(1), count, count + 1] {
        let found = store.find_event_place(&event(number).hash).unwrap();
        assert_eq!(found, (number < count).then_some(number + 1), "{number}");
    }
}

fn folder_of_runs(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("events-index")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_repository_answers_as_a_list_does_over_restarts_and_merges() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for step in [1, 39, 1, 200, 7, 400, 1_000, 3] {
        let store = Store::open(folder.path()).unwrap();
        check(&store, count);
        for start in (0..step).step_by(23) {
            // Half of each batch was there already.
            save(&store, (count + start).saturating_sub(12)..count + (start + 23).min(step));
        }
        count += step;
        check(&store, count);
        store.index.settle().unwrap();
        check(&store, count);
    }
    let files = folder_of_runs(folder.path());
    assert!(files.len() < 12, "merged: {files:?}");
}

#[test]
fn a_damaged_missing_or_foreign_run_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    for (folder, numbers) in [(&folder, 0..400), (&other, 1_000..1_400)] {
        let store = Store::open(folder.path()).unwrap();
        save(&store, numbers);
        store.index.settle().unwrap();
    }
    let run = folder_of_runs(folder.path()).remove(0);
    let foreign = folder_of_runs(other.path()).remove(0);
    let whole = std::fs::read(&run).unwrap();
    for damage in [
        whole[..whole.len() - 1].to_vec(),
        whole
            .iter()
            .enumerate()
            .map(|(at, byte)| if at == whole.len() - 60 { byte ^ 1 } else { *byte })
            .collect(),
        Vec::new(),
        std::fs::read(foreign).unwrap(),
    ] {
        std::fs::write(&run, damage).unwrap();
        std::fs::write(run.with_extension("tmp"), b"half").unwrap();
        check(&Store::open(folder.path()).unwrap(), 400);
    }
    std::fs::remove_dir_all(folder.path().join("events-index")).unwrap();
    check(&Store::open(folder.path()).unwrap(), 400);
}

#[test]
fn many_callers_at_once_leave_no_gap_and_no_double() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        for caller in 0..8_u64 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..100 {
                    // Neighbours send half of their events twice.
                    save(store, caller * 50 + number..caller * 50 + number + 1);
                }
            });
        }
    });
    let events = store.list_events_after(0, 10_000).unwrap();
    let mut seen = numbers(&events);
    seen.sort_unstable();
    assert_eq!(seen, (0..450).collect::<Vec<_>>());
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=450).collect::<Vec<_>>());
}

#[test]
fn a_batch_that_fails_leaves_no_event_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let short = Write::Reserve(crate::GuaranteeUse {
        grn: "24XX0000000000002".parse().unwrap_or_else(|_| "21DE0000010000013".parse().unwrap()),
        movement: "KRV-1/1".parse().unwrap(),
        amount: 1,
        at: at(0),
        actor: "party".parse().unwrap(),
        why: String::new(),
    });
    assert!(store.save(vec![Write::Event(event(0)), short]).is_err());
    check(&store, 0);
    assert!(store.list_event_words(WordKind::BizStep, "", 10).unwrap().is_empty());
    save(&store, 0..1);
    check(&store, 1);
    assert_eq!(store.list_event_words(WordKind::BizStep, "", 10).unwrap(), ["step-0"]);
}

#[test]
fn events_are_listed_by_time_by_consignment_and_with_what_they_came_with() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    save(&store, 0..300);
    let read = store.find_event(18).unwrap().unwrap();
    let expected = EventRow { seq: 18, marks: Vec::new(), words: Vec::new(), ..event(17) };
    assert_eq!(read, expected);
    let mut ours: Vec<u64> = (0..300).step_by(10).collect();
    ours.sort_by_key(|number| at(*number));
    assert_eq!(numbers(&store.list_events(&"KRV-1".parse().unwrap()).unwrap()), ours);
    let (mut after, mut paged) = (None, Vec::new());
    let (from, until) = (at(0), at(0) + jiff::SignedDuration::from_secs(5_000));
    loop {
        let events = store.list_events_between(from, until, after, 9).unwrap();
        let Some(last) = events.last() else { break };
        after = Some((last.event_time, last.seq));
        paged.extend(numbers(&events));
    }
    let mut expected: Vec<u64> =
        (0..300).filter(|number| from <= at(*number) && at(*number) < until).collect();
    expected.sort_by_key(|number| (at(*number), *number));
    assert_eq!(paged, expected);
    assert_eq!(store.list_event_words(WordKind::BizStep, "step-1", 2).unwrap(), ["step-2", "step-3"]);
    assert_eq!(store.list_old_events(10).unwrap(), Vec::<OldEvent>::new());
}

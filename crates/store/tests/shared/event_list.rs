//! Events of a number, and every kind of question about them against a list in memory. The tests of the index inside of the
//! store and its contract ask the same.

use jiff::Timestamp;
use kervan_store::{
    EventKey, EventMark, EventQuery, EventRole, EventRow, EventWord, Roles, Store, WordKind, Write,
};

fn name(number: u64) -> String {
    format!("urn:epc:id:bic:CSQU{number:07}")
}

/// Event `number` names three things out of 50, one in each of three roles; times go back and forth.
pub(crate) fn event(number: u64) -> EventRow {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
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

/// When event `number` happened.
pub(crate) fn at(number: u64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + (number.wrapping_mul(48_271) % 10_007).cast_signed()).unwrap()
}

/// Saves events in one batch.
pub(crate) fn save(store: &Store, numbers: std::ops::Range<u64>) {
    store.save(numbers.map(|number| Write::Event(event(number))).collect()).unwrap();
}

/// The numbers of events.
pub(crate) fn numbers(events: &[EventRow]) -> Vec<u64> {
    events.iter().map(|event| event.event[10..event.event.len() - 1].parse().unwrap()).collect()
}

/// Holds every kind of question against the list 0..count.
pub(crate) fn check(store: &Store, count: u64) {
    assert_eq!(store.last_event(), count);
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
        let others = EventQuery { roles: Roles::ALL.without(&[EventRole::Parent]), ..query };
        let expected: Vec<u64> = (0..count)
            .filter(|number| {
                let [seen, _, place] = things_of(*number);
                seen == thing || place == thing
            })
            .collect();
        assert_eq!(numbers(&store.list_events_of(&others).unwrap()), expected);
        let (from, until) = (at(3), at(5));
        let span = EventQuery { from: Some(from.min(until)), until: Some(from.max(until)), ..query };
        let expected: Vec<u64> =
            all.iter().copied().filter(|n| from.min(until) <= at(*n) && at(*n) < from.max(until)).collect();
        assert_eq!(numbers(&store.list_events_of(&span).unwrap()), expected);
        // Several at once are answered as each alone, also where they share events.
        let several = [query, back, span, parents, EventQuery { most: 3, ..query }];
        let each: Vec<Vec<EventRow>> =
            several.iter().map(|query| store.list_events_of(query).unwrap()).collect();
        let together: Vec<Vec<EventRow>> = (store.list_events_of_each(&several).unwrap().into_iter())
            .map(|events| events.into_iter().map(|event| (*event).clone()).collect())
            .collect();
        assert_eq!(together, each);
    }
    assert!(store.list_events_of_each(&[]).unwrap().is_empty());
    for number in [0, count / 2, count.saturating_sub(1), count, count + 1] {
        let found = store.find_event_place(&event(number).hash).unwrap();
        assert_eq!(found, (number < count).then_some(number + 1), "{number}");
    }
}

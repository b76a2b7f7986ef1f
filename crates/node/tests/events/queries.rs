//! Pages of an answer are a filter over all events of the moment of the first page, whatever is captured meanwhile.

use crate::world::{capture, event, open, start};
use kervan_events::Event;
use kervan_events::query::{Given, read_query};
use kervan_node::{Desk, EventReader, list_epcs, list_events_of, query_events};
use kervan_store::EventQuery;

const POOL: &[(&str, &[&str])] = &[
    ("eventType", &["ObjectEvent", "AggregationEvent|TransformationEvent"]),
    ("EQ_bizStep", &["departing", "arriving|loading"]),
    ("EQ_action", &["ADD", "OBSERVE"]),
    (
        "EQ_readPoint",
        &[
            "https://id.kervan.example/place/P1",
            "https://id.kervan.example/place/P2|https://id.kervan.example/place/P3",
        ],
    ),
    (
        "MATCH_epc",
        &[
            "urn:epc:id:sgtin:4012345.011111.3",
            "https://id.gs1.org/01/04012345111118/21/4|urn:epc:id:sgtin:4012345.011111.5",
        ],
    ),
    ("MATCH_anyEPC", &["urn:epc:id:sgtin:4012345.011111.7", "urn:epc:idpat:sgtin:4012345.011111.*"]),
    ("MATCH_parentID", &["urn:epc:id:sgtin:4012345.011111.2"]),
    ("MATCH_inputEPC", &["https://id.gs1.org/01/04012345111118/21/1"]),
    ("GE_eventTime", &["2026-11-30T22:00:00Z"]),
    ("LT_eventTime", &["2026-11-30T23:30:00Z"]),
    ("GE_ex:number", &["150"]),
    ("orderBy", &["eventTime", "ex:number"]),
];

fn all(desk: &Desk) -> Vec<(u64, Event)> {
    let mut reader = EventReader::default();
    let rows = desk.store.list_events_after(0, 10_000).unwrap();
    rows.iter().map(|row| (row.seq, reader.read(row).unwrap())).collect()
}

#[test]
fn pages_are_a_filter_over_all_events_while_more_are_captured() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let mut count = 0_u64;
    let mut more = |desk: &Desk, by: u64| {
        let events: Vec<_> = (count..count + by).map(event).collect();
        count += by;
        capture(desk, start(), &events).unwrap();
    };
    more(&desk, 300);
    for round in 0..80_u64 {
        let mut draw = round.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
        let mut next = |below: usize| {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            (draw % below as u64) as usize
        };
        let mut given: Vec<Given> = Vec::new();
        for _ in 0..=next(3) {
            let (name, values) = POOL[next(POOL.len())];
            if given.iter().all(|before| before.name != name) {
                given.push(Given::text(name, values[next(values.len())]));
            }
        }
        let query = read_query(&given).unwrap();
        let mut expected = all(&desk);
        expected.retain(|(_, event)| query.matches(event));
        if query.order.is_some() {
            expected.sort_by(|a, b| query.compare((a.0, &a.1), (b.0, &b.1)));
        }
        let (size, mut cursor, mut paged, mut meanwhile) = (3 + next(40), None, Vec::new(), 0);
        loop {
            let page = query_events(&desk, &query, cursor, size).unwrap();
            assert!(page.events.len() <= size);
            paged.extend(page.events);
            // A token survives its way over the wire.
            cursor = page.next.map(|next| next.to_string().parse().unwrap());
            if meanwhile < 3 {
                meanwhile += 1;
                more(&desk, 1);
            }
            if cursor.is_none() {
                break;
            }
        }
        if query.order.is_none() {
            paged.sort_by_key(|(place, _)| *place);
        }
        let places = |events: &[(u64, Event)]| events.iter().map(|(place, _)| *place).collect::<Vec<_>>();
        assert_eq!(places(&paged), places(&expected), "{given:?}");
    }
}

#[test]
fn too_large_an_answer_is_refused_and_limits_hold() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    capture(&desk, start(), &(0..50).map(event).collect::<Vec<_>>()).unwrap();
    let ask = |given: &[(&str, &str)]| {
        let given: Vec<_> = given.iter().map(|(name, value)| Given::text(name, value)).collect();
        query_events(&desk, &read_query(&given).unwrap(), None, 100)
    };
    assert_eq!(ask(&[("maxEventCount", "50")]).unwrap().events.len(), 50);
    let refusal = ask(&[("maxEventCount", "49")]).unwrap_err();
    assert!(refusal.to_string().contains("more than 49 events"), "{refusal}");
    let first =
        ask(&[("orderBy", "ex:number"), ("orderDirection", "ASC"), ("eventCountLimit", "3")]).unwrap();
    let numbers: Vec<_> =
        first.events.iter().map(|(_, event)| event.json["ex:number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert!(first.next.is_none());
}

#[test]
fn a_thing_is_found_in_each_of_its_forms_and_listed_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    capture(&desk, start(), &(0..90).map(event).collect::<Vec<_>>()).unwrap();
    let of = |name: &str| {
        let events = list_events_of(&desk, name, |key| EventQuery::of(key, 1_000)).unwrap();
        events.into_iter().map(|(place, _)| place).collect::<Vec<_>>()
    };
    let link = of("https://id.gs1.org/01/04012345111118/21/3");
    assert!(!link.is_empty());
    assert_eq!(link, of("urn:epc:id:sgtin:4012345.011111.3"));
    let (mut after, mut epcs) = (0, Vec::new());
    loop {
        let (page, next) = list_epcs(&desk, after, 3).unwrap();
        epcs.extend(page);
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    let count = epcs.len();
    epcs.sort();
    epcs.dedup();
    assert_eq!((epcs.len(), count), (10, 10));
}

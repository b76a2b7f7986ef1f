//! What lies in what, against brute force: by children, by sites and by names, to any depth.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use kervan_events::master_data::{MasterData, VocabularyElement};
use kervan_events::query::{Given, Query, read_query};
use kervan_events::{Event, canonical_name, read_capture};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Places whose names lie in each other, and such that do not although they begin alike.
const PLACES: &[&str] = &[
    "urn:x:port",
    "urn:x:port-east",
    "https://id.kervan.example/place/KZAAU",
    "https://id.kervan.example/place/KZAAU/berth-3",
    "https://id.kervan.example/place/KZAAU/berth-3/ramp",
    "https://id.kervan.example/place/KZAAU2",
    "urn:epc:id:sgln:4012345.00005.0",
    "urn:epc:id:sgln:4012345.00005.122",
    "https://shop.example/414/4012345000054/254/9",
    "urn:epc:id:sgln:4012345.00006.0",
    "https://example.com/a",
    "https://example.com/a/b/c",
];

/// Two events of each place: seen there, and kept there.
static EVENTS: LazyLock<Vec<(String, Event)>> = LazyLock::new(|| {
    let event = |number: usize, field: &str, place: &str| {
        json!({
            "type": "ObjectEvent", "action": "OBSERVE", "eventTimeZoneOffset": "+00:00",
            "eventTime": "2026-11-01T07:00:00Z", "epcList": [format!("urn:epc:id:sgtin:4012345.011111.{field}{number}")],
            field: {"id": place},
        })
    };
    let events: Vec<Value> = PLACES
        .iter()
        .enumerate()
        .flat_map(|(number, place)| ["readPoint", "bizLocation"].map(|field| event(number, field, place)))
        .collect();
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T08:00:00Z",
        "epcisBody": {"eventList": events},
    });
    let read = read_capture(&document, "2026-11-01T09:00:00Z".parse().unwrap()).unwrap();
    let place = |event: &Event| event.read_point.clone().or_else(|| event.biz_location.clone()).unwrap();
    read.into_iter().map(|event| (place(&event), event)).collect()
});

/// What a document states: children of a place, or the site that it is on.
#[derive(Clone, Debug)]
enum Stated {
    Children(usize, Vec<usize>),
    Site(usize, usize),
}

fn stated() -> impl Strategy<Value = Stated> {
    let place = || 0..PLACES.len();
    prop_oneof![
        3 => (place(), prop::collection::vec(place(), 0..4)).prop_map(|(at, below)| Stated::Children(at, below)),
        1 => (place(), place()).prop_map(|(at, site)| Stated::Site(at, site)),
    ]
}

fn master_data(stated: &[Stated]) -> MasterData {
    let mut data = MasterData::default();
    for one in stated {
        let name = |at: &usize| canonical_name(PLACES[*at]);
        let (at, children, attributes) = match one {
            Stated::Children(at, below) => (at, Some(below.iter().map(name).collect()), Vec::new()),
            Stated::Site(at, site) => {
                (at, None, vec![("urn:epcglobal:cbv:mda:site".to_owned(), json!(PLACES[*site]))])
            }
        };
        data.add(VocabularyElement { vocabulary: String::new(), id: name(at), children, attributes });
    }
    data
}

/// Places in one of those asked for, by going round until nothing is added.
fn by_brute_force(stated: &[Stated], asked: &BTreeSet<usize>) -> BTreeSet<usize> {
    let names: Vec<String> = PLACES.iter().map(|place| canonical_name(place)).collect();
    let mut inside = asked.clone();
    loop {
        let mut more = inside.clone();
        for one in stated {
            match one {
                Stated::Children(at, below) if inside.contains(at) => more.extend(below),
                Stated::Site(at, site) if inside.contains(site) => {
                    more.insert(*at);
                }
                Stated::Children(..) | Stated::Site(..) => {}
            }
        }
        for (at, name) in names.iter().enumerate() {
            if inside.iter().any(|outer| name.starts_with(&format!("{}/", names[*outer]))) {
                more.insert(at);
            }
        }
        if more == inside {
            return inside;
        }
        inside = more;
    }
}

fn question(name: &str, asked: &BTreeSet<usize>) -> Query {
    let values: Vec<&str> = asked.iter().map(|at| PLACES[*at]).collect();
    read_query(&[Given::text(name, &values.join("|"))]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_lies_in_a_place_is_what_brute_force_finds(
        stated in prop::collection::vec(stated(), 0..8),
        asked in prop::collection::btree_set(0..PLACES.len(), 1..4),
    ) {
        let data = master_data(&stated);
        let inside: BTreeSet<&str> = by_brute_force(&stated, &asked).into_iter().map(|at| PLACES[at]).collect();
        let in_use: Vec<String> = PLACES.iter().map(|place| (*place).to_owned()).collect();
        for (name, location) in [("WD_readPoint", false), ("WD_bizLocation", true)] {
            let query = question(name, &asked).with_master_data(&data);
            // By looking at each event, and with the places that are in use put in, as a node asks its store.
            for query in [query.clone(), query.with_places(location, &in_use)] {
                for (place, event) in &*EVENTS {
                    let expected = event.biz_location.is_some() == location && inside.contains(place.as_str());
                    prop_assert_eq!(query.matches(event), expected, "{} {}", name, place);
                }
            }
        }
        // Without descendants a place is itself, whatever is stated.
        let exactly: BTreeSet<String> = asked.iter().map(|at| canonical_name(PLACES[*at])).collect();
        let query = question("EQ_readPoint", &asked).with_master_data(&data);
        for (place, event) in &*EVENTS {
            let expected = event.read_point.is_some() && exactly.contains(&canonical_name(place));
            prop_assert_eq!(query.matches(event), expected, "EQ_readPoint {}", place);
        }
    }
}

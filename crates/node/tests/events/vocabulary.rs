//! Master data of captures are kept, and answer what lies in what.

use crate::world::{call, capture, document, event, open, start};
use kervan_events::canonical_name;
use kervan_events::query::{Given, read_query};
use kervan_node::{Desk, ErrorBehaviour, company_prefixes, query_events, start_capture};
use serde_json::{Value, json};

const GATE: &str = "urn:epc:id:sgln:4012345.00005.7";

fn stating(elements: Value, events: &[Value]) -> Value {
    let mut document = document(events);
    document["epcisHeader"] = json!({"epcisMasterData": {"vocabularyList": [
        {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": elements},
    ]}});
    document
}

fn take(desk: &Desk, number: u8, document: &Value) {
    let taken = call(number, start(), |call| start_capture(desk, call, document, ErrorBehaviour::Rollback));
    assert!(taken.unwrap().job.success);
}

fn count(desk: &Desk, name: &str, value: &str) -> usize {
    let query = read_query(&[Given::text(name, value)]).unwrap();
    query_events(desk, &query, None, 1_000).unwrap().events.len()
}

#[test]
fn what_a_party_states_of_places_answers_questions_until_it_states_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let at_gate = |number: u64| {
        let mut event = event(number);
        event["readPoint"] = json!({"id": GATE});
        event
    };
    capture(&desk, start(), &[at_gate(0), at_gate(3), event(6)]).unwrap();
    assert_eq!(count(&desk, "WD_readPoint", "urn:x:port"), 0);
    // A place lies in its GLN by its name, whatever is stated.
    assert_eq!(count(&desk, "WD_readPoint", "https://id.gs1.org/414/4012345000054"), 2);

    let port = json!([
        {"id": "urn:x:port", "children": ["urn:x:terminal"]},
        {"id": "urn:x:terminal", "children": [GATE],
         "attributes": [{"id": "urn:epcglobal:cbv:mda#city", "attribute": "Altynkol"}]},
        {"id": canonical_name(GATE), "attributes": [{"id": "urn:epcglobal:cbv:mda#city", "attribute": "Aktau"}]},
    ]);
    take(&desk, 2, &stating(port, &[at_gate(9)]));
    drop(desk);
    let desk = open(folder.path());
    assert_eq!(count(&desk, "WD_readPoint", "urn:x:port"), 3);
    assert_eq!(count(&desk, "WD_readPoint", "urn:x:terminal|urn:x:other"), 3);
    assert_eq!(count(&desk, "WD_bizLocation", "urn:x:port"), 0);
    assert_eq!(count(&desk, "HASATTR_readPoint", "urn:epcglobal:cbv:mda#city"), 3);
    assert_eq!(count(&desk, "EQATTR_readPoint_urn:epcglobal:cbv:mda#city", "Aktau"), 3);
    assert_eq!(count(&desk, "EQATTR_readPoint_urn:epcglobal:cbv:mda#city", "Altynkol"), 0);

    take(&desk, 3, &stating(json!([{"id": "urn:x:terminal", "children": []}]), &[]));
    assert_eq!(count(&desk, "WD_readPoint", "urn:x:port"), 0);
    assert_eq!(desk.store.list_vocabulary(10).unwrap().len(), 3);
}

#[test]
fn places_of_the_network_lie_in_their_countries_and_have_names() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let at = |number: u64, place: &str| {
        let mut event = event(number);
        event["bizLocation"] = json!({"id": place});
        event
    };
    let (aktau, baku) = ("https://id.kervan.example/place/KZAAU", "https://id.kervan.example/place/AZBAK");
    let berth = format!("{aktau}/berth-3");
    capture(&desk, start(), &[at(0, aktau), at(3, &berth), at(6, baku)]).unwrap();
    for (name, value, expected) in [
        ("WD_bizLocation", "https://id.kervan.example/country/KZ", 2),
        ("WD_bizLocation", "https://id.kervan.example/country/AZ|https://id.kervan.example/country/KZ", 3),
        ("EQ_bizLocation", "https://id.kervan.example/country/KZ", 0),
        ("WD_bizLocation", aktau, 2),
        ("EQ_bizLocation", aktau, 1),
        ("EQATTR_bizLocation_urn:epcglobal:cbv:mda#countryCode", "KZ", 1),
        ("EQATTR_bizLocation_name", "Aktau", 1),
        ("HASATTR_bizLocation", "name", 2),
    ] {
        assert_eq!(count(&desk, name, value), expected, "{name}={value}");
    }
    // A party's own yard that lies in a place of the network is in its country too.
    let yard = json!([{"id": aktau, "children": ["urn:x:yard"]}]);
    take(&desk, 2, &stating(yard, &[at(9, "urn:x:yard")]));
    assert_eq!(count(&desk, "WD_bizLocation", "https://id.kervan.example/country/KZ"), 3);
}

#[test]
fn a_company_is_known_by_the_urns_of_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    let link = "https://id.gs1.org/00/340123451111111111";
    assert_eq!(company_prefixes(&desk).unwrap().epc_urn(link), None);
    capture(&desk, start(), &[event(1)]).unwrap();
    let urn = company_prefixes(&desk).unwrap().epc_urn(link);
    assert_eq!(urn.as_deref(), Some("urn:epc:id:sscc:4012345.3111111111"));
    // One that is shown beside the things is known as well.
    let mut sold = event(4);
    sold["destinationList"] =
        json!([{"type": "owning_party", "destination": "urn:epc:id:pgln:9521141.00007"}]);
    let party = canonical_name("urn:epc:id:pgln:9521141.00007");
    assert_eq!(company_prefixes(&desk).unwrap().epc_urn(&party), None);
    capture(&desk, start(), &[sold]).unwrap();
    assert!(company_prefixes(&desk).unwrap().epc_urn(&party).is_some());
}

//! Event hashes: vectors of our own, and what may and may not change a hash.
//!
//! The expected strings in `vectors/` were computed by the published reference implementation of the algorithm.

use kervan_events::{HashError, event_hash, event_hash_in, read_capture, report};
use serde_json::{Value, json};

fn vector() -> Value {
    serde_json::from_str(include_str!("vectors/corridor.json")).unwrap_or_default()
}

#[test]
fn our_vectors_have_the_strings_of_the_reference_implementation() {
    let document = vector();
    let events = document["epcisBody"]["eventList"].as_array().unwrap();
    let prehashes: Vec<&str> = include_str!("vectors/corridor.prehashes").lines().collect();
    let hashes: Vec<&str> = include_str!("vectors/corridor.hashes").lines().collect();
    assert_eq!((events.len(), prehashes.len(), hashes.len()), (5, 5, 5));
    for ((event, prehash), hash) in events.iter().zip(prehashes).zip(hashes) {
        let (computed, id) = event_hash_in(event, &document["@context"]).unwrap();
        assert_eq!(computed, prehash);
        assert_eq!(id.as_str(), hash);
        assert_eq!(format!("ni:///sha-256;{}?ver=CBV2.0", id.digits()), hash);
    }
    let read = read_capture(&document, "2026-12-10T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(read[0].id, "urn:uuid:1f2e9c1c-3a44-4c53-b7a1-5d0c1f4a8e10");
    assert_eq!(read[1].id, read[1].hash.as_str());
    assert_eq!(read[0].containers().len(), 2);
    assert_eq!(read[1].parent.as_deref(), Some("urn:epc:id:imovn:9176187"));
    assert_eq!(read[4].outputs.len(), 2);
}

/// The same event written otherwise has the same hash; another event has another.
#[test]
fn spelling_does_not_change_a_hash_and_content_does() {
    let document = vector();
    let (event, context) = (&document["epcisBody"]["eventList"][0], &document["@context"]);
    let hash = |event: &Value| event_hash_in(event, context).unwrap().1;
    let original = hash(event);
    let changed = |pointer: &str, value: Value| {
        let mut event = event.clone();
        match (event.pointer_mut(pointer), pointer.strip_prefix('/')) {
            (Some(place), _) => *place = value,
            (None, Some(name)) => event[name] = value,
            (None, None) => {}
        }
        hash(&event)
    };
    for (pointer, value) in [
        ("/eventTime", json!("2026-12-09T10:00:00.123Z")),
        ("/eventTime", json!("2026-12-09T11:00:00.12349+01:00")),
        ("/bizStep", json!("https://ref.gs1.org/cbv/BizStep-departing")),
        ("/bizStep", json!("urn:epcglobal:cbv:bizstep:departing")),
        ("/bizStep", json!("cbv:BizStep-departing")),
        ("/epcList", json!(["urn:epc:id:bic:CSQU3054383", "urn:epc:id:bic:MSKU1234565"])),
        ("/sourceList/0/source", json!("https://example.com/417/4012345000009")),
        ("/kervan:service", json!(" S020 ")),
        ("/kervan:wagons/0/kervan:axles", json!(4.0)),
        ("/eventID", json!("urn:uuid:00000000-0000-0000-0000-000000000000")),
        ("/recordTime", json!("2027-01-01T00:00:00Z")),
        ("/errorDeclaration", json!({"declarationTime": "2027-01-01T00:00:00Z"})),
    ] {
        assert_eq!(changed(pointer, value.clone()), original, "{pointer} {value}");
    }
    for (pointer, value) in [
        ("/eventTime", json!("2026-12-09T10:00:00.124Z")),
        ("/eventTimeZoneOffset", json!("+06:00")),
        ("/bizStep", json!("arriving")),
        ("/action", json!("ADD")),
        ("/epcList", json!(["urn:epc:id:bic:CSQU3054383"])),
        ("/sourceList/0/type", json!("possessing_party")),
        ("/kervan:service", json!("S021")),
        ("/kervan:other", json!(null)),
        ("/kervan:wagons/1/kervan:number", json!("94512338")),
    ] {
        assert_ne!(changed(pointer, value.clone()), original, "{pointer} {value}");
    }
}

#[test]
fn a_prefix_means_its_namespace_and_not_its_letters() {
    let mut event = vector()["epcisBody"]["eventList"][0].clone();
    let fields = event.as_object_mut().unwrap();
    fields.retain(|name, _| !name.starts_with("kervan:"));
    let mut renamed = event.clone();
    event["@context"] = json!({"kervan": "https://id.kervan.example/epcis/"});
    event["kervan:service"] = json!("S020");
    renamed["@context"] = json!([{"k": {"@id": "https://id.kervan.example/epcis/", "@prefix": true}}]);
    renamed["k:service"] = json!("S020");
    assert_eq!(event_hash(&event), event_hash(&renamed));
}

#[test]
fn what_is_no_event_has_no_hash() {
    assert_eq!(event_hash(&json!([])), Err(HashError::NotAnEvent));
    let mut deep = json!({});
    for _ in 0..100 {
        deep = json!({"x:y": deep});
    }
    assert_eq!(event_hash(&deep), Err(HashError::TooDeep));
}

#[test]
fn an_error_declaration_has_the_hash_of_what_it_withdraws() {
    let document = vector();
    let event = &document["epcisBody"]["eventList"][1];
    let declared = report::declaring_error(
        event,
        "2026-12-11T00:00:00Z".parse().unwrap(),
        false,
        &["urn:x:new".to_owned()],
    );
    assert_eq!(event_hash(event), event_hash(&declared));
}

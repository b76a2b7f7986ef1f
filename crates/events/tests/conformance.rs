//! Independent documents: the standard's own examples and the published vectors of the event hash.
//!
//! They are not part of this repository; where the folder is absent the tests say so and the cases of our own stand alone.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use kervan_events::{check_capture, event_hash_in, read_capture};
use kervan_model::{Severity, has_errors};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of independent checks beside the workspace, if it is there.
#[expect(clippy::print_stderr, reason = "whoever runs the tests must see that these were not run")]
fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(name);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("absent: the independent checks `{name}`; only the committed cases were run");
    None
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(json_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "jsonld") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn load(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn events(document: &Value) -> Vec<&Value> {
    let list = ["/epcisBody/eventList", "/epcisBody/queryResults/resultsBody/eventList"];
    match list.iter().find_map(|pointer| document.pointer(pointer)) {
        Some(list) => list.as_array().unwrap().iter().collect(),
        None => vec![document],
    }
}

#[test]
fn every_example_of_the_standard_is_read_without_loss() {
    let Some(folder) = folder("epcis/JSON") else { return };
    let files = json_files(&folder);
    assert!(files.len() >= 40, "only {} examples found", files.len());
    for path in files {
        let document = load(&path);
        let read = read_capture(&document, "2030-01-01T00:00:00Z".parse().unwrap())
            .unwrap_or_else(|findings| panic!("{}: {findings:#?}", path.display()));
        let captured: Vec<&Value> = read.iter().map(|event| &event.json).collect();
        assert_eq!(captured, events(&document), "{}", path.display());
    }
}

#[test]
fn every_mutated_example_is_refused() {
    let Some(folder) = folder("epcis/JSON") else { return };
    let mut refused = 0;
    for path in json_files(&folder) {
        let document = load(&path);
        let list = ["/epcisBody/eventList", "/epcisBody/queryResults/resultsBody/eventList"];
        let pointer = list.into_iter().find(|pointer| document.pointer(pointer).is_some()).unwrap_or("");
        for mutation in MUTATIONS {
            let mut mutated = document.clone();
            let target = match pointer {
                "" => Some(&mut mutated),
                list => mutated.pointer_mut(list).and_then(|list| list.get_mut(0)),
            };
            let Some(event) = target.and_then(Value::as_object_mut) else { continue };
            if !mutation(event) {
                continue;
            }
            assert!(has_errors(&check_capture(&mutated)), "{}\n{mutated:#}", path.display());
            refused += 1;
        }
    }
    assert!(refused > 500, "only {refused} mutations applied");
}

/// Breaks an event; false if it does not apply to it.
type Mutation = fn(&mut serde_json::Map<String, Value>) -> bool;

const MUTATIONS: &[Mutation] = &[
    |event| event.remove("eventTime").is_some(),
    |event| event.remove("eventTimeZoneOffset").is_some(),
    |event| event.remove("type").is_some(),
    |event| event.remove("action").is_some(),
    |event| event.insert("eventTime".into(), "2026-12-01".into()).is_some(),
    |event| event.insert("eventTime".into(), 1_796_112_000.into()).is_some(),
    |event| event.insert("eventTimeZoneOffset".into(), "+6".into()).is_some(),
    |event| event.insert("type".into(), "ObjektEvent".into()).is_some(),
    |event| event.insert("action".into(), "SEEN".into()).is_some(),
    |event| event.insert("bizStep".into(), "departng".into()).is_some(),
    |event| event.insert("disposition".into(), "on_its_way".into()).is_some(),
    |event| event.insert("readPoint".into(), "urn:epc:id:sgln:0614141.07346.1234".into()).is_some(),
    |event| event.insert("bizLocation".into(), serde_json::json!({"id": "no uri"})).is_some(),
    |event| event.insert("epcList".into(), "urn:epc:id:sgtin:0614141.107346.2017".into()).is_some(),
    |event| event.insert("epcList".into(), serde_json::json!(["ABC"])).is_some(),
    |event| event.insert("bizTransactionList".into(), serde_json::json!([{"type": "po"}])).is_some(),
    |event| event.insert("sourceList".into(), serde_json::json!([{"source": "urn:x:y"}])).is_some(),
    |event| event.insert("sensorElementList".into(), serde_json::json!([{"sensorReport": []}])).is_some(),
    |event| event.insert("errorDeclaration".into(), serde_json::json!({})).is_some(),
    |event| event.insert("recordTime".into(), "soon".into()).is_some(),
    |event| {
        event.insert("unknownfield".into(), 1.into());
        // An event of another vocabulary may hold anything.
        event.get("type").and_then(Value::as_str).is_some_and(|word| !word.contains(':'))
    },
];

#[test]
fn every_published_hash_is_reproduced() {
    let Some(folder) = folder("epcis-event-hash") else { return };
    let mut hashes_compared = 0;
    let mut strings_compared = 0;
    for path in json_files(&folder) {
        let document = load(&path);
        let lines = |extension: &str| -> Vec<String> {
            let text = fs::read_to_string(path.with_extension(extension)).unwrap();
            text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        let (prehashes, hashes) = (lines("prehashes"), lines("hashes"));
        let context = document.get("@context").unwrap_or(&Value::Null);
        let events = events(&document);
        assert_eq!(events.len(), hashes.len(), "{}", path.display());
        for ((event, expected_string), expected_hash) in events.iter().zip(&prehashes).zip(&hashes) {
            let (string, hash) = event_hash_in(event, context).unwrap();
            // One published string is garbled and does not have the hash published beside it; its hash is compared alone.
            if &sha256_uri(expected_string) == expected_hash {
                assert_eq!(&string, expected_string, "{}", path.display());
                strings_compared += 1;
            }
            assert_eq!(hash.as_str(), expected_hash, "{}\n{string}", path.display());
            hashes_compared += 1;
        }
    }
    assert!(hashes_compared >= 11 && strings_compared >= 10, "{hashes_compared} and {strings_compared}");
}

fn sha256_uri(text: &str) -> String {
    use sha2::{Digest, Sha256};
    format!("ni:///sha-256;{}?ver=CBV2.0", data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())))
}

#[test]
fn the_examples_give_few_remarks() {
    let Some(folder) = folder("epcis/JSON") else { return };
    for path in json_files(&folder) {
        for finding in check_capture(&load(&path)) {
            assert_eq!(finding.severity, Severity::Info, "{}: {finding:?}", path.display());
        }
    }
}

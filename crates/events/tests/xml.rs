//! EPCIS in XML: the standard's own documents are read, and nothing is lost on the way there and back.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where it fails and says what it skips"
)]

use kervan_events::{Vocabulary, check_capture, event_hash_in, json_of_xml, xml_of_json};
use kervan_model::has_errors;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn conformance(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(folder);
    if !path.is_dir() {
        println!("skipped: {folder} of the conformance files is not here");
        return None;
    }
    Some(path)
}

fn list_files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(list_files(&path, ending)),
            false if path.to_string_lossy().ends_with(ending) => files.push(path),
            false => {}
        }
    }
    files.sort();
    files
}

/// What is the same in both forms: a list of one and its item, and the context's own way of listing prefixes.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.len() == 1 => plain(&items[0]),
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => {
            // XML has no place for the id of a document.
            let document = fields.contains_key("epcisBody");
            let kept = fields.iter().filter(|(name, _)| *name != "@context" && !(document && *name == "id"));
            kept.map(|(name, value)| (name.clone(), plain(value))).collect()
        }
        other => other.clone(),
    }
}

/// The first place where two values differ.
fn difference(path: &str, left: &Value, right: &Value) -> Option<String> {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            names
                .filter_map(|name| {
                    let (a, b) = (a.get(name).unwrap_or(&Value::Null), b.get(name).unwrap_or(&Value::Null));
                    difference(&format!("{path}/{name}"), a, b)
                })
                .next()
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(at, (a, b))| difference(&format!("{path}/{at}"), a, b))
        }
        (a, b) if a == b => None,
        // A standard word comes back bare, in whichever of its forms it was written.
        (Value::String(a), Value::String(b)) if Vocabulary::Component.bare(a) == *b => None,
        (a, b) => Some(format!("{path}: {a} became {b}")),
    }
}

#[test]
fn the_documents_of_the_standard_are_read_and_survive_the_way_there_and_back() {
    let Some(folder) = conformance("epcis/XML") else { return };
    let mut read = 0;
    for file in list_files(&folder, ".xml") {
        let text = std::fs::read_to_string(&file).unwrap();
        if text.contains("EPCISCaptureJob") {
            continue;
        }
        let document =
            json_of_xml(&text).unwrap_or_else(|findings| panic!("{}: {findings:#?}", file.display()));
        let findings = check_capture(&document);
        assert!(!has_errors(&findings), "{}: {findings:#?}", file.display());
        let again = json_of_xml(&xml_of_json(&document).unwrap()).unwrap();
        assert_eq!(difference("", &plain(&document), &plain(&again)), None, "{}", file.display());
        read += 1;
    }
    println!("{read} documents");
    assert!(read >= 25, "{read}");
}

#[test]
fn the_json_examples_survive_the_way_to_xml_and_back() {
    let Some(folder) = conformance("epcis/JSON") else { return };
    for file in list_files(&folder, ".jsonld") {
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        if document["type"] != "EPCISDocument" && document["type"] != "EPCISQueryDocument" {
            continue;
        }
        let xml =
            xml_of_json(&document).unwrap_or_else(|findings| panic!("{}: {findings:#?}", file.display()));
        let again =
            json_of_xml(&xml).unwrap_or_else(|findings| panic!("{}: {findings:#?}\n{xml}", file.display()));
        assert_eq!(difference("", &plain(&document), &plain(&again)), None, "{}", file.display());
    }
}

#[test]
fn events_have_the_same_hash_in_both_forms() {
    let Some(folder) = conformance("epcis-event-hash") else { return };
    for file in list_files(&folder, ".xml") {
        let document = json_of_xml(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let expected = std::fs::read_to_string(file.with_extension("hashes")).unwrap();
        let events = document["epcisBody"]["eventList"].as_array().unwrap();
        let hashes: Vec<String> = events
            .iter()
            .map(|event| event_hash_in(event, &document["@context"]).unwrap().1.as_str().to_owned())
            .collect();
        assert_eq!(hashes, expected.lines().collect::<Vec<_>>(), "{}", file.display());
    }
}

#[test]
fn what_is_written_is_valid_by_the_schema() {
    let Some(folder) = conformance("epcis") else { return };
    if std::process::Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not installed");
        return;
    }
    let target = tempfile::tempdir().unwrap();
    for file in list_files(&folder.join("JSON"), ".jsonld") {
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        if document["type"] != "EPCISDocument" {
            continue;
        }
        let written = target.path().join("document.xml");
        std::fs::write(&written, xml_of_json(&document).unwrap()).unwrap();
        let mut validator = std::process::Command::new("xmllint");
        validator
            .args(["--noout", "--nonet", "--schema"])
            .arg(folder.join("XSD/EPCglobal-epcis-2_0.xsd"))
            .arg(&written);
        let output = validator.output().unwrap();
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "{}: {reason}\n{}",
            file.display(),
            std::fs::read_to_string(&written).unwrap()
        );
    }
}

#[test]
fn version_1_is_read_into_version_2() {
    let xml = r#"<?xml version="1.0"?>
        <epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" xmlns:ex="urn:ex:" schemaVersion="1.2"
            creationDate="2026-12-01T08:00:00Z"><EPCISBody><EventList>
          <ObjectEvent><eventTime>2026-12-01T08:00:00Z</eventTime><eventTimeZoneOffset>+06:00</eventTimeZoneOffset>
            <baseExtension><eventID>urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8</eventID></baseExtension>
            <epcList/><action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:departing</bizStep>
            <extension><quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4012345.012345.998877</epcClass>
              <quantity>+200.50</quantity><uom>KGM</uom></quantityElement></quantityList></extension>
            <ex:note>n</ex:note></ObjectEvent>
          <extension><TransformationEvent><eventTime>2026-12-01T08:00:00Z</eventTime>
            <eventTimeZoneOffset>+06:00</eventTimeZoneOffset>
            <inputEPCList><epc>urn:epc:id:sgtin:4012345.011111.1</epc></inputEPCList>
            <outputEPCList><epc>urn:epc:id:sgtin:4012345.011111.2</epc></outputEPCList></TransformationEvent></extension>
        </EventList></EPCISBody></epcis:EPCISDocument>"#;
    let document = json_of_xml(xml).unwrap();
    assert!(!has_errors(&check_capture(&document)), "{:#?}", check_capture(&document));
    let events = document["epcisBody"]["eventList"].as_array().unwrap();
    assert_eq!(events[0]["bizStep"], "departing");
    assert_eq!(events[0]["eventID"], "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8");
    assert_eq!(events[0]["quantityList"][0]["quantity"], json!(200.5));
    assert_eq!(events[0]["ex:note"], "n");
    assert_eq!(events[1]["type"], "TransformationEvent");
}

#[test]
fn what_is_no_xml_is_told_without_words_of_the_reader() {
    let cases = [
        ("<a><b></a>", "line 1, column 7: `</a>` stands where `</b>` is needed"),
        ("<a>\n <b", "line 2, column 2: the text ends within a tag; `>` is missing"),
        ("<a b=c/>", "line 1, column 1: the value of an attribute is not in quotes"),
        ("<a b='1' b='2'/>", "line 1, column 1: an attribute stands twice"),
        ("<a b='&x;'/>", "line 1, column 1: `&x;` is none of XML's own entities"),
        ("<a><!-- b</a>", "line 1, column 4: the text ends within a comment; `-->` is missing"),
        ("</a>", "line 1, column 1: `</a>` ends an element that was not begun"),
    ];
    for (text, told) in cases {
        let findings = json_of_xml(text).unwrap_err();
        assert_eq!(
            (findings[0].code.as_str(), findings[0].message.as_str()),
            ("events.xml.not-well-formed", told),
            "{text}"
        );
    }
}

#[test]
fn faults_are_placed() {
    let event = |inner: &str| {
        format!(
            "<e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:2' schemaVersion='2.0' creationDate='2026-12-01T08:00:00Z'>\
             <EPCISBody><EventList><ObjectEvent>{inner}</ObjectEvent></EventList></EPCISBody></e:EPCISDocument>"
        )
    };
    let when = "<eventTime>2026-12-01T08:00:00Z</eventTime><eventTimeZoneOffset>+06:00</eventTimeZoneOffset>";
    for (text, code, path) in [
        (event("<eventTime>x"), "events.xml.not-well-formed", ""),
        (event(&format!("{when}<what>1</what>")), "events.xml.unknown-element", "/ObjectEvent[1]/what"),
        (
            event(&format!("{when}<action>ADD</action><epcList/>")),
            "events.xml.order",
            "/ObjectEvent[1]/epcList",
        ),
        (
            event(&format!("{when}<action>ADD</action><action>ADD</action>")),
            "events.xml.twice",
            "/ObjectEvent[1]/action",
        ),
        (event(&format!("{when}<epcList><id>1</id></epcList>")), "events.xml.unknown-element", "/epcList/id"),
        ("<a/>".to_owned(), "events.xml.root", "/a"),
        ("<EPCISDocument xmlns='urn:other'/>".to_owned(), "events.xml.root", "/EPCISDocument"),
    ] {
        let findings = json_of_xml(&text).unwrap_err();
        assert_eq!(findings[0].code, code, "{text}");
        assert!(findings[0].path.clone().unwrap_or_default().ends_with(path), "{findings:?}");
    }
}

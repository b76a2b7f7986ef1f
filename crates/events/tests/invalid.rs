//! Invalid documents one by one: each is refused with the path and the code of what is wrong, and with nothing else.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use kervan_events::{check_capture, json_of_xml, read_each, xml_of_json, xpath_of};
use kervan_model::{Finding, Severity, has_errors};
use serde_json::{Value, json};

fn document() -> Value {
    let at = "2026-12-01T08:00:00Z";
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/x/"}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
        "epcisBody": {"eventList": [
            {"type": "ObjectEvent", "action": "ADD", "eventTime": at, "eventTimeZoneOffset": "+00:00",
             "epcList": ["urn:epc:id:sgtin:4012345.011111.1"], "bizStep": "departing", "disposition": "in_transit",
             "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.1", "quantity": 1, "uom": "KGM"}],
             "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"}, "ilmd": {"ex:grade": "A"},
             "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:1"}],
             "sourceList": [{"type": "location", "source": "urn:x:1"}],
             "persistentDisposition": {"set": ["completeness_verified"]},
             "errorDeclaration": {"declarationTime": at, "reason": "incorrect_data"},
             "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 1, "uom": "CEL"}]}]},
            {"type": "AggregationEvent", "action": "ADD", "eventTime": at, "eventTimeZoneOffset": "+00:00",
             "parentID": "urn:epc:id:sscc:4012345.3111111111", "childEPCs": ["urn:epc:id:sgtin:4012345.011111.1"]},
            {"type": "TransactionEvent", "action": "ADD", "eventTime": at, "eventTimeZoneOffset": "+00:00",
             "bizTransactionList": [{"bizTransaction": "urn:x:1"}], "epcList": ["urn:epc:id:sgtin:4012345.011111.1"]},
            {"type": "TransformationEvent", "eventTime": at, "eventTimeZoneOffset": "+00:00",
             "inputEPCList": ["urn:epc:id:sgtin:4012345.011111.1"], "outputEPCList": ["urn:epc:id:sgtin:4012345.011111.2"]},
            {"type": "AssociationEvent", "action": "ADD", "eventTime": at, "eventTimeZoneOffset": "+00:00",
             "parentID": "urn:epc:id:grai:4012345.55555.987", "childEPCs": ["urn:epc:id:giai:4000001.12345"]},
        ]},
    })
}

/// Pointer to what is changed, the new value (`null` takes it away), path of the finding, its code.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    ("/creationDate", "null", "", "events.missing-field"),
    ("/schemaVersion", r#""two""#, "/schemaVersion", "events.version"),
    ("/creationDate", r#""yesterday""#, "/creationDate", "events.instant"),
    ("/epcisBody", "null", "", "events.missing-field"),
    ("/epcisBody/eventList", "{}", "/epcisBody/eventList", "events.wrong-type"),
    ("/@context", "[1]", "/@context/0", "events.wrong-type"),
    ("/epcisBdy", "{}", "/epcisBdy", "events.unknown-field"),
    ("/epcisBody/eventList/0", r#""event""#, "/epcisBody/eventList/0", "events.wrong-type"),
    ("/epcisBody/eventList/0/type", "null", "/epcisBody/eventList/0", "events.missing-field"),
    ("/epcisBody/eventList/0/type", r#""ObjectEvnt""#, "/epcisBody/eventList/0/type", "events.unknown-type"),
    ("/epcisBody/eventList/0/type", "1", "/epcisBody/eventList/0/type", "events.wrong-type"),
    ("/epcisBody/eventList/0/eventTime", "null", "/epcisBody/eventList/0", "events.missing-field"),
    (
        "/epcisBody/eventList/0/eventTime",
        r#""2026-12-01T08:00:00""#,
        "/epcisBody/eventList/0/eventTime",
        "events.instant",
    ),
    ("/epcisBody/eventList/0/eventTimeZoneOffset", "null", "/epcisBody/eventList/0", "events.missing-field"),
    (
        "/epcisBody/eventList/0/eventTimeZoneOffset",
        r#""+15:00""#,
        "/epcisBody/eventList/0/eventTimeZoneOffset",
        "events.offset",
    ),
    ("/epcisBody/eventList/0/eventID", r#""17""#, "/epcisBody/eventList/0/eventID", "events.uri"),
    ("/epcisBody/eventList/0/action", "null", "/epcisBody/eventList/0", "events.missing-field"),
    ("/epcisBody/eventList/0/action", r#""ADDD""#, "/epcisBody/eventList/0/action", "events.action"),
    ("/epcisBody/eventList/0/action", r#""OBSERVE""#, "/epcisBody/eventList/0/ilmd", "events.ilmd"),
    (
        "/epcisBody/eventList/0/bizStep",
        r#""departng""#,
        "/epcisBody/eventList/0/bizStep",
        "events.unknown-word",
    ),
    (
        "/epcisBody/eventList/0/disposition",
        r#""in-transit""#,
        "/epcisBody/eventList/0/disposition",
        "events.unknown-word",
    ),
    (
        "/epcisBody/eventList/0/bizStp",
        r#""departing""#,
        "/epcisBody/eventList/0/bizStp",
        "events.unknown-field",
    ),
    ("/epcisBody/eventList/0/epcList", r#""urn:x:1""#, "/epcisBody/eventList/0/epcList", "events.wrong-type"),
    ("/epcisBody/eventList/0/epcList/0", "7", "/epcisBody/eventList/0/epcList/0", "events.wrong-type"),
    ("/epcisBody/eventList/0/epcList/0", r#""no uri""#, "/epcisBody/eventList/0/epcList/0", "events.uri"),
    (
        "/epcisBody/eventList/0/epcList/0",
        r#""urn:epc:id:sgtin:4012345.1.1""#,
        "/epcisBody/eventList/0/epcList/0",
        "events.epc",
    ),
    (
        "/epcisBody/eventList/0/epcList/0",
        r#""urn:epc:id:sgtn:4012345.011111.1""#,
        "/epcisBody/eventList/0/epcList/0",
        "events.epc-scheme",
    ),
    (
        "/epcisBody/eventList/0/epcList/0",
        r#""urn:epc:id:bic:CSQU3054384""#,
        "/epcisBody/eventList/0/epcList/0",
        "events.epc",
    ),
    (
        "/epcisBody/eventList/0/epcList",
        r#"["urn:x:1", "urn:x:1"]"#,
        "/epcisBody/eventList/0/epcList/1",
        "events.duplicate",
    ),
    (
        "/epcisBody/eventList/0/quantityList/0/epcClass",
        "null",
        "/epcisBody/eventList/0/quantityList/0",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/quantityList/0/quantity",
        r#""1""#,
        "/epcisBody/eventList/0/quantityList/0/quantity",
        "events.wrong-type",
    ),
    (
        "/epcisBody/eventList/0/quantityList/0/uom",
        r#""kg""#,
        "/epcisBody/eventList/0/quantityList/0/uom",
        "events.unit",
    ),
    (
        "/epcisBody/eventList/0/quantityList/0/weight",
        "1",
        "/epcisBody/eventList/0/quantityList/0/weight",
        "events.unknown-field",
    ),
    (
        "/epcisBody/eventList/0/readPoint",
        r#""urn:x:1""#,
        "/epcisBody/eventList/0/readPoint",
        "events.wrong-type",
    ),
    (
        "/epcisBody/eventList/0/readPoint/id",
        "null",
        "/epcisBody/eventList/0/readPoint",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/ilmd",
        r#"{"grade": "A"}"#,
        "/epcisBody/eventList/0/ilmd/grade",
        "events.unknown-field",
    ),
    (
        "/epcisBody/eventList/0/bizTransactionList/0/type",
        r#""pO""#,
        "/epcisBody/eventList/0/bizTransactionList/0/type",
        "events.unknown-word",
    ),
    (
        "/epcisBody/eventList/0/bizTransactionList/0/bizTransaction",
        "null",
        "/epcisBody/eventList/0/bizTransactionList/0",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/sourceList/0/type",
        "null",
        "/epcisBody/eventList/0/sourceList/0",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/sourceList/0/type",
        r#""owner""#,
        "/epcisBody/eventList/0/sourceList/0/type",
        "events.unknown-word",
    ),
    (
        "/epcisBody/eventList/0/persistentDisposition",
        "{}",
        "/epcisBody/eventList/0/persistentDisposition",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/persistentDisposition/set",
        "[]",
        "/epcisBody/eventList/0/persistentDisposition/set",
        "events.too-few",
    ),
    (
        "/epcisBody/eventList/0/errorDeclaration/declarationTime",
        "null",
        "/epcisBody/eventList/0/errorDeclaration",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/errorDeclaration/reason",
        r#""wrong""#,
        "/epcisBody/eventList/0/errorDeclaration/reason",
        "events.unknown-word",
    ),
    (
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport",
        "[]",
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport",
        "events.too-few",
    ),
    (
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/type",
        "null",
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0",
        "events.missing-field",
    ),
    (
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/value",
        r#""1""#,
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/value",
        "events.wrong-type",
    ),
    (
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/hexBinaryValue",
        r#""xy""#,
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/hexBinaryValue",
        "events.hex",
    ),
    (
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/booleanValue",
        r#""true""#,
        "/epcisBody/eventList/0/sensorElementList/0/sensorReport/0/booleanValue",
        "events.wrong-type",
    ),
    ("/epcisBody/eventList/1/parentID", "null", "/epcisBody/eventList/1", "events.parent-missing"),
    ("/epcisBody/eventList/1/childEPCs", "[]", "/epcisBody/eventList/1", "events.nothing-named"),
    ("/epcisBody/eventList/1/ilmd", "{}", "/epcisBody/eventList/1/ilmd", "events.unknown-field"),
    ("/epcisBody/eventList/2/bizTransactionList", "null", "/epcisBody/eventList/2", "events.missing-field"),
    (
        "/epcisBody/eventList/2/bizTransactionList",
        "[]",
        "/epcisBody/eventList/2/bizTransactionList",
        "events.too-few",
    ),
    ("/epcisBody/eventList/2/epcList", "null", "/epcisBody/eventList/2", "events.nothing-named"),
    ("/epcisBody/eventList/3/outputEPCList", "null", "/epcisBody/eventList/3", "events.nothing-named"),
    ("/epcisBody/eventList/3/action", r#""ADD""#, "/epcisBody/eventList/3/action", "events.unknown-field"),
    (
        "/epcisBody/eventList/3/transformationID",
        r#""17""#,
        "/epcisBody/eventList/3/transformationID",
        "events.uri",
    ),
    ("/epcisBody/eventList/4/parentID", "null", "/epcisBody/eventList/4", "events.missing-field"),
];

fn cases() -> impl Iterator<Item = (&'static str, Value, &'static str, &'static str)> {
    CASES
        .iter()
        .map(|(pointer, value, path, code)| (*pointer, serde_json::from_str(value).unwrap(), *path, *code))
}

fn changed(pointer: &str, value: &Value) -> Value {
    let mut document = document();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(fields) if value.is_null() => drop(fields.remove(name).unwrap()),
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value.clone())),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
        other => unreachable!("{other}"),
    }
    document
}

fn errors(findings: &[Finding]) -> Vec<(&str, &str)> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.path.as_deref().unwrap_or_default(), finding.code.as_str())).collect()
}

#[test]
fn each_fault_is_found_where_it_is_and_the_rest_is_kept() {
    assert!(!has_errors(&check_capture(&document())), "{:#?}", check_capture(&document()));
    let now = "2026-12-01T09:00:00Z".parse().unwrap();
    for (pointer, value, path, code) in cases() {
        let document = changed(pointer, &value);
        let findings = check_capture(&document);
        assert_eq!(errors(&findings), [(path, code)], "{pointer} {value}: {findings:#?}");
        assert!(findings.iter().all(|finding| !finding.message.is_empty() && finding.source.is_some()));
        // A fault of one event keeps the others in; one of the document keeps all of them out.
        let read = read_each(&document, now);
        match path.starts_with("/epcisBody/eventList/") {
            true => assert_eq!(read.unwrap().iter().filter(|event| event.is_ok()).count(), 4, "{pointer}"),
            false => assert!(read.is_err(), "{pointer}"),
        }
    }
}

#[test]
fn each_fault_is_found_in_xml_as_well() {
    let mut found = 0;
    for (pointer, value, path, code) in cases() {
        // What XML cannot even write is found by its reader, below.
        let Ok(xml) = xml_of_json(&changed(pointer, &value)) else { continue };
        let Ok(document) = json_of_xml(&xml) else { continue };
        if let Some(finding) = check_capture(&document).iter().find(|finding| finding.code == code) {
            let path = if finding.path.as_deref() == Some(path) { xpath_of(path) } else { String::new() };
            assert!(path.starts_with("/EPCISDocument"), "{pointer}: {finding:#?}");
            found += 1;
        }
    }
    assert!(found >= 30, "{found} of {} faults", CASES.len());
}

#[test]
fn what_is_no_document_in_xml_is_refused_with_its_place() {
    let valid = xml_of_json(&document()).unwrap();
    assert!(json_of_xml(&valid).is_ok());
    for (from, to, path, code) in [
        ("</epcis:EPCISDocument>", "", None, "events.xml.not-well-formed"),
        ("epcis:EPCISDocument", "epcis:EPCISFile", Some("/EPCISFile"), "events.xml.root"),
        ("urn:epcglobal:epcis:xsd:2", "urn:example:epcis", Some("/EPCISDocument"), "events.xml.root"),
        (" creationDate=\"2026-12-01T08:10:00Z\"", "", Some("/EPCISDocument"), "events.xml.missing"),
        (
            "<bizStep>",
            "<bizStp/><bizStep>",
            Some("/EPCISDocument/EPCISBody/EventList/ObjectEvent[1]/bizStp"),
            "events.xml.unknown-element",
        ),
        (
            "<epc>",
            "<ep/><epc>",
            Some("/EPCISDocument/EPCISBody/EventList/ObjectEvent[1]/epcList/ep"),
            "events.xml.unknown-element",
        ),
        (
            "<action>",
            "<action>ADD</action><action>",
            Some("/EPCISDocument/EPCISBody/EventList/ObjectEvent[1]/action"),
            "events.xml.twice",
        ),
        (
            "<eventTime>",
            "<action>ADD</action><eventTime>",
            Some("/EPCISDocument/EPCISBody/EventList/ObjectEvent[1]/eventTime"),
            "events.xml.order",
        ),
        (
            "<epcis:EPCISDocument",
            "<!DOCTYPE x [<!ENTITY e 'x'>]><epcis:EPCISDocument",
            None,
            "events.xml.not-well-formed",
        ),
        ("<action>ADD", "<action>&e;", None, "events.xml.not-well-formed"),
    ] {
        let broken = valid.replacen(from, to, if from.starts_with("epcis:") { 2 } else { 1 });
        let broken = if from == "epcis:EPCISDocument" { valid.replace(from, to) } else { broken };
        let findings = json_of_xml(&broken).unwrap_err();
        let finding = findings.iter().find(|finding| finding.code == code);
        let finding = finding.unwrap_or_else(|| unreachable!("{from}: {findings:#?}"));
        assert_eq!(finding.path.as_deref(), path, "{from}");
    }
}

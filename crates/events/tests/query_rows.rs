//! The standard's table of parameters, row by row: each has an event that answers and one that does not.
//!
//! Source: EPCIS 2.0, section 8.2.7.1. The rows with fixed names are those of its OpenAPI description, which the test reads
//! where it is here; the rows with flexible names are listed below as the table has them.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "helpers of tests")]

use kervan_events::master_data::{MasterData, list_vocabulary};
use kervan_events::query::{Given, Query, read_query};
use kervan_events::{Event, read_capture};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// Fields of every kind of event that a row may ask for, with a value that answers and one that does not.
const FIXED: &[(&str, &str, &str)] = &[
    ("eventType", "ObjectEvent", "AggregationEvent"),
    ("GE_eventTime", "2026-12-01T08:00:00Z", "2026-12-01T08:00:01Z"),
    ("LT_eventTime", "2026-12-01T08:00:01Z", "2026-12-01T08:00:00Z"),
    ("GE_recordTime", "2026-12-01T09:00:00Z", "2026-12-01T09:00:01Z"),
    ("LT_recordTime", "2026-12-01T09:00:01Z", "2026-12-01T09:00:00Z"),
    ("EQ_action", "ADD", "DELETE"),
    ("EQ_bizStep", "departing", "arriving"),
    ("EQ_disposition", "in_transit", "active"),
    ("EQ_persistentDisposition_set", "completeness_verified", "completeness_inferred"),
    ("EQ_persistentDisposition_unset", "completeness_inferred", "completeness_verified"),
    ("EQ_readPoint", "urn:epc:id:sgln:4012345.00005.122", "urn:epc:id:sgln:4012345.00005.123"),
    ("WD_readPoint", "urn:x:country", "urn:x:gate"),
    ("EQ_bizLocation", "urn:x:yard", "urn:x:dock"),
    ("WD_bizLocation", "urn:x:port", "urn:x:gate"),
    ("EQ_transformationID", "urn:epc:id:gdti:0614141.00001.160", "urn:epc:id:gdti:0614141.00001.161"),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.011111.*", "urn:epc:id:sgtin:4012345.011122.25"),
    ("MATCH_parentID", "urn:epc:id:imovn:9176187", "urn:epc:id:imovn:9176188"),
    ("MATCH_inputEPC", "urn:epc:id:sgtin:4012345.011122.25", "urn:epc:id:sgtin:4012345.077889.25"),
    ("MATCH_outputEPC", "urn:epc:id:sgtin:4012345.077889.25", "urn:epc:id:sgtin:4012345.011122.25"),
    ("MATCH_anyEPC", "urn:epc:id:imovn:9176187", "urn:epc:id:imovn:9176188"),
    (
        "MATCH_epcClass",
        "urn:epc:class:lgtin:4012345.012345.998877",
        "urn:epc:class:lgtin:4012345.011111.4444",
    ),
    ("MATCH_inputEPCClass", "urn:epc:idpat:lgtin:4012345.*.*", "urn:epc:class:lgtin:4012345.012345.998877"),
    (
        "MATCH_outputEPCClass",
        "urn:epc:class:lgtin:4012345.077889.5555",
        "urn:epc:class:lgtin:4012345.011111.4444",
    ),
    (
        "MATCH_anyEPCClass",
        "urn:epc:class:lgtin:4012345.077889.5555",
        "urn:epc:class:lgtin:4012345.077889.5556",
    ),
    ("EQ_quantity", "12", "13"),
    ("GT_quantity", "11.9", "200"),
    ("GE_quantity", "12", "201"),
    ("LT_quantity", "12.1", "9"),
    ("LE_quantity", "12", "8.99"),
    (
        "EQ_eventID",
        "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
        "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a9",
    ),
    ("EXISTS_errorDeclaration", "true", ""),
    ("GE_errorDeclarationTime", "2026-12-01T08:30:00Z", "2026-12-01T08:30:01Z"),
    ("LT_errorDeclarationTime", "2026-12-01T08:30:01Z", "2026-12-01T08:30:00Z"),
    ("EQ_errorReason", "incorrect_data", "did_not_occur"),
    ("EQ_correctiveEventID", "urn:uuid:0a", "urn:uuid:0b"),
    ("GE_startTime", "2026-12-01T06:00:00Z", "2026-12-01T06:00:01Z"),
    ("LT_startTime", "2026-12-01T06:00:01Z", "2026-12-01T06:00:00Z"),
    ("GE_endTime", "2026-12-01T07:00:00Z", "2026-12-01T07:00:01Z"),
    ("LT_endTime", "2026-12-01T07:00:01Z", "2026-12-01T07:00:00Z"),
    ("EQ_type", "Temperature", "Speed"),
    ("EQ_deviceID", "urn:epc:id:giai:4000001.111", "urn:epc:id:giai:4000001.112"),
    ("EQ_dataProcessingMethod", "https://example.com/method", "https://example.com/other"),
    ("EQ_microorganism", "https://example.com/e-coli", "https://example.com/other"),
    ("EQ_chemicalSubstance", "https://example.com/ethylene", "https://example.com/other"),
    ("EQ_bizRules", "https://example.com/rules", "https://example.com/other"),
    ("EQ_stringValue", "open", "shut"),
    ("EQ_hexBinaryValue", "f0f0", "f0f1"),
    ("EQ_uriValue", "https://example.com/value", "https://example.com/other"),
    ("EQ_booleanValue", "true", "false"),
];

/// Rows that say how an answer is ordered or cut, and ask nothing of an event.
const OF_THE_ANSWER: &[&str] = &["orderBy", "orderDirection", "eventCountLimit", "maxEventCount"];

/// Rows with a type or an attribute in their names.
const TYPED: &[(&str, &str, &str, &str)] = &[
    ("EQ_bizTransaction_type", "EQ_bizTransaction_po", "urn:x:po-1", "urn:x:po-2"),
    (
        "EQ_source_type",
        "EQ_source_owning_party",
        "urn:epc:id:pgln:4012345.00225",
        "urn:epc:id:pgln:4012345.00226",
    ),
    ("EQ_destination_type", "EQ_destination_location", "urn:x:port", "urn:x:yard"),
    ("EQ_fieldname (text)", "EQ_https://ns.example.com/x/#text", "ATLAS|OTHER", "OTHER"),
    ("HASATTR_fieldname", "HASATTR_bizLocation", "urn:epcglobal:cbv:mda#city|urn:x:none", "urn:x:none"),
    ("EQATTR_fieldname_attrname", "EQATTR_bizLocation_urn:epcglobal:cbv:mda#city", "Altynkol", "Aktau"),
];

/// Parts of an event whose fields are asked for by name, each at its top and inside.
const PARTS: &[&str] =
    &["", "ILMD_", "ERROR_DECLARATION_", "SENSORELEMENT_", "SENSORMETADATA_", "SENSORREPORT_"];
const COMPARISONS: &[(&str, &str, &str)] = &[
    ("EQ_", "12", "13"),
    ("GT_", "11", "12"),
    ("GE_", "12", "13"),
    ("LT_", "13", "12"),
    ("LE_", "12", "11"),
];

/// Values of a sensor that compare in any unit of their quantity.
const MEASURED: &[&str] = &["value", "minValue", "maxValue", "meanValue", "percValue"];

fn events() -> Vec<Event> {
    let extension = || json!({"ex:inner": {"ex:deep": 12}});
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/x/"}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
        "epcisBody": {"eventList": [
            {
                "type": "ObjectEvent", "action": "ADD", "bizStep": "departing", "disposition": "in_transit",
                "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
                "eventTime": "2026-12-01T08:00:00Z", "eventTimeZoneOffset": "+00:00",
                "persistentDisposition": {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
                "epcList": ["https://id.gs1.org/01/04012345111118/21/9876"],
                "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 12}],
                "readPoint": {"id": "https://id.gs1.org/414/4012345000054/254/122"},
                "bizLocation": {"id": "urn:x:yard"},
                "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:po-1"}],
                "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
                "destinationList": [{"type": "location", "destination": "urn:x:port"}],
                "errorDeclaration": {"declarationTime": "2026-12-01T08:30:00Z", "reason": "incorrect_data",
                    "correctiveEventIDs": ["urn:uuid:0a"], "ex:n": 12, "ex:outer": extension()},
                "ilmd": {"ex:n": 12, "ex:outer": extension()},
                "sensorElementList": [{
                    "sensorMetadata": {"startTime": "2026-12-01T06:00:00Z", "endTime": "2026-12-01T07:00:00Z",
                        "deviceID": "urn:epc:id:giai:4000001.111", "dataProcessingMethod": "https://example.com/method",
                        "bizRules": "https://example.com/rules", "ex:n": 12, "ex:outer": extension()},
                    "sensorReport": [{"type": "Temperature", "value": 12, "minValue": 12, "maxValue": 12, "meanValue": 12,
                        "sDev": 12, "percRank": 12, "percValue": 12, "uom": "CEL", "stringValue": "open",
                        "booleanValue": true, "hexBinaryValue": "f0f0", "uriValue": "https://example.com/value",
                        "microorganism": "https://example.com/e-coli",
                        "chemicalSubstance": "https://example.com/ethylene", "ex:n": 12, "ex:outer": extension()}],
                    "ex:n": 12, "ex:outer": extension(),
                }],
                "ex:n": 12, "ex:text": "ATLAS", "ex:outer": extension(),
            },
            {
                "type": "TransformationEvent", "eventTime": "2026-12-01T08:00:00Z", "eventTimeZoneOffset": "+00:00",
                "transformationID": "urn:epc:id:gdti:0614141.00001.160",
                "inputEPCList": ["urn:epc:id:sgtin:4012345.011122.25"],
                "outputEPCList": ["urn:epc:id:sgtin:4012345.077889.25"],
                "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 200}],
                "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.077889.5555", "quantity": 9}],
            },
            {
                "type": "TransactionEvent", "action": "ADD", "eventTime": "2026-12-01T08:00:00Z",
                "eventTimeZoneOffset": "+00:00", "parentID": "urn:epc:id:imovn:9176187",
                "bizTransactionList": [{"bizTransaction": "urn:x:1"}], "epcList": ["urn:epc:id:bic:CSQU3054383"],
            },
        ]},
    });
    let now = "2026-12-01T09:00:00Z".parse().unwrap();
    read_capture(&document, now).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn master_data() -> MasterData {
    let vocabulary = |kind: &str, elements: Value| json!({"type": kind, "vocabularyElementList": elements});
    let document = json!({"epcisHeader": {"epcisMasterData": {"vocabularyList": [
        vocabulary("urn:epcglobal:epcis:vtype:BusinessLocation", json!([
            {"id": "urn:x:port", "children": ["urn:x:dock", "urn:x:yard"]},
            {"id": "urn:x:yard", "attributes": [{"id": "urn:epcglobal:cbv:mda#city", "attribute": "Altynkol"}]},
        ])),
        vocabulary("urn:epcglobal:epcis:vtype:ReadPoint", json!([
            {"id": "urn:x:country", "children": ["https://id.gs1.org/414/4012345000054"]},
            {"id": "urn:epc:id:sgln:4012345.00005.0", "children": ["urn:epc:id:sgln:4012345.00005.122"]},
        ])),
    ]}}});
    let mut data = MasterData::default();
    list_vocabulary(&document).unwrap().into_iter().for_each(|element| data.add(element));
    data
}

fn ask(name: &str, value: &str) -> Query {
    let query = read_query(&[Given::text(name, value)]);
    query.unwrap_or_else(|findings| panic!("{name}={value}: {findings:#?}")).with_master_data(&master_data())
}

/// The rows with flexible names, each with a parameter, a value that answers and one that does not.
fn flexible() -> Vec<(String, String, String, String)> {
    let own = |texts: [&str; 4]| {
        let [row, name, yes, no] = texts.map(str::to_owned);
        (row, name, yes, no)
    };
    let mut rows: Vec<_> = TYPED.iter().map(|(row, name, yes, no)| own([row, name, yes, no])).collect();
    for part in PARTS {
        for (inner, field) in [("", "ex:n"), ("INNER_", "ex:deep")] {
            for (comparison, yes, no) in COMPARISONS {
                let row = format!("{comparison}{inner}{part}fieldname");
                rows.push((
                    row,
                    format!("{comparison}{inner}{part}{field}"),
                    (*yes).to_owned(),
                    (*no).to_owned(),
                ));
            }
            let name = format!("EXISTS_{inner}{part}{field}");
            rows.push((format!("EXISTS_{inner}{part}fieldname"), name, String::new(), String::new()));
        }
    }
    for (comparison, yes, no) in COMPARISONS {
        for field in MEASURED {
            // Asked in kelvin of what was measured in degrees Celsius.
            let kelvin = |celsius: &str| (celsius.parse::<f64>().unwrap() + 273.15).to_string();
            let name = format!("{comparison}{field}_KEL");
            rows.push((format!("{comparison}{field}_uom"), name, kelvin(yes), kelvin(no)));
        }
        rows.push(own([&format!("{comparison}sDev_uom"), &format!("{comparison}sDev_CEL"), yes, no]));
        rows.push(own([&format!("{comparison}percRank"), &format!("{comparison}percRank"), yes, no]));
    }
    rows
}

#[test]
fn every_row_has_an_event_that_answers_and_one_that_does_not() {
    let events = events();
    let answers = |name: &str, value: &str| {
        let query = ask(name, value);
        events.iter().filter(|event| query.matches(event)).count()
    };
    let mut covered = BTreeSet::new();
    for (name, yes, no) in FIXED {
        assert!(answers(name, yes) > 0, "nothing answers {name}={yes}");
        if *name == "EXISTS_errorDeclaration" {
            assert!(answers(name, yes) < events.len(), "everything answers {name}={yes}");
        } else {
            assert_eq!(answers(name, no), 0, "something answers {name}={no}");
        }
        covered.insert((*name).to_owned());
    }
    for (row, name, yes, no) in flexible() {
        assert_eq!(answers(&name, &yes), 1, "{row}: {name}={yes}");
        match row.starts_with("EXISTS_") {
            true => assert_eq!(
                answers(&name.replace("ex:n", "ex:m").replace("ex:deep", "ex:shallow"), ""),
                0,
                "{row}"
            ),
            false => assert_eq!(answers(&name, &no), 0, "{row}: {name}={no}"),
        }
        assert!(covered.insert(row.clone()), "{row} stands twice");
    }
    // 49 with fixed names that ask something of events; 6 of types and attributes; five comparisons and EXISTS at the top
    // and inside of six parts; five comparisons of seven values of sensors.
    assert_eq!(covered.len(), 49 + 6 + 6 * 12 + 5 * 7);
}

#[test]
fn the_fixed_names_are_those_of_the_standard() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/epcis/openapi.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("absent: the OpenAPI description of EPCIS 2.0; its names were not compared");
        return;
    };
    // The parameters of queries are components whose key is their name.
    let rows: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("- $ref: ")?
                .trim_matches(['"', '\''])
                .strip_prefix("#/components/parameters/")
        })
        .filter(|name| {
            name.contains('_')
                || ["eventType", "orderBy", "orderDirection", "eventCountLimit", "maxEventCount"]
                    .contains(name)
        })
        .collect();
    let known: BTreeSet<&str> =
        FIXED.iter().map(|(name, ..)| *name).chain(OF_THE_ANSWER.iter().copied()).collect();
    assert_eq!(rows.len(), 53);
    assert_eq!(known, rows);
}

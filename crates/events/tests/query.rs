//! Every parameter of SimpleEventQuery against events that answer it and events that do not.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use kervan_events::query::{Given, read_query};
use kervan_events::{Event, read_capture};
use serde_json::{Value, json};

fn read(mut event: Value) -> Event {
    let fields = event.as_object_mut().unwrap();
    fields.entry("eventTime").or_insert_with(|| "2026-12-01T08:00:00Z".into());
    fields.entry("eventTimeZoneOffset").or_insert_with(|| "+00:00".into());
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/x/"}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
        "epcisBody": {"eventList": [event]},
    });
    let now = "2026-12-01T09:00:00Z".parse().unwrap();
    read_capture(&document, now).unwrap_or_else(|findings| panic!("{findings:#?}")).remove(0)
}

fn object() -> Event {
    read(json!({
        "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departing", "disposition": "in_transit",
        "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
        "persistentDisposition": {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
        "epcList": ["https://id.gs1.org/01/04012345111118/21/9876", "urn:epc:id:bic:CSQU3054383"],
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200, "uom": "KGM"}],
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.122"},
        "bizLocation": {"id": "https://id.kervan.example/place/KZAAU"},
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"}],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        "destinationList": [{"type": "location", "destination": "https://id.kervan.example/place/AZALT"}],
        "sensorElementList": [{
            "sensorMetadata": {"startTime": "2026-12-01T06:00:00Z", "endTime": "2026-12-01T07:00:00Z",
                "deviceID": "urn:epc:id:giai:4000001.111", "bizRules": "https://example.com/rules"},
            "sensorReport": [
                {"type": "Temperature", "minValue": 2.0, "maxValue": 9.5, "meanValue": 5.0, "sDev": 1.0, "uom": "CEL"},
                {"type": "Temperature", "value": 50.0, "uom": "FAH"},
                {"type": "RelativeHumidity", "percRank": 50, "percValue": 12.7, "uom": "A93"},
                {"type": "Count", "stringValue": "open", "booleanValue": true, "ex:probe": "north"},
            ],
        }],
        "ex:seal": "ATLAS-7",
        "ex:count": 12,
        "ex:door": {"ex:leaf": {"ex:angle": 30}, "side": "left"},
    }))
}

fn transformation() -> Event {
    read(json!({
        "type": "TransformationEvent", "bizStep": "commissioning",
        "transformationID": "urn:epc:id:gdti:0614141.00001.160",
        "inputEPCList": ["urn:epc:id:sgtin:4012345.011122.25"],
        "outputEPCList": ["urn:epc:id:sgtin:4012345.077889.25"],
        "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 10, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.077889.5555", "quantity": 9}],
        "ilmd": {"ex:grade": "A"},
        "errorDeclaration": {"declarationTime": "2026-12-01T08:30:00Z", "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:0a"], "ex:by": "auditor"},
    }))
}

fn aggregation() -> Event {
    read(json!({
        "type": "AggregationEvent", "action": "ADD", "bizStep": "urn:epcglobal:cbv:bizstep:loading",
        "parentID": "urn:epc:id:imovn:9176187", "childEPCs": ["urn:epc:id:sscc:4012345.3111111111"],
        "eventTime": "2026-12-02T08:00:00Z",
    }))
}

/// A parameter, and which of the three events answer it.
type Case = (&'static str, &'static str, [bool; 3]);

const OBJECT: [bool; 3] = [true, false, false];
const TRANSFORMATION: [bool; 3] = [false, true, false];
const AGGREGATION: [bool; 3] = [false, false, true];
const NONE: [bool; 3] = [false, false, false];

const CASES: &[Case] = &[
    ("eventType", "ObjectEvent|AggregationEvent", [true, false, true]),
    ("GE_eventTime", "2026-12-02T08:00:00Z", AGGREGATION),
    ("LT_eventTime", "2026-12-02T11:00:00.000+03:00", [true, true, false]),
    ("GE_recordTime", "2026-12-01T09:00:00Z", [true, true, true]),
    ("LT_recordTime", "2026-12-01T09:00:00Z", NONE),
    ("EQ_action", "ADD", AGGREGATION),
    ("EQ_bizStep", "departing", OBJECT),
    ("EQ_bizStep", "https://ref.gs1.org/cbv/BizStep-loading", AGGREGATION),
    ("EQ_disposition", "in_transit", OBJECT),
    ("EQ_persistentDisposition_set", "completeness_verified", OBJECT),
    ("EQ_persistentDisposition_unset", "completeness_verified", NONE),
    ("EQ_persistentDisposition_unset", "completeness_inferred", OBJECT),
    ("EQ_readPoint", "https://id.gs1.org/414/4012345000054/254/122", OBJECT),
    ("EQ_readPoint", "https://id.gs1.org/414/4012345000054", NONE),
    ("WD_readPoint", "https://id.gs1.org/414/4012345000054", OBJECT),
    ("EQ_bizLocation", "https://id.kervan.example/place/KZAAU", OBJECT),
    ("WD_bizLocation", "https://id.kervan.example/place", OBJECT),
    ("EQ_transformationID", "urn:epc:id:gdti:0614141.00001.160", TRANSFORMATION),
    ("MATCH_epc", "urn:epc:id:sgtin:4012345.011111.9876", OBJECT),
    ("MATCH_epc", "urn:epc:id:sscc:4012345.3111111111", AGGREGATION),
    ("MATCH_epc", "urn:epc:id:sgtin:4012345.011122.25", NONE),
    ("MATCH_parentID", "urn:epc:id:imovn:9176187", AGGREGATION),
    ("MATCH_inputEPC", "urn:epc:idpat:sgtin:4012345.011122.*", TRANSFORMATION),
    ("MATCH_outputEPC", "https://id.gs1.org/01/04012345778896/21/25", NONE),
    ("MATCH_outputEPC", "urn:epc:id:sgtin:4012345.077889.25", TRANSFORMATION),
    ("MATCH_anyEPC", "urn:epc:idpat:sgtin:4012345.*.*", [true, true, false]),
    ("MATCH_anyEPC", "urn:epc:id:imovn:9176187|urn:epc:id:bic:CSQU3054383", [true, false, true]),
    ("MATCH_epcClass", "https://id.gs1.org/01/04012345123456/10/998877", OBJECT),
    ("MATCH_inputEPCClass", "urn:epc:idpat:lgtin:4012345.*.*", TRANSFORMATION),
    ("MATCH_outputEPCClass", "urn:epc:class:lgtin:4012345.077889.5555", TRANSFORMATION),
    ("MATCH_anyEPCClass", "urn:epc:class:lgtin:4012345.011111.4444", TRANSFORMATION),
    ("EQ_quantity", "200", OBJECT),
    ("GT_quantity", "9", [true, true, false]),
    ("GE_quantity", "200.0", OBJECT),
    ("LT_quantity", "10", TRANSFORMATION),
    ("LE_quantity", "8.99", NONE),
    ("EQ_bizTransaction_po", "urn:epc:id:gdti:0614141.00001.1618034", OBJECT),
    ("EQ_bizTransaction_inv", "urn:epc:id:gdti:0614141.00001.1618034", NONE),
    ("EQ_source_owning_party", "https://id.gs1.org/417/4012345002256", OBJECT),
    ("EQ_source_owning_party", "urn:epc:id:pgln:4012345.00226", NONE),
    ("EQ_source_owning_party", "urn:epc:id:pgln:4012345.00225", OBJECT),
    ("EQ_destination_location", "https://id.kervan.example/place/AZALT", OBJECT),
    ("EQ_eventID", "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8", OBJECT),
    ("EXISTS_errorDeclaration", "true", TRANSFORMATION),
    ("EXISTS_errorDeclaration", "false", [true, true, true]),
    ("GE_errorDeclarationTime", "2026-12-01T08:30:00Z", TRANSFORMATION),
    ("LT_errorDeclarationTime", "2026-12-01T08:30:00Z", NONE),
    ("EQ_errorReason", "incorrect_data", TRANSFORMATION),
    ("EQ_correctiveEventID", "urn:uuid:0a", TRANSFORMATION),
    ("GE_startTime", "2026-12-01T06:00:00Z", OBJECT),
    ("LT_startTime", "2026-12-01T06:00:00Z", NONE),
    ("GE_endTime", "2026-12-01T07:00:00Z", OBJECT),
    ("LT_endTime", "2026-12-01T07:00:01Z", OBJECT),
    ("EQ_type", "Temperature", OBJECT),
    ("EQ_type", "gs1:Speed", NONE),
    ("EQ_deviceID", "urn:epc:id:giai:4000001.111", OBJECT),
    ("EQ_bizRules", "https://example.com/rules", OBJECT),
    ("EQ_stringValue", "open", OBJECT),
    ("EQ_booleanValue", "true", OBJECT),
    ("EQ_booleanValue", "false", NONE),
    ("EQ_value_CEL", "10", OBJECT),
    ("GT_value_CEL", "10", NONE),
    ("GE_value_KEL", "283.15", OBJECT),
    ("GT_maxValue_FAH", "49", OBJECT),
    ("LT_minValue_CEL", "2.5", OBJECT),
    ("LE_meanValue_CEL", "5", OBJECT),
    ("EQ_sDev_FAH", "1.8", OBJECT),
    ("EQ_percRank", "50", OBJECT),
    ("GE_percValue_GP", "12700", OBJECT),
    ("GE_value_KGM", "0", NONE),
    ("EQ_ex:seal", "ATLAS-7|OTHER", OBJECT),
    ("EQ_https://ns.example.com/x/#seal", "ATLAS-7", OBJECT),
    ("EQ_https://ns.example.com/x/seal", "ATLAS-8", NONE),
    ("GE_ex:count", "12", OBJECT),
    ("LT_ex:count", "12", NONE),
    ("EXISTS_ex:door", "", OBJECT),
    ("EXISTS_ex:angle", "", NONE),
    ("EXISTS_INNER_ex:angle", "", OBJECT),
    ("GT_INNER_ex:angle", "29.5", OBJECT),
    ("HASATTR_ex:door", "side", OBJECT),
    ("EQATTR_ex:door_side", "left", OBJECT),
    ("EQATTR_ex:door_side", "right", NONE),
    ("EQ_ILMD_ex:grade", "A", TRANSFORMATION),
    ("EXISTS_ILMD_ex:grade", "", TRANSFORMATION),
    ("EQ_ERROR_DECLARATION_ex:by", "auditor", TRANSFORMATION),
    ("EQ_SENSORREPORT_ex:probe", "north", OBJECT),
    ("EXISTS_SENSORMETADATA_deviceID", "", OBJECT),
];

#[test]
fn every_parameter_means_what_the_standard_says() {
    let events = [object(), transformation(), aggregation()];
    for (name, value, expected) in CASES {
        let query = read_query(&[Given::text(name, value)])
            .unwrap_or_else(|findings| panic!("{name}={value}: {findings:#?}"));
        let answered = [0, 1, 2].map(|index: usize| query.matches(&events[index]));
        assert_eq!(answered, *expected, "{name}={value}");
    }
    // All conditions of a query must hold.
    for (left, right) in CASES.iter().zip(CASES.iter().skip(7)).filter(|(left, right)| left.0 != right.0) {
        let query = read_query(&[Given::text(left.0, left.1), Given::text(right.0, right.1)]).unwrap();
        for (index, event) in events.iter().enumerate() {
            assert_eq!(query.matches(event), left.2[index] && right.2[index], "{left:?} {right:?}");
        }
    }
}

#[test]
fn what_is_not_understood_is_refused_by_its_name() {
    for (name, value, remedy) in [
        ("EQ_bizStp", "departing", Some("write `EQ_bizStep`")),
        ("EQ_bizStep", "departng", Some("write `departing`")),
        ("EQ_disposition", "in-transit", Some("write `in_transit`")),
        ("EQ_bizTransaction_pO", "urn:x:y", Some("write `EQ_bizTransaction_po`")),
        ("eventtype", "ObjectEvent", Some("write `eventType`")),
        ("eventType", "ObjectEvnt", None),
        ("EQ_action", "LOOK", None),
        ("GE_eventTime", "yesterday", None),
        ("EQ_quantity", "many", None),
        ("EXISTS_errorDeclaration", "perhaps", None),
        ("MATCH_epc", "urn:epc:idpat:sgtin:4*.1.1", None),
        ("GE_value", "3", None),
        ("GE_value_NOUNIT", "3", None),
        ("orderBy", "size", None),
        ("orderDirection", "UP", None),
        ("maxEventCount", "0", None),
        ("eventCountLimit", "5", None),
        ("EQ_seal", "x", None),
        ("", "", None),
    ] {
        let findings = read_query(&[Given::text(name, value)]).unwrap_err();
        assert_eq!(findings[0].code, "events.query-parameter");
        assert_eq!(findings[0].path, Some(format!("/{name}")), "{name}={value}");
        if remedy.is_some() {
            assert_eq!(findings[0].remedy.as_deref(), remedy, "{name}={value}");
        }
    }
    let both = [("maxEventCount", "5"), ("eventCountLimit", "5"), ("orderBy", "eventTime")];
    assert!(read_query(&both.map(|(name, value)| Given::text(name, value))).is_err());
    let twice = [Given::text("EQ_action", "ADD"), Given::text("EQ_action", "DELETE")];
    assert!(read_query(&twice).is_err());
}

#[test]
fn events_are_ordered_by_times_and_by_extension_fields() {
    let events = [object(), transformation(), aggregation()];
    for (by, direction, expected) in [
        ("eventTime", "ASC", vec![0, 1, 2]),
        ("eventTime", "DESC", vec![2, 1, 0]),
        ("ex:count", "DESC", vec![0, 2, 1]),
    ] {
        let query =
            read_query(&[Given::text("orderBy", by), Given::text("orderDirection", direction)]).unwrap();
        let mut order: Vec<usize> = vec![0, 1, 2];
        order.sort_by(|a, b| query.compare((*a as u64, &events[*a]), (*b as u64, &events[*b])));
        assert_eq!(order, expected, "{by} {direction}");
    }
}

//! Captures that are right, and one fault at a time in those that are not.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::Timestamp;
use kervan_events::limits::MOST_EVENTS;
use kervan_events::{EventType, check_capture, read_capture, read_each};
use kervan_model::{Finding, Severity};
use serde_json::{Value, json};

fn now() -> Timestamp {
    "2026-12-10T00:00:00Z".parse().unwrap()
}

fn document(events: Value) -> Value {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"kervan": "https://id.kervan.example/epcis/"}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-09T10:10:00Z",
        "epcisBody": {"eventList": events},
    })
}

fn object_event() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departing", "disposition": "in_transit",
        "eventTime": "2026-12-09T15:00:00.123+05:00", "eventTimeZoneOffset": "+05:00",
        "epcList": ["urn:epc:id:bic:CSQU3054383"], "readPoint": {"id": "https://id.kervan.example/place/KZAAU"},
        "kervan:service": {"anything": [1, {"goes": null}]},
    })
}

fn aggregation_event() -> Value {
    json!({
        "type": "AggregationEvent", "action": "ADD", "bizStep": "loading", "parentID": "urn:epc:id:imovn:9176187",
        "eventTime": "2026-12-09T10:05:00Z", "eventTimeZoneOffset": "+05:00", "childEPCs": ["urn:epc:id:bic:CSQU3054383"],
    })
}

/// Sets or, with null, removes the field at a pointer.
fn with(mut event: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(fields), Value::Null) => drop(fields.remove(name)),
        (Value::Object(fields), value) => drop(fields.insert(name.to_owned(), value)),
        (Value::Array(items), value) => items[name.parse::<usize>().unwrap()] = value,
        _ => unreachable!("no such place"),
    }
    event
}

/// Path inside the event, code and remedy of every finding.
fn faults(event: Value) -> Vec<(String, String, Option<String>)> {
    let found = check_capture(&document(json!([event])));
    let inside = |finding: &Finding| {
        let path = finding.path.as_deref().unwrap_or_default();
        path.strip_prefix("/epcisBody/eventList/0").unwrap_or("outside").to_owned()
    };
    found.iter().map(|finding| (inside(finding), finding.code.clone(), finding.remedy.clone())).collect()
}

/// One fault each: kind of event, pointer, the value set there (null removes the field), where the finding is, its code.
const FAULTS: &str = r#"
object | /eventTime | null |  | events.missing-field
object | /eventTime | "2026-12-09T15:00:00" | /eventTime | events.instant
object | /eventTime | 5 | /eventTime | events.wrong-type
object | /recordTime | "now" | /recordTime | events.instant
object | /eventTimeZoneOffset | "+5:00" | /eventTimeZoneOffset | events.offset
object | /action | "observe" | /action | events.action
object | /bizStep | "departng" | /bizStep | events.unknown-word
object | /bizStep | "urn:epcglobal:cbv:bizstep:departed" | /bizStep | events.unknown-word
object | /bizStep | "https://ref.gs1.org/cbv/Disp-in_transit" | /bizStep | events.unknown-word
object | /disposition | "in transit" | /disposition | events.unknown-word
object | /bizstep | "departing" | /bizstep | events.unknown-field
object | /epcList | "urn:epc:id:bic:CSQU3054383" | /epcList | events.wrong-type
object | /epcList | [7] | /epcList/0 | events.wrong-type
object | /epcList | ["CSQU3054383"] | /epcList/0 | events.uri
object | /epcList | ["urn:a:b", "urn:a:b"] | /epcList/1 | events.duplicate
object | /epcList/0 | "urn:epc:id:bic:CSQU3054384" | /epcList/0 | events.epc
object | /epcList/0 | "urn:epc:id:sgtin:4012345.11111.9876" | /epcList/0 | events.epc
object | /epcList/0 | "urn:epc:id:sgtn:4012345.011111.9" | /epcList/0 | events.epc-scheme
object | /epcList | null |  | events.nothing-named
object | /epcList | [] |  | events.nothing-named
object | /readPoint | "https://id.kervan.example/place/KZAAU" | /readPoint | events.wrong-type
object | /readPoint | {} | /readPoint | events.missing-field
object | /ilmd | {"kervan:lot": "1"} | /ilmd | events.ilmd
object | /quantityList | [{"epcClass": "urn:a:b", "quantity": "5"}] | /quantityList/0/quantity | events.wrong-type
object | /quantityList | [{"epcClass": "urn:a:b", "uom": "kg"}] | /quantityList/0/uom | events.unit
object | /bizTransactionList | [{"type": "bill"}] | /bizTransactionList/0 | events.missing-field
object | /destinationList | [{"destination": "urn:a:b"}] | /destinationList/0 | events.missing-field
object | /persistentDisposition | {} | /persistentDisposition | events.missing-field
object | /persistentDisposition | {"set": []} | /persistentDisposition/set | events.too-few
object | /errorDeclaration | {"reason": "did_not_occur"} | /errorDeclaration | events.missing-field
object | /certificationInfo | ["no uri"] | /certificationInfo/0 | events.uri
object | /sensorElementList | [{"sensorReport": [{"value": 1}]}] | /sensorElementList/0/sensorReport/0 | events.missing-field
object | /sensorElementList | [{"sensorReport": [{"type": "Temprature"}]}] | /sensorElementList/0/sensorReport/0/type | events.unknown-word
object | /sensorElementList | [{"sensorReport": [{"type": "Angle", "hexBinaryValue": "0x"}]}] | /sensorElementList/0/sensorReport/0/hexBinaryValue | events.hex
object | /sensorElementList | [{"sensorReport": []}] | /sensorElementList/0/sensorReport | events.too-few
object | /type | "ObjectEvnt" | /type | events.unknown-type
object | /type | null |  | events.missing-field
aggregation | /parentID | null |  | events.parent-missing
aggregation | /childEPCs | null |  | events.nothing-named
aggregation | /epcList | ["urn:a:b"] | /epcList | events.unknown-field
"#;

#[test]
fn one_fault_gives_one_finding_at_its_place() {
    for row in FAULTS.lines().filter(|row| !row.is_empty()) {
        let [kind, pointer, value, path, code] = row.split(" | ").map(str::trim).collect::<Vec<_>>()[..]
        else {
            unreachable!("five columns: {row}")
        };
        let event = if kind == "object" { object_event() } else { aggregation_event() };
        let found = faults(with(event, pointer, serde_json::from_str(value).unwrap()));
        let at: Vec<(&str, &str)> =
            found.iter().map(|(path, code, _)| (path.as_str(), code.as_str())).collect();
        // What is missing in one field may be wrong in the one beside it as well.
        assert!(
            at.contains(&(path, code)) && (at.len() == 1 || code == "events.missing-field"),
            "{row}: {at:?}"
        );
    }
}

#[test]
fn typos_get_a_proposal() {
    for (pointer, value, remedy) in [
        ("/bizStep", "departng", "write `departing`"),
        ("/disposition", "In Transit", "write `in_transit`"),
        ("/action", "observed", "write `OBSERVE`"),
        ("/type", "ObjectEvnt", "write `ObjectEvent`"),
        ("/bizstep", "departing", "write `bizStep`"),
        ("/readpoint", "x", "write `readPoint`"),
    ] {
        let found = faults(with(object_event(), pointer, json!(value)));
        assert_eq!(found[0].2.as_deref(), Some(remedy), "{pointer} {value}");
    }
}

#[test]
fn every_fault_is_reported_at_once() {
    let mut event = object_event();
    for (pointer, value) in
        [("/eventTime", json!("x")), ("/action", json!(1)), ("/bizStep", json!("x")), ("/epcList", json!({}))]
    {
        event = with(event, pointer, value);
    }
    assert!(faults(event).len() >= 4);
    let findings =
        read_capture(&json!({"type": "EPCISDocument", "epcisBody": {"eventList": [{}, 5]}}), now())
            .unwrap_err();
    let paths: Vec<&str> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(paths, ["", "", "", "/epcisBody/eventList/0", "/epcisBody/eventList/1"]);
}

#[test]
fn rarer_right_events_pass() {
    for event in [
        with(aggregation_event(), "/childEPCs", json!(null))
            .pipe(|event| with(event, "/action", json!("DELETE"))),
        with(aggregation_event(), "/parentID", json!(null))
            .pipe(|event| with(event, "/action", json!("OBSERVE"))),
        with(object_event(), "/bizStep", json!("https://id.kervan.example/step/releasing")),
        with(object_event(), "/eventTime", json!("2026-12-09T15:00:00.123456789012+05:00")),
        with(object_event(), "/type", json!("https://example.com/OtherEvent")),
        with(object_event(), "/readPoint", json!({"id": "geo:43.6,51.2", "kervan:gate": 7})),
    ] {
        assert_eq!(faults(event.clone()), [], "{event:#}");
    }
    let other = with(object_event(), "/type", json!("https://example.com/OtherEvent"));
    let read = read_capture(&document(json!([other])), now()).unwrap();
    assert_eq!(read[0].event_type, EventType::Extended("https://example.com/OtherEvent".into()));
}

trait Pipe: Sized {
    fn pipe<T>(self, then: impl FnOnce(Self) -> T) -> T {
        then(self)
    }
}
impl Pipe for Value {}

#[test]
fn other_forms_of_a_word_pass_with_a_remark() {
    for word in ["urn:epcglobal:cbv:bizstep:departing", "https://ref.gs1.org/cbv/BizStep-departing"] {
        let read =
            read_capture(&document(json!([with(object_event(), "/bizStep", json!(word))])), now()).unwrap();
        assert_eq!(read[0].biz_step.as_deref(), Some("departing"));
        assert_eq!(
            (read[0].findings[0].severity, read[0].findings[0].code.as_str()),
            (Severity::Info, "events.word-form")
        );
        assert_eq!(read[0].json["bizStep"], word);
    }
}

#[test]
fn an_event_or_a_list_alone_needs_its_context() {
    let alone = with(object_event(), "/@context", json!(["https://example.com/context"]));
    assert_eq!(read_capture(&alone, now()).unwrap().len(), 1);
    assert_eq!(read_capture(&json!([alone, alone]), now()).unwrap().len(), 2);
    let findings = read_capture(&json!([alone, object_event()]), now()).unwrap_err();
    assert_eq!((findings.len(), findings[0].path.as_deref()), (1, Some("/1")));
    for other in [json!(null), json!("x"), json!({}), json!(7)] {
        assert!(read_capture(&other, now()).is_err(), "{other}");
    }
    assert_eq!(read_capture(&json!([]), now()).unwrap().len(), 0);
}

#[test]
fn the_right_part_of_a_capture_can_be_kept() {
    let wrong = with(object_event(), "/action", json!("SEEN"));
    let outcomes = read_each(&document(json!([object_event(), wrong, aggregation_event()])), now()).unwrap();
    let kept: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(kept, [true, false, true]);
    assert_eq!(outcomes[1].as_ref().unwrap_err()[0].path.as_deref(), Some("/epcisBody/eventList/1/action"));
    assert!(read_each(&json!({"type": "EPCISDocument"}), now()).is_err());
}

#[test]
fn a_clock_ahead_is_marked_and_kept() {
    let event = with(object_event(), "/eventTime", json!("2026-12-10T00:06:00Z"));
    let read = read_capture(&document(json!([event])), now()).unwrap();
    assert!(read[0].is_clock_ahead());
    assert!(!read_capture(&document(json!([object_event()])), now()).unwrap()[0].is_clock_ahead());
}

#[test]
fn limits_are_kept() {
    let many: Vec<Value> = (0..=MOST_EVENTS).map(|_| json!({})).collect();
    let findings = check_capture(&document(many.into()));
    assert_eq!((findings.len(), findings[0].code.as_str()), (1, "events.too-many"));
    let mut deep = json!("bottom");
    for _ in 0..80 {
        deep = json!([deep]);
    }
    assert_eq!(faults(with(object_event(), "/kervan:deep", deep))[0].1, "events.too-deep");
}

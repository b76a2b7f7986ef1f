//! From a document, a list or a single event to checked events.

use super::checker::{Checker, Step};
use super::extract::{Identity, extract};
use super::fields::check_object;
use super::shapes::{self, Field, Others};
use super::{rules, syntax};
use crate::hash::{Namespaces, depth};
use crate::limits::{MOST_EVENTS, MOST_LEVELS};
use crate::{Event, EventType};
use jiff::Timestamp;
use kervan_model::{Finding, has_errors};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Reads a capture as a whole: an `EPCISDocument`, an `EPCISQueryDocument`, one event, or a list of events.
///
/// Errors: all findings of the document, errors and remarks, if any of them is an error; nothing is taken then. Remarks on an
/// event that is taken stand in [`Event::findings`].
///
/// ```
/// let capture = serde_json::json!({
///     "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
///     "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-12-01T08:10:00Z",
///     "epcisBody": {"eventList": [{
///         "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departng",
///         "eventTime": "2026-12-01T14:00:00+06:00", "eventTimeZoneOffset": "+06:00",
///         "epcList": ["urn:epc:id:bic:CSQU3054383"],
///     }]},
/// });
/// let now = "2026-12-01T08:10:00Z".parse().unwrap();
/// let findings = kervan_events::read_capture(&capture, now).unwrap_err();
/// assert_eq!(findings[0].path.as_deref(), Some("/epcisBody/eventList/0/bizStep"));
/// assert_eq!(findings[0].remedy.as_deref(), Some("write `departing`"));
/// ```
pub fn read_capture(document: &Value, record_time: Timestamp) -> Result<Vec<Event>, Vec<Finding>> {
    let (findings, events) = walk(document, Some(record_time));
    let mut all = findings;
    for event in &events {
        match event {
            Ok(event) => all.extend(event.findings.iter().cloned()),
            Err(findings) => all.extend(findings.iter().cloned()),
        }
    }
    if has_errors(&all) { Err(all) } else { Ok(events.into_iter().filter_map(Result::ok).collect()) }
}

/// Reads a capture event by event, so that the right ones can be kept (`captureErrorBehaviour` *proceed*).
///
/// Errors: the findings of the document itself, if it cannot be walked; else the findings of each event that is refused.
pub fn read_each(
    document: &Value,
    record_time: Timestamp,
) -> Result<Vec<Result<Event, Vec<Finding>>>, Vec<Finding>> {
    let (findings, events) = walk(document, Some(record_time));
    if has_errors(&findings) { Err(findings) } else { Ok(events) }
}

/// All findings of a document, without reading it: errors and remarks, in the order of the document.
pub fn check_capture(document: &Value) -> Vec<Finding> {
    let (mut findings, events) = walk(document, None);
    for event in events {
        match event {
            Ok(event) => findings.extend(event.findings),
            Err(more) => findings.extend(more),
        }
    }
    findings
}

type Outcome = Result<Event, Vec<Finding>>;

/// Findings of the document around the events, and what became of each event.
fn walk(document: &Value, record_time: Option<Timestamp>) -> (Vec<Finding>, Vec<Outcome>) {
    let mut checker = Checker::default();
    let outcomes = match document {
        Value::Array(events) => read_events(&mut checker, Some(&[]), events, &Value::Null, record_time),
        Value::Object(fields) => match fields.get("type").and_then(Value::as_str) {
            Some("EPCISDocument" | "EPCISQueryDocument") => read_document(&mut checker, fields, record_time),
            _ => read_events(&mut checker, None, std::slice::from_ref(document), &Value::Null, record_time),
        },
        other => {
            checker.wrong_type(other, "an EPCIS document, an event or a list of events");
            Vec::new()
        }
    };
    (checker.into_findings(), outcomes)
}

fn read_document<'a>(
    checker: &mut Checker<'a>,
    document: &'a Map<String, Value>,
    record_time: Option<Timestamp>,
) -> Vec<Outcome> {
    let query = document.get("type").and_then(Value::as_str) == Some("EPCISQueryDocument");
    let (table, path): (&'static [Field], &'static [&'static str]) = match query {
        true => (shapes::QUERY_DOCUMENT, &["epcisBody", "queryResults", "resultsBody", "eventList"]),
        false => (shapes::CAPTURE_DOCUMENT, &["epcisBody", "eventList"]),
    };
    check_object(checker, document, &[shapes::DOCUMENT, table], Others::Uris);
    let mut place: Option<&'a Value> = None;
    for name in path {
        place = match place {
            None => document.get(*name),
            Some(value) => value.get(*name),
        };
        if place.is_none() {
            return Vec::new();
        }
    }
    let context = document.get("@context").unwrap_or(&Value::Null);
    match place.and_then(Value::as_array) {
        Some(events) => read_events(checker, Some(path), events, context, record_time),
        None => Vec::new(),
    }
}

/// Reads the events of the list that lies at `path` of the document, or the document itself as one event.
fn read_events<'a>(
    checker: &mut Checker<'a>,
    path: Option<&[&'static str]>,
    events: &'a [Value],
    context: &'a Value,
    record_time: Option<Timestamp>,
) -> Vec<Outcome> {
    if events.len() > MOST_EVENTS {
        let message = format!("a capture may hold {MOST_EVENTS} events and this one holds {}", events.len());
        checker.error_with("events.too-many", message, "send it in several captures");
        return Vec::new();
    }
    let namespaces = Namespaces::of(context);
    let shared = Arc::new(context.clone());
    let outcome = |(index, event): (usize, &'a Value)| {
        let mut checker = Checker::beneath(path.unwrap_or_default(), path.map(|_| index));
        let read = read_event(&mut checker, event, context, &namespaces, &shared, record_time);
        let errors = checker.errors() > 0;
        let findings = checker.into_findings();
        match read {
            Some(mut event) if !errors => {
                event.findings = findings;
                Ok(event)
            }
            _ => Err(findings),
        }
    };
    events.iter().enumerate().map(outcome).collect()
}

fn read_event<'a>(
    checker: &mut Checker<'a>,
    event: &'a Value,
    context: &Value,
    namespaces: &Namespaces,
    shared: &Arc<Value>,
    record_time: Option<Timestamp>,
) -> Option<Event> {
    let Some(fields) = event.as_object() else {
        checker.wrong_type(event, "an event");
        return None;
    };
    if depth(event) > MOST_LEVELS {
        checker.error("events.too-deep", format!("an event may be nested {MOST_LEVELS} levels deep"));
        return None;
    }
    let event_type = check_type(checker, fields)?;
    if context.is_null() && !fields.contains_key("@context") {
        checker.error(
            "events.missing-field",
            "`@context` is missing; an event outside a document needs its own",
        );
    }
    check_fields(checker, &event_type, fields);
    rules::check_event(checker, &event_type, fields);
    if checker.errors() > 0 {
        return None;
    }
    let own = fields.get("@context").map(|own| {
        let mut namespaces = Namespaces::of(context);
        namespaces.add(own);
        namespaces
    });
    let record_time = record_time.unwrap_or(Timestamp::MAX);
    extract(
        checker,
        event,
        fields,
        event_type,
        Identity::Computed(own.as_ref().unwrap_or(namespaces)),
        shared,
        record_time,
    )
}

/// The type of an event, or a finding that proposes the right one.
fn check_type<'a>(checker: &mut Checker<'a>, fields: &'a Map<String, Value>) -> Option<EventType> {
    const TYPES: &[&str] =
        &["ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"];
    match fields.get("type") {
        None => {
            checker.error("events.missing-field", "`type` is missing");
            None
        }
        Some(Value::String(text)) => match EventType::of_word(text) {
            EventType::Extended(text) if !syntax::is_uri(&text) => {
                checker.within(Step::Field("type"), |c| {
                    let message = format!("`{}` is no type of event", super::checker::shown(&text));
                    let remedy = match crate::vocabulary::nearest_of(TYPES, &text) {
                        Some(near) => format!("write `{near}`"),
                        None => format!("use one of {}, or the URI of a type of your own", TYPES.join(", ")),
                    };
                    c.error_with("events.unknown-type", message, remedy);
                });
                None
            }
            known => Some(known),
        },
        Some(other) => {
            checker.within(Step::Field("type"), |c| c.wrong_type(other, "a text"));
            None
        }
    }
}

fn check_fields<'a>(checker: &mut Checker<'a>, event_type: &EventType, fields: &'a Map<String, Value>) {
    let (own, others): (&'static [Field], Others) = match event_type {
        EventType::Object => (shapes::OBJECT_EVENT, Others::Uris),
        EventType::Aggregation => (shapes::AGGREGATION_EVENT, Others::Uris),
        EventType::Transaction => (shapes::TRANSACTION_EVENT, Others::Uris),
        EventType::Transformation => (shapes::TRANSFORMATION_EVENT, Others::Uris),
        EventType::Association => (shapes::ASSOCIATION_EVENT, Others::Uris),
        EventType::Extended(_) => return check_object(checker, fields, &[shapes::EVENT], Others::Any),
    };
    check_object(checker, fields, &[shapes::EVENT, shapes::BUSINESS, own], others);
}

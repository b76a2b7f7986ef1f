//! The canonical pre-hash string: fields in a fixed order, lists sorted, extensions by their full names.

use super::Namespaces;
use super::value::{canonical, canonical_instant, text_of};
use crate::vocabulary::Vocabulary;
use serde_json::{Map, Value};

/// One field in its place.
struct Element {
    name: &'static str,
    holds: Holds,
}

/// What a field holds, for the string.
enum Holds {
    Value,
    Instant,
    Word(Vocabulary),
    Fields(&'static [Element]),
    /// A list whose items have a name of their own in the string.
    List(&'static str, &'static Holds),
}

const fn value(name: &'static str) -> Element {
    Element { name, holds: Holds::Value }
}

const fn instant(name: &'static str) -> Element {
    Element { name, holds: Holds::Instant }
}

const fn word(name: &'static str, vocabulary: Vocabulary) -> Element {
    Element { name, holds: Holds::Word(vocabulary) }
}

const fn list(name: &'static str, item: &'static str, holds: &'static Holds) -> Element {
    Element { name, holds: Holds::List(item, holds) }
}

static EPC: Holds = Holds::Value;
static QUANTITY: Holds = Holds::Fields(&[value("epcClass"), value("quantity"), value("uom")]);
static PLACE: &[Element] = &[value("id")];
static PERSISTENT: &[Element] =
    &[word("set", Vocabulary::Disposition), word("unset", Vocabulary::Disposition)];
static SENSOR: Holds = Holds::Fields(&[
    Element { name: "sensorMetadata", holds: Holds::Fields(METADATA) },
    Element { name: "sensorReport", holds: Holds::Fields(REPORT) },
]);
static METADATA: &[Element] = &[
    instant("time"),
    instant("startTime"),
    instant("endTime"),
    value("deviceID"),
    value("deviceMetadata"),
    value("rawData"),
    value("dataProcessingMethod"),
    value("bizRules"),
];
static REPORT: &[Element] = &[
    word("type", Vocabulary::MeasurementType),
    word("exception", Vocabulary::SensorAlertType),
    value("deviceID"),
    value("deviceMetadata"),
    value("rawData"),
    value("dataProcessingMethod"),
    instant("time"),
    value("microorganism"),
    value("chemicalSubstance"),
    value("value"),
    word("component", Vocabulary::Component),
    value("stringValue"),
    value("booleanValue"),
    value("hexBinaryValue"),
    value("uriValue"),
    value("minValue"),
    value("maxValue"),
    value("meanValue"),
    value("sDev"),
    value("percRank"),
    value("percValue"),
    value("uom"),
    value("coordinateReferenceSystem"),
];

/// The fields of an event in the order of the standard. Business transactions, sources, destinations and master data come
/// behind them, by name, together with the extensions.
static EVENT: &[Element] = &[
    instant("eventTime"),
    value("eventTimeZoneOffset"),
    value("certificationInfo"),
    list("epcList", "epc", &EPC),
    value("parentID"),
    list("inputEPCList", "epc", &EPC),
    list("childEPCs", "epc", &EPC),
    list("quantityList", "quantityElement", &QUANTITY),
    list("childQuantityList", "quantityElement", &QUANTITY),
    list("inputQuantityList", "quantityElement", &QUANTITY),
    list("outputEPCList", "epc", &EPC),
    list("outputQuantityList", "quantityElement", &QUANTITY),
    value("action"),
    value("transformationID"),
    word("bizStep", Vocabulary::BizStep),
    word("disposition", Vocabulary::Disposition),
    Element { name: "persistentDisposition", holds: Holds::Fields(PERSISTENT) },
    Element { name: "readPoint", holds: Holds::Fields(PLACE) },
    Element { name: "bizLocation", holds: Holds::Fields(PLACE) },
    list("sensorElementList", "sensorElement", &SENSOR),
];

/// Fields that take no part, because they say something of the capture and not of the event.
const LEFT_OUT: &[&str] = &["@context", "type", "recordTime", "eventID", "errorDeclaration"];

/// Remarks for people that no program reads, and the value that an element with attributes has itself.
const COMMENTS: &[&str] = &["rdfs:comment", "comment", "#text"];

fn is_left_out(name: &str) -> bool {
    LEFT_OUT.contains(&name) || COMMENTS.contains(&name)
}

/// The canonical string of an event.
pub(super) fn canonical_string(event: &Map<String, Value>, namespaces: &Namespaces) -> String {
    let mut out = String::from("eventType=");
    out.push_str(event.get("type").and_then(Value::as_str).unwrap_or_default());
    write_fields(&mut out, event, EVENT, namespaces);
    let mut others: Vec<String> = Vec::new();
    for (name, content) in event {
        if is_left_out(name) || EVENT.iter().any(|element| element.name == name) {
            continue;
        }
        let tied = match name.as_str() {
            "bizTransactionList" => Some(("bizTransaction", Vocabulary::BizTransactionType)),
            "sourceList" => Some(("source", Vocabulary::SourceDestinationType)),
            "destinationList" => Some(("destination", Vocabulary::SourceDestinationType)),
            _ => None,
        };
        match tied {
            Some((key, vocabulary)) => {
                others.push(name.clone() + &typed_list(content, key, vocabulary, namespaces))
            }
            None => extension(name, content, namespaces, &mut others),
        }
    }
    others.sort_unstable();
    out.extend(others);
    out
}

/// Writes the fields of an object in the given order; its extensions follow, sorted.
fn write_fields(out: &mut String, object: &Map<String, Value>, order: &[Element], namespaces: &Namespaces) {
    for element in order {
        let Some(content) = object.get(element.name) else { continue };
        match &element.holds {
            Holds::List(item, holds) => {
                let start = out.len();
                out.push_str(element.name);
                let before = out.len();
                write_items(out, item, holds, content, namespaces);
                if out.len() == before {
                    out.truncate(start);
                }
            }
            holds => write_items(out, element.name, holds, content, namespaces),
        }
    }
    if object.contains_key("eventTime") {
        // The extensions of the event itself stand behind everything, among the other fields without a place.
        return;
    }
    let mut extensions = Vec::new();
    for (name, content) in object.iter().filter(|(name, _)| name.contains(':') && !is_left_out(name)) {
        extension(name, content, namespaces, &mut extensions);
    }
    extensions.sort_unstable();
    out.extend(extensions);
}

/// Writes one field: one entry for each item if it is a list, sorted; empty ones are left out.
fn write_items(out: &mut String, name: &str, holds: &Holds, content: &Value, namespaces: &Namespaces) {
    let Some(items) = content.as_array() else { return write_item(out, name, holds, content, namespaces) };
    let mut entries: Vec<String> = items
        .iter()
        .map(|item| {
            let mut entry = String::new();
            write_item(&mut entry, name, holds, item, namespaces);
            entry
        })
        .collect();
    entries.sort_unstable();
    out.extend(entries);
}

fn write_item(out: &mut String, name: &str, holds: &Holds, item: &Value, namespaces: &Namespaces) {
    let start = out.len();
    out.push_str(name);
    let before = out.len();
    match (holds, text_of(item, namespaces)) {
        (Holds::Fields(order), _) => {
            if let Some(object) = item.as_object() {
                write_fields(out, object, order, namespaces);
            }
        }
        (Holds::List(item_name, holds), _) => write_items(out, item_name, holds, item, namespaces),
        (_, None) => {}
        (Holds::Value, Some(text)) => write_assigned(out, &canonical(&text)),
        (Holds::Instant, Some(text)) => write_assigned(out, &canonical_instant(&text)),
        (Holds::Word(vocabulary), Some(text)) => write_assigned(out, &canonical_word(&text, *vocabulary)),
    }
    if out.len() == before {
        out.truncate(start);
    }
}

fn write_assigned(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push('=');
        out.push_str(text);
    }
}

/// The Web URI of a standard word, the canonical spelling of any other text.
fn canonical_word(text: &str, vocabulary: Vocabulary) -> String {
    let uri = vocabulary.web_uri(text.trim());
    canonical(&uri).into_owned()
}

/// A list of ids with types: type and id of each, sorted.
fn typed_list(content: &Value, key: &str, vocabulary: Vocabulary, namespaces: &Namespaces) -> String {
    let one = |item: &Map<String, Value>| {
        let mut entry = String::new();
        if let Some(kind) = item.get("type").and_then(|value| text_of(value, namespaces)) {
            entry.push_str("type");
            write_assigned(&mut entry, &canonical_word(&kind, vocabulary));
        }
        if let Some(id) = item.get(key).and_then(|value| text_of(value, namespaces)) {
            entry.push_str(key);
            write_assigned(&mut entry, &canonical(&id));
        }
        entry
    };
    let mut items: Vec<String> =
        content.as_array().into_iter().flatten().filter_map(Value::as_object).map(one).collect();
    items.sort_unstable();
    items.concat()
}

/// The name of an element or attribute without the mark by which JSON tells attributes apart; keywords of JSON-LD stay.
fn element_name(name: &str) -> std::borrow::Cow<'_, str> {
    const KEYWORDS: &[&str] = &["@type", "@id", "@value", "@language", "@list", "@set"];
    let marked = name.rsplit(':').next().unwrap_or(name).starts_with('@');
    if marked && !KEYWORDS.contains(&name) { name.replacen('@', "", 1).into() } else { name.into() }
}

/// An extension element with everything below it; each item of a list is an element of its own.
fn extension(name: &str, content: &Value, namespaces: &Namespaces, out: &mut Vec<String>) {
    let one = std::slice::from_ref(content);
    for item in content.as_array().map_or(one, Vec::as_slice) {
        let mut entry = namespaces.name(&element_name(name)).into_owned();
        write_extension_content(&mut entry, item, namespaces);
        out.push(entry);
    }
}

fn write_extension_content(out: &mut String, content: &Value, namespaces: &Namespaces) {
    let mut parts = Vec::new();
    match content {
        Value::Object(fields) => {
            if let Some(own) = fields.get("#text").and_then(|value| text_of(value, namespaces)) {
                write_assigned(out, &canonical(&own));
            }
            for (name, field) in fields.iter().filter(|(name, _)| !COMMENTS.contains(&name.as_str())) {
                extension(name, field, namespaces, &mut parts);
            }
        }
        Value::Array(items) => {
            for item in items {
                let mut part = String::new();
                write_extension_content(&mut part, item, namespaces);
                parts.push(part);
            }
        }
        plain => {
            if let Some(text) = text_of(plain, namespaces) {
                write_assigned(out, &canonical(&text));
            }
        }
    }
    parts.sort_unstable();
    out.extend(parts);
}

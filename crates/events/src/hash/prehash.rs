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
const LEFT_OUT: &[&str] =
    &["@context", "type", "recordTime", "eventID", "errorDeclaration", "rdfs:comment", "comment", "#text"];

/// The canonical string of an event.
pub(super) fn canonical_string(event: &Map<String, Value>, namespaces: &Namespaces) -> String {
    let mut out = String::from("eventType=");
    out.push_str(event.get("type").and_then(Value::as_str).unwrap_or_default());
    out.push_str(&fields(event, EVENT, namespaces));
    let mut others: Vec<String> = Vec::new();
    for (name, content) in event {
        if LEFT_OUT.contains(&name.as_str()) || EVENT.iter().any(|element| element.name == name) {
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

/// The fields of an object in the given order; its extensions follow, sorted.
fn fields(object: &Map<String, Value>, order: &[Element], namespaces: &Namespaces) -> String {
    let mut out = String::new();
    for element in order {
        let Some(content) = object.get(element.name) else { continue };
        match &element.holds {
            Holds::List(item, holds) => {
                let items = entries(item, holds, content, namespaces);
                if !items.is_empty() {
                    out.push_str(element.name);
                    out.extend(items);
                }
            }
            holds => out.extend(entries(element.name, holds, content, namespaces)),
        }
    }
    if !object.contains_key("eventTime") {
        let mut extensions = Vec::new();
        for (name, content) in
            object.iter().filter(|(name, _)| name.contains(':') && !LEFT_OUT.contains(&name.as_str()))
        {
            extension(name, content, namespaces, &mut extensions);
        }
        extensions.sort_unstable();
        out.extend(extensions);
    }
    out
}

/// The strings of one field, one for each item if it is a list, sorted; empty ones are left out.
fn entries(name: &str, holds: &Holds, content: &Value, namespaces: &Namespaces) -> Vec<String> {
    let one = std::slice::from_ref(content);
    let items = content.as_array().map_or(one, Vec::as_slice);
    let mut entries: Vec<String> = items
        .iter()
        .filter_map(|item| {
            let text = match holds {
                Holds::Fields(order) => fields(item.as_object()?, order, namespaces),
                Holds::Value => assigned(&canonical(&text_of(item, namespaces)?)),
                Holds::Instant => assigned(&canonical_instant(&text_of(item, namespaces)?)),
                Holds::Word(vocabulary) => {
                    assigned(&canonical(&vocabulary.web_uri(&text_of(item, namespaces)?)))
                }
                Holds::List(item_name, holds) => entries(item_name, holds, item, namespaces).concat(),
            };
            (!text.is_empty()).then(|| format!("{name}{text}"))
        })
        .collect();
    entries.sort_unstable();
    entries
}

fn assigned(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("={text}") }
}

/// A list of ids with types: type and id of each, sorted.
fn typed_list(content: &Value, key: &str, vocabulary: Vocabulary, namespaces: &Namespaces) -> String {
    let mut items: Vec<String> = content
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|item| {
            let part = |name: &str| item.get(name).and_then(|value| text_of(value, namespaces));
            let kind =
                part("type").map(|text| format!("type={}", canonical(&vocabulary.web_uri(text.trim()))));
            let id = part(key).map(|text| format!("{key}={}", canonical(&text)));
            kind.unwrap_or_default() + &id.unwrap_or_default()
        })
        .collect();
    items.sort_unstable();
    items.concat()
}

/// An extension element with everything below it; each item of a list is an element of its own.
fn extension(name: &str, content: &Value, namespaces: &Namespaces, out: &mut Vec<String>) {
    let full_name = namespaces.name(name);
    match content {
        Value::Array(items) => {
            for item in items {
                out.push(format!("{full_name}{}", extension_content(item, namespaces)));
            }
        }
        other => out.push(format!("{full_name}{}", extension_content(other, namespaces))),
    }
}

fn extension_content(content: &Value, namespaces: &Namespaces) -> String {
    let below = |parts: Vec<String>| {
        let mut parts = parts;
        parts.sort_unstable();
        parts.concat()
    };
    match content {
        Value::Object(fields) => {
            let own = fields.get("#text").and_then(|value| text_of(value, namespaces));
            let mut parts = Vec::new();
            for (name, field) in fields
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "#text" | "rdfs:comment" | "comment"))
            {
                extension(name, field, namespaces, &mut parts);
            }
            own.map(|text| assigned(&canonical(&text))).unwrap_or_default() + &below(parts)
        }
        Value::Array(items) => below(items.iter().map(|item| extension_content(item, namespaces)).collect()),
        plain => text_of(plain, namespaces).map(|text| assigned(&canonical(&text))).unwrap_or_default(),
    }
}

//! The fields of an event, from XML.

use super::forms::{Form, INSTANCE, REPORT_NUMBERS};
use super::read::{Reading, number};
use super::tree::Element;
use crate::vocabulary::Vocabulary;
use serde_json::{Map, Value};

/// Reads one field of an event into its JSON form.
pub(super) fn add_field(
    reading: &mut Reading,
    fields: &mut Map<String, Value>,
    path: &str,
    element: &Element,
    name: &str,
    form: Form,
) {
    let value = match form {
        Form::Text => leaf(reading, path, element),
        Form::Word(vocabulary) => word(vocabulary, element, &leaf(reading, path, element)),
        Form::Texts => {
            let text = leaf(reading, path, element);
            return match fields.get_mut(name) {
                None => drop(fields.insert(name.to_owned(), text)),
                Some(Value::Array(texts)) => texts.push(text),
                Some(first) => *first = Value::Array(vec![first.take(), text]),
            };
        }
        Form::Items(item) => Value::Array(items(reading, path, element, item)),
        Form::Quantities => Value::Array(quantities(reading, path, element)),
        Form::Typed(item, vocabulary) => Value::Array(typed(reading, path, element, item, vocabulary)),
        Form::Place => place(reading, path, element),
        Form::Disposition => dispositions(reading, path, element),
        Form::Declaration => declaration(reading, path, element),
        Form::Sensors => Value::Array(sensors(reading, path, element)),
        Form::Extensions => Value::Object(reading.children(element)),
    };
    if fields.insert(name.to_owned(), value).is_some() {
        let message = format!("`{name}` stands here twice");
        reading.error(path, "twice", message, "keep one of the two");
    }
}

/// The text of an element that has nothing else in it.
fn leaf(reading: &mut Reading, path: &str, element: &Element) -> Value {
    if let Some(child) = element.children.first() {
        let place = format!("{path}/{}", child.local);
        reading.unknown(&place);
    }
    element.text.clone().into()
}

/// The bare word, if it is one of the vocabulary in any of its forms.
fn word(vocabulary: Vocabulary, element: &Element, text: &Value) -> Value {
    let text = text.as_str().unwrap_or_default();
    let full = element.scope.iter().filter(|(prefix, _)| !prefix.is_empty()).find_map(|(prefix, uri)| {
        let local = text.strip_prefix(prefix.as_str())?.strip_prefix(':')?;
        Some(format!("{uri}{local}"))
    });
    let bare =
        |text: &str| Some(vocabulary.bare(text)).filter(|word| vocabulary.words().contains(&word.as_str()));
    bare(text).or_else(|| bare(full.as_deref()?)).unwrap_or_else(|| text.to_owned()).into()
}

/// The elements of a list that may hold only elements of one name.
fn members<'e>(
    reading: &mut Reading,
    path: &str,
    list: &'e Element,
    item: &str,
) -> Vec<(String, &'e Element)> {
    let mut members = Vec::new();
    for (index, child) in list.children.iter().enumerate() {
        if child.local == item {
            members.push((format!("{path}/{item}[{}]", index + 1), child));
        } else {
            reading.unknown(&format!("{path}/{}", child.local));
        }
    }
    members
}

fn items(reading: &mut Reading, path: &str, list: &Element, item: &str) -> Vec<Value> {
    let members = members(reading, path, list, item);
    members.into_iter().map(|(place, child)| leaf(reading, &place, child)).collect()
}

fn quantities(reading: &mut Reading, path: &str, list: &Element) -> Vec<Value> {
    let mut quantities = Vec::new();
    for (place, element) in members(reading, path, list, "quantityElement") {
        let mut fields = Map::new();
        for child in &element.children {
            let at = format!("{place}/{}", child.local);
            let text = leaf(reading, &at, child);
            let value = match child.local.as_str() {
                "epcClass" | "uom" => text,
                "quantity" if child.text.is_empty() && is_nil(child) => continue,
                "quantity" => number(&child.text).unwrap_or(text),
                _ => {
                    reading.unknown(&at);
                    continue;
                }
            };
            fields.insert(child.local.clone(), value);
        }
        quantities.push(Value::Object(fields));
    }
    quantities
}

/// Whether an element says that it has no value.
fn is_nil(element: &Element) -> bool {
    let nil = |(prefix, local, value): &(String, String, String)| {
        local == "nil"
            && matches!(value.as_str(), "true" | "1")
            && element.scope.get(prefix).is_some_and(|uri| uri == INSTANCE)
    };
    element.attributes.iter().any(nil)
}

fn typed(
    reading: &mut Reading,
    path: &str,
    list: &Element,
    item: &str,
    vocabulary: Vocabulary,
) -> Vec<Value> {
    let mut values = Vec::new();
    for (place, element) in members(reading, path, list, item) {
        let mut fields = Map::new();
        if let Some(kind) = element.attribute("type") {
            fields.insert("type".to_owned(), word(vocabulary, element, &kind.into()));
        }
        fields.insert(item.to_owned(), leaf(reading, &place, element));
        values.push(Value::Object(fields));
    }
    values
}

fn place(reading: &mut Reading, path: &str, element: &Element) -> Value {
    let mut fields = Map::new();
    reading.add_attributes(element, &mut fields, true);
    for child in &element.children {
        match (child.local.as_str(), child.namespace.is_some()) {
            ("id", false) => {
                drop(fields.insert("id".to_owned(), leaf(reading, &format!("{path}/id"), child)))
            }
            ("extension", false) => fields.extend(reading.children(child)),
            (_, true) => reading.add_extension(&mut fields, child),
            (other, false) => reading.unknown(&format!("{path}/{other}")),
        }
    }
    Value::Object(fields)
}

fn dispositions(reading: &mut Reading, path: &str, element: &Element) -> Value {
    let (mut set, mut unset) = (Vec::new(), Vec::new());
    for child in &element.children {
        let place = format!("{path}/{}", child.local);
        let text = leaf(reading, &place, child);
        let value = word(Vocabulary::Disposition, child, &text);
        match child.local.as_str() {
            "set" => set.push(value),
            "unset" => unset.push(value),
            _ => reading.unknown(&place),
        }
    }
    let lists = [("set", set), ("unset", unset)].into_iter().filter(|(_, list)| !list.is_empty());
    Value::Object(lists.map(|(name, list)| (name.to_owned(), Value::Array(list))).collect())
}

fn declaration(reading: &mut Reading, path: &str, element: &Element) -> Value {
    let mut fields = Map::new();
    reading.add_attributes(element, &mut fields, true);
    for child in &element.children {
        let place = format!("{path}/{}", child.local);
        let value = match (child.local.as_str(), child.namespace.is_some()) {
            ("declarationTime", false) => leaf(reading, &place, child),
            ("reason", false) => word(Vocabulary::ErrorReason, child, &leaf(reading, &place, child)),
            ("correctiveEventIDs", false) => Value::Array(items(reading, &place, child, "correctiveEventID")),
            ("extension", false) => {
                fields.extend(reading.children(child));
                continue;
            }
            (_, true) => {
                reading.add_extension(&mut fields, child);
                continue;
            }
            (_, false) => {
                reading.unknown(&place);
                continue;
            }
        };
        fields.insert(child.local.clone(), value);
    }
    Value::Object(fields)
}

fn sensors(reading: &mut Reading, path: &str, list: &Element) -> Vec<Value> {
    let mut sensors = Vec::new();
    for (place, element) in members(reading, path, list, "sensorElement") {
        let mut fields = Map::new();
        reading.add_attributes(element, &mut fields, true);
        let mut reports = Vec::new();
        for child in &element.children {
            match (child.local.as_str(), child.namespace.is_some()) {
                ("sensorMetadata", false) => {
                    fields.insert("sensorMetadata".to_owned(), Value::Object(reading.flat_fields(child)));
                }
                ("sensorReport", false) => reports.push(report(reading, child)),
                ("extension", false) => fields.extend(reading.children(child)),
                (_, true) => reading.add_extension(&mut fields, child),
                (other, false) => reading.unknown(&format!("{place}/{other}")),
            }
        }
        fields.insert("sensorReport".to_owned(), Value::Array(reports));
        sensors.push(Value::Object(fields));
    }
    sensors
}

fn report(reading: &mut Reading, element: &Element) -> Value {
    let mut fields = reading.flat_fields(element);
    for (name, value) in &mut fields {
        let Some(text) = value.as_str() else { continue };
        let read = match name.as_str() {
            "type" => Some(word(Vocabulary::MeasurementType, element, value)),
            "exception" => Some(word(Vocabulary::SensorAlertType, element, value)),
            "component" => Some(word(Vocabulary::Component, element, value)),
            "booleanValue" => match text {
                "true" | "1" => Some(true.into()),
                "false" | "0" => Some(false.into()),
                _ => None,
            },
            name if REPORT_NUMBERS.contains(&name) => number(text),
            _ => None,
        };
        if let Some(read) = read {
            *value = read;
        }
    }
    Value::Object(fields)
}

//! The fields of an event, to XML.

use super::forms::Form;
use super::write::{Writing, is_attribute, plain};
use crate::vocabulary::Vocabulary;
use serde_json::{Map, Value};

/// Writes one field of an event.
pub(super) fn field(writing: &mut Writing, path: &str, name: &str, form: Form, value: &Value) {
    match form {
        Form::Text => writing.leaf(name, &[], &plain(value)),
        Form::Texts => match value {
            Value::Array(items) => items.iter().for_each(|item| writing.leaf(name, &[], &plain(item))),
            one => writing.leaf(name, &[], &plain(one)),
        },
        Form::Word(vocabulary) => {
            let text = word(writing, vocabulary, value);
            writing.leaf(name, &[], &text);
        }
        Form::Items(item) => list(writing, name, value, |writing, one| writing.leaf(item, &[], &plain(one))),
        Form::Quantities => list(writing, name, value, quantity),
        Form::Typed(item, vocabulary) => list(writing, name, value, |writing, one| {
            let kind = one.get("type").map(|kind| ("type", vocabulary.xml_form(&plain(kind), writing.words)));
            let text = one.get(item).map(plain).unwrap_or_default();
            writing.leaf(item, kind.as_slice(), &text);
        }),
        Form::Place => nested(writing, path, name, value, &["id"]),
        Form::Disposition => dispositions(writing, name, value),
        Form::Declaration => declaration(writing, path, name, value),
        Form::Sensors => list(writing, name, value, |writing, one| sensor(writing, path, one)),
        Form::Extensions => nested(writing, path, name, value, &[]),
    }
}

/// A word in its XML form. Words of other vocabularies may be compact: their prefixes are declared when they are used.
fn word(writing: &mut Writing, vocabulary: Vocabulary, value: &Value) -> String {
    let text = vocabulary.xml_form(&plain(value), writing.words);
    if let Some((prefix, _)) = text.split_once(':') {
        writing.declare(prefix);
    }
    text
}

fn list(writing: &mut Writing, name: &str, value: &Value, mut write: impl FnMut(&mut Writing, &Value)) {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        return writing.leaf(name, &[], "");
    }
    writing.start(name, &[]);
    items.iter().for_each(|item| write(writing, item));
    writing.end();
}

fn quantity(writing: &mut Writing, quantity: &Value) {
    writing.start("quantityElement", &[]);
    for name in ["epcClass", "quantity", "uom"] {
        match quantity.get(name) {
            Some(value) => writing.leaf(name, &[], &plain(value)),
            // The schema wants the element even where nobody counted.
            None if name == "quantity" => {
                writing.declare_instance();
                writing.leaf(name, &[("xsi:nil", "true".to_owned())], "");
            }
            None => {}
        }
    }
    writing.end();
}

/// An object whose own fields come first and whose others are extensions.
fn nested(writing: &mut Writing, path: &str, name: &str, value: &Value, own: &[&str]) {
    let bare = Map::new();
    let fields = value.as_object().unwrap_or(&bare);
    let attributes = writing.attributes(path, fields);
    writing.start_owned(name, &attributes);
    for name in own {
        if let Some(value) = fields.get(*name) {
            writing.leaf(name, &[], &plain(value));
        }
    }
    others(writing, path, fields, own);
    writing.end();
}

/// The extensions among the fields of an object.
fn others(writing: &mut Writing, path: &str, fields: &Map<String, Value>, own: &[&str]) {
    for (name, value) in
        fields.iter().filter(|(name, _)| !own.contains(&name.as_str()) && !is_attribute(name))
    {
        writing.extension(path, name, value);
    }
}

fn dispositions(writing: &mut Writing, name: &str, value: &Value) {
    writing.start(name, &[]);
    for part in ["unset", "set"] {
        for item in value.get(part).and_then(Value::as_array).into_iter().flatten() {
            let text = word(writing, Vocabulary::Disposition, item);
            writing.leaf(part, &[], &text);
        }
    }
    writing.end();
}

fn declaration(writing: &mut Writing, path: &str, name: &str, value: &Value) {
    let bare = Map::new();
    let fields = value.as_object().unwrap_or(&bare);
    let attributes = writing.attributes(path, fields);
    writing.start_owned(name, &attributes);
    if let Some(time) = fields.get("declarationTime") {
        writing.leaf("declarationTime", &[], &plain(time));
    }
    if let Some(reason) = fields.get("reason") {
        let text = word(writing, Vocabulary::ErrorReason, reason);
        writing.leaf("reason", &[], &text);
    }
    if let Some(ids) = fields.get("correctiveEventIDs") {
        list(writing, "correctiveEventIDs", ids, |writing, id| {
            writing.leaf("correctiveEventID", &[], &plain(id))
        });
    }
    others(writing, path, fields, &["declarationTime", "reason", "correctiveEventIDs"]);
    writing.end();
}

fn sensor(writing: &mut Writing, path: &str, sensor: &Value) {
    writing.declare("gs1");
    writing.declare("cbv");
    let bare = Map::new();
    let fields = sensor.as_object().unwrap_or(&bare);
    let attributes = writing.attributes(path, fields);
    writing.start_owned("sensorElement", &attributes);
    if let Some(Value::Object(metadata)) = fields.get("sensorMetadata") {
        flat(writing, path, "sensorMetadata", metadata);
    }
    for report in fields.get("sensorReport").and_then(Value::as_array).into_iter().flatten() {
        if let Some(report) = report.as_object() {
            flat(writing, path, "sensorReport", report);
        }
    }
    others(writing, path, fields, &["sensorMetadata", "sensorReport"]);
    writing.end();
}

/// An element with attributes only.
fn flat(writing: &mut Writing, path: &str, element: &str, fields: &Map<String, Value>) {
    let mut attributes = Vec::new();
    for (name, value) in fields {
        let text = match name.as_str() {
            "type" => word(writing, Vocabulary::MeasurementType, value),
            "exception" => word(writing, Vocabulary::SensorAlertType, value),
            "component" => word(writing, Vocabulary::Component, value),
            _ => plain(value),
        };
        if let Some(name) = writing.name(path, name) {
            attributes.push((name, text));
        }
    }
    let attributes: Vec<(&str, String)> =
        attributes.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    writing.leaf(element, &attributes, "");
}

//! The header of a document, from XML: who sends what to whom, and master data.

use super::header::{SBDH, default_header};
use super::read::Reading;
use super::tree::Element;
use serde_json::{Map, Value, json};

/// Reads the header of a document into its fields.
pub(super) fn add_header(reading: &mut Reading, header: &Element, fields: &mut Map<String, Value>) {
    for child in &header.children {
        match (child.local.as_str(), child.namespace.is_some()) {
            ("StandardBusinessDocumentHeader", _) => add_business_header(reading, child, fields),
            ("extension" | "EPCISMasterData", false) => {
                add_master_data(reading, child.find("EPCISMasterData").unwrap_or(child), fields);
                add_others(reading, child, fields);
            }
            (_, true) => add_others(reading, header, fields),
            (other, false) => reading.unknown(&format!("/EPCISDocument/EPCISHeader/{other}")),
        }
    }
}

/// Sender, receiver and instance, which JSON has fields for, and the whole as an extension.
fn add_business_header(reading: &mut Reading, header: &Element, fields: &mut Map<String, Value>) {
    let deep = |names: &[&str]| {
        let mut element = header;
        for name in names {
            element = element.find(name)?;
        }
        Some(Value::from(element.text.clone()))
    };
    for (name, place) in [
        ("sender", &["Sender", "Identifier"][..]),
        ("receiver", &["Receiver", "Identifier"]),
        ("instanceIdentifier", &["DocumentIdentification", "InstanceIdentifier"]),
    ] {
        if let Some(value) = deep(place) {
            fields.insert(name.to_owned(), value);
        }
    }
    let whole = reading.children(header);
    fields.insert(SBDH.to_owned(), Value::Object(whole));
}

/// Takes the whole header away where the fields of JSON say the same. Returns whether they did.
pub(super) fn tidy_header(fields: &mut Map<String, Value>) -> bool {
    let same = fields.get(SBDH).is_some_and(|whole| *whole == default_header(fields));
    same && fields.remove(SBDH).is_some()
}

/// Reads the vocabularies below an element into the header of the document.
pub(super) fn add_master_data(reading: &mut Reading, holder: &Element, fields: &mut Map<String, Value>) {
    if let Some(list) = holder.find("VocabularyList") {
        let vocabularies = vocabularies(reading, list);
        let header = fields.entry("epcisHeader").or_insert_with(|| json!({}));
        if let Some(header) = header.as_object_mut() {
            header.insert("epcisMasterData".to_owned(), json!({"vocabularyList": vocabularies}));
        }
    }
}

/// Extensions of the header, once however often it is called.
fn add_others(reading: &mut Reading, holder: &Element, fields: &mut Map<String, Value>) {
    let mut others = Map::new();
    let named = holder.children.iter().filter(|child| child.namespace.is_some());
    for child in named.filter(|child| child.local != "StandardBusinessDocumentHeader") {
        reading.add_extension(&mut others, child);
    }
    if others.is_empty() {
        return;
    }
    let header = fields.entry("epcisHeader").or_insert_with(|| json!({}));
    header.as_object_mut().into_iter().for_each(|header| header.append(&mut others));
}

/// The vocabularies of a list.
pub(super) fn vocabularies(reading: &mut Reading, list: &Element) -> Vec<Value> {
    list.children.iter().map(|one| vocabulary(reading, one)).collect()
}

fn vocabulary(reading: &mut Reading, vocabulary: &Element) -> Value {
    let elements = vocabulary.find("VocabularyElementList").map(|list| list.children.as_slice());
    let elements: Vec<Value> =
        elements.unwrap_or_default().iter().map(|one| vocabulary_element(reading, one)).collect();
    json!({"type": vocabulary.attribute("type"), "vocabularyElementList": elements})
}

fn vocabulary_element(reading: &mut Reading, element: &Element) -> Value {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), element.attribute("id").into());
    let attributes = element.children.iter().filter(|child| child.local == "attribute");
    let attributes: Vec<Value> = attributes
        .map(|attribute| {
            let value = match attribute.children.is_empty() {
                true => Value::from(attribute.text.clone()),
                false => {
                    let mut parts = reading.children(attribute);
                    parts.remove("@id");
                    Value::Object(parts)
                }
            };
            json!({"id": attribute.attribute("id"), "attribute": value})
        })
        .collect();
    if !attributes.is_empty() {
        fields.insert("attributes".to_owned(), attributes.into());
    }
    if let Some(children) = element.find("children") {
        let ids: Vec<&str> = children.children.iter().map(|id| id.text.as_str()).collect();
        fields.insert("children".to_owned(), json!(ids));
    }
    Value::Object(fields)
}

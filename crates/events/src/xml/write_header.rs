//! The header of a document, to XML.

use super::forms;
use super::header::{header_of, in_order};
use super::write::{Writing, list, plain};
use serde_json::{Map, Value};

/// Writes the header of a document; nothing if it has none.
pub(super) fn header(writing: &mut Writing, document: &Map<String, Value>) {
    let business = header_of(document);
    let own = document.get("epcisHeader").and_then(Value::as_object);
    let others = own.into_iter().flatten().filter(|(name, _)| *name != "epcisMasterData");
    let others: Vec<_> = others.collect();
    let data = own.and_then(|header| header.get("epcisMasterData"));
    if business.is_none() && data.is_none() && others.is_empty() {
        return;
    }
    writing.start("EPCISHeader", &[]);
    if let Some(business) = business {
        writing.know("sbdh", forms::HEADER);
        business_part(writing, "sbdh:StandardBusinessDocumentHeader", &business);
    }
    if let Some(list) = data.and_then(|data| data.get("vocabularyList")).and_then(Value::as_array) {
        writing.start("extension", &[]);
        writing.start("EPCISMasterData", &[]);
        vocabularies(writing, list);
        writing.end();
        writing.end();
    }
    for (name, value) in others {
        writing.extension("/epcisHeader", name, value);
    }
    writing.end();
}

/// A part of the business document header, with what is in it in the order of its schema.
fn business_part(writing: &mut Writing, name: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| business_part(writing, name, item)),
        Value::Object(parts) if parts.keys().any(|key| key.starts_with("sbdh:") && !key.contains('@')) => {
            let attributes = writing.attributes("/sbdh", parts);
            writing.start_owned(name, &attributes);
            let local = name.rsplit(':').next().unwrap_or(name);
            for (name, part) in in_order(local, parts) {
                match name.as_str() {
                    name if name.starts_with("sbdh:") => business_part(writing, name, part),
                    name if name.contains('@') => {}
                    name => writing.extension("/sbdh", name, part),
                }
            }
            writing.end();
        }
        other => writing.extension("/sbdh", name, other),
    }
}

/// Writes a list of vocabularies.
pub(super) fn vocabularies(writing: &mut Writing, vocabularies: &[Value]) {
    writing.start("VocabularyList", &[]);
    vocabularies.iter().for_each(|one| vocabulary(writing, one));
    writing.end();
}

fn vocabulary(writing: &mut Writing, vocabulary: &Value) {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    writing.start("Vocabulary", &[("type", text(vocabulary, "type"))]);
    writing.start("VocabularyElementList", &[]);
    for element in list(vocabulary, "vocabularyElementList") {
        writing.start("VocabularyElement", &[("id", text(element, "id"))]);
        for attribute in list(element, "attributes") {
            let id = [("id", text(attribute, "id"))];
            match attribute.get("attribute") {
                Some(Value::Object(parts)) => {
                    writing.start("attribute", &id);
                    parts.iter().for_each(|(name, value)| writing.extension("/epcisHeader", name, value));
                    writing.end();
                }
                value => writing.leaf("attribute", &id, &value.map(plain).unwrap_or_default()),
            }
        }
        if element.get("children").is_some() {
            writing.start("children", &[]);
            list(element, "children").iter().for_each(|id| writing.leaf("id", &[], &plain(id)));
            writing.end();
        }
        writing.end();
    }
    writing.end();
    writing.end();
}

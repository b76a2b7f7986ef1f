//! The business document header as an extension of the JSON form, and what it is where only the standard's fields are given.

use serde_json::{Map, Value, json};

/// Name under which a whole business document header stands in JSON.
pub(super) const SBDH: &str = "sbdh:StandardBusinessDocumentHeader";

/// Elements of the header in the order of its schema. Source: UN/CEFACT Standard Business Document Header 1.3.
///
/// One list is enough: no two elements stand in different orders in different parts.
const ORDER: &[&str] = &[
    "HeaderVersion",
    "Sender",
    "Receiver",
    "DocumentIdentification",
    "Manifest",
    "BusinessScope",
    "Standard",
    "TypeVersion",
    "Scope",
    "Type",
    "InstanceIdentifier",
    "MultipleType",
    "CreationDateAndTime",
    "Identifier",
    "ContactInformation",
    "Contact",
    "EmailAddress",
    "FaxNumber",
    "TelephoneNumber",
    "ContactTypeIdentifier",
    "NumberOfItems",
    "ManifestItem",
    "MimeTypeQualifierCode",
    "UniformResourceIdentifier",
    "Description",
    "LanguageCode",
    "BusinessService",
    "BusinessServiceName",
    "ServiceTransaction",
    "CorrelationInformation",
    "RequestingDocumentCreationDateTime",
    "RequestingDocumentInstanceIdentifier",
    "ExpectedResponseDateTime",
];

/// The parts of an element of the header in the order of the schema; what is no part of it comes last.
pub(super) fn in_order<'v>(element: &str, parts: &'v Map<String, Value>) -> Vec<(&'v String, &'v Value)> {
    // The identification of a document names its instance before its type, a scope the other way round.
    let swapped = |local: &str| match (element, local) {
        ("DocumentIdentification", "Type") => ORDER.iter().position(|name| *name == "InstanceIdentifier"),
        ("DocumentIdentification", "InstanceIdentifier") => ORDER.iter().position(|name| *name == "Type"),
        _ => None,
    };
    let place = |name: &str| {
        let local = name.rsplit(':').next().unwrap_or(name);
        let found = swapped(local).or_else(|| ORDER.iter().position(|known| *known == local));
        found.unwrap_or(usize::MAX)
    };
    let mut sorted: Vec<_> = parts.iter().collect();
    sorted.sort_by_key(|(name, _)| place(name));
    sorted
}

/// The header that says no more than the fields of a document do.
pub(super) fn default_header(document: &Map<String, Value>) -> Value {
    let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    json!({
        "sbdh:HeaderVersion": "1.0",
        "sbdh:Sender": {"sbdh:Identifier": text("sender")},
        "sbdh:Receiver": {"sbdh:Identifier": text("receiver")},
        "sbdh:DocumentIdentification": {
            "sbdh:Standard": "EPCglobal",
            "sbdh:TypeVersion": "2.0",
            "sbdh:InstanceIdentifier": text("instanceIdentifier"),
            "sbdh:Type": "Events",
            "sbdh:CreationDateAndTime": text("creationDate"),
        },
    })
}

/// The header of a document: the whole one with the standard's fields put in their places, or the default; nothing if the
/// document says neither.
pub(super) fn header_of(document: &Map<String, Value>) -> Option<Value> {
    let fields = [
        ("sender", "sbdh:Sender", "sbdh:Identifier"),
        ("receiver", "sbdh:Receiver", "sbdh:Identifier"),
        ("instanceIdentifier", "sbdh:DocumentIdentification", "sbdh:InstanceIdentifier"),
    ];
    let Some(Value::Object(whole)) = document.get(SBDH) else {
        let named = fields.iter().any(|(field, ..)| document.contains_key(*field));
        return named.then(|| default_header(document));
    };
    let mut whole = whole.clone();
    for (field, part, name) in fields {
        let Some(text) = document.get(field).filter(|text| text.is_string()) else { continue };
        let part = whole.entry(part).or_insert_with(|| json!({}));
        let first = match part {
            Value::Array(parts) => parts.first_mut(),
            one => Some(one),
        };
        if let Some(holder) = first.and_then(Value::as_object_mut) {
            match holder.get_mut(name) {
                Some(Value::Object(with_attributes)) => {
                    drop(with_attributes.insert("#text".to_owned(), text.clone()))
                }
                _ => drop(holder.insert(name.to_owned(), text.clone())),
            }
        }
    }
    Some(Value::Object(whole))
}

//! Prefixes of compact URIs, from the JSON-LD context of a document or an event.

use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Prefixes that the standard context declares, so that a document need not.
const STANDARD: &[(&str, &str)] = &[
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("cbvmda", "urn:epcglobal:cbv:mda"),
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("gs1", "https://gs1.org/voc/"),
];

/// What each prefix stands for.
pub(crate) struct Namespaces(BTreeMap<String, String>);

impl Namespaces {
    /// The prefixes of a context: a URI, an object, or a list of them. URIs are not fetched.
    pub(crate) fn of(context: &Value) -> Self {
        let standard = STANDARD.iter().map(|(prefix, uri)| ((*prefix).to_owned(), (*uri).to_owned()));
        let mut namespaces = Self(standard.collect());
        namespaces.add(context);
        namespaces
    }

    /// Adds the prefixes of another context, which win over those before.
    pub(crate) fn add(&mut self, context: &Value) {
        match context {
            Value::Array(parts) => {
                for part in parts {
                    self.add_object(part);
                }
            }
            other => self.add_object(other),
        }
    }

    fn add_object(&mut self, context: &Value) {
        for (prefix, meaning) in context.as_object().into_iter().flatten() {
            let uri = match meaning {
                Value::String(uri) => Some(uri.as_str()),
                other => other.get("@id").and_then(Value::as_str),
            };
            if let Some(uri) = uri.filter(|_| !prefix.starts_with('@')) {
                self.0.insert(prefix.clone(), uri.to_owned());
            }
        }
    }

    pub(crate) fn split<'t>(&self, text: &'t str) -> Option<(&str, &'t str)> {
        let (prefix, local) = text.split_once(':')?;
        Some((self.0.get(prefix)?.as_str(), local))
    }

    /// The name of an element with its namespace in braces; other names come back as they are.
    pub(super) fn name<'t>(&self, name: &'t str) -> Cow<'t, str> {
        match self.split(name) {
            Some((uri, local)) => format!("{{{uri}}}{local}").into(),
            None => name.into(),
        }
    }

    /// The full URI of a compact one; other values come back as they are.
    pub(super) fn expand<'t>(&self, value: &'t str) -> Cow<'t, str> {
        match self.split(value) {
            Some((uri, local)) => format!("{uri}{local}").into(),
            None => value.into(),
        }
    }
}

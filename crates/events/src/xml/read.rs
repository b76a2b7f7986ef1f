//! From XML to the JSON-LD form of the same document. Versions 2.0 and 1.x are read; the JSON is always that of 2.0.

use super::forms::{self, EVENT, Field, find_fields};
use super::read_event;
use super::read_header;
use super::tree::{self, Element};
use kervan_model::{Finding, has_errors};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The standard context of an EPCIS 2.0 document.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Collects findings and the prefixes that extensions use.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) findings: Vec<Finding>,
    prefixes: BTreeMap<String, String>,
    /// Whether the document has wrappers of version 1.
    pub(super) wrapped: bool,
}

/// Reads an EPCIS document or query document in XML into its JSON-LD form.
///
/// Everything is carried over but comments, white space around texts, the order among extension elements of different names,
/// and the name of a type of XML schema beyond what JSON tells apart. An attribute that is an extension, or stands in one, has
/// `@` before its own name (`@side`, `ex:@side`); the text beside attributes is `#text`. A business document header that says
/// more than who sends what to whom stands whole under `sbdh:StandardBusinessDocumentHeader`.
///
/// Errors: every finding at once, each with the XPath of its element.
pub fn json_of_xml(text: &str) -> Result<Value, Vec<Finding>> {
    let root = tree::read(text).map_err(|finding| vec![finding])?;
    let mut reading = Reading::default();
    let document = reading.document(&root);
    match document {
        Some(document) if !has_errors(&reading.findings) => Ok(document),
        _ => Err(reading.findings),
    }
}

impl Reading {
    pub(super) fn error(&mut self, path: &str, code: &str, message: String, remedy: &str) {
        let finding = Finding::error(format!("events.xml.{code}"), message).at(path);
        self.findings.push(finding.source("GS1 EPCIS 2.0 XML schema").remedy(remedy));
    }

    fn document(&mut self, root: &Element) -> Option<Value> {
        let path = format!("/{}", root.local);
        let query = root.local == "EPCISQueryDocument";
        let known = match root.namespace.as_deref() {
            Some(forms::EPCIS | forms::QUERY | forms::MASTER_DATA) => true,
            Some(forms::EPCIS_1 | forms::QUERY_1 | forms::MASTER_DATA_1) => {
                self.wrapped = true;
                true
            }
            _ => false,
        };
        let master = root.local == "EPCISMasterDataDocument";
        if !known || !(query || master || root.local == "EPCISDocument") {
            let name = format!("{{{}}}{}", root.namespace.as_deref().unwrap_or_default(), root.local);
            let remedy = "send an EPCISDocument or EPCISQueryDocument in the namespace of version 2";
            self.error(&path, "root", format!("`{name}` is no document of events"), remedy);
            return None;
        }
        let mut fields = Map::new();
        // JSON has no document for master data alone: it stands in the header of one without events.
        let kind = if master { "EPCISDocument" } else { &root.local };
        fields.insert("type".to_owned(), kind.into());
        fields.insert("schemaVersion".to_owned(), "2.0".into());
        match root.attribute("creationDate") {
            Some(date) => drop(fields.insert("creationDate".to_owned(), date.into())),
            None => {
                self.error(&path, "missing", "`creationDate` is missing".to_owned(), "write when it was made")
            }
        }
        if root.attribute("schemaVersion").is_none() {
            self.error(
                &path,
                "missing",
                "`schemaVersion` is missing".to_owned(),
                "write schemaVersion=\"2.0\"",
            );
        }
        for child in &root.children {
            let place = format!("{path}/{}", child.local);
            match child.local.as_str() {
                "EPCISHeader" => read_header::add_header(self, child, &mut fields),
                "EPCISBody" if master => {
                    fields.insert("epcisBody".to_owned(), json!({"eventList": []}));
                    read_header::add_master_data(self, child, &mut fields);
                }
                "EPCISBody" => drop(fields.insert("epcisBody".to_owned(), self.body(&place, child, query))),
                "extension" if child.namespace.is_none() => {}
                _ if child.namespace.is_some() => self.add_extension(&mut fields, child),
                _ => self.unknown(&place),
            }
        }
        self.add_attributes(root, &mut fields, true);
        if read_header::tidy_header(&mut fields) {
            self.prefixes.retain(|_, uri| uri != forms::HEADER);
        }
        if root.find("EPCISBody").is_none() {
            self.error(&path, "missing", "`EPCISBody` is missing".to_owned(), "put the events into a body");
        }
        fields.insert("@context".to_owned(), self.context());
        Some(Value::Object(fields))
    }

    fn context(&self) -> Value {
        let mut context = vec![Value::from(CONTEXT)];
        if !self.prefixes.is_empty() {
            context.push(json!(self.prefixes));
        }
        Value::Array(context)
    }

    pub(super) fn unknown(&mut self, path: &str) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let message = format!("`{name}` is no element of the standard here");
        self.error(path, "unknown-element", message, "correct its name, or give it a namespace of your own");
    }

    fn body(&mut self, path: &str, body: &Element, query: bool) -> Value {
        if !query {
            let events = body.find("EventList").map(|list| self.events(&format!("{path}/EventList"), list));
            return json!({"eventList": events.unwrap_or_default()});
        }
        let Some(results) = body.find("QueryResults") else {
            self.error(path, "missing", "`QueryResults` is missing".to_owned(), "put the results into it");
            return Value::Null;
        };
        let path = format!("{path}/QueryResults");
        let mut fields = Map::new();
        for name in ["queryName", "subscriptionID"] {
            if let Some(element) = results.find(name) {
                fields.insert(name.to_owned(), element.text.clone().into());
            }
        }
        let body = results.find("resultsBody");
        let events = body
            .and_then(|body| body.find("EventList"))
            .map(|list| self.events(&format!("{path}/resultsBody/EventList"), list));
        let mut parts = Map::new();
        parts.insert("eventList".to_owned(), events.unwrap_or_default().into());
        if let Some(list) = body.and_then(|body| body.find("VocabularyList")) {
            parts.insert("vocabularyList".to_owned(), read_header::vocabularies(self, list).into());
        }
        fields.insert("resultsBody".to_owned(), Value::Object(parts));
        json!({"queryResults": fields})
    }

    /// The events of a list; those that version 1 hides in `extension` stand in their place among the others.
    fn events(&mut self, path: &str, list: &Element) -> Vec<Value> {
        let mut events = Vec::new();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for child in unwrapped(&list.children) {
            let count = counts.entry(&child.local).or_default();
            *count += 1;
            let place = format!("{path}/{}[{count}]", child.local);
            match find_fields(&child.local) {
                Some(own) if child.namespace.is_none() || self.is_own(child) => {
                    events.push(self.event(&place, child, own));
                }
                _ if child.namespace.is_some() => {
                    let mut fields = self.children(child);
                    fields.insert("type".to_owned(), self.name(child).into());
                    events.push(Value::Object(fields));
                }
                _ => self.unknown(&place),
            }
        }
        events
    }

    fn is_own(&self, element: &Element) -> bool {
        matches!(element.namespace.as_deref(), Some(forms::EPCIS | forms::EPCIS_1))
    }

    fn event(&mut self, path: &str, event: &Element, own: &'static [Field]) -> Value {
        let mut fields = Map::new();
        fields.insert("type".to_owned(), event.local.clone().into());
        self.add_attributes(event, &mut fields, true);
        let mut last = 0;
        for child in unwrapped(&event.children) {
            let place = format!("{path}/{}", child.local);
            let known = EVENT.iter().chain(own).position(|(name, _)| *name == child.local);
            match known.and_then(|at| Some((at, EVENT.iter().chain(own).nth(at)?))) {
                Some((at, (name, form))) if child.namespace.is_none() || self.is_own(child) => {
                    if at < last && !self.wrapped {
                        let message = format!("`{name}` stands behind an element that it must precede");
                        self.error(&place, "order", message, "keep the order of the schema");
                    }
                    last = last.max(at);
                    read_event::add_field(self, &mut fields, &place, child, name, *form);
                }
                _ if child.namespace.is_some() => self.add_extension(&mut fields, child),
                _ => self.unknown(&place),
            }
        }
        Value::Object(fields)
    }

    /// The name of an extension in JSON: its prefix, which the context explains, and its own name.
    pub(super) fn name(&mut self, element: &Element) -> String {
        self.name_of(&element.prefix, element.namespace.as_deref(), &element.local)
    }

    fn name_of(&mut self, prefix: &str, namespace: Option<&str>, local: &str) -> String {
        let Some(uri) = namespace else { return local.to_owned() };
        // The same prefix may stand for another namespace elsewhere in the document; JSON-LD has one context for all.
        let wanted = match (uri, prefix) {
            (forms::HEADER, _) => "sbdh",
            (_, "") => "ext",
            (_, prefix) => prefix,
        };
        let mut candidate = wanted.to_owned();
        let mut number = 1;
        while self.prefixes.get(&candidate).is_some_and(|taken| taken != uri) {
            number += 1;
            candidate = format!("{wanted}{number}");
        }
        let name = format!("{candidate}:{local}");
        self.prefixes.insert(candidate, uri.to_owned());
        name
    }

    pub(super) fn add_extension(&mut self, fields: &mut Map<String, Value>, element: &Element) {
        let name = self.name(element);
        let value = self.value(element);
        add(fields, name, value);
    }

    /// Elements and attributes inside an extension.
    pub(super) fn children(&mut self, element: &Element) -> Map<String, Value> {
        let mut fields = Map::new();
        self.add_attributes(element, &mut fields, false);
        for child in &element.children {
            self.add_extension(&mut fields, child);
        }
        if !element.text.is_empty() {
            fields.insert("#text".to_owned(), element.text.clone().into());
        }
        fields
    }

    /// The attributes of an element under names that tell them from elements. Of an element of the standard only those of
    /// other namespaces: its own are read where they belong.
    pub(super) fn add_attributes(
        &mut self,
        element: &Element,
        fields: &mut Map<String, Value>,
        foreign_only: bool,
    ) {
        for (prefix, local, value) in &element.attributes {
            let namespace = match prefix.as_str() {
                "xml" => Some(forms::XML),
                "" => None,
                prefix => element.scope.get(prefix).map(String::as_str),
            };
            if namespace == Some(forms::INSTANCE) || (foreign_only && namespace.is_none()) {
                continue;
            }
            let namespace = namespace.map(str::to_owned);
            let name = self.name_of(prefix, namespace.as_deref(), &format!("@{local}"));
            add(fields, name, value.clone().into());
        }
    }

    /// The attributes of an element that has nothing else, as the fields that they are in JSON.
    pub(super) fn flat_fields(&mut self, element: &Element) -> Map<String, Value> {
        let fields = self.children(element);
        fields.into_iter().map(|(name, value)| (name.replacen('@', "", 1), value)).collect()
    }

    fn value(&mut self, element: &Element) -> Value {
        let is_type = |(prefix, local, _): &&(String, String, String)| {
            local == "type" && element.scope.get(prefix).is_some_and(|uri| uri == forms::INSTANCE)
        };
        let kind = element.attributes.iter().find(is_type).map(|(_, _, kind)| kind.as_str());
        let bare =
            element.children.is_empty() && element.attributes.iter().all(|attribute| is_type(&attribute));
        if !bare {
            return Value::Object(self.children(element));
        }
        let kind = kind.and_then(|kind| kind.rsplit(':').next()).unwrap_or_default();
        typed(kind, &element.text).unwrap_or_else(|| element.text.clone().into())
    }
}

/// A value of a type of XML schema that JSON has too.
fn typed(kind: &str, text: &str) -> Option<Value> {
    match (kind, text) {
        ("boolean", "true" | "1") => Some(true.into()),
        ("boolean", "false" | "0") => Some(false.into()),
        ("integer" | "int" | "long" | "decimal" | "double" | "float", text) => number(text),
        _ => None,
    }
}

/// A number as JSON keeps it.
pub(super) fn number(text: &str) -> Option<Value> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    serde_json::from_str::<serde_json::Number>(plain).ok().map(Value::Number).or_else(|| {
        // XML allows what JSON does not: `.5`, `5.`, `007`.
        let float: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
        serde_json::Number::from_f64(float).map(Value::Number)
    })
}

/// Adds a value; what stands there already makes a list with it.
fn add(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => drop(fields.insert(name, value)),
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// The children with those of the wrappers of version 1 in their place.
fn unwrapped(children: &[Element]) -> Vec<&Element> {
    let mut plain = Vec::new();
    for child in children {
        let wrapper =
            child.namespace.is_none() && matches!(child.local.as_str(), "extension" | "baseExtension");
        match wrapper {
            true => plain.extend(unwrapped(&child.children)),
            false => plain.push(child),
        }
    }
    plain
}

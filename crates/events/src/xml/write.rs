//! From the JSON-LD form of a document to XML, version 2.0.

use super::forms::{self, EVENT, find_fields};
use super::header::SBDH;
use super::{WordForm, write_event, write_header};
use kervan_model::{Finding, has_errors};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Writes a document, read or checked before, as XML, with the words of the vocabulary as URNs.
///
/// Errors: every finding at once, for what XML cannot say, such as the name of an extension that is no name in XML.
pub fn xml_of_json(document: &Value) -> Result<String, Vec<Finding>> {
    xml_of_json_in(document, WordForm::Urn)
}

/// The same with the words of the vocabulary in a form of the caller's choice.
pub fn xml_of_json_in(document: &Value, words: WordForm) -> Result<String, Vec<Finding>> {
    let mut writing = Writing::of(document, words);
    writing.document(document);
    if has_errors(&writing.findings) { Err(writing.findings) } else { Ok(writing.finish()) }
}

/// The XML so far, and what it needs to know of the document.
pub(super) struct Writing {
    text: String,
    open: Vec<String>,
    root: String,
    prefixes: BTreeMap<String, String>,
    used: BTreeMap<String, String>,
    pub(super) words: WordForm,
    pub(super) findings: Vec<Finding>,
}

impl Writing {
    fn of(document: &Value, words: WordForm) -> Self {
        let mut prefixes: BTreeMap<String, String> = [("cbvmda", "urn:epcglobal:cbv:mda")]
            .into_iter()
            .chain([("gs1", "https://gs1.org/voc/"), ("cbv", "https://ref.gs1.org/cbv/")])
            .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
            .collect();
        let own = document.pointer("/epcisBody/eventList").and_then(Value::as_array).into_iter().flatten();
        let contexts = own.filter_map(|event| event.get("@context")).chain(document.get("@context"));
        for part in contexts.flat_map(|context| match context {
            Value::Array(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        }) {
            for (prefix, meaning) in part.as_object().into_iter().flatten() {
                let uri = meaning.as_str().or_else(|| meaning.get("@id").and_then(Value::as_str));
                if let Some(uri) = uri.filter(|_| !prefix.starts_with('@')) {
                    prefixes.insert(prefix.clone(), uri.to_owned());
                }
            }
        }
        let (text, root, open) = (String::new(), String::new(), Vec::new());
        Self { text, open, root, prefixes, used: BTreeMap::new(), words, findings: Vec::new() }
    }

    /// The finished text: the root's tag is written last, when all namespaces are known.
    fn finish(self) -> String {
        let spaces: String =
            self.used.iter().map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{}\"", escape(uri))).collect();
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", self.text.replacen('\u{0}', &spaces, 1))
    }

    fn document(&mut self, document: &Value) {
        let bare = Map::new();
        let fields = document.as_object().unwrap_or(&bare);
        let (prefix, uri) = match fields.get("type").and_then(Value::as_str) {
            Some("EPCISQueryDocument") => ("epcisq", forms::QUERY),
            _ => ("epcis", forms::EPCIS),
        };
        self.used.insert(prefix.to_owned(), uri.to_owned());
        let kind = fields.get("type").and_then(Value::as_str).unwrap_or("EPCISDocument");
        self.root = format!("{prefix}:{kind}");
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let version = fields.get("schemaVersion").and_then(Value::as_str).unwrap_or("2.0");
        // A NUL cannot stand in XML, so it holds the place of the namespaces until they are known.
        let date = escape(text("creationDate"));
        let root = self.root.clone();
        self.text = format!("<{root}\u{0} schemaVersion=\"{}\" creationDate=\"{date}\"", escape(version));
        for (name, value) in self.attributes("", fields) {
            self.text.push_str(&format!(" {name}=\"{}\"", escape(&value)));
        }
        self.text.push_str(">\n");
        self.open.push(root);
        write_header::header(self, fields);
        self.start("EPCISBody", &[]);
        match fields.get("epcisBody").and_then(|body| body.get("queryResults")) {
            Some(results) => self.results(results),
            None => {
                let events = document.pointer("/epcisBody/eventList").and_then(Value::as_array);
                self.events("/epcisBody/eventList", events.map(Vec::as_slice).unwrap_or_default());
            }
        }
        self.end();
        const OWN: [&str; 11] = [
            "@context",
            "id",
            "type",
            "schemaVersion",
            "creationDate",
            "sender",
            "receiver",
            "instanceIdentifier",
            "epcisHeader",
            "epcisBody",
            SBDH,
        ];
        for (name, value) in
            fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str()) && !is_attribute(name))
        {
            self.extension(&format!("/{name}"), name, value);
        }
        self.end();
    }

    fn results(&mut self, results: &Value) {
        self.start("epcisq:QueryResults", &[]);
        for name in ["queryName", "subscriptionID"] {
            if let Some(text) = results.get(name).and_then(Value::as_str) {
                self.leaf(name, &[], text);
            }
        }
        self.start("resultsBody", &[]);
        let events = results.pointer("/resultsBody/eventList").and_then(Value::as_array);
        let path = "/epcisBody/queryResults/resultsBody/eventList";
        self.events(path, events.map(Vec::as_slice).unwrap_or_default());
        if let Some(list) = results.pointer("/resultsBody/vocabularyList").and_then(Value::as_array) {
            write_header::vocabularies(self, list);
        }
        self.end();
        self.end();
    }

    fn events(&mut self, path: &str, events: &[Value]) {
        self.start("EventList", &[]);
        for (index, event) in events.iter().enumerate() {
            let path = format!("{path}/{index}");
            let Some(fields) = event.as_object() else { continue };
            let kind = fields.get("type").and_then(Value::as_str).unwrap_or_default();
            let Some(own) = find_fields(kind) else {
                self.extension(&path, kind, &without_type(fields));
                continue;
            };
            let attributes = self.attributes(&path, fields);
            self.start_owned(kind, &attributes);
            for (name, form) in EVENT.iter().chain(own) {
                if let Some(value) = fields.get(*name) {
                    write_event::field(self, &path, name, *form, value);
                }
            }
            let known = |name: &str| {
                matches!(name, "type" | "@context" | "id")
                    || is_attribute(name)
                    || EVENT.iter().chain(own).any(|(known, _)| *known == name)
            };
            for (name, value) in fields.iter().filter(|(name, _)| !known(name)) {
                self.extension(&path, name, value);
            }
            self.end();
        }
        self.end();
    }

    pub(super) fn start(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.indent();
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name.to_owned());
    }

    pub(super) fn start_owned(&mut self, name: &str, attributes: &[(String, String)]) {
        let attributes: Vec<(&str, String)> =
            attributes.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        self.start(name, &attributes);
    }

    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.text.push_str(&format!("</{name}>\n"));
        }
    }

    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, String)], text: &str) {
        self.indent();
        self.tag(name, attributes);
        match text.is_empty() {
            true => self.text.push_str("/>\n"),
            false => self.text.push_str(&format!(">{}</{name}>\n", escape(text))),
        }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, String)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
    }

    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.open.len()));
    }

    /// Declares a prefix of the document, or one of the standard's own, for use in values and names.
    pub(super) fn declare(&mut self, prefix: &str) {
        if let Some(uri) = self.prefixes.get(prefix) {
            self.used.insert(prefix.to_owned(), uri.clone());
        }
    }

    /// Declares a namespace of this module's own under its usual prefix.
    pub(super) fn know(&mut self, prefix: &str, uri: &str) {
        self.prefixes.insert(prefix.to_owned(), uri.to_owned());
        self.used.insert(prefix.to_owned(), uri.to_owned());
    }

    /// The attributes among the fields of an object, with their names in XML.
    pub(super) fn attributes(&mut self, path: &str, fields: &Map<String, Value>) -> Vec<(String, String)> {
        let mut attributes = Vec::new();
        for (name, value) in fields.iter().filter(|(name, _)| is_attribute(name) && *name != "@context") {
            if let Some(name) = self.name(path, &name.replacen('@', "", 1)) {
                attributes.push((name, plain(value)));
            }
        }
        attributes
    }

    /// Declares the namespace of `xsi:type` and `xsi:nil`.
    pub(super) fn declare_instance(&mut self) {
        self.used.insert("xsi".to_owned(), forms::INSTANCE.to_owned());
    }

    /// The name of an extension as an element or attribute: with a prefix of the context, or one made for its namespace.
    pub(super) fn name(&mut self, path: &str, name: &str) -> Option<String> {
        let split = match name.split_once(':') {
            Some((prefix, local)) if self.prefixes.contains_key(prefix) && is_name(prefix) => {
                self.declare(prefix);
                Some((prefix.to_owned(), local))
            }
            Some(_) => name.rfind(['/', '#', ':']).and_then(|at| {
                let (uri, local) = name.split_at_checked(at + 1)?;
                let made =
                    self.used.iter().find(|(_, known)| *known == uri).map(|(prefix, _)| prefix.clone());
                let prefix = made.unwrap_or_else(|| format!("ns{}", self.used.len()));
                self.used.insert(prefix.clone(), uri.to_owned());
                Some((prefix, local))
            }),
            None => Some((String::new(), name)),
        };
        let valid = split.filter(|(_, local)| is_name(local));
        if valid.is_none() {
            let message = format!("`{name}` cannot be the name of an element in XML");
            let remedy =
                "name it with letters, digits, `_`, `-` and `.`, and a prefix that the context explains";
            self.findings
                .push(Finding::error("events.xml.name", message).at(format!("{path}/{name}")).remedy(remedy));
        }
        valid.map(
            |(prefix, local)| if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") },
        )
    }

    /// An extension and all that is in it.
    pub(super) fn extension(&mut self, path: &str, name: &str, value: &Value) {
        if let Value::Array(items) = value {
            return items.iter().for_each(|item| self.extension(path, name, item));
        }
        let Some(element) = self.name(path, name) else { return };
        let typed = |kind: &str| vec![("xsi:type", format!("xsd:{kind}"))];
        let attributes = match value {
            Value::Bool(_) => typed("boolean"),
            Value::Number(number) if number.is_f64() => typed("decimal"),
            Value::Number(_) => typed("integer"),
            _ => vec![],
        };
        if !attributes.is_empty() {
            self.declare_instance();
            self.used.insert("xsd".to_owned(), forms::SCHEMA.to_owned());
        }
        match value {
            Value::Object(parts) => self.extension_parts(path, &element, parts),
            other => self.leaf(&element, &attributes, &plain(other)),
        }
    }

    /// An extension with attributes, elements or both in it.
    fn extension_parts(&mut self, path: &str, element: &str, parts: &Map<String, Value>) {
        let attributes = self.attributes(path, parts);
        let inner = || parts.iter().filter(|(name, _)| *name != "#text" && !is_attribute(name));
        let text = parts.get("#text").map(plain);
        if inner().next().is_none() && (text.is_some() || !attributes.is_empty()) {
            let attributes: Vec<(&str, String)> =
                attributes.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
            return self.leaf(element, &attributes, &text.unwrap_or_default());
        }
        self.start_owned(element, &attributes);
        self.text.push_str(&escape(&text.unwrap_or_default()));
        for (name, part) in inner() {
            self.extension(path, name, part);
        }
        self.end();
    }
}

/// Whether the name of a field is that of an attribute: `@side`, or `ex:@side`.
pub(super) fn is_attribute(name: &str) -> bool {
    name.rsplit(':').next().unwrap_or(name).starts_with('@')
}

fn without_type(fields: &Map<String, Value>) -> Value {
    let kept = fields.iter().filter(|(name, _)| *name != "type" && *name != "@context");
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The items of a list.
pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A value as text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Whether a text can be the name of an element. Source: XML namespaces, `NCName`.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && letters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Text with the characters of mark-up written as entities; what XML cannot hold at all is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(c))),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

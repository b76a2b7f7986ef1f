//! A small tree of XML elements, with namespaces resolved and limits kept.
//!
//! Entities of a document's own are not expanded and external ones are never fetched: a document that uses one is refused.

use crate::limits::{MOST_XML_BYTES, MOST_XML_LEVELS};
use kervan_model::Finding;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Namespaces in force, by prefix; the empty prefix is the default namespace.
pub(super) type Scope = Rc<BTreeMap<String, String>>;

/// An element.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    /// Prefix as written; empty if there is none.
    pub(super) prefix: String,
    /// Name without prefix.
    pub(super) local: String,
    /// URI of its namespace, if it has one.
    pub(super) namespace: Option<String>,
    /// Attributes that declare no namespace: prefix, name, value.
    pub(super) attributes: Vec<(String, String, String)>,
    /// Elements in it, in order.
    pub(super) children: Vec<Element>,
    /// Text in it, all pieces joined, without the white space around it.
    pub(super) text: String,
    /// Namespaces in force here.
    pub(super) scope: Scope,
}

impl Element {
    /// The first child with this name, in any namespace.
    pub(super) fn find(&self, local: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.local == local)
    }

    /// The value of an attribute without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(prefix, local, _)| prefix.is_empty() && local == name);
        found.map(|(_, _, value)| value.as_str())
    }
}

/// Reads a whole document into its root element.
///
/// Errors: a finding with line and column for text that is not well-formed, for entities, and beyond the limits.
pub(super) fn read(text: &str) -> Result<Element, Finding> {
    if text.len() > MOST_XML_BYTES {
        let message = format!("the document has {} bytes and may have {MOST_XML_BYTES}", text.len());
        return Err(Finding::error("events.xml.too-large", message).remedy("send it in several captures"));
    }
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut builder = Builder::default();
    loop {
        let position = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|error| fault(text, reader.error_position(), &kervan_model::in_plain_words(&error)))?;
        match event {
            Event::Start(start) => builder.open(&start).map_err(|reason| fault(text, position, &reason))?,
            Event::Empty(start) => {
                builder.open(&start).map_err(|reason| fault(text, position, &reason))?;
                builder.close();
            }
            Event::End(_) => builder.close(),
            Event::Text(piece) => builder.text(&piece.xml10_content()),
            Event::CData(piece) => builder.text(&piece.xml10_content()),
            Event::GeneralRef(reference) => {
                let expanded = expand(&reference.xml10_content());
                let reason = format!("the entity `{}` is not one of XML's own", &*reference.xml10_content());
                builder.text(&expanded.ok_or_else(|| fault(text, position, &reason))?);
            }
            Event::DocType(kind) if kind.xml10_content().contains('[') => {
                let reason = "a document type with declarations of its own is not accepted";
                return Err(fault(text, position, &reason));
            }
            Event::Eof => break,
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    builder.finish().map_err(|reason| fault(text, text.len() as u64, &reason))
}

/// The text of a character reference or of one of XML's own entities.
fn expand(name: &str) -> Option<String> {
    let letter = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some(letter.to_string())
}

fn fault(text: &str, position: u64, reason: &dyn std::fmt::Display) -> Finding {
    let end = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
    let before = text.as_bytes().get(..end).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    let message = format!("line {line}, column {column}: {reason}");
    Finding::error("events.xml.not-well-formed", message)
        .source("W3C XML 1.0")
        .remedy("mend the XML and send it again")
}

#[derive(Default)]
struct Builder {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Builder {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        if self.open.len() >= MOST_XML_LEVELS {
            return Err(format!("elements lie more than {MOST_XML_LEVELS} levels deep"));
        }
        if self.root.is_some() && self.open.is_empty() {
            return Err("there is a second root element".to_owned());
        }
        let mut scope = self.open.last().map(|element| Rc::clone(&element.scope)).unwrap_or_default();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| kervan_model::in_plain_words(&error))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| kervan_model::in_plain_words(&error))?;
            let name = attribute.key.as_ref();
            match name.strip_prefix("xmlns") {
                Some("") => drop(Rc::make_mut(&mut scope).insert(String::new(), value.into_owned())),
                Some(declared) if declared.starts_with(':') => {
                    let prefix = declared.trim_start_matches(':').to_owned();
                    Rc::make_mut(&mut scope).insert(prefix, value.into_owned());
                }
                _ => {
                    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
                    attributes.push((prefix.to_owned(), local.to_owned(), value.into_owned()));
                }
            }
        }
        let name = start.name();
        let (prefix, local) = name.as_ref().split_once(':').unwrap_or(("", name.as_ref()));
        let namespace = scope.get(prefix).filter(|uri| !uri.is_empty()).cloned();
        if namespace.is_none() && !prefix.is_empty() {
            return Err(format!("the prefix `{prefix}` is not declared"));
        }
        let (prefix, local) = (prefix.to_owned(), local.to_owned());
        self.open.push(Element { prefix, local, namespace, attributes, scope, ..Element::default() });
        Ok(())
    }

    fn close(&mut self) {
        let Some(mut element) = self.open.pop() else { return };
        element.text = element.text.trim().to_owned();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, piece: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(piece);
        }
    }

    fn finish(self) -> Result<Element, String> {
        match self.open.last() {
            Some(element) => Err(format!("`{}` is not closed", element.local)),
            None => self.root.ok_or_else(|| "there is no element".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn elements_know_their_namespaces() {
        let root = read(
            "<?xml version=\"1.0\"?><a:x xmlns:a='urn:a' xmlns='urn:d' k='&lt;&#65;'><y>1<![CDATA[<]]>&amp;</y></a:x>",
        );
        let root = root.unwrap();
        assert_eq!((root.local.as_str(), root.namespace.as_deref()), ("x", Some("urn:a")));
        assert_eq!(root.attribute("k"), Some("<A"));
        let child = root.find("y").unwrap();
        assert_eq!((child.text.as_str(), child.namespace.as_deref()), ("1<&", Some("urn:d")));
    }

    #[test]
    fn what_is_not_well_formed_or_not_safe_is_placed() {
        for (text, part) in [
            ("", "no element"),
            ("<a>", "not closed"),
            ("<a></b>", "line 1"),
            ("<a>\n<b></a>", "line 2"),
            ("<a/><b/>", "second root"),
            ("<p:a/>", "`p` is not declared"),
            ("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "document type"),
            ("<a>&e;</a>", "`e` is not one"),
            ("<a x='1' x='2'/>", "line 1"),
        ] {
            let finding = read(text).unwrap_err();
            assert!(finding.message.contains(part), "{text}: {}", finding.message);
        }
        assert!(read(&"<a>".repeat(10_000)).unwrap_err().message.contains("levels"));
    }
}

//! A tree of fields in the order of their table, written as JSON or as XML.

use serde_json::{Map, Value};
use std::fmt::Write;

/// A field or a group of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// Its value, if it is a field.
    pub(crate) text: String,
    /// Its fields, if it is a group.
    pub(crate) children: Vec<Node>,
    /// Whether it is one of a list, even if it is the only one.
    pub(crate) listed: bool,
    /// Where the children of each name stand, so that a list of a thousand is not searched a thousand times.
    places: Vec<(String, Vec<usize>)>,
}

/// The XML shape of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct XmlShape {
    /// Name of the root element, with its prefix if it has one.
    pub(crate) root: String,
    /// Namespace of the root.
    pub(crate) namespace: String,
    /// Further attributes of the root, as they are written.
    pub(crate) attributes: String,
}

impl Node {
    pub(crate) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    fn is_group(&self) -> bool {
        !self.children.is_empty()
    }

    /// The group or list item of a name: the one at an index, made if it is not there.
    pub(crate) fn child_at(&mut self, name: &str, index: usize, listed: bool) -> &mut Node {
        let known = self.places.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.places.push((name.to_owned(), Vec::new()));
            self.places.len() - 1
        });
        let (children, places) = (&mut self.children, &mut self.places[known].1);
        // Items before it that no row fills are made as well and taken out at the end, so that an index stays one.
        while places.len() <= index {
            places.push(children.len());
            children.push(Self { listed, ..Self::named(name) });
        }
        &mut children[places[index]]
    }

    /// Takes out fields without a text and groups without fields.
    pub(crate) fn prune(&mut self) {
        self.places.clear();
        self.children.iter_mut().for_each(Self::prune);
        self.children.retain(|child| child.is_group() || !child.text.is_empty());
    }

    /// As JSON: groups are objects, what is listed is an array, fields are strings.
    pub(crate) fn to_json(&self) -> Value {
        if !self.is_group() {
            return Value::String(self.text.clone());
        }
        let mut fields = Map::new();
        for child in &self.children {
            let value = child.to_json();
            if child.listed {
                let list = fields.entry(child.name.clone()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.push(value);
                }
            } else {
                fields.insert(child.name.clone(), value);
            }
        }
        Value::Object(fields)
    }

    fn write_xml(&self, depth: usize, out: &mut String) {
        let (indent, name) = ("  ".repeat(depth), &self.name);
        // Writing into a string cannot fail.
        let _ = if self.is_group() {
            let _ = writeln!(out, "{indent}<{name}>");
            self.children.iter().for_each(|child| child.write_xml(depth + 1, out));
            writeln!(out, "{indent}</{name}>")
        } else {
            writeln!(out, "{indent}<{name}>{}</{name}>", escape(&self.text))
        };
    }
}

impl XmlShape {
    pub(crate) fn write(&self, root: &Node) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let prefix = self.root.split_once(':').map_or(String::new(), |(prefix, _)| format!(":{prefix}"));
        let mut opening = self.root.clone();
        if !self.namespace.is_empty() {
            let _ = write!(opening, " xmlns{prefix}=\"{}\"", escape(&self.namespace));
        }
        if !self.attributes.is_empty() {
            let _ = write!(opening, " {}", self.attributes);
        }
        let _ = writeln!(out, "<{opening}>");
        root.children.iter().for_each(|child| child.write_xml(1, &mut out));
        let _ = writeln!(out, "</{}>", self.root);
        out
    }
}

/// Text between tags or quotes. Characters that XML does not know at all are left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_written_both_ways() {
        let mut root = Node::named("");
        root.child_at("Seal", 0, true).child_at("id", 0, false).text = "A<1>".into();
        root.child_at("Seal", 1, true).child_at("id", 0, false).text = "B&2\u{1}".into();
        root.child_at("type", 0, false).text = "T1".into();
        let json = serde_json::json!({ "Seal": [{ "id": "A<1>" }, { "id": "B&2\u{1}" }], "type": "T1" });
        assert_eq!(root.to_json(), json);
        let shape = XmlShape {
            root: "n:M".into(),
            namespace: "urn:x".into(),
            attributes: "PhaseID=\"NCTS5.1\"".into(),
        };
        let xml = shape.write(&root);
        assert!(xml.contains("<n:M xmlns:n=\"urn:x\" PhaseID=\"NCTS5.1\">"), "{xml}");
        assert!(xml.contains("<id>A&lt;1&gt;</id>") && xml.contains("<id>B&amp;2</id>"), "{xml}");
        assert!(xml.ends_with("</n:M>\n"));
    }
}

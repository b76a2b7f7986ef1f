//! Records of a large XML file, one small tree at a time.

use crate::limits::DEEPEST_XML;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// An element with everything below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Element>,
    pub line: usize,
}

impl Element {
    /// The text of the first child of this name; empty if there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.find(name).map_or("", |child| child.text.trim())
    }

    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name.eq_ignore_ascii_case(name))
    }

    /// Every element of this name at any depth.
    pub(super) fn below<'a>(&'a self, name: &str) -> Vec<&'a Element> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name.eq_ignore_ascii_case(name) {
                found.push(child);
            } else {
                found.extend(child.below(name));
            }
        }
        found
    }

    /// The value of an attribute; empty if there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
}

/// The name of the root element, if the text begins as XML.
pub(super) fn find_root(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => return Some(local(&start)),
            Event::Text(piece) if !piece.xml10_content().trim().is_empty() => return None,
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn local(start: &BytesStart) -> String {
    let name = start.name();
    let name: &str = name.as_ref();
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

/// Hands the root's attributes and every element of a wanted name to `each`.
///
/// # Errors
/// The line and the reason when the text is not well-formed, is nested too deep or brings entities of its own.
pub(super) fn each_record(
    text: &str,
    wanted: &[&str],
    mut each: impl FnMut(&Element),
) -> Result<(), (usize, String)> {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines::new(text);
    let mut open: Vec<Element> = Vec::new();
    let (mut depth, mut root_seen) = (0usize, false);
    loop {
        let begins = reader.buffer_position();
        let event = reader
            .read_event()
            .map_err(|error| fault(text, reader.error_position(), &kervan_model::in_plain_words(&error)))?;
        let line = lines.of(reader.buffer_position());
        let said = |reason: &str| fault(text, begins, reason);
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST_XML {
                    return Err(said("elements are nested too deep"));
                }
                let element = element(&start, line).map_err(|reason| said(&reason))?;
                if !root_seen {
                    root_seen = true;
                    each(&element);
                }
                if !open.is_empty() || wanted.contains(&element.name.as_str()) {
                    open.push(element);
                }
            }
            Event::Empty(start) => {
                let element = element(&start, line).map_err(|reason| said(&reason))?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None if wanted.contains(&element.name.as_str()) => each(&element),
                    None => {}
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some(done) = open.pop() {
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => each(&done),
                    }
                }
            }
            Event::Text(piece) => put(&mut open, &piece.xml10_content()),
            Event::CData(piece) => put(&mut open, &piece.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let letter = expand(&name).ok_or_else(|| said("an entity that is not one of XML's own"))?;
                put(&mut open, letter.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(kind) if kind.xml10_content().contains('[') => {
                return Err(said("a document type with declarations of its own is not accepted"));
            }
            Event::Eof if depth > 0 => return Err(said("the file ends before its last element")),
            Event::Eof => return Ok(()),
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The line of a fault, and its reason with line and column.
fn fault(text: &str, position: u64, reason: &str) -> (usize, String) {
    let end = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
    let before = text.as_bytes().get(..end).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, format!("line {line}, column {column}: {reason}"))
}

fn put(open: &mut [Element], text: &str) {
    if let Some(last) = open.last_mut() {
        last.text.push_str(text);
    }
}

fn element(start: &BytesStart, line: usize) -> Result<Element, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| kervan_model::in_plain_words(&error))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| kervan_model::in_plain_words(&error))?;
        let key: &str = attribute.key.as_ref();
        attributes.push((key.rsplit(':').next().unwrap_or(key).to_owned(), value.into_owned()));
    }
    Ok(Element { name: local(start), attributes, line, ..Element::default() })
}

fn expand(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// Line numbers of growing positions, counted once.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    fn of(&mut self, position: u64) -> usize {
        let end = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let between = self.text.get(self.at..end).unwrap_or_default();
        self.line += between.iter().filter(|byte| **byte == b'\n').count();
        self.at = self.at.max(end);
        self.line
    }
}

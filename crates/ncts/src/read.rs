//! Reading: bytes to a tree, with what is wrong about the XML itself.

use crate::element::Element;
use crate::limits::{DEEPEST_NESTING, LONGEST_MESSAGE, MOST_FAULTS_PER_CODE, MOST_NODES};
use crate::message::Message;
use crate::message_type::{MessageType, Phase};
use crate::raise::{Lines, Raised, shown};
use crate::report::{Fault, Layer};
use crate::schema::Schema;
use roxmltree::{Document, Node, NodeType, ParsingOptions};
use std::borrow::Cow;

/// The namespace of the root element; the elements below have none.
pub const NAMESPACE: &str = "http://ncts.dgtaxud.ec";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Attributes of the instance namespace that may stand at the root: they only say where a schema is.
const HINTS: [&str; 2] = ["schemaLocation", "noNamespaceSchemaLocation"];

/// What reading gives: the message as far as there is one, and what is wrong with the XML, the namespaces and attributes.
pub(crate) struct Reading {
    pub(crate) message: Option<Message>,
    pub(crate) faults: Vec<Fault>,
    /// Faults beyond the limit.
    pub(crate) more: usize,
}

/// The text of the bytes. Errors: they are too many, or in no encoding that we read.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Box<Fault>> {
    let fault = |code: &str, message: String, remedy: &str| {
        Box::new(Raised::new(Layer::Xml, code, message).remedy(remedy).at_file("/", None, None))
    };
    if bytes.len() > LONGEST_MESSAGE {
        let message = format!("the message has {} bytes; at most {LONGEST_MESSAGE} are read", bytes.len());
        return Err(fault("ncts.xml.too-long", message, "declare in several messages"));
    }
    let wide = |units: &mut dyn Iterator<Item = u16>| {
        char::decode_utf16(units).collect::<Result<String, _>>().map(Cow::Owned).map_err(|error| {
            fault("ncts.xml.encoding", format!("not UTF-16: {error}"), "write the message in UTF-8")
        })
    };
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            return wide(&mut rest.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)));
        }
        [0xFF, 0xFE, rest @ ..] => {
            return wide(&mut rest.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)));
        }
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let declared = declared_encoding(bytes).to_ascii_lowercase();
    match declared.as_str() {
        "" | "utf-8" | "utf8" | "us-ascii" | "ascii" => {
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let message = format!("not UTF-8 from byte {} on", error.valid_up_to());
                fault("ncts.xml.encoding", message, "write the message in UTF-8, or declare its encoding")
            })
        }
        "iso-8859-1" | "latin1" => Ok(Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect())),
        _ => {
            let message = format!("the encoding {} is not read", shown(&declared));
            Err(fault("ncts.xml.encoding", message, "write the message in UTF-8"))
        }
    }
}

/// The encoding that the declaration at the beginning names, or nothing.
fn declared_encoding(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).into_owned();
    let Some(declaration) = head.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else {
        return String::new();
    };
    let Some((_, rest)) = declaration.split_once("encoding") else { return String::new() };
    let rest = rest.trim_start().trim_start_matches('=').trim_start();
    let mut characters = rest.chars();
    match characters.next() {
        Some(quote @ ('"' | '\'')) => characters.take_while(|character| *character != quote).collect(),
        _ => String::new(),
    }
}

/// Reads a text.
pub(crate) fn read(text: &str, lines: &Lines<'_>) -> Reading {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(error) => return Reading { message: None, faults: vec![not_xml(&error)], more: 0 },
    };
    let mut reader = Reader { lines, faults: Vec::new(), more: 0 };
    let outer = document.root_element();
    let node = find_message(outer).unwrap_or(outer);
    if let (true, Some(kind)) = (node != outer, MessageType::find(node.tag_name().name())) {
        let raised = Raised::new(
            Layer::Schema,
            "ncts.schema.root",
            format!("the message {kind} stands in an envelope, which is no part of it"),
        )
        .expected(kind.code())
        .found(outer.tag_name().name())
        .remedy("take the message out of its envelope; what is named below is about the message itself");
        reader.push(outer, "/", raised);
    }
    let phase = reader.read_root(node);
    let root = reader.read_element(node, 1);
    let message = match (MessageType::find(node.tag_name().name()), root) {
        (Some(kind), Some(root)) => Some(Message { kind, phase, root }),
        (None, _) => {
            reader.push(node, "/", no_message(node.tag_name().name()));
            None
        }
        (_, None) => None,
    };
    Reading { message, faults: reader.faults, more: reader.more }
}

/// The message in an envelope, such as that of a portal: the first element in the namespace of the messages that is one.
fn find_message<'a, 'input>(outer: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    let is_message = |node: &Node<'_, '_>| {
        node.is_element()
            && node.tag_name().namespace() == Some(NAMESPACE)
            && MessageType::find(node.tag_name().name()).is_some()
    };
    // A root with a name like a message is meant to be one.
    if MessageType::ALL.iter().any(|kind| kind.code().eq_ignore_ascii_case(outer.tag_name().name())) {
        return None;
    }
    outer.descendants().find(is_message)
}

fn no_message(name: &str) -> Raised {
    let near = MessageType::ALL.iter().find(|kind| kind.code().eq_ignore_ascii_case(name));
    let remedy = near.map_or_else(
        || "kervan message types lists the set".to_owned(),
        |kind| format!("the name is {kind}"),
    );
    Raised::new(Layer::Schema, "ncts.schema.root", "no message of the published set has this root")
        .expected("a message such as CC015C")
        .found(name)
        .remedy(remedy)
}

fn not_xml(error: &roxmltree::Error) -> Fault {
    let position = error.pos();
    let (code, message, remedy) = match error {
        roxmltree::Error::DtdDetected => (
            "ncts.xml.doctype",
            "the message has a document type declaration; messages have none".to_owned(),
            "leave the declaration out",
        ),
        roxmltree::Error::NodesLimitReached => (
            "ncts.xml.too-long",
            format!("more than {MOST_NODES} elements and texts"),
            "declare in several messages",
        ),
        _ => (
            "ncts.xml.not-well-formed",
            format!("not well-formed XML: {}", kervan_model::in_plain_words(&error)),
            "mend the XML; nothing after this place was looked at",
        ),
    };
    Raised::new(Layer::Xml, code, message).remedy(remedy).at_file("/", Some(position.row), Some(position.col))
}

struct Reader<'a> {
    lines: &'a Lines<'a>,
    faults: Vec<Fault>,
    more: usize,
}

impl Reader<'_> {
    fn push(&mut self, node: Node<'_, '_>, path: &str, raised: Raised) {
        let (line, column) = self.lines.position(node.range().start);
        self.faults.push(raised.at_file(path, Some(line), Some(column)));
    }

    /// The same for a place below the root, whose path takes time to say.
    fn push_below(&mut self, node: Node<'_, '_>, suffix: &str, raised: Raised) {
        if self.faults.len() < MOST_FAULTS_PER_CODE {
            self.push(node, &format!("{}{suffix}", path_of(node)), raised);
        } else {
            self.more += 1;
        }
    }

    /// Namespace and attributes of the root; gives the phase.
    fn read_root(&mut self, root: Node<'_, '_>) -> Option<Phase> {
        let path = format!("/{}", root.tag_name().name());
        let namespace = root.tag_name().namespace().unwrap_or_default();
        if namespace != NAMESPACE {
            let raised = Raised::new(
                Layer::Schema,
                "ncts.schema.namespace",
                "the root element is not in the namespace of the messages",
            )
            .expected(NAMESPACE)
            .found(if namespace.is_empty() { "no namespace" } else { namespace })
            .remedy(format!("write <ncts:{} xmlns:ncts=\"{NAMESPACE}\">", root.tag_name().name()));
            self.push(root, &path, raised);
        }
        let mut phase = None;
        for attribute in root.attributes() {
            match (attribute.namespace(), attribute.name()) {
                (None, "PhaseID") => {
                    let value = attribute.value().split_whitespace().collect::<Vec<_>>().join(" ");
                    phase = Phase::find(&value);
                    if phase.is_none() {
                        let words: Vec<&str> = Phase::ALL.iter().map(|phase| phase.word()).collect();
                        let raised = Raised::new(
                            Layer::Schema,
                            "ncts.schema.phase",
                            "the message is for no phase that the schemas know",
                        )
                        .expected(format!("one of {}", words.join(", ")))
                        .found(attribute.value())
                        .remedy("write PhaseID=\"NCTS6\", or leave it out");
                        self.push(root, &format!("{path}/@PhaseID"), raised);
                    }
                }
                (Some(INSTANCE), name) if HINTS.contains(&name) => {}
                (_, name) => self.push_below(root, &format!("/@{name}"), unknown_attribute(name)),
            }
        }
        phase
    }

    /// The element and all below. Nothing if the nesting is too deep.
    fn read_element(&mut self, node: Node<'_, '_>, depth: usize) -> Option<Element> {
        let name = node.tag_name().name();
        if depth > DEEPEST_NESTING {
            let message = format!("elements are nested deeper than {DEEPEST_NESTING}");
            self.push_below(node, "", Raised::new(Layer::Xml, "ncts.xml.too-deep", message));
            return None;
        }
        if depth > 1 {
            self.check_inner(node);
        }
        let known = Schema::published().find_name(name).map(Cow::Borrowed);
        let known = known.or_else(|| MessageType::find(name).map(|kind| Cow::Borrowed(kind.code())));
        let mut element =
            Element::read(known.unwrap_or_else(|| Cow::Owned(name.to_owned())), node.range().start);
        for child in node.children() {
            match child.node_type() {
                NodeType::Element => element.push(self.read_element(child, depth + 1)?),
                NodeType::Text => element.push_text(child.text().unwrap_or_default()),
                NodeType::Root | NodeType::PI | NodeType::Comment => {}
            }
        }
        // White space around elements is layout, and no part of what the message says.
        if !element.children().is_empty() {
            let said = element.text().trim_matches([' ', '\t', '\n', '\r']).to_owned();
            element.set_text(said);
        }
        Some(element)
    }

    /// Elements below the root are in no namespace and have no attributes.
    fn check_inner(&mut self, node: Node<'_, '_>) {
        let namespace = node.tag_name().namespace().unwrap_or_default();
        // A default namespace goes down to every element; the topmost one that has it says enough.
        let inherited = node.parent().filter(|parent| parent.parent_element().is_some());
        let said = inherited
            .is_some_and(|parent| parent.tag_name().namespace() == node.tag_name().namespace())
            || node
                .prev_sibling_element()
                .is_some_and(|before| before.tag_name().namespace() == node.tag_name().namespace());
        if !namespace.is_empty() && !said {
            let raised = Raised::new(
                Layer::Schema,
                "ncts.schema.namespace",
                "elements below the root are in no namespace",
            )
            .expected("no namespace")
            .found(namespace)
            .remedy(format!(
                "give the root a prefix, xmlns:ncts=\"{NAMESPACE}\", and the elements below none"
            ));
            self.push_below(node, "", raised);
        }
        for attribute in node.attributes() {
            if attribute.namespace() != Some(INSTANCE) || !HINTS.contains(&attribute.name()) {
                self.push_below(
                    node,
                    &format!("/@{}", attribute.name()),
                    unknown_attribute(attribute.name()),
                );
            }
        }
    }
}

fn unknown_attribute(name: &str) -> Raised {
    Raised::new(
        Layer::Schema,
        "ncts.schema.attribute",
        "the element has an attribute that the message does not know",
    )
    .found(name)
    .remedy("leave the attribute out")
}

/// The path of a node, for faults that are raised while reading.
fn path_of(node: Node<'_, '_>) -> String {
    let mut steps: Vec<String> = Vec::new();
    for step in node.ancestors().filter(Node::is_element) {
        let name = step.tag_name().name();
        let same = |other: &Node<'_, '_>| other.is_element() && other.tag_name().name() == name;
        let before = step.prev_siblings().filter(|other| *other != step && same(other)).count();
        let after = step.next_siblings().any(|other| other != step && same(&other));
        steps.push(if before > 0 || after { format!("{name}[{}]", before + 1) } else { name.to_owned() });
    }
    steps.reverse();
    format!("/{}", steps.join("/"))
}

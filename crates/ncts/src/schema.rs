//! The structure of every message as data: which element, in which order, how often, of which type.
//!
//! Source: `data/ncts/`, made from the published schemas; its README says how.

use crate::message_type::MessageType;
use crate::value::{Space, ValueKind, ValueType};
use kervan_model::{Confidence, Finding};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const MESSAGES: &str = include_str!("../../../data/ncts/messages.csv");
const GROUPS: &str = include_str!("../../../data/ncts/groups.csv");
const TYPES: &str = include_str!("../../../data/ncts/types.csv");

/// The place of a group in the schema; only the schema makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupId(usize);

/// The place of a value type in the schema; only the schema makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(usize);

/// A data group: elements in their order.
#[derive(Clone, Debug)]
pub struct Group {
    /// Our name of it, such as `consignment-item-2`; groups of the same structure share one.
    pub name: String,
    /// Its elements, in the order in which a message must have them.
    pub elements: Vec<ElementRule>,
}

/// An element of a group.
#[derive(Clone, Debug)]
pub struct ElementRule {
    /// The name in XML.
    pub name: &'static str,
    /// Least number of repetitions.
    pub least: u32,
    /// Greatest number of repetitions.
    pub most: u32,
    /// What it holds.
    pub holds: Holds,
    /// The code list of the value, such as `CL171`; a fact for people, its values are held only where known.
    pub list: Option<String>,
    /// Whether the element is required, optional or depends on conditions.
    pub need: Need,
    /// The name for people, as the published data dictionary has it.
    pub label: String,
}

/// What an element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Elements of a group.
    Group(GroupId),
    /// A value.
    Value(TypeId),
}

/// The optionality of the data dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Need {
    /// Always.
    #[serde(rename = "R")]
    Required,
    /// As the sender likes.
    #[serde(rename = "O")]
    Optional,
    /// As conditions say.
    #[serde(rename = "D")]
    Dependent,
}

/// One message of the set.
#[derive(Clone, Debug)]
pub struct MessageSchema {
    /// Which.
    pub kind: MessageType,
    /// The information exchange, such as `IE015`.
    pub number: String,
    /// The short name, such as `E_DEC_DAT`.
    pub short_name: String,
    /// What people call it.
    pub title: String,
    /// Who sends it: `trader`, `departure`, `destination`, `recovery`, `guarantee`, `guarantor`, `export`, `any`.
    pub from: String,
    /// Who receives it, in the same words.
    pub to: String,
    /// The elements of the root.
    pub root: GroupId,
    /// Where the facts are from.
    pub source: String,
    /// How far they can be trusted; what is medium has its direction from a judgement.
    pub confidence: Confidence,
}

/// The whole set.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    messages: Vec<MessageSchema>,
    groups: Vec<Group>,
    types: Vec<ValueType>,
    names: Vec<&'static str>,
}

#[derive(Deserialize)]
struct MessageRow {
    message: String,
    number: String,
    name: String,
    title: String,
    from: String,
    to: String,
    group: String,
    source: String,
    confidence: Confidence,
}

#[derive(Deserialize)]
struct GroupRow {
    group: String,
    element: String,
    least: u32,
    most: u32,
    content: String,
    #[serde(rename = "type")]
    kind: String,
    list: String,
    #[serde(rename = "use")]
    need: Need,
    label: String,
}

#[derive(Deserialize)]
struct TypeRow {
    #[serde(rename = "type")]
    name: String,
    kind: String,
    space: String,
    min: String,
    max: String,
    fraction: String,
    values: String,
}

/// Reads the rows of a table; a row that cannot be read is a finding.
pub(crate) fn rows<T: for<'a> Deserialize<'a>>(
    file: &str,
    text: &str,
    findings: &mut Vec<Finding>,
) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.deserialize() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                findings.push(Finding::error("ncts.table", kervan_model::in_plain_words(&error)).at(file))
            }
        }
    }
    rows
}

impl Schema {
    /// The published set, embedded.
    pub fn published() -> &'static Self {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        // A test reads the embedded tables and finds no fault in them.
        SCHEMA.get_or_init(|| Self::read(MESSAGES, GROUPS, TYPES).0)
    }

    /// Reads the three tables, with every fault found in them. A row with a fault is left out.
    pub fn read(messages: &str, groups: &str, types: &str) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut schema = Self::default();
        let types = schema.add_types(rows("types.csv", types, &mut findings), &mut findings);
        schema.add_groups(rows("groups.csv", groups, &mut findings), &types, &mut findings);
        let named: BTreeMap<String, GroupId> = schema
            .groups
            .iter()
            .enumerate()
            .map(|(index, group)| (group.name.clone(), GroupId(index)))
            .collect();
        for row in rows::<MessageRow>("messages.csv", messages, &mut findings) {
            match (MessageType::find(&row.message), named.get(&row.group)) {
                (Some(kind), Some(root)) => schema.messages.push(MessageSchema {
                    kind,
                    number: row.number,
                    short_name: row.name,
                    title: row.title,
                    from: row.from,
                    to: row.to,
                    root: *root,
                    source: row.source,
                    confidence: row.confidence,
                }),
                (None, _) => {
                    let what = format!("no such message type: {}", row.message);
                    findings.push(Finding::error("ncts.table", what).at("messages.csv"));
                }
                (_, None) => {
                    let what =
                        format!("message {} has a group that is not there: {}", row.message, row.group);
                    findings.push(Finding::error("ncts.table", what).at("messages.csv"));
                }
            }
        }
        schema.messages.sort_by_key(|message| message.kind);
        (schema, findings)
    }

    fn add_types(&mut self, rows: Vec<TypeRow>, findings: &mut Vec<Finding>) -> BTreeMap<String, TypeId> {
        let mut ids = BTreeMap::new();
        for row in rows {
            let values = row.values.split_whitespace().map(str::to_owned).collect();
            match ValueKind::read(&row.kind, &row.min, &row.max, &row.fraction, values) {
                Some(kind) => {
                    let space = if row.space == "replace" { Space::Replace } else { Space::Collapse };
                    ids.insert(row.name.clone(), TypeId(self.types.len()));
                    self.types.push(ValueType { name: row.name, space, kind });
                }
                None => findings.push(Finding::error("ncts.table", row.name).at("types.csv")),
            }
        }
        ids
    }

    fn add_groups(
        &mut self,
        rows: Vec<GroupRow>,
        types: &BTreeMap<String, TypeId>,
        findings: &mut Vec<Finding>,
    ) {
        let mut ids: BTreeMap<String, GroupId> = BTreeMap::new();
        for row in &rows {
            let next = GroupId(ids.len());
            if !ids.contains_key(&row.group) {
                ids.insert(row.group.clone(), next);
                self.groups.push(Group { name: row.group.clone(), elements: Vec::new() });
            }
        }
        for row in rows {
            let holds = match row.content.as_str() {
                "group" => ids.get(&row.kind).map(|id| Holds::Group(*id)),
                _ => types.get(&row.kind).map(|id| Holds::Value(*id)),
            };
            let Some(holds) = holds else {
                let what =
                    format!("{} in {} has a type that is not there: {}", row.element, row.group, row.kind);
                findings.push(Finding::error("ncts.table", what).at("groups.csv"));
                continue;
            };
            let name = self.intern(&row.element);
            let group = ids.get(&row.group).and_then(|id| self.groups.get_mut(id.0));
            let list = (!row.list.is_empty()).then_some(row.list);
            let (least, most, need, label) = (row.least, row.most, row.need, row.label);
            if let Some(group) = group {
                group.elements.push(ElementRule { name, least, most, holds, list, need, label });
            }
        }
    }

    /// Keeps a name for the life of the program: there are a few hundred, read once.
    fn intern(&mut self, name: &str) -> &'static str {
        match self.names.binary_search(&name) {
            Ok(index) => self.names.get(index).copied().unwrap_or_default(),
            Err(index) => {
                let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
                self.names.insert(index, kept);
                kept
            }
        }
    }

    /// Every message, in order of code.
    pub fn list_messages(&self) -> &[MessageSchema] {
        &self.messages
    }

    /// The schema of a message.
    pub fn find_message(&self, kind: MessageType) -> Option<&MessageSchema> {
        self.messages
            .binary_search_by_key(&kind, |message| message.kind)
            .ok()
            .and_then(|at| self.messages.get(at))
    }

    /// A group of this schema. The empty group answers for an id of another schema.
    pub fn group(&self, id: GroupId) -> &Group {
        static NONE: Group = Group { name: String::new(), elements: Vec::new() };
        self.groups.get(id.0).unwrap_or(&NONE)
    }

    /// A value type of this schema, if the id is of this schema.
    pub fn find_type(&self, id: TypeId) -> Option<&ValueType> {
        self.types.get(id.0)
    }

    /// Every group.
    pub fn list_groups(&self) -> &[Group] {
        &self.groups
    }

    /// The name as the schema keeps it, if any message has such an element.
    pub fn find_name(&self, name: &str) -> Option<&'static str> {
        self.names.binary_search(&name).ok().and_then(|at| self.names.get(at)).copied()
    }
}

impl Group {
    /// The place of an element in the order, and its rule.
    pub fn find(&self, name: &str) -> Option<(usize, &ElementRule)> {
        self.elements.iter().enumerate().find(|(_, element)| element.name == name)
    }
}

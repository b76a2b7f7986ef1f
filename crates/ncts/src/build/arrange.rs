//! Putting a tree into the order of its message, numbering it, and taking over what another message knows.

use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use crate::schema::{Group, Holds, Schema};
use std::collections::BTreeMap;

const SEQUENCE: &str = "sequenceNumber";

/// Puts the elements of every group into the order of the schema, and numbers repetitions that have no sequence number yet, from 1.
/// What the schema does not know goes to the end of its group, for `check_message` to name.
pub fn arrange(message: &mut Message) {
    let schema = Schema::published();
    if let Some(found) = schema.find_message(message.kind) {
        arrange_group(schema, schema.group(found.root), &mut message.root);
    }
}

fn arrange_group(schema: &Schema, group: &Group, element: &mut Element) {
    let place = |child: &Element| group.find(child.name()).map_or(usize::MAX, |(place, _)| place);
    element.children_mut().sort_by_key(place);
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for child in element.children_mut() {
        let Some((_, rule)) = group.find(child.name()) else { continue };
        let Holds::Group(id) = rule.holds else { continue };
        let inner = schema.group(id);
        let number = numbers.entry(child.name().to_owned()).or_default();
        *number += 1;
        if inner.find(SEQUENCE).is_some() && child.find(SEQUENCE).is_none() {
            child.children_mut().insert(0, Element::value(SEQUENCE, number.to_string()));
        }
        arrange_group(schema, inner, child);
    }
}

/// What a message of another kind takes over from a group of this one: every element that both know, with all below. The answer of
/// an office repeats most of a declaration in this way.
///
/// `path` names a group below the root of both, such as `Consignment`. Nothing if the message has no such group or the other kind
/// does not know it.
pub fn project(from: &Message, to: MessageType, path: &str) -> Option<Element> {
    let schema = Schema::published();
    let mut group = schema.group(schema.find_message(to)?.root);
    let mut element = &from.root;
    for name in path.split('/') {
        let (_, rule) = group.find(name)?;
        group = match rule.holds {
            Holds::Group(id) => schema.group(id),
            Holds::Value(_) => return None,
        };
        element = element.find(name)?;
    }
    let mut taken = element.clone();
    keep_known(schema, group, &mut taken);
    Some(taken)
}

/// Every group below the root that a message of another kind knows too, but those that are named; see [`project`].
pub fn project_all(from: &Message, to: MessageType, except: &[&str]) -> Vec<Element> {
    let groups = from.root.children().iter().filter(|group| !group.children().is_empty());
    let taken = groups.filter(|group| !except.contains(&group.name())).filter_map(|group| {
        // One at a time, for repeated groups are told apart by their place only.
        let root = Element::group(from.kind.code()).with(group.clone());
        project(&Message { kind: from.kind, phase: from.phase, root }, to, group.name())
    });
    taken.collect()
}

fn keep_known(schema: &Schema, group: &Group, element: &mut Element) {
    element.children_mut().retain(|child| group.find(child.name()).is_some());
    for child in element.children_mut() {
        if let Some(Holds::Group(id)) = group.find(child.name()).map(|(_, rule)| rule.holds) {
            keep_known(schema, schema.group(id), child);
        }
    }
}

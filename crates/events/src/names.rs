//! The names by which an event is found again: every identifier it holds, in one canonical form, with its role.

use crate::identifier::canonical_digital_link;
use crate::{Event, EventType};
use serde_json::Value;

/// What an identifier is to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameRole {
    /// A thing that was seen, or tied to a transaction.
    Epc,
    /// The containing or parent thing.
    Parent,
    /// A thing put into, or taken out of, the parent.
    Child,
    /// A thing that went into a transformation.
    Input,
    /// A thing that came out of a transformation.
    Output,
    /// A class of things of which a quantity is stated.
    Class,
    /// Where it was seen.
    ReadPoint,
    /// Where the things are afterwards.
    BizLocation,
    /// A business transaction.
    Transaction,
    /// A source or a destination.
    Party,
    /// The event's own id, if its reporter gave one.
    EventId,
    /// A transformation that several events share.
    Transformation,
    /// A word of a vocabulary: [`step_name`].
    Word,
}

/// An identifier of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// What it is to the event.
    pub role: NameRole,
    /// Its canonical form, as [`canonical_name`] gives it.
    pub uri: String,
}

/// The one form of an identifier: the canonical Digital Link of a GS1 key however it is written, any other text as it is.
///
/// ```
/// use kervan_events::canonical_name;
///
/// let link = "https://id.gs1.org/00/340123451111111111";
/// assert_eq!(canonical_name("urn:epc:id:sscc:4012345.3111111111"), link);
/// assert_eq!(canonical_name("https://shop.example/00/340123451111111111"), link);
/// assert_eq!(canonical_name("urn:epc:id:bic:CSQU3054383"), "urn:epc:id:bic:CSQU3054383");
/// ```
pub fn canonical_name(uri: &str) -> String {
    canonical_digital_link(uri).unwrap_or_else(|| uri.to_owned())
}

/// The name under which the events of a business step are found: a bare word of the vocabulary, or a URI.
pub fn step_name(step: &str) -> String {
    format!("bizStep {step}")
}

/// Every name of an event, each with its role; the same name may stand in several roles.
pub fn list_names(event: &Event) -> Vec<Name> {
    let mut names = Vec::with_capacity(12);
    let mut add = |role, uri: &str| names.push(Name { role, uri: canonical_name(uri) });
    let thing = match event.event_type {
        EventType::Aggregation | EventType::Association => NameRole::Child,
        _ => NameRole::Epc,
    };
    event.epcs.iter().for_each(|epc| add(thing, epc));
    event.inputs.iter().for_each(|epc| add(NameRole::Input, epc));
    event.outputs.iter().for_each(|epc| add(NameRole::Output, epc));
    event.parent.iter().for_each(|epc| add(NameRole::Parent, epc));
    event.read_point.iter().for_each(|place| add(NameRole::ReadPoint, place));
    event.biz_location.iter().for_each(|place| add(NameRole::BizLocation, place));
    event.biz_transactions.iter().for_each(|(_, uri)| add(NameRole::Transaction, uri));
    let lists = [
        ("quantityList", "epcClass", NameRole::Class),
        ("childQuantityList", "epcClass", NameRole::Class),
        ("inputQuantityList", "epcClass", NameRole::Class),
        ("outputQuantityList", "epcClass", NameRole::Class),
        ("sourceList", "source", NameRole::Party),
        ("destinationList", "destination", NameRole::Party),
    ];
    for (list, field, role) in lists {
        let items = event.json.get(list).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.get(field)?.as_str()).for_each(|uri| add(role, uri));
    }
    if let Some(id) = event.json.get("transformationID").and_then(Value::as_str) {
        add(NameRole::Transformation, id);
    }
    if event.id != event.hash.as_str() {
        names.push(Name { role: NameRole::EventId, uri: event.id.clone() });
    }
    if let Some(step) = &event.biz_step {
        names.push(Name { role: NameRole::Word, uri: step_name(step) });
    }
    names
}

/// Whether a name, in its canonical form, is among those of an event.
pub fn has_name(event: &Event, name: &str) -> bool {
    // Most names stand in an event in the form in which they are asked for.
    let mut plain = event.things().chain(event.read_point.as_deref()).chain(event.biz_location.as_deref());
    plain.any(|held| held == name) || list_names(event).iter().any(|held| held.uri == name)
}

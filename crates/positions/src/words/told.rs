//! A milestone as somebody else tells it.

use jiff::Timestamp;
use jiff::tz::Offset;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_events::MilestoneCode;
use kervan_events::mapping::{container_uri, place_uri};
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Whether something is planned, expected or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classifier {
    /// As planned.
    Planned,
    /// As expected now.
    Estimated,
    /// As it was.
    Actual,
}

impl Classifier {
    /// The word in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Estimated => "estimated",
            Self::Actual => "actual",
        }
    }
}

/// A milestone as somebody else tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// Where in the document, as a JSON pointer.
    pub path: String,
    /// The list that its word is of, and the word.
    pub word: (String, String),
    /// Planned, estimated or actual.
    pub classifier: Classifier,
    /// Milestone of ours, if the word is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone: Option<MilestoneCode>,
    /// When.
    pub at: Timestamp,
    /// Where, if the place has a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// The containers that it is about.
    pub containers: Vec<ContainerNumber>,
    /// The consignment that it is about, as the sender names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignment: Option<String>,
    /// The EPCIS event, if it was and its word is an event of the goods. Invariant: only of actual ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Value>,
}

/// What a document of others says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Milestones, in the order of the document.
    pub told: Vec<Told>,
    /// Everything that is wrong or not understood.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// The events of what was, as a capture.
    pub fn capture(&self, created: Timestamp) -> Value {
        let events: Vec<Value> = self.told.iter().filter_map(|told| told.event.clone()).collect();
        kervan_events::report::document(&events, created)
    }
}

/// What an event is built of.
pub(super) struct Parts<'p> {
    pub(super) step: &'p str,
    pub(super) disposition: Option<&'p str>,
    pub(super) at: Timestamp,
    pub(super) offset: Offset,
    pub(super) place: Option<&'p PlaceCode>,
    pub(super) containers: &'p [ContainerNumber],
    pub(super) consignment: Option<&'p str>,
    /// The URI of the conveyance.
    pub(super) conveyance: Option<String>,
}

/// The EPCIS event of what was; nothing if it names no thing, which no event may.
pub(super) fn build_event(parts: &Parts<'_>) -> Option<Value> {
    let things: Vec<_> = parts.containers.iter().map(container_uri).collect();
    let reference = parts.consignment.and_then(|text| text.parse().ok());
    if things.is_empty() && reference.is_none() {
        return None;
    }
    let minutes = parts.offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let offset = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
    let mut event = json!({
        "type": "ObjectEvent",
        "eventTime": parts.at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        "eventTimeZoneOffset": offset,
        "action": "OBSERVE",
        "bizStep": parts.step,
        "epcList": things,
    });
    let mut set = |name: &str, value: Value| {
        if let Some(fields) = event.as_object_mut() {
            fields.insert(name.to_owned(), value);
        }
    };
    if let Some(disposition) = parts.disposition {
        set("disposition", disposition.into());
    }
    if let Some(place) = parts.place {
        set("readPoint", json!({"id": place_uri(place)}));
    }
    if let Some(reference) = reference {
        let uri = kervan_events::mapping::consignment_uri(&reference);
        let kind = kervan_events::mapping::CONSIGNMENT_TYPE;
        set("bizTransactionList", json!([{"type": kind, "bizTransaction": uri}]));
    }
    // Goods that are put on a ship are in it afterwards.
    let aboard = match parts.step {
        "loading" => Some("ADD"),
        "unloading" => Some("DELETE"),
        _ => None,
    };
    if let (Some(conveyance), Some(action), false) = (&parts.conveyance, aboard, things.is_empty()) {
        set("type", "AggregationEvent".into());
        set("action", action.into());
        set("parentID", conveyance.clone().into());
        set("childEPCs", things.into());
        if let Some(fields) = event.as_object_mut() {
            fields.remove("epcList");
        }
    }
    Some(event)
}

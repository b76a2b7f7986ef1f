//! An event as it is kept: the JSON as captured, and the fields that are asked for.

use jiff::Timestamp;
use kervan_model::Finding;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// Something that happened, as an EPCIS 2.0 event.
///
/// Invariant: made only by reading a capture, so `json` is a valid event and the other fields agree with it. What was
/// captured is never changed: unknown extension fields, the order inside lists and the captured `recordTime` stay in `json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What the event is, as a hash of its content; two captures of the same event have the same hash.
    pub hash: EventHash,
    /// The `eventID` given by the reporter, or else the hash.
    pub id: String,
    /// The event as captured.
    pub json: Value,
    /// The JSON-LD context it was captured under, shared by the events of one document; `null` if there was none.
    pub context: Arc<Value>,
    /// Which of the five kinds.
    pub event_type: EventType,
    /// When it happened.
    pub event_time: Timestamp,
    /// When this node took it in.
    pub record_time: Timestamp,
    /// What the event does to the life of the things named; absent in a transformation.
    pub action: Option<Action>,
    /// The business step: a bare word of the Core Business Vocabulary, or the URI of another vocabulary.
    pub biz_step: Option<String>,
    /// The disposition: a bare word of the Core Business Vocabulary, or the URI of another vocabulary.
    pub disposition: Option<String>,
    /// URI of the place where it was seen.
    pub read_point: Option<String>,
    /// URI of the place where the things are afterwards.
    pub biz_location: Option<String>,
    /// The containing or parent thing.
    pub parent: Option<String>,
    /// Things of `epcList` and `childEPCs`, as captured.
    pub epcs: Vec<String>,
    /// Things that went into a transformation.
    pub inputs: Vec<String>,
    /// Things that came out of a transformation.
    pub outputs: Vec<String>,
    /// Business transactions: type (bare word or URI; empty if none is given) and URI.
    pub biz_transactions: Vec<(String, String)>,
    /// Set if the event withdraws an earlier one.
    pub error_declaration: Option<ErrorDeclaration>,
    /// Remarks that refuse nothing, for example that the reporter's clock is ahead.
    pub findings: Vec<Finding>,
}

impl Event {
    /// Every single thing that the event names, in any role.
    pub fn things(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.epcs, &self.inputs, &self.outputs];
        self.parent.iter().chain(lists.into_iter().flatten()).map(String::as_str)
    }

    /// Whether it was reported with a clock so far ahead that its time cannot be relied on.
    pub fn is_clock_ahead(&self) -> bool {
        self.findings.iter().any(|finding| finding.code == crate::CLOCK_AHEAD)
    }
}

/// The identity of an event. Shape: `ni:///sha-256;<64 hexadecimal digits>?ver=CBV2.0`.
/// Source: GS1 Core Business Vocabulary 2.0, section 8.9.2; RFC 6920.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventHash(String);

impl EventHash {
    /// The hash of a canonical pre-hash string.
    pub(crate) fn of_prehash(prehash: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(prehash.as_bytes()));
        Self(format!("ni:///sha-256;{digest}?ver=CBV2.0"))
    }

    /// The whole URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash itself.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(self.digits().as_bytes().chunks_exact(2)) {
            let digit = |at: usize| pair.get(at).and_then(|c| char::from(*c).to_digit(16)).unwrap_or(0) as u8;
            *byte = digit(0) << 4 | digit(1);
        }
        bytes
    }

    /// The id of a hash.
    pub fn of_bytes(bytes: &[u8; 32]) -> Self {
        Self(format!("ni:///sha-256;{}?ver=CBV2.0", data_encoding::HEXLOWER.encode(bytes)))
    }

    /// The 64 hexadecimal digits alone.
    pub fn digits(&self) -> &str {
        self.0.get(14..78).unwrap_or_default()
    }
}

impl fmt::Display for EventHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The kind of an event. Source: EPCIS 2.0, section 7.4.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventType {
    /// Something happened to single things or to a quantity of a class.
    Object,
    /// Things were put together, seen together or taken apart.
    Aggregation,
    /// Things were tied to a business transaction.
    Transaction,
    /// Things became other things.
    Transformation,
    /// A thing was fixed to another or to a place, such as a seal or a sensor to a container.
    Association,
    /// An event of another vocabulary; kept, never understood.
    Extended(String),
}

impl EventType {
    /// The value of the `type` field.
    pub fn word(&self) -> &str {
        match self {
            Self::Object => "ObjectEvent",
            Self::Aggregation => "AggregationEvent",
            Self::Transaction => "TransactionEvent",
            Self::Transformation => "TransformationEvent",
            Self::Association => "AssociationEvent",
            Self::Extended(uri) => uri,
        }
    }

    /// The type of a `type` field; every other word is taken as that of another vocabulary.
    pub(crate) fn of_word(word: &str) -> Self {
        match word {
            "ObjectEvent" => Self::Object,
            "AggregationEvent" => Self::Aggregation,
            "TransactionEvent" => Self::Transaction,
            "TransformationEvent" => Self::Transformation,
            "AssociationEvent" => Self::Association,
            other => Self::Extended(other.to_owned()),
        }
    }
}

/// What an event does to the life of the things it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Seen; nothing begins or ends.
    Observe,
    /// Begins: made, put in, tied to.
    Add,
    /// Ends: consumed, taken out, untied.
    Delete,
}

impl Action {
    /// The value of the `action` field.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Observe => "OBSERVE",
            Self::Add => "ADD",
            Self::Delete => "DELETE",
        }
    }

    pub(crate) fn find(word: &str) -> Option<Self> {
        [Self::Observe, Self::Add, Self::Delete].into_iter().find(|action| action.word() == word)
    }
}

/// The statement that an event with the same content should not have been captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorDeclaration {
    /// When the error was declared.
    pub declared: Timestamp,
    /// Why: `did_not_occur`, `incorrect_data`, or the URI of another vocabulary.
    pub reason: Option<String>,
    /// Ids of the events that stand in its place.
    pub corrected_by: Vec<String>,
}

//! Events as they are kept, and the names by which they are found.

use jiff::Timestamp;
use kervan_model::Reference;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A captured event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Place in the sequence of the store, from 1, without gap: the cursor of every reader. Given by the store; what is
    /// passed in is not looked at.
    pub seq: u64,
    /// SHA-256 of its content: its identity. An event whose hash is there already is left as it is.
    pub hash: [u8; 32],
    /// The consignment it belongs to, if it is known here.
    pub reference: Option<Reference>,
    /// When it happened.
    pub event_time: Timestamp,
    /// When it was captured.
    pub record_time: Timestamp,
    /// The context it was captured under, JSON; shared by the events of a capture.
    pub context: Arc<str>,
    /// The event, JSON, as captured.
    pub event: String,
    /// What it is found by. Read back in the order of keys, each mark once.
    pub marks: Vec<EventMark>,
    /// Words of vocabularies that it uses, for lists of all that are in use. Not read back.
    pub words: Vec<EventWord>,
}

/// A name in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventMark {
    /// The name.
    pub key: EventKey,
    /// Its role in the event.
    pub role: EventRole,
}

/// The first 64 bits of the SHA-256 of a name. Two names can share a key, if somebody takes the trouble: a reader who
/// must be sure looks at the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey(pub(crate) u64);

impl EventKey {
    /// The key of a name in its canonical form.
    pub fn of(name: &str) -> Self {
        Self::of_digest(&Sha256::digest(name.as_bytes()).into())
    }

    /// The key of something whose identity is a SHA-256 already.
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *digest;
        Self(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }
}

/// What a name is to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
pub enum EventRole {
    /// A thing that was seen, or tied to a transaction.
    Epc = 1,
    /// The containing or parent thing.
    Parent = 1 << 1,
    /// A thing put into, or taken out of, the parent.
    Child = 1 << 2,
    /// A thing that went into a transformation.
    Input = 1 << 3,
    /// A thing that came out of a transformation.
    Output = 1 << 4,
    /// A class of things of which a quantity is stated.
    Class = 1 << 5,
    /// Where it was seen.
    ReadPoint = 1 << 6,
    /// Where the things are afterwards.
    BizLocation = 1 << 7,
    /// A business transaction.
    Transaction = 1 << 8,
    /// The consignment it belongs to, by its reference. Set by the store itself.
    Consignment = 1 << 9,
    /// Where from, or where to: a source or a destination.
    Party = 1 << 10,
    /// The event's own id, given by its reporter.
    EventId = 1 << 11,
    /// A transformation that several events share.
    Transformation = 1 << 12,
    /// A word of a vocabulary, such as a business step.
    Word = 1 << 13,
    /// The event's hash. Set by the store itself.
    Hash = 1 << 14,
}

impl EventRole {
    /// The roles that a caller states.
    pub(crate) const STATED: [Self; 13] = [
        Self::Epc,
        Self::Parent,
        Self::Child,
        Self::Input,
        Self::Output,
        Self::Class,
        Self::ReadPoint,
        Self::BizLocation,
        Self::Transaction,
        Self::Party,
        Self::EventId,
        Self::Transformation,
        Self::Word,
    ];
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(pub(crate) u16);

impl Roles {
    /// Every role.
    pub const ALL: Self = Self(u16::MAX);
    /// A single thing in whatever role.
    pub const THING: Self = Self(0b1_1111);
    /// Those whose keys the filter of a run knows.
    pub(crate) const FILTERED: Self = Self(EventRole::Hash as u16 | EventRole::Parent as u16);

    /// The set of these roles.
    pub fn of(roles: &[EventRole]) -> Self {
        Self(roles.iter().fold(0, |set, role| set | *role as u16))
    }

    /// This set without these roles.
    #[must_use]
    pub fn without(self, roles: &[EventRole]) -> Self {
        self.without_all(Self::of(roles))
    }

    pub(crate) fn without_all(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The roles of this set that are in another one.
    pub(crate) fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn meets(self, bits: u16) -> bool {
        self.0 & bits != 0
    }
}

/// Which events of a name.
#[derive(Clone, Copy, Debug)]
pub struct EventQuery {
    /// The name.
    pub key: EventKey,
    /// In which roles.
    pub roles: Roles,
    /// Only events beyond this place in the sequence, or before it if the latest come first. 0: all.
    pub after: u64,
    /// Only events that happened at this instant or later.
    pub from: Option<Timestamp>,
    /// Only events that happened before this instant.
    pub until: Option<Timestamp>,
    /// Whether those captured last come first.
    pub latest_first: bool,
    /// Most events in the answer.
    pub most: u32,
}

impl EventQuery {
    /// The first events of a name in any role.
    pub fn of(key: EventKey, most: u32) -> Self {
        Self { key, roles: Roles::ALL, after: 0, from: None, until: None, latest_first: false, most }
    }

    /// Whether an event happened in the time that is asked about.
    pub(crate) fn meets_time(&self, event: &EventRow) -> bool {
        self.from.is_none_or(|from| from <= event.event_time)
            && self.until.is_none_or(|until| event.event_time < until)
    }
}

/// A kind of word that is listed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordKind {
    /// Type of event.
    EventType,
    /// Business step.
    BizStep,
    /// Disposition.
    Disposition,
    /// Where things were seen.
    ReadPoint,
    /// Where things are.
    BizLocation,
    /// Company prefix of a key of GS1.
    CompanyPrefix,
}

impl WordKind {
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::EventType => 1,
            Self::BizStep => 2,
            Self::Disposition => 3,
            Self::ReadPoint => 4,
            Self::BizLocation => 5,
            Self::CompanyPrefix => 6,
        }
    }
}

/// A word of a vocabulary that an event uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventWord {
    /// Of which vocabulary.
    pub kind: WordKind,
    /// The word or URI.
    pub word: String,
}

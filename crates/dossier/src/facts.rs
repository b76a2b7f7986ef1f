//! The typed view of an entry's body: what each kind of fact says, and how it is laid out in groups.
//!
//! Groups are chosen by who may need to be kept from reading them: prices and parties apart from the goods, a
//! declaration apart from the progress of its movement, findings apart from the outcome.

use crate::consent_facts::{AmendmentAnswered, CarriageAccepted};
use crate::control_facts::{
    BillIssued, BillResolved, BillSurrendered, BillTransferred, ConsignmentGrouped, ConsignmentSplit,
    DocumentCancelled, ParticipantsWithdrawn,
};
use crate::document_facts::{DocumentHead, DocumentIssued, DocumentPrices, join_document, split_document};
use crate::groups::{Disclosed, GroupName, Salt};
use crate::header::Kind;
use crate::movement_facts::{
    ConsignmentDelivered, DecisionHead, EventReported, MovementHead, TransitDecided, TransitDeclared,
};
use crate::participants::{KeyRevoked, KeyRotated, Participant};
use kervan_model::{AttachedDocument, Consignment, EntryKind, Finding, Itinerary, KeyFacts, Party, Prices};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One corrected value of the consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// JSON pointer into the serialized [`Consignment`], such as `/goods/0/gross_mass`.
    pub path: String,
    /// The new value; `null` removes a member, or the last item of a list.
    pub value: Value,
    /// The value that the author saw there; `null` if there was none.
    pub was: Value,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The consignment and who takes part in the dossier.
    ConsignmentDeclared {
        /// The consignment.
        consignment: Consignment,
        /// Who takes part, the author included.
        participants: Vec<Participant>,
    },
    /// More participants.
    ParticipantsAdmitted {
        /// Who.
        participants: Vec<Participant>,
    },
    /// A key takes the place of another.
    KeyRotated(KeyRotated),
    /// A key is no longer to be trusted.
    KeyRevoked(KeyRevoked),
    /// Values of the consignment are corrected, all of them or none.
    ConsignmentAmended {
        /// Why, in words.
        reason: String,
        /// What.
        changes: Vec<Change>,
    },
    /// An itinerary is accepted.
    ItineraryAccepted {
        /// The itinerary.
        itinerary: Itinerary,
    },
    /// A document of somebody else is attached.
    DocumentAttached(AttachedDocument),
    /// A document is issued from the dossier.
    DocumentIssued(DocumentIssued),
    /// A transit declaration is lodged.
    TransitDeclared(TransitDeclared),
    /// An authority decides on a movement, or notes its progress.
    TransitDecided(TransitDecided),
    /// Something happened to the goods.
    EventReported(EventReported),
    /// The consignment was delivered.
    ConsignmentDelivered(ConsignmentDelivered),
    /// Parties take part no longer, from this point of the graph on.
    ParticipantsWithdrawn(ParticipantsWithdrawn),
    /// An issued document is cancelled.
    DocumentCancelled(DocumentCancelled),
    /// A negotiable bill of lading is issued: its holder controls the goods.
    BillIssued(BillIssued),
    /// The holder of a bill passes control on, or pledges it.
    BillTransferred(BillTransferred),
    /// The holder of a bill gives it up to the carrier, for delivery.
    BillSurrendered(BillSurrendered),
    /// The carrier says who holds a bill that was transferred twice.
    BillResolved(BillResolved),
    /// The consignment goes on as several.
    ConsignmentSplit(ConsignmentSplit),
    /// Several consignments travel under one master document.
    ConsignmentGrouped(ConsignmentGrouped),
    /// A carrier has accepted the goods for carriage.
    CarriageAccepted(CarriageAccepted),
    /// A carrier consents to an amendment, or refuses it.
    AmendmentAnswered(AmendmentAnswered),
}

/// Why a body cannot be read as a fact.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// A group that is needed is not in this copy.
    #[error("group `{0}` is not in this copy")]
    Withheld(&'static str),
    /// The content has another shape than its kind.
    #[error("group `{group}`: {reason}")]
    Malformed {
        /// The group.
        group: &'static str,
        /// Why it cannot be read.
        reason: String,
    },
    /// The content must not be signed.
    #[error("group `{group}`: {reason}")]
    Content {
        /// The group.
        group: String,
        /// Why not.
        reason: String,
    },
    /// The kind is not known to this version.
    #[error("this version does not know entries of kind `{0}`")]
    UnknownKind(String),
}

impl Fact {
    /// The kind of the entry that states it.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::ConsignmentDeclared { .. } => EntryKind::ConsignmentDeclared,
            Self::ParticipantsAdmitted { .. } => EntryKind::ParticipantsAdmitted,
            Self::KeyRotated(_) => EntryKind::KeyRotated,
            Self::KeyRevoked(_) => EntryKind::KeyRevoked,
            Self::ConsignmentAmended { .. } => EntryKind::ConsignmentAmended,
            Self::ItineraryAccepted { .. } => EntryKind::ItineraryAccepted,
            Self::DocumentAttached(_) => EntryKind::DocumentAttached,
            Self::DocumentIssued(_) => EntryKind::DocumentIssued,
            Self::TransitDeclared(_) => EntryKind::TransitDeclared,
            Self::TransitDecided(_) => EntryKind::TransitDecided,
            Self::EventReported(_) => EntryKind::EventReported,
            Self::ConsignmentDelivered(_) => EntryKind::ConsignmentDelivered,
            Self::ParticipantsWithdrawn(_) => EntryKind::ParticipantsWithdrawn,
            Self::DocumentCancelled(_) => EntryKind::DocumentCancelled,
            Self::BillIssued(_) => EntryKind::BillIssued,
            Self::BillTransferred(_) => EntryKind::BillTransferred,
            Self::BillSurrendered(_) => EntryKind::BillSurrendered,
            Self::BillResolved(_) => EntryKind::BillResolved,
            Self::ConsignmentSplit(_) => EntryKind::ConsignmentSplit,
            Self::ConsignmentGrouped(_) => EntryKind::ConsignmentGrouped,
            Self::CarriageAccepted(_) => EntryKind::CarriageAccepted,
            Self::AmendmentAnswered(_) => EntryKind::AmendmentAnswered,
        }
    }

    /// The body of an entry that states it, by group.
    pub fn to_groups(&self) -> BTreeMap<GroupName, Value> {
        let mut groups = Groups::default();
        match self {
            Self::ConsignmentDeclared { consignment, participants } => {
                let bare = Consignment { parties: vec![], prices: None, ..consignment.clone() };
                groups.put("consignment", &bare);
                groups.put("parties", &consignment.parties);
                if let Some(prices) = &consignment.prices {
                    groups.put("prices", prices);
                }
                groups.put("participants", participants);
            }
            Self::ParticipantsAdmitted { participants } => groups.put("participants", participants),
            Self::KeyRotated(fact) => groups.put("key", fact),
            Self::KeyRevoked(fact) => groups.put("key", fact),
            Self::ConsignmentAmended { reason, changes } => {
                groups.put("reason", reason);
                for name in CHANGE_GROUPS {
                    let part: Vec<_> = changes.iter().filter(|change| change.group() == name).collect();
                    if name == "changes" || !part.is_empty() {
                        groups.put(name, &part);
                    }
                }
            }
            Self::ItineraryAccepted { itinerary } => groups.put("itinerary", itinerary),
            Self::DocumentAttached(document) => {
                let (head, facts, prices) = split_document(document);
                groups.put("document", &head);
                groups.put("facts", &facts);
                if let Some(prices) = prices {
                    groups.put("prices", &prices);
                }
            }
            Self::DocumentIssued(fact) => groups.put("document", fact),
            Self::TransitDeclared(fact) => {
                groups.put("movement", &fact.to_head());
                groups.put("declaration", &fact.declaration);
            }
            Self::TransitDecided(fact) => {
                groups.put("decision", &fact.to_head());
                groups.put("findings", &fact.findings);
                if !fact.case.is_null() {
                    groups.put("case", &fact.case);
                }
            }
            Self::EventReported(fact) => groups.put("event", fact),
            Self::ConsignmentDelivered(fact) => groups.put("delivery", fact),
            Self::ParticipantsWithdrawn(fact) => groups.put("withdrawal", fact),
            Self::DocumentCancelled(fact) => groups.put("cancellation", fact),
            Self::BillIssued(fact) => groups.put("bill", fact),
            Self::BillTransferred(fact) => groups.put("bill", fact),
            Self::BillSurrendered(fact) => groups.put("bill", fact),
            Self::BillResolved(fact) => groups.put("bill", fact),
            Self::ConsignmentSplit(fact) => groups.put("split", fact),
            Self::ConsignmentGrouped(fact) => groups.put("consolidation", fact),
            Self::CarriageAccepted(fact) => groups.put("carriage", fact),
            Self::AmendmentAnswered(fact) => groups.put("answer", fact),
        }
        groups.0
    }

    /// The fact of this kind that groups say which were not signed yet.
    ///
    /// Errors: [`FactError`].
    pub fn from_groups(kind: EntryKind, groups: &BTreeMap<GroupName, Value>) -> Result<Self, FactError> {
        let mut body = BTreeMap::new();
        for (group, content) in groups {
            let disclosed = Disclosed::new(Salt::from_bytes([0; 16]), content).map_err(|error| {
                FactError::Content { group: group.to_string(), reason: error.to_string() }
            })?;
            body.insert(group.clone(), disclosed);
        }
        Self::read(&Kind::Known(kind), &body)
    }

    /// Reads the body of an entry of this kind.
    ///
    /// Groups that may be withheld (prices, parties, key facts, a declaration, findings) read as absent; what the rest
    /// hangs on must be there.
    ///
    /// Errors: [`FactError`].
    pub fn read(kind: &Kind, body: &BTreeMap<GroupName, Disclosed>) -> Result<Self, FactError> {
        let Kind::Known(kind) = kind else {
            return Err(FactError::UnknownKind(kind.word().to_owned()));
        };
        let body = Body(body);
        Ok(match kind {
            EntryKind::ConsignmentDeclared => {
                let mut consignment: Consignment = body.need("consignment")?;
                consignment.parties = body.find::<Vec<Party>>("parties")?.unwrap_or_default();
                consignment.prices = body.find::<Prices>("prices")?;
                Self::ConsignmentDeclared { consignment, participants: body.need("participants")? }
            }
            EntryKind::ParticipantsAdmitted => {
                Self::ParticipantsAdmitted { participants: body.need("participants")? }
            }
            EntryKind::KeyRotated => Self::KeyRotated(body.need("key")?),
            EntryKind::KeyRevoked => Self::KeyRevoked(body.need("key")?),
            EntryKind::ConsignmentAmended => read_amendment(&body)?,
            EntryKind::ItineraryAccepted => Self::ItineraryAccepted { itinerary: body.need("itinerary")? },
            EntryKind::DocumentAttached => {
                let head: DocumentHead = body.need("document")?;
                let facts: Option<KeyFacts> = body.find("facts")?;
                let prices: Option<DocumentPrices> = body.find("prices")?;
                Self::DocumentAttached(join_document(head, facts, prices))
            }
            EntryKind::DocumentIssued => Self::DocumentIssued(body.need("document")?),
            EntryKind::TransitDeclared => {
                let head: MovementHead = body.need("movement")?;
                let declaration: Option<Value> = body.find("declaration")?;
                Self::TransitDeclared(TransitDeclared::from_parts(head, declaration.unwrap_or_default()))
            }
            EntryKind::TransitDecided => {
                let head: DecisionHead = body.need("decision")?;
                let findings: Option<Vec<Finding>> = body.find("findings")?;
                let case: Option<Value> = body.find("case")?;
                let (findings, case) = (findings.unwrap_or_default(), case.unwrap_or_default());
                Self::TransitDecided(TransitDecided::from_parts(head, findings, case))
            }
            EntryKind::EventReported => Self::EventReported(body.need("event")?),
            EntryKind::ConsignmentDelivered => Self::ConsignmentDelivered(body.need("delivery")?),
            EntryKind::ParticipantsWithdrawn => Self::ParticipantsWithdrawn(body.need("withdrawal")?),
            EntryKind::DocumentCancelled => Self::DocumentCancelled(body.need("cancellation")?),
            EntryKind::BillIssued => Self::BillIssued(body.need("bill")?),
            EntryKind::BillTransferred => Self::BillTransferred(body.need("bill")?),
            EntryKind::BillSurrendered => Self::BillSurrendered(body.need("bill")?),
            EntryKind::BillResolved => Self::BillResolved(body.need("bill")?),
            EntryKind::ConsignmentSplit => Self::ConsignmentSplit(body.need("split")?),
            EntryKind::ConsignmentGrouped => Self::ConsignmentGrouped(body.need("consolidation")?),
            EntryKind::CarriageAccepted => Self::CarriageAccepted(body.need("carriage")?),
            EntryKind::AmendmentAnswered => Self::AmendmentAnswered(body.need("answer")?),
        })
    }
}

/// The groups of an amendment's changes, in the order in which they are read.
const CHANGE_GROUPS: [&str; 3] = ["changes", "parties", "prices"];

impl Change {
    /// The group that a change belongs to: that of the value it changes.
    fn group(&self) -> &'static str {
        group_of(&self.path)
    }
}

/// The group of an amendment in which a change at this place stands.
pub(crate) fn group_of(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("parties") => "parties",
        Some("prices") => "prices",
        _ => "changes",
    }
}

fn read_amendment(body: &Body<'_>) -> Result<Fact, FactError> {
    let mut changes = Vec::new();
    for name in CHANGE_GROUPS {
        let part: Option<Vec<Change>> = body.find(name)?;
        if name == "changes" && part.is_none() {
            return Err(FactError::Withheld("changes"));
        }
        for change in part.unwrap_or_default() {
            if change.group() != name {
                let reason = format!("`{}` belongs to group `{}`", change.path, change.group());
                return Err(FactError::Malformed { group: name, reason });
            }
            changes.push(change);
        }
    }
    Ok(Fact::ConsignmentAmended { reason: body.find("reason")?.unwrap_or_default(), changes })
}

/// Reads the participants that an entry names, whether or not the rest of its body is disclosed.
pub(crate) fn read_participants(
    body: &BTreeMap<GroupName, Disclosed>,
) -> Result<Vec<Participant>, FactError> {
    Body(body).need("participants")
}

struct Body<'a>(&'a BTreeMap<GroupName, Disclosed>);

impl Body<'_> {
    fn find<T: for<'de> Deserialize<'de>>(&self, group: &'static str) -> Result<Option<T>, FactError> {
        let Some(disclosed) = self.0.get(group) else {
            return Ok(None);
        };
        serde_json::from_str(disclosed.text())
            .map(Some)
            .map_err(|error| FactError::Malformed { group, reason: kervan_model::in_plain_words(&error) })
    }

    fn need<T: for<'de> Deserialize<'de>>(&self, group: &'static str) -> Result<T, FactError> {
        self.find(group)?.ok_or(FactError::Withheld(group))
    }
}

#[derive(Default)]
struct Groups(BTreeMap<GroupName, Value>);

impl Groups {
    fn put(&mut self, name: &'static str, content: &impl Serialize) {
        // Our facts are plain data with text keys, and the names stand above: neither can fail.
        if let (Ok(name), Ok(value)) = (name.parse(), serde_json::to_value(content)) {
            self.0.insert(name, value);
        }
    }
}

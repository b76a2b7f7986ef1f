//! What a dossier says when everything in it is taken together.

use crate::bills::BillState;
use crate::consent_facts::CarriageAccepted;
use crate::control_facts::{ConsignmentGrouped, ConsignmentSplit};
use crate::did::Did;
use crate::document_facts::{DocumentIssued, DocumentStanding};
use crate::facts::Change;
use crate::header::Author;
use crate::movement_facts::{ConsignmentDelivered, EventReported, TransitDecided, TransitDeclared};
use crate::participants::Participant;
use jiff::Timestamp;
use kervan_codes::Mrn;
use kervan_model::{
    AttachedDocument, Consignment, DossierId, EntryId, Finding, Itinerary, MovementId, PartyId,
};
use std::collections::BTreeMap;

/// Something that an entry in force says, and who said it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The entry.
    pub entry: EntryId,
    /// Who.
    pub author: Author,
    /// When, by the author's clock.
    pub authored: Timestamp,
    /// What.
    pub fact: T,
}

/// An amendment in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Why, in words.
    pub reason: String,
    /// What was changed.
    pub changes: Vec<Change>,
}

/// An amendment that needed the consent of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What it would change.
    pub amendment: Amendment,
    /// Whether it does.
    pub standing: ProposalStanding,
}

/// What became of an amendment that needed consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalStanding {
    /// It changes nothing until these carriers consent.
    Pending {
        /// Whose answer is wanted.
        waits_for: Vec<PartyId>,
    },
    /// It is in force: every carrier that was asked has consented.
    Agreed,
    /// It changes nothing: a carrier has refused.
    Refused {
        /// The entry that says so.
        by: EntryId,
    },
}

/// A transit movement as its entries leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementState {
    /// The declaration in force: the last one lodged.
    pub declared: Stated<TransitDeclared>,
    /// The state, by its word; `declared` until the authority says otherwise.
    pub state: String,
    /// The movement reference number, once it is given.
    pub mrn: Option<Mrn>,
    /// Decisions and steps, in causal order.
    pub history: Vec<Stated<TransitDecided>>,
}

/// The state of a movement whose declaration was lodged and not yet answered.
pub const STATE_DECLARED: &str = "declared";

/// Whether an entry counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    InForce,
    /// It is an amendment that changes nothing until these carriers consent.
    Proposed {
        /// Whose answer is wanted.
        waits_for: Vec<PartyId>,
    },
    /// It is kept and shown, and does not count.
    Ignored {
        /// Why not.
        why: Finding,
    },
}

/// An entry that is cited and not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its id.
    pub id: EntryId,
    /// Position, in causal order, of the first entry that cites it.
    pub first: usize,
    /// How many entries wait for it; one that waits for several is counted with the first of them.
    pub waiting: usize,
}

/// The state of a dossier. The same set of entries gives the same state, in whatever order they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierState {
    /// The dossier.
    pub dossier: DossierId,
    /// The entries that no other one cites, ascending.
    pub heads: Vec<EntryId>,
    /// The consignment as amended; `None` if its declaration is not here, is withheld or does not count.
    pub consignment: Option<Consignment>,
    /// Who declared it.
    pub declared_by: Option<Author>,
    /// Who takes part, in the order of admission, as admitted: `did` is the key at admission.
    pub participants: Vec<Stated<Participant>>,
    /// The keys in force for somebody who knows all of this, and whose they are.
    pub keys: BTreeMap<Did, PartyId>,
    /// Amendments in force.
    pub amendments: Vec<Stated<Amendment>>,
    /// Amendments that needed the consent of a carrier, whatever became of them.
    pub proposals: Vec<Stated<Proposal>>,
    /// Carriers' acceptances of the goods for carriage, in causal order.
    pub carriage: Vec<Stated<CarriageAccepted>>,
    /// The itinerary in force: the last one accepted.
    pub itinerary: Option<Stated<Itinerary>>,
    /// Attached documents of others.
    pub attachments: Vec<Stated<AttachedDocument>>,
    /// Issued documents.
    pub documents: Vec<Stated<DocumentIssued>>,
    /// What each issued document is worth, by the entry that issued it; those that were reissued form a chain.
    pub document_standing: BTreeMap<EntryId, DocumentStanding>,
    /// Bills of lading, by the entry that issued them.
    pub bills: BTreeMap<EntryId, BillState>,
    /// The consignments that this one was split into.
    pub splits: Vec<Stated<ConsignmentSplit>>,
    /// The master documents under which this one travels with others.
    pub groups: Vec<Stated<ConsignmentGrouped>>,
    /// Transit movements.
    pub movements: BTreeMap<MovementId, MovementState>,
    /// Events, in causal order, each once.
    pub events: Vec<Stated<EventReported>>,
    /// Delivery, once it is reported.
    pub delivery: Option<Stated<ConsignmentDelivered>>,
    /// Whether each entry counts.
    pub standing: BTreeMap<EntryId, Standing>,
    /// Entries that are cited and not here, in causal order of the first entry that cites them.
    pub missing: Vec<Missing>,
    /// All findings, in causal order of what they speak of; paths are JSON pointers into the export.
    pub findings: Vec<Finding>,
}

impl DossierState {
    pub(crate) fn new(dossier: DossierId) -> Self {
        Self {
            dossier,
            heads: Vec::new(),
            consignment: None,
            declared_by: None,
            participants: Vec::new(),
            keys: BTreeMap::new(),
            amendments: Vec::new(),
            proposals: Vec::new(),
            carriage: Vec::new(),
            itinerary: None,
            attachments: Vec::new(),
            documents: Vec::new(),
            document_standing: BTreeMap::new(),
            bills: BTreeMap::new(),
            splits: Vec::new(),
            groups: Vec::new(),
            movements: BTreeMap::new(),
            events: Vec::new(),
            delivery: None,
            standing: BTreeMap::new(),
            missing: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The attached documents without who attached them, in causal order.
    pub fn list_attached(&self) -> impl Iterator<Item = &AttachedDocument> {
        self.attachments.iter().map(|stated| &stated.fact)
    }
}

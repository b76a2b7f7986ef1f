//! Issued documents with their chains, bills and proposals, on the wire.

use kervan_dossier::{
    AttachedDocument, BillStanding, BillState, Change, DocumentStanding, Dossier, DossierState, Fact, Link,
    ProposalStanding,
};
use kervan_model::EntryId;
use kervan_node::{Press, list_names};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A document issued from the dossier. Those that took the place of one another stand in a row, the first one first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IssuedDocument {
    /// Its name in addresses; of one that is not in force its number.
    pub kind: String,
    /// The entry that issued it.
    pub entry: String,
    /// UNTDID 1001 code.
    pub type_code: String,
    /// Title.
    pub title: String,
    /// Number.
    pub number: String,
    /// When it was issued.
    pub issued: String,
    /// `current`, `replaced` or `withdrawn`.
    pub standing: &'static str,
    /// Number of the document whose place it takes.
    pub replaces: Option<String>,
    /// Number of the document that took its place.
    pub replaced_by: Option<String>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
    /// Numbers of the documents that it carries forward.
    pub carries: Vec<String>,
    /// Of a negotiable bill in force: where control of it is.
    pub bill: Option<BillView>,
}

/// A negotiable bill of lading: whoever holds it controls the goods.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BillView {
    /// The entry that issued it.
    pub entry: String,
    /// Its number.
    pub number: String,
    /// The carrier that issued it.
    pub issuer: String,
    /// `held`, `pledged`, `frozen` after a double transfer, or `surrendered`: exhausted, the goods may be delivered.
    pub standing: &'static str,
    /// Who holds it, by party id.
    pub holder: Option<String>,
    /// Its name, as the dossier has it.
    pub holder_name: Option<String>,
}

/// An amendment of what a contract of carriage rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProposedAmendment {
    /// The entry that amends.
    pub entry: String,
    /// Who, by party id.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
    /// What.
    pub changes: Vec<ProposedChange>,
    /// `pending`, `agreed` or `refused`.
    pub standing: &'static str,
    /// The carriers whose consent it waits for, by party id.
    pub waits_for: Vec<String>,
}

/// A value that an amendment would change, as the consignment's serialization has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProposedChange {
    /// Path in the consignment.
    pub path: String,
    /// The value before.
    #[schema(value_type = Object)]
    pub was: serde_json::Value,
    /// The value after.
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
}

/// A carrier's acceptance of the goods.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AcceptedCarriage {
    /// The entry.
    pub entry: String,
    /// The carrier, by party id.
    pub carrier: String,
    /// When.
    pub at: String,
    /// Where, by place code.
    pub place: Option<String>,
    /// Number of the document of carriage.
    pub document: Option<String>,
}

/// A carrier accepts the goods for carriage.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptCarriage {
    /// Name or number of the document of carriage.
    #[serde(default)]
    #[schema(example = "cim-smgs")]
    pub document: Option<String>,
    /// Place code.
    #[serde(default)]
    pub place: Option<String>,
}

/// A carrier answers an amendment that waits for its consent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerAmendment {
    /// Whether it consents.
    pub agreed: bool,
    /// Why; may be empty where it consents.
    #[serde(default)]
    pub reason: String,
}

impl IssuedDocument {
    /// Every issued document, chain by chain.
    pub fn list(press: Press<'_>, dossier: &Dossier, state: &DossierState) -> Vec<Self> {
        let names = list_names(press, dossier, state);
        let chains = state.list_chains();
        let links = chains.iter().flat_map(|chain| &chain.links);
        links.map(|link| Self::new(link, &names, dossier, state)).collect()
    }

    fn new(
        link: &Link<'_>,
        names: &BTreeMap<EntryId, String>,
        dossier: &Dossier,
        state: &DossierState,
    ) -> Self {
        let (entry, fact) = (&link.document.entry, &link.document.fact);
        let (standing, by) = match link.standing {
            DocumentStanding::Current => ("current", None),
            DocumentStanding::Superseded { by } => ("replaced", Some(by)),
            DocumentStanding::Cancelled { by } => ("withdrawn", Some(by)),
        };
        let reason = by.and_then(|by| match dossier.find_entry(by)?.fact() {
            Ok(Fact::DocumentCancelled(cancelled)) => Some(cancelled.reason.clone()),
            _ => None,
        });
        let is_bill = standing == "current" && fact.slug == BILL;
        Self {
            kind: names.get(entry).unwrap_or(&fact.number).clone(),
            entry: entry.to_string(),
            type_code: fact.type_code.to_string(),
            title: title(&fact.type_code, &fact.slug),
            number: fact.number.clone(),
            issued: fact.issued.to_string(),
            standing,
            replaces: fact.replaces.as_ref().and_then(|replaced| find_number(state, replaced)),
            replaced_by: by.and_then(|by| find_number(state, by)),
            withdrawn: reason,
            carries: fact.carries.iter().map(|carried| carried.number.clone()).collect(),
            bill: find_bill(state).filter(|_| is_bill).map(|one| BillView::new(one, state)),
        }
    }
}

/// The slug of the document that is printed of a bill.
const BILL: &str = "bill-of-lading";

/// The bill that is out, else one that was surrendered.
fn find_bill(state: &DossierState) -> Option<(&EntryId, &BillState)> {
    let open = state.bills.iter().find(|(_, bill)| bill.standing != BillStanding::Surrendered);
    open.or_else(|| state.bills.iter().next_back())
}

fn find_number(state: &DossierState, entry: &EntryId) -> Option<String> {
    let issued = state.documents.iter().find(|stated| stated.entry == *entry)?;
    Some(issued.fact.number.clone())
}

/// The title of a document; `otherwise` is its slug, or what stands for one.
pub(super) fn title(code: &kervan_codes::DocumentType, otherwise: &str) -> String {
    kervan_documents::DocumentKind::find(otherwise)
        .map(|kind| kind.title())
        .or(code.find_name())
        .unwrap_or(otherwise)
        .to_owned()
}

/// The title of an attached document.
pub(super) fn title_of_attached(document: &AttachedDocument) -> String {
    title(&document.type_code, document.type_code.as_str())
}

impl BillView {
    /// Every bill.
    pub fn list(state: &DossierState) -> Vec<Self> {
        state.bills.iter().map(|one| Self::new(one, state)).collect()
    }

    fn new((entry, bill): (&EntryId, &BillState), state: &DossierState) -> Self {
        let (standing, holder) = match &bill.standing {
            BillStanding::Held { holder, pledged: false } => ("held", Some(holder)),
            BillStanding::Held { holder, pledged: true } => ("pledged", Some(holder)),
            BillStanding::Frozen { .. } => ("frozen", None),
            BillStanding::Surrendered => ("surrendered", None),
        };
        let participant = state.participants.iter().find(|stated| Some(&stated.fact.party) == holder);
        Self {
            entry: entry.to_string(),
            number: bill.number.clone(),
            issuer: bill.issuer.to_string(),
            standing,
            holder: holder.map(ToString::to_string),
            holder_name: participant.map(|stated| stated.fact.name.clone()),
        }
    }

    /// Where control is, in words.
    pub fn in_words(&self) -> String {
        let holder = self.holder_name.as_ref().or(self.holder.as_ref());
        match holder {
            Some(holder) if self.standing == "pledged" => format!("pledged to {holder}"),
            Some(holder) => format!("held by {holder}"),
            None => self.standing.to_owned(),
        }
    }
}

impl ProposedAmendment {
    /// Every amendment that needed consent.
    pub fn list(state: &DossierState) -> Vec<Self> {
        let proposals = state.proposals.iter().map(|stated| {
            let (standing, waits_for) = match &stated.fact.standing {
                ProposalStanding::Pending { waits_for } => ("pending", waits_for.as_slice()),
                ProposalStanding::Agreed => ("agreed", &[][..]),
                ProposalStanding::Refused { .. } => ("refused", &[][..]),
            };
            Self {
                entry: stated.entry.to_string(),
                by: stated.author.party.to_string(),
                at: stated.authored.to_string(),
                reason: stated.fact.amendment.reason.clone(),
                changes: stated.fact.amendment.changes.iter().map(ProposedChange::from).collect(),
                standing,
                waits_for: waits_for.iter().map(ToString::to_string).collect(),
            }
        });
        proposals.collect()
    }
}

impl From<&Change> for ProposedChange {
    fn from(change: &Change) -> Self {
        Self { path: change.path.clone(), was: change.was.clone(), value: change.value.clone() }
    }
}

impl AcceptedCarriage {
    /// Every acceptance, the latest last.
    pub fn list(state: &DossierState) -> Vec<Self> {
        let accepted = state.carriage.iter().map(|stated| Self {
            entry: stated.entry.to_string(),
            carrier: stated.author.party.to_string(),
            at: stated.fact.at.to_string(),
            place: stated.fact.place.as_ref().map(ToString::to_string),
            document: stated.fact.document.as_ref().and_then(|entry| find_number(state, entry)),
        });
        accepted.collect()
    }
}

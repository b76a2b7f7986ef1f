//! Facts about who controls the goods, and about consignments that become several or travel as one.

use jiff::civil::Date;
use kervan_codes::{ContainerNumber, DocumentType};
use kervan_model::{DossierId, EntryId, PartyId, Reference};
use serde::{Deserialize, Serialize};

/// Parties take part no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParticipantsWithdrawn {
    /// Who.
    pub parties: Vec<PartyId>,
    /// Why, in words.
    pub reason: String,
}

/// An issued document is cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentCancelled {
    /// The entry that issued it.
    pub document: EntryId,
    /// Why, in words.
    pub reason: String,
}

/// An earlier document that a new one carries forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedReference {
    /// What it was.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued: Date,
}

/// A negotiable bill of lading is issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillIssued {
    /// Its number.
    pub number: String,
    /// Its first holder, to whose order it is.
    pub holder: PartyId,
}

/// Control of a bill passes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillTransferred {
    /// The entry that issued the bill.
    pub bill: EntryId,
    /// The new holder.
    pub to: PartyId,
    /// Whether it holds the bill as a pledge only; it ends when it transfers the bill back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pledge: bool,
}

/// A bill is given up to the carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillSurrendered {
    /// The entry that issued the bill.
    pub bill: EntryId,
}

/// The carrier says who holds a bill that was transferred twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillResolved {
    /// The entry that issued the bill.
    pub bill: EntryId,
    /// The holder from now on.
    pub holder: PartyId,
    /// Why, in words.
    pub reason: String,
}

/// Packages and mass of a part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// Number of packages.
    pub packages: u64,
    /// Gross mass. Unit: gram.
    pub gross_mass: u64,
}

/// A consignment that a split gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitPart {
    /// Its reference.
    pub reference: Reference,
    /// Its dossier, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<DossierId>,
    /// What it takes of each goods item, in the order of the items.
    pub goods: Vec<Quantity>,
    /// The containers that it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equipment: Vec<ContainerNumber>,
}

/// The consignment goes on as several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsignmentSplit {
    /// Why, in words.
    pub reason: String,
    /// The parts.
    pub parts: Vec<SplitPart>,
}

/// A consignment that travels under a master document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    /// Its dossier.
    pub dossier: DossierId,
    /// An entry of it that was known when the group was formed.
    pub head: EntryId,
    /// What it brings.
    pub quantity: Quantity,
}

/// Several consignments travel under one master document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsignmentGrouped {
    /// Number of the master document.
    pub number: String,
    /// The house consignments.
    pub members: Vec<GroupMember>,
    /// What they come to together.
    pub total: Quantity,
}

impl Quantity {
    /// The sum.
    pub(crate) fn sum<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            packages: sum.packages.saturating_add(part.packages),
            gross_mass: sum.gross_mass.saturating_add(part.gross_mass),
        })
    }
}

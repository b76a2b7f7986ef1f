//! The kinds of fact that a dossier can hold.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of an entry. Which role may assert which kind is data: the authority table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// The consignment is declared: parties, goods, equipment, terms. Always the first entry.
    ConsignmentDeclared,
    /// Parties are admitted to the dossier with their keys, roles and territories.
    ParticipantsAdmitted,
    /// A key takes the place of another one of the same party.
    KeyRotated,
    /// A key is no longer to be trusted for entries that do not come before this one.
    KeyRevoked,
    /// Facts of the consignment are corrected.
    ConsignmentAmended,
    /// An itinerary is accepted.
    ItineraryAccepted,
    /// A document of somebody else is attached with its hash and key facts.
    DocumentAttached,
    /// A legal document is issued from the dossier.
    DocumentIssued,
    /// A transit declaration is lodged for a movement.
    TransitDeclared,
    /// The authority of a territory decides on a movement or notes its progress.
    TransitDecided,
    /// Something happened to the goods (an EPCIS event, by its hash id).
    EventReported,
    /// The consignment was delivered.
    ConsignmentDelivered,
    /// Parties take part no longer, from this point of the graph on.
    ParticipantsWithdrawn,
    /// An issued document is cancelled.
    DocumentCancelled,
    /// A negotiable bill of lading is issued: its holder controls the goods.
    BillIssued,
    /// The holder of a bill passes control on, or pledges it.
    BillTransferred,
    /// The holder of a bill gives it up to the carrier, for delivery.
    BillSurrendered,
    /// The carrier says who holds a bill that was transferred twice.
    BillResolved,
    /// The consignment goes on as several.
    ConsignmentSplit,
    /// Several consignments travel under one master document.
    ConsignmentGrouped,
    /// A carrier has accepted the goods for carriage, on the particulars that it knew.
    CarriageAccepted,
    /// A carrier consents to an amendment of what its contract rests on, or refuses it.
    AmendmentAnswered,
}

impl EntryKind {
    /// Every kind, in declaration order.
    pub const ALL: [Self; 22] = [
        Self::ConsignmentDeclared,
        Self::ParticipantsAdmitted,
        Self::KeyRotated,
        Self::KeyRevoked,
        Self::ConsignmentAmended,
        Self::ItineraryAccepted,
        Self::DocumentAttached,
        Self::DocumentIssued,
        Self::TransitDeclared,
        Self::TransitDecided,
        Self::EventReported,
        Self::ConsignmentDelivered,
        Self::ParticipantsWithdrawn,
        Self::DocumentCancelled,
        Self::BillIssued,
        Self::BillTransferred,
        Self::BillSurrendered,
        Self::BillResolved,
        Self::ConsignmentSplit,
        Self::ConsignmentGrouped,
        Self::CarriageAccepted,
        Self::AmendmentAnswered,
    ];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ConsignmentDeclared => "consignment_declared",
            Self::ParticipantsAdmitted => "participants_admitted",
            Self::KeyRotated => "key_rotated",
            Self::KeyRevoked => "key_revoked",
            Self::ConsignmentAmended => "consignment_amended",
            Self::ItineraryAccepted => "itinerary_accepted",
            Self::DocumentAttached => "document_attached",
            Self::DocumentIssued => "document_issued",
            Self::TransitDeclared => "transit_declared",
            Self::TransitDecided => "transit_decided",
            Self::EventReported => "event_reported",
            Self::ConsignmentDelivered => "consignment_delivered",
            Self::ParticipantsWithdrawn => "participants_withdrawn",
            Self::DocumentCancelled => "document_cancelled",
            Self::BillIssued => "bill_issued",
            Self::BillTransferred => "bill_transferred",
            Self::BillSurrendered => "bill_surrendered",
            Self::BillResolved => "bill_resolved",
            Self::ConsignmentSplit => "consignment_split",
            Self::ConsignmentGrouped => "consignment_grouped",
            Self::CarriageAccepted => "carriage_accepted",
            Self::AmendmentAnswered => "amendment_answered",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

//! Facts about documents: those of others that are attached, and those that are issued from the dossier.

use crate::control_facts::CarriedReference;
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_codes::DocumentType;
use kervan_model::{AttachedDocument, EntryId, KeyFacts, PartyId};
use kervan_units::Money;
use serde::{Deserialize, Serialize};

/// A legal document issued from the dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentIssued {
    /// The name of the document in addresses, such as `cim-smgs`.
    pub slug: String,
    /// What it is.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued: Timestamp,
    /// SHA-256 of its data in canonical form. Shape: 64 lower-case hexadecimal digits.
    pub data_sha256: String,
    /// The entry of the document whose place it takes, after an amendment or where the law of carriage changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EntryId>,
    /// Earlier documents that it refers to; the one that it replaces is among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carries: Vec<CarriedReference>,
}

/// What an issued document is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentStanding {
    /// It is in force.
    Current,
    /// Another one took its place.
    Superseded {
        /// The entry of that one.
        by: EntryId,
    },
    /// It was cancelled.
    Cancelled {
        /// The entry that says so.
        by: EntryId,
    },
}

/// The group `document` of an attached document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentHead {
    type_code: DocumentType,
    number: String,
    issued: Date,
    issuer: PartyId,
    sha256: String,
    media_type: String,
}

/// The group `prices` of an attached document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentPrices {
    total: Money,
}

/// The groups of an attached document: what it is, what it says, what it costs.
pub(crate) fn split_document(
    document: &AttachedDocument,
) -> (DocumentHead, KeyFacts, Option<DocumentPrices>) {
    let head = DocumentHead {
        type_code: document.type_code.clone(),
        number: document.number.clone(),
        issued: document.issued,
        issuer: document.issuer.clone(),
        sha256: document.sha256.clone(),
        media_type: document.media_type.clone(),
    };
    let facts = KeyFacts { total: None, ..document.facts.clone() };
    (head, facts, document.facts.total.map(|total| DocumentPrices { total }))
}

/// An attached document from those of its groups that a copy discloses.
pub(crate) fn join_document(
    head: DocumentHead,
    facts: Option<KeyFacts>,
    prices: Option<DocumentPrices>,
) -> AttachedDocument {
    let facts = facts.unwrap_or_default();
    let total = prices.map(|prices| prices.total).or(facts.total);
    let facts = KeyFacts { total, ..facts };
    let DocumentHead { type_code, number, issued, issuer, sha256, media_type } = head;
    AttachedDocument { type_code, number, issued, issuer, sha256, media_type, facts }
}

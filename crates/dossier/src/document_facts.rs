//! Facts about documents: those of others that are attached, and those that are issued from the dossier.

use jiff::Timestamp;
use jiff::civil::Date;
use kervan_codes::{ContainerNumber, DocumentType};
use kervan_model::PartyId;
use kervan_units::{Mass, Money};
use serde::{Deserialize, Serialize};

/// A document of somebody else: its hash, and the key facts typed from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachedDocument {
    /// What it is.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
    /// Its date, as it stands on it.
    pub issued: Date,
    /// Who issued it.
    pub issuer: PartyId,
    /// SHA-256 of the file. Shape: 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// What kind of file it is, such as `application/pdf`.
    pub media_type: String,
    /// What it says, as far as it was typed in.
    #[serde(default)]
    pub facts: KeyFacts,
}

/// What an attached document says; absent where it says nothing, or where this copy withholds it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFacts {
    /// Gross mass of the goods. Unit: gram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_mass: Option<Mass>,
    /// Net mass of the goods. Unit: gram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_mass: Option<Mass>,
    /// Number of packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<u64>,
    /// Sum of the prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// Containers that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerNumber>,
    /// The consignee as it writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignee_name: Option<String>,
}

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

impl AttachedDocument {
    pub(crate) fn to_parts(&self) -> (DocumentHead, KeyFacts, Option<DocumentPrices>) {
        let head = DocumentHead {
            type_code: self.type_code.clone(),
            number: self.number.clone(),
            issued: self.issued,
            issuer: self.issuer.clone(),
            sha256: self.sha256.clone(),
            media_type: self.media_type.clone(),
        };
        let facts = KeyFacts { total: None, ..self.facts.clone() };
        (head, facts, self.facts.total.map(|total| DocumentPrices { total }))
    }

    pub(crate) fn from_parts(
        head: DocumentHead,
        facts: Option<KeyFacts>,
        prices: Option<DocumentPrices>,
    ) -> Self {
        let facts = facts.unwrap_or_default();
        let total = prices.map(|prices| prices.total).or(facts.total);
        let facts = KeyFacts { total, ..facts };
        let DocumentHead { type_code, number, issued, issuer, sha256, media_type } = head;
        Self { type_code, number, issued, issuer, sha256, media_type, facts }
    }
}

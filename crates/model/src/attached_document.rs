//! Documents of others, with the key facts that somebody read off them.

use crate::PartyId;
use jiff::civil::Date;
use kervan_codes::{ContainerNumber, DocumentType};
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

impl AttachedDocument {
    /// What it is called in a sentence: `commercial invoice INV-7 of 2026-11-20`.
    pub fn describe(&self) -> String {
        let name = self.type_code.find_name().map_or_else(
            || format!("document of type {}", self.type_code),
            |name| {
                // Only the first letter is lowered: `Commercial invoice`, but `TIR carnet` stays.
                let mut letters = name.chars();
                match (letters.next(), letters.clone().next()) {
                    (Some(first), Some(second)) if second.is_lowercase() => {
                        first.to_lowercase().chain(letters).collect()
                    }
                    _ => name.to_owned(),
                }
            },
        );
        format!("{name} {} of {}", self.number, self.issued)
    }
}

//! Documents of others, with the key facts that somebody read off them.

use jiff::civil::Date;
use kervan_codes::{ContainerNumber, DocumentType};
use kervan_model::PartyId;
use kervan_units::{Mass, Money};

/// A document that somebody else made and that travels with the consignment.
///
/// The same fields as the dossier's attached document, so that this crate need not know the dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is. Source: UNTDID 1001.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
    /// Its date, in the issuer's country.
    pub issued: Date,
    /// Who made it.
    pub issuer: PartyId,
    /// SHA-256 of the file. Shape: 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Media type of the file, such as `application/pdf`.
    pub media_type: String,
    /// What it says.
    pub facts: KeyFacts,
}

/// What a document of somebody else says; each fact only if the document states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFacts {
    /// Gross mass of all goods. Unit: gram.
    pub gross_mass: Option<Mass>,
    /// Net mass of all goods. Unit: gram.
    pub net_mass: Option<Mass>,
    /// Number of packages.
    pub packages: Option<u64>,
    /// Total price of the goods.
    pub total: Option<Money>,
    /// Containers that it names; empty if it names none.
    pub containers: Vec<ContainerNumber>,
    /// The consignee as it is written there.
    pub consignee_name: Option<String>,
}

impl Attachment {
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

//! Documents of others, with the key facts that somebody read off them.

use crate::PartyId;
use crate::mode::words;
use jiff::civil::Date;
use kervan_codes::{ContainerNumber, CountryCode, DocumentType, HsCode, Incoterm, WagonNumber};
use kervan_units::{Mass, Money};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

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
    /// The consignor as it writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignor_name: Option<String>,
    /// Wagons that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wagons: Vec<WagonNumber>,
    /// Seals that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<StatedSeal>,
    /// Seals that it records as taken off or broken, with the reason in its text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed_seals: Vec<StatedSeal>,
    /// Tares of containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tares: Vec<ContainerMass>,
    /// Verified gross masses of packed containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verified_masses: Vec<ContainerMass>,
    /// Commodity codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commodities: Vec<HsCode>,
    /// Countries of origin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<CountryCode>,
    /// Dangerous goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dangerous: Vec<StatedDanger>,
    /// Terms of delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incoterm: Option<Incoterm>,
    /// The vessel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vessel: Option<String>,
    /// Days that it names, beside its own date.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<DateKind, Date>,
    /// Other documents that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<StatedReference>,
    /// How many pages it says that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// How many pages are at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages_at_hand: Option<u32>,
    /// What else somebody read off it and no field holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A seal as a document names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedSeal {
    /// The container it is on, if the document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerNumber>,
    /// The number on the seal.
    pub number: String,
}

/// A mass of a container as a document names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerMass {
    /// The container.
    pub container: ContainerNumber,
    /// The mass. Unit: gram.
    pub mass: Mass,
}

/// Dangerous goods as a document names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedDanger {
    /// UN number. Range: 1 to 9999.
    pub un_number: u16,
    /// Class or division.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Packing group I, II or III.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing_group: Option<String>,
}

/// Another document as a document names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedReference {
    /// What it is.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
}

words! {
    /// What a day on a document means.
    DateKind {
        /// The document is issued.
        Issued => "issued",
        /// The goods are ready.
        Ready => "ready",
        /// Customs accept a declaration.
        Accepted => "accepted",
        /// The goods are packed.
        Packed => "packed",
        /// A container is weighed.
        Weighed => "weighed",
        /// The carrier takes the goods over.
        TakenOver => "taken_over",
        /// The goods are loaded on board.
        Loaded => "loaded",
        /// The goods are to depart.
        Departs => "departs",
        /// The goods departed.
        Departed => "departed",
        /// The goods are to arrive.
        Arrives => "arrives",
        /// The goods arrived.
        Arrived => "arrived",
        /// The last day on which the document is good.
        ValidUntil => "valid_until",
    }
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

//! Parties and what they may do.

use crate::{LocalName, PartyId};
use kervan_codes::CountryCode;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The role in which a party acts in the system. What each may assert is data: the authority table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Forwarder or multimodal operator: declares and amends consignments.
    Forwarder,
    /// Consignor: attaches its own documents.
    Consignor,
    /// Consignee: confirms delivery.
    Consignee,
    /// Railway, shipping line, ferry operator, haulier: reports its own movement.
    Carrier,
    /// Port or terminal: reports handling.
    Terminal,
    /// Customs administration: decides for its own territory.
    Customs,
    /// Bank: holds a bill of lading as security, passes it on or gives it up.
    Bank,
}

impl Role {
    /// Every role, in declaration order.
    pub const ALL: [Self; 7] = [
        Self::Forwarder,
        Self::Consignor,
        Self::Consignee,
        Self::Carrier,
        Self::Terminal,
        Self::Customs,
        Self::Bank,
    ];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forwarder => "forwarder",
            Self::Consignor => "consignor",
            Self::Consignee => "consignee",
            Self::Carrier => "carrier",
            Self::Terminal => "terminal",
            Self::Customs => "customs",
            Self::Bank => "bank",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The part that a party plays in a consignment. Source: UNTDID 3035.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Sends the goods (CZ); the seller on the invoice.
    Consignor,
    /// Receives the goods (CN); the buyer on the invoice.
    Consignee,
    /// Arranges the carriage (FW) and holds the transit procedure.
    Forwarder,
    /// To be told of arrival (NI).
    Notify,
    /// Declares to customs (DT) where the forwarder does not.
    Declarant,
    /// Pays charges (PR) where neither consignor nor consignee does.
    Payer,
    /// Carries the goods, as party to the contract of carriage (CA).
    Carrier,
    /// Stands surety for a customs debt (GS).
    Guarantor,
    /// Finances the sale and holds the bill of lading meanwhile (BK).
    Bank,
}

impl PartyRole {
    /// Every part, in declaration order.
    pub const ALL: [Self; 9] = [
        Self::Consignor,
        Self::Consignee,
        Self::Forwarder,
        Self::Notify,
        Self::Declarant,
        Self::Payer,
        Self::Carrier,
        Self::Guarantor,
        Self::Bank,
    ];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consignor => "consignor",
            Self::Consignee => "consignee",
            Self::Forwarder => "forwarder",
            Self::Notify => "notify",
            Self::Declarant => "declarant",
            Self::Payer => "payer",
            Self::Carrier => "carrier",
            Self::Guarantor => "guarantor",
            Self::Bank => "bank",
        }
    }
}

/// A party of one consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The part it plays here.
    pub role: PartyRole,
    /// Its id on the node; the key that signs for it is found by this id.
    pub id: PartyId,
    /// Registered name.
    pub name: String,
    /// Street and town, one line.
    pub address: String,
    /// Country of establishment.
    pub country: CountryCode,
    /// The tax, trader or company number that papers print where they ask for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Its numbers in named registers, where a paper asks for a certain one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<PartyIdentifier>,
    /// Its name and address in other languages or scripts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<LocalName>,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

impl Party {
    /// Its number in a register, if it has one there.
    pub fn find_identifier(&self, scheme: &str) -> Option<&str> {
        self.identifiers.iter().find(|number| number.scheme == scheme).map(|number| number.value.as_str())
    }

    /// Its name in a language, if it is known.
    pub fn find_name(&self, language: &str) -> Option<&LocalName> {
        self.names.iter().find(|name| name.language.as_str() == language)
    }
}

/// A party's number in a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyIdentifier {
    /// The register, as a word in capitals: `EORI`, `BIN`, `INN`, `VKN`, `USCC`, `LEI`, `TIR`. Shape: 2 to 12 letters or digits.
    pub scheme: String,
    /// The number. Shape: 1 to 35 characters.
    pub value: String,
}

/// A person or desk to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name of the person or desk.
    pub name: String,
    /// Telephone number, with the country's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Electronic mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

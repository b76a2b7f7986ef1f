//! Parties and what they may do.

use crate::PartyId;
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
}

impl Role {
    /// Every role, in declaration order.
    pub const ALL: [Self; 6] =
        [Self::Forwarder, Self::Consignor, Self::Consignee, Self::Carrier, Self::Terminal, Self::Customs];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Forwarder => "forwarder",
            Self::Consignor => "consignor",
            Self::Consignee => "consignee",
            Self::Carrier => "carrier",
            Self::Terminal => "terminal",
            Self::Customs => "customs",
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
}

impl PartyRole {
    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consignor => "consignor",
            Self::Consignee => "consignee",
            Self::Forwarder => "forwarder",
            Self::Notify => "notify",
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
    /// Tax, trader or company number, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
}

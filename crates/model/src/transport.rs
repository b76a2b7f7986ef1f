//! How the goods are carried, who pays for which section, and what is asked of those who handle them.

use crate::mode::words;
use crate::{Mode, PartyRole};
use jiff::civil::Date;
use kervan_codes::{CountryCode, DocumentType, PlaceCode};
use kervan_units::Money;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A transport movement: one means of transport between two places. Shaped after the UN/CEFACT logistics transport movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransportMovement {
    /// How.
    pub mode: Mode,
    /// Where the goods are loaded on it.
    pub from: PlaceCode,
    /// Where they leave it.
    pub to: PlaceCode,
    /// The means: IMO number of a ship, number of a train, registration of a vehicle.
    pub means: String,
    /// Its name, for ships.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its flag or country of registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nationality: Option<CountryCode>,
    /// Voyage, train or trip number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journey: Option<String>,
}

/// A charge and who pays it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// What is charged for.
    pub kind: ChargeKind,
    /// Where the section begins.
    pub from: PlaceCode,
    /// Where it ends; the same place for what is done at one.
    pub to: PlaceCode,
    /// Who pays.
    pub payer: PartyRole,
    /// When.
    pub settlement: Settlement,
    /// The payer's code or account with the carrier, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// How much, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

words! {
    /// What is charged for. Source: UN/ECE Recommendation 23, by its groups.
    ChargeKind {
        /// Carriage.
        Freight => "freight",
        /// Loading.
        Loading => "loading",
        /// Unloading.
        Unloading => "unloading",
        /// Transshipment, bogie change or terminal handling.
        Handling => "handling",
        /// Storage after free time.
        Storage => "storage",
        /// Customs formalities.
        Customs => "customs",
        /// Insurance of the goods.
        Insurance => "insurance",
        /// Security of a transit procedure.
        Guarantee => "guarantee",
        /// Anything else.
        Other => "other",
    }
}

words! {
    /// When a charge is paid. Source: UNTDID 4215.
    Settlement {
        /// By the sender's side, before.
        Prepaid => "prepaid",
        /// By the receiver's side, on delivery.
        Collect => "collect",
    }
}

/// What somebody on the way is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Who is asked.
    pub to: InstructionAddressee,
    /// Code of a standard declaration, such as those of box 7 of the CIM/SMGS note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What to do, in words.
    pub text: String,
}

words! {
    /// Who is asked to do something.
    InstructionAddressee {
        /// Carriers.
        Carrier => "carrier",
        /// Terminals and ports.
        Terminal => "terminal",
        /// Customs.
        Customs => "customs",
        /// The consignee.
        Consignee => "consignee",
    }
}

/// A paper that goes with the goods or came before: a certificate, a licence, an export declaration by its MRN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentReference {
    /// What it is.
    pub type_code: DocumentType,
    /// Its number. Shape: 1 to 70 characters.
    pub number: String,
    /// Its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Date>,
    /// The last day on which it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Who issued it, as written on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Whether it is a previous customs document, such as the export declaration that transit follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub previous: bool,
}

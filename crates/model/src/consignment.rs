//! The consignment: goods carried under one contract from one consignor to one consignee.

use crate::{
    Charge, DocumentReference, Equipment, GoodsItem, Instruction, Party, PartyRole, Reference, RoadVehicle,
    TransportMovement, Wagon,
};
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_codes::{Incoterm, PlaceCode};
use kervan_units::{Mass, Money};
use serde::{Deserialize, Serialize};

/// Everything about a consignment that its documents are made from. Shaped after the UN/CEFACT Multi-Modal Transport
/// model.
///
/// `parties`, `prices` and `charges` may be missing in a copy whose holder is not meant to read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consignment {
    /// The forwarder's reference.
    pub reference: Reference,
    /// Where the goods are taken over.
    pub from: PlaceCode,
    /// Where they are delivered.
    pub to: PlaceCode,
    /// From when on they can be taken over.
    pub ready: Timestamp,
    /// Terms of delivery of the sale.
    pub terms: DeliveryTerms,
    /// Containers.
    pub equipment: Vec<Equipment>,
    /// Wagons, as far as they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wagons: Vec<Wagon>,
    /// Road vehicles, as far as they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<RoadVehicle>,
    /// Means of transport assigned so far, in order of travel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transport: Vec<TransportMovement>,
    /// What is asked of those on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructions: Vec<Instruction>,
    /// Papers that go with the goods or came before them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentReference>,
    /// Goods items.
    pub goods: Vec<GoodsItem>,
    /// Parties; empty if withheld.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// What the goods cost; absent if withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
    /// Who pays what; empty if withheld.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
}

/// Terms of delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryTerms {
    /// The term.
    pub incoterm: Incoterm,
    /// The named place that belongs to it.
    pub place: String,
}

/// The invoice's facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Number of the commercial invoice.
    pub invoice_number: String,
    /// Its date, in the seller's country.
    pub invoice_date: Date,
    /// Number of the sales contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Price of each goods item, in the order of [`Consignment::goods`], all in one currency.
    pub items: Vec<Money>,
}

impl Consignment {
    /// Gross mass of all goods. Unit: gram.
    pub fn gross_mass(&self) -> Mass {
        self.goods.iter().map(|item| item.gross_mass).sum()
    }

    /// Net mass of all goods. Unit: gram.
    pub fn net_mass(&self) -> Mass {
        self.goods.iter().map(|item| item.net_mass).sum()
    }

    /// Number of packages of all goods.
    pub fn packages(&self) -> u64 {
        self.goods.iter().map(|item| u64::from(item.packages)).sum()
    }

    /// The party that plays a part, if the copy shows it.
    pub fn find_party(&self, role: PartyRole) -> Option<&Party> {
        self.parties.iter().find(|party| party.role == role)
    }

    /// Sum of the prices, if the copy shows them and they are in one currency.
    pub fn find_total(&self) -> Option<Money> {
        let prices = self.prices.as_ref()?;
        let (first, rest) = prices.items.split_first()?;
        rest.iter().try_fold(*first, |sum, price| sum.checked_add(*price)).ok()
    }

    /// Twenty-foot equivalents of the equipment.
    pub fn teu(&self) -> u32 {
        self.equipment.iter().map(|item| item.size_type.teu()).sum()
    }
}

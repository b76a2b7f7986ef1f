//! The declaration of one movement, derived from the consignment: nobody types it.

use crate::{Filing, MovementPlan, OfficeAt, Procedure, RegimeCode, RequirementCode};
use jiff::Timestamp;
use kervan_codes::{ContainerNumber, CountryCode, DocumentType, HsCode, PackageKind, SizeType};
use kervan_model::{
    Consignment, DangerousGoods, Itinerary, Mode, Party, PartyRole, Reference, Seal, TerritoryId,
};
use kervan_units::{Mass, Money};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A customs declaration. Integers only, so its canonical form can be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The consignment's reference (UCR), and with the number the local reference of the declaration.
    pub reference: Reference,
    /// The number of the movement on the way.
    pub number: u8,
    /// What kind of procedure it is.
    pub procedure: Procedure,
    /// Under which regime.
    pub regime: RegimeCode,
    /// The territory whose administration decides.
    pub territory: TerritoryId,
    /// Whether the goods are there already.
    pub filing: Filing,
    /// Where the movement begins.
    pub departure: OfficeAt,
    /// Where it ends.
    pub destination: OfficeAt,
    /// Country where the whole way begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_of_dispatch: Option<CountryCode>,
    /// Country where the whole way ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_of_destination: Option<CountryCode>,
    /// Countries of the whole way, in order.
    pub countries_of_routing: Vec<CountryCode>,
    /// Territories that the movement crosses, in order.
    pub territories: Vec<TerritoryId>,
    /// Modes used inside the movement, in order.
    pub modes: Vec<Mode>,
    /// Mode at the entry.
    pub entry_mode: Mode,
    /// When the goods are expected at the office of departure.
    pub enters: Timestamp,
    /// Latest time to lodge.
    pub lodge_by: Timestamp,
    /// What the regime asks for on the day of entry, with the value of each requirement.
    pub requirements: BTreeMap<RequirementCode, u64>,
    /// Holder of the procedure: the forwarder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Trader>,
    /// Declarant: the holder, as long as nobody else represents it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declarant: Option<Trader>,
    /// Consignor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignor: Option<Trader>,
    /// Consignee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignee: Option<Trader>,
    /// Goods items, numbered from 1 without gaps.
    pub goods: Vec<DeclaredGoods>,
    /// Containers with their seals.
    pub equipment: Vec<DeclaredEquipment>,
    /// Gross mass of all goods. Unit: gram.
    pub gross_mass: Mass,
    /// Number of packages of all goods.
    pub packages: u64,
    /// Value of all goods, the base of the guarantee; absent if withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
    /// Documents that go with it.
    pub documents: Vec<DeclaredDocument>,
}

/// A party as a declaration names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trader {
    /// Registered name.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// Country.
    pub country: CountryCode,
    /// Trader or tax number, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
}

impl From<&Party> for Trader {
    fn from(party: &Party) -> Self {
        Self {
            name: party.name.clone(),
            address: party.address.clone(),
            country: party.country,
            identifier: party.identifier.clone(),
        }
    }
}

/// A goods item as a declaration names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredGoods {
    /// Its number, from 1.
    pub item: u32,
    /// What the goods are.
    pub description: String,
    /// Commodity code.
    pub hs: HsCode,
    /// Country of origin.
    pub origin: CountryCode,
    /// Number of packages.
    pub packages: u32,
    /// Kind of package.
    pub package_kind: PackageKind,
    /// Shipping marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<String>,
    /// Mass with packaging. Unit: gram.
    pub gross_mass: Mass,
    /// Mass without packaging. Unit: gram.
    pub net_mass: Mass,
    /// Dangerous goods data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangerous: Option<DangerousGoods>,
    /// The containers that hold it; empty means all.
    pub containers: Vec<ContainerNumber>,
    /// Value; absent if withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
}

/// A container as a declaration names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredEquipment {
    /// Its number.
    pub number: ContainerNumber,
    /// Size and type.
    pub size_type: SizeType,
    /// Seals on it.
    pub seals: Vec<Seal>,
}

/// A document that a declaration refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredDocument {
    /// Its type.
    pub type_code: DocumentType,
    /// Its number.
    pub number: String,
}

/// Derives the declaration of a planned movement. `documents` are those of the dossier; the commercial invoice that the
/// consignment names is added if there is none among them.
pub fn derive_declaration(
    consignment: &Consignment,
    itinerary: &Itinerary,
    plan: &MovementPlan,
    filing: Filing,
    documents: &[DeclaredDocument],
) -> Declaration {
    let trader = |role| consignment.find_party(role).map(Trader::from);
    let prices = consignment.prices.as_ref();
    let goods = consignment.goods.iter().enumerate().map(|(index, item)| DeclaredGoods {
        item: u32::try_from(index + 1).unwrap_or(u32::MAX),
        description: item.description.clone(),
        hs: item.hs.clone(),
        origin: item.origin,
        packages: item.packages,
        package_kind: item.package_kind.clone(),
        marks: item.marks.clone(),
        gross_mass: item.gross_mass,
        net_mass: item.net_mass,
        dangerous: item.dangerous.clone(),
        containers: item.containers.clone(),
        value: prices.and_then(|prices| prices.items.get(index)).copied(),
    });
    let equipment = consignment.equipment.iter().map(|item| DeclaredEquipment {
        number: item.number.clone(),
        size_type: item.size_type.clone(),
        seals: item.seals.clone(),
    });
    Declaration {
        reference: consignment.reference.clone(),
        number: plan.number,
        procedure: plan.procedure,
        regime: plan.regime.clone(),
        territory: plan.territory.clone(),
        filing,
        departure: plan.departure.clone(),
        destination: plan.destination.clone(),
        country_of_dispatch: itinerary.countries.first().copied(),
        country_of_destination: itinerary.countries.last().copied(),
        countries_of_routing: itinerary.countries.clone(),
        territories: plan.territories.clone(),
        modes: plan.modes.clone(),
        entry_mode: plan.entry_mode,
        enters: plan.enters,
        lodge_by: plan.lodge_by,
        requirements: plan.requirements.iter().map(|row| (row.code.clone(), row.value)).collect(),
        holder: trader(PartyRole::Forwarder),
        declarant: trader(PartyRole::Forwarder),
        consignor: trader(PartyRole::Consignor),
        consignee: trader(PartyRole::Consignee),
        goods: goods.collect(),
        equipment: equipment.collect(),
        gross_mass: consignment.gross_mass(),
        packages: consignment.packages(),
        value: consignment.find_total(),
        documents: declared_documents(consignment, documents),
    }
}

fn declared_documents(consignment: &Consignment, documents: &[DeclaredDocument]) -> Vec<DeclaredDocument> {
    let mut declared = documents.to_vec();
    let invoice = consignment.prices.as_ref().map(|prices| prices.invoice_number.clone());
    // One that was issued anew has a number of its own, and stands in the place of the seller's.
    let is_there = declared.iter().any(|document| document.type_code.as_str() == INVOICE);
    if let (Some(number), Ok(type_code), false) = (invoice, INVOICE.parse(), is_there) {
        declared.push(DeclaredDocument { type_code, number });
    }
    declared.sort();
    declared.dedup();
    declared
}

/// Commercial invoice. Source: UNTDID 1001.
const INVOICE: &str = "380";

//! What somebody read off a document of somebody else, as it is typed in.

use super::requests::note;
use kervan_codes::ContainerNumber;
use kervan_dossier::KeyFacts;
use kervan_model::{ContainerMass, DateKind, Finding, StatedDanger, StatedReference, StatedSeal};
use kervan_units::{Mass, Money};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::ToSchema;

/// What an attached document says, as far as it was typed in.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentFacts {
    /// Gross mass in kilograms.
    pub gross_mass_kg: Option<String>,
    /// Net mass in kilograms.
    pub net_mass_kg: Option<String>,
    /// Number of packages.
    pub packages: Option<u64>,
    /// Sum of the prices.
    pub total: Option<String>,
    /// Currency of the sum.
    pub currency: Option<String>,
    /// Containers.
    pub containers: Vec<String>,
    /// Consignee as it writes it.
    pub consignee_name: Option<String>,
    /// Consignor as it writes it.
    pub consignor_name: Option<String>,
    /// Wagons, 8 or 12 digits.
    pub wagons: Vec<String>,
    /// Seals.
    pub seals: Vec<SealFact>,
    /// Seals that it records as taken off or broken.
    pub removed_seals: Vec<SealFact>,
    /// Tares of containers.
    pub tares: Vec<ContainerFact>,
    /// Verified gross masses of packed containers.
    pub verified_masses: Vec<ContainerFact>,
    /// Commodity codes of the Harmonized System, in quotes so that a leading zero is kept.
    pub commodities: Vec<String>,
    /// Countries of origin, two letters.
    pub origins: Vec<String>,
    /// Dangerous goods.
    pub dangerous: Vec<DangerFact>,
    /// Term of delivery.
    #[schema(example = "FCA")]
    pub incoterm: Option<String>,
    /// Vessel.
    pub vessel: Option<String>,
    /// Days by what they mean: `accepted`, `packed`, `weighed`, `taken_over`, `loaded`, `departed`, `arrived`, `valid_until`.
    pub days: BTreeMap<String, String>,
    /// Other documents that it names.
    pub references: Vec<ReferenceFact>,
    /// How many pages it says that it has.
    pub pages: Option<u32>,
    /// How many pages are at hand.
    pub pages_at_hand: Option<u32>,
    /// What else somebody read off it.
    pub notes: Vec<String>,
}

/// A seal as a document names it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SealFact {
    /// The container it is on, if the document says so.
    #[serde(default)]
    pub container: Option<String>,
    /// Its number.
    pub number: String,
}

/// A mass of a container.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContainerFact {
    /// The container.
    pub container: String,
    /// Mass in kilograms.
    pub mass_kg: String,
}

/// Dangerous goods.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DangerFact {
    /// UN number.
    pub un_number: u16,
    /// Class or division.
    #[serde(default)]
    pub class: Option<String>,
    /// Packing group.
    #[serde(default)]
    pub packing_group: Option<String>,
}

/// Another document.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceFact {
    /// Its type of UNTDID 1001.
    #[schema(example = "380")]
    pub type_code: String,
    /// Its number.
    pub number: String,
}

/// Reads values one by one, with a finding for each that cannot be read.
struct Reader<'a> {
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn one<T: FromStr<Err: Display + 'static>>(&mut self, text: Option<&String>, path: &str) -> Option<T> {
        text.and_then(|text| note(text.parse::<T>(), path, self.findings))
    }

    fn list<T: FromStr<Err: Display + 'static>>(&mut self, texts: &[String], path: &str) -> Vec<T> {
        let mut read = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            read.extend(note(text.parse::<T>(), &format!("{path}/{index}"), self.findings));
        }
        read
    }

    fn mass(&mut self, text: Option<&String>, path: &str) -> Option<Mass> {
        text.and_then(|text| note(Mass::from_kilogram_decimal(text), path, self.findings))
    }

    fn seals(&mut self, seals: &[SealFact], path: &str) -> Vec<StatedSeal> {
        let mut read = Vec::new();
        for (index, seal) in seals.iter().enumerate() {
            let container = self.one(seal.container.as_ref(), &format!("{path}/{index}/container"));
            read.push(StatedSeal { container, number: seal.number.clone() });
        }
        read
    }

    fn masses(&mut self, masses: &[ContainerFact], path: &str) -> Vec<ContainerMass> {
        let mut read = Vec::new();
        for (index, fact) in masses.iter().enumerate() {
            let container: Option<ContainerNumber> =
                self.one(Some(&fact.container), &format!("{path}/{index}/container"));
            let mass = self.mass(Some(&fact.mass_kg), &format!("{path}/{index}/mass_kg"));
            if let (Some(container), Some(mass)) = (container, mass) {
                read.push(ContainerMass { container, mass });
            }
        }
        read
    }

    fn days(&mut self, days: &BTreeMap<String, String>) -> BTreeMap<DateKind, jiff::civil::Date> {
        let mut read = BTreeMap::new();
        for (word, text) in days {
            let path = format!("/facts/days/{word}");
            let kind = DateKind::find(word).ok_or_else(|| format!("`{word}` is not what a day can mean"));
            let kind = note(kind, &path, self.findings);
            if let (Some(kind), Some(date)) = (kind, self.one(Some(text), &path)) {
                read.insert(kind, date);
            }
        }
        read
    }
}

impl DocumentFacts {
    /// Reads the facts; what cannot be read is a finding with its path.
    pub(super) fn read(&self, findings: &mut Vec<Finding>) -> KeyFacts {
        let total = self.total.as_ref().and_then(|total| {
            let currency = self.currency.as_deref().unwrap_or_default();
            let currency = note(currency.parse(), "/facts/currency", findings)?;
            note(Money::from_decimal(total, currency), "/facts/total", findings)
        });
        let mut reader = Reader { findings };
        let mut references = Vec::new();
        for (index, reference) in self.references.iter().enumerate() {
            let path = format!("/facts/references/{index}/type_code");
            if let Some(type_code) = reader.one(Some(&reference.type_code), &path) {
                references.push(StatedReference { type_code, number: reference.number.clone() });
            }
        }
        KeyFacts {
            gross_mass: reader.mass(self.gross_mass_kg.as_ref(), "/facts/gross_mass_kg"),
            net_mass: reader.mass(self.net_mass_kg.as_ref(), "/facts/net_mass_kg"),
            packages: self.packages,
            total,
            containers: reader.list(&self.containers, "/facts/containers"),
            consignee_name: self.consignee_name.clone(),
            consignor_name: self.consignor_name.clone(),
            wagons: reader.list(&self.wagons, "/facts/wagons"),
            seals: reader.seals(&self.seals, "/facts/seals"),
            removed_seals: reader.seals(&self.removed_seals, "/facts/removed_seals"),
            tares: reader.masses(&self.tares, "/facts/tares"),
            verified_masses: reader.masses(&self.verified_masses, "/facts/verified_masses"),
            commodities: reader.list(&self.commodities, "/facts/commodities"),
            origins: reader.list(&self.origins, "/facts/origins"),
            dangerous: self.dangerous.iter().map(DangerFact::to_stated).collect(),
            incoterm: reader.one(self.incoterm.as_ref(), "/facts/incoterm"),
            vessel: self.vessel.clone(),
            days: reader.days(&self.days),
            references,
            pages: self.pages,
            pages_at_hand: self.pages_at_hand,
            notes: self.notes.clone(),
        }
    }
}

impl DangerFact {
    fn to_stated(&self) -> StatedDanger {
        StatedDanger {
            un_number: self.un_number,
            class: self.class.clone(),
            packing_group: self.packing_group.clone(),
        }
    }
}

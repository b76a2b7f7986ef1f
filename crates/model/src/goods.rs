//! Goods items.

use crate::{LocalText, TemperatureRange};
use jiff::civil::Date;
use kervan_codes::{ContainerNumber, CountryCode, HsCode, PackageKind};
use kervan_units::Mass;
use serde::{Deserialize, Serialize};

/// One line of goods: one commodity, one origin, one kind of package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodsItem {
    /// What the goods are, in words that a customs officer can classify.
    pub description: String,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<LocalText>,
    /// Commodity code.
    pub hs: HsCode,
    /// Codes of the railways for the same commodity.
    #[serde(default, skip_serializing_if = "RailCodes::is_empty")]
    pub rail_codes: RailCodes,
    /// Country of origin.
    pub origin: CountryCode,
    /// Number of packages. Range: 1 to 99,999,999 (NCTS); 0 only for unpacked goods.
    pub packages: u32,
    /// Kind of package.
    pub package_kind: PackageKind,
    /// What each of these packages holds, if they hold packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packaging: Option<InnerPackaging>,
    /// Shipping marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<String>,
    /// Mass with packaging, without the container. Unit: gram.
    pub gross_mass: Mass,
    /// Mass without packaging. Unit: gram. Invariant: at most the gross mass.
    pub net_mass: Mass,
    /// Dangerous goods data, for goods that are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dangerous: Option<DangerousGoods>,
    /// What the plant protection service asks, for plants and their products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plant: Option<PlantProduct>,
    /// The temperatures to keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<TemperatureRange>,
    /// The containers that hold it; empty means all of the consignment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerNumber>,
}

impl GoodsItem {
    /// The description in a language, if there is one.
    pub fn find_description(&self, language: &str) -> Option<&str> {
        let found = self.descriptions.iter().find(|text| text.language.as_str() == language);
        found.map(|text| text.text.as_str())
    }
}

/// Packages inside a package, to any depth: 40 boxes on each pallet, 12 cartons in each box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InnerPackaging {
    /// How many there are in each package around them. Range: from 1.
    pub count: u32,
    /// Kind of package.
    pub kind: PackageKind,
    /// What each of them holds in turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Box<InnerPackaging>>,
}

impl InnerPackaging {
    /// How many levels there are, this one included.
    pub fn depth(&self) -> usize {
        1 + self.inside.as_ref().map_or(0, |inner| inner.depth())
    }
}

/// Codes of the railways for a commodity. Source: UIC NHM and OSJD GNG (8 digits), ETSNG of the 1520 mm railways (6 digits).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RailCodes {
    /// Harmonized commodity code of the railways. Shape: 8 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gng: Option<String>,
    /// Unified tariff and statistical code. Shape: 6 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etsng: Option<String>,
}

impl RailCodes {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.gng.is_none() && self.etsng.is_none()
    }
}

/// Identification of dangerous goods. Source: UN Model Regulations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerousGoods {
    /// UN number. Range: 1 to 9999; written with four digits.
    pub un_number: u16,
    /// Proper shipping name, as the regulations spell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_name: Option<String>,
    /// Hazard class or division, such as `3` or `6.1`.
    pub class: String,
    /// Further hazards, in the same shape.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subsidiary: Vec<String>,
    /// Packing group I, II or III, where the class has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing_group: Option<String>,
    /// Flash point in a closed cup, for liquids that burn. Unit: tenth of a degree Celsius.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash_point: Option<i16>,
    /// Whether it pollutes the sea.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marine_pollutant: bool,
    /// Whether it is packed in limited quantities.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub limited_quantity: bool,
    /// Whom to call when something happens: name and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency_contact: Option<String>,
}

/// What a phytosanitary certificate says of goods beyond their description. Source: IPPC, ISPM 12.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlantProduct {
    /// Botanical name, genus and species.
    pub botanical_name: String,
    /// Treatment against pests, with agent and concentration, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<String>,
    /// Day of the treatment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treated: Option<Date>,
}

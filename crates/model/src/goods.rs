//! Goods items.

use kervan_codes::{ContainerNumber, CountryCode, HsCode, PackageKind};
use kervan_units::Mass;
use serde::{Deserialize, Serialize};

/// One line of goods: one commodity, one origin, one kind of package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodsItem {
    /// What the goods are, in words that a customs officer can classify.
    pub description: String,
    /// Commodity code.
    pub hs: HsCode,
    /// Country of origin.
    pub origin: CountryCode,
    /// Number of packages. Range: 1 to 99,999,999 (NCTS); 0 only for unpacked goods.
    pub packages: u32,
    /// Kind of package.
    pub package_kind: PackageKind,
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
    /// The containers that hold it; empty means all of the consignment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub containers: Vec<ContainerNumber>,
}

/// Identification of dangerous goods. Source: UN Model Regulations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerousGoods {
    /// UN number. Range: 1 to 9999; written with four digits.
    pub un_number: u16,
    /// Hazard class, such as `3` or `6.1`.
    pub class: String,
    /// Packing group I, II or III, where the class has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing_group: Option<String>,
}

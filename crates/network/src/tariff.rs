//! Prices and emission factors.

use crate::{RowAt, Traction};
use jiff::civil::Date;
use kervan_codes::CountryCode;
use kervan_model::{CostBasis, Mode, Provenance, ServiceId};
use kervan_units::{Currency, Estimate};

/// A price of one directed service.
///
/// Several tariffs of a service are alternatives for different cargo or dates, never parts of a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    /// Id of the row.
    pub id: String,
    /// The directed service it prices.
    pub service: ServiceId,
    /// What is priced.
    pub per: TariffUnit,
    /// Loaded or empty.
    pub load: Load,
    /// What the wagon or truck carries.
    pub cargo: Cargo,
    /// Only for goods that start in this country.
    pub origin: Option<CountryCode>,
    /// The amount. Unit: minor unit of `currency`.
    pub amount: Estimate<i64>,
    /// Its currency.
    pub currency: Currency,
    /// What the amount rests on.
    pub basis: CostBasis,
    /// First day it holds.
    pub valid_from: Option<Date>,
    /// Last day it holds.
    pub valid_to: Option<Date>,
    /// Where the amount comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

impl Tariff {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether it is for loaded equipment with ordinary goods of any origin.
    pub fn is_general(&self) -> bool {
        self.load == Load::Loaded && self.cargo == Cargo::General && self.origin.is_none()
    }
}

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TariffUnit {
    /// A twenty-foot container.
    Teu,
    /// A forty-foot container or longer.
    Feu,
    /// A running metre of wagon.
    WagonMetre,
    /// A running metre of truck.
    TruckMetre,
    /// A truck.
    Truck,
}

impl TariffUnit {
    /// Every unit with its word in the tables.
    pub const WORDS: &'static [(&'static str, TariffUnit)] = &[
        ("teu", Self::Teu),
        ("feu", Self::Feu),
        ("wagon_metre", Self::WagonMetre),
        ("truck_metre", Self::TruckMetre),
        ("truck", Self::Truck),
    ];
}

/// Loaded or empty equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// With goods.
    Loaded,
    /// Without goods.
    Empty,
}

impl Load {
    /// Both with their words in the tables.
    pub const WORDS: &'static [(&'static str, Load)] = &[("loaded", Self::Loaded), ("empty", Self::Empty)];
}

/// What a priced wagon or truck carries, as the ferry tariffs divide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cargo {
    /// Ordinary goods, containers included.
    General,
    /// Dangerous goods that have no class of their own here.
    Dangerous,
    /// Oil products in tank wagons.
    OilTank,
    /// Oil products in covered wagons.
    OilCovered,
    /// Alcohol in tank or covered wagons.
    Alcohol,
    /// Liquefied gas.
    LiquefiedGas,
}

impl Cargo {
    /// Every cargo with its word in the tables.
    pub const WORDS: &'static [(&'static str, Cargo)] = &[
        ("general", Self::General),
        ("dangerous", Self::Dangerous),
        ("oil_tank", Self::OilTank),
        ("oil_covered", Self::OilCovered),
        ("alcohol", Self::Alcohol),
        ("liquefied_gas", Self::LiquefiedGas),
    ];
}

/// Greenhouse gas of carrying a tonne over a kilometre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmissionFactor {
    /// Id of the row.
    pub id: String,
    /// Mode it is for.
    pub mode: Mode,
    /// Traction it is for; `None` for any.
    pub traction: Option<Traction>,
    /// Only for links that lie wholly in this country.
    pub country: Option<CountryCode>,
    /// Well to wheel. Unit: milligram of CO2e per net tonne-kilometre.
    pub mg_per_tkm: Estimate<u64>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Its row.
    pub at: RowAt,
}

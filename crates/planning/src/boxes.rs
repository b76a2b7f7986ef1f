//! The containers of a request, as tariffs and emission factors see them.

use crate::{Assumption, PlanRequest};
use kervan_model::{Confidence, Provenance};
use kervan_network::TariffUnit;
use kervan_units::Mass;

/// Mass of goods per twenty-foot container where the request gives none. Unit: tonne.
const TONNES_PER_TWENTY_FOOT: u64 = 10;

/// What a twenty-foot container weighs empty. Unit: kilogram. A common dry container; reefers weigh some 700 kg more.
const EMPTY_TWENTY_FOOT_KG: u64 = 2_300;

/// What a forty-foot container weighs empty. Unit: kilogram.
const EMPTY_FORTY_FOOT_KG: u64 = 3_900;

/// Length of a truck with trailer for tariffs by the metre. Unit: millimetre. Source: Caspian ferry tariff page.
const TRUCK_MM: u64 = 16_500;

/// Length of a container wagon over its couplers for tariffs by the metre. Unit: millimetre.
const WAGON_MM: u64 = 14_620;

/// Containers by the two sizes that tariffs know, and the mass of what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Boxes {
    /// Twenty-foot containers and shorter ones.
    pub(crate) short: u64,
    /// Forty-foot containers and longer ones.
    pub(crate) long: u64,
    /// Mass of the goods.
    pub(crate) mass: Mass,
    /// Whether they travel under temperature control.
    pub(crate) reefer: bool,
}

impl Boxes {
    /// Reads the equipment of a request that was checked.
    pub(crate) fn of_request(request: &PlanRequest) -> Self {
        let count = |long: bool| {
            let lines = request.equipment.iter().filter(|(_, size)| (size.teu() > 1) == long);
            lines.map(|(count, _)| u64::from(*count)).sum()
        };
        let (short, long) = (count(false), count(true));
        let assumed = Mass::from_tonnes(TONNES_PER_TWENTY_FOOT * (short + 2 * long));
        let reefer = request.conditions.temperature_controlled
            || request.equipment.iter().any(|(_, size)| size.is_temperature_controlled());
        Self { short, long, mass: request.gross_mass.unwrap_or(assumed), reefer }
    }

    /// What they take of the capacity of a departure. Unit: TEU.
    pub(crate) fn teu(&self) -> u64 {
        self.short + 2 * self.long
    }

    /// The heaviest container with its goods, if all are loaded alike: its share by TEU and what it weighs empty.
    pub(crate) fn heaviest(&self) -> Mass {
        let (share, empty) = if self.long > 0 { (2, EMPTY_FORTY_FOOT_KG) } else { (1, EMPTY_TWENTY_FOOT_KG) };
        let goods = u128::from(self.mass.grams()) * share / u128::from(self.teu().max(1));
        Mass::from_grams(u64::try_from(goods).unwrap_or(u64::MAX).saturating_add(empty * 1_000))
    }

    /// Trucks or container wagons needed: one long box or two short ones each.
    pub(crate) fn vehicles(&self) -> u64 {
        self.long + self.short.div_ceil(2)
    }

    /// How many times the amount of a tariff is due, in thousandths, so that metres count too.
    pub(crate) fn thousandths(&self, unit: TariffUnit) -> u64 {
        match unit {
            TariffUnit::Teu => 1_000 * self.short,
            TariffUnit::Feu => 1_000 * self.long,
            TariffUnit::Truck => 1_000 * self.vehicles(),
            TariffUnit::TruckMetre => TRUCK_MM * self.vehicles(),
            TariffUnit::WagonMetre => WAGON_MM * self.vehicles(),
        }
    }

    /// What was assumed about the boxes of a request: only what bears on a figure of the plan.
    pub(crate) fn assumptions(request: &PlanRequest, units: &[TariffUnit]) -> Vec<Assumption> {
        let judgement = |source: &str| Provenance {
            source: format!("judgement: {source}"),
            period: "2026".to_owned(),
            confidence: Confidence::Low,
        };
        let mut assumptions = Vec::new();
        if request.gross_mass.is_none() {
            assumptions.push(Assumption {
                name: "mass of the goods".to_owned(),
                value: format!("{TONNES_PER_TWENTY_FOOT} t per 20 ft, twice as much per 40 ft and longer"),
                provenance: judgement("no mass was given; the customary average of container trade"),
            });
        }
        let uses = |unit: TariffUnit| units.contains(&unit);
        if uses(TariffUnit::Truck) || uses(TariffUnit::TruckMetre) {
            assumptions.push(Assumption {
                name: "trucks".to_owned(),
                value: format!("{} m long, with one 40 ft or two 20 ft containers", TRUCK_MM as f64 / 1e3),
                provenance: judgement("the truck of the published ferry tariffs"),
            });
        }
        if uses(TariffUnit::WagonMetre) {
            assumptions.push(Assumption {
                name: "wagons".to_owned(),
                value: format!("{} m long, with one 40 ft or two 20 ft containers", WAGON_MM as f64 / 1e3),
                provenance: judgement("a common container flat wagon of the 1520 mm railways"),
            });
        }
        assumptions
    }
}

//! The containers of a request, as tariffs and emission factors see them.

use crate::{Assumption, PlanRequest};
use kervan_model::{Confidence, Provenance};
use kervan_network::TariffUnit;
use kervan_units::Mass;

/// Mass of goods per twenty-foot container where the request gives none. Unit: tonne.
const TONNES_PER_TWENTY_FOOT: u64 = 10;

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
        Self { short, long, mass: request.gross_mass.unwrap_or(assumed) }
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

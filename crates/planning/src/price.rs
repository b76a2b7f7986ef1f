//! What a ride or a process costs for the boxes of a request.

use crate::boxes::Boxes;
use jiff::civil::Date;
use kervan_codes::CountryCode;
use kervan_model::{CostBasis, Provenance, TrafficClass};
use kervan_network::{Cargo, Load, ProcessCost, Tariff, TariffUnit};
use kervan_units::{Currency, Estimate};
use std::cmp::Reverse;

/// What a price depends on besides the boxes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PriceInputs<'a> {
    /// The boxes.
    pub(crate) boxes: &'a Boxes,
    /// The day on which tariffs must hold.
    pub(crate) day: Date,
    /// Where the goods start.
    pub(crate) origin: CountryCode,
    /// The currency of the plan; amounts in others are not converted, because there is no dated rate.
    pub(crate) currency: Currency,
}

/// One tariff applied. Amounts are in minor units of the plan's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charge<'a> {
    pub(crate) low: u64,
    pub(crate) typical: u64,
    pub(crate) high: u64,
    pub(crate) basis: CostBasis,
    pub(crate) unit: TariffUnit,
    pub(crate) provenance: &'a Provenance,
}

/// A price: the charges that are known, and what is not, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Price<'a> {
    pub(crate) charges: Vec<Charge<'a>>,
    pub(crate) unknown: Vec<String>,
}

impl Price<'_> {
    /// Sum of the typical amounts.
    pub(crate) fn typical(&self) -> u64 {
        self.charges.iter().fold(0, |sum, charge| sum.saturating_add(charge.typical))
    }
}

/// The price of a ride.
///
/// Containers pay per container where there is such a tariff, trucks per truck or by the metre, and wagons by the metre if
/// nothing else is there. Several tariffs of a service are alternatives: the one for goods of this origin wins, then the
/// better basis, then the later one.
pub(crate) fn price_ride<'a>(
    tariffs: &[&'a Tariff],
    class: TrafficClass,
    name: &str,
    inputs: PriceInputs<'_>,
) -> Price<'a> {
    let vehicle_units = |units: &[TariffUnit]| {
        units.iter().find_map(|unit| best_tariff(tariffs, *unit, inputs)).map(|tariff| charge(tariff, inputs))
    };
    let trucks = || vehicle_units(&[TariffUnit::Truck, TariffUnit::TruckMetre]);
    let wagons = || vehicle_units(&[TariffUnit::WagonMetre]);
    if class == TrafficClass::Truck
        && let Some(charge) = trucks()
    {
        return Price { charges: vec![charge], unknown: Vec::new() };
    }
    let by_box = price_boxes(tariffs, name, inputs);
    if by_box.unknown.is_empty() {
        return by_box;
    }
    let by_vehicle = if class == TrafficClass::Truck { None } else { wagons().or_else(trucks) };
    match by_vehicle {
        Some(charge) => Price { charges: vec![charge], unknown: Vec::new() },
        None => by_box,
    }
}

fn price_boxes<'a>(tariffs: &[&'a Tariff], name: &str, inputs: PriceInputs<'_>) -> Price<'a> {
    let mut price = Price::default();
    for (unit, count, size) in
        [(TariffUnit::Teu, inputs.boxes.short, "20 ft"), (TariffUnit::Feu, inputs.boxes.long, "40 ft")]
    {
        if count == 0 {
            continue;
        }
        match best_tariff(tariffs, unit, inputs) {
            Some(tariff) => price.charges.push(charge(tariff, inputs)),
            None => price
                .unknown
                .push(format!("price of {name} for {size}{}", other_currencies(tariffs, unit, inputs))),
        }
    }
    price
}

/// Says that there is a price, but in another currency.
fn other_currencies(tariffs: &[&Tariff], unit: TariffUnit, inputs: PriceInputs<'_>) -> String {
    let other = tariffs.iter().find(|tariff| tariff.per == unit && tariff.currency != inputs.currency);
    other.map_or_else(String::new, |tariff| format!(" (known in {} only)", tariff.currency))
}

fn best_tariff<'a>(tariffs: &[&'a Tariff], unit: TariffUnit, inputs: PriceInputs<'_>) -> Option<&'a Tariff> {
    tariffs
        .iter()
        .copied()
        .filter(|tariff| {
            tariff.per == unit
                && tariff.load == Load::Loaded
                && tariff.cargo == Cargo::General
                && tariff.currency == inputs.currency
                && tariff.holds_on(inputs.day)
                && tariff.origin.is_none_or(|origin| origin == inputs.origin)
        })
        .min_by_key(|tariff| (tariff.origin.is_none(), tariff.basis, Reverse(tariff.valid_from), &tariff.id))
}

fn charge<'a>(tariff: &'a Tariff, inputs: PriceInputs<'_>) -> Charge<'a> {
    apply(tariff.per, tariff.amount, tariff.basis, &tariff.provenance, inputs.boxes)
}

/// The price of a process, if it is known in the currency of the plan.
pub(crate) fn price_process<'a>(cost: &'a ProcessCost, inputs: PriceInputs<'_>) -> Option<Vec<Charge<'a>>> {
    if cost.currency != inputs.currency {
        return None;
    }
    // A price per lift is given for one size and is due for every box of either size.
    let units: &[TariffUnit] = match cost.per {
        TariffUnit::Teu | TariffUnit::Feu => &[TariffUnit::Teu, TariffUnit::Feu],
        TariffUnit::WagonMetre => &[TariffUnit::WagonMetre],
        TariffUnit::TruckMetre => &[TariffUnit::TruckMetre],
        TariffUnit::Truck => &[TariffUnit::Truck],
    };
    let charges =
        units.iter().map(|unit| apply(*unit, cost.amount, cost.basis, &cost.provenance, inputs.boxes));
    Some(charges.filter(|charge| charge.high > 0).collect())
}

fn apply<'a>(
    unit: TariffUnit,
    amount: Estimate<i64>,
    basis: CostBasis,
    provenance: &'a Provenance,
    boxes: &Boxes,
) -> Charge<'a> {
    let times = boxes.thousandths(unit);
    let due =
        |minor: i64| u64::try_from(minor).unwrap_or(0).saturating_mul(times).saturating_add(500) / 1_000;
    Charge {
        low: due(amount.min()),
        typical: due(amount.typ()),
        high: due(amount.max()),
        basis,
        unit,
        provenance,
    }
}

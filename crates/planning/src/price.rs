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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PlanRequest;
    use kervan_model::Confidence;
    use kervan_network::RowAt;

    /// A tariff of 100.00 for the unit, changed.
    fn tariff(id: &str, per: TariffUnit, change: impl FnOnce(&mut Tariff)) -> Tariff {
        let mut tariff = Tariff {
            id: id.to_owned(),
            service: "S1".parse().unwrap(),
            per,
            load: Load::Loaded,
            cargo: Cargo::General,
            origin: None,
            amount: Estimate::exactly(10_000),
            currency: "USD".parse().unwrap(),
            basis: CostBasis::Published,
            valid_from: None,
            valid_to: None,
            provenance: Provenance {
                source: "made up".to_owned(),
                period: "2026".to_owned(),
                confidence: Confidence::High,
            },
            note: String::new(),
            at: RowAt { file: "tariffs.csv", line: 2 },
        };
        change(&mut tariff);
        tariff
    }

    fn boxes(short: u32, long: u32) -> Boxes {
        let equipment = [(short, "22G1"), (long, "45G1")].map(|(count, size)| (count, size.parse().unwrap()));
        Boxes::of_request(&PlanRequest {
            from: "KZAAU".parse().unwrap(),
            to: "AZALA".parse().unwrap(),
            ready: "2026-12-01T08:00:00Z".parse().unwrap(),
            equipment: equipment.to_vec(),
            gross_mass: None,
            allow_planned: false,
            allow_disrupted: false,
        })
    }

    /// Typical cents of a ride, and how many parts of its price are unknown.
    fn price(tariffs: &[Tariff], class: TrafficClass, short: u32, long: u32) -> (u64, usize) {
        let tariffs: Vec<&Tariff> = tariffs.iter().collect();
        let inputs = PriceInputs {
            boxes: &boxes(short, long),
            day: jiff::civil::date(2026, 12, 1),
            origin: "KZ".parse().unwrap(),
            currency: "USD".parse().unwrap(),
        };
        let price = price_ride(&tariffs, class, "S1", inputs);
        (price.typical(), price.unknown.len())
    }

    #[test]
    fn boxes_trucks_and_wagons_pay_by_their_unit() {
        use TariffUnit::{Feu, Teu, Truck, TruckMetre, WagonMetre};
        let of = |per| tariff("T", per, |_| {});
        /// Units with a tariff, class, 20 ft, 40 ft; cents and unknown parts.
        type Case = (&'static [TariffUnit], TrafficClass, u32, u32, u64, usize);
        let cases: &[Case] = &[
            (&[Teu, Feu], TrafficClass::BlockTrain, 3, 2, 50_000, 0),
            (&[Feu], TrafficClass::BlockTrain, 0, 2, 20_000, 0),
            (&[Feu], TrafficClass::BlockTrain, 1, 2, 20_000, 1),
            (&[], TrafficClass::BlockTrain, 1, 2, 0, 2),
            // A truck takes one long box or two short ones; the published ferry truck is 16.5 m long.
            (&[Truck, Feu], TrafficClass::Truck, 3, 2, 40_000, 0),
            (&[TruckMetre], TrafficClass::Truck, 0, 1, 165_000, 0),
            // Wagons pay by the metre only where no price per box is known.
            (&[WagonMetre, Feu], TrafficClass::Ferry, 0, 1, 10_000, 0),
            (&[WagonMetre], TrafficClass::Ferry, 2, 1, 292_400, 0),
            (&[WagonMetre, Feu], TrafficClass::Ferry, 1, 1, 292_400, 0),
        ];
        for (units, class, short, long, cents, unknown) in cases {
            let tariffs: Vec<Tariff> = units.iter().map(|unit| of(*unit)).collect();
            assert_eq!(
                price(&tariffs, *class, *short, *long),
                (*cents, *unknown),
                "{units:?} {class} {short} {long}"
            );
        }
    }

    #[test]
    fn the_tariff_of_the_day_the_origin_and_the_currency_counts() {
        let day = |year| Some(jiff::civil::date(year, 1, 1));
        let amount = |minor| Estimate::exactly(minor);
        let general = tariff("T1", TariffUnit::Feu, |_| {});
        let later = tariff("T2", TariffUnit::Feu, |t| (t.amount, t.valid_from) = (amount(200), day(2026)));
        let past = tariff("T3", TariffUnit::Feu, |t| (t.amount, t.valid_to) = (amount(300), day(2026)));
        let own = tariff("T4", TariffUnit::Feu, |t| (t.amount, t.origin) = (amount(400), "KZ".parse().ok()));
        let foreign =
            tariff("T5", TariffUnit::Feu, |t| (t.amount, t.origin) = (amount(500), "AZ".parse().ok()));
        let guess = tariff("T6", TariffUnit::Feu, |t| {
            (t.amount, t.basis, t.valid_from) = (amount(600), CostBasis::Judgement, day(2026));
        });
        let euro = tariff("T7", TariffUnit::Feu, |t| t.currency = "EUR".parse().unwrap());
        let empty = tariff("T8", TariffUnit::Feu, |t| t.load = Load::Empty);
        let oil = tariff("T9", TariffUnit::Feu, |t| t.cargo = Cargo::OilTank);
        let cases: &[(&[&Tariff], (u64, usize))] = &[
            (&[&general, &later, &past, &foreign, &guess], (200, 0)),
            (&[&general, &later, &own], (400, 0)),
            (&[&guess, &past], (600, 0)),
            (&[&euro], (0, 1)),
            (&[&empty, &oil, &past, &foreign], (0, 1)),
        ];
        for (tariffs, expected) in cases {
            let tariffs: Vec<Tariff> = tariffs.iter().map(|tariff| (*tariff).clone()).collect();
            assert_eq!(price(&tariffs, TrafficClass::BlockTrain, 0, 1), *expected, "{tariffs:?}");
        }
    }
}

//! What a ride, a stay or a process costs for the boxes of a request, in the currency of the plan.

use crate::boxes::Boxes;
use jiff::civil::Date;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{CostBasis, Mode, Provenance, TrafficClass};
use kervan_network::{
    Cargo, ExchangeRate, Load, MoveCase, Network, Place, ProcessCost, Service, Surcharge, SurchargeAmount,
    SurchargeKind, Tariff, TariffUnit,
};
use kervan_units::{Currency, Estimate, Money};
use std::cmp::Reverse;

/// What a price depends on besides the boxes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PriceInputs<'a, 'n> {
    /// Where surcharges, rates of exchange and prices of places are; `None` where there are none.
    pub(crate) network: Option<&'n Network>,
    /// The boxes.
    pub(crate) boxes: &'a Boxes,
    /// The day on which tariffs must hold.
    pub(crate) day: Date,
    /// Where the goods start.
    pub(crate) origin: CountryCode,
    /// The currency of the plan; amounts in others are converted at dated rates.
    pub(crate) currency: Currency,
    /// Whether the goods are dangerous.
    pub(crate) dangerous: bool,
}

/// One price applied. Amounts are in minor units of the plan's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Charge<'n> {
    pub(crate) low: u64,
    pub(crate) typical: u64,
    pub(crate) high: u64,
    pub(crate) basis: CostBasis,
    pub(crate) unit: TariffUnit,
    pub(crate) provenance: &'n Provenance,
    /// The rates of exchange that it was converted at.
    pub(crate) rates: Vec<&'n ExchangeRate>,
}

/// A price: the charges that are known, and what is not, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Price<'n> {
    pub(crate) charges: Vec<Charge<'n>>,
    pub(crate) unknown: Vec<String>,
}

impl Price<'_> {
    /// Sum of the typical amounts.
    pub(crate) fn typical(&self) -> u64 {
        self.charges.iter().fold(0, |sum, charge| sum.saturating_add(charge.typical))
    }
}

/// The price of a ride with its surcharges.
///
/// Containers pay per container where there is such a tariff, trucks per truck or by the metre, and wagons by the metre if
/// nothing else is there. Several tariffs of a service are alternatives: the one for such cargo wins, then the one for goods of
/// this origin, then the better basis, then the later one.
pub(crate) fn price_ride<'n>(
    tariffs: &[&'n Tariff],
    service: &Service,
    inputs: PriceInputs<'_, 'n>,
) -> Price<'n> {
    let mut price = price_freight(tariffs, service.class, &service.name, inputs);
    let Some(network) = inputs.network else { return price };
    let freight = price.charges.clone();
    let unit = freight.first().map(|charge| charge.unit);
    for row in network.surcharges_of_service(service, inputs.day).filter(|row| is_due(row, inputs)) {
        match row.amount {
            SurchargeAmount::OfFreight(share) => price.charges.extend(share_of(&freight, share, row)),
            SurchargeAmount::PerUnit { per, amount, currency } => {
                // Boxes pay by the box and vehicles by the vehicle, as their freight does.
                let of_boxes = |unit: TariffUnit| matches!(unit, TariffUnit::Teu | TariffUnit::Feu);
                if unit.is_none_or(|unit| of_boxes(unit) == of_boxes(per)) {
                    price.charges.extend(apply(per, amount, currency, (row.basis, &row.provenance), inputs));
                }
            }
        }
    }
    price.charges.retain(|charge| charge.high > 0 || freight.contains(charge));
    price
}

/// Whether a surcharge is due for goods of this kind.
fn is_due(row: &Surcharge, inputs: PriceInputs<'_, '_>) -> bool {
    match row.kind {
        SurchargeKind::DangerousGoods => inputs.dangerous,
        SurchargeKind::Reefer => inputs.boxes.reefer,
        SurchargeKind::Fuel
        | SurchargeKind::Security
        | SurchargeKind::Congestion
        | SurchargeKind::WarRisk => true,
    }
}

/// A share of the freight, in tenths of a percent.
fn share_of<'n>(freight: &[Charge<'n>], share: Estimate<u32>, row: &'n Surcharge) -> Option<Charge<'n>> {
    let first = freight.first()?;
    let sum = |part: fn(&Charge<'_>) -> u64, tenths: u32| {
        freight.iter().map(part).sum::<u64>().saturating_mul(u64::from(tenths)).saturating_add(500) / 1_000
    };
    Some(Charge {
        low: sum(|charge| charge.low, share.min()),
        typical: sum(|charge| charge.typical, share.typ()),
        high: sum(|charge| charge.high, share.max()),
        basis: freight.iter().map(|charge| charge.basis).fold(row.basis, CostBasis::max),
        unit: first.unit,
        provenance: &row.provenance,
        rates: Vec::new(),
    })
}

fn price_freight<'n>(
    tariffs: &[&'n Tariff],
    class: TrafficClass,
    name: &str,
    inputs: PriceInputs<'_, 'n>,
) -> Price<'n> {
    let vehicle_units =
        |units: &[TariffUnit]| units.iter().find_map(|unit| best_charge(tariffs, *unit, inputs));
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

fn price_boxes<'n>(tariffs: &[&'n Tariff], name: &str, inputs: PriceInputs<'_, 'n>) -> Price<'n> {
    let mut price = Price::default();
    for (unit, count, size) in
        [(TariffUnit::Teu, inputs.boxes.short, "20 ft"), (TariffUnit::Feu, inputs.boxes.long, "40 ft")]
    {
        if count == 0 {
            continue;
        }
        match best_charge(tariffs, unit, inputs) {
            Some(charge) => price.charges.push(charge),
            None => price
                .unknown
                .push(format!("price of {name} for {size}{}", other_currencies(tariffs, unit, inputs))),
        }
    }
    price
}

/// Says that there is a price, but in a currency that no rate leads from.
fn other_currencies(tariffs: &[&Tariff], unit: TariffUnit, inputs: PriceInputs<'_, '_>) -> String {
    let other = tariffs.iter().find(|tariff| tariff.per == unit && tariff.currency != inputs.currency);
    other.map_or_else(String::new, |tariff| format!(" (known in {} only)", tariff.currency))
}

/// The charge by the best tariff of a unit that holds and can be converted.
fn best_charge<'n>(
    tariffs: &[&'n Tariff],
    unit: TariffUnit,
    inputs: PriceInputs<'_, 'n>,
) -> Option<Charge<'n>> {
    let mut fitting: Vec<&'n Tariff> = tariffs
        .iter()
        .copied()
        .filter(|tariff| {
            tariff.per == unit
                && tariff.load == Load::Loaded
                && (tariff.cargo == Cargo::General || (inputs.dangerous && tariff.cargo == Cargo::Dangerous))
                && tariff.holds_on(inputs.day)
                && tariff.origin.is_none_or(|origin| origin == inputs.origin)
        })
        .collect();
    fitting.sort_by_key(|tariff| {
        let general = tariff.cargo == Cargo::General;
        (general, tariff.origin.is_none(), tariff.basis, Reverse(tariff.valid_from), &tariff.id)
    });
    fitting.into_iter().find_map(|tariff| {
        apply(tariff.per, tariff.amount, tariff.currency, (tariff.basis, &tariff.provenance), inputs)
    })
}

/// The price of a process, if it is known and can be converted.
pub(crate) fn price_process<'n>(
    cost: &'n ProcessCost,
    inputs: PriceInputs<'_, 'n>,
) -> Option<Vec<Charge<'n>>> {
    // A price per lift is given for one size and is due for every box of either size.
    let units: &[TariffUnit] = match cost.per {
        TariffUnit::Teu | TariffUnit::Feu => &[TariffUnit::Teu, TariffUnit::Feu],
        TariffUnit::WagonMetre => &[TariffUnit::WagonMetre],
        TariffUnit::TruckMetre => &[TariffUnit::TruckMetre],
        TariffUnit::Truck => &[TariffUnit::Truck],
    };
    let charges: Option<Vec<Charge<'n>>> = units
        .iter()
        .map(|unit| apply(*unit, cost.amount, cost.currency, (cost.basis, &cost.provenance), inputs))
        .collect();
    charges.map(|charges| charges.into_iter().filter(|charge| charge.high > 0).collect())
}

/// What the moves of the boxes at a place cost. `None` unless there is a price for every size that travels.
pub(crate) fn price_moves<'n>(
    place: &PlaceCode,
    [from_mode, to_mode]: [Option<Mode>; 2],
    inputs: PriceInputs<'_, 'n>,
) -> Option<Vec<Charge<'n>>> {
    let network = inputs.network?;
    let charges = boxes_by_unit(inputs.boxes).map(|per| {
        let case = MoveCase { from_mode, to_mode, per, reefer: inputs.boxes.reefer, day: inputs.day };
        let rate = network.find_handling_rate(place, case)?;
        apply(per, rate.amount, rate.currency, (rate.basis, &rate.provenance), inputs)
    });
    charges.collect()
}

/// The surcharges of a place where boxes are lifted.
pub(crate) fn price_of_place<'n>(place: &Place, inputs: PriceInputs<'_, 'n>) -> Vec<Charge<'n>> {
    let Some(network) = inputs.network else { return Vec::new() };
    let rows = network.surcharges_of_place(place, inputs.day).filter(|row| is_due(row, inputs));
    let charges = rows.filter_map(|row| match row.amount {
        SurchargeAmount::PerUnit { per, amount, currency } => {
            apply(per, amount, currency, (row.basis, &row.provenance), inputs)
        }
        SurchargeAmount::OfFreight(_) => None,
    });
    charges.filter(|charge| charge.high > 0).collect()
}

/// What it costs in the mean to lie at a place for one of so many days, each as likely; free days left out.
///
/// Storage is due from the day after the last free one, so the mean of what is due is more than what is due at the mean: most stays
/// may be free and a late ship dear.
pub(crate) fn price_storage<'n>(
    place: &PlaceCode,
    days: &[u32],
    inputs: PriceInputs<'_, 'n>,
) -> Vec<Charge<'n>> {
    let Some(network) = inputs.network else { return Vec::new() };
    let mut charges = Vec::new();
    for per in boxes_by_unit(inputs.boxes) {
        for rate in network.storage_rates_of(place, per, inputs.boxes.reefer, inputs.day) {
            let all: u64 = days.iter().map(|days| u64::from(rate.days_due(*days))).sum();
            let due =
                i64::try_from(all.saturating_mul(1_000) / (days.len().max(1) as u64)).unwrap_or(i64::MAX);
            let amount = rate.amount.map(|minor| minor.saturating_mul(due) / 1_000);
            charges.extend(apply(per, amount, rate.currency, (rate.basis, &rate.provenance), inputs));
        }
    }
    charges.retain(|charge| charge.high > 0);
    charges
}

/// The units of the sizes that travel.
fn boxes_by_unit(boxes: &Boxes) -> impl Iterator<Item = TariffUnit> {
    let sizes = [(TariffUnit::Teu, boxes.short), (TariffUnit::Feu, boxes.long)];
    sizes.into_iter().filter(|(_, count)| *count > 0).map(|(unit, _)| unit)
}

/// An amount per unit for all the boxes, in the currency of the plan. `None` if no rate leads there.
fn apply<'n>(
    unit: TariffUnit,
    amount: Estimate<i64>,
    currency: Currency,
    (basis, provenance): (CostBasis, &'n Provenance),
    inputs: PriceInputs<'_, 'n>,
) -> Option<Charge<'n>> {
    let (amount, rates) = in_plan_currency(amount, currency, inputs)?;
    let times = inputs.boxes.thousandths(unit);
    let due =
        |minor: i64| u64::try_from(minor).unwrap_or(0).saturating_mul(times).saturating_add(500) / 1_000;
    Some(Charge {
        low: due(amount.min()),
        typical: due(amount.typ()),
        high: due(amount.max()),
        basis,
        unit,
        provenance,
        rates,
    })
}

fn in_plan_currency<'n>(
    amount: Estimate<i64>,
    currency: Currency,
    inputs: PriceInputs<'_, 'n>,
) -> Option<(Estimate<i64>, Vec<&'n ExchangeRate>)> {
    if currency == inputs.currency {
        return Some((amount, Vec::new()));
    }
    let network = inputs.network?;
    let convert =
        |minor: i64| network.convert(Money::from_minor(minor, currency), inputs.currency, inputs.day);
    let typical = convert(amount.typ())?;
    let (min, max) = (convert(amount.min())?.money.minor(), convert(amount.max())?.money.minor());
    Some((Estimate::new(min, typical.money.minor(), max).ok()?, typical.rates))
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
        Boxes::of_request(&PlanRequest::new(
            "KZAAU".parse().unwrap(),
            "AZALA".parse().unwrap(),
            "2026-12-01T08:00:00Z".parse().unwrap(),
            equipment.to_vec(),
        ))
    }

    /// Typical cents of a ride, and how many parts of its price are unknown.
    fn price(tariffs: &[Tariff], class: TrafficClass, short: u32, long: u32) -> (u64, usize) {
        let tariffs: Vec<&Tariff> = tariffs.iter().collect();
        let inputs = PriceInputs {
            network: None,
            dangerous: false,
            boxes: &boxes(short, long),
            day: jiff::civil::date(2026, 12, 1),
            origin: "KZ".parse().unwrap(),
            currency: "USD".parse().unwrap(),
        };
        let price = price_freight(&tariffs, class, "S1", inputs);
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

    #[test]
    fn storage_is_the_mean_over_the_stays_and_not_what_the_mean_stay_costs() {
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network/");
        let network = Network::load(|name| std::fs::read_to_string(format!("{data}{name}")).ok()).unwrap().0;
        let ready = "2026-12-01T08:00:00Z".parse().unwrap();
        let boxes = vec![(1, "22G1".parse().unwrap())];
        let request = PlanRequest::new("CNXIA".parse().unwrap(), "TRMER".parse().unwrap(), ready, boxes);
        let boxes = Boxes::of_request(&request);
        let inputs = PriceInputs {
            network: Some(&network),
            boxes: &boxes,
            day: "2026-12-01".parse().unwrap(),
            origin: "CN".parse().unwrap(),
            currency: "USD".parse().unwrap(),
            dangerous: false,
        };
        let due = |days: &[u32]| -> u64 {
            price_storage(&"TRMER".parse().unwrap(), days, inputs).iter().map(|charge| charge.typical).sum()
        };
        // Ten days are free, then 10, 20 and 50 USD a day.
        assert_eq!([due(&[10]), due(&[14]), due(&[30])], [0, 4_000, 65_000]);
        assert_eq!([due(&[]), due(&[5, 5])], [0, 0]);
        assert!(due(&[5, 5, 30]).abs_diff(65_000 / 3) < 10);
    }
}

//! Rates of exchange, surcharges, handling, storage, and what is taken.

use crate::{
    ExchangeRate, Network, Scope, StorageRate, SurchargeAmount, SurchargeKind, TariffUnit, Validity,
};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, Mode};
use kervan_units::{Currency, Money};
use std::collections::{BTreeMap, BTreeSet};

/// Rates of one day that close a triangle may disagree by this share.
const TRIANGLE: f64 = 0.02;

/// A surcharge above this share of the freight is asked about. Unit: tenth of a percent.
const HIGH_SURCHARGE: u32 = 1_000;

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    rates_agree(network, findings);
    currencies_convert(network, findings);
    surcharges(network, findings);
    handling(network, findings);
    storage(network, findings);
    acceptance(network, findings);
}

/// Three rates of one day between three currencies must fit.
fn rates_agree(network: &Network, findings: &mut Vec<Finding>) {
    let rates: Vec<&ExchangeRate> = network.list_exchange_rates().collect();
    for closing in &rates {
        let of_day = || rates.iter().filter(|rate| rate.day == closing.day && rate.id != closing.id);
        for first in of_day().filter(|rate| rate.base == closing.base) {
            for second in of_day().filter(|rate| rate.base == first.quote && rate.quote == closing.quote) {
                let chained = first.billionths as f64 * second.billionths as f64 / 1e9;
                let off = chained / closing.billionths as f64 - 1.0;
                if off.abs() > TRIANGLE {
                    let message = format!(
                        "{} to {} is {:.1} % off what `{}` and `{}` of the same day make of it",
                        closing.base,
                        closing.quote,
                        off.abs() * 100.0,
                        first.id,
                        second.id
                    );
                    findings.push(
                        Finding::warning("network.rates-disagree", message)
                            .at(format!("{}:rate", closing.at))
                            .remedy("look the three rates up again"),
                    );
                }
            }
        }
    }
}

/// Every price must convert into the currency in which most prices are.
fn currencies_convert(network: &Network, findings: &mut Vec<Finding>) {
    let mut used: BTreeMap<String, (usize, Currency, String)> = BTreeMap::new();
    let mut note = |currency: Currency, path: String| {
        used.entry(currency.to_string()).or_insert((0, currency, path)).0 += 1;
    };
    for service in network.list_services().filter(|service| service.part_of.is_none()) {
        network
            .tariffs_of_service(&service.id)
            .for_each(|row| note(row.currency, format!("{}:currency", row.at)));
    }
    for process in network.list_places().flat_map(|place| &place.processes) {
        process.cost.iter().for_each(|cost| note(cost.currency, format!("{}:currency", process.at)));
    }
    network.list_handling_rates().for_each(|row| note(row.currency, format!("{}:currency", row.at)));
    network.list_storage_rates().for_each(|row| note(row.currency, format!("{}:currency", row.at)));
    for row in network.list_surcharges() {
        if let SurchargeAmount::PerUnit { currency, .. } = row.amount {
            note(currency, format!("{}:currency", row.at));
        }
    }
    let Some((_, usual, _)) = used.values().max_by_key(|(count, ..)| *count).cloned() else { return };
    for (_, currency, path) in used.values() {
        let unit = Money::from_minor(1_000_000, *currency);
        if network.convert(unit, usual, jiff::civil::Date::MAX).is_none() {
            let message = format!("a price is in {currency}, and no rate leads from there to {usual}");
            findings.push(
                Finding::warning("network.rate-missing", message).at(path.clone()).remedy(
                    "add a dated rate to exchange_rates.csv; without it plans call the price unknown",
                ),
            );
        }
    }
}

fn surcharges(network: &Network, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(&Scope, SurchargeKind, Option<TariffUnit>, Validity)> = Vec::new();
    for row in network.list_surcharges() {
        let unit = match row.amount {
            SurchargeAmount::PerUnit { per, .. } => Some(per),
            SurchargeAmount::OfFreight(share) => {
                if share.max() > HIGH_SURCHARGE {
                    findings.push(
                        Finding::warning(
                            "network.surcharge-high",
                            format!("{} adds more than the freight itself", row.id),
                        )
                        .at(format!("{}:amount_max", row.at))
                        .remedy("a percent is a hundredth: 20 adds a fifth"),
                    );
                }
                None
            }
        };
        let twin = |other: &&(&Scope, SurchargeKind, Option<TariffUnit>, Validity)| {
            (other.0, other.1, other.2) == (&row.scope, row.kind, unit) && other.3.overlaps(&row.validity)
        };
        if seen.iter().any(|other| twin(&other)) {
            findings.push(
                Finding::error(
                    "network.surcharge-twice",
                    format!("a {} surcharge is due here already", row.kind.in_words()),
                )
                .at(format!("{}:kind", row.at))
                .remedy("give the rows times that do not overlap; surcharges that hold together are added"),
            );
        }
        if matches!(row.scope, Scope::Place(_)) && unit.is_none() {
            findings.push(
                Finding::error(
                    "network.surcharge-of-no-freight",
                    "a place has no freight to take a share of",
                )
                .at(format!("{}:per", row.at))
                .remedy("give an amount per unit"),
            );
        }
        seen.push((&row.scope, row.kind, unit, row.validity));
    }
}

/// A price for a move between modes that do not meet there is for nothing.
fn handling(network: &Network, findings: &mut Vec<Finding>) {
    let mut modes: BTreeMap<&PlaceCode, BTreeSet<Mode>> = BTreeMap::new();
    for service in network.list_services() {
        for place in [&service.from, &service.to] {
            modes.entry(place).or_default().insert(service.mode);
        }
    }
    for row in network.list_handling_rates() {
        let there = modes.get(&row.place);
        let absent = [row.from_mode, row.to_mode]
            .into_iter()
            .flatten()
            .find(|mode| !there.is_some_and(|there| there.contains(mode)));
        if let Some(mode) = absent {
            findings.push(
                Finding::warning(
                    "network.handling-without-mode",
                    format!("no service goes by {mode} at {}", row.place),
                )
                .at(format!("{}:from_mode", row.at))
                .remedy("correct the place or the mode"),
            );
        }
    }
}

/// The days of storage must begin with the first and leave no gap, and must not get cheaper.
fn storage(network: &Network, findings: &mut Vec<Finding>) {
    type Key<'n> = (&'n PlaceCode, TariffUnit, bool, Option<jiff::civil::Date>, Option<jiff::civil::Date>);
    let mut ladders: BTreeMap<Key<'_>, Vec<&StorageRate>> = BTreeMap::new();
    for row in network.list_storage_rates() {
        let key = (&row.place, row.per, row.reefer, row.validity.from, row.validity.to);
        ladders.entry(key).or_default().push(row);
    }
    for ladder in ladders.values_mut() {
        ladder.sort_by_key(|row| row.from_day);
        let mut next = Some(1);
        let mut price = None;
        for row in ladder.iter() {
            if next != Some(row.from_day) {
                let expected = next.map_or("no further day".to_owned(), |day| format!("day {day}"));
                findings.push(
                    Finding::error(
                        "network.storage-days",
                        format!("{} starts with day {}, but {expected} is due", row.id, row.from_day),
                    )
                    .at(format!("{}:from_day", row.at))
                    .remedy("list the days from 1 without gaps or overlaps; free days have the amount 0"),
                );
            }
            if price.is_some_and(|price| price > row.amount.typ()) {
                findings.push(
                    Finding::warning(
                        "network.storage-falls",
                        format!("storage gets cheaper with {}", row.id),
                    )
                    .at(format!("{}:amount_typ", row.at))
                    .remedy("look at the tariff again; storage that lasts costs more, not less"),
                );
            }
            next = row.to_day.map(|day| day + 1);
            price = Some(row.amount.typ());
        }
    }
}

fn acceptance(network: &Network, findings: &mut Vec<Finding>) {
    let mut seen: Vec<&Scope> = Vec::new();
    for row in network.list_acceptances() {
        if seen.contains(&&row.scope) {
            findings.push(
                Finding::error(
                    "network.acceptance-twice",
                    format!("`{}` is about what another row is about", row.id),
                )
                .at(format!("{}:id", row.at))
                .remedy("join the rows"),
            );
        }
        if row.reefer == Some(false) && row.reefer_plugs.is_some_and(|plugs| plugs > 0) {
            findings.push(
                Finding::error("network.plugs-without-reefers", "plugs for what is not taken")
                    .at(format!("{}:reefer_plugs", row.at))
                    .remedy("write `yes` in `reefer`, or leave the plugs out"),
            );
        }
        seen.push(&row.scope);
    }
}

//! Rates of exchange, each with its day and source, and conversion at them.

use crate::{Network, RowAt};
use jiff::civil::Date;
use kervan_model::Provenance;
use kervan_units::{Currency, Money};
use std::cmp::Reverse;

/// How much of one currency another one bought on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeRate {
    /// Id of the row.
    pub id: String,
    /// The day it is of.
    pub day: Date,
    /// One unit of this currency,
    pub base: Currency,
    /// is worth so many of this one.
    pub quote: Currency,
    /// The rate. Unit: billionth. Invariant: above zero.
    pub billionths: u64,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Its row.
    pub at: RowAt,
}

/// An amount in another currency, with the rates that it was converted at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted<'n> {
    /// The amount, rounded to the nearest minor unit.
    pub money: Money,
    /// The rates used, at most two; none if the currency was the same.
    pub rates: Vec<&'n ExchangeRate>,
}

impl ExchangeRate {
    /// How many billionths of `to` one unit of `from` is worth, if this rate is between the two.
    fn factor(&self, from: Currency, to: Currency) -> Option<u128> {
        let rate = u128::from(self.billionths);
        match () {
            () if (self.base, self.quote) == (from, to) => Some(rate),
            () if (self.quote, self.base) == (from, to) => (BILLION * BILLION).checked_div(rate),
            () => None,
        }
    }
}

const BILLION: u128 = 1_000_000_000;

impl Network {
    /// Every rate of exchange, in the order of the table.
    pub fn list_exchange_rates(&self) -> impl Iterator<Item = &ExchangeRate> {
        self.exchange_rates.iter()
    }

    /// An amount in another currency at the rates of a day: the latest that are not younger than it, else the earliest.
    ///
    /// Directly if there is a rate between the two, else over one third currency, the one whose older rate is youngest.
    /// `None` if no rates lead there.
    pub fn convert(&self, money: Money, to: Currency, day: Date) -> Option<Converted<'_>> {
        let from = money.currency();
        if from == to {
            return Some(Converted { money, rates: Vec::new() });
        }
        if let Some(rate) = self.find_rate(from, to, day) {
            return converted(money, to, rate.factor(from, to)?, vec![rate]);
        }
        let mut thirds: Vec<Currency> = self
            .exchange_rates
            .iter()
            .flat_map(|rate| [rate.base, rate.quote])
            .filter(|c| *c != from && *c != to)
            .collect();
        thirds.sort_by_key(|currency| currency.as_str().to_owned());
        thirds.dedup();
        let chains = thirds.into_iter().filter_map(|third| {
            let (first, second) = (self.find_rate(from, third, day)?, self.find_rate(third, to, day)?);
            let factor = first.factor(from, third)?.checked_mul(second.factor(third, to)?)? / BILLION;
            Some((first.day.min(second.day), factor, vec![first, second]))
        });
        // `rev` makes the first of equals in the order of the alphabet win, because `max_by_key` keeps the last.
        let chains: Vec<_> = chains.collect();
        let (_, factor, rates) = chains.into_iter().rev().max_by_key(|(older, ..)| *older)?;
        converted(money, to, factor, rates)
    }

    /// The rate between two currencies that is nearest to a day, an earlier one if there is any.
    fn find_rate(&self, one: Currency, other: Currency, day: Date) -> Option<&ExchangeRate> {
        let between = || self.exchange_rates.iter().filter(move |rate| rate.factor(one, other).is_some());
        let earlier = between().filter(|rate| rate.day <= day).max_by_key(|rate| rate.day);
        earlier.or_else(|| between().max_by_key(|rate| Reverse(rate.day)))
    }
}

fn converted(money: Money, to: Currency, factor: u128, rates: Vec<&ExchangeRate>) -> Option<Converted<'_>> {
    let unit = |currency: Currency| 10_u128.pow(u32::from(currency.minor_digits()));
    let above = u128::from(money.minor().unsigned_abs()).checked_mul(factor)?.checked_mul(unit(to))?;
    let below = BILLION * unit(money.currency());
    let minor = i64::try_from(above.checked_add(below / 2)? / below).ok()?;
    let minor = if money.minor() < 0 { -minor } else { minor };
    Some(Converted { money: Money::from_minor(minor, to), rates })
}

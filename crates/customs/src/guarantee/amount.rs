//! How much a movement has to be covered for.

use super::tables::{GuaranteeBasis, GuaranteeTables};
use crate::MovementPlan;
use crate::way::day_of;
use kervan_codes::HsCode;
use kervan_model::{Consignment, Mode};
use kervan_units::{Currency, Money};
use serde::{Deserialize, Serialize};

/// What a movement needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeNeed {
    /// From what the amount is computed.
    pub basis: GuaranteeBasis,
    /// How much; nothing where it is waived.
    pub amount: Money,
    /// How it was computed, in a sentence.
    pub because: String,
    /// The rule.
    pub source: String,
}

/// The goods as far as the amount depends on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteedGoods {
    /// Commodity code and value of each item; no value where it is not known.
    pub items: Vec<(HsCode, Option<Money>)>,
    /// Value of the whole, if it is known.
    pub total: Option<Money>,
}

impl From<&Consignment> for GuaranteedGoods {
    fn from(consignment: &Consignment) -> Self {
        let price =
            |index: usize| consignment.prices.as_ref().and_then(|prices| prices.items.get(index)).copied();
        let items = consignment.goods.iter().enumerate().map(|(index, item)| (item.hs.clone(), price(index)));
        Self { items: items.collect(), total: consignment.find_total() }
    }
}

/// What a movement needs, by the rules of its regime on the day it begins; `None` if the regime asks for nothing.
pub fn assess_guarantee(
    tables: &GuaranteeTables,
    plan: &MovementPlan,
    goods: &GuaranteedGoods,
) -> Option<GuaranteeNeed> {
    let day = day_of(plan.enters);
    // A waiver for one mode holds for a movement that uses no other on land; sea and air carry no debt of their own here.
    let on_land = |mode: &Mode| matches!(mode, Mode::Rail | Mode::Road);
    let mode = plan.modes.iter().copied().find(on_land).or(plan.modes.first().copied());
    let mixed = plan.modes.iter().any(|other| on_land(other) && Some(*other) != mode);
    let row = tables.find_row(&plan.regime, mode.filter(|_| !mixed), day)?;
    let euro: Currency = "EUR".parse().ok()?;
    let whole = Money::from_minor(row.amount_eur.saturating_mul(100), euro);
    let (amount, because) = match row.basis {
        GuaranteeBasis::Waived => (Money::zero(euro), "no guarantee is asked for".to_owned()),
        GuaranteeBasis::Fixed => (whole, format!("a fixed sum of {whole} covers the movement")),
        GuaranteeBasis::Debt => match estimate_debt(tables, plan, goods, euro) {
            Some((debt, territory)) => {
                let minor = i128::from(debt.minor()) * i128::from(row.cover_permille) / 1_000;
                let amount = Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), euro);
                (amount, format!("duties and taxes that may become due in {territory}: {debt}"))
            }
            None => (whole, format!("the value of the goods is not known, so {whole} is presumed")),
        },
    };
    Some(GuaranteeNeed { basis: row.basis, amount, because, source: row.provenance.source.clone() })
}

/// The highest debt of the territories that are crossed, and which it is.
fn estimate_debt(
    tables: &GuaranteeTables,
    plan: &MovementPlan,
    goods: &GuaranteedGoods,
    euro: Currency,
) -> Option<(Money, String)> {
    let day = day_of(plan.enters);
    let valued: Option<Vec<_>> =
        goods.items.iter().map(|(hs, value)| Some((Some(hs.chapter()), (*value)?))).collect();
    let valued = match valued {
        Some(items) if !items.is_empty() => items,
        _ => vec![(None, goods.total?)],
    };
    let mut highest: Option<(i128, String)> = None;
    for territory in &plan.territories {
        let mut debt: i128 = 0;
        for (chapter, value) in &valued {
            let value = i128::from(tables.convert(*value, euro, day)?.minor());
            let rates = tables.find_duty(territory, *chapter)?;
            let duty = value * i128::from(rates.duty_permille);
            let tax = (value * 1_000 + duty) * i128::from(rates.tax_permille) / 1_000;
            debt += (duty + tax + 999) / 1_000;
        }
        if highest.as_ref().is_none_or(|(most, _)| debt > *most) {
            highest = Some((debt, territory.to_string()));
        }
    }
    let (debt, territory) = highest?;
    Some((Money::from_minor(i64::try_from(debt).unwrap_or(i64::MAX), euro), territory))
}

//! Conditions and costs of regimes, as far as chains are compared by them.

use crate::RegimeCode;
use crate::table::{Period, Row, Table};
use jiff::civil::Date;
use kervan_model::{Finding, Mode, Provenance};
use kervan_units::Currency;

/// What a regime wants of the way and the goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// One leg at least by this mode.
    Mode(Mode),
    /// Goods in containers or approved vehicles.
    Container,
    /// At least so many territories in one movement.
    LeastTerritories(usize),
    /// At most so many.
    MostTerritories(usize),
    /// None of these commodities, by the first digits of their codes.
    ExcludedHs(Vec<String>),
}

#[derive(Clone, Debug)]
pub(super) struct ConditionRow {
    pub(super) regime: RegimeCode,
    pub(super) condition: Condition,
    pub(super) period: Period,
    pub(super) text: String,
    pub(super) provenance: Provenance,
}

#[derive(Clone, Debug)]
pub(super) struct CostRow {
    regime: Option<RegimeCode>,
    currency: Currency,
    /// Whole units of the currency.
    pub(super) fee: u32,
    pub(super) open_minutes: u32,
    pub(super) close_minutes: u32,
    /// Price of a guarantee for one movement. Unit: millionth of its amount.
    pub(super) guarantee_price_ppm: u32,
}

/// Conditions and costs of regimes.
#[derive(Clone, Debug, Default)]
pub struct ChainTables {
    /// The currency of the costs, that of guarantees as well; none without any row.
    pub(super) currency: Option<Currency>,
    conditions: Vec<ConditionRow>,
    costs: Vec<CostRow>,
}

impl ChainTables {
    pub(crate) fn read(read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) -> Self {
        let costs = Table::open("costs.csv", read, findings).read(read_cost);
        Self {
            currency: costs.first().map(|row| row.currency),
            conditions: Table::open("conditions.csv", read, findings).read(read_condition),
            costs,
        }
    }

    pub(super) fn conditions_of<'a>(
        &'a self,
        regime: &'a RegimeCode,
        day: Date,
    ) -> impl Iterator<Item = &'a ConditionRow> {
        self.conditions.iter().filter(move |row| row.regime == *regime && row.period.contains(day))
    }

    /// The costs of a regime; its own row goes before the one for any.
    pub(super) fn cost_of(&self, regime: &RegimeCode) -> Option<&CostRow> {
        let own = self.costs.iter().find(|row| row.regime.as_ref() == Some(regime));
        own.or_else(|| self.costs.iter().find(|row| row.regime.is_none()))
    }
}

fn read_condition(row: &mut Row<'_>) -> Option<ConditionRow> {
    let regime = row.parse("regime");
    let words = [
        ("mode", 0_u8),
        ("container", 1),
        ("least_territories", 2),
        ("most_territories", 3),
        ("excluded_hs", 4),
    ];
    let condition = match row.word("condition", &words)? {
        0 => {
            let modes: Vec<_> = Mode::ALL.iter().map(|mode| (mode.word(), *mode)).collect();
            Condition::Mode(row.word("value", &modes)?)
        }
        1 => Condition::Container,
        2 => Condition::LeastTerritories(row.parse("value")?),
        3 => Condition::MostTerritories(row.parse("value")?),
        _ => Condition::ExcludedHs(row.list("value")?),
    };
    let (period, text, provenance) = (row.period(), row.full("text"), row.provenance());
    Some(ConditionRow { regime: regime?, condition, period: period?, text: text?, provenance: provenance? })
}

fn read_cost(row: &mut Row<'_>) -> Option<CostRow> {
    let regime = row.full("regime")?;
    let regime = if regime == "*" { None } else { Some(row.parse("regime")?) };
    let (fee, open, close) = (row.parse("fee"), row.parse("open_minutes"), row.parse("close_minutes"));
    let (price, currency) = (row.parse("guarantee_price_ppm"), row.parse("currency"));
    row.provenance()?;
    Some(CostRow {
        regime,
        currency: currency?,
        fee: fee?,
        open_minutes: open?,
        close_minutes: close?,
        guarantee_price_ppm: price?,
    })
}

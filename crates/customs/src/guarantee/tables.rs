//! The tables of guarantees: what each regime asks for, rates for estimating a debt, rates of exchange, reasons.

use super::messages::{GuaranteeRule, read_rule};
use crate::RegimeCode;
use crate::message_set::ErrorCode;
use crate::table::{Period, Row, Table};
use jiff::civil::Date;
use kervan_model::{Finding, Mode, Provenance, TerritoryId};
use kervan_units::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From what the amount of a guarantee is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuaranteeBasis {
    /// From the duties and taxes that may become due.
    Debt,
    /// A fixed sum.
    Fixed,
    /// None is asked for.
    Waived,
}

impl GuaranteeBasis {
    const WORDS: [(&'static str, Self); 3] =
        [("debt", Self::Debt), ("fixed", Self::Fixed), ("waived", Self::Waived)];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debt => "debt",
            Self::Fixed => "fixed",
            Self::Waived => "waived",
        }
    }
}

/// Why an account does not cover a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuaranteeFaultReason {
    /// The holder has none for the regime.
    Unknown,
    /// There is one, but it is cancelled or not valid on the day.
    NotValid,
    /// It belongs to somebody else.
    WrongHolder,
    /// Too little of it is free.
    Shortfall,
}

impl GuaranteeFaultReason {
    const WORDS: [(&'static str, Self); 4] = [
        ("unknown", Self::Unknown),
        ("not_valid", Self::NotValid),
        ("wrong_holder", Self::WrongHolder),
        ("shortfall", Self::Shortfall),
    ];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotValid => "not_valid",
            Self::WrongHolder => "wrong_holder",
            Self::Shortfall => "shortfall",
        }
    }
}

/// What a regime asks for.
#[derive(Clone, Debug)]
pub(super) struct GuaranteeRow {
    pub(super) regime: RegimeCode,
    pub(super) mode: Option<Mode>,
    pub(super) period: Period,
    pub(super) basis: GuaranteeBasis,
    /// Whole euro: the fixed sum, or what is presumed where the debt cannot be computed.
    pub(super) amount_eur: i64,
    pub(super) cover_permille: i64,
    pub(super) provenance: Provenance,
}

/// Rates for estimating a debt.
#[derive(Clone, Debug)]
pub(super) struct DutyRow {
    territory: TerritoryId,
    chapter: Option<u8>,
    pub(super) duty_permille: i64,
    pub(super) tax_permille: i64,
}

/// A rate of exchange.
#[derive(Clone, Debug)]
struct ExchangeRow {
    currency: Currency,
    per_eur_micro: i128,
    since: Date,
}

/// The tables of guarantees.
#[derive(Clone, Debug, Default)]
pub struct GuaranteeTables {
    rows: Vec<GuaranteeRow>,
    duties: Vec<DutyRow>,
    exchange: Vec<ExchangeRow>,
    reasons: BTreeMap<(String, GuaranteeFaultReason), ErrorCode>,
    pub(super) rules: Vec<GuaranteeRule>,
}

impl GuaranteeTables {
    pub(crate) fn read(read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) -> Self {
        Self {
            rows: Table::open("guarantees.csv", read, findings).read(read_row),
            duties: Table::open("duties.csv", read, findings).read(read_duty),
            exchange: Table::open("exchange.csv", read, findings).read(read_exchange),
            reasons: Table::open("guarantee_reasons.csv", read, findings)
                .read(read_reason)
                .into_iter()
                .collect(),
            rules: Table::open("guarantee_messages.csv", read, findings).read(read_rule),
        }
    }

    /// What a regime asks for on a day; a row for the mode goes before one for any.
    pub(super) fn find_row(
        &self,
        regime: &RegimeCode,
        mode: Option<Mode>,
        day: Date,
    ) -> Option<&GuaranteeRow> {
        let fits = |row: &&GuaranteeRow| row.regime == *regime && row.period.contains(day);
        let for_mode = self.rows.iter().filter(fits).find(|row| row.mode.is_some() && row.mode == mode);
        for_mode.or_else(|| self.rows.iter().filter(fits).find(|row| row.mode.is_none()))
    }

    /// The rates of a territory for a chapter of the tariff; those of the chapter go before those of any.
    pub(super) fn find_duty(&self, territory: &TerritoryId, chapter: Option<u8>) -> Option<&DutyRow> {
        let own = self
            .duties
            .iter()
            .find(|row| row.territory == *territory && row.chapter.is_some() && row.chapter == chapter);
        own.or_else(|| self.duties.iter().find(|row| row.territory == *territory && row.chapter.is_none()))
    }

    /// An amount in another currency at the rates of a day, rounded up; `None` if a rate is not known.
    pub fn convert(&self, money: Money, to: Currency, day: Date) -> Option<Money> {
        if money.currency() == to {
            return Some(money);
        }
        let rate = |currency: Currency| {
            let rows = self.exchange.iter().filter(|row| row.currency == currency && row.since <= day);
            rows.max_by_key(|row| row.since).map(|row| row.per_eur_micro)
        };
        let (from_rate, to_rate) = (rate(money.currency())?, rate(to)?);
        let (from_unit, to_unit) = (
            10_i128.pow(u32::from(money.currency().minor_digits())),
            10_i128.pow(u32::from(to.minor_digits())),
        );
        let above = i128::from(money.minor()).checked_mul(to_rate)?.checked_mul(to_unit)?;
        let below = from_rate.checked_mul(from_unit)?.max(1);
        let minor = above.checked_add(below - 1)? / below;
        Some(Money::from_minor(i64::try_from(minor).ok()?, to))
    }

    /// The code that a message set has for a reason.
    pub fn reason_of(&self, set: &str, reason: GuaranteeFaultReason) -> ErrorCode {
        let own = || ErrorCode { code: reason.word().to_owned(), text: reason.word().replace('_', " ") };
        self.reasons.get(&(set.to_owned(), reason)).cloned().unwrap_or_else(own)
    }
}

fn read_row(row: &mut Row<'_>) -> Option<GuaranteeRow> {
    let modes: Vec<_> = Mode::ALL.iter().map(|mode| (mode.word(), Some(*mode))).chain([("", None)]).collect();
    let (regime, mode, period) = (row.parse("regime"), row.word("mode", &modes), row.period());
    let (basis, amount_eur) = (row.word("basis", &GuaranteeBasis::WORDS), row.parse::<u32>("amount_eur"));
    let (cover, provenance) = (row.parse::<u16>("cover_permille"), row.provenance());
    Some(GuaranteeRow {
        regime: regime?,
        mode: mode?,
        period: period?,
        basis: basis?,
        amount_eur: i64::from(amount_eur?),
        cover_permille: i64::from(cover?),
        provenance: provenance?,
    })
}

fn read_duty(row: &mut Row<'_>) -> Option<DutyRow> {
    let (territory, chapter) = (row.parse("territory"), row.full("chapter")?);
    let chapter = if chapter == "*" { None } else { Some(row.parse("chapter")?) };
    let (duty, tax) = (row.parse::<u16>("duty_permille"), row.parse::<u16>("tax_permille"));
    row.provenance()?;
    Some(DutyRow { territory: territory?, chapter, duty_permille: duty?.into(), tax_permille: tax?.into() })
}

fn read_exchange(row: &mut Row<'_>) -> Option<ExchangeRow> {
    let (currency, per_eur, since) =
        (row.parse("currency"), row.parse::<u64>("per_eur_micro"), row.parse("since"));
    row.provenance()?;
    Some(ExchangeRow { currency: currency?, per_eur_micro: i128::from(per_eur?), since: since? })
}

fn read_reason(row: &mut Row<'_>) -> Option<((String, GuaranteeFaultReason), ErrorCode)> {
    let (set, reason) = (row.full("set"), row.word("reason", &GuaranteeFaultReason::WORDS));
    let (code, text) = (row.full("code"), row.full("text"));
    row.provenance()?;
    Some(((set?, reason?), ErrorCode { code: code?, text: text? }))
}

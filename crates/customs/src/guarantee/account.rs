//! Guarantee accounts, and which of them covers a movement.

use super::amount::GuaranteeNeed;
use super::tables::{GuaranteeFaultReason, GuaranteeTables};
use crate::message_set::ErrorCode;
use crate::way::day_of;
use crate::{MovementPlan, RegimeCode};
use jiff::civil::Date;
use kervan_codes::Grn;
use kervan_model::{Finding, PartyId};
use kervan_units::Money;
use serde::{Deserialize, Serialize};

/// What kind of guarantee it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuaranteeKind {
    /// For any number of movements up to the reference amount.
    Comprehensive,
    /// For one movement, by an undertaking of a guarantor.
    Individual,
    /// For one movement, by a voucher.
    Voucher,
    /// The guarantee chain of TIR.
    Tir,
}

impl GuaranteeKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Comprehensive, Self::Individual, Self::Voucher, Self::Tir];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Comprehensive => "comprehensive",
            Self::Individual => "individual",
            Self::Voucher => "voucher",
            Self::Tir => "tir",
        }
    }

    /// The letter of NCTS. Source: guarantee types of the Convention (CL251): 1, 2, 4, B.
    pub const fn ncts(self) -> &'static str {
        match self {
            Self::Comprehensive => "1",
            Self::Individual => "2",
            Self::Voucher => "4",
            Self::Tir => "B",
        }
    }
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuaranteeStatus {
    /// It can be used.
    Open,
    /// It takes no new movement; what is reserved stays.
    Cancelled,
    /// The guarantor is free.
    Liberated,
}

impl GuaranteeStatus {
    pub(crate) const WORDS: [(&'static str, Self); 3] =
        [("open", Self::Open), ("cancelled", Self::Cancelled), ("liberated", Self::Liberated)];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::Liberated => "liberated",
        }
    }
}

/// A guarantee account as it is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeAccount {
    /// Its number.
    pub grn: Grn,
    /// What kind it is.
    pub kind: GuaranteeKind,
    /// Who may use it: the holder of the procedure.
    pub holder: PartyId,
    /// Who answers for the debt.
    pub guarantor: String,
    /// Under which regimes it may be used.
    pub regimes: Vec<RegimeCode>,
    /// Most that may be reserved at once.
    pub reference: Money,
    /// First day on which it may be used.
    pub valid_from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Where it stands.
    pub status: GuaranteeStatus,
}

/// An account and what is reserved of it. Unit of `reserved`: minor unit of the account's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// The account.
    pub account: GuaranteeAccount,
    /// What is reserved now.
    pub reserved: i64,
}

impl AccountState {
    /// What can still be reserved.
    pub fn free(&self) -> Money {
        let reference = self.account.reference;
        Money::from_minor(reference.minor().saturating_sub(self.reserved).max(0), reference.currency())
    }
}

/// What is to be reserved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The account.
    pub grn: Grn,
    /// What kind of guarantee it is.
    pub kind: GuaranteeKind,
    /// How much, in the account's currency.
    pub amount: Money,
}

/// Why no account covers a movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeFault {
    /// Why, by our word.
    pub reason: GuaranteeFaultReason,
    /// Why, by the code of the standard.
    pub error: ErrorCode,
    /// Why, for people.
    pub finding: Finding,
}

/// The account that covers what a movement needs: of those that do, the one with the least left over, so that large ones
/// stay free for large movements.
///
/// Errors: why none does; the reason that came nearest to covering it.
pub fn choose_account(
    tables: &GuaranteeTables,
    set: &str,
    accounts: &[AccountState],
    holder: &PartyId,
    plan: &MovementPlan,
    need: &GuaranteeNeed,
) -> Result<Reservation, Box<GuaranteeFault>> {
    let day = day_of(plan.enters);
    let mut nearest =
        (GuaranteeFaultReason::Unknown, format!("{holder} has no guarantee for {}", plan.regime_name));
    let mut best: Option<(i64, Reservation)> = None;
    for state in accounts.iter().filter(|state| state.account.regimes.contains(&plan.regime)) {
        let account = &state.account;
        let fault = if account.holder != *holder {
            Some((
                GuaranteeFaultReason::WrongHolder,
                format!("guarantee {} belongs to {}", account.grn, account.holder),
            ))
        } else if account.status != GuaranteeStatus::Open
            || account.valid_from > day
            || account.valid_until.is_some_and(|until| until < day)
        {
            let text =
                format!("guarantee {} is {} or not valid on {day}", account.grn, account.status.word());
            Some((GuaranteeFaultReason::NotValid, text))
        } else {
            match tables.convert(need.amount, account.reference.currency(), day) {
                Some(amount) if amount.minor() <= state.free().minor() => {
                    let left = state.free().minor() - amount.minor();
                    if best.as_ref().is_none_or(|(least, _)| left < *least) {
                        let (grn, kind) = (account.grn.clone(), account.kind);
                        best = Some((left, Reservation { grn, kind, amount }));
                    }
                    None
                }
                Some(amount) => {
                    let text = format!(
                        "guarantee {} has {} free, the movement needs {amount}",
                        account.grn,
                        state.free()
                    );
                    Some((GuaranteeFaultReason::Shortfall, text))
                }
                None => {
                    let text = format!("no rate of exchange is known for guarantee {}", account.grn);
                    Some((GuaranteeFaultReason::NotValid, text))
                }
            }
        };
        if let Some((reason, text)) = fault
            && reason.nearness() >= nearest.0.nearness()
        {
            nearest = (reason, text);
        }
    }
    if let Some((_, reservation)) = best {
        return Ok(reservation);
    }
    let (reason, text) = nearest;
    let finding = Finding::error("customs.guarantee-not-valid", text)
        .at("/guarantee")
        .rule(reason.word())
        .source(need.source.clone())
        .remedy("open a guarantee, raise its reference amount, or wait until other movements are discharged");
    Err(Box::new(GuaranteeFault { reason, error: tables.reason_of(set, reason), finding }))
}

impl GuaranteeFaultReason {
    /// How near an account with this fault is to covering the movement.
    const fn nearness(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::WrongHolder => 1,
            Self::NotValid => 2,
            Self::Shortfall => 3,
        }
    }
}

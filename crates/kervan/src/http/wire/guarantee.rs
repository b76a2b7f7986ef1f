//! Guarantees on the wire.

use super::figures::Money;
use super::finding::Finding;
use jiff::civil::Date;
use kervan_codes::Grn;
use kervan_customs::{AccountState, GuaranteeAccount, GuaranteeKind, GuaranteeMessage, GuaranteeStatus};
use kervan_model::PartyId;
use kervan_node::{GuaranteeFile, MovementGuarantee as Covered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The guarantee of a movement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MovementGuarantee {
    /// `waived`, `reserved`, `refused` or `released`.
    pub state: &'static str,
    /// From what the amount is computed: `debt`, `fixed` or `waived`.
    pub basis: &'static str,
    /// What the movement needs.
    pub amount: Money,
    /// How the amount was computed.
    pub because: String,
    /// The rule.
    pub source: String,
    /// The account that covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grn: Option<String>,
    /// What is, or was, reserved, in the account's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Money>,
}

impl From<&Covered> for MovementGuarantee {
    fn from(covered: &Covered) -> Self {
        Self {
            state: covered.state.word(),
            basis: covered.need.basis.word(),
            amount: covered.need.amount.into(),
            because: covered.need.because.clone(),
            source: covered.need.source.clone(),
            grn: covered.reservation.as_ref().map(|reservation| reservation.grn.to_string()),
            reserved: covered.reservation.as_ref().map(|reservation| reservation.amount.into()),
        }
    }
}

/// A guarantee account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Guarantee {
    /// Guarantee reference number.
    pub grn: String,
    /// `comprehensive`, `individual`, `voucher` or `tir`.
    pub kind: &'static str,
    /// Type of guarantee in NCTS.
    pub ncts_type: &'static str,
    /// Who may use it.
    pub holder: String,
    /// Who answers for the debt.
    pub guarantor: String,
    /// Under which regimes.
    pub regimes: Vec<String>,
    /// Most that may be reserved at once.
    pub reference: Money,
    /// What is reserved now.
    pub reserved: Money,
    /// What can still be reserved.
    pub free: Money,
    /// First day.
    pub valid_from: String,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// `open`, `cancelled` or `liberated`.
    pub status: &'static str,
}

impl From<&AccountState> for Guarantee {
    fn from(state: &AccountState) -> Self {
        let account = &state.account;
        let currency = account.reference.currency();
        Self {
            grn: account.grn.to_string(),
            kind: account.kind.word(),
            ncts_type: account.kind.ncts(),
            holder: account.holder.to_string(),
            guarantor: account.guarantor.clone(),
            regimes: account.regimes.iter().map(ToString::to_string).collect(),
            reference: account.reference.into(),
            reserved: kervan_units::Money::from_minor(state.reserved, currency).into(),
            free: state.free().into(),
            valid_from: account.valid_from.to_string(),
            valid_until: account.valid_until.map(|day| day.to_string()),
            status: account.status.word(),
        }
    }
}

/// A guarantee account with its history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuaranteeDetail {
    /// The account.
    #[serde(flatten)]
    pub guarantee: Guarantee,
    /// Everything that happened to it, the first first.
    pub history: Vec<GuaranteeStep>,
}

/// A line of the history of a guarantee account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuaranteeStep {
    /// When.
    pub at: String,
    /// `open`, `change`, `reserve` or `release`.
    pub act: String,
    /// The movement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub movement: Option<String>,
    /// How much; for `open` and `change` the reference amount.
    pub amount: Money,
    /// What was reserved in all after it.
    pub reserved: Money,
    /// Who did it.
    pub actor: String,
    /// Why.
    pub why: String,
}

impl From<&GuaranteeFile> for GuaranteeDetail {
    fn from(file: &GuaranteeFile) -> Self {
        let currency = file.state.account.reference.currency();
        let money = |minor: i64| Money::from(kervan_units::Money::from_minor(minor, currency));
        let step = |act: &kervan_store::GuaranteeAct| GuaranteeStep {
            at: act.at.to_string(),
            act: act.act.clone(),
            movement: act.movement.as_ref().map(ToString::to_string),
            amount: money(act.amount),
            reserved: money(act.reserved),
            actor: act.actor.to_string(),
            why: act.why.clone(),
        };
        Self { guarantee: Guarantee::from(&file.state), history: file.acts.iter().map(step).collect() }
    }
}

/// A guarantee that an office of guarantee accepts, or a changed registration of one that is there.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenGuarantee {
    /// Guarantee reference number: year, country, 12 characters, check digit.
    pub grn: String,
    /// `comprehensive`, `individual`, `voucher` or `tir`.
    pub kind: String,
    /// Who may use it, by party id.
    pub holder: String,
    /// Who answers for the debt.
    pub guarantor: String,
    /// Under which regimes, such as `common-transit`.
    pub regimes: Vec<String>,
    /// Reference amount, decimal.
    #[schema(example = "250000.00")]
    pub reference: String,
    /// Its currency.
    #[schema(example = "EUR")]
    pub currency: String,
    /// First day.
    #[schema(example = "2026-12-01")]
    pub valid_from: String,
    /// Last day.
    #[serde(default)]
    pub valid_until: Option<String>,
    /// Why, for the history.
    #[serde(default)]
    pub why: Option<String>,
}

/// A field, or a finding at its path.
fn note_part<T: std::str::FromStr<Err: std::fmt::Display + 'static>>(
    path: &str,
    text: &str,
    findings: &mut Vec<kervan_model::Finding>,
) -> Option<T> {
    super::requests::parse_part(text, path).map_err(|mut found| findings.append(&mut found)).ok()
}

impl OpenGuarantee {
    /// Reads the account. Errors: a finding for each field that cannot be read.
    pub fn read(&self) -> Result<GuaranteeAccount, Vec<kervan_model::Finding>> {
        let mut findings = Vec::new();
        let grn: Option<Grn> = note_part("/grn", &self.grn, &mut findings);
        let holder: Option<PartyId> = note_part("/holder", &self.holder, &mut findings);
        let valid_from: Option<Date> = note_part("/valid_from", &self.valid_from, &mut findings);
        let valid_until =
            self.valid_until.as_ref().map(|day| note_part::<Date>("/valid_until", day, &mut findings));
        let mut regimes = Vec::new();
        for regime in &self.regimes {
            regimes.extend(note_part("/regimes", regime, &mut findings));
        }
        let kind = GuaranteeKind::ALL.into_iter().find(|kind| kind.word() == self.kind);
        if kind.is_none() {
            let words: Vec<_> = GuaranteeKind::ALL.iter().map(|kind| kind.word()).collect();
            let finding = kervan_model::Finding::error(
                "request.kind",
                format!("`{}` is no kind of guarantee", self.kind),
            );
            findings.push(finding.at("/kind").remedy(format!("use one of {}", words.join(", "))));
        }
        let currency = note_part("/currency", &self.currency, &mut findings);
        let reference = currency.and_then(|currency| {
            kervan_units::Money::from_decimal(&self.reference, currency)
                .map_err(|error| {
                    findings.push(
                        kervan_model::Finding::error("request.reference", error.to_string()).at("/reference"),
                    )
                })
                .ok()
        });
        match (grn, kind, holder, valid_from, reference, valid_until.as_ref().is_some_and(Option::is_none)) {
            (Some(grn), Some(kind), Some(holder), Some(valid_from), Some(reference), false)
                if findings.is_empty() =>
            {
                Ok(GuaranteeAccount {
                    grn,
                    kind,
                    holder,
                    guarantor: self.guarantor.clone(),
                    regimes,
                    reference,
                    valid_from,
                    valid_until: valid_until.flatten(),
                    status: GuaranteeStatus::Open,
                })
            }
            _ => Err(findings),
        }
    }
}

/// A message about a guarantee.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeMessageBody {
    /// `access_codes`, `query`, `query_answer`, `voucher_sold`, `updated`, `voucher_revoked`, `cancelled` or `liberated`.
    pub message: String,
}

impl GuaranteeMessageBody {
    /// Reads the message. Errors: it is none.
    pub fn read(&self) -> Result<GuaranteeMessage, Vec<kervan_model::Finding>> {
        let found = GuaranteeMessage::ALL.iter().copied().find(|message| message.word() == self.message);
        found.ok_or_else(|| {
            let words: Vec<_> = GuaranteeMessage::ALL.iter().map(|message| message.word()).collect();
            let text = format!("`{}` is no message about a guarantee", self.message);
            vec![
                kervan_model::Finding::error("request.message", text)
                    .at("/message")
                    .remedy(format!("use one of {}", words.join(", "))),
            ]
        })
    }
}

/// A deadline of a movement, or one that has passed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MovementDeadline {
    /// Its word.
    pub deadline: String,
    /// When it passes.
    pub at: String,
    /// Whether it has passed.
    pub passed: bool,
    /// Who has to act before.
    pub who: String,
    /// The message that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<&'static str>,
    /// What it means.
    pub finding: Finding,
}

impl MovementDeadline {
    /// A deadline as it is now.
    pub fn new(event: &kervan_customs::DeadlineEvent, passed: bool) -> Self {
        Self {
            deadline: event.deadline.clone(),
            at: event.at.to_string(),
            passed,
            who: event.who.clone(),
            then: event.then.map(|kind| kind.word()),
            finding: Finding::from(&event.finding),
        }
    }
}

/// A message that was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MovementRefusal {
    /// When.
    pub at: String,
    /// The sender's id of it.
    pub id: String,
    /// What it was.
    pub message: &'static str,
    /// The code of the standard.
    pub error: String,
    /// Why.
    pub finding: Finding,
}

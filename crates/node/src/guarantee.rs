//! Guarantee accounts at work: reserved when a declaration is accepted, free again when the movement has ended.
//!
//! The choice of an account rests on what is free as this node sees it; that no money is used twice is kept by the store,
//! which refuses the whole batch. A use case that loses such a race is begun again with what is free then.

use crate::case_file::MovementFile;
use crate::scribe::{Scribe, to_text};
use crate::{Call, Desk, Refusal};
use kervan_codes::Grn;
use kervan_customs::{
    AccountState, Content, GuaranteeAccount, GuaranteeBasis, GuaranteeMessage, GuaranteeNeed,
    GuaranteeStatus, GuaranteedGoods, Reservation, assess_guarantee, choose_account, receive_for_guarantee,
};
use kervan_model::{Consignment, Finding, PartyId, Role};
use kervan_store::{GuaranteeAct, GuaranteeRow, GuaranteeUse, StoreError, Write};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Times that a use case is begun again after another one took the money that it had chosen.
const MOST_TRIES: usize = 8;

/// The guarantee of a movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovementGuarantee {
    /// What it needs.
    pub need: GuaranteeNeed,
    /// The account that covers it, with the amount; none where it is waived or nothing covers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<Reservation>,
    /// Where it stands.
    pub state: CoverState,
}

/// Where the guarantee of a movement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverState {
    /// None is asked for.
    Waived,
    /// An amount is reserved.
    Reserved,
    /// No account covers it; the goods are held.
    Refused,
    /// The amount is free again.
    Released,
}

impl CoverState {
    /// The word used on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waived => "waived",
            Self::Reserved => "reserved",
            Self::Refused => "refused",
            Self::Released => "released",
        }
    }
}

/// A guarantee account as it stands, with its history.
#[derive(Clone, Debug)]
pub struct GuaranteeFile {
    /// The account and what is reserved of it.
    pub state: AccountState,
    /// Everything that happened to it, the first first.
    pub acts: Vec<GuaranteeAct>,
}

impl GuaranteeFile {
    /// The administration that accepted the guarantee: the account was opened by it, and it alone changes it.
    pub fn accepted_by(&self) -> Option<&PartyId> {
        self.acts.first().map(|act| &act.actor)
    }
}

/// Opens a guarantee account, or changes the registration of one that is there: reference amount, validity, regimes.
///
/// Errors: the caller is no customs administration, or not the one that accepted it; the holder is not registered, or the currency
/// is changed.
pub fn open_guarantee(
    desk: &Desk,
    call: &Call<'_>,
    account: &GuaranteeAccount,
    why: &str,
) -> Result<GuaranteeFile, Refusal> {
    let office = desk.party(&call.actor)?;
    if !office.has_role(Role::Customs) {
        let text =
            format!("{} is no office of guarantee; a customs administration accepts guarantees", call.actor);
        return Err(Refusal::NotAllowed(text));
    }
    let known = desk.store.find_guarantee(&account.grn)?;
    if known.is_some() {
        check_office(&find_guarantee(desk, &account.grn)?, call)?;
    }
    desk.party(&account.holder)?;
    let mut findings = Vec::new();
    let fault = |code: &str, text: &str, path: &str| Finding::error(code, text.to_owned()).at(path);
    if account.reference.minor() <= 0 {
        let text = "the reference amount must be more than nothing";
        findings.push(fault("customs.guarantee-amount", text, "/reference").remedy("give an amount"));
    }
    if account.valid_until.is_some_and(|until| until < account.valid_from) {
        findings.push(
            fault("customs.guarantee-period", "it ends before it begins", "/valid_until")
                .remedy("correct the days"),
        );
    }
    for (index, regime) in account.regimes.iter().enumerate() {
        if desk.rules.territories.find_regime(regime).is_none() {
            let text = format!("`{regime}` is no regime");
            findings.push(
                fault("customs.unknown-regime", &text, &format!("/regimes/{index}"))
                    .remedy("see data/customs/regimes.csv"),
            );
        }
    }
    if let Some(row) = &known
        && read_account(row)?.account.reference.currency() != account.reference.currency()
    {
        let text = "the currency of an account stays as it was opened";
        findings.push(fault("customs.guarantee-currency", text, "/reference").remedy("open another account"));
    }
    if !findings.is_empty() {
        return Err(Refusal::Invalid(findings));
    }
    desk.save(vec![Write::Guarantee(to_row(account, call, why)?)])?;
    find_guarantee(desk, &account.grn)
}

/// Errors: the caller has not accepted the guarantee. Another administration is told no more than that.
fn check_office(file: &GuaranteeFile, call: &Call<'_>) -> Result<(), Refusal> {
    if file.accepted_by() == Some(&call.actor) {
        return Ok(());
    }
    let grn = &file.state.account.grn;
    Err(Refusal::NotAllowed(format!(
        "the guarantee {grn} was accepted by another administration, which changes it"
    )))
}

/// Takes a message about a guarantee; the caller is the office of guarantee, or the holder for what holders send.
///
/// Errors: the message does not fit the account; nothing changes.
pub fn act_on_guarantee(
    desk: &Desk,
    call: &Call<'_>,
    grn: &Grn,
    message: GuaranteeMessage,
) -> Result<GuaranteeFile, Refusal> {
    let mut file = find_guarantee(desk, grn)?;
    let actor = desk.party(&call.actor)?;
    let tables = desk.rules.territories.guarantees();
    let (status, rule) = receive_for_guarantee(tables, &file.state, message).map_err(Refusal::Conflict)?;
    let may = match rule.sender.as_str() {
        "declarant" => call.actor == file.state.account.holder,
        _ => actor.has_role(Role::Customs) && file.accepted_by() == Some(&call.actor),
    };
    if !may {
        let sender =
            if rule.sender == "declarant" { "holder" } else { "administration that accepted the guarantee" };
        let text = format!("a `{}` is sent by the {sender}, not by {}", message.word(), call.actor);
        return Err(Refusal::NotAllowed(text));
    }
    file.state.account.status = status;
    let why = format!("{}; rule {}: {}", rule.code, rule.id, rule.text);
    desk.save(vec![Write::Guarantee(to_row(&file.state.account, call, &why)?)])?;
    find_guarantee(desk, grn)
}

fn to_row(account: &GuaranteeAccount, call: &Call<'_>, why: &str) -> Result<GuaranteeRow, Refusal> {
    Ok(GuaranteeRow {
        grn: account.grn.clone(),
        holder: account.holder.clone(),
        record: to_text(account)?,
        reference_amount: account.reference.minor(),
        reserved: 0,
        open: account.status == GuaranteeStatus::Open,
        updated: call.now,
        actor: call.actor.clone(),
        why: why.to_owned(),
    })
}

/// A guarantee account with its history.
pub fn find_guarantee(desk: &Desk, grn: &Grn) -> Result<GuaranteeFile, Refusal> {
    let row = desk.store.find_guarantee(grn)?;
    let row = row.ok_or_else(|| Refusal::NotFound { what: "guarantee", id: grn.to_string() })?;
    Ok(GuaranteeFile { state: read_account(&row)?, acts: desk.store.list_guarantee_acts(grn)? })
}

/// The numbers of the accounts that an administration has accepted.
pub fn list_accepted(desk: &Desk, office: &PartyId) -> Result<BTreeSet<Grn>, Refusal> {
    Ok(desk.store.list_guarantees_opened_by(office)?.into_iter().collect())
}

/// Guarantee accounts by number, all or those of one holder.
pub fn list_guarantees(desk: &Desk, holder: Option<&PartyId>) -> Result<Vec<AccountState>, Refusal> {
    desk.store.list_guarantees(holder)?.iter().map(read_account).collect()
}

fn read_account(row: &GuaranteeRow) -> Result<AccountState, Refusal> {
    let account =
        serde_json::from_str(&row.record).map_err(|error| Refusal::broken("a guarantee account", &error))?;
    Ok(AccountState { account, reserved: row.reserved })
}

/// Does a use case again if another one took the money, or the place of the day, that it had chosen.
pub(crate) fn retry_on_shortfall<T>(mut work: impl FnMut() -> Result<T, Refusal>) -> Result<T, Refusal> {
    for _ in 1..MOST_TRIES {
        match work() {
            Err(Refusal::Store(StoreError::Shortfall { .. } | StoreError::Outrun { .. })) => {}
            other => return other,
        }
    }
    work()
}

/// Covers a movement that is accepted: reserves on an account of its holder, or says with which message it is held.
pub(crate) fn cover(
    scribe: &mut Scribe<'_, '_>,
    file: &mut MovementFile,
    consignment: &Consignment,
    holder: &PartyId,
) -> Result<Option<Content>, Refusal> {
    if file.guarantee.as_ref().is_some_and(|guarantee| guarantee.state == CoverState::Reserved) {
        return Ok(None);
    }
    let desk = scribe.desk;
    let tables = desk.rules.territories.guarantees();
    let goods = GuaranteedGoods::from(consignment);
    let Some(need) = assess_guarantee(tables, &file.movement.plan, &goods) else {
        file.guarantee = None;
        return Ok(None);
    };
    if need.basis == GuaranteeBasis::Waived {
        file.guarantee = Some(MovementGuarantee { need, reservation: None, state: CoverState::Waived });
        return Ok(None);
    }
    let mut accounts = list_guarantees(desk, Some(holder))?;
    for account in &mut accounts {
        account.reserved = account.reserved.saturating_add(change_in_batch(scribe, &account.account.grn));
    }
    let set = desk.rules.territories.messages_of(file.movement.regime()).name();
    match choose_account(tables, set, &accounts, holder, &file.movement.plan, &need) {
        Ok(reservation) => {
            scribe.writes.push(Write::Reserve(GuaranteeUse {
                grn: reservation.grn.clone(),
                movement: file.movement.id.clone(),
                amount: reservation.amount.minor(),
                at: scribe.call.now,
                actor: holder.clone(),
                why: format!("{}: {}", need.basis.word(), need.because),
            }));
            let reservation = Some(reservation);
            file.guarantee = Some(MovementGuarantee { need, reservation, state: CoverState::Reserved });
            Ok(None)
        }
        Err(fault) => {
            file.guarantee = Some(MovementGuarantee { need, reservation: None, state: CoverState::Refused });
            let reason = fault.finding.message;
            Ok(Some(Content::GuaranteeNotValid { code: fault.error.code, reason }))
        }
    }
}

/// What the writes of this use case reserve of an account; a release counts when it is saved.
fn change_in_batch(scribe: &Scribe<'_, '_>, grn: &Grn) -> i64 {
    let reserved = scribe.writes.iter().filter_map(|write| match write {
        Write::Reserve(item) if item.grn == *grn => Some(item.amount),
        _ => None,
    });
    reserved.fold(0, i64::saturating_add)
}

/// Sets free what is reserved for a movement that has ended.
pub(crate) fn uncover(scribe: &mut Scribe<'_, '_>, file: &mut MovementFile) {
    let Some(guarantee) = file.guarantee.as_mut().filter(|guarantee| guarantee.state == CoverState::Reserved)
    else {
        return;
    };
    let Some(reservation) = &guarantee.reservation else { return };
    guarantee.state = CoverState::Released;
    scribe.writes.push(Write::Release(GuaranteeUse {
        grn: reservation.grn.clone(),
        movement: file.movement.id.clone(),
        amount: reservation.amount.minor(),
        at: scribe.call.now,
        actor: scribe.call.actor.clone(),
        why: format!("the movement is {}", file.movement.state.kind()),
    }));
}

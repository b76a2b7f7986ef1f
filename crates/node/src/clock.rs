//! The clock: what becomes due without anybody doing anything. Declarations are lodged on the day the law allows, deadlines
//! pass, messages wait no longer, movements that were held for want of a guarantee are tried again.

use crate::case_file::{MovementFile, load_events};
use crate::clear::{
    CaseInputs, Side, assess, load_case_inputs, side_of, step, take, write_decision, write_declaration,
};
use crate::guarantee::{CoverState, cover, retry_on_shortfall};
use crate::limits::{KEEP_REFUSED, MOST_DUE, MOST_FORGOTTEN};
use crate::lodge::lodge_if_due;
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal, Registered};
use jiff::Timestamp;
use kervan_customs::limits::LONGEST_WAIT;
use kervan_customs::{
    Content, DeadlineEvent, StateKind, Taking, due, expire_waiting, message_of, next_due, receive,
};
use kervan_dossier::Dossier;
use kervan_model::{Finding, MovementId, Reference};
use kervan_store::Write;
use kervan_units::Seconds;
use serde::Serialize;
use std::collections::BTreeSet;

/// How long a movement that no guarantee covers waits before it is tried again. Unit: second.
const TRY_AGAIN: Seconds = Seconds::from_hours(1);

/// Something that the clock did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockEvent {
    /// The movement.
    pub movement: MovementId,
    /// What, as a finding: `customs.deadline.*`, `customs.lodged`, `customs.message-misfit`, `customs.guarantee-found`.
    pub finding: Finding,
}

/// When the clock has to look at a movement next.
pub(crate) fn next_look(desk: &Desk, file: &MovementFile, now: Timestamp) -> Option<Timestamp> {
    let movement = &file.movement;
    let set = desk.rules.territories.messages_of(movement.regime());
    let told: Vec<_> = file.overdue.iter().map(|event| event.deadline.clone()).collect();
    let lodging = match movement.state.kind() {
        StateKind::Planned => Some(movement.plan.lodge_from.unwrap_or(now)),
        _ => None,
    };
    let again = is_short(file).then(|| now.checked_add(TRY_AGAIN.to_duration()).ok()).flatten();
    [next_due(set, movement, &told), lodging, again].into_iter().flatten().min()
}

/// Whether a movement is held because no guarantee covers it.
fn is_short(file: &MovementFile) -> bool {
    file.movement.state.kind() == StateKind::UnderControl
        && file.guarantee.as_ref().is_some_and(|guarantee| guarantee.state == CoverState::Refused)
}

/// Does everything that is due by now, for at most [`MOST_DUE`] movements. What was done is done once, however often the
/// clock ticks.
///
/// Errors: the store fails, or something of our own cannot be read.
pub fn run_deadlines(desk: &Desk, call: &mut Call<'_>) -> Result<Vec<ClockEvent>, Refusal> {
    let oldest = call.now.checked_sub(KEEP_REFUSED.to_duration()).unwrap_or(Timestamp::MIN);
    if desk.store.has_originals_before(oldest)? {
        desk.save(vec![Write::ForgetOriginals { before: oldest, most: MOST_FORGOTTEN }])?;
    }
    let rows = desk.store.list_due_movements(call.now, MOST_DUE)?;
    let references: BTreeSet<Reference> = rows.into_iter().map(|row| row.reference).collect();
    let mut events = Vec::new();
    for reference in references {
        events.extend(retry_on_shortfall(|| run_for(desk, call, &reference))?);
    }
    Ok(events)
}

fn run_for(desk: &Desk, call: &mut Call<'_>, reference: &Reference) -> Result<Vec<ClockEvent>, Refusal> {
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    let inputs = load_case_inputs(desk, &case.state);
    let Some(holder) = &inputs.holder else { return Ok(Vec::new()) };
    let forwarder = desk.party(holder)?;
    let mut scribe = Scribe::new(desk, call);
    let mut done = Vec::new();
    for file in &mut case.movements {
        run_one(&mut scribe, &mut case.dossier, &inputs, &forwarder, (file, &mut done))?;
    }
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    Ok(done)
}

fn run_one(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    forwarder: &Registered,
    (file, done): (&mut MovementFile, &mut Vec<ClockEvent>),
) -> Result<(), Refusal> {
    let (now, movement) = (scribe.call.now, file.movement.id.clone());
    let mut tell = |finding: Finding| done.push(ClockEvent { movement: movement.clone(), finding });
    if lodge_if_due(scribe, dossier, inputs, forwarder, file)? {
        tell(
            Finding::info("customs.lodged", "the declaration is lodged: the law allows it from today on")
                .at(format!("/movements/{movement}")),
        );
    }
    let set = scribe.desk.rules.territories.messages_of(file.movement.regime());
    let oldest = now.checked_sub(LONGEST_WAIT.to_duration()).unwrap_or(Timestamp::MIN);
    for (message, refused) in expire_waiting(set, &mut file.movement, oldest) {
        file.note_refusal(now, &message, &refused);
        tell(refused.finding);
    }
    for event in due(set, &file.movement, now) {
        if file.overdue.iter().any(|told| told.deadline == event.deadline && told.at == event.at) {
            continue;
        }
        tell(event.finding.clone());
        pass(scribe, dossier, file, &event)?;
        file.overdue.push(event);
    }
    if is_short(file) && try_again(scribe, dossier, inputs, forwarder, file)? {
        tell(
            Finding::info(
                "customs.guarantee-found",
                "a guarantee covers the movement now; it is decided anew",
            )
            .at(format!("/movements/{movement}")),
        );
    }
    Ok(())
}

/// A deadline has passed: the message that follows it is sent by the administration whose it is.
fn pass(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    file: &mut MovementFile,
    event: &DeadlineEvent,
) -> Result<(), Refusal> {
    let desk = scribe.desk;
    let Some(message) = message_of(&file.movement, event, scribe.call.now) else {
        return Ok(());
    };
    let set = desk.rules.territories.messages_of(file.movement.regime());
    let from = file.movement.state.kind();
    let reception = receive(set, file.movement.clone(), &message, scribe.call.now);
    let Taking::Applied(transition) = reception.taking else {
        return Ok(());
    };
    file.movement = reception.movement;
    let territory = match side_of(desk, &file.movement, transition.message) {
        Side::Departure => file.movement.departure().territory.clone(),
        Side::Destination => file.movement.destination().territory.clone(),
    };
    let because = format!("{}; deadline {}", transition.because, event.deadline);
    let found = vec![event.finding.clone(), Finding::info("customs.step", because)];
    write_decision(scribe, dossier, file, (from, transition.message.word(), found), &territory, None)
}

/// A movement that no guarantee covered: if one does now, the declaration is amended with it and decided anew.
fn try_again(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    forwarder: &Registered,
    file: &mut MovementFile,
) -> Result<bool, Refusal> {
    let (Some(consignment), Some(holder)) = (&inputs.consignment, &inputs.holder) else {
        return Ok(false);
    };
    if cover(scribe, file, consignment, holder)?.is_some() {
        return Ok(false);
    }
    write_declaration(scribe, dossier, inputs, forwarder, &file.movement)?;
    step(scribe, file, Content::Amendment { reason: "a valid guarantee is given".to_owned() })?;
    take(scribe, dossier, file, Content::AmendmentAccepted, Side::Departure, None)?;
    assess(scribe, dossier, file, inputs)?;
    Ok(true)
}

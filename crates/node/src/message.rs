//! Messages about movements from outside: checked, put into their order, answered, remembered.
//!
//! What a message does is decided by the machine of its regime. Where this node acts for the administration that has to
//! answer a trader's message, it answers at once: a presentation may release the goods, an amendment is decided anew.

use crate::case_file::{MovementFile, load_events};
use crate::clear::{
    CaseInputs, Side, assess, load_case_inputs, release_if_presented, resume, side_of, take, write_decision,
    write_declaration,
};
use crate::guarantee::{retry_on_shortfall, uncover};
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal, Registered};
use kervan_codes::Mrn;
use kervan_customs::{
    Content, Message, MessageKind, RefusalReason, RefusedMessage, Sender, StateKind, Taking, Transition,
    check_sender, receive, refuse_unknown,
};
use kervan_dossier::Dossier;
use kervan_model::{Finding, MovementId, Reference, Role};

/// What became of a message.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It did what it says.
    Applied(Transition),
    /// It is kept until one that was sent before it arrives.
    Waiting(Finding),
    /// It came before; nothing changed.
    Duplicate(Finding),
    /// It is refused with the code of the standard; nothing changed, and the refusal is remembered.
    Refused(RefusedMessage),
}

/// The movement that a reference number belongs to.
///
/// Errors: a refusal with the standard's code: the number is not one, or no movement here has it. `set` names the message
/// set that the message came in, such as `ncts`.
pub fn find_movement_by_mrn(
    desk: &Desk,
    set: &str,
    mrn: &str,
) -> Result<Result<MovementId, RefusedMessage>, Refusal> {
    let territories = &desk.rules.territories;
    let set = territories
        .find_message_set(set)
        .ok_or_else(|| Refusal::NotFound { what: "message set", id: set.to_owned() })?;
    let Ok(mrn) = mrn.parse::<Mrn>() else {
        return Ok(Err(refuse_unknown(set, RefusalReason::InvalidMrn, mrn)));
    };
    let row = desk.store.find_movement_by_mrn(mrn.as_str())?;
    Ok(row.map(|row| row.id).ok_or_else(|| refuse_unknown(set, RefusalReason::UnknownMovement, mrn.as_str())))
}

/// Takes a message about a movement from the caller.
///
/// Errors: there is no such movement or party. A message that is refused is no error: the answer says why, with the code
/// of the standard, and nothing but the memory of the refusal changes.
pub fn take_message(
    desk: &Desk,
    call: Call<'_>,
    id: &MovementId,
    message: &Message,
) -> Result<(CaseFile, Answer), Refusal> {
    take_received(desk, call, id, Received { message, original: None })
}

/// A message, and the hash of the bytes that it was read from, if it came as bytes.
#[derive(Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) message: &'a Message,
    pub(crate) original: Option<&'a str>,
}

/// As [`take_message`]; the entry that tells of the message names its original.
pub(crate) fn take_received(
    desk: &Desk,
    mut call: Call<'_>,
    id: &MovementId,
    received: Received<'_>,
) -> Result<(CaseFile, Answer), Refusal> {
    retry_on_shortfall(|| take_once(desk, &mut call, id, received))
}

fn take_once(
    desk: &Desk,
    call: &mut Call<'_>,
    id: &MovementId,
    received: Received<'_>,
) -> Result<(CaseFile, Answer), Refusal> {
    let reference = reference_of(id)?;
    let _held = desk.hold(&reference);
    let mut case = CaseFile::load(desk, &reference)?;
    let party = desk.party(&call.actor)?;
    let not_found = || Refusal::NotFound { what: "movement", id: id.to_string() };
    let at = case.movements.iter().position(|file| file.movement.id == *id).ok_or_else(not_found)?;
    let inputs = load_case_inputs(desk, &case.state);
    let mut scribe = Scribe::new(desk, call);
    let file = case.movements.get_mut(at).ok_or_else(not_found)?;
    let answer = apply(&mut scribe, &mut case.dossier, &inputs, &party, (file, received))?;
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, &reference)?;
    project(&mut scribe, &reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    Ok((CaseFile::load(desk, &reference)?, answer))
}

fn apply(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    party: &Registered,
    (file, received): (&mut MovementFile, Received<'_>),
) -> Result<Answer, Refusal> {
    let message = received.message;
    let (desk, now, kind) = (scribe.desk, scribe.call.now, message.content.kind());
    let set = desk.rules.territories.messages_of(file.movement.regime());
    let sender = sender_of(party, inputs);
    if let Err(refused) = check_sender(set, &file.movement, kind, &sender) {
        file.note_refusal(now, message, &refused);
        return Ok(Answer::Refused(*refused));
    }
    let from = file.movement.state.kind();
    let reception = receive(set, file.movement.clone(), message, now);
    file.movement = reception.movement;
    let transition = match reception.taking {
        Taking::Applied(transition) => transition,
        Taking::Waiting(finding) => return Ok(Answer::Waiting(finding)),
        Taking::Duplicate(finding) => return Ok(Answer::Duplicate(finding)),
        Taking::Refused(refused) => {
            file.note_refusal(now, message, &refused);
            return Ok(Answer::Refused(refused));
        }
    };
    if sender.role == Role::Customs
        && let Some(territory) = &sender.territory
    {
        let mut found = message.content.findings();
        if found.is_empty() {
            found.push(Finding::info("customs.step", transition.because.clone()));
        }
        found.extend(received.original.map(name_original));
        let what = (from, kind.word(), found);
        write_decision(scribe, dossier, file, what, territory, None)?;
    } else {
        answer_trader(scribe, dossier, inputs, party, (file, from, received))?;
    }
    if file.movement.state.kind().is_end() {
        uncover(scribe, file);
    }
    Ok(Answer::Applied(transition))
}

/// Names the bytes that a message was read from, so that the signed entry proves which they were.
fn name_original(hash: &str) -> Finding {
    Finding::info("customs.message-original", format!("read from the message with SHA-256 {hash}"))
}

/// In which role a party speaks about a movement: customs for its territory, the declarant, or another trader.
fn sender_of(party: &Registered, inputs: &CaseInputs) -> Sender {
    if party.has_role(Role::Customs) {
        return Sender { role: Role::Customs, territory: party.find_territory(Role::Customs).cloned() };
    }
    let declarant = inputs.holder.as_ref() == Some(&party.record.id);
    let other = [Role::Carrier, Role::Consignee, Role::Terminal, Role::Consignor]
        .into_iter()
        .find(|role| party.has_role(*role));
    let role = if declarant { Role::Forwarder } else { other.unwrap_or(Role::Consignor) };
    Sender { role, territory: None }
}

/// What the administration answers to a trader's message.
fn answer_trader(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    inputs: &CaseInputs,
    party: &Registered,
    (file, from, received): (&mut MovementFile, StateKind, Received<'_>),
) -> Result<(), Refusal> {
    let kind = received.message.content.kind();
    let moved = file.movement.state.kind();
    match kind {
        MessageKind::Declaration => write_declaration(scribe, dossier, inputs, party, &file.movement),
        MessageKind::Presentation if file.decision.is_none() => assess(scribe, dossier, file, inputs),
        MessageKind::Presentation if moved == StateKind::UnderControl => {
            resume(scribe, dossier, file, inputs)
        }
        MessageKind::Presentation => release_if_presented(scribe, dossier, file),
        MessageKind::Amendment if from != StateKind::Declared => {
            write_declaration(scribe, dossier, inputs, party, &file.movement)?;
            (file.decision, file.case, file.proposal) = (None, None, None);
            take(scribe, dossier, file, Content::AmendmentAccepted, Side::Departure, None)?;
            assess(scribe, dossier, file, inputs)
        }
        MessageKind::InvalidationRequest => {
            take(scribe, dossier, file, Content::Invalidation, Side::Departure, None)
        }
        _ if moved != from => {
            // A trader's message that moves the state, such as an arrival, is noted by the administration that it went to.
            let side = match kind {
                MessageKind::Arrival => Side::Destination,
                _ => side_of(scribe.desk, &file.movement, kind),
            };
            let territory = match side {
                Side::Departure => file.movement.departure().territory.clone(),
                Side::Destination => file.movement.destination().territory.clone(),
            };
            let because = file.movement.history.last().map(|step| step.because.clone()).unwrap_or_default();
            let mut found = vec![Finding::info("customs.step", because)];
            found.extend(received.original.map(name_original));
            write_decision(scribe, dossier, file, (from, kind.word(), found), &territory, None)
        }
        _ => Ok(()),
    }
}

/// The consignment of a movement.
pub(crate) fn reference_of(id: &MovementId) -> Result<Reference, Refusal> {
    let reference = id.as_str().rsplit_once('/').map(|(reference, _)| reference).unwrap_or_default();
    reference.parse().map_err(|error| Refusal::broken("a movement id", &error))
}

//! The state machine: a message comes in, and the movement is what all its messages say in the order they were sent.
//!
//! Messages travel over many wires and come late, twice and out of order. So the state is a fold over every message that
//! was taken in, in the order of sending: whatever order they arrive in, the same messages give the same state. A message
//! that fits nothing yet, but may once one that was sent before it arrives, is kept and waits; one that can never fit is
//! refused with the code that the standard has for it, and nothing changes.

use crate::limits::{MOST_CLOCK_SKEW, MOST_MESSAGES, MOST_WAITING};
use crate::message_set::{ErrorCode, MessageSet, RefusalReason, SenderRole, TransitionRule};
use crate::{Content, Filing, Message, MessageKind, Movement, Refusal, State, StateKind, Step, Taken};
use jiff::Timestamp;
use kervan_model::{Finding, Role, TerritoryId};

/// What became of a message, and the movement after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The movement. Unless the message was applied or waits, it is as it was.
    pub movement: Movement,
    /// What became of the message.
    pub taking: Taking,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It did what it says.
    Applied(Transition),
    /// It is kept until one that was sent before it arrives; the finding says for what it waits.
    Waiting(Finding),
    /// It came before; nothing changes.
    Duplicate(Finding),
    /// It is refused; nothing changes.
    Refused(RefusedMessage),
}

/// What a message did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The state before.
    pub from: StateKind,
    /// The state after it and after every waiting message that it set free.
    pub to: StateKind,
    /// The message.
    pub message: MessageKind,
    /// Which message and which rule, in a sentence.
    pub because: String,
}

/// A message that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedMessage {
    /// Why, by our word.
    pub reason: RefusalReason,
    /// Why, by the code of the standard.
    pub error: ErrorCode,
    /// Why, for people.
    pub finding: Finding,
}

/// Who signed a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// In which role.
    pub role: Role,
    /// For which territory, if the role has one.
    pub territory: Option<TerritoryId>,
}

/// Takes a message in.
///
/// Codes of findings: `customs.message-duplicate`, `customs.message-id-reused`, `customs.message-misfit`,
/// `customs.message-waiting`, `customs.not-presented`, `customs.message-early`, `customs.message-unknown`,
/// `customs.too-many-messages`.
pub fn receive(set: &MessageSet, movement: Movement, message: &Message, now: Timestamp) -> Reception {
    if let Some(taking) = refuse_outright(set, &movement, message, now) {
        return Reception { movement, taking };
    }
    let last = movement.messages.last().map(|taken| taken.message.sent);
    let tied = |taken: &Taken| !taken.applied && taken.message.sent >= message.sent;
    if last.is_some_and(|last| last > message.sent) || movement.messages.iter().any(tied) {
        return insert(set, movement, message, now);
    }
    append(set, movement, message, now)
}

/// Whether a sender may send a message about a movement.
///
/// Errors: a refusal with the standard's code.
pub fn check_sender(
    set: &MessageSet,
    movement: &Movement,
    kind: MessageKind,
    sender: &Sender,
) -> Result<(), Box<RefusedMessage>> {
    let Some(row) = set.find_message(kind) else {
        return Err(Box::new(not_in_set(set, movement, kind)));
    };
    let customs_of = |territory: &TerritoryId| {
        sender.role == Role::Customs && sender.territory.as_ref() == Some(territory)
    };
    let trader = matches!(sender.role, Role::Forwarder | Role::Carrier | Role::Consignee | Role::Terminal);
    let may = match row.sender {
        SenderRole::Declarant => sender.role == Role::Forwarder,
        SenderRole::Departure | SenderRole::Exit => customs_of(&movement.departure().territory),
        SenderRole::Transit => movement.plan.territories.iter().any(customs_of),
        SenderRole::Destination => customs_of(&movement.destination().territory),
        SenderRole::DestinationTrader => trader,
        SenderRole::SealOperator => trader || movement.plan.territories.iter().any(customs_of),
        SenderRole::System => sender.role == Role::Customs || trader,
    };
    if may {
        return Ok(());
    }
    let of = match row.sender {
        SenderRole::Destination => format!(" of {}", movement.destination().territory),
        SenderRole::Departure | SenderRole::Exit => format!(" of {}", movement.departure().territory),
        _ => String::new(),
    };
    let text = format!(
        "{} is sent by the {}{of}, not by this {}",
        set.title_of(kind),
        row.sender.word().replace('_', " "),
        sender.role.word()
    );
    let finding = Finding::error("customs.message-wrong-sender", text)
        .at(format!("/movements/{}", movement.id))
        .rule("sender-of-message")
        .source(row.provenance.source.clone())
        .remedy("let the right party sign it");
    Err(Box::new(refused(set, RefusalReason::WrongSender, finding)))
}

/// The refusal of a message about a movement that is not known here.
pub fn refuse_unknown(set: &MessageSet, reason: RefusalReason, named: &str) -> RefusedMessage {
    let (code, text) = match reason {
        RefusalReason::InvalidMrn => {
            ("customs.mrn-invalid", format!("`{named}` is not a movement reference number"))
        }
        _ => ("customs.movement-unknown", format!("no movement here has the number {named}")),
    };
    refused(set, reason, Finding::error(code, text).at("/mrn").remedy("correct the number"))
}

fn refused(set: &MessageSet, reason: RefusalReason, finding: Finding) -> RefusedMessage {
    RefusedMessage { reason, error: set.error_of(reason), finding }
}

fn not_in_set(set: &MessageSet, movement: &Movement, kind: MessageKind) -> RefusedMessage {
    let text = format!("{} has no message `{}`", movement.plan.regime_name, kind.word());
    let finding = Finding::error("customs.message-unknown", text)
        .at(format!("/movements/{}", movement.id))
        .remedy("use a message of this regime");
    refused(set, RefusalReason::NotInSet, finding)
}

/// What can be said of a message without asking the machine.
fn refuse_outright(
    set: &MessageSet,
    movement: &Movement,
    message: &Message,
    now: Timestamp,
) -> Option<Taking> {
    let kind = message.content.kind();
    let at = format!("/movements/{}", movement.id);
    let again =
        |text: String| Finding::info("customs.message-duplicate", text).rule("message-ids-are-unique");
    if let Some(known) = movement.messages.iter().find(|taken| taken.message.id == message.id) {
        return Some(if known.message.content == message.content {
            let text = format!("message {} ({kind}) was taken in before; nothing changes", message.id);
            Taking::Duplicate(again(text).at(at))
        } else {
            Taking::Refused(id_reused(set, message, at))
        });
    }
    if set.find_message(kind).is_none() {
        return Some(Taking::Refused(not_in_set(set, movement, kind)));
    }
    let waiting = movement.messages.iter().filter(|taken| !taken.applied).count();
    if movement.messages.len() >= MOST_MESSAGES || waiting >= MOST_WAITING {
        let text = format!(
            "the movement already holds {} messages, {waiting} of them waiting",
            movement.messages.len()
        );
        let finding = Finding::error("customs.too-many-messages", text).at(at).remedy("ask the office");
        return Some(Taking::Refused(refused(set, RefusalReason::TooMany, finding)));
    }
    if now.checked_add(MOST_CLOCK_SKEW.to_duration()).is_ok_and(|latest| message.sent > latest) {
        let text = format!(
            "message {} ({kind}) says that it was sent at {}, which is still to come",
            message.id, message.sent
        );
        let finding =
            Finding::error("customs.message-early", text).at(at).remedy("correct the clock and send again");
        return Some(Taking::Refused(refused(set, RefusalReason::FromTheFuture, finding)));
    }
    None
}

fn id_reused(set: &MessageSet, message: &Message, at: String) -> RefusedMessage {
    let text = format!("the id {} belongs to another message; nothing changes", message.id);
    let finding = Finding::error("customs.message-id-reused", text)
        .at(at)
        .rule("message-ids-are-unique")
        .remedy("send it under an id of its own");
    refused(set, RefusalReason::Duplicate, finding)
}

/// Why a message does not take effect where it stands.
enum Misfit {
    /// Something that it needs may still come.
    Wait(Finding),
    /// It can never fit.
    Never(Finding),
}

fn fit<'a>(
    set: &'a MessageSet,
    movement: &Movement,
    message: &Message,
) -> Result<&'a TransitionRule, Misfit> {
    let (from, kind) = (movement.state.kind(), message.content.kind());
    let at = format!("/movements/{}", movement.id);
    let title = set.title_of(kind);
    let Some(rule) = set.find_rule(from, kind) else {
        if set.may_fit_later(from, kind) {
            let text = format!(
                "{title} does not fit the state {from} yet; it waits for a message that was sent before it"
            );
            let finding = Finding::warning("customs.message-waiting", text).at(at).rule("order-of-sending");
            return Err(Misfit::Wait(finding.remedy("send the message that comes before it")));
        }
        let fitting: Vec<_> =
            set.list_rules().filter(|rule| rule.from == from).map(|rule| rule.message.word()).collect();
        let remedy = match from.is_end() {
            true => format!("none: the movement has ended as {from}"),
            false => format!("send one of {}", fitting.join(", ")),
        };
        let text = format!("{title} does not fit the state {from}; nothing changes");
        let finding = Finding::error("customs.message-misfit", text).at(at).rule("message-fits-state");
        return Err(Misfit::Never(finding.remedy(remedy)));
    };
    match rule.needs {
        Some(need) if !need.if_prelodged || movement.filing == Filing::Prelodged => {
            if movement.history.iter().any(|step| step.message == need.kind) {
                return Ok(rule);
            }
            let (code, text) = if need.kind == MessageKind::Presentation {
                (
                    "customs.not-presented",
                    format!(
                        "{title} waits: the declaration was lodged before arrival and the goods have not been presented"
                    ),
                )
            } else {
                (
                    "customs.message-waiting",
                    format!("{title} waits for a {} that was sent before it", need.kind),
                )
            };
            let remedy = format!("send the {} first", set.title_of(need.kind));
            let finding = Finding::warning(code, text).at(at).rule(rule.id.clone());
            Err(Misfit::Wait(finding.source(rule.provenance.source.clone()).remedy(remedy)))
        }
        _ => Ok(rule),
    }
}

/// The usual case: nothing that was sent later is here.
fn append(set: &MessageSet, mut movement: Movement, message: &Message, now: Timestamp) -> Reception {
    let from = movement.state.kind();
    let (applied, taking) = match fit(set, &movement, message) {
        Ok(rule) => {
            let because = apply(set, &mut movement, message, rule);
            let to = movement.state.kind();
            (true, Taking::Applied(Transition { from, to, message: message.content.kind(), because }))
        }
        Err(Misfit::Wait(finding)) => (false, Taking::Waiting(finding)),
        Err(Misfit::Never(finding)) => {
            let taking = Taking::Refused(refused(set, RefusalReason::OutOfSequence, finding));
            return Reception { movement, taking };
        }
    };
    movement.messages.push(Taken { message: message.clone(), received: now, applied });
    Reception { movement, taking }
}

/// A message that was sent before one that is here already: it is put in its place and everything is folded again.
fn insert(set: &MessageSet, before: Movement, message: &Message, now: Timestamp) -> Reception {
    let mut movement = before.clone();
    let place = movement.messages.partition_point(|taken| taken.message.sent <= message.sent);
    movement.messages.insert(place, Taken { message: message.clone(), received: now, applied: false });
    let misfit = refold(set, &mut movement, &message.id);
    let from = before.state.kind();
    let taking = match misfit {
        None => {
            let step = movement.history.iter().find(|step| step.message_id == message.id);
            let because = step.map(|step| step.because.clone()).unwrap_or_default();
            let (to, message) = (movement.state.kind(), message.content.kind());
            Taking::Applied(Transition { from, to, message, because })
        }
        Some(Misfit::Wait(finding)) => Taking::Waiting(finding),
        Some(Misfit::Never(finding)) => {
            let taking = Taking::Refused(refused(set, RefusalReason::OutOfSequence, finding));
            return Reception { movement: before, taking };
        }
    };
    Reception { movement, taking }
}

/// Folds every message from the plan on. Returns why the message with an id does not take effect, if it does not.
fn refold(set: &MessageSet, movement: &mut Movement, asked: &str) -> Option<Misfit> {
    movement.history.clear();
    movement.state = State::Planned { at: movement.planned };
    movement.presented = None;
    let mut messages = std::mem::take(&mut movement.messages);
    let mut misfit = None;
    let mut rest = messages.as_mut_slice();
    while let Some(first) = rest.first() {
        let sent = first.message.sent;
        let tied = rest.iter().take_while(|taken| taken.message.sent == sent).count();
        let (group, later) = std::mem::take(&mut rest).split_at_mut(tied);
        rest = later;
        for taken in group.iter_mut() {
            taken.applied = false;
        }
        // Messages of one instant have no order of their own: each is tried until none of them moves anything.
        while group.iter_mut().filter(|taken| !taken.applied).any(|taken| {
            taken.applied = match fit(set, movement, &taken.message) {
                Ok(rule) => {
                    apply(set, movement, &taken.message, rule);
                    true
                }
                Err(_) => false,
            };
            taken.applied
        }) {}
        if let Some(taken) = group.iter().find(|taken| !taken.applied && taken.message.id == asked) {
            misfit = fit(set, movement, &taken.message).err();
        }
    }
    movement.messages = messages;
    misfit
}

/// Takes out the messages that have waited since before `since`; they are refused. Returns them.
pub fn expire_waiting(
    set: &MessageSet,
    movement: &mut Movement,
    since: Timestamp,
) -> Vec<(Message, RefusedMessage)> {
    let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut movement.messages)
        .into_iter()
        .partition(|taken| !taken.applied && taken.received < since);
    movement.messages = kept;
    let at = format!("/movements/{}", movement.id);
    let explain = |taken: Taken| {
        let title = set.title_of(taken.message.content.kind());
        let text = format!("{title} waited in vain for a message that was sent before it; nothing changed");
        let finding = Finding::error("customs.message-misfit", text).at(at.clone()).rule("order-of-sending");
        let remedy = "send the message that comes before it, and this one again";
        (taken.message, refused(set, RefusalReason::OutOfSequence, finding.remedy(remedy)))
    };
    gone.into_iter().map(explain).collect()
}

fn apply(set: &MessageSet, movement: &mut Movement, message: &Message, rule: &TransitionRule) -> String {
    if rule.message == MessageKind::Presentation {
        movement.presented.get_or_insert(message.sent);
    }
    let limit = movement.plan.time_limit;
    let placeholder = State::Declared { at: message.sent };
    let old = std::mem::replace(&mut movement.state, placeholder);
    movement.state = enter(old, rule.to, &message.content, limit, message.sent);
    let because = format!("{}; rule {}: {}", set.title_of(rule.message), rule.id, rule.text);
    movement.history.push(Step {
        at: message.sent,
        message_id: message.id.clone(),
        message: rule.message,
        code: set.code_of(rule.message).map(str::to_owned),
        state: movement.state.kind(),
        because: because.clone(),
    });
    because
}

/// The state after a message that fits.
fn enter(
    old: State,
    to: StateKind,
    content: &Content,
    limit: Option<kervan_units::Seconds>,
    at: Timestamp,
) -> State {
    if old.kind() == to {
        return stay(old, content);
    }
    if to == StateKind::Declared {
        return State::Declared { at };
    }
    let (mrn, old_limit) = (content.mrn().or(old.mrn()).cloned(), old.arrive_by());
    if to == StateKind::Refused {
        let refusal = match content.kind() {
            MessageKind::Rejection => Refusal::Rejected,
            MessageKind::Invalidation => Refusal::Invalidated,
            _ => Refusal::NotReleased,
        };
        return State::Refused { at, mrn, refusal, findings: content.findings() };
    }
    let Some(mrn) = mrn else { return old };
    let arrive_by = if old.kind().is_released() {
        old_limit
    } else {
        limit.and_then(|limit| at.checked_add(limit.to_duration()).ok())
    };
    match to {
        StateKind::Planned | StateKind::Declared | StateKind::Refused => old,
        StateKind::Accepted => State::Accepted { at, mrn },
        StateKind::UnderControl => State::UnderControl { at, mrn, findings: content.findings() },
        StateKind::Released => State::Released { at, mrn, arrive_by },
        StateKind::Arrived => State::Arrived { at, mrn, arrive_by },
        StateKind::Unloading => State::Unloading { at, mrn, arrive_by },
        StateKind::UnderEnquiry => State::UnderEnquiry { at, mrn, arrive_by, reason: content.reason() },
        StateKind::UnderRecovery => State::UnderRecovery { at, mrn, arrive_by, reason: content.reason() },
        StateKind::Discharged => State::Discharged { at, mrn },
    }
}

/// A state that a message does not leave; what is under control may learn more.
fn stay(old: State, content: &Content) -> State {
    match (old, content) {
        (
            State::UnderControl { at, mrn, mut findings },
            Content::ControlDecision { .. }
            | Content::ControlResult { .. }
            | Content::GuaranteeNotValid { .. },
        ) => {
            findings.extend(content.findings());
            State::UnderControl { at, mrn, findings }
        }
        (state, _) => state,
    }
}

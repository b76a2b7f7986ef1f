//! The state machine: which message fits which state, by which rule, and what it leads to.
//!
//! [`TRANSITIONS`] is the whole machine as a table; a test walks every state with every message against it.

use crate::limits::MOST_MESSAGES;
use crate::{Content, Filing, Message, MessageKind, Movement, Refusal, State, StateKind, Step};
use jiff::Timestamp;
use kervan_model::Finding;

/// One line of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The state before.
    pub from: StateKind,
    /// The message.
    pub message: MessageKind,
    /// The state after.
    pub to: StateKind,
    /// Id of the rule.
    pub id: &'static str,
    /// The rule in words.
    pub text: &'static str,
}

macro_rules! transitions {
    ($($from:ident + $message:ident => $to:ident, $id:literal, $text:literal;)+) => {
        /// The machine: every message that fits a state. Source: message flows of NCTS phase 5 for departure and arrival.
        pub const TRANSITIONS: &[Rule] = &[$(Rule {
            from: StateKind::$from,
            message: MessageKind::$message,
            to: StateKind::$to,
            id: $id,
            text: $text,
        }),+];
    };
}

transitions! {
    Declared + Acknowledgement => Declared, "declaration-received", "the declaration is received, nothing is decided yet";
    Declared + Presentation => Declared, "goods-presented", "the goods are at the office of departure";
    Declared + Rejection => Refused, "declaration-rejected", "a declaration that is not valid is rejected";
    Declared + Amendment => Declared, "amended-before-acceptance", "a declaration may be amended until it is released";
    Declared + InvalidationRequest => Declared, "invalidation-asked", "invalidation may be asked for until release";
    Declared + Invalidation => Refused, "invalidated", "an invalidated declaration ends the movement";
    Declared + InvalidationRefused => Declared, "invalidation-refused", "a refused invalidation changes nothing";
    Declared + MrnAllocated => Accepted, "accepted", "an accepted declaration gets its reference number";
    Accepted + Presentation => Accepted, "goods-presented", "the goods are at the office of departure";
    Accepted + Amendment => Accepted, "amendment-asked", "a declaration may be amended until it is released";
    Accepted + AmendmentAccepted => Accepted, "amended", "an accepted amendment is decided anew";
    Accepted + Rejection => Accepted, "amendment-rejected", "a rejected amendment changes nothing";
    Accepted + RequestToAmend => Accepted, "amendment-wanted", "the office may ask for an amendment";
    Accepted + GuaranteeNotValid => UnderControl, "guarantee-not-valid", "without a valid guarantee the goods are held";
    Accepted + ControlDecision => UnderControl, "to-be-controlled", "the office may control before it releases";
    Accepted + Release => Released, "released", "goods without objection are released";
    Accepted + NoRelease => Refused, "not-released", "goods that must not move are not released";
    Accepted + InvalidationRequest => Accepted, "invalidation-asked", "invalidation may be asked for until release";
    Accepted + Invalidation => Refused, "invalidated", "an invalidated declaration ends the movement";
    Accepted + InvalidationRefused => Accepted, "invalidation-refused", "a refused invalidation changes nothing";
    UnderControl + Presentation => UnderControl, "goods-presented", "the goods are at the office of departure";
    UnderControl + Amendment => UnderControl, "amendment-asked", "a held declaration may be amended";
    UnderControl + AmendmentAccepted => Accepted, "amended", "an accepted amendment is decided anew";
    UnderControl + Rejection => UnderControl, "amendment-rejected", "a rejected amendment changes nothing";
    UnderControl + RequestToAmend => UnderControl, "amendment-wanted", "the office may ask for an amendment";
    UnderControl + ControlDecision => UnderControl, "control-extended", "a control may be widened";
    UnderControl + ControlResult => UnderControl, "controlled", "the result of a control is noted; release or refusal follows";
    UnderControl + Release => Released, "released-after-control", "goods are released when the control is done";
    UnderControl + NoRelease => Refused, "not-released", "goods that must not move are not released";
    UnderControl + InvalidationRequest => UnderControl, "invalidation-asked", "invalidation may be asked for until release";
    UnderControl + Invalidation => Refused, "invalidated", "an invalidated declaration ends the movement";
    UnderControl + InvalidationRefused => UnderControl, "invalidation-refused", "a refused invalidation changes nothing";
    Released + Incident => Released, "incident", "an incident on the way is noted";
    Released + Arrival => Arrived, "arrived", "the goods are at the office of destination";
    Released + Recovery => Released, "recovery", "recovery of the debt is begun; the goods may still arrive";
    Arrived + ArrivalRejected => Released, "arrival-rejected", "a rejected arrival notification has to be given again";
    Arrived + Incident => Arrived, "incident", "an incident on the way may be told late";
    Arrived + UnloadingPermission => Arrived, "may-unload", "the goods may be unloaded";
    Arrived + UnloadingRemarks => Arrived, "unloaded", "the remarks at unloading are noted";
    Arrived + Discrepancies => Arrived, "discrepancies", "differences found at destination are noted";
    Arrived + GoodsRelease => Arrived, "goods-released", "the goods are free at destination";
    Arrived + Recovery => Arrived, "recovery", "recovery of the debt is begun";
    Arrived + WriteOff => Discharged, "discharged", "the movement is written off and the guarantee is free";
}

/// What a message did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The movement after it.
    pub movement: Movement,
    /// The state before.
    pub from: StateKind,
    /// The state after.
    pub to: StateKind,
    /// The message.
    pub message: MessageKind,
    /// Which message and which rule, in a sentence.
    pub because: String,
}

/// A message that was not taken: the movement as it was, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The movement, unchanged.
    pub movement: Movement,
    /// Why.
    pub finding: Finding,
}

/// Takes a message in.
///
/// Errors: the unchanged movement with a finding: `customs.message-duplicate` (info) for an id seen before,
/// `customs.message-misfit` for a message that fits no rule of the state, `customs.not-presented` for a release of goods
/// that have not been presented, `customs.too-many-messages` beyond the limit.
pub fn advance(movement: Movement, message: &Message, now: Timestamp) -> Result<Transition, Box<Rejected>> {
    match find_rule(&movement, message) {
        Ok(rule) => Ok(apply(movement, message, rule, now)),
        Err(finding) => Err(Box::new(Rejected { movement, finding })),
    }
}

fn find_rule(movement: &Movement, message: &Message) -> Result<Rule, Finding> {
    let (from, kind) = (movement.state.kind(), message.content.kind());
    let at = format!("/movements/{}", movement.id);
    if movement.history.iter().any(|step| step.message_id == message.id) {
        let text = format!("message {} ({kind}) was taken in before; nothing changes", message.id);
        return Err(Finding::info("customs.message-duplicate", text).at(at).rule("message-ids-are-unique"));
    }
    if movement.history.len() >= MOST_MESSAGES {
        let text = format!("the movement already holds {MOST_MESSAGES} messages");
        return Err(Finding::error("customs.too-many-messages", text).at(at).remedy("ask the office"));
    }
    let Some(rule) = TRANSITIONS.iter().find(|rule| rule.from == from && rule.message == kind) else {
        let fitting: Vec<_> =
            TRANSITIONS.iter().filter(|rule| rule.from == from).map(|rule| rule.message.word()).collect();
        let remedy = if fitting.is_empty() {
            format!("none: the movement has ended as {from}")
        } else {
            format!("send one of {}", fitting.join(", "))
        };
        let text = format!("{kind} does not fit the state {from}; nothing changes");
        return Err(Finding::error("customs.message-misfit", text)
            .at(at)
            .rule("message-fits-state")
            .remedy(remedy));
    };
    let unpresented = movement.filing == Filing::Prelodged && movement.presented.is_none();
    if kind == MessageKind::Release && unpresented {
        let text = "the declaration was lodged before arrival and the goods have not been presented; nothing changes";
        return Err(Finding::error("customs.not-presented", text)
            .at(at)
            .rule("presented-before-release")
            .source("NCTS: a pre-lodged declaration (type D) needs a presentation notification")
            .remedy("send the presentation notification (CC170C) first"));
    }
    Ok(*rule)
}

fn apply(mut movement: Movement, message: &Message, rule: Rule, now: Timestamp) -> Transition {
    let from = movement.state.kind();
    if rule.message == MessageKind::Presentation {
        movement.presented.get_or_insert(now);
    }
    let time_limit = movement.plan.time_limit;
    movement.state = next(movement.state, &message.content, time_limit, now);
    let to = movement.state.kind();
    let because = format!("{}; rule {}: {}", rule.message, rule.id, rule.text);
    movement.history.push(Step {
        at: now,
        message_id: message.id.clone(),
        message: rule.message,
        state: to,
        because: because.clone(),
    });
    Transition { movement, from, to, message: rule.message, because }
}

/// The state after a message that fits; states that the message does not change come back as they are.
fn next(state: State, content: &Content, limit: Option<kervan_units::Seconds>, now: Timestamp) -> State {
    match (state, content) {
        (State::Declared { .. }, Content::MrnAllocated { mrn }) => {
            State::Accepted { at: now, mrn: mrn.clone() }
        }
        (State::Declared { .. }, Content::Rejection { findings }) => {
            refused(now, None, Refusal::Rejected, findings)
        }
        (State::Declared { .. }, Content::Invalidation) => refused(now, None, Refusal::Invalidated, &[]),
        (State::Accepted { mrn, .. } | State::UnderControl { mrn, .. }, Content::Invalidation) => {
            refused(now, Some(mrn), Refusal::Invalidated, &[])
        }
        (State::Accepted { mrn, .. } | State::UnderControl { mrn, .. }, Content::NoRelease { findings }) => {
            refused(now, Some(mrn), Refusal::NotReleased, findings)
        }
        (State::Accepted { mrn, .. } | State::UnderControl { mrn, .. }, Content::Release) => {
            let arrive_by = limit.and_then(|limit| now.checked_add(limit.to_duration()).ok());
            State::Released { at: now, mrn, arrive_by }
        }
        (State::Accepted { mrn, .. }, Content::ControlDecision { findings }) => {
            State::UnderControl { at: now, mrn, findings: findings.clone() }
        }
        (State::Accepted { mrn, .. }, Content::GuaranteeNotValid { reason }) => {
            let finding = Finding::error("customs.guarantee-not-valid", reason.clone())
                .remedy("give a valid guarantee");
            State::UnderControl { at: now, mrn, findings: vec![finding] }
        }
        (
            State::UnderControl { at, mrn, findings: mut known },
            Content::ControlDecision { findings } | Content::ControlResult { findings, .. },
        ) => {
            known.extend(findings.iter().cloned());
            State::UnderControl { at, mrn, findings: known }
        }
        (State::UnderControl { mrn, .. }, Content::AmendmentAccepted) => State::Accepted { at: now, mrn },
        (State::Released { mrn, arrive_by, .. }, Content::Arrival) => {
            State::Arrived { at: now, mrn, arrive_by }
        }
        (State::Arrived { mrn, arrive_by, .. }, Content::ArrivalRejected { .. }) => {
            State::Released { at: now, mrn, arrive_by }
        }
        (State::Arrived { mrn, .. }, Content::WriteOff) => State::Discharged { at: now, mrn },
        (state, _) => state,
    }
}

fn refused(at: Timestamp, mrn: Option<kervan_codes::Mrn>, refusal: Refusal, findings: &[Finding]) -> State {
    State::Refused { at, mrn, refusal, findings: findings.to_vec() }
}

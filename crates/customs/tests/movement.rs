//! The state machine: every state with every message, duplicates, and random sequences.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use jiff::Timestamp;
use kervan_codes::{Mrn, MrnParts};
use kervan_customs::{
    Content, Filing, Message, MessageKind, Movement, Refusal, State, StateKind, TRANSITIONS, advance,
};
use proptest::prelude::*;
use world::main_line_transit;

fn now() -> Timestamp {
    "2026-12-05T08:00:00Z".parse().unwrap()
}

fn mrn() -> Mrn {
    Mrn::issue(MrnParts { year: 2026, country: "KZ".parse().unwrap(), serial: 17 })
}

fn content(kind: MessageKind) -> Content {
    let (findings, reason) = (Vec::new(), "because".to_owned());
    match kind {
        MessageKind::Declaration => Content::Declaration,
        MessageKind::Acknowledgement => Content::Acknowledgement,
        MessageKind::Rejection => Content::Rejection { findings },
        MessageKind::MrnAllocated => Content::MrnAllocated { mrn: mrn() },
        MessageKind::Presentation => Content::Presentation,
        MessageKind::Amendment => Content::Amendment { reason },
        MessageKind::AmendmentAccepted => Content::AmendmentAccepted,
        MessageKind::RequestToAmend => Content::RequestToAmend { findings },
        MessageKind::GuaranteeNotValid => Content::GuaranteeNotValid { reason },
        MessageKind::ControlDecision => Content::ControlDecision { findings },
        MessageKind::ControlResult => Content::ControlResult { satisfactory: true, findings },
        MessageKind::Release => Content::Release,
        MessageKind::NoRelease => Content::NoRelease { findings },
        MessageKind::InvalidationRequest => Content::InvalidationRequest { reason },
        MessageKind::Invalidation => Content::Invalidation,
        MessageKind::InvalidationRefused => Content::InvalidationRefused,
        MessageKind::Incident => Content::Incident { description: reason },
        MessageKind::Arrival => Content::Arrival,
        MessageKind::ArrivalRejected => Content::ArrivalRejected { findings },
        MessageKind::UnloadingPermission => Content::UnloadingPermission,
        MessageKind::UnloadingRemarks => Content::UnloadingRemarks { conform: true },
        MessageKind::Discrepancies => Content::Discrepancies { findings },
        MessageKind::GoodsRelease => Content::GoodsRelease,
        MessageKind::WriteOff => Content::WriteOff,
        MessageKind::Recovery => Content::Recovery { reason },
    }
}

fn message(id: &str, kind: MessageKind) -> Message {
    Message { id: id.to_owned(), sent: now(), content: content(kind) }
}

fn movement(filing: Filing) -> Movement {
    Movement::declare("KRV-2026-0001/2".parse().unwrap(), main_line_transit(), filing, "m0", now())
}

/// A movement in a state, put there directly.
fn movement_in(kind: StateKind) -> Movement {
    let (at, mrn, arrive_by, findings) = (now(), mrn(), None, Vec::new());
    let state = match kind {
        StateKind::Declared => State::Declared { at },
        StateKind::Accepted => State::Accepted { at, mrn },
        StateKind::UnderControl => State::UnderControl { at, mrn, findings },
        StateKind::Released => State::Released { at, mrn, arrive_by },
        StateKind::Arrived => State::Arrived { at, mrn, arrive_by },
        StateKind::Discharged => State::Discharged { at, mrn },
        StateKind::Refused => State::Refused { at, mrn: None, refusal: Refusal::NotReleased, findings },
    };
    Movement { state, ..movement(Filing::Present) }
}

#[test]
fn every_state_with_every_message_does_what_the_table_says() {
    for from in StateKind::ALL {
        for kind in MessageKind::ALL {
            let before = movement_in(*from);
            let rule = TRANSITIONS.iter().find(|rule| rule.from == *from && rule.message == *kind);
            match (advance(before.clone(), &message("m1", *kind), now()), rule) {
                (Ok(transition), Some(rule)) => {
                    assert_eq!((transition.from, transition.to), (rule.from, rule.to), "{from} + {kind}");
                    assert_eq!(transition.movement.state.kind(), rule.to, "{from} + {kind}");
                    assert!(
                        transition.because.contains(rule.id) && transition.because.contains(kind.title())
                    );
                    assert_eq!(transition.movement.history.len(), 2);
                }
                (Err(rejected), None) => {
                    assert_eq!(rejected.finding.code, "customs.message-misfit", "{from} + {kind}");
                    assert_eq!(rejected.movement, before, "{from} + {kind}");
                }
                (answer, rule) => panic!("{from} + {kind}: {answer:?} against {rule:?}"),
            }
        }
    }
}

#[test]
fn the_table_has_no_line_twice_and_ends_where_it_should() {
    for (position, rule) in TRANSITIONS.iter().enumerate() {
        let same = |other: &&kervan_customs::TransitionRule| {
            (other.from, other.message) == (rule.from, rule.message)
        };
        assert!(!TRANSITIONS.iter().take(position).any(|other| same(&other)), "{rule:?}");
        assert!(!matches!(rule.from, StateKind::Discharged | StateKind::Refused), "{rule:?}");
        if rule.to == StateKind::Discharged {
            assert_eq!(rule.from, StateKind::Arrived);
        }
        if rule.to == StateKind::Arrived && rule.from != StateKind::Arrived {
            assert_eq!(rule.from, StateKind::Released);
        }
    }
}

fn play(mut movement: Movement, kinds: &[MessageKind]) -> Movement {
    for (number, kind) in kinds.iter().enumerate() {
        let message = message(&format!("p{number}"), *kind);
        movement = advance(movement, &message, now())
            .unwrap_or_else(|no| panic!("{kind}: {:?}", no.finding))
            .movement;
    }
    movement
}

#[test]
fn a_clean_movement_and_a_held_one_reach_the_end() {
    use MessageKind as M;
    let clean = [
        M::Acknowledgement,
        M::MrnAllocated,
        M::Presentation,
        M::Release,
        M::Arrival,
        M::GoodsRelease,
        M::WriteOff,
    ];
    assert_eq!(play(movement(Filing::Prelodged), &clean).state.kind(), StateKind::Discharged);
    let held = [
        M::MrnAllocated,
        M::ControlDecision,
        M::Amendment,
        M::AmendmentAccepted,
        M::Presentation,
        M::Release,
        M::Arrival,
        M::WriteOff,
    ];
    let ended = play(movement(Filing::Prelodged), &held);
    assert_eq!(ended.state.kind(), StateKind::Discharged);
    assert_eq!(ended.mrn(), Some(&mrn()));
}

#[test]
fn duplicates_change_nothing_and_are_named() {
    let first = advance(movement(Filing::Present), &message("m1", MessageKind::MrnAllocated), now()).unwrap();
    for id in ["m0", "m1"] {
        let again = advance(first.movement.clone(), &message(id, MessageKind::Release), now()).unwrap_err();
        assert_eq!(again.finding.code, "customs.message-duplicate");
        assert_eq!(again.movement, first.movement);
    }
}

#[test]
fn goods_that_were_not_presented_are_not_released() {
    let accepted = play(movement(Filing::Prelodged), &[MessageKind::MrnAllocated]);
    let refused = advance(accepted.clone(), &message("r", MessageKind::Release), now()).unwrap_err();
    assert_eq!(refused.finding.code, "customs.not-presented");
    assert_eq!(refused.movement, accepted);
}

#[test]
fn the_time_to_arrive_runs_from_the_release() {
    let released = play(movement(Filing::Present), &[MessageKind::MrnAllocated, MessageKind::Release]);
    let State::Released { arrive_by, .. } = released.state else { panic!("{:?}", released.state) };
    assert_eq!(arrive_by.unwrap().to_string(), "2027-02-21T08:00:00Z");
}

#[test]
fn a_movement_survives_its_own_serialization() {
    for kind in StateKind::ALL {
        let before = movement_in(*kind);
        let text = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Movement>(&text).unwrap(), before, "{text}");
    }
    for kind in MessageKind::ALL {
        let before = message("m", *kind);
        let text = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), before, "{text}");
        assert_eq!(MessageKind::find(kind.word()), Some(*kind));
    }
}

proptest! {
    /// Whatever arrives, in whatever order and however often: nothing is discharged that was not released and has not
    /// arrived, nothing is released that has no reference number, and an ended movement stays as it is.
    #[test]
    fn nothing_is_discharged_that_was_not_released(
        messages in proptest::collection::vec((0u8..40, 0..MessageKind::ALL.len()), 0..60),
        prelodged in any::<bool>(),
    ) {
        let mut movement = movement(if prelodged { Filing::Prelodged } else { Filing::Present });
        for (id, kind) in messages {
            let before = movement.clone();
            let ended = matches!(before.state.kind(), StateKind::Discharged | StateKind::Refused);
            movement = match advance(movement, &message(&format!("m{id}"), MessageKind::ALL[kind]), now()) {
                Ok(transition) => {
                    prop_assert!(!ended);
                    transition.movement
                }
                Err(rejected) => {
                    prop_assert_eq!(&rejected.movement, &before);
                    rejected.movement
                }
            };
        }
        let passed: Vec<_> = movement.history.iter().map(|step| step.state).collect();
        let first = |kind| passed.iter().position(|state| *state == kind);
        if let Some(discharged) = first(StateKind::Discharged) {
            prop_assert!(first(StateKind::Released).is_some_and(|released| released < discharged));
            prop_assert!(first(StateKind::Arrived).is_some_and(|arrived| arrived < discharged));
        }
        if first(StateKind::Released).is_some() {
            prop_assert!(movement.mrn().is_some());
            prop_assert!(!prelodged || movement.presented.is_some());
        }
    }
}

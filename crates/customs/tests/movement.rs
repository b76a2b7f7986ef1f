//! The state machine: every state with every message, duplicates, orders of arrival, random sequences, deadlines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use jiff::{SignedDuration, Timestamp};
use kervan_codes::{Mrn, MrnParts};
use kervan_customs::{
    Content, Filing, Message, MessageKind, MessageSet, Movement, MovementPlan, Reception, Refusal,
    RefusalReason, Sender, State, StateKind, Taking, Territories, Transition, assess_work, check_sender, due,
    expire_waiting, message_of, next_due, receive,
};
use kervan_model::Role;
use proptest::prelude::*;
use std::sync::LazyLock;
use world::main_line_transit;

static TERRITORIES: LazyLock<Territories> = LazyLock::new(world::territories);

fn set(name: &str) -> &'static MessageSet {
    TERRITORIES.find_message_set(name).unwrap()
}

fn ncts() -> &'static MessageSet {
    set("ncts")
}

fn now() -> Timestamp {
    "2026-12-05T08:00:00Z".parse().unwrap()
}

fn after(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

fn mrn() -> Mrn {
    Mrn::issue(MrnParts { year: 2026, country: "KZ".parse().unwrap(), serial: 17 })
}

/// A message of a kind; every field that the kind has is filled.
fn content(kind: MessageKind) -> Content {
    let fields = serde_json::json!({"message": kind.word(), "findings": [], "reason": "because", "code": "", "mrn": mrn(),
        "satisfactory": true, "agreed": true, "accepted": true, "conform": true, "description": "what", "information": "there"});
    let wanted = |name: &str| {
        let mut bare = fields.clone();
        bare.as_object_mut()
            .unwrap()
            .retain(|key, _| key == "message" || name.split(' ').any(|field| field == key));
        serde_json::from_value::<Content>(bare)
    };
    [
        "",
        "findings",
        "reason",
        "code reason",
        "mrn",
        "satisfactory findings",
        "agreed",
        "accepted",
        "conform",
        "description",
        "information",
    ]
    .into_iter()
    .find_map(|names| wanted(names).ok())
    .unwrap_or_else(|| panic!("{kind}"))
}

fn message_at(id: &str, kind: MessageKind, sent: Timestamp) -> Message {
    Message { id: id.to_owned(), sent, content: content(kind) }
}

fn message(id: &str, kind: MessageKind) -> Message {
    message_at(id, kind, now())
}

static PLAN: LazyLock<MovementPlan> = LazyLock::new(main_line_transit);

fn movement(filing: Filing) -> Movement {
    movement_of(ncts(), filing)
}

fn movement_of(set: &MessageSet, filing: Filing) -> Movement {
    let planned = Movement::plan("KRV-2026-0001/2".parse().unwrap(), PLAN.clone(), filing, now());
    applied(receive(set, planned, &message("m0", MessageKind::Declaration), now())).0
}

/// A movement in a state, put there directly, with everything that a rule may need behind it.
fn movement_in(kind: StateKind) -> Movement {
    let (at, mrn, arrive_by, findings, reason) = (now(), mrn(), None, Vec::new(), String::new());
    let state = match kind {
        StateKind::Planned => State::Planned { at },
        StateKind::Declared => State::Declared { at },
        StateKind::Accepted => State::Accepted { at, mrn },
        StateKind::UnderControl => State::UnderControl { at, mrn, findings },
        StateKind::Released => State::Released { at, mrn, arrive_by },
        StateKind::Arrived => State::Arrived { at, mrn, arrive_by },
        StateKind::Unloading => State::Unloading { at, mrn, arrive_by },
        StateKind::UnderEnquiry => State::UnderEnquiry { at, mrn, arrive_by, reason },
        StateKind::UnderRecovery => State::UnderRecovery { at, mrn, arrive_by, reason },
        StateKind::Discharged => State::Discharged { at, mrn },
        StateKind::Refused => State::Refused { at, mrn: None, refusal: Refusal::NotReleased, findings },
    };
    let mut movement = Movement { state, ..movement(Filing::Present) };
    let first = movement.history[0].clone();
    let needed = ncts().list_rules().filter_map(|rule| rule.needs).map(|need| need.kind);
    movement.history.extend(needed.map(|message| kervan_customs::Step { message, ..first.clone() }));
    movement
}

fn applied(reception: Reception) -> (Movement, Transition) {
    match reception.taking {
        Taking::Applied(transition) => (reception.movement, transition),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_state_with_every_message_does_what_the_tables_say() {
    for set in TERRITORIES.list_message_sets() {
        for from in StateKind::ALL {
            for kind in MessageKind::ALL {
                let before = movement_in(*from);
                let rule = set.find_rule(*from, *kind);
                let Reception { movement, taking } =
                    receive(set, before.clone(), &message("m1", *kind), now());
                let case = format!("{}: {from} + {kind}", set.name());
                match (taking, rule) {
                    (Taking::Applied(transition), Some(rule)) => {
                        assert_eq!((transition.from, transition.to), (rule.from, rule.to), "{case}");
                        assert_eq!(movement.state.kind(), rule.to, "{case}");
                        assert!(
                            transition.because.contains(&rule.id)
                                && transition.because.contains(kind.title()),
                            "{case}"
                        );
                        assert_eq!(movement.history.len(), before.history.len() + 1, "{case}");
                    }
                    (Taking::Waiting(finding), None) => {
                        assert!(set.may_fit_later(*from, *kind), "{case}");
                        assert_eq!(finding.code, "customs.message-waiting", "{case}");
                        assert_eq!(
                            (&movement.state, &movement.history),
                            (&before.state, &before.history),
                            "{case}"
                        );
                    }
                    (Taking::Refused(refused), None) => {
                        assert!(!set.may_fit_later(*from, *kind), "{case}");
                        assert!(
                            ["customs.message-misfit", "customs.message-unknown"]
                                .contains(&refused.finding.code.as_str())
                        );
                        if set.name() == "ncts" {
                            assert_eq!(refused.error.code, "92", "{case}");
                        }
                        assert_eq!(movement, before, "{case}");
                    }
                    (answer, rule) => panic!("{case}: {answer:?} against {rule:?}"),
                }
            }
        }
    }
}

/// What the loader checks for every set (reachable, no trap, every message used) is checked here by looking at the paths.
#[test]
fn the_machine_of_every_set_reaches_every_state_and_every_end() {
    let expected =
        [("ncts", 11, 38), ("national", 10, 27), ("eaeu", 11, 30), ("etir", 10, 27), ("export", 9, 23)];
    for (name, states, messages) in expected {
        let set = set(name);
        let mut reached = std::collections::BTreeSet::from([StateKind::Planned]);
        loop {
            let more: Vec<_> =
                set.list_rules().filter(|rule| reached.contains(&rule.from)).map(|rule| rule.to).collect();
            let before = reached.len();
            reached.extend(more);
            if reached.len() == before {
                break;
            }
        }
        assert_eq!(reached.len(), states, "{name}: {reached:?}");
        assert_eq!(set.list_messages().count(), messages, "{name}");
        for rule in
            set.list_rules().filter(|rule| rule.to == StateKind::Arrived && rule.from != StateKind::Arrived)
        {
            assert!(rule.from.is_released() && rule.message == MessageKind::Arrival, "{name}: {rule:?}");
        }
    }
}

fn play(movement: Movement, kinds: &[MessageKind]) -> Movement {
    kinds.iter().enumerate().fold(movement, |movement, (number, kind)| {
        let sent = now() + SignedDuration::from_secs(number as i64);
        applied(receive(ncts(), movement, &message_at(&format!("p{number}"), *kind, sent), after(1))).0
    })
}

use MessageKind as M;

/// Histories of the published flows: name, how filed, messages, the state at the end.
const HISTORIES: &[(&str, Filing, &[MessageKind], StateKind)] = &[
    (
        "clean",
        Filing::Prelodged,
        &[
            M::Acknowledgement,
            M::MrnAllocated,
            M::Presentation,
            M::Release,
            M::Arrival,
            M::UnloadingPermission,
            M::UnloadingRemarks,
            M::GoodsRelease,
            M::WriteOff,
        ],
        StateKind::Discharged,
    ),
    (
        "held",
        Filing::Prelodged,
        &[
            M::MrnAllocated,
            M::ControlDecision,
            M::Amendment,
            M::AmendmentAccepted,
            M::Presentation,
            M::ControlDecision,
            M::ControlResult,
            M::ReleaseRequest,
            M::Release,
            M::Arrival,
            M::WriteOff,
        ],
        StateKind::Discharged,
    ),
    ("rejected", Filing::Present, &[M::Acknowledgement, M::Rejection], StateKind::Refused),
    (
        "amended before acceptance",
        Filing::Prelodged,
        &[M::Acknowledgement, M::Amendment, M::AmendmentAccepted, M::MrnAllocated],
        StateKind::Accepted,
    ),
    (
        "amendment refused",
        Filing::Present,
        &[M::MrnAllocated, M::RequestToAmend, M::Amendment, M::RequestRejected, M::NoRelease],
        StateKind::Refused,
    ),
    (
        "invalidated",
        Filing::Present,
        &[
            M::MrnAllocated,
            M::InvalidationRequest,
            M::InvalidationRefused,
            M::InvalidationRequest,
            M::Invalidation,
            M::ExportInvalidated,
        ],
        StateKind::Refused,
    ),
    (
        "guarantee mended",
        Filing::Present,
        &[M::MrnAllocated, M::GuaranteeNotValid, M::Amendment, M::AmendmentAccepted, M::Release],
        StateKind::Released,
    ),
    (
        "arrival told again",
        Filing::Present,
        &[
            M::MrnAllocated,
            M::Release,
            M::Arrival,
            M::ArrivalRejected,
            M::Incident,
            M::Arrival,
            M::UnloadingPermission,
            M::UnloadingRemarks,
            M::RemarksRejected,
            M::UnloadingRemarks,
            M::Discrepancies,
            M::GoodsRelease,
            M::ExportDestinationResult,
            M::WriteOff,
        ],
        StateKind::Discharged,
    ),
    (
        "enquiry that ends well",
        Filing::Present,
        &[M::MrnAllocated, M::Release, M::EnquiryRequest, M::EnquiryResponse, M::Arrival, M::WriteOff],
        StateKind::Discharged,
    ),
    (
        "recovery",
        Filing::Present,
        &[
            M::MrnAllocated,
            M::ExportPresentation,
            M::ExportPresentationAnswer,
            M::Release,
            M::EnquiryRequest,
            M::Recovery,
            M::GuarantorNotification,
            M::ExportRecovery,
            M::WriteOff,
        ],
        StateKind::Discharged,
    ),
];

#[test]
fn the_published_flows_reach_their_ends() {
    for (name, filing, kinds, end) in HISTORIES {
        let ended = play(movement(*filing), kinds);
        assert_eq!(ended.state.kind(), *end, "{name}");
        assert_eq!(ended.history.len(), kinds.len() + 1, "{name}");
    }
    let told: std::collections::BTreeSet<_> =
        HISTORIES.iter().flat_map(|(_, _, kinds, _)| kinds.iter().copied()).collect();
    let missing: Vec<_> =
        ncts().list_messages().map(|row| row.kind).filter(|kind| !told.contains(kind)).collect();
    assert_eq!(
        missing,
        [M::Declaration, M::FunctionalErrors, M::XmlErrors],
        "every message of the set is told of once"
    );
}

#[test]
fn duplicates_change_nothing_and_are_named() {
    let first = receive(ncts(), movement(Filing::Present), &message("m1", M::MrnAllocated), now()).movement;
    for (id, kind) in [("m0", M::Declaration), ("m1", M::MrnAllocated)] {
        let again = receive(ncts(), first.clone(), &message(id, kind), now());
        assert!(
            matches!(&again.taking, Taking::Duplicate(finding) if finding.code == "customs.message-duplicate"),
            "{again:?}"
        );
        assert_eq!(again.movement, first);
        // The same id with other content is no duplicate but a fault.
        let other = receive(ncts(), first.clone(), &message(id, M::Release), now());
        let Taking::Refused(refused) = &other.taking else { panic!("{other:?}") };
        assert_eq!((refused.reason, refused.error.code.as_str()), (RefusalReason::Duplicate, "26"));
        assert_eq!(other.movement, first);
    }
}

#[test]
fn goods_that_were_not_presented_are_not_released() {
    let accepted = play(movement(Filing::Prelodged), &[M::MrnAllocated]);
    let waiting = receive(ncts(), accepted.clone(), &message_at("r", M::Release, after(2)), after(2));
    assert!(matches!(&waiting.taking, Taking::Waiting(finding) if finding.code == "customs.not-presented"));
    assert_eq!(waiting.movement.state, accepted.state);
    // A presentation that was sent after it does not set it free, one that was sent before it does.
    let later =
        receive(ncts(), waiting.movement.clone(), &message_at("p", M::Presentation, after(3)), after(3))
            .movement;
    assert_eq!(later.state.kind(), StateKind::Accepted);
    let (earlier, transition) =
        applied(receive(ncts(), waiting.movement, &message_at("p", M::Presentation, after(1)), after(3)));
    assert_eq!((transition.from, transition.to), (StateKind::Accepted, StateKind::Released));
    assert_eq!(earlier.presented, Some(after(1)));
}

#[test]
fn what_waits_in_vain_is_refused() {
    let mut waiting = receive(ncts(), movement(Filing::Present), &message("w", M::WriteOff), now()).movement;
    assert_eq!(next_due(ncts(), &waiting, &[]), Some(after(24)));
    assert!(expire_waiting(ncts(), &mut waiting, now()).is_empty());
    let gone = expire_waiting(ncts(), &mut waiting, after(1));
    assert_eq!((gone[0].0.id.as_str(), gone[0].1.error.code.as_str()), ("w", "92"));
    assert_eq!(waiting.messages.len(), 1, "the declaration stays");
}

#[test]
fn messages_of_the_wrong_side_or_from_the_future_are_refused() {
    let movement = movement(Filing::Present);
    let sender = |role, territory: Option<&str>| Sender {
        role,
        territory: territory.map(|code| code.parse().unwrap()),
    };
    let cases = [
        (M::Release, sender(Role::Customs, Some("EAEU")), true),
        (M::Release, sender(Role::Customs, Some("TR")), false),
        (M::Release, sender(Role::Forwarder, None), false),
        (M::Amendment, sender(Role::Forwarder, None), true),
        (M::Amendment, sender(Role::Customs, Some("EAEU")), false),
        (M::Arrival, sender(Role::Carrier, None), true),
        (M::UnloadingPermission, sender(Role::Customs, Some("EAEU")), true),
    ];
    for (kind, sender, may) in cases {
        let checked = check_sender(ncts(), &movement, kind, &sender);
        assert_eq!(checked.is_ok(), may, "{kind} of {sender:?}");
        if let Err(refused) = checked {
            assert_eq!(
                (refused.error.code.as_str(), refused.finding.code.as_str()),
                ("14", "customs.message-wrong-sender")
            );
        }
    }
    let early = receive(ncts(), movement, &message_at("e", M::MrnAllocated, after(1)), now());
    assert!(
        matches!(early.taking, Taking::Refused(refused) if refused.reason == RefusalReason::FromTheFuture)
    );
}

#[test]
fn the_time_to_arrive_runs_from_the_release() {
    let released = play(movement(Filing::Present), &[M::MrnAllocated, M::Release]);
    let State::Released { arrive_by, .. } = released.state else { panic!("{:?}", released.state) };
    assert_eq!(arrive_by.unwrap().to_string(), "2027-02-21T08:00:01Z");
}

#[test]
fn deadlines_pass_on_the_clock_that_is_given() {
    let mut movement = movement(Filing::Prelodged);
    assert_eq!(next_due(ncts(), &movement, &[]), Some(after(24 * 30)));
    assert!(due(ncts(), &movement, after(24 * 30 - 1)).is_empty());
    let event = due(ncts(), &movement, after(24 * 30)).remove(0);
    assert_eq!(
        (event.finding.code.as_str(), event.then),
        ("customs.deadline.prelodgement", Some(M::Invalidation))
    );
    let lapse = message_of(&movement, &event, after(24 * 30)).unwrap();
    let lapsed = applied(receive(ncts(), movement.clone(), &lapse, after(24 * 30))).0;
    assert!(matches!(lapsed.state, State::Refused { refusal: Refusal::Invalidated, .. }));
    assert!(due(ncts(), &lapsed, after(24 * 900)).is_empty(), "nothing runs after the end");

    movement = play(movement, &[M::MrnAllocated, M::Presentation, M::Release]);
    let limit = movement.state.arrive_by().unwrap();
    let days = |days: i64| limit + SignedDuration::from_hours(24 * days);
    assert!(due(ncts(), &movement, days(-1)).is_empty());
    let codes = |at| due(ncts(), &movement, at).into_iter().map(|event| event.deadline).collect::<Vec<_>>();
    assert_eq!(codes(days(0)), ["arrival"]);
    assert_eq!(codes(days(7)), ["arrival", "enquiry"]);
    assert_eq!(next_due(ncts(), &movement, &["arrival".to_owned()]), Some(days(7)));
    let enquiry = due(ncts(), &movement, days(7)).pop().unwrap();
    let message = message_of(&movement, &enquiry, days(7)).unwrap();
    movement = applied(receive(ncts(), movement, &message, days(7))).0;
    assert_eq!(movement.state.kind(), StateKind::UnderEnquiry);
    let again = receive(ncts(), movement.clone(), &message, days(8));
    assert!(matches!(again.taking, Taking::Duplicate(_)), "running the clock twice sends it once");
    let later: Vec<_> = due(ncts(), &movement, days(212)).into_iter().map(|event| event.deadline).collect();
    assert_eq!(later, ["enquiry-answer", "recovery"]);
}

#[test]
fn a_movement_survives_its_own_serialization() {
    for kind in StateKind::ALL {
        let before = movement_in(*kind);
        let text = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Movement>(&text).unwrap(), before, "{text}");
        assert_eq!(StateKind::find(kind.word()), Some(*kind));
    }
    for kind in MessageKind::ALL {
        let before = message("m", *kind);
        let text = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), before, "{text}");
        assert_eq!(MessageKind::find(kind.word()), Some(*kind));
    }
}

/// A valid history drawn at random: at each step one of the messages that fit, never the same id twice.
fn draw(choices: &[u16], filing: Filing, set: &MessageSet) -> (Movement, Vec<Message>) {
    let start = movement_of(set, filing);
    let (mut now_at, mut messages) = (start, Vec::new());
    for (number, choice) in choices.iter().enumerate() {
        let sent = now() + SignedDuration::from_secs(number as i64 + 1);
        let fitting: Vec<_> = MessageKind::ALL
            .iter()
            .map(|kind| message_at(&format!("m{}", number + 1), *kind, sent))
            .filter(|message| {
                matches!(receive(set, now_at.clone(), message, after(1)).taking, Taking::Applied(_))
            })
            .collect();
        let Some(chosen) = fitting.get(usize::from(*choice) % fitting.len().max(1)) else { break };
        now_at = receive(set, now_at, chosen, after(1)).movement;
        messages.push(chosen.clone());
    }
    (now_at, messages)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any order and any repetition of a valid history ends in the same movement, message for message.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        choices in proptest::collection::vec(any::<u16>(), 1..25),
        order in proptest::collection::vec(any::<u32>(), 60),
        which in 0usize..5,
        prelodged in any::<bool>(),
    ) {
        let set = TERRITORIES.list_message_sets().nth(which).unwrap();
        let filing = if prelodged { Filing::Prelodged } else { Filing::Present };
        let (expected, messages) = draw(&choices, filing, set);
        let mut arrivals: Vec<_> = messages.iter().chain(&messages).zip(&order).collect();
        arrivals.sort_by_key(|(message, key)| (**key, message.id.clone()));
        let mut got = movement_of(set, filing);
        for (message, _) in arrivals {
            let reception = receive(set, got, message, after(1));
            prop_assert!(!matches!(reception.taking, Taking::Refused(_)), "{:?}", reception.taking);
            got = reception.movement;
        }
        prop_assert_eq!(&got.state, &expected.state);
        prop_assert_eq!(&got.history, &expected.history);
        prop_assert_eq!(got.messages, expected.messages);
    }

    /// Whatever arrives, in whatever order and however often: nothing is discharged that was not released, nothing is
    /// released that has no reference number, and an ended movement stays as it is.
    #[test]
    fn nothing_is_discharged_that_was_not_released(
        messages in proptest::collection::vec((0u8..40, 0..MessageKind::ALL.len()), 0..60),
        prelodged in any::<bool>(),
    ) {
        let mut movement = movement(if prelodged { Filing::Prelodged } else { Filing::Present });
        for (number, (id, kind)) in messages.into_iter().enumerate() {
            let before = movement.clone();
            let sent = now() + SignedDuration::from_secs(number as i64);
            let message = message_at(&format!("m{id}"), MessageKind::ALL[kind], sent);
            let reception = receive(ncts(), movement, &message, after(1));
            movement = reception.movement;
            match reception.taking {
                Taking::Applied(transition) => prop_assert!(!before.state.kind().is_end() || transition.to == transition.from),
                Taking::Waiting(_) => prop_assert_eq!(&movement.state, &before.state),
                Taking::Duplicate(_) | Taking::Refused(_) => prop_assert_eq!(&movement, &before),
            }
        }
        let passed: Vec<_> = movement.history.iter().map(|step| step.state).collect();
        let first = |kind| passed.iter().position(|state| *state == kind);
        if let Some(discharged) = first(StateKind::Discharged) {
            prop_assert!(first(StateKind::Released).is_some_and(|released| released < discharged));
        }
        if first(StateKind::Released).is_some() {
            prop_assert!(movement.mrn().is_some());
            prop_assert!(!prelodged || movement.presented.is_some());
        }
    }
}

#[test]
fn a_case_at_the_desk_says_until_when_and_offers_what_the_machine_takes() {
    for (name, hours) in [("ncts", 24), ("eaeu", 4)] {
        let set = set(name);
        let mut held = movement_of(set, Filing::Prelodged);
        for kind in [MessageKind::MrnAllocated, MessageKind::ControlDecision] {
            held = applied(receive(set, held, &message(&format!("{kind}"), kind), now())).0;
        }
        let item = assess_work(set, &held, None, None).unwrap();
        assert_eq!((item.until, item.source), (PLAN.enters, None), "the goods have not come");
        assert!(!item.acts.contains(&"release") && item.acts.contains(&"control_result"), "{:?}", item.acts);
        let presented = message_at("p", MessageKind::Presentation, after(1));
        let come = applied(receive(set, held, &presented, after(1))).0;
        let item = assess_work(set, &come, None, None).unwrap();
        assert_eq!(item.until, after(1 + hours), "{name}");
        assert!(item.goods_wait && item.source.is_some());
        for act in ["release", "control", "control_result", "ask_documents", "hold", "no_release"] {
            assert!(item.acts.contains(&act), "{act} is not offered");
        }
    }
    // Held for want of a guarantee: no control was asked for that could have a result.
    let set = ncts();
    let mut short = movement_of(set, Filing::Present);
    for kind in [MessageKind::MrnAllocated, MessageKind::GuaranteeNotValid] {
        short = applied(receive(set, short, &message(&format!("{kind}"), kind), now())).0;
    }
    assert!(!assess_work(set, &short, None, None).unwrap().acts.contains(&"control_result"));
}

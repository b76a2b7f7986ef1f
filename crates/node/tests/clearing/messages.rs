//! Messages from outside, and deadlines that pass.

use crate::world::{World, days, start};
use jiff::{SignedDuration, Timestamp};
use kervan_customs::{Content, Message, RefusalReason, StateKind};
use kervan_model::Reference;
use kervan_node::{Answer, find_movement_by_mrn, take_message};

/// A common transit that is declared, and its consignment.
fn declared(world: &World) -> Reference {
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0401", start());
    let way = world.ways(&reference, &["common-transit"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

fn send(
    world: &World,
    reference: &Reference,
    actor: &str,
    (id, sent, content): (&str, Timestamp, Content),
) -> Answer {
    let file = world.under(reference, "common-transit");
    let message = Message { id: id.to_owned(), sent, content };
    world
        .call(actor, days(20), |call| take_message(&world.desk, call, &file.movement.id, &message))
        .unwrap()
        .1
}

#[test]
fn a_message_is_applied_waits_or_is_refused_with_the_code_of_the_standard() {
    let world = World::new();
    let reference = declared(&world);
    let state = || world.under(&reference, "common-transit").movement.state.kind();
    assert_eq!(state(), StateKind::Declared);
    let refused = send(&world, &reference, "customs-tr", ("r1", days(2), Content::Release));
    assert!(matches!(&refused, Answer::Refused(refused) if refused.error.code == "14"), "{refused:?}");
    let note = &world.under(&reference, "common-transit").refused[0];
    assert_eq!((note.message_id.as_str(), note.error.as_str()), ("r1", "14"), "the refusal is remembered");
    assert_eq!(state(), StateKind::Declared);
    // The arrival comes before everything that it needs, and waits; a duplicate of it is known.
    let arrival = ("a1", days(9), Content::Arrival);
    assert!(matches!(send(&world, &reference, "rail", arrival.clone()), Answer::Waiting(_)));
    assert!(matches!(send(&world, &reference, "rail", arrival), Answer::Duplicate(_)));
    let reused =
        send(&world, &reference, "rail", ("a1", days(9), Content::UnloadingRemarks { conform: true }));
    assert!(matches!(&reused, Answer::Refused(refused) if refused.error.code == "26"), "{reused:?}");
    assert_eq!(state(), StateKind::Declared);
}

#[test]
fn an_unknown_number_is_refused_with_its_code() {
    let world = World::new();
    declared(&world);
    let find = |mrn: &str| find_movement_by_mrn(&world.desk, "ncts", mrn).unwrap().unwrap_err();
    let unknown = find("26GE00000000000ZZJ0".get(..18).unwrap_or_default());
    assert_eq!(unknown.reason, RefusalReason::InvalidMrn);
    let parts = kervan_codes::MrnParts { year: 2026, country: "GE".parse().unwrap(), serial: 1 };
    let unknown = find(kervan_codes::Mrn::issue(parts).as_str());
    assert_eq!((unknown.reason, unknown.error.code.as_str()), (RefusalReason::UnknownMovement, "90"));
    assert_eq!(find("what").error.code, "93");
}

#[test]
fn goods_that_do_not_arrive_are_asked_for_and_the_clock_says_it_once() {
    let world = World::new();
    let reference = declared(&world);
    send(&world, &reference, "silkline", ("p", days(20), Content::Presentation));
    let released = world.under(&reference, "common-transit").movement;
    assert_eq!(released.state.kind(), StateKind::Released, "{:?}", released.state);
    let limit = released.state.arrive_by().unwrap();
    let later = |count: i64| limit + SignedDuration::from_hours(24 * count);
    let codes = |now| -> Vec<String> {
        let events = world.tick(now).into_iter();
        events.filter(|event| event.movement == released.id).map(|event| event.finding.code).collect()
    };
    assert!(codes(later(-1)).is_empty());
    assert_eq!(codes(later(0)), ["customs.deadline.arrival"]);
    assert!(codes(later(1)).is_empty(), "told once");
    assert_eq!(codes(later(7)), ["customs.deadline.enquiry"]);
    let asked = world.under(&reference, "common-transit");
    assert_eq!(asked.movement.state.kind(), StateKind::UnderEnquiry);
    assert_eq!(asked.movement.history.last().unwrap().code.as_deref(), Some("CC140C"));
    assert_eq!(asked.overdue.len(), 2);
    assert_eq!(codes(later(220)), ["customs.deadline.enquiry-answer", "customs.deadline.recovery"]);
    assert_eq!(world.under(&reference, "common-transit").movement.state.kind(), StateKind::UnderRecovery);
}

//! Shortfall before the goods move, release at the end, no money used twice.

use crate::world::{World, days, start};
use kervan_customs::{Content, Message, MessageKind, StateKind};
use kervan_node::{
    Answer, By, CoverState, OfficerAct, Refusal, act_as_officer, find_guarantee, take_message,
};

/// A message of a party about the common transit of a consignment.
fn send(
    world: &World,
    reference: &kervan_model::Reference,
    actor: &str,
    id: &str,
    content: Content,
) -> Answer {
    let file = world.under(reference, "common-transit");
    let message = Message { id: id.to_owned(), sent: days(10), content };
    world
        .call(actor, days(10), |call| take_message(&world.desk, call, &file.movement.id, &message))
        .unwrap()
        .1
}

fn present(world: &World, reference: &kervan_model::Reference, id: &str) -> Answer {
    send(world, reference, "silkline", id, Content::Presentation)
}

#[test]
fn a_shortfall_holds_the_goods_until_the_account_is_raised() {
    let world = World::new();
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0101", start());
    let way = world.ways(&reference, &["common-transit"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    // Nothing of the common transit is covered yet: it is accepted when the goods come.
    let everything =
        find_guarantee(&world.desk, &world.guarantee(99, "9000000.00", &["eaeu-transit", "az-transit"]))
            .unwrap();
    assert_eq!(everything.state.reserved, 0);
    let grn = world.guarantee(1, "100.00", &["common-transit"]);
    assert!(matches!(present(&world, &reference, "p1"), Answer::Applied(_)));
    let held = world.under(&reference, "common-transit");
    assert_eq!(held.movement.state.kind(), StateKind::UnderControl);
    assert_eq!(held.guarantee.as_ref().unwrap().state, CoverState::Refused);
    let steps: Vec<_> = held.movement.history.iter().map(|step| step.title()).collect();
    assert!(steps.contains(&"guarantee not valid (CC055C)".to_owned()), "{steps:?}");
    // An officer cannot let the goods go without one.
    let released = world.call("customs-ge", days(11), |call| {
        let by = By::default();
        act_as_officer(&world.desk, call, &held.movement.id, OfficerAct::Release, &by)
    });
    assert!(
        matches!(released.map(|_| ()), Err(Refusal::Conflict(finding)) if finding.code == "customs.guarantee-not-valid")
    );
    // Nothing happens while nothing changes; when the account is raised, the clock amends and the goods go.
    assert!(world.tick(days(11)).iter().all(|event| event.finding.code != "customs.guarantee-found"));
    world.guarantee(1, "100000.00", &["common-transit"]);
    let told: Vec<_> = world.tick(days(12)).into_iter().map(|event| event.finding.code).collect();
    assert!(told.contains(&"customs.guarantee-found".to_owned()), "{told:?}");
    let gone = world.under(&reference, "common-transit");
    assert_eq!(gone.movement.state.kind(), StateKind::Released, "{:?}", gone.movement.state);
    let kinds: Vec<_> = gone.movement.history.iter().map(|step| step.message).collect();
    assert!(kinds.windows(2).any(|pair| pair == [MessageKind::Amendment, MessageKind::AmendmentAccepted]));
    let reserved = find_guarantee(&world.desk, &grn).unwrap();
    assert_eq!(reserved.state.reserved, gone.guarantee.unwrap().reservation.unwrap().amount.minor());
    // Arrival and write-off set it free, and the history says so.
    let arrival = send(&world, &reference, "rail", "a1", Content::Arrival);
    assert!(matches!(arrival, Answer::Waiting(_)), "sent before the release: it waits");
    let arrival = Message { id: "a2".into(), sent: days(13), content: Content::Arrival };
    let id = gone.movement.id;
    world.call("rail", days(13), |call| take_message(&world.desk, call, &id, &arrival)).unwrap();
    let end = Message { id: "w1".into(), sent: days(13), content: Content::WriteOff };
    world.call("customs-ge", days(13), |call| take_message(&world.desk, call, &id, &end)).unwrap();
    let freed = find_guarantee(&world.desk, &grn).unwrap();
    assert_eq!(freed.state.reserved, 0);
    let acts: Vec<_> = freed.acts.iter().map(|act| act.act.as_str()).collect();
    assert_eq!(acts, ["open", "change", "reserve", "release"]);
}

/// Six forwarders' desks at once, money for three: three are released, three are held, nothing is used twice.
#[test]
fn no_money_is_used_twice_by_movements_at_once() {
    let world = World::new();
    world.guarantee_everything();
    let references: Vec<_> =
        (0..6).map(|number| world.declare(&format!("KRV-2026-020{number}"), start())).collect();
    let way = world.ways(&references[0], &["common-transit"]).remove(0);
    for reference in &references {
        world.accept(reference, &way, start()).unwrap();
    }
    // One movement alone shows what each needs.
    world.guarantee(99, "9000000.00", &["eaeu-transit", "az-transit"]);
    let probe = world.declare("KRV-2026-0299", start());
    world.accept(&probe, &way, start()).unwrap();
    let first = world.guarantee(2, "9000000.00", &["common-transit"]);
    assert!(matches!(present(&world, &probe, "p"), Answer::Applied(_)));
    let each = find_guarantee(&world.desk, &first).unwrap().state.reserved;
    assert!(each > 0);
    world.guarantee(2, "0.01", &["common-transit"]);
    let three = format!("{}.{:02}", (each * 3 + 5) / 100, (each * 3 + 5) % 100);
    let grn = world.guarantee(3, &three, &["common-transit"]);
    std::thread::scope(|scope| {
        for reference in &references {
            let world = &world;
            scope.spawn(move || present(world, reference, "p"));
        }
    });
    let states: Vec<_> = references
        .iter()
        .map(|reference| world.under(reference, "common-transit").movement.state.kind())
        .collect();
    let count = |kind| states.iter().filter(|state| **state == kind).count();
    assert_eq!((count(StateKind::Released), count(StateKind::UnderControl)), (3, 3), "{states:?}");
    assert_eq!(find_guarantee(&world.desk, &grn).unwrap().state.reserved, each * 3);
}

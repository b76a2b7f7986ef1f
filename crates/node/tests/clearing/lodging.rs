//! Declarations are lodged when the law allows and follow the itinerary.

use crate::world::{World, days, ended, start};
use kervan_customs::{MessageKind, Refusal as Ending, State, StateKind};
use kervan_node::Refusal;

#[test]
fn declarations_are_lodged_on_the_first_day_that_the_law_allows() {
    let world = World::new();
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0301", days(60));
    let way = world.ways(&reference, &["common-transit"]).remove(0);
    world.accept(&reference, &way, start()).unwrap();
    let planned = world.under(&reference, "common-transit").movement;
    assert_eq!(planned.state.kind(), StateKind::Planned, "sixty days ahead is too early");
    let from = planned.plan.lodge_from.unwrap();
    assert_eq!(planned.plan.enters.duration_since(from), jiff::SignedDuration::from_hours(24 * 30));
    let second = jiff::SignedDuration::from_secs(1);
    world.tick(from - second);
    assert_eq!(world.under(&reference, "common-transit").movement.state.kind(), StateKind::Planned);
    let told = world.tick(from);
    assert!(told.iter().any(|event| event.finding.code == "customs.lodged" && event.movement == planned.id));
    let lodged = world.under(&reference, "common-transit").movement;
    assert_eq!((lodged.state.kind(), lodged.lodged()), (StateKind::Declared, Some(from)));
    assert!(world.tick(from).iter().all(|event| event.movement != planned.id), "it is lodged once");
}

#[test]
fn another_itinerary_amends_what_both_need_and_invalidates_the_rest() {
    let world = World::new();
    world.guarantee_everything();
    let reference = world.declare("KRV-2026-0302", days(5));
    let ways = world.ways(&reference, &["common-transit", "az-transit"]);
    let (first, other) = (&ways[0], ways.iter().find(|way| way.itinerary != ways[0].itinerary).unwrap());
    world.accept(&reference, first, start()).unwrap();
    assert!(
        matches!(world.accept(&reference, first, days(1)).map(|_| ()), Err(Refusal::Conflict(finding)) if finding.code == "node.itinerary-accepted")
    );
    let before = world.movements(&reference);
    world.accept(&reference, other, days(1)).unwrap();
    let after = world.movements(&reference);
    let key = |file: &kervan_node::MovementFile| {
        let plan = &file.movement.plan;
        (plan.regime.to_string(), plan.departure.code.to_string(), plan.destination.code.to_string())
    };
    let wanted: Vec<_> = after.iter().filter(|file| !ended(&file.movement)).map(key).collect();
    for old in &before {
        let now = after.iter().find(|file| file.movement.id == old.movement.id).unwrap();
        let kinds: Vec<_> = now.movement.history.iter().map(|step| step.message).collect();
        if wanted.contains(&key(old)) {
            assert!(!ended(&now.movement), "{}", now.movement.id);
            let amended = kinds.contains(&MessageKind::Amendment);
            assert_eq!(amended, now.movement.plan != old.movement.plan, "{}: {kinds:?}", now.movement.id);
        } else {
            assert!(
                matches!(now.movement.state, State::Refused { refusal: Ending::Invalidated, .. }),
                "{:?}",
                now.movement.state
            );
            assert!(
                kinds.contains(&MessageKind::InvalidationRequest)
                    && kinds.contains(&MessageKind::Invalidation)
            );
        }
    }
    let ids: std::collections::BTreeSet<_> = after.iter().map(|file| file.movement.id.clone()).collect();
    assert_eq!(ids.len(), after.len(), "no number is given twice");
    assert!(!wanted.is_empty());
}

//! The control team of a day: what risk selects is never more than it can do, and the decision says what was known.

use crate::world::{World, data, days, start};
use kervan_customs::{Content, Message, Outcome, StateKind};
use kervan_model::Reference;
use kervan_node::{
    By, DrawWanted, MovementFile, OfficerAct, act_as_officer, commit_draw, list_day, list_decisions, replay,
    take_message,
};
use kervan_risk::Claim;

/// A world in which every case is drawn and the team of China does two controls a day.
fn world() -> World {
    let two = "territory,office,controls_a_day,since,until,source,period,confidence\n\
               CN,,2,2020-01-01,,judgement: a test,2026,low\n";
    let world =
        World::with(|path| if path == "customs/capacity.csv" { Some(two.into()) } else { data(path) });
    world.guarantee_everything();
    let wanted = DrawWanted {
        territory: "CN".parse().unwrap(),
        period: "2026-12".into(),
        since: "2026-12-02".parse().unwrap(),
        until: "2026-12-31".parse().unwrap(),
        rate_permille: 1_000,
    };
    commit_draw(&world.desk, &wanted, [7; 32], start()).unwrap();
    world
}

fn accepted(world: &World, reference: &str) -> Reference {
    let reference = world.declare(reference, days(5));
    let way = world.plan(&reference).2.remove(0);
    world.accept(&reference, &way, start()).unwrap();
    reference
}

fn first(world: &World, reference: &Reference) -> MovementFile {
    world.movements(reference).remove(0)
}

fn present(world: &World, reference: &Reference) {
    let file = first(world, reference);
    let message = Message { id: format!("p {reference}"), sent: days(5), content: Content::Presentation };
    world
        .call("silkline", days(5), |call| take_message(&world.desk, call, &file.movement.id, &message))
        .unwrap();
}

#[test]
fn the_cases_of_the_lowest_value_are_let_pass_and_the_decision_says_so() {
    let world = world();
    // All are drawn and of one value; the earlier reference comes first, whatever the order in which they are decided.
    let names = ["KRV-2026-0504", "KRV-2026-0503", "KRV-2026-0502", "KRV-2026-0501"];
    let references: Vec<Reference> = names.iter().map(|name| accepted(&world, name)).collect();
    for reference in &references {
        let file = first(&world, reference);
        assert_eq!(
            file.movement.state.kind(),
            StateKind::UnderControl,
            "{reference} comes before those known"
        );
    }
    // A fifth has nobody behind it.
    let late = accepted(&world, "KRV-2026-0509");
    let decision = first(&world, &late).decision.unwrap();
    assert_eq!(decision.outcome, Outcome::Release);
    let said = decision.findings.iter().find(|finding| finding.code == "risk.capacity").unwrap();
    assert!(said.message.contains("2 controls") && said.message.contains("4 cases"), "{}", said.message);

    // An officer who has controlled goods before they came has used a control of the day.
    let controlled = first(&world, &references[0]).movement.id;
    let act = OfficerAct::ControlResult { satisfactory: true, remark: "the papers agree".into() };
    let by = By { officer: Some("101".into()), seen: None };
    world
        .call("customs-cn", days(4), |call| act_as_officer(&world.desk, call, &controlled, act, &by))
        .unwrap();

    let states = || -> Vec<StateKind> {
        references.iter().map(|reference| first(&world, reference).movement.state.kind()).collect()
    };
    for reference in &references {
        present(&world, reference);
    }
    use StateKind::{Released, UnderControl};
    assert_eq!(states(), [UnderControl, Released, Released, UnderControl]);
    let day = list_day(&world.desk, "CN", "2026-12-06".parse().unwrap()).unwrap();
    let kept: Vec<_> = day.iter().filter(|(_, _, claim)| *claim == Claim::Kept).collect();
    assert_eq!(kept.len(), 2, "{day:?}");

    // What let them pass is signed, and comes out again byte for byte.
    let case = kervan_node::CaseFile::load(&world.desk, &references[1]).unwrap();
    let file = first(&world, &references[1]);
    let packs = world.desk.rules.packs();
    let pack = packs.find(&file.decision.as_ref().unwrap().rule_pack.id).unwrap();
    for (entry, fact) in list_decisions(&case.dossier, &file.movement.id) {
        let again = replay(&entry, &fact, pack).unwrap();
        assert!(again.same, "{} / {}", again.signed, again.again);
    }
}

//! The work list, held in memory, against what stands in the store.

use crate::world::{World, days, start};
use kervan_customs::StateKind;
use kervan_model::{Reference, TerritoryId};
use kervan_node::{By, OfficerAct, Sight, act_as_officer, list_work_page, read_movement, version_of};
use kervan_rights::{Caller, Relation, Relations, Standing};
use kervan_store::{CircleRow, MovementRow, Write};
use std::collections::BTreeSet;

const CONSIGNMENTS: u64 = 6;
const PARTIES: [&str; 2] = ["silkline", "rail"];

/// Why it is held.
const HELD: &str = "looked at once more";

/// A movement that waits for an officer, as the store keeps it.
fn held(world: &World) -> MovementRow {
    world.guarantee_everything();
    let reference = world.declare("OPEN-1", days(1));
    let way = world.ways(&reference, &["cn-export"]).remove(0);
    let id = world.accept(&reference, &way, start()).unwrap().movements[0].movement.id.clone();
    let act = OfficerAct::Hold { reason: HELD.into() };
    let acted =
        world.call("customs-cn", start(), |call| act_as_officer(&world.desk, call, &id, act, &By::default()));
    assert_eq!(acted.unwrap().movements[0].movement.state.kind(), StateKind::UnderControl);
    world.desk.store.find_movement(&id).unwrap().unwrap()
}

fn reference(number: u64) -> Reference {
    format!("LIKE-{number}").parse().unwrap()
}

/// One like it of another consignment, held with other words, that waits or was let go.
fn like(row: &MovementRow, of: u64, number: u64, words: &str, waits: bool) -> Write {
    let reference = reference(of);
    let id = format!("{reference}/{number}");
    let movement = row.movement.replace("OPEN-1/1", &id).replace("OPEN-1", reference.as_str());
    let state = if waits { StateKind::UnderControl } else { StateKind::Released };
    Write::Movement(MovementRow {
        id: id.parse().unwrap(),
        movement: movement.replace(HELD, words),
        reference,
        state: state.word().to_owned(),
        mrn: None,
        ..row.clone()
    })
}

fn circle(of: u64, territory: &TerritoryId, bits: u64) -> Write {
    let names = PARTIES.map(|party| format!("party:{party}"));
    let names = names.into_iter().chain([format!("territory:{territory}")]);
    let member = |relation| Relations::of(&[relation]).bits();
    let members = names.enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(at, name)| {
        let relation = if at < PARTIES.len() { Relation::Participant } else { Relation::Territory };
        (name, member(relation))
    });
    Write::Circle(CircleRow { reference: reference(of), members: members.collect(), moves: true })
}

/// The movements that wait and of which the caller may know, with their versions, read from the store alone.
fn expected(sight: &Sight<'_>) -> BTreeSet<(String, String)> {
    let rows = sight.desk.store.list_movements(Some(StateKind::UnderControl.word()), 1_000).unwrap();
    let seen = rows.into_iter().filter(|row| sight.sees_movement(&row.id).unwrap());
    seen.map(|row| (row.id.to_string(), version_of(&read_movement(&row).unwrap()).unwrap())).collect()
}

#[test]
fn lists_what_the_store_holds_whoever_asks_and_whatever_was_saved() {
    let world = World::new();
    let row = held(&world);
    let territory = read_movement(&row).unwrap().movement.territory().clone();
    let office = read_movement(&row).unwrap().movement.plan.departure.code.to_string();
    let of = |party: &str| world.desk.party(&party.parse().unwrap()).unwrap().to_caller();
    let officer = of("customs-cn").as_standing(Standing::Officer);
    let callers: Vec<Caller> = PARTIES
        .iter()
        .map(|party| of(party))
        .chain([
            officer.clone(),
            officer.clone().at_offices(vec![office]),
            officer.at_offices(vec!["XX000000".into()]),
        ])
        .collect();
    let (mut state, mut most, mut unlike) = (11_u64, 0, false);
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..120 {
        let of = draw(CONSIGNMENTS);
        let write = match draw(2) {
            0 => circle(of, &territory, draw(8)),
            _ => like(&row, of, 1 + draw(2), &format!("held in round {round}"), draw(3) > 0),
        };
        world.desk.save(vec![write]).unwrap();
        let mut seen = BTreeSet::new();
        for caller in &callers {
            let sight = Sight::of(&world.desk, caller);
            let page = list_work_page(sight, None, "en", (start(), None), usize::MAX).unwrap();
            let items = page.items.iter();
            let ids: BTreeSet<_> =
                items.map(|(item, version)| (item.movement.to_string(), version.clone())).collect();
            assert_eq!(ids, expected(&sight), "round {round}, {caller:?}");
            assert_eq!((page.total, page.next), (ids.len(), None));
            most = most.max(ids.len());
            seen.insert(ids);
        }
        unlike |= seen.len() > 2;
    }
    assert!(most > 4 && unlike, "the draw held something to tell apart: {most}");
}

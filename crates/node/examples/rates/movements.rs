//! How the work of customs grows with the movements that are open: a work list, the clock, a message by its number, and an act
//! of an officer from the request to the disk.

use super::world::{World, days, start};
use jiff::SignedDuration;
use kervan_codes::{Mrn, MrnParts};
use kervan_customs::StateKind;
use kervan_model::{MovementId, TerritoryId};
use kervan_node::{By, OfficerAct, act_as_officer, list_work, run_deadlines};
use kervan_store::{MovementRow, Write};
use std::time::{Duration, Instant};

/// Of how many open movements one needs an officer.
const ONE_IN: usize = 50;
/// How often each is measured.
const ROUNDS: usize = 60;

/// The world with a consignment whose export waits for an officer, and that movement.
fn world() -> (World, MovementId) {
    let world = World::new();
    world.guarantee_everything();
    let reference = world.declare("OPEN-1", days(1));
    let way = world.ways(&reference, &["cn-export"]).remove(0);
    let case = world.accept(&reference, &way, start()).unwrap();
    let id = case.movements[0].movement.id.clone();
    let act = OfficerAct::Hold { reason: "looked at".into() };
    let acted =
        world.call("customs-cn", start(), |call| act_as_officer(&world.desk, call, &id, act, &By::default()));
    assert_eq!(acted.unwrap().movements[0].movement.state.kind(), StateKind::UnderControl);
    (world, id)
}

/// Movements like that one, under other names and numbers; most of them are released and need nobody.
fn fill(world: &World, like: &MovementRow, numbers: std::ops::Range<usize>) {
    let row = |number: usize| {
        let reference = format!("LIKE-{number}");
        let country = "CN".parse().unwrap();
        let mrn = Mrn::issue(MrnParts { year: 2026, country, serial: number as u64 });
        let state = if number.is_multiple_of(ONE_IN) { StateKind::UnderControl } else { StateKind::Released };
        Write::Movement(MovementRow {
            id: format!("{reference}/1").parse().unwrap(),
            movement: like.movement.replace("OPEN-1", &reference),
            reference: reference.parse().unwrap(),
            state: state.word().to_owned(),
            due: Some(days(30) + SignedDuration::from_secs(number as i64)),
            mrn: Some(mrn.to_string()),
            ..like.clone()
        })
    };
    let numbers: Vec<_> = numbers.collect();
    for part in numbers.chunks(2_000) {
        world.desk.save(part.iter().map(|number| row(*number)).collect()).unwrap();
    }
}

/// The half-way time of what is done many times. Unit: millisecond.
fn median(mut work: impl FnMut(usize)) -> f64 {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|round| {
            let begun = Instant::now();
            work(round);
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2].as_secs_f64() * 1_000.0
}

pub(crate) fn measure(row: &dyn Fn(&str, usize, &str, f64)) {
    let (world, id) = world();
    let like = world.desk.store.find_movement(&id).unwrap().unwrap();
    let territory: TerritoryId = "CN".parse().unwrap();
    let mut there = 1;
    for open in [1_000, 10_000, 100_000] {
        fill(&world, &like, there..open);
        there = open;
        let found = median(|round| {
            let number = (round * 7_919) % open + usize::from((round * 7_919).is_multiple_of(open));
            let parts = MrnParts { year: 2026, country: "CN".parse().unwrap(), serial: number as u64 };
            world.desk.store.find_movement_by_mrn(Mrn::issue(parts).as_str()).unwrap().unwrap();
        });
        row("movement found by its number, by open movements", open, "ms", found);
        let ticked = median(|_| {
            let events = world.call("clock", days(1), |mut call| run_deadlines(&world.desk, &mut call));
            assert!(events.unwrap().is_empty());
        });
        row("a tick of the clock with nothing due, by open movements", open, "ms", ticked);
        let listed = median(|_| {
            let items = list_work(&world.desk, Some(&territory), "en", start()).unwrap();
            assert!(items.len() >= open / ONE_IN);
        });
        row("work list of a territory, by open movements, one in 50 on it", open, "ms", listed);
        let acted = median(|round| {
            let act = OfficerAct::AskDocuments { wanted: format!("paper {open} {round}") };
            let now = start() + SignedDuration::from_secs(((open + round) * 60) as i64);
            world
                .call("customs-cn", now, |call| act_as_officer(&world.desk, call, &id, act, &By::default()))
                .unwrap();
        });
        row("act of an officer, signed and on the disk, by open movements", open, "ms", acted);
    }
}

//! The list of open alarms, held in memory, against what stands in the store.

use crate::world::{World, days};
use kervan_model::{Reference, Severity};
use kervan_node::{Sight, list_alarms};
use kervan_rights::Caller;
use kervan_store::{AlarmRow, CircleRow, TrackingWrite, Write};
use kervan_tracking::alarm::{Alarm, AlarmKind, AlarmState, Owner};
use std::collections::BTreeSet;

const CONSIGNMENTS: u64 = 7;
const PARTIES: [&str; 3] = ["silkline", "rail", "bogazici-beyaz"];

fn reference(number: u64) -> Reference {
    format!("KRV-A-{number}").parse().unwrap()
}

/// An alarm of a consignment that is raised, or over.
fn alarm(of: u64, name: u64, is_open: bool) -> Write {
    let (reference, raised) = (reference(of), days(1));
    let state = if is_open { AlarmState::Raised } else { AlarmState::Resolved { at: days(2) } };
    let alarm = Alarm {
        id: format!("{reference}!silence!{name}"),
        reference: reference.clone(),
        kind: AlarmKind::Silence,
        severity: Severity::Warning,
        cause: String::new(),
        reason: "nothing was heard".to_owned(),
        raised,
        owner: Owner::Forwarder,
        state,
        escalated: false,
    };
    let text = serde_json::to_string(&alarm).unwrap();
    Write::Tracking(TrackingWrite::Alarm(AlarmRow {
        id: alarm.id,
        reference,
        open: is_open,
        raised,
        alarm: text,
    }))
}

fn circle(of: u64, bits: u64) -> Write {
    let members = PARTIES.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
    let members = members.map(|(_, party)| (format!("party:{party}"), participant())).collect();
    Write::Circle(CircleRow { reference: reference(of), members, moves: false })
}

fn participant() -> u16 {
    kervan_rights::Relations::of(&[kervan_rights::Relation::Participant]).bits()
}

/// Names of what a caller may know of, read from the store alone.
fn expected(sight: &Sight<'_>) -> BTreeSet<String> {
    let texts = sight.desk.store.list_open_alarms(None, 1_000).unwrap();
    let alarms = texts.iter().map(|text| serde_json::from_str::<Alarm>(text).unwrap());
    alarms.filter(|alarm| sight.sees_consignment(&alarm.reference).unwrap()).map(|alarm| alarm.id).collect()
}

#[test]
fn lists_what_the_store_holds_whoever_asks_and_whatever_was_saved() {
    let world = World::new();
    let callers: Vec<Caller> =
        PARTIES.iter().map(|party| world.desk.party(&party.parse().unwrap()).unwrap().to_caller()).collect();
    let (mut state, mut most, mut unlike) = (7_u64, 0, false);
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..120 {
        let of = draw(CONSIGNMENTS);
        let write = if draw(2) == 0 { circle(of, draw(8)) } else { alarm(of, draw(3), draw(3) > 0) };
        world.desk.save(vec![write]).unwrap();
        let mut seen = BTreeSet::new();
        for caller in &callers {
            let sight = Sight::of(&world.desk, caller);
            let report = list_alarms(sight, None, usize::MAX).unwrap();
            let names: BTreeSet<String> = report.alarms.iter().map(|alarm| alarm.id.clone()).collect();
            assert_eq!(names, expected(&sight), "round {round}, {caller:?}");
            assert_eq!(report.total, names.len());
            most = most.max(names.len());
            seen.insert(names);
        }
        unlike |= seen.len() > 1;
        let own = list_alarms(&world.desk, None, usize::MAX).unwrap();
        assert_eq!(own.alarms.len(), world.desk.store.list_open_alarms(None, 1_000).unwrap().len());
    }
    assert!(most > 3 && unlike, "the draw held something to tell apart");
}

#[test]
fn pages_follow_each_other_without_gap() {
    let world = World::new();
    world.desk.save((0..20).map(|number| alarm(number % CONSIGNMENTS, number, true)).collect()).unwrap();
    let all = list_alarms(&world.desk, None, usize::MAX).unwrap().alarms;
    let mut paged: Vec<Alarm> = Vec::new();
    loop {
        let at = paged.last().map(|last| (last.raised.as_second(), last.id.as_str()));
        let page = list_alarms(&world.desk, at, 6).unwrap();
        assert_eq!(page.total, 20);
        if page.alarms.is_empty() {
            break;
        }
        paged.extend(page.alarms);
    }
    assert_eq!(paged, all);
}

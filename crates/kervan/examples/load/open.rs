//! What is open on a working node: movements that customs look at, and alarms.

use super::fill::reference;
use jiff::{SignedDuration, Timestamp};
use kervan::random::Random;
use kervan::setup::{open_guarantees, register_cast};
use kervan_codes::{Mrn, MrnParts};
use kervan_customs::StateKind;
use kervan_model::format::ConsignmentFile;
use kervan_model::{Reference, Severity};
use kervan_node::{Call, Desk, FigureVersion, accept_itinerary};
use kervan_planning::{Conditions, PlanOptions, PlanRequest, plan};
use kervan_store::{AlarmRow, CircleRow, MovementRow, TrackingWrite, Write};
use kervan_tracking::alarm::{Alarm, AlarmKind, AlarmState, Owner};

/// Of how many consignments one has an open movement.
const MOVES: usize = 10;
/// Of how many open movements one waits for an officer.
const WAITS: usize = 50;
/// Of how many consignments one has an open alarm.
const ALARMED: usize = 20;
/// Rows written at once.
const AT_ONCE: usize = 2_000;

/// Registers everybody who takes part, with what covers their transits.
pub(super) fn people(desk: &Desk, file: &ConsignmentFile, now: Timestamp) {
    register_cast(desk, Random::Seeded(1), &[file], now).unwrap_or_else(|failure| panic!("{failure:?}"));
    open_guarantees(desk, Random::Seeded(1), now).unwrap_or_else(|failure| panic!("{failure:?}"));
}

/// Accepts the first way of a consignment that is declared; gives its first movement and its circle.
fn accepted(desk: &Desk, of: &Reference, now: Timestamp) -> (MovementRow, CircleRow) {
    let case = kervan_node::CaseFile::load(desk, of).unwrap();
    let consignment = case.state.consignment.unwrap();
    let request = PlanRequest {
        from: consignment.from.clone(),
        to: consignment.to.clone(),
        ready: consignment.ready,
        equipment: vec![(2, "45G1".parse().unwrap())],
        gross_mass: None,
        allow_planned: false,
        allow_disrupted: false,
        conditions: Conditions::default(),
    };
    let options = PlanOptions { samples: 500, ..PlanOptions::default() };
    let way = plan(&desk.network, &request, &options).unwrap().alternatives.remove(0);
    let mut salts = || [1; 16];
    let call = Call { now, actor: "silkline".parse().unwrap(), salts: &mut salts };
    let choice = (way.id, FigureVersion::Published);
    let case = accept_itinerary(desk, call, of, &request, &options, choice).unwrap();
    let id = &case.movements.first().unwrap().movement.id;
    (desk.store.find_movement(id).unwrap().unwrap(), desk.store.find_circle(of).unwrap())
}

fn alarm(of: &Reference, raised: Timestamp) -> Write {
    let kind = AlarmKind::Silence;
    let alarm = Alarm {
        id: format!("{of}!silence!1"),
        reference: of.clone(),
        kind,
        severity: Severity::Warning,
        cause: String::new(),
        reason: "nothing was heard for 40 h, usually 12 h".to_owned(),
        raised,
        owner: Owner::Forwarder,
        state: AlarmState::Raised,
        escalated: false,
    };
    let text = serde_json::to_string(&alarm).unwrap();
    let row = AlarmRow { id: alarm.id, reference: of.clone(), open: true, raised, alarm: text };
    Write::Tracking(TrackingWrite::Alarm(row))
}

/// Opens movements like one that a plan has made, under other names and numbers, and alarms.
pub(super) fn open(desk: &Desk, consignments: usize, now: Timestamp) {
    let first: Reference = reference(0).parse().unwrap();
    let (like, circle) = accepted(desk, &first, now);
    let mut writes = Vec::new();
    for number in 1..consignments {
        let of: Reference = reference(number).parse().unwrap();
        if number.is_multiple_of(MOVES) {
            let waits = number.is_multiple_of(MOVES * WAITS);
            let state = if waits { StateKind::UnderControl } else { StateKind::Released };
            let mrn =
                Mrn::issue(MrnParts { year: 2026, country: "CN".parse().unwrap(), serial: number as u64 });
            writes.push(Write::Movement(MovementRow {
                id: format!("{of}/1").parse().unwrap(),
                movement: like.movement.replace(first.as_str(), of.as_str()),
                reference: of.clone(),
                state: state.word().to_owned(),
                due: Some(
                    now + SignedDuration::from_hours(24 * 300) + SignedDuration::from_secs(number as i64),
                ),
                mrn: Some(mrn.to_string()),
                ..like.clone()
            }));
            writes.push(Write::Circle(CircleRow { reference: of.clone(), ..circle.clone() }));
        }
        if number.is_multiple_of(ALARMED) {
            writes.push(alarm(&of, now + SignedDuration::from_secs(number as i64 * 60)));
        }
    }
    for part in writes.chunks(AT_ONCE) {
        desk.save(part.to_vec()).unwrap();
    }
}

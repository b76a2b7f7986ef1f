//! Tracking through a node: estimates with their reasons, closures, alarms, timelines, scores, the state of the corridor.

use crate::world::{World, days, start};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::ContainerNumber;
use kervan_events::mapping::conveyance_uri;
use kervan_events::report::{self, Sighting};
use kervan_model::{Itinerary, Leg, Mode, ProcessKind, Reference, Step};
use kervan_node::{
    CaseFile, Refusal, WantedClosure, acknowledge_alarms, assess_state, capture_events, close, find_subject,
    list_alarms, list_alarms_of, list_closures, list_timeline, reopen, report_arrival, report_figures,
    report_scores, watch_corridor,
};
use kervan_tracking::alarm::{AlarmKind, AlarmState};
use kervan_tracking::corridor::{RowKind, Window};
use kervan_tracking::{Closed, Subject};
use kervan_units::Estimate;
use serde_json::Value;

const CONTAINER: &str = "QINU3041120";

fn afloat(leg: &Leg) -> bool {
    !matches!(leg.mode, Mode::Rail | Mode::Road)
}

fn hours(at: Timestamp, count: i64) -> Timestamp {
    at + SignedDuration::from_hours(count)
}

/// A consignment that goes over a sea, and its itinerary.
fn consignment(world: &World, reference: &str) -> (Reference, Itinerary) {
    world.guarantee_everything();
    let reference = world.declare(reference, days(1));
    let ways = world.plan(&reference).2;
    let way = ways.iter().find(|way| way.itinerary.legs().any(afloat)).unwrap();
    world.accept(&reference, way, start()).unwrap();
    let case = CaseFile::load(&world.desk, &reference).unwrap();
    (reference, case.find_itinerary().unwrap().clone())
}

/// What is reported on the way, each with its time and reporter: everything as planned, from a step on so many hours late.
fn reports(
    reference: &Reference,
    itinerary: &Itinerary,
    late_from: usize,
    late: i64,
) -> Vec<(Timestamp, &'static str, Value)> {
    let containers: [ContainerNumber; 1] = [CONTAINER.parse().unwrap()];
    let mut all = Vec::new();
    for (index, step) in itinerary.steps.iter().enumerate() {
        let late = if index >= late_from { late } else { 0 };
        let sight = |place, at| Sighting {
            consignment: reference,
            containers: &containers,
            place,
            at,
            offset: jiff::tz::offset(5),
        };
        match step {
            Step::Stay(stay) => {
                if index == 0 {
                    all.push((
                        itinerary.departs,
                        "qinling-appliances",
                        report::ready(&sight(&stay.place, itinerary.departs)),
                    ));
                }
                let at = hours(stay.leaves, late);
                if stay.processes.iter().any(|process| process.kind == ProcessKind::Border) {
                    all.push((at, "rail", report::cleared(&sight(&stay.place, at))));
                }
                if index + 1 == itinerary.steps.len() {
                    all.push((at, "bogazici-beyaz", report::delivered(&sight(&stay.place, at))));
                }
            }
            Step::Leg(leg) => {
                let (departs, arrives) = (hours(leg.departs, late), hours(leg.arrives, late));
                let ship = conveyance_uri(&leg.service, "one");
                if afloat(leg) {
                    let at = hours(departs, -1);
                    all.push((at, "rail", report::loading(&sight(&leg.from, at), &ship)));
                }
                all.push((
                    departs,
                    "rail",
                    report::departing(&sight(&leg.from, departs), &leg.service, &leg.to),
                ));
                all.push((arrives, "rail", report::arriving(&sight(&leg.to, arrives))));
                if afloat(leg) {
                    let at = hours(arrives, 1);
                    all.push((at, "rail", report::unloading(&sight(&leg.to, at), &ship)));
                }
            }
        }
    }
    all.sort_by_key(|(at, _, _)| *at);
    all
}

fn capture(world: &World, (at, who, event): &(Timestamp, &str, Value)) {
    let document = report::document(std::slice::from_ref(event), *at);
    world.call(who, *at, |call| capture_events(&world.desk, call, &document)).unwrap();
}

#[test]
fn a_closure_moves_every_estimate_in_its_way_and_is_signed() {
    let world = World::new();
    let (reference, itinerary) = consignment(&world, "KRV-2026-0701");
    let (index, ferry) = itinerary
        .steps
        .iter()
        .enumerate()
        .find_map(|(index, step)| match step {
            Step::Leg(leg) if afloat(leg) => Some((index, leg.clone())),
            Step::Leg(_) | Step::Stay(_) => None,
        })
        .unwrap();
    let all = reports(&reference, &itinerary, index, 0);
    for one in all
        .iter()
        .take_while(|(at, _, _)| *at < ferry.departs)
        .filter(|(at, _, _)| *at < hours(ferry.departs, -1))
    {
        capture(&world, one);
    }
    let now = hours(ferry.departs, -1);
    let before = report_arrival(&world.desk, &reference, now).unwrap();
    let eta = |report: &kervan_node::ArrivalReport| report.history.last().unwrap().eta.clone();
    let wanted = |from: Timestamp| WantedClosure {
        what: Closed::Service(ferry.service.clone()),
        from,
        until: Estimate::new(hours(now, 190), hours(now, 200), hours(now, 240)).unwrap(),
        reason: "wind".to_owned(),
    };
    let refused = world.call("bogazici-beyaz", now, |call| close(&world.desk, call, wanted(now)));
    assert!(matches!(refused, Err(Refusal::NotAllowed(_))), "{refused:?}");
    let late = WantedClosure { until: Estimate::exactly(hours(now, -5)), ..wanted(hours(now, -2)) };
    assert!(matches!(
        world.call("rail", now, |call| close(&world.desk, call, late)),
        Err(Refusal::Invalid(_))
    ));
    let kept = world.call("rail", now, |call| close(&world.desk, call, wanted(now))).unwrap();
    assert!(
        kept.signed.get("proof").is_some() && list_closures(&world.desk, true).unwrap() == [kept.clone()]
    );
    assert_eq!(world.call("clock", now, |mut call| watch_corridor(&world.desk, &mut call)).unwrap(), 1);
    let shut = report_arrival(&world.desk, &reference, now).unwrap();
    let moved = eta(&shut).odds.p50.as_second() - eta(&before).odds.p50.as_second();
    assert!(moved > 100 * 3_600, "{moved}: {}", eta(&shut).because);
    assert!(eta(&shut).because.contains("closed until about") && eta(&shut).because.contains("wind"));
    let after = hours(now, 10);
    world.call("rail", after, |call| reopen(&world.desk, call, &kept.closure.id)).unwrap();
    world.call("clock", after, |mut call| watch_corridor(&world.desk, &mut call)).unwrap();
    let open = report_arrival(&world.desk, &reference, after).unwrap();
    assert!(
        eta(&open).odds.p50 < eta(&shut).odds.p50 && eta(&open).because.contains("no longer: "),
        "{}",
        eta(&open).because
    );
    assert!(list_closures(&world.desk, true).unwrap().is_empty());
    assert!(open.history.len() >= before.history.len() + 2, "every estimate is kept");
}

#[test]
fn a_journey_is_tracked_from_its_first_event_to_its_score() {
    let world = World::new();
    let (reference, itinerary) = consignment(&world, "KRV-2026-0702");
    let ferry =
        itinerary.steps.iter().position(|step| matches!(step, Step::Leg(leg) if afloat(leg))).unwrap();
    let all = reports(&reference, &itinerary, ferry, 24 * 12);
    let (on_time, late): (Vec<_>, Vec<_>) =
        all.iter().partition(|(at, _, _)| *at < itinerary.legs().nth(ferry / 2).unwrap().departs);
    on_time.iter().for_each(|one| capture(&world, one));
    // Twelve days on the quay.
    let at = hours(late.first().unwrap().0, -1);
    world.call("clock", at, |mut call| watch_corridor(&world.desk, &mut call)).unwrap();
    let open = list_alarms(&world.desk).unwrap().1;
    let kinds: Vec<AlarmKind> = open.iter().map(|alarm| alarm.kind).collect();
    assert!(kinds.contains(&AlarmKind::Late) && kinds.contains(&AlarmKind::Dwell), "{open:?}");
    let names: Vec<String> = open.iter().map(|alarm| alarm.id.clone()).collect();
    let taken = world
        .call("silkline", at, |call| acknowledge_alarms(&world.desk, call, &names, "the line was called"))
        .unwrap();
    assert!(taken.iter().all(
        |alarm| matches!(&alarm.state, AlarmState::Acknowledged { by, .. } if by.as_str() == "silkline")
    ));
    let unknown =
        world.call("silkline", at, |call| acknowledge_alarms(&world.desk, call, &["x".to_owned()], ""));
    assert!(matches!(unknown, Err(Refusal::NotFound { .. })));
    late.iter().for_each(|one| capture(&world, one));
    let end = late.last().unwrap().0;

    let alarms = list_alarms_of(&world.desk, &reference).unwrap();
    assert!(alarms.len() >= names.len() && alarms.iter().all(|alarm| !alarm.is_open()), "{alarms:?}");
    let report = report_arrival(&world.desk, &reference, end).unwrap();
    assert_eq!(report.delivered, Some(end));
    assert!(report.scored.is_some_and(|score| score.journeys >= 5) && report.figures.is_empty());
    let scored = report_scores(&world.desk, None);
    assert!(!scored.is_empty() && scored.iter().all(|(_, score)| score.journeys == 1), "{scored:?}");
    // Another look scores nothing twice.
    world.tick(hours(end, 100));
    assert_eq!(report_scores(&world.desk, None), scored);
    assert!(
        report_figures(&world.desk, end).0.iter().filter(|page| page.figure.measured() == 1).count() >= 8
    );

    let Some(Step::Leg(leg)) = itinerary.steps.get(ferry) else { panic!("no ferry") };
    let subject = find_subject(&world.desk, CONTAINER).unwrap();
    let timeline = list_timeline(&world.desk, &subject, 1_000).unwrap();
    assert_eq!(timeline.lines.len(), all.len());
    let ship = conveyance_uri(&leg.service, "one");
    let at_sea = hours(leg.departs, 24 * 12 + 2);
    assert_eq!(timeline.at(at_sea).1, std::slice::from_ref(&ship));
    let vessel = list_timeline(&world.desk, &Subject::of_uri(&ship).unwrap(), 1_000).unwrap();
    assert!(vessel.at(at_sea).0.iter().any(|inside| inside.ends_with(CONTAINER)), "{vessel:?}");
    assert!(vessel.at(hours(at_sea, 24 * 60)).0.is_empty());
    assert!(matches!(find_subject(&world.desk, "CSQU3054383"), Err(Refusal::NotFound { .. })));

    let rows = assess_state(&world.desk, Window { from: start(), to: hours(end, 1) }).unwrap();
    let quay = rows.iter().find(|row| row.kind == RowKind::Place && row.id == leg.from.as_str()).unwrap();
    assert!(quay.p50_h.is_some_and(|hours| hours > 12.0 * 24.0) && quay.queue == Some(0), "{quay:?}");
    assert!(rows.iter().any(|row| row.kind == RowKind::Route && row.count == 1));
    assert!(rows.iter().any(|row| row.kind == RowKind::Link));
}

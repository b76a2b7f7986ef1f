//! Tracking through a node: estimates with their reasons, closures, alarms, timelines, scores, the state of the corridor.

use crate::world::{World, days, start};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::ContainerNumber;
use kervan_events::mapping::conveyance_uri;
use kervan_events::report::{self, Sighting};
use kervan_model::{Itinerary, Leg, Mode, ProcessKind, Reference, Step};
use kervan_node::{
    CaseFile, FigureVersion, Refusal, WantedClosure, accept_itinerary, acknowledge_alarms, assess_state,
    capture_events, close, find_subject, follow_closures, list_alarms, list_alarms_of, list_closures,
    list_timeline, newest_figures, note_closures, plan_measured, reopen, report_arrival, report_figures,
    report_scores, watch_corridor,
};
use kervan_planning::Plan;
use kervan_store::{ClosureRow, MeasuredRow, TrackingWrite, Write};
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
pub(crate) fn consignment(world: &World, reference: &str) -> (Reference, Itinerary) {
    world.guarantee_everything();
    let reference = world.declare(reference, days(1));
    let ways = world.plan(&reference).2;
    let way = ways.iter().find(|way| way.itinerary.legs().any(afloat)).unwrap();
    world.accept(&reference, way, start()).unwrap();
    let case = CaseFile::load(&world.desk, &reference).unwrap();
    (reference, case.find_itinerary().unwrap().clone())
}

/// What is reported on the way, each with its time and reporter: everything as planned, from a step on so many hours late.
pub(crate) fn reports(
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

pub(crate) fn capture(world: &World, (at, who, event): &(Timestamp, &str, Value)) {
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
    plans_say_what_is_closed(&world, &reference, &ferry, now);
    let shut = report_arrival(&world.desk, &reference, now).unwrap();
    let moved = eta(&shut).odds.p50.as_second() - eta(&before).odds.p50.as_second();
    assert!(moved > 100 * 3_600, "{moved}: {}", eta(&shut).because);
    assert!(eta(&shut).because.contains("closed until about") && eta(&shut).because.contains("wind"));
    let after = hours(now, 10);
    // What a carrier has closed is not opened by whoever may close something too.
    let refused = world.call("silkline", after, |call| reopen(&world.desk, call, &kept.closure.id));
    assert!(matches!(refused, Err(Refusal::NotAllowed(_))), "{refused:?}");
    world.call("rail", after, |call| reopen(&world.desk, call, &kept.closure.id)).unwrap();
    let open = report_arrival(&world.desk, &reference, after).unwrap();
    assert!(
        eta(&open).odds.p50 < eta(&shut).odds.p50 && eta(&open).because.contains("no longer: "),
        "{}",
        eta(&open).because
    );
    assert!(list_closures(&world.desk, true).unwrap().is_empty());
    assert!(open.history.len() >= before.history.len() + 2, "every estimate is kept");
}

/// The ways that would board a closed service are told so, with until when and what to avoid, and no others.
fn plans_say_what_is_closed(world: &World, reference: &Reference, closed: &Leg, now: Timestamp) {
    let (request, options, _) = world.plan(reference);
    let mut plan = plan_measured(&world.desk, &request, &options, FigureVersion::Published).unwrap().plan;
    note_closures(&world.desk, &mut plan);
    let meets = |way: &Itinerary| {
        way.legs()
            .any(|leg| leg.service == closed.service && leg.departs >= now && leg.departs < hours(now, 240))
    };
    assert!(plan.alternatives.iter().any(|way| meets(&way.itinerary)));
    for way in &plan.alternatives {
        let said = way.findings.iter().find(|finding| finding.code == "node.way-closed");
        assert_eq!(said.is_some(), meets(&way.itinerary), "{}: {said:?}", way.id);
        assert!(said.is_none_or(|said| said.message.contains("wind") && said.remedy.is_some()));
    }
}

/// Consignments over the sea and one by land, each accepted.
fn by_sea_and_by_land(world: &World) -> (Vec<Reference>, Reference, Leg) {
    world.guarantee_everything();
    let mut sea = Vec::new();
    for number in 1..=2 {
        let reference = world.declare(&format!("KRV-2026-071{number}"), days(1));
        let ways = world.plan(&reference).2;
        let way = ways.iter().find(|way| way.itinerary.legs().any(afloat)).unwrap();
        world.accept(&reference, way, start()).unwrap();
        let ferry = way.itinerary.legs().find(|leg| afloat(leg)).unwrap().clone();
        sea.push((reference, ferry));
    }
    let ferry = sea[0].1.clone();
    let land = world.declare("KRV-2026-0719", days(1));
    let ways = world.plan(&land).2;
    let way = ways.iter().find(|way| way.itinerary.legs().all(|leg| leg.service != ferry.service)).unwrap();
    world.accept(&land, way, start()).unwrap();
    (sea.into_iter().map(|(reference, _)| reference).collect(), land, ferry)
}

#[test]
fn a_closure_reaches_those_in_its_way_at_once_and_nobody_else_and_also_after_a_restart() {
    let world = World::new();
    let (sea, land, ferry) = by_sea_and_by_land(&world);
    let now = hours(start(), 1);
    let given = |world: &World, reference: &Reference| {
        world.desk.store.list_etas(reference).unwrap().into_iter().map(|row| row.because).collect::<Vec<_>>()
    };
    let before = given(&world, &land);
    let wanted = WantedClosure {
        what: Closed::Service(ferry.service.clone()),
        from: now,
        until: Estimate::exactly(hours(ferry.departs, 240)),
        reason: "wind".to_owned(),
    };
    let kept = world.call("rail", now, |call| close(&world.desk, call, wanted)).unwrap();
    for reference in &sea {
        assert!(given(&world, reference).last().unwrap().contains("closed until about"), "{reference}");
    }
    assert_eq!(given(&world, &land), before);
    let follow = |world: &World, at| {
        world.call("clock", at, |mut call| follow_closures(&world.desk, &mut call, 1)).unwrap()
    };
    assert_eq!(follow(&world, now), 0, "nobody is left");

    // Lifted, and the node stops before anybody was looked at.
    let later = hours(now, 2);
    let mut lifted = kept;
    lifted.closure.lifted = Some(later);
    let row = ClosureRow {
        id: lifted.closure.id.clone(),
        entered: later,
        open: false,
        closure: serde_json::to_string(&lifted).unwrap(),
    };
    world.desk.store.save(vec![Write::Tracking(TrackingWrite::Closure(row))]).unwrap();
    let world = world.restarted();
    let after = hours(now, 3);
    assert_eq!((follow(&world, after), follow(&world, after), follow(&world, after)), (1, 1, 0));
    for reference in &sea {
        assert!(given(&world, reference).last().unwrap().contains("no longer: "), "{reference}");
    }
    assert_eq!(given(&world, &land), before);
}

/// A plan reads the measurements of the journey, says so, and is the same again although more is measured after it.
fn plans_rest_on_what_was_measured(world: &World, now: Timestamp) {
    let another = world.declare("KRV-2026-0703", days(1));
    let (request, options, published) = world.plan(&another);
    let version = newest_figures(&world.desk, now).unwrap();
    let first = plan_measured(&world.desk, &request, &options, version).unwrap();
    assert!(first.figures.len() >= 5 && first.figures.iter().all(|page| page.figure.measured() == 1));
    let odds = |plan: &Plan| plan.alternatives.iter().map(|way| way.itinerary.arrives).collect::<Vec<_>>();
    assert_ne!(odds(&first.plan), published.iter().map(|way| way.itinerary.arrives).collect::<Vec<_>>());
    let inputs = &first.plan.alternatives[0].itinerary.inputs;
    assert_eq!(inputs.figures, Some(version.to_string()));

    // A ride of the first way twenty times, ten times as long as it may take.
    let leg = first.plan.alternatives[0].itinerary.legs().next().unwrap();
    let rows = (0..20).map(|number| {
        Write::Tracking(TrackingWrite::Measured(MeasuredRow {
            key: format!("ride:{}", leg.service),
            instance: format!("{}@{number}", leg.service),
            at: hours(now, -number),
            seconds: leg.running.max().get() * 10,
            published: serde_json::to_string(&[leg.running]).unwrap(),
        }))
    });
    world.desk.save(rows.collect()).unwrap();
    let newest = newest_figures(&world.desk, now).unwrap();
    assert_ne!(newest, version);
    let later = plan_measured(&world.desk, &request, &options, newest).unwrap();
    assert_ne!(odds(&later.plan), odds(&first.plan));
    let again = plan_measured(&world.desk, &request, &options, version).unwrap();
    assert_eq!(again.plan, first.plan, "an older version is learned again from the rows");
    let chosen = (first.plan.alternatives[0].id, version);
    let case = world
        .call("silkline", now, |call| {
            accept_itinerary(&world.desk, call, &another, &request, &options, chosen)
        })
        .unwrap();
    assert_eq!(case.find_itinerary(), Some(&first.plan.alternatives[0].itinerary));
    let unknown = "999999@2026-12-09".parse().unwrap();
    assert!(matches!(plan_measured(&world.desk, &request, &options, unknown), Err(Refusal::Invalid(_))));
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
    let open = list_alarms(&world.desk, None, usize::MAX).unwrap().alarms;
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

    plans_rest_on_what_was_measured(&world, end);

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

//! How soon an estimate of arrival follows what moves it: `cargo run --release -p kervan-node --example eta_rates`.
//!
//! The whole way is measured: an event, or a position, is read, signed, folded into milestones, and it counts when the new
//! estimate is on the disk beside it. The sizes are the consignments that are open meanwhile: 30, 300 and 1,000. A closure is
//! entered that all of them cross, and the time until the last one knows of it is the last row.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "a measurement")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the input is made here")]
#![allow(dead_code, reason = "the world is shared with the tests")]

#[path = "../tests/clearing/world.rs"]
mod world;

use jiff::{SignedDuration, Timestamp};
use kervan_events::report::{self, Sighting};
use kervan_model::{Itinerary, Reference};
use kervan_node::{CaseFile, WantedClosure, capture_events, close, follow_closures, take_positions};
use kervan_positions::{Report, Subject};
use kervan_tracking::Closed;
use kervan_units::Estimate;
use serde_json::json;
use std::time::Instant;
use world::{World, days};

/// An estimate follows its reason within a second. Unit: millisecond.
const BAR_MS: f64 = 1_000.0;
/// Events and positions that are timed at each size.
const TIMED: usize = 100;

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>) {
    let met = bar.map(|bar| value <= bar);
    println!(
        "{}",
        json!({"case": case, "size": size, "unit": unit, "value": (value * 100.0).round() / 100.0,
        "bar": bar, "better": bar.map(|_| "lower"), "met": met})
    );
}

struct Open {
    reference: Reference,
    itinerary: Itinerary,
}

fn open(world: &World, number: usize) -> Open {
    let reference = world.declare(&format!("KRV-{number:07}"), days(1));
    let way = world.plan(&reference).2.swap_remove(0);
    let case = world.accept(&reference, &way, days(0)).unwrap();
    Open { itinerary: case.find_itinerary().unwrap().clone(), reference }
}

fn etas(world: &World, reference: &Reference) -> usize {
    world.desk.store.list_etas(reference).unwrap().len()
}

/// Milliseconds of each piece of work, in order.
fn times(count: usize, mut work: impl FnMut(usize)) -> Vec<f64> {
    let mut all: Vec<f64> = (0..count)
        .map(|number| {
            let clock = Instant::now();
            work(number);
            clock.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all
}

fn tell(case: &str, size: usize, times: &[f64]) {
    row(&format!("{case}, p50"), size, "ms", times[times.len() / 2], None);
    row(&format!("{case}, p99"), size, "ms", times[times.len() * 99 / 100], Some(BAR_MS));
}

fn depart(world: &World, open: &Open, at: Timestamp) {
    let leg = open.itinerary.legs().next().unwrap();
    let containers = CaseFile::load(&world.desk, &open.reference).unwrap().summary.equipment;
    let (consignment, containers) = (&open.reference, containers.as_slice());
    let sighting = Sighting { consignment, containers, place: &leg.from, at, offset: jiff::tz::offset(8) };
    let document = report::document(&[report::departing(&sighting, &leg.service, &leg.to)], at);
    world.call("rail", at, |call| capture_events(&world.desk, call, &document)).unwrap();
}

fn report_position(world: &World, open: &Open, share: f64, at: Timestamp) {
    let leg = open.itinerary.legs().next().unwrap();
    let course = world.desk.network.course_of_service(&leg.service);
    let point = kervan_events::course::position_on_course(&course, share).unwrap();
    let subject = Subject::Consignment(open.reference.clone());
    let report = Report { subject, at, point, speed: None, heading: None };
    world.call("rail", at, |call| take_positions(&world.desk, call, &[report], &[])).unwrap();
}

fn main() {
    let world = World::new();
    world.guarantee_everything();
    let mut all: Vec<Open> = Vec::new();
    for size in [30, 300, 1_000] {
        let clock = Instant::now();
        while all.len() < size {
            all.push(open(&world, all.len()));
        }
        eprintln!("{size} are open after {:.1} s more", clock.elapsed().as_secs_f64());
        let timed = TIMED.min(size / 2);
        let fresh = &all[size - timed..];
        let now = days(2);
        let known: Vec<usize> = fresh.iter().map(|one| etas(&world, &one.reference)).collect();
        let events = times(timed, |number| depart(&world, &fresh[number], now));
        assert!(fresh.iter().zip(&known).all(|(one, known)| etas(&world, &one.reference) > *known));
        tell("event to estimate, durable", size, &events);
        let later = |hours| now + SignedDuration::from_hours(hours);
        let positions = times(timed, |number| report_position(&world, &fresh[number], 0.1, later(10)));
        tell("position to estimate, durable", size, &positions);
        let service = fresh[0].itinerary.legs().next().unwrap().service.clone();
        let clock = Instant::now();
        let wanted = WantedClosure {
            what: Closed::Service(service),
            from: later(200),
            until: Estimate::exactly(later(400)),
            reason: "wind".to_owned(),
        };
        world.call("rail", later(190), |call| close(&world.desk, call, wanted)).unwrap();
        row("closure answered", size, "ms", clock.elapsed().as_secs_f64() * 1e3, Some(BAR_MS));
        let rest =
            world.call("clock", later(190), |mut call| follow_closures(&world.desk, &mut call, u32::MAX));
        row("closure known to all in its way", size, "ms", clock.elapsed().as_secs_f64() * 1e3, None);
        eprintln!("{} more were looked at after the answer", rest.unwrap());
    }
}

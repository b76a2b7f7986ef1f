//! A node with consignments and fifty events for each.

use jiff::Timestamp;
use kervan::facts::Facts;
use kervan::random::Random;
use kervan::setup::{open_node, token_of};
use kervan_codes::ContainerNumber;
use kervan_events::report::{self, Sighting};
use kervan_model::format::ConsignmentFile;
use kervan_node::{Call, Desk, capture_events, declare_consignment};
use serde_json::Value;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Events for each consignment.
const EVENTS_EACH: usize = 50;
/// The number of the first container that events speak of; consignments have those before.
pub(super) const FIRST_SEEN: usize = 500_000;
/// Callers that fill.
const FILLERS: usize = 16;
/// Events of one capture.
const AT_ONCE: usize = 500;

const PLACES: [&str; 6] = ["KZAAU", "AZALT", "KZ-ALTYN", "CNXIA", "TRIST", "GEPTI"];

/// What was filled in.
pub(super) struct Filled {
    pub(super) consignments: usize,
    pub(super) events: usize,
    /// Containers that events speak of.
    pub(super) containers: usize,
    /// The token of the forwarder of all of it.
    pub(super) token: String,
    pub(super) seconds: f64,
}

pub(super) fn reference(number: usize) -> String {
    format!("KRV-L-{number:06}")
}

/// The number of a container.
pub(super) fn container(number: usize) -> String {
    ContainerNumber::of_serial("CSQU", (number % 1_000_000) as u32).unwrap().to_string()
}

/// Containers that travel together, on one vessel.
const TOGETHER: usize = 50;
/// Vessels.
const VESSELS: usize = 400;

/// The URI of a vessel. Source: IMO numbers, with their check digit; CBV 2.0 for the URI.
fn vessel(number: usize) -> String {
    let digits = format!("9{:05}", number % 100_000);
    let sum: u32 =
        digits.chars().zip((2..=7).rev()).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("urn:epc:id:imovn:{digits}{}", sum % 10)
}

/// Events of a row in which none repeats: each container arrives, is put on a vessel with those that travel with it, departs,
/// arrives and is taken off, again and again, eight hours apart.
pub(super) fn capture(numbers: std::ops::Range<usize>, containers: usize) -> String {
    let event = |number: usize| {
        let (seen, which) = (number / containers, number % containers);
        let (trip, group) = (seen / 5, which / TOGETHER);
        let name = container(FIRST_SEEN + which);
        let place = PLACES[(trip + seen % 5 / 3) % PLACES.len()].parse().unwrap();
        let conveyance = vessel((group + trip * 31) % VESSELS);
        // Groups follow each other on a vessel every ten days.
        let days = group / VESSELS * 10;
        let minutes = days * 1_440 + group % VESSELS * 3 + seen * 480 + which % TOGETHER;
        let sighting = Sighting {
            consignment: &format!("KRV-{which}").parse().unwrap(),
            containers: &[name.parse().unwrap()],
            place: &place,
            at: Timestamp::from_second(1_770_000_000 + minutes as i64 * 60).unwrap(),
            offset: jiff::tz::offset(5),
        };
        match seen % 5 {
            0 | 3 => report::arriving(&sighting),
            1 => report::loading(&sighting, &conveyance),
            2 => report::departing(&sighting, &"S020".parse().unwrap(), &place),
            _ => report::unloading(&sighting, &conveyance),
        }
    };
    let events: Vec<Value> = numbers.map(event).collect();
    report::document(&events, Timestamp::from_second(1_800_000_000).unwrap()).to_string()
}

fn declare(desk: &Desk, file: &ConsignmentFile, now: Timestamp) {
    let mut salts = || [1; 16];
    let call = Call { now, actor: "silkline".parse().unwrap(), salts: &mut salts };
    declare_consignment(desk, call, file).unwrap();
}

/// The consignment of the demo under another reference, with a container of its own.
fn consignment(number: usize) -> ConsignmentFile {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/demo/consignments/KRV-2026-0001.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.replace("reference: KRV-2026-0001", &format!("reference: {}", reference(number)));
    serde_norway::from_str(&text).unwrap()
}

/// Does something for each of so many, by many at once.
fn for_each(count: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..FILLERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    work(number);
                }
            });
        }
    });
}

/// Fills a store.
pub(super) fn fill(facts: &Facts, data: &Path, consignments: usize) -> Filled {
    let clock = Instant::now();
    let node = open_node(facts, data).unwrap_or_else(|failure| panic!("{failure:?}"));
    let desk = &node.desk;
    let now = Timestamp::from_second(1_795_000_000).unwrap();
    let token = token_of(Random::Seeded(1), &"silkline".parse().unwrap());
    let (events, containers) =
        (consignments * EVENTS_EACH, (consignments * EVENTS_EACH / 20).clamp(20, 400_000));
    let mark = data.join("filled");
    if mark.exists() {
        return Filled { consignments, events, containers, token, seconds: 0.0 };
    }
    super::open::people(desk, &consignment(0), now);
    for_each(consignments, |number| declare(desk, &consignment(number), now));
    for_each(events.div_ceil(AT_ONCE), |part| {
        let text = capture(part * AT_ONCE..((part + 1) * AT_ONCE).min(events), containers);
        let document: Value = serde_json::from_str(&text).unwrap();
        let mut salts = || [1; 16];
        let call = Call { now, actor: "silkline".parse().unwrap(), salts: &mut salts };
        capture_events(desk, call, &document).unwrap();
    });
    super::open::open(desk, consignments, now);
    std::fs::write(mark, "").unwrap();
    // What was filled in lies on the disk for long; its way there is no part of what is measured.
    drop(node);
    rustix::fs::sync();
    Filled { consignments, events, containers, token, seconds: clock.elapsed().as_secs_f64() }
}

//! How fast events are captured and found: `cargo xtask bench capture`.
//!
//! The whole way of a capture is measured: its text is read, every event is checked against the standard and hashed, its
//! consignment is looked for, and it counts when it is on the disk. The sizes are the events that are there already: 10,000,
//! 100,000 and 1,000,000; the argument `10000000` adds the largest, which takes ten minutes and eight gigabytes. The work of
//! customs by open movements stands first; the argument `movements` measures nothing else. With `in=FOLDER` the store is made
//! there and stays, and a later run goes on with it: what it has already passed is not measured again.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "a measurement")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the input is made here")]

#[path = "rates/movements.rs"]
mod movements;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/clearing/world.rs"]
mod world;

use jiff::Timestamp;
use kervan_codes::ContainerNumber;
use kervan_events::report::{self, Sighting};
use kervan_network::Network;
use kervan_node::{Call, Desk, Rules, capture_events, list_events_of};
use kervan_store::{ConsignmentRow, EventQuery, Store, Write};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PLACES: [&str; 6] = ["KZAAU", "AZALT", "KZ-ALTYN", "CNXIA", "TRIST", "GEPTI"];

/// The number of a container.
fn container(number: usize) -> String {
    ContainerNumber::of_serial("CSQU", (number % 1_000_000) as u32).unwrap().to_string()
}

/// Numbers of events of which none repeats; each of them speaks of one of a twentieth as many containers.
struct Feed {
    containers: usize,
}

impl Feed {
    fn container_of(&self, number: usize) -> String {
        container(number.wrapping_mul(7_919) % self.containers)
    }

    fn event(&self, number: usize) -> Value {
        let name = self.container_of(number);
        let place = PLACES[number % PLACES.len()].parse().unwrap();
        let sighting = Sighting {
            consignment: &format!("KRV-{}", number % self.containers).parse().unwrap(),
            containers: &[name.parse().unwrap()],
            place: &place,
            at: Timestamp::from_millisecond(1_790_000_000_000 + number as i64 * 37).unwrap(),
            offset: jiff::tz::offset(5),
        };
        match number % 3 {
            0 => report::arriving(&sighting),
            1 => report::loading(&sighting, "urn:epc:id:imovn:9176187"),
            _ => report::departing(&sighting, &"S020".parse().unwrap(), &place),
        }
    }

    fn capture(&self, numbers: std::ops::Range<usize>) -> String {
        let events: Vec<Value> = numbers.map(|number| self.event(number)).collect();
        report::document(&events, Timestamp::from_second(1_800_000_000).unwrap()).to_string()
    }
}

fn capture(desk: &Desk, text: &str) {
    let document: Value = serde_json::from_str(text).unwrap();
    let mut salts = || [1; 16];
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let call = Call { now, actor: "carrier".parse().unwrap(), salts: &mut salts };
    capture_events(desk, call, &document).unwrap();
}

/// Captures texts from as many callers as there are lists; returns the seconds that it took.
fn capture_all(desk: &Desk, callers: &[Vec<String>]) -> f64 {
    let clock = Instant::now();
    std::thread::scope(|scope| {
        for texts in callers {
            scope.spawn(move || texts.iter().for_each(|text| capture(desk, text)));
        }
    });
    clock.elapsed().as_secs_f64()
}

fn captures(feed: &Feed, next: &mut usize, callers: usize, each: usize, size: usize) -> Vec<Vec<String>> {
    let mut list = || {
        let start = *next;
        *next += size;
        feed.capture(start..*next)
    };
    (0..callers).map(|_| (0..each).map(|_| list()).collect()).collect()
}

fn quantile(mut waits: Vec<Duration>, permille: usize) -> f64 {
    waits.sort_unstable();
    let at = (waits.len() * permille / 1_000).min(waits.len() - 1);
    (waits[at].as_secs_f64() * 1e6).round() / 1e3
}

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>, better: &str) {
    let met = bar.map(|bar| if better == "higher" { value >= bar } else { value <= bar });
    println!(
        "{}",
        json!({"case": case, "size": size, "unit": unit, "value": value, "bar": bar, "better": better, "met": met})
    );
}

/// Every file in a folder and the folders in it.
fn files_in(folder: &Path) -> Vec<File> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![File::open(path).unwrap()] })
        .collect()
}

/// Lets the system hold all of the store in memory, as on a machine that has it to spare.
fn recall(folder: &Path) {
    for mut file in files_in(folder) {
        std::io::copy(&mut file, &mut std::io::sink()).unwrap();
    }
}

/// Lets the system hold none of it, as after a start.
fn forget(folder: &Path) {
    for file in files_in(folder) {
        file.sync_all().unwrap();
        rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).unwrap();
    }
}

/// Timelines of containers while captures go on: milliseconds at the median and at the 99th percentile.
fn measure_timelines(desk: &Desk, feed: &Feed, next: &mut usize) -> (f64, f64) {
    // Of the containers that were seen before: with ten million events to come, most were not seen at ten thousand.
    let seen = *next;
    let busy = captures(feed, next, 1, 400, 100).remove(0);
    let done = AtomicBool::new(false);
    let captured = AtomicUsize::new(0);
    let mut waits = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for text in &busy {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                capture(desk, text);
                captured.fetch_add(100, Ordering::Relaxed);
            }
            done.store(true, Ordering::Relaxed);
        });
        let mut number = 1_usize;
        while waits.len() < 3_000 && !done.load(Ordering::Relaxed) {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let uri = format!("urn:epc:id:bic:{}", feed.container_of((number >> 20) % seen));
            let clock = Instant::now();
            let events = list_events_of(desk, &uri, |key| EventQuery::of(key, 1_000)).unwrap();
            waits.push(clock.elapsed());
            assert!(!events.is_empty());
        }
        done.store(true, Ordering::Relaxed);
    });
    *next = seen + captured.into_inner();
    (quantile(waits.clone(), 500), quantile(waits, 990))
}

/// Lookups of consignments by container, asked at a steady pace whether earlier ones are answered or not.
fn measure_lookups(desk: &Desk, consignments: usize) -> (f64, f64) {
    const ASKERS: usize = 8;
    const EACH: usize = 1_500;
    const PER_SECOND: f64 = 2_000.0;
    let clock = Instant::now();
    let waits: Vec<Duration> = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..ASKERS)
            .map(|asker| {
                scope.spawn(move || {
                    (0..EACH)
                        .map(|index| {
                            let due = Duration::from_secs_f64((index * ASKERS + asker) as f64 / PER_SECOND);
                            std::thread::sleep(due.saturating_sub(clock.elapsed()));
                            let number = (index * ASKERS + asker).wrapping_mul(48_271) % consignments;
                            let found = desk.store.find_consignment_of_container(&format!("U{number:09}"));
                            let reference = found.unwrap().unwrap();
                            desk.store.find_consignment(&reference).unwrap().unwrap();
                            clock.elapsed().saturating_sub(due)
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        askers.into_iter().flat_map(|asker| asker.join().unwrap()).collect()
    });
    let rate = waits.len() as f64 / clock.elapsed().as_secs_f64();
    (quantile(waits, 990), rate.round())
}

fn fill_consignments(desk: &Desk, count: usize) {
    for start in (0..count).step_by(10_000) {
        let writes = (start..start + 10_000).flat_map(|number| {
            let reference: kervan_model::Reference = format!("REF-{number}").parse().unwrap();
            let summary = json!({"goods": "x".repeat(400)}).to_string();
            let row = ConsignmentRow {
                reference: reference.clone(),
                dossier: format!("{number:064x}").parse().unwrap(),
                state: "in_transit".to_owned(),
                summary,
                updated: Timestamp::UNIX_EPOCH,
            };
            [Write::Consignment(row), Write::Equipment { number: format!("U{number:09}"), reference }]
        });
        desk.store.save(writes.collect()).unwrap();
    }
}

/// What the disk does with the same bytes and the same number of flushes.
fn measure_disk(folder: &Path, bytes: usize, flushes: usize) -> f64 {
    let mut file = std::fs::File::create(folder.join("raw")).unwrap();
    let part = vec![7_u8; bytes / flushes];
    let clock = Instant::now();
    for _ in 0..flushes {
        file.write_all(&part).unwrap();
        file.sync_data().unwrap();
    }
    let seconds = clock.elapsed().as_secs_f64();
    std::fs::remove_file(folder.join("raw")).unwrap();
    seconds
}

fn bytes_in(folder: &Path) -> u64 {
    files_in(folder).iter().map(|file| file.metadata().unwrap().len()).sum()
}

fn open_desk(folder: &Path) -> Desk {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = |path: &str| std::fs::read_to_string(root.join("data").join(path)).ok();
    let (network, _) = Network::load(|name| data(&format!("network/{name}"))).unwrap();
    let packs: Vec<_> = std::fs::read_dir(root.join("data/rules"))
        .unwrap()
        .map(|entry| format!("rules/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    let rules = Rules::load(data, &packs).unwrap_or_else(|findings| panic!("{findings:#?}"));
    Desk::new(Store::open(folder).unwrap(), network, rules, Box::new(|| {})).unwrap()
}

fn main() {
    let kept = std::env::args().find_map(|argument| argument.strip_prefix("in=").map(PathBuf::from));
    if kept.is_none() {
        movements::measure(&|case, size, unit, value| row(case, size, unit, value, None, "lower"));
    }
    if std::env::args().any(|argument| argument == "movements") {
        return;
    }
    let own = tempfile::tempdir_in(".").unwrap();
    let folder = kept.as_deref().unwrap_or(own.path());
    let desk = open_desk(folder);
    let mut sizes = vec![10_000, 100_000, 1_000_000];
    sizes.extend(std::env::args().skip(1).filter_map(|size| size.parse::<usize>().ok()));
    let feed = Feed { containers: sizes.last().unwrap() / 20 };
    let mut next = usize::try_from(desk.store.last_event()).unwrap();
    let last = sizes.len() - 1;
    let passed = sizes.iter().take_while(|size| **size < next).count();
    sizes.drain(..passed.min(last));
    let mut first_rate = None;
    for size in sizes {
        while next < size {
            let each = ((size - next) / 20).clamp(1, 500);
            let part = captures(&feed, &mut next, 4, 5, each);
            capture_all(&desk, &part);
        }
        let part = captures(&feed, &mut next, 4, 100, 100);
        let seconds = capture_all(&desk, &part);
        let rate = (40_000.0 / seconds).round();
        row(
            "capture in batches of 100 from 4 callers, durable",
            size,
            "events/s",
            rate,
            Some(20_000.0),
            "higher",
        );
        let share = (rate / *first_rate.get_or_insert(rate) * 100.0).round();
        row("of the rate at 10,000 events", size, "%", share, Some(70.0), "higher");
        let part = captures(&feed, &mut next, 32, 150, 1);
        let rate = (4_800.0 / capture_all(&desk, &part)).round();
        row("capture one by one from 32 callers, durable", size, "events/s", rate, Some(2_000.0), "higher");
        for (state, bring_about) in [("in memory", recall as fn(&Path)), ("on the disk only", forget)] {
            bring_about(folder);
            let (half, wait) = measure_timelines(&desk, &feed, &mut next);
            let case = |part| format!("timeline during capture, store {state}, {part}");
            row(&case("p50"), size, "ms", half, None, "lower");
            row(&case("p99"), size, "ms", wait, Some(5.0), "lower");
        }
        let each = bytes_in(folder) as f64 / next as f64;
        row("on the disk, index and log with it", size, "bytes/event", each.round(), None, "lower");
        let limit = 40_000.0 / measure_disk(folder, (each * 40_000.0) as usize, 200);
        row("the same bytes by the disk alone, 200 flushes", size, "events/s", limit.round(), None, "higher");
    }
    if kept.is_some() {
        return;
    }
    fill_consignments(&desk, 1_000_000);
    let (wait, rate) = measure_lookups(&desk, 1_000_000);
    row("lookup by container at 2,000/s, p99", 1_000_000, "ms", wait, Some(10.0), "lower");
    row("lookups answered", 1_000_000, "1/s", rate, None, "higher");
    eprintln!("{next} events were captured");
}

//! How fast positions are read, matched and stored, each on the disk before it counts: `cargo xtask bench positions`.
//!
//! The sizes are devices that report at once: 100, 1,000 and 10,000, in batches of 10,000 positions from two threads. Stored is
//! the whole way: the text is read, each position is marked against what its device said before, all are written and flushed.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a measurement prints what a clock says"
)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the input is made here")]

use jiff::{SignedDuration, Timestamp};
use kervan_network::Network;
use kervan_positions::{
    Bounds, Circumstances, Figures, Fix, Form, Matcher, Report, SenseState, Subject, read,
};
use kervan_store::{DeviceFixes, FixRow, Store, Write};
use kervan_units::GeoPoint;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const BATCH: usize = 10_000;
const WRITERS: usize = 2;
const BAR: f64 = 50_000.0;

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>) {
    let met = bar.map(|bar| value >= bar);
    let better = if unit.starts_with("bytes") { "lower" } else { "higher" };
    let better = bar.map(|_| better);
    println!(
        "{}",
        json!({"case": case, "size": size, "unit": unit, "value": value.round(), "bar": bar, "better": better, "met": met})
    );
}

fn start() -> Timestamp {
    Timestamp::from_second(1_796_000_000).unwrap()
}

/// Where a device is: on its way east along a parallel, with the noise of a receiver.
fn place(device: usize, step: usize) -> (f64, f64) {
    let noise = ((device * 7_919 + step * 104_729) % 997) as f64 / 1e6;
    (40.0 + (device % 500) as f64 / 100.0 + noise, 50.0 + (step as f64) / 1_000.0 + noise)
}

fn at(step: usize) -> Timestamp {
    start().saturating_add(SignedDuration::from_secs(step as i64 * 60)).unwrap()
}

/// One batch of our JSON: the devices in turn, each a minute after the one before.
fn json_batch(devices: usize, first: usize) -> String {
    let items: Vec<_> = (0..BATCH)
        .map(|index| {
            let (device, step) = ((first + index) % devices, (first + index) / devices);
            let (lat, lon) = place(device, step);
            format!(
                r#"{{"device":"tracker:D{device}","lat":{lat:.6},"lon":{lon:.6},"at":"{}","speed_kmh":42}}"#,
                at(step)
            )
        })
        .collect();
    format!("[{}]", items.join(","))
}

fn nmea_text(sentences: usize) -> String {
    let mut text = String::new();
    for step in 0..sentences {
        let (lat, lon) = place(0, step);
        let angle = |degrees: f64| degrees.trunc() * 100.0 + degrees.fract() * 60.0;
        let time = at(step).strftime("%H%M%S,%d%m%y").to_string();
        let (clock, day) = time.split_once(',').unwrap();
        let body =
            format!("GPRMC,{clock},A,{:09.4},N,{:010.4},E,022.4,084.4,{day},,", angle(lat), angle(lon));
        let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
        writeln!(text, "${body}*{sum:02X}").unwrap();
    }
    text
}

fn measure_reading(size: usize) {
    let circumstances =
        Circumstances { device: Some("tracker:A".parse().unwrap()), received: at(10_000_000) };
    let ais = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\n".repeat(size);
    for (case, form, text) in [
        ("read NMEA", Form::Nmea, nmea_text(size)),
        ("read AIS", Form::Nmea, ais),
        ("read JSON", Form::Json, json_batch(size.min(BATCH), 0)),
    ] {
        let clock = Instant::now();
        let mut count = 0;
        while clock.elapsed().as_secs_f64() < 0.5 {
            count += read(&text, form, &circumstances).reports.len();
        }
        row(case, size, "positions/s", count as f64 / clock.elapsed().as_secs_f64(), None);
    }
}

fn measure_matching(matcher: &Matcher, network: &Network, size: usize) {
    let link = network.list_links().find(|link| link.id.as_str() == "L001").unwrap();
    let fixes: Vec<Fix> = (0..size)
        .map(|step| {
            let point =
                kervan_events::course::position_on_course(&link.course, step as f64 / size as f64).unwrap();
            let noise = (step % 13) as f64 / 2_000.0;
            Fix { at: at(step), point: GeoPoint::from_degrees(point.lat() + noise, point.lon()).unwrap() }
        })
        .collect();
    let clock = Instant::now();
    let mut count = 0;
    while clock.elapsed().as_secs_f64() < 0.5 {
        count += matcher.match_track(&fixes, &BTreeSet::new()).len();
    }
    row("match", size, "positions/s", count as f64 / clock.elapsed().as_secs_f64(), Some(BAR));
}

/// Marks and stores the reports of a batch, as the node does.
fn store_batch(store: &Store, reports: &[Report], figures: &Figures, received: Timestamp) {
    let mut by_device: BTreeMap<String, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        let Subject::Device(device) = &report.subject else { continue };
        by_device.entry(device.to_string()).or_default().push(report);
    }
    let names: Vec<&str> = by_device.keys().map(String::as_str).collect();
    let states = store.list_device_states(&names).unwrap();
    let bounds = Bounds { fastest_km_h: figures.fastest_km_h(None), received };
    let writes = by_device.iter().zip(states).map(|((device, reports), state)| {
        let mut state: SenseState =
            state.map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
        let fixes = reports.iter().map(|report| {
            let marks = state.take(Fix { at: report.at, point: report.point }, bounds);
            FixRow {
                at: report.at,
                lat_e7: (report.point.lat() * 1e7).round() as i32,
                lon_e7: (report.point.lon() * 1e7).round() as i32,
                received,
                marks: marks.bits(),
                speed: report.speed,
                heading: report.heading,
            }
        });
        let fixes = fixes.collect();
        Write::Fixes(DeviceFixes {
            device: device.clone(),
            state: Some(serde_json::to_string(&state).unwrap()),
            fixes,
        })
    });
    store.save(writes.collect()).unwrap();
}

fn measure_storing(figures: &Figures, devices: usize) {
    let folder = tempfile::tempdir_in(".").unwrap();
    let store = Store::open(folder.path()).unwrap();
    let batches: Vec<String> = (0..50).map(|batch| json_batch(devices, batch * BATCH)).collect();
    let received = at(10_000_000);
    let next = AtomicUsize::new(0);
    let clock = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while let Some(text) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let batch = read(text, Form::Json, &Circumstances { device: None, received });
                    store_batch(&store, &batch.reports, figures, received);
                }
            });
        }
    });
    let seconds = clock.elapsed().as_secs_f64();
    let count = batches.len() * BATCH;
    let kept = store.count_fixes().unwrap();
    assert_eq!(kept, count as u64);
    row("read, mark and store, durable", devices, "positions/s", count as f64 / seconds, Some(BAR));
    drop(store);
    // The log beside it is written over again and again; what stays is in the file itself.
    let files = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
    let kept = files.filter(|file| !file.file_name().to_string_lossy().ends_with("-wal"));
    let bytes: u64 = kept.map(|file| file.metadata().unwrap().len()).sum();
    row("kept", devices, "bytes/position", bytes as f64 / count as f64, None);
    measure_raw(devices, count, bytes);
}

/// The limit: the same bytes appended to a file and flushed as often.
fn measure_raw(devices: usize, count: usize, bytes: u64) {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(".").unwrap();
    let chunk = vec![7_u8; usize::try_from(bytes).unwrap() / 50];
    let clock = Instant::now();
    for _ in 0..50 {
        file.write_all(&chunk).unwrap();
        file.sync_data().unwrap();
    }
    row("the same bytes raw", devices, "positions/s", count as f64 / clock.elapsed().as_secs_f64(), None);
}

fn main() {
    let find = |path: &str| std::fs::read_to_string(format!("data/{path}")).ok();
    let figures = Figures::load(find).unwrap();
    let (network, _) = Network::load(|name| find(&format!("network/{name}"))).unwrap();
    let clock = Instant::now();
    let matcher = Matcher::new(&network, &figures);
    eprintln!("the network is made ready in {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
    for size in [100, 1_000, 10_000] {
        measure_reading(size);
        measure_matching(&matcher, &network, size);
        measure_storing(&figures, size);
    }
}

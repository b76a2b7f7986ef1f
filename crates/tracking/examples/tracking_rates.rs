//! Measures estimates, learning and the state of a corridor: `cargo xtask bench tracking`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program that measures"
)]

#[path = "../../events/tests/journey/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod fixture;

use fixture::{after, captured, itinerary, reports};
use jiff::SignedDuration;
use kervan_events::assess_progress;
use kervan_tracking::corridor::{Seen, SeenAs, Window, assess_corridor, columns, to_parquet};
use kervan_tracking::{EtaInputs, FigureKey, Known, Learned, Measure, Parameters, Queues, estimate_arrival};
use kervan_units::{Estimate, Seconds};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one row is measured.
const ROUND: Duration = Duration::from_millis(1_500);
/// An estimate follows an event within a second; with its capture and its write it may take a twentieth of that.
const BAR_ETA_MS: f64 = 50.0;

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<(f64, &str)>) {
    let met = bar.map(|(bar, better)| if better == "higher" { value >= bar } else { value <= bar });
    let row = serde_json::json!({"case": case, "size": size, "unit": unit, "value": value,
        "bar": bar.map(|bar| bar.0), "better": bar.map(|bar| bar.1), "met": met});
    println!("{row}");
}

/// Seconds of one call.
fn time(mut work: impl FnMut()) -> f64 {
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < ROUND || count == 0 {
        work();
        count += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(count)
}

fn parameters() -> Parameters {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/tracking/");
    Parameters::load(|name| std::fs::read_to_string(format!("{folder}{name}")).ok()).unwrap()
}

fn measure(key: &str, number: i64) -> Measure {
    let published = vec![Estimate::new(24, 48, 168).unwrap().map(Seconds::from_hours)];
    Measure {
        key: key.parse().unwrap(),
        instance: number.to_string(),
        at: after(number - 2_000),
        seconds: Seconds::from_hours(40 + (number * 37 % 60) as u64),
        published,
    }
}

fn estimates(parameters: &Parameters) {
    let itinerary = itinerary();
    let progress = assess_progress(&itinerary, &captured(&reports(3, 0)));
    let queues = Queues::default();
    for measured in [0, 40, 400] {
        let mut learned = Learned::default();
        for key in
            ["ride:S002", "stay:KZAAU:transfer:S003", "ride:S003", "stay:AZALT:border:S004", "ride:S004"]
        {
            for number in 0..measured {
                learned.take(&measure(key, number), &parameters.learning);
            }
        }
        let known = Known {
            learned: &learned,
            parameters,
            closures: &[],
            queues: &queues,
            missed: None,
            calibration: None,
        };
        let seconds = time(|| {
            black_box(estimate_arrival(&EtaInputs {
                itinerary: &itinerary,
                progress: &progress,
                holds: &[],
                position: None,
                now: after(80),
                seed: 5,
                samples: 1_000,
                previous: None,
                known,
                place_name: &|place| place.to_string(),
            }));
        });
        row(
            "eta, 1,000 journeys, by measurements of each figure",
            measured as usize,
            "estimates/s",
            1.0 / seconds,
            None,
        );
        row("eta, time of one", measured as usize, "ms", seconds * 1e3, Some((BAR_ETA_MS, "lower")));
    }
}

fn learning(parameters: &Parameters) {
    for figures in [10_usize, 1_000, 10_000] {
        let mut learned = Learned::default();
        let keys: Vec<FigureKey> =
            (0..figures).map(|number| format!("ride:S{number}").parse().unwrap()).collect();
        let mut number = 0;
        let seconds = time(|| {
            let key = keys[number as usize % figures].clone();
            black_box(learned.take(&Measure { key, ..measure("ride:S0", number) }, &parameters.learning));
            number += 1;
        });
        row("learning, one measurement, by figures", figures, "measurements/s", 1.0 / seconds, None);
    }
}

fn corridor() {
    let places = ["CNXIA", "KZ-ALTYN", "KZAAU", "AZALA", "GEPTI", "TRIST"];
    for size in [10_000_usize, 100_000, 1_000_000] {
        let journeys = size / 10;
        let mut seen = Vec::with_capacity(size);
        for journey in 0..journeys {
            let begun = (journey * 8_760 / journeys) as i64;
            for (number, place) in places.iter().enumerate() {
                let hour = begun + number as i64 * 60;
                let arrives = if number == 0 { SeenAs::Ready } else { SeenAs::Arrived };
                let leaves = if number == 5 { SeenAs::Delivered } else { SeenAs::Departed };
                for (what, hour) in [(arrives, hour), (leaves, hour + 20 + (journey % 17) as i64)] {
                    let (subject, at) =
                        (format!("KRV-{journey:07}"), after(0) + SignedDuration::from_hours(hour));
                    seen.push(Seen { subject, at, what, place: place.parse().unwrap() });
                }
            }
        }
        let window = Window { from: after(0), to: after(9_000) };
        let start = Instant::now();
        let rows = black_box(assess_corridor(&mut seen, window, |_, _| Vec::new()));
        let seconds = start.elapsed().as_secs_f64();
        row("corridor state", seen.len(), "events/s", seen.len() as f64 / seconds, None);
        let file = to_parquet(&columns(&rows));
        row("corridor state, bytes of its Parquet file", seen.len(), "bytes", file.len() as f64, None);
    }
}

fn main() {
    let parameters = parameters();
    estimates(&parameters);
    learning(&parameters);
    corridor();
}

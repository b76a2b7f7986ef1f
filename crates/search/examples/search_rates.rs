//! How fast fronts are found: freight timetables of three sizes beside `vulture`, and a grid of roads.
//!
//! `cargo xtask bench search`. Rows of JSON on standard output, words on standard error.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example measures and prints"
)]

#[path = "search_rates/roads.rs"]
mod roads;
#[path = "search_rates/theirs.rs"]
mod theirs;
#[path = "search_rates/timetables.rs"]
mod timetables;

use std::time::{Duration, Instant};

/// Middle and 99th percentile, in milliseconds.
pub(crate) fn quantiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |thousandth: usize| {
        let index = (times.len() * thousandth / 1_000).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    };
    (at(500), at(990))
}

/// Does something and says how long it took.
pub(crate) fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = act();
    (result, start.elapsed())
}

/// Prints a row; a bar is the most that the value may be.
pub(crate) fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>) {
    let (bar, better, met) = match bar {
        Some(bar) => (format!("{bar}"), "\"lower\"", format!("{}", value <= bar)),
        None => ("null".to_owned(), "null", "null".to_owned()),
    };
    println!(
        "{{\"case\":\"{case}\",\"size\":{size},\"unit\":\"{unit}\",\"value\":{value:.4},\"bar\":{bar},\"better\":{better},\"met\":{met}}}"
    );
}

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    if only.is_empty() || only == "timetables" {
        timetables::measure();
    }
    if only.is_empty() || only == "roads" {
        roads::measure();
    }
}

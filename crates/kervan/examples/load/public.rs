//! The same questions from a public tool, `oha`, with captures by callers of ours beside it: it can ask by GET alone.

use super::ask::{self, Pace};
use super::fill::Filled;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Addresses that it draws from.
const ADDRESSES: usize = 20_000;
/// Connections that it keeps; ours beside it capture.
const CONNECTIONS: &str = "64";

/// What it and our callers found together.
pub(super) struct Found {
    /// Waits from when a question was due, of what it asked. Unit: millisecond.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// Answers in a second, captures among them.
    pub(super) rate: f64,
    /// Answers that were none, or refusals.
    pub(super) failed: usize,
}

/// Asks so many a second for so many seconds.
pub(super) fn ask(tool: &Path, address: &str, filled: &Filled, pace: (usize, usize), folder: &Path) -> Found {
    let (rate, seconds) = pace;
    let captures = Pace { of: ask::is_capture, from: rate * seconds, rate, seconds };
    let reads = Pace { of: |number| !ask::is_capture(number), from: 0, rate, seconds };
    let list = folder.join("addresses");
    let lines: String = (0..ADDRESSES)
        .filter(|number| !ask::is_capture(*number))
        .map(|number| format!("http://{address}{}\n", ask::Question::draw(number, filled).path))
        .collect();
    fs::write(&list, lines).unwrap();
    let asked = reads.numbers().count();
    let program = Command::new(tool)
        .args(["-n", &asked.to_string(), "-q", &(asked / seconds).to_string(), "-c", CONNECTIONS])
        .args(["--latency-correction", "--no-tui", "--output-format", "json"])
        // Our callers take answers as they are, and so does it.
        .arg("--disable-compression")
        .args(["-H", &format!("Authorization: Bearer {}", filled.token), "--urls-from-file"])
        .arg(&list)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let ours = ask::ask_all(address, filled, &captures);
    let output = program.wait_with_output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("oha: {error}"));
    // A figure that is missing must not pass for one without a bar.
    let figure = |pointer: &str| {
        told.pointer(pointer)
            .and_then(Value::as_f64)
            .unwrap_or_else(|| panic!("oha does not say {pointer}: {told}"))
    };
    let milliseconds = |pointer: &str| (figure(pointer) * 1e5).round() / 100.0;
    let good: u64 = told["statusCodeDistribution"].as_object().map_or(0, |codes| {
        codes.iter().filter(|(code, _)| code.starts_with('2')).filter_map(|(_, count)| count.as_u64()).sum()
    });
    let failed = asked.saturating_sub(usize::try_from(good).unwrap_or(0)) + ours.failed;
    Found {
        p50: milliseconds("/latencyPercentiles/p50"),
        p99: milliseconds("/latencyPercentiles/p99"),
        rate: (figure("/summary/requestsPerSec") + ours.rate).round(),
        failed,
    }
}

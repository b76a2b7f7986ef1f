//! How a serving node bears load over HTTP: `cargo xtask bench node`.
//!
//! A node is filled with consignments, events, open movements and alarms, started as a program of its own, and asked 2,000 things a
//! second while events are captured. The questions come when they are due, whether earlier ones are answered or not (an open loop),
//! and a wait is counted from when a question was due. Then a public tool asks what can be asked by GET at the same rate, in the same way,
//! while our callers capture: a second opinion about the first one's clock.
//! Three sizes, on SQLite and, where it is installed, on PostgreSQL. Arguments: `tiny` is a trial of it, `short` leaves out the largest,
//! `large` the others, `sqlite` the server, `postgres` the file; `rate=N` asks N a second; `oha=PROGRAM` is the public tool; `keep=DIR`
//! keeps what SQLite was filled with and takes it up again (what is captured while it is asked stays); `waits=FILE` writes every wait.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "a measurement")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the input is made here")]

#[path = "load/ask.rs"]
mod ask;
#[path = "load/fill.rs"]
mod fill;
#[path = "load/open.rs"]
mod open;
#[path = "../../store/tests/contract/postgres.rs"]
mod postgres;
#[path = "load/public.rs"]
mod public;

use ask::Question;
use kervan::facts::Facts;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Questions a second that are promised.
const RATE: usize = 2_000;
/// How long each size is asked. Unit: second.
const SECONDS: usize = 20;

/// A node that serves, as a program of its own.
struct Node {
    program: Child,
    address: String,
    /// From its start to its first answer. Unit: second.
    ready_after: f64,
}

impl Node {
    fn start(data: &Path, store: Option<&str>) -> Self {
        let begun = Instant::now();
        let mut program = Command::new(std::env::current_exe().unwrap());
        program
            .args(["serve", "--listen", "127.0.0.1:0", "--set", "limits.requests_per_second=0", "--data"])
            .arg(data);
        program.args(store.iter().flat_map(|store| ["--store", store]));
        let mut program = program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| Some(line.unwrap().rsplit_once("http://")?.1.to_owned())).unwrap();
        let answer = ask::Caller::new(&address, "").ask(&Question::get("/health".into())).unwrap();
        assert_eq!(answer.status, 204);
        Self { program, address, ready_after: begun.elapsed().as_secs_f64() }
    }

    /// Memory that it holds. Unit: megabyte.
    fn resident(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.program.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN);
        (kib * 1_024.0 / 1e6).round()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<f64>, better: &str) {
    let met = bar.map(|bar| if better == "higher" { value >= bar } else { value <= bar });
    println!(
        "{}",
        json!({"case": case, "size": size, "unit": unit, "value": value, "bar": bar, "better": better, "met": met})
    );
}

fn quantile(waits: &mut [Duration], permille: usize) -> f64 {
    waits.sort_unstable();
    let at = (waits.len() * permille / 1_000).min(waits.len().saturating_sub(1));
    waits.get(at).map_or(f64::NAN, |wait| (wait.as_secs_f64() * 1e5).round() / 100.0)
}

/// How it is to be measured.
struct Wish<'a> {
    /// Questions a second.
    rate: usize,
    /// Where a filled store in a file is kept, or was.
    kept: Option<&'a Path>,
    /// The public tool that asks as well.
    tool: Option<&'a Path>,
    /// Where every wait is written, of the size that was measured last: when it was due in seconds, the kind, microseconds.
    waits: Option<&'a Path>,
}

/// One size on one store, a database of a server or a file. Gives nothing: it prints its rows.
fn measure(consignments: usize, wish: &Wish<'_>, server: Option<&postgres::Server>) {
    let url = server.map(postgres::Server::fresh_url);
    let (store, kind) = (url.as_deref(), if server.is_some() { "PostgreSQL" } else { "SQLite" });
    let Wish { rate, kept, tool, waits } = *wish;
    let folder = tempfile::tempdir_in(".").unwrap();
    let data = kept
        .filter(|_| store.is_none())
        .map_or(folder.path().to_owned(), |kept| kept.join(consignments.to_string()));
    let facts = Facts::new(None).with_store(store.map(str::to_owned));
    let filled = fill::fill(&facts, &data, consignments);
    eprintln!("{kind}: {consignments} consignments and {} events in {:.0} s", filled.events, filled.seconds);
    if let Some(server) = server {
        // A server has long swept and written what it has held for long; here it would do so while it is asked.
        server.sql("VACUUM");
        server.sql("CHECKPOINT");
    }
    let mut node = Node::start(&data, store);
    let case = |text: &str| format!("{kind}: {text}");
    row(
        &case("start to serving"),
        consignments,
        "s",
        (node.ready_after * 1e3).round() / 1e3,
        Some(1.0),
        "lower",
    );
    let mut asked = ask::ask_all(&node.address, &filled, &ask::Pace::of_all(rate, SECONDS));
    if let Some(file) = waits {
        let line = |(number, kind, wait): &(usize, &str, Duration)| {
            format!("{:.4}\t{kind}\t{}\n", *number as f64 / rate as f64, wait.as_micros())
        };
        std::fs::write(file, asked.each.iter().map(line).collect::<String>()).unwrap();
    }
    let name = case(&format!("{rate} mixed questions a second while events are captured"));
    row(&format!("{name}, p50"), consignments, "ms", quantile(&mut asked.waits, 500), None, "lower");
    row(&format!("{name}, p99"), consignments, "ms", quantile(&mut asked.waits, 990), Some(50.0), "lower");
    row(
        &format!("{name}, answered"),
        consignments,
        "1/s",
        asked.rate.round(),
        Some(rate as f64 * 0.98),
        "higher",
    );
    row(&format!("{name}, failed"), consignments, "answers", asked.failed as f64, Some(0.0), "lower");
    for (kind, waits) in &mut asked.of {
        row(&case(&format!("{kind}, p99")), consignments, "ms", quantile(waits, 990), None, "lower");
    }
    row(&case("resident after it"), consignments, "MB", node.resident(), Some(400.0), "lower");
    if let Some(tool) = tool {
        let found = public::ask(tool, &node.address, &filled, (rate, SECONDS), folder.path());
        let name = case(&format!("{rate} a second, GET by oha, captures by us"));
        row(&format!("{name}, p50"), consignments, "ms", found.p50, None, "lower");
        row(&format!("{name}, p99"), consignments, "ms", found.p99, Some(50.0), "lower");
        row(
            &format!("{name}, answered"),
            consignments,
            "1/s",
            found.rate,
            Some(rate as f64 * 0.98),
            "higher",
        );
        row(&format!("{name}, failed"), consignments, "answers", found.failed as f64, Some(0.0), "lower");
        row(&format!("{name}, resident after it"), consignments, "MB", node.resident(), Some(400.0), "lower");
    }
    let _ = node.program.kill();
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "serve") {
        return kervan::cli::run();
    }
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let valued = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name));
    let wish = Wish {
        rate: valued("rate=").map_or(RATE, |rate| rate.parse().unwrap()),
        kept: valued("keep=").map(Path::new),
        tool: valued("oha=").map(Path::new),
        waits: valued("waits=").map(Path::new),
    };
    let sizes: &[usize] = if has("tiny") {
        &[100]
    } else if has("short") {
        &[1_000, 10_000]
    } else if has("large") {
        &[100_000]
    } else {
        &[1_000, 10_000, 100_000]
    };
    for size in sizes.iter().filter(|_| !has("postgres")) {
        measure(*size, &wish, None);
    }
    if has("sqlite") {
        return ExitCode::SUCCESS;
    }
    // Flushed as a server in use does it.
    let settings = ["fsync=on", "full_page_writes=on", "shared_buffers=128MB"];
    let Some(server) = postgres::Server::start(&settings) else { return ExitCode::SUCCESS };
    for size in sizes {
        measure(*size, &wish, Some(&server));
    }
    ExitCode::SUCCESS
}

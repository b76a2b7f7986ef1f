//! A serving node is killed in the middle of writing, its database is taken away, its disk is full: what was acknowledged is there.
//!
//! `cargo xtask crash` does it a hundred times; here it is done a few. `KERVAN_KILLS` says how often, `KERVAN_KILLS_SEED` from which
//! draw on, so that a run that found something can be had again.

use super::epcis::document_of;
use super::node::Node;
use super::postgres;
use super::program::{kervan, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Kills of a run of the tests.
const KILLS: usize = 1;
/// Callers that write at once.
const CALLERS: usize = 6;
/// After how many acknowledgements a node is killed at the latest.
const MOST_BEFORE: usize = 40;

#[expect(clippy::disallowed_methods, reason = "`cargo xtask crash` says so how many kills it wants")]
fn told(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// The next draw of a row that begins with a seed.
fn draw(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

/// What was acknowledged: consignments by their reference, captures by the event in them.
#[derive(Default)]
struct Acknowledged {
    consignments: BTreeSet<String>,
    events: BTreeSet<String>,
}

/// A node's folder or database, and a party of it.
struct Place {
    data: String,
    store: Option<String>,
    token: String,
}

impl Place {
    fn new(data: String, store: Option<String>) -> Self {
        let mut words = vec!["party", "add", "silkline", "--name", "Silkline", "--country", "KZ"];
        words.extend(["--role", "forwarder", "--data", &data]);
        words.extend(store.iter().flat_map(|store| ["--store", store]));
        let said = run(&words);
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let token = text.lines().find_map(|line| line.strip_prefix("token: "));
        let token = token.unwrap().to_owned();
        Self { data, store, token }
    }

    fn arguments<'a>(&'a self, first: &[&'a str]) -> Vec<&'a str> {
        let store = self.store.iter().flat_map(|store| ["--store", store.as_str()]);
        first.iter().copied().chain(["--data", &self.data]).chain(store).collect()
    }

    fn start(&self) -> Node {
        let words = self.arguments(&["serve", "--set", "limits.requests_per_second=0"]);
        Node::start(&words).with_token(&self.token)
    }

    /// Everything in the store is signed, whole, and what follows from it is what was written beside it.
    fn check(&self) {
        let output =
            kervan().args(self.arguments(&["store", "check", "--rebuild", "--json"])).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Declares a consignment and captures an event that names it. Whatever is acknowledged is noted.
fn write(node: &Node, number: usize, known: &Mutex<Acknowledged>) -> Option<(u16, Value)> {
    let reference = format!("KRV-K-{number:05}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/demo/consignments/KRV-2026-0001.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    let text = text.replace("reference: KRV-2026-0001", &format!("reference: {reference}"));
    let file: Value = serde_norway::from_str(&text).unwrap();
    let declared = node.try_any("POST", "/api/consignments", "", &file)?;
    if declared.0 != 201 {
        return Some(declared);
    }
    known.lock().unwrap().consignments.insert(reference.clone());
    let event = format!("kill-{number}");
    let document = document_of([event.clone()]);
    let captured = node.try_any("POST", "/epcis/events", "", &document["epcisBody"]["eventList"][0])?;
    if captured.0 == 201 {
        known.lock().unwrap().events.insert(event);
    }
    Some(captured)
}

/// Writes from many callers until so many were answered, and does what ends it while the others are in the middle of it.
fn write_until(
    node: &Node,
    next: &AtomicUsize,
    after: usize,
    known: &Mutex<Acknowledged>,
    end: impl Fn() + Sync,
) {
    let (done, written) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let answered = write(node, number, known).is_some();
                    let enough = answered && written.fetch_add(1, Ordering::SeqCst) + 1 >= after;
                    if enough && !done.swap(true, Ordering::SeqCst) {
                        end();
                    }
                }
            });
        }
    });
}

/// Everything that was acknowledged is there, and each once.
fn assert_there(node: &Node, known: &Acknowledged) {
    let (mut listed, mut path) = (Vec::new(), Some("/api/consignments?limit=1000".to_owned()));
    while let Some(next) = path {
        let (page, link) = node.page(&next);
        listed.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        path = link;
    }
    let there: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), there.len(), "a consignment stands twice");
    let lost: Vec<_> = known.consignments.difference(&there).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    for event in &known.events {
        let path = format!("/epcis/events?MATCH_epc=urn:epc:id:sgtin:4012345.011111.{event}");
        let (status, found) = node.send("GET", &path, "", &Value::Null);
        let list = found.pointer("/epcisBody/queryResults/resultsBody/eventList").and_then(Value::as_array);
        assert_eq!(
            (status, list.map(Vec::len)),
            (200, Some(1)),
            "acknowledged, and not there once: {event}: {found}"
        );
    }
}

fn kill_again_and_again(place: &Place, times: usize) {
    let mut seed = u64::try_from(told("KERVAN_KILLS_SEED").unwrap_or(1)).unwrap();
    let (known, next) = (Mutex::new(Acknowledged::default()), AtomicUsize::new(0));
    for round in 0..times {
        let node = place.start();
        write_until(&node, &next, 1 + draw(&mut seed) % MOST_BEFORE, &known, || node.kill());
        if (round + 1) % 10 == 0 || round + 1 == times {
            assert_there(&place.start(), &known.lock().unwrap());
            place.check();
        }
    }
    let known = known.lock().unwrap();
    assert!(known.consignments.len() >= times && !known.events.is_empty());
    let (consignments, events) = (known.consignments.len(), known.events.len());
    // Past the capture of the tests' output, so that it is read.
    let line = format!(
        "{times} kills: {consignments} consignments and {events} events were acknowledged, all are there\n"
    );
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[test]
fn what_was_acknowledged_is_there_after_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path().join("data").to_str().unwrap().to_owned(), None);
    kill_again_and_again(&place, told("KERVAN_KILLS").unwrap_or(KILLS));
}

#[test]
fn what_was_acknowledged_is_there_when_the_server_went_away_and_came_back() {
    let Some(server) = postgres::Server::start(&[]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let place = Place::new(data, Some(server.fresh_url()));
    let times = told("KERVAN_KILLS").map_or(1, |times| times.div_ceil(2));
    kill_again_and_again(&place, times);
    let (known, next) = (Mutex::new(Acknowledged::default()), AtomicUsize::new(1_000_000));
    let node = place.start();
    for _ in 0..times.min(10) {
        write_until(&node, &next, 10, &known, || {
            server.crash();
            server.resume();
        });
        assert_there(&node, &known.lock().unwrap());
    }
    // The node that was there all the time goes on.
    assert_eq!(write(&node, next.into_inner(), &known).unwrap().0, 201);
    node.kill();
    place.check();
}

/// No file of the process may grow beyond a size; what would is refused as by a full disk. Unit: byte.
fn limit_files(node: &Node, bytes: &str) {
    let words = ["--pid", &node.pid().to_string(), &format!("--fsize={bytes}:")];
    assert!(Command::new("prlimit").args(words).status().unwrap().success());
}

#[test]
fn a_full_disk_refuses_what_is_new_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let place = Place::new(data.to_str().unwrap().to_owned(), None);
    // A write beyond the limit is told to the program as a failure and does not end it.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "node"]).arg(kervan().get_program());
    shell.args(place.arguments(&["serve", "--set", "limits.requests_per_second=0"]));
    let node = Node::start_as(shell).with_token(&place.token);
    let known = Mutex::new(Acknowledged::default());
    for number in 0..5 {
        assert_eq!(write(&node, number, &known).unwrap().0, 201);
    }
    let log = std::fs::metadata(data.join("kervan.sqlite-wal")).unwrap().len();
    limit_files(&node, &(log + 100_000).to_string());
    let refused =
        (5..500).find_map(|number| write(&node, number, &known).filter(|(status, _)| *status != 201));
    let (status, problem) = refused.unwrap();
    assert_eq!((status, &problem["code"]), (507, &Value::from("disk-full")), "{problem}");
    assert_there(&node, &known.lock().unwrap());
    assert_eq!(node.status_of("GET", "/health", "", "text/plain", ""), 204);
    // What is small finds room a while longer, until there is none at all.
    limit_files(&node, "4096");
    assert_eq!(node.status_of("GET", "/ready", "", "text/plain", ""), 503);
    assert_there(&node, &known.lock().unwrap());
    // There is room again: the same node goes on.
    limit_files(&node, "unlimited");
    for number in 500..505 {
        assert_eq!(write(&node, number, &known).unwrap().0, 201, "after there was room");
    }
    assert_eq!(node.status_of("GET", "/ready", "", "text/plain", ""), 200);
    assert_there(&node, &known.lock().unwrap());
    assert_eq!(node.terminate(), Some(0));
    place.check();
}

#[test]
fn a_journal_that_is_full_or_away_refuses_what_is_new_and_comes_back_with_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, journal, backup) = (path("data"), path("journal"), path("backup"));
    let place = Place::new(data.clone(), None);
    run(&["store", "journal", "begin", &journal, "--data", &data]);
    run(&["store", "backup", &backup, "--data", &data]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "node"]).arg(kervan().get_program());
    shell.args(place.arguments(&["serve", "--set", "limits.requests_per_second=0"]));
    let node = Node::start_as(shell).with_token(&place.token);
    let known = Mutex::new(Acknowledged::default());
    let refused = |number: usize, status: u16, code: &str| {
        let (found, problem) = write(&node, number, &known).unwrap();
        assert_eq!((found, &problem["code"]), (status, &Value::from(code)), "{problem}");
        assert_eq!(node.status_of("GET", "/ready", "", "text/plain", ""), 503);
        assert_there(&node, &known.lock().unwrap());
    };
    assert_eq!(write(&node, 0, &known).unwrap().0, 201);
    // A command beside the node is told to wait, for the store and for its journal.
    let ended = kervan().args(["store", "journal", "end", "--data", &data]).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.code() == Some(2) && told.contains("in use") && told.contains("stop"), "{told}");
    // The record stands before the commit, so it is the journal that finds no room first.
    limit_files(&node, "512");
    refused(1, 507, "disk-full");
    limit_files(&node, "unlimited");
    assert_eq!(write(&node, 2, &known).unwrap().0, 201, "after there was room");
    std::fs::rename(&journal, path("away")).unwrap();
    refused(3, 503, "store-away");
    assert!(!folder.path().join("journal").exists(), "the folder of a disk that is away is not made");
    std::fs::rename(path("away"), &journal).unwrap();
    assert_eq!(write(&node, 4, &known).unwrap().0, 201, "after the disk was back");
    node.kill();
    // The store is lost with its disk; backup and journal have all of it.
    std::fs::remove_dir_all(&data).unwrap();
    run(&["store", "restore", "--from", &backup, "--journal", &journal, "--to", &data]);
    assert_there(&place.start(), &known.lock().unwrap());
    place.check();
}

//! The program is killed in the middle of its work, again and again: nothing that was acknowledged is lost, and the play
//! goes on where it was.

use super::program::{kervan, play, played};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // SIGKILL: no destructor and no flush of the program runs.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(data: &Path) -> (Killed, String) {
    let mut child = kervan()
        .args(["demo", "--speed", "1000000", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
    (Killed(child), address)
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// Reads the stream of changes until one is beyond `after`; what a follower has seen was saved.
fn follow(address: &str, after: i64, changes: usize) -> i64 {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /api/stream?after={after} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut seen = after;
    let mut count = 0;
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        if let Some(id) = line.strip_prefix("id: ") {
            let id: i64 = id.parse().unwrap();
            assert_eq!(id, seen + 1, "the stream has no gap and no duplicate");
            seen = id;
            count += 1;
            if count == changes {
                break;
            }
        }
    }
    seen
}

#[test]
fn what_a_follower_has_seen_survives_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = 0;
    let mut entries = 0;
    for _ in 0..5 {
        let (program, address) = start(folder.path());
        seen = follow(&address, seen, 40);
        let page: serde_json::Value = serde_json::from_str(&get(&address, "/api/consignments")).unwrap();
        let items = page["items"].as_array().unwrap();
        let known: usize = items
            .iter()
            .map(|item| {
                let path = format!("/api/consignments/{}/dossier", item["id"].as_str().unwrap());
                let dossier: serde_json::Value = serde_json::from_str(&get(&address, &path)).unwrap();
                dossier["entries"].as_array().unwrap().len()
            })
            .sum();
        assert!(known >= entries, "{known} entries after a kill, {entries} were shown before it");
        entries = known;
        drop(program);
    }
    let report = play(folder.path(), 1);
    assert_eq!(report["verified"], true);

    // Killed five times, the corridor is the one that another play of the same seed made and that was never killed.
    assert_eq!(played().1, report);
}

//! Ten thousand connections: those for which there is room are held in little memory while others are served, and each beyond the
//! limit is told so.

use super::node::Node;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Connections that the node takes.
const WANTED: u64 = 10_000;
/// Files that this program has open beside them.
const OTHER: u64 = 500;
/// Connections beyond the limit.
const BEYOND: usize = 300;
/// Memory that a silent connection may take. Unit: byte. An optimised build takes a part of it.
const BYTES_OF_ONE: u64 = 40 * 1_024;

/// Memory that the node holds. Unit: byte.
fn resident(node: &Node) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{}/status", node.pid())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1_024
}

#[test]
fn ten_thousand_connections_are_held_or_refused_and_others_are_served() {
    // As many as the system allows this program to hold; the node inherits the limit.
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(WANTED + OTHER);
    setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum }).unwrap();
    let held = WANTED.min(most.saturating_sub(OTHER));
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // One place is left for those who ask meanwhile.
    let connections = format!("limits.connections={}", held + 1);
    let of_one = format!("limits.connections_per_address={}", held + 1);
    let settings = ["--set", &connections, "--set", &of_one, "--set", "limits.head_within_s=300"];
    let node = Node::start(&[&["serve", "--data", data.to_str().unwrap()], &settings[..]].concat());
    let connect = || TcpStream::connect(node.url().trim_start_matches("http://")).unwrap();
    assert_eq!(node.status_of("GET", "/health", "", "text/plain", ""), 204);
    let before = resident(&node);
    let silent: Vec<TcpStream> = (0..held).map(|_| connect()).collect();
    // The place of whoever asked is given back when the node has seen that they are gone.
    let served = |path: &str| (0..10_000).any(|_| node.try_status(path) == Some(200));
    for _ in 0..20 {
        assert!(served("/api/clock"), "others are served");
    }
    let used = resident(&node).saturating_sub(before);
    assert!(used < held * BYTES_OF_ONE, "{used} bytes for {held} connections");
    // Whoever is answered and stays has the last place.
    let stay = || {
        let mut stream = connect();
        write!(stream, "GET /api/clock HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut head = [0; 12];
        (stream.read_exact(&mut head).is_ok() && &head == b"HTTP/1.1 200").then_some(stream)
    };
    let last = (0..10_000).find_map(|_| stay());
    assert!(last.is_some(), "there is one place");
    for number in 0..BEYOND {
        let mut answer = String::new();
        connect().read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("\"no-room\""), "{number}: {answer}");
    }
    let used = resident(&node).saturating_sub(before);
    assert!(used < (held + 1) * BYTES_OF_ONE, "{used} bytes after {BEYOND} were refused");
    drop((silent, last));
    assert!(served("/api/clock"), "and when they are gone");
}

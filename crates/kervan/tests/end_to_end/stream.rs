//! Following the stream of changes over a line that breaks anywhere, and reading lists while they grow: no gap, no duplicate.

use super::node::Node;
use super::program::register_forwarder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Consignments that are declared while the stream is followed.
const DECLARED: usize = 40;

fn scenario(number: usize) -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/demo/consignments/KRV-2026-0001.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    text.replace("reference: KRV-2026-0001", &format!("reference: KRV-T-{number:04}"))
}

/// Passes bytes on and cuts each connection after some, drawn anew for each.
fn cut_at_random(listener: &TcpListener, to: &str, done: &AtomicBool) -> usize {
    let (mut draw, mut cuts) = (1_u64, 0);
    for client in listener.incoming() {
        let (mut client, mut server) = (client.unwrap(), TcpStream::connect(to).unwrap());
        let mut request = [0; 2_048];
        let read = client.read(&mut request).unwrap_or(0);
        if done.load(Ordering::SeqCst) {
            return cuts;
        }
        server.write_all(&request[..read]).unwrap();
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut left = 600 + usize::try_from((draw >> 33) % 6_000).unwrap();
        let mut buffer = [0; 512];
        while left > 0 {
            let most = left.min(buffer.len());
            let Ok(read @ 1..) = server.read(&mut buffer[..most]) else { break };
            if client.write_all(&buffer[..read]).is_err() {
                break;
            }
            left -= read;
        }
        cuts += 1;
    }
    cuts
}

/// Follows the stream until an id has come, coming back with the last whole event's. Gives the ids in the order in which they came.
fn follow(address: &str, token: &str, is_last: impl Fn(i64) -> bool) -> Vec<i64> {
    let (mut ids, mut after) = (Vec::new(), 0);
    loop {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(
            stream,
            "GET /api/stream HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\nLast-Event-ID: {after}\r\n\r\n"
        )
        .unwrap();
        let (mut text, mut buffer) = (Vec::new(), [0; 512]);
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            text.extend_from_slice(&buffer[..read]);
            let whole = String::from_utf8_lossy(&text).into_owned();
            let Some((_, events)) = whole.split_once("\r\n\r\n") else { continue };
            // What stands before the last blank line is whole; the rest may be half an event.
            let Some((events, _)) = events.rsplit_once("\n\n") else { continue };
            let seen = events.lines().filter_map(|line| line.strip_prefix("id: ")?.parse::<i64>().ok());
            for id in seen.filter(|id| *id > after).collect::<Vec<_>>() {
                ids.push(id);
                after = id;
            }
            if is_last(after) {
                return ids;
            }
        }
    }
}

#[test]
fn a_follower_and_a_reader_of_pages_miss_nothing_and_see_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register_forwarder(&data);
    let node = Node::start(&["serve", "--data", &data]).with_token(&token);
    let direct = node.url().replace("http://", "");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = listener.local_addr().unwrap().to_string();
    let done = AtomicBool::new(false);
    let (ids, cuts) = std::thread::scope(|scope| {
        let cutting = scope.spawn(|| cut_at_random(&listener, &direct, &done));
        let following = scope.spawn(|| follow(&proxy, &token, |id| id >= i64::try_from(DECLARED).unwrap()));
        let paging = scope.spawn(|| read_pages_while_they_grow(&node));
        for number in 0..DECLARED {
            declare(&node, &token, number);
        }
        let ids = following.join().unwrap();
        paging.join().unwrap();
        done.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(&proxy));
        (ids, cutting.join().unwrap())
    });
    assert_eq!(ids, (1..=i64::try_from(DECLARED).unwrap()).collect::<Vec<_>>(), "after {cuts} cuts");
    assert!(cuts >= 3, "the line was cut {cuts} times");

    // The same request again is answered as the first time, and nothing is declared twice.
    assert_eq!(declare(&node, &token, 3), 201);
    assert_eq!(list(&node, 7).len(), DECLARED);
}

#[test]
fn a_follower_of_another_store_is_told_what_happens_in_this_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register_forwarder(&data);
    let node = Node::start(&["serve", "--data", &data]).with_token(&token);
    let mut stream = TcpStream::connect(node.url().replace("http://", "")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(300))).unwrap();
    let ask = format!(
        "GET /api/stream HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\nLast-Event-ID: 9000000000\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).unwrap();
    let (mut text, mut byte) = (Vec::new(), [0; 1]);
    while !text.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    declare(&node, &token, 0);
    while !text.ends_with(b"\nid: 1\n") {
        stream.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
}

#[test]
fn a_follower_whose_id_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register_forwarder(&data);
    let node = Node::start(&["serve", "--data", &data]).with_token(&token);
    for (id, refused) in
        [("last", true), ("1.5", true), ("99999999999999999999", true), ("", false), (" 0 ", false)]
    {
        let mut stream = TcpStream::connect(node.url().replace("http://", "")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(300))).unwrap();
        write!(
            stream,
            "GET /api/stream HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\nLast-Event-ID: {id}\r\n\r\n"
        )
        .unwrap();
        let (mut head, mut byte) = (Vec::new(), [0; 1]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        assert_eq!(head.split(' ').nth(1), Some(if refused { "400" } else { "200" }), "{id}: {head}");
        if refused {
            let mut body = String::new();
            stream.read_to_string(&mut body).unwrap();
            assert!(body.contains("\"last-event-id\""), "{id}: {body}");
        }
    }
}

fn declare(node: &Node, token: &str, number: usize) -> u16 {
    let body = scenario(number);
    let mut stream = TcpStream::connect(node.url().replace("http://", "")).unwrap();
    write!(
        stream,
        "POST /api/consignments HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/yaml\r\n\
         Idempotency-Key: declare-{number}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    assert_eq!(status, 201, "{answer}");
    status
}

/// Every reference, page after page.
fn list(node: &Node, limit: u32) -> Vec<String> {
    let (mut all, mut path) = (Vec::new(), Some(format!("/api/consignments?limit={limit}")));
    while let Some(next) = path {
        let (page, link): (Value, _) = node.page(&next);
        let items = page["items"].as_array().unwrap().clone();
        assert!(items.len() <= limit as usize && page["next"].is_string() == link.is_some());
        all.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        path = link;
    }
    all
}

fn read_pages_while_they_grow(node: &Node) {
    let mut before = BTreeSet::new();
    while before.len() < DECLARED {
        let all = list(node, 5);
        let unique: BTreeSet<String> = all.iter().cloned().collect();
        assert_eq!(all.len(), unique.len(), "a line stands twice: {all:?}");
        assert!(unique.is_superset(&before), "what was there is missing");
        before = unique;
    }
}

//! The program is killed while captures run: everything that was acknowledged is there, and jobs tell the truth.

use super::epcis::{document_of, register};
use super::node::Node;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};

/// A capture that was acknowledged: its job, and the number of its events.
type Acknowledged = (String, u64);

/// Captures until the node is gone: small ones, whose answer means that they are on the disk, and now and then a large one,
/// whose answer means that its job is.
fn capture_until_killed(
    node: &Node,
    token: &str,
    worker: u32,
    killed: &AtomicBool,
    told: &Sender<Acknowledged>,
) {
    for round in 0_u32.. {
        let count: u64 = if round % 6 == 2 { LARGE } else { SMALL };
        let body = document_of((0..count).map(|number| format!("{worker}-{round}-{number}")));
        match node.try_send("POST", "/epcis/capture", token, &body) {
            Some((status, job)) => {
                assert_eq!(status, 202, "{job}");
                told.send((job["captureID"].as_str().unwrap().to_owned(), count)).unwrap();
            }
            None => {
                assert!(killed.load(Ordering::SeqCst), "the node was not killed and does not answer");
                return;
            }
        }
    }
}

/// Events of a capture that is done when it is answered, and of one that goes on; the former divides the latter.
const SMALL: u64 = 20;
const LARGE: u64 = 1_100;

#[test]
fn everything_acknowledged_is_there_after_a_kill_in_the_middle_of_captures() {
    const WORKERS: u32 = 4;
    const CAPTURES: usize = 20;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let token = register(&data, "rail-one");
    let mut jobs: Vec<Acknowledged> = Vec::new();
    for life in 0..2 {
        let node = Node::start(&["serve", "--data", &data]);
        let (node, killed, token) = (&node, &AtomicBool::new(false), &token);
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            for worker in 0..WORKERS {
                let sender = sender.clone();
                scope.spawn(move || {
                    capture_until_killed(node, token, life * WORKERS + worker, killed, &sender)
                });
            }
            jobs.extend(receiver.iter().take(CAPTURES));
            killed.store(true, Ordering::SeqCst);
            node.kill();
            drop(sender);
        });
        jobs.extend(receiver.try_iter());
    }
    let events: u64 = jobs.iter().map(|(_, count)| count).sum();
    assert!(jobs.iter().any(|(_, count)| *count == LARGE), "no large capture was acknowledged");

    // What was running is finished before the first answer of the new life.
    let node = Node::start(&["serve", "--data", &data]).with_token(&token);
    for (id, count) in &jobs {
        let (status, job) = node.send("GET", &format!("/epcis/capture/{id}"), "", &Value::Null);
        assert_eq!((status, &job["running"], &job["success"]), (200, &json!(false), &json!(true)), "{job}");
        assert_eq!(job["events"], json!(count), "{job}");
    }
    let (mut seen, mut path) = (std::collections::BTreeSet::new(), "/epcis/events?perPage=1000".to_owned());
    loop {
        let (page, next) = node.page(&path);
        let list = page.pointer("/epcisBody/queryResults/resultsBody/eventList").unwrap();
        for event in list.as_array().unwrap() {
            assert!(seen.insert(event["eventID"].as_str().unwrap().to_owned()), "told twice: {event}");
        }
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    // A capture whose answer was lost with the node may be there as well; it is whole or not there.
    assert!(seen.len() as u64 >= events, "{} events of {events} acknowledged", seen.len());
    assert_eq!((seen.len() as u64 - events) % SMALL, 0, "a capture was torn");
}

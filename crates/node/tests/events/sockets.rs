//! Subscriptions on sockets over a real store: opened, lost, opened again, forgotten.

use crate::world::{call, capture, event, open, start};
use jiff::{SignedDuration, Timestamp};
use kervan_node::{
    Delivery, Desk, Refusal, Task, create_named_query, end_socket, find_subscription_of, list_called,
    note_delivery, note_left, open_socket, serve_subscription, subscribe,
};
use serde_json::json;

fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn join(desk: &Desk, number: u8, now: Timestamp, texts: &[(&str, &str)]) -> Result<String, Refusal> {
    call(number, now, |call| open_socket(desk, call, "all", &pairs(texts)))
}

fn next(desk: &Desk, id: &str, now: Timestamp) -> Option<Delivery> {
    loop {
        match serve_subscription(desk, id, now).unwrap()? {
            Task::Wait(_) => return None,
            Task::Again => {}
            Task::Send(delivery) => return Some(*delivery),
        }
    }
}

fn prepared(folder: &std::path::Path) -> Desk {
    let desk = open(folder);
    let named = json!({"name": "all", "query": {}});
    call(1, start(), |call| create_named_query(&desk, &call, &named)).unwrap();
    desk
}

#[test]
fn a_lost_socket_goes_on_behind_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let id = {
        let desk = prepared(folder.path());
        capture(&desk, start(), &[event(0)]).unwrap();
        let id = join(&desk, 2, start(), &[("stream", "true")]).unwrap();
        assert!(next(&desk, &id, start()).is_none(), "what was before is not told");
        capture(&desk, start(), &[event(1)]).unwrap();
        let first = next(&desk, &id, start()).unwrap();
        note_delivery(&desk, &id, &first.id, true, start()).unwrap();
        capture(&desk, start(), &[event(2)]).unwrap();
        let lost = next(&desk, &id, start()).unwrap();
        note_delivery(&desk, &id, &lost.id, false, start()).unwrap();
        note_left(&desk, &id, start()).unwrap();
        id
    };
    let desk = open(folder.path());
    assert!(list_called(&desk).unwrap().is_empty(), "no address is called for a socket");
    let later = start() + SignedDuration::from_secs(1);
    assert!(next(&desk, &id, later).is_none(), "not before somebody is there");
    assert_eq!(join(&desk, 9, later, &[("subscriptionID", &id)]).unwrap(), id);
    let again = next(&desk, &id, later).unwrap();
    assert_eq!(again.events[0].json["ex:number"], 2);
    note_delivery(&desk, &id, &again.id, true, later).unwrap();
    assert!(next(&desk, &id, later).is_none());

    // A late joiner hears everything since a time; who closes in order is forgotten.
    let late =
        join(&desk, 3, later, &[("stream", "true"), ("initialRecordTime", "2020-01-01T00:00:00Z")]).unwrap();
    assert_eq!(next(&desk, &late, later).unwrap().events.len(), 3);
    end_socket(&desk, &late).unwrap();
    assert!(serve_subscription(&desk, &late, later).unwrap().is_none());
}

#[test]
fn a_socket_that_nobody_opens_again_is_forgotten_after_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let desk = prepared(folder.path());
    let id = join(&desk, 2, start(), &[("hour", "1"), ("minute", "5")]).unwrap();
    let told = find_subscription_of(&desk, &"carrier".parse().unwrap(), "all", &id).unwrap();
    assert_eq!(
        (&told["dest"], &told["schedule"]),
        (&json!("websocket"), &json!({"hour": "1", "minute": "5"}))
    );
    let address = json!({"dest": "https://example.com/hook", "stream": true});
    call(4, start(), |call| subscribe(&desk, call, "all", &address)).unwrap();
    let day = start() + SignedDuration::from_hours(24);
    join(&desk, 5, day, &[("stream", "true")]).unwrap();
    assert!(serve_subscription(&desk, &id, day).unwrap().is_some());
    join(&desk, 6, day + SignedDuration::from_secs(1), &[("stream", "true")]).unwrap();
    assert!(serve_subscription(&desk, &id, day).unwrap().is_none());
    assert_eq!(list_called(&desk).unwrap().len(), 1, "who is called is not forgotten");
}

#[test]
fn what_cannot_be_opened_is_refused_by_its_parameter() {
    let folder = tempfile::tempdir().unwrap();
    let desk = prepared(folder.path());
    let own = join(&desk, 2, start(), &[("stream", "true")]).unwrap();
    for (texts, path) in [
        (&[("reportIfEmpty", "true")][..], "/stream"),
        (&[("stream", "true"), ("minute", "5")], "/stream"),
        (&[("stream", "yes")], "/stream"),
        (&[("minute", "61")], "/schedule/minute"),
        (&[("stream", "true"), ("stream", "true")], "/stream"),
        (&[("stream", "true"), ("initialRecordTime", "today")], "/initialRecordTime"),
        (&[("stream", "true"), ("epcFormat", "Sometimes")], "/epcFormat"),
        (&[("stream", "true"), ("EQ_bizStep", "departing")], "/EQ_bizStep"),
        (&[("subscriptionID", &own), ("stream", "true")], "/subscriptionID"),
    ] {
        let refused = join(&desk, 3, start(), texts);
        let Err(Refusal::Invalid(findings)) = refused else { panic!("{texts:?}: {refused:?}") };
        assert!(
            findings.iter().any(|finding| finding.path.as_deref() == Some(path)),
            "{texts:?}: {findings:?}"
        );
        assert!(findings.iter().all(|finding| finding.code == "events.subscription"), "{findings:?}");
    }
    assert!(matches!(join(&desk, 3, start(), &[("subscriptionID", "none")]), Err(Refusal::NotFound { .. })));
}

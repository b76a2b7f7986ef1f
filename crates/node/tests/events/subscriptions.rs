//! Subscriptions over a real store: what is sent, what is sent again, what a late joiner sees, what a restart leaves.

use crate::world::{call, capture, event, open, start};
use jiff::{SignedDuration, Timestamp};
use kervan_node::{
    Delivery, Desk, Refusal, Task, create_named_query, find_subscription_of, list_subscriptions_of,
    note_delivery, remove_named_query, serve_subscription, subscribe, unsubscribe,
};
use serde_json::{Value, json};

fn create(desk: &Desk, name: &str, query: &Value) -> Result<String, Refusal> {
    call(1, start(), |call| create_named_query(desk, &call, &json!({"name": name, "query": query})))
}

fn join(desk: &Desk, number: u8, terms: &Value) -> String {
    call(number, start(), |call| subscribe(desk, call, "arrivals", terms)).unwrap().0
}

/// The next delivery, if there is one now.
fn next(desk: &Desk, id: &str, now: Timestamp) -> Option<Delivery> {
    loop {
        match serve_subscription(desk, id, now).unwrap()? {
            Task::Wait(_) => return None,
            Task::Again => {}
            Task::Send(delivery) => return Some(*delivery),
        }
    }
}

fn numbers(delivery: &Delivery) -> Vec<u64> {
    delivery.events.iter().map(|event| event.json["ex:number"].as_u64().unwrap()).collect()
}

fn arriving(from: u64, until: u64) -> Vec<u64> {
    (from..until).filter(|number| event(*number)["bizStep"] == "arriving").collect()
}

#[test]
fn a_delivery_is_repeated_until_it_is_acknowledged_and_never_after() {
    let folder = tempfile::tempdir().unwrap();
    let stream = json!({"dest": "https://example.com/hook", "stream": true, "signatureToken": "s"});
    let late = json!({"dest": "https://example.com/late", "stream": true, "initialRecordTime": "2026-11-30T00:00:00Z"});
    let first = {
        let desk = open(folder.path());
        create(&desk, "arrivals", &json!({"EQ_bizStep": ["arriving"]})).unwrap();
        capture(&desk, start(), &(0..40).map(event).collect::<Vec<_>>()).unwrap();
        assert_eq!(join(&desk, 7, &stream).len(), 32);
        assert!(
            next(&desk, &"07".repeat(16), start()).is_none(),
            "what was before the subscription is not sent"
        );
        capture(&desk, start(), &(40..80).map(event).collect::<Vec<_>>()).unwrap();
        let first = next(&desk, &"07".repeat(16), start()).unwrap();
        assert_eq!(numbers(&first), arriving(40, 80));
        note_delivery(&desk, &first.subscription, &first.id, false, start()).unwrap();
        assert!(next(&desk, &first.subscription, start()).is_none(), "not before its time");
        first
    };
    let desk = open(folder.path());
    // Meanwhile more has come, but the delivery stays what it was.
    capture(&desk, start(), &(80..90).map(event).collect::<Vec<_>>()).unwrap();
    let later = start() + SignedDuration::from_secs(60);
    let again = next(&desk, &first.subscription, later).unwrap();
    assert_eq!((again.id.as_str(), numbers(&again)), (first.id.as_str(), numbers(&first)));
    note_delivery(&desk, &first.subscription, &first.id, true, later).unwrap();
    let second = next(&desk, &first.subscription, later).unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(numbers(&second), arriving(80, 90));
    note_delivery(&desk, &second.subscription, &second.id, true, later).unwrap();
    assert!(next(&desk, &first.subscription, later).is_none());

    let joined = join(&desk, 8, &late);
    assert_eq!(
        numbers(&next(&desk, &joined, later).unwrap()),
        arriving(0, 90),
        "a late joiner sees earlier events"
    );
}

#[test]
fn what_is_told_has_no_secret_and_removing_a_query_ends_its_subscriptions() {
    let folder = tempfile::tempdir().unwrap();
    let desk = open(folder.path());
    create(&desk, "arrivals", &json!({"EQ_bizStep": "arriving"})).unwrap();
    assert!(matches!(create(&desk, "arrivals", &json!({})), Err(Refusal::Conflict(_))));
    assert!(matches!(create(&desk, "a b", &json!({})), Err(Refusal::Invalid(_))));
    assert!(matches!(create(&desk, "typo", &json!({"EQ_bizStp": "arriving"})), Err(Refusal::Invalid(_))));
    let id = join(
        &desk,
        3,
        &json!({"dest": "https://example.com", "signatureToken": "secret", "schedule": {"hour": "1"}}),
    );
    let (own, other) = ("carrier".parse().unwrap(), "other".parse().unwrap());
    let told = find_subscription_of(&desk, &own, "arrivals", &id).unwrap();
    assert_eq!(list_subscriptions_of(&desk, &own, "arrivals").unwrap(), std::slice::from_ref(&told));
    assert!(list_subscriptions_of(&desk, &other, "arrivals").unwrap().is_empty());
    assert!(matches!(find_subscription_of(&desk, &other, "arrivals", &id), Err(Refusal::NotAllowed(_))));
    assert!(!told.to_string().contains("secret"));
    assert_eq!(told["nextTry"], "2026-12-01T01:00:00Z");
    let stranger = |work: &dyn Fn(kervan_node::Call<'_>) -> Result<(), Refusal>| {
        let mut salts = || [0; 16];
        work(kervan_node::Call { now: start(), actor: "other".parse().unwrap(), salts: &mut salts })
    };
    assert!(matches!(
        stranger(&|call| unsubscribe(&desk, &call, "arrivals", &id)),
        Err(Refusal::NotAllowed(_))
    ));
    assert!(matches!(
        stranger(&|call| remove_named_query(&desk, &call, "arrivals")),
        Err(Refusal::NotAllowed(_))
    ));
    call(1, start(), |call| remove_named_query(&desk, &call, "arrivals")).unwrap();
    assert!(matches!(find_subscription_of(&desk, &own, "arrivals", &id), Err(Refusal::NotFound { .. })));
    assert!(serve_subscription(&desk, &id, start()).unwrap().is_none());
    create(&desk, "arrivals", &json!({"orderBy": "eventTime"})).unwrap();
    let ordered = call(5, start(), |call| {
        subscribe(&desk, call, "arrivals", &json!({"dest": "https://example.com", "stream": true}))
    });
    assert!(matches!(ordered, Err(Refusal::Invalid(_))));
}

//! People, keys and sessions.

use crate::Place;
use jiff::Timestamp;
use kervan_store::{ApiKeyRow, IdentityWrite, PersonRow, SessionRow, Store, Write};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_796_000_000 + second).unwrap()
}

fn put(store: &Store, writes: impl IntoIterator<Item = IdentityWrite>) {
    store.save(writes.into_iter().map(Write::Identity).collect()).unwrap();
}

pub(crate) fn people_and_keys(place: &Place) {
    let store = place.open();
    let person = |name: &str, record: &str| PersonRow { name: name.into(), record: record.into() };
    let key = |id: &str, record: &str, used| ApiKeyRow {
        id: id.into(),
        hash: id.repeat(8),
        record: record.into(),
        used,
    };
    put(
        &store,
        [
            IdentityWrite::Person(person("b@rail-az", "1")),
            IdentityWrite::Person(person("Нино@customs-ge", "2")),
            IdentityWrite::Person(person("b@rail-az", "3")),
            IdentityWrite::ApiKey(key("0a", "1", None)),
            IdentityWrite::ApiKey(key("0b", "2", None)),
            IdentityWrite::KeyUsed { id: "0a".into(), at: at(5) },
            // What is registered changes; that it was used stays.
            IdentityWrite::ApiKey(key("0a", "3", None)),
            IdentityWrite::KeyUsed { id: "nobody's".into(), at: at(5) },
        ],
    );
    drop(store);
    let store = place.open();
    assert_eq!(store.list_people().unwrap(), [person("b@rail-az", "3"), person("Нино@customs-ge", "2")]);
    assert_eq!(store.list_api_keys().unwrap(), [key("0a", "3", Some(at(5))), key("0b", "2", None)]);
    let twice = ApiKeyRow { id: "0c".into(), ..key("0a", "1", None) };
    let refused = store.save(vec![Write::Identity(IdentityWrite::ApiKey(twice))]);
    assert!(refused.is_err(), "two keys of one token");
}

pub(crate) fn sessions(place: &Place) {
    let store = place.open();
    let session = |hash: &str, person: &str, seen| SessionRow {
        hash: hash.into(),
        person: person.into(),
        by: "password".into(),
        began: at(0),
        seen: at(seen),
    };
    let rows = [session("1", "a", 0), session("2", "a", 10), session("3", "b", 20), session("4", "a", 30)];
    put(&store, rows.iter().cloned().map(IdentityWrite::Session));
    put(
        &store,
        [
            IdentityWrite::SessionSeen { hash: "1".into(), at: at(40) },
            IdentityWrite::SessionSeen { hash: "ended".into(), at: at(40) },
        ],
    );
    assert_eq!(store.list_sessions().unwrap()[0], session("1", "a", 40));
    let of = |person: &str| {
        store
            .list_sessions()
            .unwrap()
            .into_iter()
            .filter(|row| row.person == person)
            .map(|row| row.hash)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("a"), ["1", "2", "4"]);
    put(&store, [IdentityWrite::EndSession("4".into()), IdentityWrite::EndSession("4".into())]);
    assert_eq!(of("a"), ["1", "2"]);
    put(&store, [IdentityWrite::ForgetSessions(at(15))]);
    assert_eq!((of("a"), of("b")), (vec!["1".to_owned()], vec!["3".to_owned()]));
    put(&store, [IdentityWrite::Session(session("5", "a", 50))]);
    put(&store, [IdentityWrite::EndSessionsOf { person: "a".into(), but: Some("5".into()) }]);
    assert_eq!(of("a"), ["5"]);
    put(&store, [IdentityWrite::EndSessionsOf { person: "a".into(), but: None }]);
    assert!(of("a").is_empty() && of("b") == ["3"]);
    put(&store, [IdentityWrite::Session(session("6", "a", 60))]);
}

//! Batches: whole or not at all, in order, each once.

use crate::Place;
use jiff::Timestamp;
use kervan_model::PartyId;
use kervan_store::{
    AnswerRow, DeviceFixes, FixRow, NamedQueryRow, PartyRow, RulePackRow, ScreeningDecisionRow, Store,
    StoreError, Topic, Write,
};

fn position(number: i32) -> Write {
    let at = Timestamp::from_second(1_796_000_000).unwrap();
    let fix = FixRow { at, lat_e7: number, lon_e7: 0, received: at, marks: 0, speed: None, heading: None };
    Write::Fixes(DeviceFixes { device: "tracker:A".into(), state: None, fixes: vec![fix] })
}

pub(crate) fn many_threads(place: &Place) {
    let store = place.open();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..50 {
                    store.save(vec![position(thread * 1_000 + number)]).unwrap();
                }
            });
        }
    });
    drop(store);
    let store = place.open();
    let mut seen: Vec<_> =
        store.list_fixes("tracker:A", 1_000).unwrap().into_iter().map(|row| row.lat_e7).collect();
    seen.sort_unstable();
    let expected: Vec<_> =
        (0..8).flat_map(|thread| (0..50).map(move |number| thread * 1_000 + number)).collect();
    assert_eq!(seen, expected);
}

pub(crate) fn too_large(place: &Place) {
    let store = place.open();
    let batch = vec![position(1); kervan_store::MOST_WRITES_IN_BATCH + 1];
    assert!(matches!(store.save(batch), Err(StoreError::TooLarge(_))));
    assert!(store.list_fixes("tracker:A", 10).unwrap().is_empty());
}

pub(crate) fn second_process(place: &Place) {
    let store = place.open();
    // The data folder is locked on both; the database is as well, whatever folder the other node has.
    let (same, elsewhere) = (Store::open_at(&place.location), place.open_elsewhere());
    assert!(matches!(same, Err(StoreError::InUse { .. })));
    assert!(elsewhere.is_none_or(|other| matches!(other, Err(StoreError::Held { .. }))));
    drop(store);
    drop(place.open());
}

pub(crate) fn one_bad_batch(place: &Place) {
    let store = place.open();
    let note = |name: &str| Write::Note { name: name.into(), value: "v".into() };
    let query = |name: &str| {
        Write::NamedQuery(NamedQueryRow { name: name.into(), party: party("a"), definition: "{}".into() })
    };
    store.save(vec![query("taken")]).unwrap();
    // Whatever is committed together, the batch that breaks a rule is the only one that is refused.
    std::thread::scope(|scope| {
        for number in 0..40 {
            let store = &store;
            scope.spawn(move || {
                let name = format!("note {number}");
                if number % 4 == 0 {
                    let refused = store.save(vec![note(&name), query("taken")]);
                    assert!(matches!(refused, Err(StoreError::NotSaved(_))), "{refused:?}");
                } else {
                    store.save(vec![note(&name), query(&format!("query {number}"))]).unwrap();
                }
            });
        }
    });
    for number in 0..40 {
        assert_eq!(
            store.find_note(&format!("note {number}")).unwrap().is_some(),
            number % 4 != 0,
            "{number}"
        );
    }
}

fn party(name: &str) -> PartyId {
    name.parse().unwrap()
}

pub(crate) fn everything_small(place: &Place) {
    let store = place.open();
    assert_eq!(store.find_note("clock").unwrap(), None);
    let registered = |name: &str, key: Option<&str>| PartyRow {
        id: party(name),
        record: "{\"name\":\"Ünal \u{10348}\"}".into(),
        key_pem: key.map(str::to_owned),
    };
    let answer = |body: &str| AnswerRow {
        caller: "b".into(),
        key: "k".into(),
        request_hash: "h".into(),
        status: 201,
        body: body.into(),
    };
    let pack = RulePackRow {
        hash: "0f".repeat(32),
        pack: "p".into(),
        version: "1".into(),
        territory: "t".into(),
        content: "{}".into(),
        signature: None,
    };
    let decided = |decision: &str| {
        Write::ScreeningDecision(ScreeningDecisionRow {
            territory: "t".into(),
            question: "q".into(),
            reference: "KRV-1".parse().unwrap(),
            decided: Timestamp::UNIX_EPOCH,
            decision: decision.into(),
        })
    };
    store
        .save(vec![
            Write::Party(registered("b", Some("1"))),
            Write::Party(registered("B", None)),
            Write::Party(registered("a", Some("2"))),
            Write::Party(registered("b", Some("3"))),
            Write::Answer(answer("first")),
            Write::Answer(answer("second")),
            Write::RulePack(pack.clone()),
            Write::RulePack(RulePackRow { version: "2".into(), ..pack.clone() }),
            decided("x"),
            decided("y"),
            Write::Note { name: "clock".into(), value: "1".into() },
            Write::Note { name: "clock".into(), value: "2".into() },
            Write::Equipment { number: "CSQU3054383".into(), reference: "KRV-1".parse().unwrap() },
            Write::Equipment { number: "CSQU3054383".into(), reference: "KRV-2".parse().unwrap() },
        ])
        .unwrap();
    // By bytes, whatever the language of a server: capitals before small letters.
    let expected = [registered("B", None), registered("a", Some("2")), registered("b", Some("3"))];
    assert_eq!(store.list_parties().unwrap(), expected);
    assert_eq!(store.find_answer("b", "k").unwrap(), Some(answer("first")));
    assert_eq!(store.find_answer("b", "l").unwrap(), None);
    assert_eq!(store.find_rule_pack(&pack.hash).unwrap(), Some(pack));
    assert_eq!(store.list_screening_decisions("t", "q").unwrap(), ["x", "y"]);
    assert_eq!(store.find_note("clock").unwrap().as_deref(), Some("2"));
    let found = store.find_consignment_of_container("CSQU3054383").unwrap();
    assert_eq!(found.map(|found| found.to_string()).as_deref(), Some("KRV-2"));
    let numbers = ["CSQU3054383", "none", "it's \"{,}\\"].map(str::to_owned);
    let (known, found) = store.list_known(&[], &numbers).unwrap();
    assert!(known.is_empty());
    assert_eq!(Vec::from_iter(found), [("CSQU3054383".to_owned(), "KRV-2".parse().unwrap())]);
}

pub(crate) fn stream_without_gap(place: &Place) {
    let store = place.open();
    let change = |number: i64| Write::Change { topic: Topic::Consignment, payload: number.to_string() };
    let refused = || {
        let query = NamedQueryRow { name: "q".into(), party: party("a"), definition: "{}".into() };
        vec![change(0), Write::NamedQuery(query.clone()), Write::NamedQuery(query)]
    };
    for number in 1..=10 {
        assert!(store.save(refused()).is_err());
        store.save(vec![change(number)]).unwrap();
    }
    drop(store);
    let store = place.open();
    assert!(store.save(refused()).is_err());
    store.save((11..=20).map(change).collect()).unwrap();
    assert_eq!(store.last_change().unwrap(), 20);
    let seen = store.list_changes(5, 100).unwrap();
    assert_eq!(seen.iter().map(|change| change.seq).collect::<Vec<_>>(), (6..=20).collect::<Vec<_>>());
    assert!(seen.iter().all(|change| change.payload == change.seq.to_string()));
}

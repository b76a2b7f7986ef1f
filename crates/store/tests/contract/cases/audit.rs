//! The audit log: one chain, and everything that can be done to it past the store.

use crate::Place;
use jiff::Timestamp;
use kervan_store::{AuditFlaw, AuditHead, AuditRow, IdentityWrite, Store, Write};
use std::sync::Arc;

fn row(number: i64) -> AuditRow {
    AuditRow {
        at: Timestamp::from_second(1_796_000_000 + number).unwrap(),
        actor: format!("person {number}"),
        act: "sign-in".into(),
        about: "\u{10348} & co".into(),
        detail: format!("{{\"number\":{number}}}"),
    }
}

fn put(store: &Store, numbers: impl IntoIterator<Item = i64>) {
    for number in numbers {
        store.save(vec![Write::Identity(IdentityWrite::Audit(row(number)))]).unwrap();
    }
}

pub(crate) fn chained(place: &Place) {
    let store = place.open();
    assert_eq!(store.audit_head().unwrap(), AuditHead { seq: 0, hash: [0; 32] });
    let empty = store.check_audit(None).unwrap();
    assert_eq!((empty.entries, empty.flaws.len()), (0, 0));
    put(&store, 1..=3);
    // Two in one batch, and a batch that fails and leaves no gap.
    store.save([4, 5].map(|number| Write::Identity(IdentityWrite::Audit(row(number)))).into()).unwrap();
    let known = store.audit_head().unwrap();
    let query = |party: &str| {
        let definition = "{}".into();
        Write::NamedQuery(kervan_store::NamedQueryRow {
            name: "q".into(),
            party: party.parse().unwrap(),
            definition,
        })
    };
    store.save(vec![query("a")]).unwrap();
    store.save(vec![Write::Identity(IdentityWrite::Audit(row(99))), query("a")]).unwrap_err();
    put(&store, 6..=7);
    let entries = store.list_audit(0, 100).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=7).collect::<Vec<_>>());
    assert_eq!(
        entries.iter().map(|entry| entry.row.clone()).collect::<Vec<_>>(),
        (1..=7).map(row).collect::<Vec<_>>()
    );
    for pair in entries.windows(2) {
        assert_eq!(pair[0].hash, pair[1].previous);
    }
    assert_eq!(store.list_audit(5, 1).unwrap()[0].seq, 6);
    let check = store.check_audit(Some(known)).unwrap();
    assert_eq!((check.entries, check.head, check.flaws.len()), (7, store.audit_head().unwrap(), 0));
}

pub(crate) fn torn_logs_are_named(place: &Place) {
    put(&place.open(), 1..=12);
    let known = place.open().audit_head().unwrap();
    // What is done to the log, and what is said of it; each is undone before the next.
    let cases: &[(&str, &str, &[AuditFlaw])] = &[
        (
            "UPDATE audit SET actor = 'another' WHERE seq = 4",
            "UPDATE audit SET actor = 'person 4' WHERE seq = 4",
            &[AuditFlaw::Changed { seq: 4 }],
        ),
        (
            "UPDATE audit SET at = '2026-01-01T00:00:00Z' WHERE seq IN (1, 12)",
            "UPDATE audit SET at = '2026-11-30T00:53:21Z' WHERE seq = 1; UPDATE audit SET at = '2026-11-30T00:53:32Z' WHERE seq = 12",
            &[AuditFlaw::Changed { seq: 1 }, AuditFlaw::Changed { seq: 12 }],
        ),
        (
            "UPDATE audit SET seq = -5 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 9; UPDATE audit SET seq = 9 WHERE seq = -5",
            "UPDATE audit SET seq = -5 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 9; UPDATE audit SET seq = 9 WHERE seq = -5",
            &[AuditFlaw::Moved { seq: 5, from: 9 }, AuditFlaw::Moved { seq: 9, from: 5 }],
        ),
        (
            "UPDATE audit SET seq = seq + 100 WHERE seq > 6",
            "UPDATE audit SET seq = seq - 100 WHERE seq > 100",
            &[
                AuditFlaw::Missing { from: 7, to: 106 },
                AuditFlaw::Changed { seq: 107 },
                AuditFlaw::Changed { seq: 108 },
                AuditFlaw::Changed { seq: 109 },
                AuditFlaw::Changed { seq: 110 },
                AuditFlaw::Changed { seq: 111 },
                AuditFlaw::Changed { seq: 112 },
                AuditFlaw::Missing { from: 113, to: 112 },
            ],
        ),
        ("DELETE FROM audit WHERE seq IN (3, 4)", "", &[AuditFlaw::Missing { from: 3, to: 4 }]),
        (
            "DELETE FROM audit WHERE seq > 10",
            "",
            &[AuditFlaw::Missing { from: 3, to: 4 }, AuditFlaw::Missing { from: 11, to: 12 }],
        ),
        ("DELETE FROM audit", "", &[AuditFlaw::Missing { from: 1, to: 12 }]),
    ];
    for (tamper, mend, expected) in cases {
        place.tamper(tamper);
        let flaws = place.open().check_audit(Some(known)).unwrap().flaws;
        // Where the numbers run on past the known end, that end is another one.
        let expected: Vec<AuditFlaw> = expected
            .iter()
            .map(|flaw| match flaw {
                AuditFlaw::Missing { from: 113, .. } => AuditFlaw::OtherHead { seq: 12 },
                flaw => flaw.clone(),
            })
            .collect();
        assert_eq!(flaws, expected, "{tamper}");
        place.tamper(mend);
    }
    // Whoever writes the whole log anew makes a whole one, but not that whose end somebody knows.
    put(&place.open(), 101..=112);
    let store = place.open();
    assert_eq!(store.check_audit(None).unwrap().flaws, []);
    assert_eq!(store.check_audit(Some(known)).unwrap().flaws, [AuditFlaw::OtherHead { seq: 12 }]);
}

pub(crate) fn many_threads_one_chain(place: &Place) {
    let store = Arc::new(place.open());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = Arc::clone(&store);
            scope.spawn(move || put(&store, thread * 10..thread * 10 + 10));
        }
    });
    let check = store.check_audit(None).unwrap();
    assert_eq!((check.entries, check.head.seq, check.flaws.len()), (80, 80, 0));
}

//! Money and places of the day: what two callers may not both have.

use crate::Place;
use kervan_codes::Grn;
use kervan_store::{ControlClaimRow, GuaranteeRow, GuaranteeUse, StoreError, Write};

fn grn() -> Grn {
    Grn::issue(2026, "KZ".parse().unwrap(), 7)
}

fn account(reference_amount: i64) -> Write {
    Write::Guarantee(GuaranteeRow {
        grn: grn(),
        holder: "mover".parse().unwrap(),
        record: "{}".into(),
        reference_amount,
        reserved: 999,
        open: true,
        updated: "2026-12-01T08:00:00Z".parse().unwrap(),
        actor: "customs".parse().unwrap(),
        why: "a test".into(),
    })
}

fn item(number: usize, amount: i64) -> GuaranteeUse {
    GuaranteeUse {
        grn: grn(),
        movement: format!("KRV-{number}/1").parse().unwrap(),
        amount,
        at: "2026-12-01T08:00:00Z".parse().unwrap(),
        actor: "mover".parse().unwrap(),
        why: "accepted".into(),
    }
}

/// A thousand movements want 7 each of 1,000: exactly 142 get it, from however many threads they come.
pub(crate) fn no_money_twice(place: &Place) {
    let store = place.open();
    store.save(vec![account(1_000)]).unwrap();
    let won: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20)
            .map(|thread| {
                let store = &store;
                scope.spawn(move || {
                    (0..50)
                        .filter(|number| {
                            match store.save(vec![Write::Reserve(item(thread * 50 + number, 7))]) {
                                Ok(()) => true,
                                Err(StoreError::Shortfall { grn: short }) if short == grn() => false,
                                Err(other) => panic!("{other}"),
                            }
                        })
                        .count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(won, 142);
    let row = store.find_guarantee(&grn()).unwrap().unwrap();
    assert_eq!(row.reserved, 994);
    let acts = store.list_guarantee_acts(&grn()).unwrap();
    assert_eq!(acts.len(), 143, "one opening, one reservation for each that got it, none for the others");
    assert!(acts.iter().all(|act| act.reserved <= 1_000));
    let held: Vec<_> = acts.iter().filter_map(|act| act.movement.clone()).collect();
    for movement in held {
        store.save(vec![Write::Release(GuaranteeUse { movement, ..item(0, 0) })]).unwrap();
    }
    assert_eq!(store.find_guarantee(&grn()).unwrap().unwrap().reserved, 0);
    let holder = "mover".parse().unwrap();
    assert_eq!(store.list_guarantees(None).unwrap().len(), 1);
    assert_eq!(store.list_guarantees(Some(&holder)).unwrap().len(), 1);
}

pub(crate) fn nothing_of_a_short_batch(place: &Place) {
    let store = place.open();
    store.save(vec![account(10)]).unwrap();
    let note = |name: &str| Write::Note { name: name.into(), value: "x".into() };
    let batch = vec![note("before"), Write::Reserve(item(1, 6)), Write::Reserve(item(2, 6)), note("after")];
    assert!(matches!(store.save(batch), Err(StoreError::Shortfall { .. })));
    assert_eq!(store.find_note("before").unwrap(), None);
    assert_eq!(store.find_guarantee(&grn()).unwrap().unwrap().reserved, 0);
    // The same movement cannot reserve twice, and what was released can be used again.
    store.save(vec![Write::Reserve(item(1, 4))]).unwrap();
    assert!(store.save(vec![Write::Reserve(item(1, 4))]).is_err());
    store
        .save(vec![Write::Release(item(1, 0)), Write::Release(item(1, 0)), Write::Reserve(item(2, 10))])
        .unwrap();
    let holder = "mover".parse().unwrap();
    assert_eq!(store.list_guarantees(None).unwrap().len(), 1);
    assert_eq!(store.list_guarantees(Some(&holder)).unwrap().len(), 1);
    assert_eq!(store.list_reservations_of(&item(2, 0).movement).unwrap().len(), 1);
    assert!(store.list_reservations_of(&item(1, 0).movement).unwrap().is_empty());
}

fn claim(movement: &str, seen: i64, claim: Option<&str>) -> Write {
    Write::ControlClaim(ControlClaimRow {
        movement: movement.parse().unwrap(),
        team: "AB".into(),
        day: "2026-12-01".into(),
        value: 500,
        claim: claim.map(str::to_owned),
        seen,
    })
}

pub(crate) fn claims(place: &Place) {
    let store = place.open();
    store.save(vec![claim("KRV-2026-0001/1", 0, Some("waiting"))]).unwrap();
    let note = Write::Note { name: "n".into(), value: "v".into() };
    let late = store.save(vec![note, claim("KRV-2026-0002/1", 0, Some("waiting"))]);
    assert!(matches!(late, Err(StoreError::Outrun { .. })), "{late:?}");
    assert_eq!(store.find_note("n").unwrap(), None);
    store.save(vec![claim("KRV-2026-0002/1", 1, Some("kept"))]).unwrap();
    let (seen, claims) = store.list_control_claims("AB", "2026-12-01").unwrap();
    assert_eq!((seen, claims.len()), (2, 2));
    store.save(vec![claim("KRV-2026-0001/1", 2, None)]).unwrap();
    assert_eq!(store.find_control_claim(&"KRV-2026-0001/1".parse().unwrap()).unwrap(), None);
}

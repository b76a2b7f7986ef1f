//! Consignments, movements, entries and ETAs.

use crate::Place;
use jiff::Timestamp;
use kervan_model::{DossierId, EntryId, EntryKind, Reference};
use kervan_store::{CaseRows, ConsignmentRow, EntryRow, EtaRow, MovementRow, Store, Write};

fn reference(number: u32) -> Reference {
    format!("KRV-2026-{number:04}").parse().unwrap()
}

fn dossier(number: u32) -> DossierId {
    format!("{number:064x}").parse().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_796_000_000 + second).unwrap()
}

fn consignment(number: u32, state: &str, second: i64) -> ConsignmentRow {
    ConsignmentRow {
        reference: reference(number),
        dossier: dossier(number),
        state: state.into(),
        summary: format!("{{\"n\":{number}}}"),
        updated: at(second),
    }
}

fn movement(number: u32, state: &str, due: Option<i64>) -> MovementRow {
    MovementRow {
        id: format!("{}/1", reference(number)).parse().unwrap(),
        reference: reference(number),
        state: state.into(),
        movement: "{}".into(),
        updated: at(0),
        due: due.map(at),
        mrn: Some(format!("mrn {number}")),
    }
}

pub(crate) fn projections(place: &Place) {
    let store = place.open();
    let state = |number: u32| ["draft", "planned", "held"][number as usize % 3];
    let rows = (0..30).map(|number| Write::Consignment(consignment(number, state(number), number.into())));
    store.save(rows.collect()).unwrap();
    store.save(vec![Write::Consignment(consignment(3, "delivered", 99))]).unwrap();
    assert_eq!(store.find_consignment(&reference(3)).unwrap(), Some(consignment(3, "delivered", 99)));
    assert_eq!(store.find_consignment_of(&dossier(4)).unwrap(), Some(consignment(4, "planned", 4)));
    assert!(
        store.has_consignment(&reference(29)).unwrap() && !store.has_consignment(&reference(30)).unwrap()
    );
    let named = |rows: Vec<ConsignmentRow>| rows.iter().map(|row| row.reference.clone()).collect::<Vec<_>>();
    let wanted = [reference(30), reference(9), reference(2)];
    assert_eq!(named(store.find_consignments(&wanted).unwrap()), [reference(2), reference(9)]);
    let (known, containers) = store.list_known(&wanted, &[]).unwrap();
    assert_eq!(Vec::from_iter(known), [reference(2), reference(9)]);
    assert!(containers.is_empty());
    assert!(store.find_consignments(&[]).unwrap().is_empty());
    let all = named(store.list_consignments(None, Some(&reference(27)), 9).unwrap());
    assert_eq!(all, [reference(28), reference(29)]);
    let planned = named(store.list_consignments(Some("planned"), Some(&reference(4)), 2).unwrap());
    assert_eq!(planned, [reference(7), reference(10)]);
    let stale = store.list_stale_consignments(at(6), 10).unwrap();
    assert_eq!(stale, [reference(1), reference(2), reference(4), reference(5)]);
    store
        .save(vec![
            Write::Movement(movement(1, "released", Some(50))),
            Write::Movement(movement(2, "released", None)),
            Write::Movement(movement(3, "lodged", Some(10))),
            Write::Movement(movement(4, "lodged", Some(60))),
        ])
        .unwrap();
    let unread = |row: MovementRow| MovementRow { mrn: None, ..row };
    let third = unread(movement(3, "lodged", Some(10)));
    assert_eq!(store.find_movement(&third.id).unwrap(), Some(third.clone()));
    assert_eq!(store.find_movement_by_mrn("mrn 3").unwrap(), Some(third.clone()));
    assert_eq!(store.list_movements_of(&reference(3)).unwrap(), [third]);
    assert_eq!(store.list_movements(None, 10).unwrap().len(), 4);
    assert_eq!(
        store.list_movements(Some("released"), 1).unwrap(),
        [unread(movement(1, "released", Some(50)))]
    );
    let due: Vec<_> =
        store.list_due_movements(at(50), 10).unwrap().into_iter().map(|row| row.reference).collect();
    assert_eq!(due, [reference(3), reference(1)]);
}

fn entry(number: u32, of: u32, text: &str) -> EntryRow {
    let id: EntryId = format!("ab{number:062x}").parse().unwrap();
    EntryRow {
        dossier: dossier(of),
        id,
        kind: EntryKind::ALL[number as usize % EntryKind::ALL.len()].word().to_owned(),
        author: "carrier".parse().unwrap(),
        authored: at(number.into()),
        entry: text.into(),
    }
}

pub(crate) fn entries(place: &Place) {
    let store = place.open();
    let save = |store: &Store, numbers: std::ops::Range<u32>| {
        let text = |number: u32| format!("entry {number}");
        let rows = numbers.map(|number| Write::Entry(entry(number, number % 3, &text(number))));
        store.save(rows.collect()).unwrap();
    };
    save(&store, 0..10);
    // Half of them are there already, and one comes twice in a batch.
    save(&store, 5..15);
    let twice = |text: &str| Write::Entry(entry(15, 0, text));
    store.save(vec![twice("entry 15"), twice("another")]).unwrap();
    assert_eq!(store.count_entries().unwrap(), 16);
    assert_eq!(
        store.list_entries(&dossier(0)).unwrap(),
        ["entry 0", "entry 3", "entry 6", "entry 9", "entry 12", "entry 15"]
    );
    store
        .save(vec![
            Write::Disclosed(entry(3, 0, "more of 3")),
            Write::Disclosed(entry(4, 0, "of no such dossier")),
        ])
        .unwrap();
    assert_eq!(store.list_entries(&dossier(0)).unwrap()[1], "more of 3");
    assert_eq!(store.list_entries(&dossier(1)).unwrap()[1], "entry 4");
    let kinds = EntryKind::ALL.len() as u32;
    let last = (0..16).rev().filter(|number| number % kinds == 1).take(2);
    let last: Vec<_> = last.map(|number| format!("entry {number}")).collect();
    assert_eq!(store.list_entries_of_kind(EntryKind::ALL[1], 2).unwrap(), last);
    let rows = [Write::Consignment(consignment(2, "held", 0)), Write::Movement(movement(2, "lodged", None))];
    assert_eq!(store.find_case(&reference(2)).unwrap(), None, "entries alone are no consignment");
    store.save(rows.into()).unwrap();
    let expected = CaseRows {
        consignment: consignment(2, "held", 0),
        entries: store.list_entries(&dossier(2)).unwrap(),
        movements: store.list_movements_of(&reference(2)).unwrap(),
    };
    assert_eq!((expected.entries.len(), expected.movements.len()), (5, 1));
    assert_eq!(store.find_case(&reference(2)).unwrap(), Some(expected));
}

pub(crate) fn etas(place: &Place) {
    let store = place.open();
    let eta = |number: u32, second: i64| EtaRow {
        reference: reference(number),
        given: at(second),
        p10: at(second + 1),
        p50: at(second + 2),
        p90: at(second + 3),
        because: "it left".into(),
        estimate: "{}".into(),
    };
    store
        .save([(1, 0), (2, 5), (1, 9), (1, 7)].map(|(number, second)| Write::Eta(eta(number, second))).into())
        .unwrap();
    assert_eq!(store.list_etas(&reference(1)).unwrap(), [eta(1, 0), eta(1, 9), eta(1, 7)]);
    assert_eq!(store.list_course(&reference(1), 5).unwrap().0, [eta(1, 0), eta(1, 9), eta(1, 7)]);
    assert_eq!(store.find_last_eta(&reference(1)).unwrap(), Some(eta(1, 7)));
    assert_eq!(store.find_last_eta(&reference(3)).unwrap(), None);
}

//! Moving a store from one database to the other and back: every row, and life goes on.

use crate::cases::{
    audit, batches, consignments, events, guarantees, identity, messages, positions, tracking,
};
use crate::{Place, event_list, postgres};
use kervan_store::{Store, StoreError, StoreLocation, TableSum, Topic, Write, copy_store, sum_store};
use std::collections::BTreeSet;

/// Cases that leave rows in most tables between them.
const FILLED: &[fn(&Place)] = &[
    audit::chained,
    identity::people_and_keys,
    identity::sessions,
    batches::everything_small,
    consignments::entries,
    consignments::etas,
    consignments::projections,
    events::by_time,
    events::vocabularies_and_jobs,
    guarantees::claims,
    guarantees::nothing_of_a_short_batch,
    messages::kept_and_forgotten,
    positions::odd_times,
    tracking::measures_and_scores,
    tracking::alarms_and_closures,
    tracking::ways,
];

fn copy(from: &StoreLocation, to: &StoreLocation) -> Result<Vec<TableSum>, StoreError> {
    copy_store(from, to, false, &mut |_| {})
}

/// What a node writes next, into tables whose rows are numbered.
fn go_on(store: &Store, number: u64) {
    let before = (store.last_event(), store.last_change().unwrap());
    let eta = kervan_store::EtaRow {
        reference: "KRV-9".parse().unwrap(),
        given: jiff::Timestamp::UNIX_EPOCH,
        p10: jiff::Timestamp::UNIX_EPOCH,
        p50: jiff::Timestamp::UNIX_EPOCH,
        p90: jiff::Timestamp::UNIX_EPOCH,
        because: String::new(),
        estimate: "{}".into(),
    };
    let change = Write::Change { topic: Topic::Position, payload: "{}".into() };
    let fixes = kervan_store::DeviceFixes { device: "a new device".into(), state: None, fixes: Vec::new() };
    store
        .save(vec![Write::Event(event_list::event(number)), Write::Eta(eta), change, Write::Fixes(fixes)])
        .unwrap();
    assert_eq!(store.last_event(), before.0 + 1);
    assert_eq!(store.last_change().unwrap(), before.1 + 1);
}

#[test]
fn a_store_goes_from_one_database_to_the_other_and_back() {
    let Some(server) = postgres::shared() else { return };
    let mut filled = BTreeSet::new();
    for case in FILLED {
        let (first, second, third) = (Place::in_folder(), Place::on_server(server), Place::in_folder());
        case(&first);
        let there = copy(&first.location, &second.location).unwrap();
        let back = copy(&second.location, &third.location).unwrap();
        assert_eq!(there, back);
        for place in [&first, &second, &third] {
            assert_eq!(sum_store(&place.location, &mut |_| {}).unwrap(), there);
        }
        filled.extend(there.iter().filter(|sum| sum.rows > 0).map(|sum| sum.table.clone()));
        go_on(&second.open(), 9_000);
        go_on(&third.open(), 9_000);
        let full = copy(&first.location, &second.location);
        assert!(matches!(full, Err(StoreError::NotEmpty { .. })), "{full:?}");
    }
    assert!(filled.len() > 25, "{filled:?}");
}

#[test]
fn a_store_in_use_is_copied_as_it_was_at_one_instant_and_moved_only_when_it_is_not() {
    for place in [Some(Place::in_folder()), postgres::shared().map(Place::on_server)].into_iter().flatten() {
        let store = place.open();
        go_on(&store, 9_000);
        let (moved, kept) = (Place::in_folder(), Place::in_folder());
        let refused = copy(&place.location, &moved.location);
        assert!(matches!(refused, Err(StoreError::InUse { .. } | StoreError::Held { .. })), "{refused:?}");
        // While it is copied the node goes on.
        let mut number = 0;
        let mut told = |_: kervan_store::CopyProgress<'_>| {
            number += 1;
            store.save(vec![Write::Note { name: format!("note {number}"), value: "v".into() }]).unwrap();
        };
        let sums = copy_store(&place.location, &kept.location, true, &mut told).unwrap();
        assert!(number > 20);
        let notes = sums.iter().find(|sum| sum.table == "note").unwrap();
        assert_eq!(notes.rows, 0, "the view is older than the first note");
        go_on(&kept.open(), 9_001);
    }
    let nothing = Place::in_folder();
    let missing = copy(&nothing.location, &Place::in_folder().location);
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
}

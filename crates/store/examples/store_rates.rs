//! How fast entries are signed and stored, each on the disk before it counts: `cargo xtask bench store`.
//!
//! Sixteen writers sign entries and save each as a batch of its own; the store takes what waits into one commit. The sizes are
//! the dossiers that are in the store already: 1,000, 10,000 and 100,000; the argument `1000000` adds the largest, which takes
//! minutes and two gigabytes to fill.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement prints what a clock says")]
#![allow(clippy::unwrap_used, reason = "the input is made here")]

use jiff::Timestamp;
use kervan_dossier::{Author, Draft, EventReported, Fact, PartyKey};
use kervan_model::{DossierId, EntryId, Role};
use kervan_store::{EntryRow, Store, Write};
use serde_json::json;
use std::time::Instant;

const WRITERS: usize = 16;
const ENTRIES_OF_EACH: usize = 1_500;

fn dossier(number: usize) -> DossierId {
    format!("{number:064x}").parse().unwrap()
}

fn sign(key: &PartyKey, number: usize) -> EntryRow {
    let at = Timestamp::from_second(1_796_000_000 + i64::try_from(number).unwrap()).unwrap();
    let fact = Fact::EventReported(EventReported {
        event_hash: format!("ni:///sha-256;{number:064x}?ver=CBV2.0"),
        event_type: "ObjectEvent".to_owned(),
        biz_step: Some("departing".to_owned()),
        place: Some("KZAAU".parse().unwrap()),
        at,
    });
    let author = Author { party: "carrier".parse().unwrap(), role: Role::Carrier, territory: None };
    let parent: EntryId = dossier(number).as_str().parse().unwrap();
    let draft = Draft::following(dossier(number), vec![parent], &fact, author, at);
    let mut salt = (number as u128) << 8;
    let entry = draft
        .sign(key, &mut || {
            salt += 1;
            salt.to_be_bytes()
        })
        .unwrap();
    EntryRow {
        dossier: dossier(number),
        id: entry.id().clone(),
        kind: entry.header().kind.word().to_owned(),
        author: entry.header().author.party.clone(),
        authored: at,
        entry: String::from_utf8(entry.to_bytes()).unwrap(),
    }
}

/// Fills the store with dossiers of one entry each, cheaply: the text of one entry under another id.
fn fill(store: &Store, from: usize, to: usize, like: &EntryRow) {
    for start in (from..to).step_by(10_000) {
        let rows = (start..to.min(start + 10_000)).map(|number| {
            let id = format!("f{number:063x}").parse().unwrap();
            Write::Entry(EntryRow { dossier: dossier(number), id, ..like.clone() })
        });
        store.save(rows.collect()).unwrap();
    }
}

fn measure(store: &Store, key: &PartyKey, round: usize) -> f64 {
    let clock = Instant::now();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for index in 0..ENTRIES_OF_EACH {
                    let number = (round * WRITERS + writer) * ENTRIES_OF_EACH + index;
                    store.save(vec![Write::Entry(sign(key, number))]).unwrap();
                }
            });
        }
    });
    (WRITERS * ENTRIES_OF_EACH) as f64 / clock.elapsed().as_secs_f64()
}

fn main() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let store = Store::open(folder.path()).unwrap();
    let key = PartyKey::from_seed([7; 32]);
    let like = sign(&key, 0);
    let mut sizes = vec![1_000, 10_000, 100_000];
    sizes.extend(std::env::args().skip(1).filter_map(|size| size.parse::<usize>().ok()));
    let mut filled = 0;
    for (round, size) in sizes.into_iter().enumerate() {
        fill(&store, filled, size, &like);
        filled = size;
        let value = measure(&store, &key, round).round();
        let bar = 5_000.0;
        let row = json!({"case": "append, sign and store, durable", "size": size, "unit": "entries/s", "value": value,
            "bar": bar, "better": "higher", "met": value >= bar});
        println!("{row}");
    }
}

//! How fast entries are signed and stored, each on the disk before it counts: `cargo xtask bench store`.
//!
//! Writers, 16 and then 64 at a time, sign entries and save each as a batch of its own; the store takes what waits into one
//! commit, so that more writers share each flush of the disk. Every entry belongs to another dossier, the worst case for the
//! indexes. The sizes are the dossiers that are in the store already: 1,000, 10,000 and 100,000; the argument `1000000` adds
//! the largest, which takes minutes and two gigabytes to fill.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement prints what a clock says")]
#![allow(clippy::unwrap_used, reason = "the input is made here")]

use jiff::Timestamp;
use kervan_dossier::{Author, Draft, EventReported, Fact, PartyKey};
use kervan_model::{DossierId, EntryId, Role};
use kervan_store::{EntryRow, Store, Write};
use serde_json::json;
use std::time::Instant;

const WRITERS: [usize; 2] = [16, 64];
const ENTRIES_OF_ROUND: usize = 25_600;

fn dossier(number: usize) -> DossierId {
    format!("{number:064x}").parse().unwrap()
}

/// The entry of a number; neighbouring numbers belong to dossiers far from each other.
fn sign(key: &PartyKey, number: usize, dossiers: usize) -> EntryRow {
    let dossier = dossier(number * 7_919 % dossiers);
    let at = Timestamp::from_second(1_796_000_000 + i64::try_from(number).unwrap()).unwrap();
    let fact = Fact::EventReported(EventReported {
        event_hash: format!("ni:///sha-256;{number:064x}?ver=CBV2.0"),
        event_type: "ObjectEvent".to_owned(),
        biz_step: Some("departing".to_owned()),
        place: Some("KZAAU".parse().unwrap()),
        at,
    });
    let author = Author { party: "carrier".parse().unwrap(), role: Role::Carrier, territory: None };
    let parent: EntryId = dossier.as_str().parse().unwrap();
    let draft = Draft::following(dossier.clone(), vec![parent], &fact, author, at);
    let mut salt = (number as u128) << 8;
    let entry = draft
        .sign(key, &mut || {
            salt += 1;
            salt.to_be_bytes()
        })
        .unwrap();
    EntryRow {
        dossier,
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

fn measure(store: &Store, key: &PartyKey, round: usize, (writers, dossiers): (usize, usize)) -> f64 {
    let entries_of_each = ENTRIES_OF_ROUND / writers;
    let clock = Instant::now();
    std::thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || {
                for index in 0..entries_of_each {
                    let number = round * ENTRIES_OF_ROUND + writer * entries_of_each + index;
                    store.save(vec![Write::Entry(sign(key, number, dossiers))]).unwrap();
                }
            });
        }
    });
    ENTRIES_OF_ROUND as f64 / clock.elapsed().as_secs_f64()
}

fn main() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let store = Store::open(folder.path()).unwrap();
    let key = PartyKey::from_seed([7; 32]);
    let like = sign(&key, 0, 1);
    let mut sizes = vec![1_000, 10_000, 100_000];
    sizes.extend(std::env::args().skip(1).filter_map(|size| size.parse::<usize>().ok()));
    let mut filled = 0;
    let mut round = 0;
    for size in sizes {
        fill(&store, filled, size, &like);
        filled = size;
        for writers in WRITERS {
            let value = measure(&store, &key, round, (writers, size)).round();
            round += 1;
            let case = format!("sign and store, {writers} at a time");
            let bar = 5_000.0;
            let row = json!({"case": case, "size": size, "unit": "entries/s", "value": value, "bar": bar,
                "better": "higher", "met": value >= bar});
            println!("{row}");
        }
    }
}

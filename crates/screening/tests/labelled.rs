//! The labelled pairs: how good matching is on the part that was never looked at while tuning.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "test helpers outside of test functions; figures for people"
)]

use kervan_screening::{PartyKind, Tables};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

struct Pair {
    left: String,
    right: String,
    kind: PartyKind,
    same: bool,
    held_out: bool,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn tables() -> Tables {
    Tables::load(|file| fs::read_to_string(root().join("data").join(file)).ok()).unwrap()
}

/// A third of the pairs is held out: those whose names, in order, hash to it.
fn is_held_out(left: &str, right: &str) -> bool {
    let mut two = [left, right];
    two.sort_unstable();
    Sha256::digest(two.join("|").as_bytes())[0] % 3 == 0
}

fn pairs() -> Vec<Pair> {
    let path = root().join("crates/screening/tests/labelled/pairs.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let records = reader.records().map(|record| record.unwrap());
    records
        .map(|record| Pair {
            left: record[0].to_owned(),
            right: record[1].to_owned(),
            kind: PartyKind::find(&record[2]).unwrap(),
            same: &record[3] == "1",
            held_out: is_held_out(&record[0], &record[1]),
        })
        .collect()
}

/// Precision, recall and F1.
fn quality<'a>(tables: &Tables, pairs: impl Iterator<Item = &'a Pair>) -> (f64, f64, f64) {
    let (mut right, mut wrong, mut missed) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let score = tables.compare_texts(&pair.left, &pair.right, Some(pair.kind)).score;
        match (score >= tables.threshold(), pair.same) {
            (true, true) => right += 1.0,
            (true, false) => wrong += 1.0,
            (false, true) => missed += 1.0,
            (false, false) => {}
        }
    }
    (right / (right + wrong), right / (right + missed), 2.0 * right / (2.0 * right + wrong + missed))
}

#[test]
fn the_set_is_large_and_of_every_kind() {
    let pairs = pairs();
    assert!(pairs.len() >= 600, "{} pairs", pairs.len());
    for kind in PartyKind::ALL {
        for same in [true, false] {
            let count = pairs.iter().filter(|pair| pair.kind == kind && pair.same == same).count();
            assert!(count >= 20, "{count} pairs of {kind:?} that are {same}");
        }
    }
    let two: BTreeSet<_> = pairs.iter().map(|pair| (&pair.left, &pair.right)).collect();
    assert_eq!(two.len(), pairs.len(), "no pair stands there twice");
}

#[test]
fn held_out_pairs_are_told_apart() {
    let (tables, pairs) = (tables(), pairs());
    for (part, held_out) in [("training", Some(false)), ("held out", Some(true)), ("all", None)] {
        let chosen: Vec<_> =
            pairs.iter().filter(|pair| held_out.is_none_or(|wanted| pair.held_out == wanted)).collect();
        let (precision, recall, f1) = quality(&tables, chosen.iter().copied());
        println!("{part}: {} pairs, precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}", chosen.len());
        assert!(f1 >= 0.92, "{part}: F1 {f1:.3}");
    }
    for kind in PartyKind::ALL {
        let (precision, recall, f1) = quality(&tables, pairs.iter().filter(|pair| pair.kind == kind));
        println!("{}: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}", kind.word());
        assert!(f1 >= 0.88, "{kind:?}: F1 {f1:.3}");
    }
}

#[test]
fn the_order_of_a_pair_does_not_matter() {
    let tables = tables();
    for pair in pairs().iter().filter(|pair| pair.held_out) {
        let there = tables.compare_texts(&pair.left, &pair.right, Some(pair.kind)).score;
        let back = tables.compare_texts(&pair.right, &pair.left, Some(pair.kind)).score;
        let apart = there.thousandths().abs_diff(back.thousandths());
        assert!(apart <= 5, "{} / {}: {there} and {back}", pair.left, pair.right);
    }
}

#[test]
fn every_pair_gives_the_same_twice_and_itself_in_full() {
    let (tables, again) = (tables(), tables());
    for pair in pairs().iter().step_by(3) {
        let once = tables.compare_texts(&pair.left, &pair.right, Some(pair.kind));
        assert_eq!(once, again.compare_texts(&pair.left, &pair.right, Some(pair.kind)));
        let itself = tables.compare_texts(&pair.left, &pair.left, Some(pair.kind)).score;
        assert!(itself.thousandths() >= 990, "{} with itself: {itself}", pair.left);
    }
}

//! The repository against a list in memory, over restarts, damage and merges.

use super::event_list::{check, save};
use crate::Store;
use std::path::Path;

fn folder_of_runs(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("events-index")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_repository_answers_as_a_list_does_over_restarts_and_merges() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for step in [1, 39, 1, 200, 7, 400, 1_000, 3] {
        let store = Store::open(folder.path()).unwrap();
        check(&store, count);
        for start in (0..step).step_by(23) {
            // Half of each batch was there already.
            save(&store, (count + start).saturating_sub(12)..count + (start + 23).min(step));
        }
        count += step;
        check(&store, count);
        store.index.settle().unwrap();
        check(&store, count);
    }
    let files = folder_of_runs(folder.path());
    assert!(files.len() < 12, "merged: {files:?}");
}

#[test]
fn a_damaged_missing_or_foreign_run_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    for (folder, numbers) in [(&folder, 0..400), (&other, 1_000..1_400)] {
        let store = Store::open(folder.path()).unwrap();
        save(&store, numbers);
        store.index.settle().unwrap();
    }
    let run = folder_of_runs(folder.path()).remove(0);
    let foreign = folder_of_runs(other.path()).remove(0);
    let whole = std::fs::read(&run).unwrap();
    for damage in [
        whole[..whole.len() - 1].to_vec(),
        whole
            .iter()
            .enumerate()
            .map(|(at, byte)| if at == whole.len() - 60 { byte ^ 1 } else { *byte })
            .collect(),
        Vec::new(),
        std::fs::read(foreign).unwrap(),
    ] {
        std::fs::write(&run, damage).unwrap();
        std::fs::write(run.with_extension("tmp"), b"half").unwrap();
        check(&Store::open(folder.path()).unwrap(), 400);
    }
    std::fs::remove_dir_all(folder.path().join("events-index")).unwrap();
    check(&Store::open(folder.path()).unwrap(), 400);
}

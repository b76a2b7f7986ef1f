//! A play with a journal: everything that it saved comes back from an empty backup, to its end and to a commit in the middle.

use super::program::{kervan, play};
use kervan_store::{StoreLocation, TableSum, sum_store};
use serde_json::{Value, json};
use std::path::Path;

fn told(arguments: &[&str]) -> (i32, String, Value) {
    let output = kervan().args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().unwrap(), text, value)
}

/// The sums of what was played. Where a journal is stands in a note, and that a store was brought back in the audit log.
fn sums(folder: &Path) -> Vec<TableSum> {
    let all = sum_store(&StoreLocation::Folder(folder.to_owned()), &mut |_| {}).unwrap();
    all.into_iter().filter(|sum| !matches!(sum.table.as_str(), "note" | "audit")).collect()
}

#[test]
fn what_was_played_comes_back_from_an_empty_backup_and_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    let (data, journal, backup) = (text("data"), text("journal"), text("backup"));
    assert_eq!(told(&["people", "list", "--data", &data]).0, 0);
    assert_eq!(told(&["store", "journal", "begin", &journal, "--data", &data]).0, 0);
    assert_eq!(told(&["store", "backup", &backup, "--data", &data]).0, 0);
    // Looking through a backup takes nothing from what it is for.
    assert_eq!(told(&["store", "check", "--rebuild", "--data", &backup]).0, 0);
    play(&path("data"), 1);
    let (code, said, shown) = told(&["store", "journal", "show", &journal, "--json"]);
    let last = shown["segments"].as_array().unwrap().last().unwrap()["last"].as_i64().unwrap();
    assert!(code == 0 && last > 100, "{said} {shown}");

    let whole = text("whole");
    let begin = ["store", "restore", "--from", &backup, "--journal", &journal, "--json", "--to"];
    let (code, said, report) = told(&[&begin[..], &[&whole]].concat());
    assert_eq!(
        (code, &report["record"], &report["check"]["differences"]),
        (0, &json!(last), &json!([])),
        "{said}"
    );
    assert_eq!(sums(&path("whole")), sums(&path("data")));
    let (code, _, log) = told(&["audit", "list", "--json", "--data", &whole]);
    assert!(code == 0 && log.to_string().contains("store-restored"), "{log}");
    assert_eq!(told(&["audit", "check", "--data", &whole]).0, 0);

    let (middle, record) = (text("middle"), (last / 2).to_string());
    let (code, said, report) = told(&[&begin[..], &[&middle, "--record", &record]].concat());
    let events = |report: &Value| report["check"]["events"].as_u64().unwrap();
    assert_eq!((code, &report["record"]), (0, &json!(last / 2)), "{said} {report}");
    assert!(events(&report) > 0 && sums(&path("middle")) != sums(&path("data")), "{report}");

    // What was brought back goes on in a journal of its own.
    let (code, said, _) = told(&["store", "journal", "begin", &journal, "--data", &whole]);
    assert!(code == 2 && said.contains("name an empty one"), "{said}");
    assert_eq!(told(&["store", "journal", "begin", &text("second"), "--data", &whole]).0, 0);
    assert_eq!(told(&["store", "journal", "end", "--data", &whole]).0, 0);
    let (code, said, _) =
        told(&["store", "restore", "--from", &whole, "--journal", &journal, "--to", &text("none")]);
    assert!(code == 2 && said.contains("no journal goes on from it"), "{said}");
}

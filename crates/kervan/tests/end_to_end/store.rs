//! A store that was played is checked, moved to the other database and back, backed up, damaged and mended.

use super::postgres;
use super::program::{kervan, played};
use std::path::Path;
use std::process::Output;

fn store(arguments: &[&str]) -> Output {
    kervan().arg("store").args(arguments).output().unwrap()
}

/// The exit code, and what was printed as JSON.
fn told(arguments: &[&str]) -> (i32, serde_json::Value) {
    let output = store(arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| serde_json::Value::String(text));
    (output.status.code().unwrap(), value)
}

fn check(data: &Path, more: &[&str]) -> (i32, serde_json::Value) {
    let data = data.to_str().unwrap();
    told(&[&["check", "--rebuild", "--json", "--data", data], more].concat())
}

#[test]
fn a_store_is_checked_moved_backed_up_damaged_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let (data, _) = played();
    let played = data.path().to_owned();
    let (code, report) = check(&played, &[]);
    assert_eq!((code, &report["differences"]), (0, &serde_json::json!([])), "{report}");
    assert!(report["entries"].as_u64() > Some(50) && report["events"].as_u64() > Some(20), "{report}");

    let backup = folder.path().join("backup");
    let (from, to) = (played.to_str().unwrap(), backup.to_str().unwrap());
    assert_eq!(told(&["backup", to, "--data", from, "--json"]).0, 0);
    let (again, refused) = told(&["copy", "--from", from, "--to", to]);
    assert_eq!(again, 2);
    assert!(refused.as_str().unwrap().contains("choose an empty place"), "{refused}");
    if let Some(server) = postgres::shared() {
        let (url, back) = (server.fresh_url(), folder.path().join("back"));
        let (code, there) = told(&["copy", "--from", from, "--to", &url, "--json"]);
        assert_eq!(code, 0, "{there}");
        let (code, returned) = told(&["copy", "--from", &url, "--to", back.to_str().unwrap(), "--json"]);
        assert_eq!(code, 0, "{returned}");
        assert_eq!(there["tables"], returned["tables"]);
        let (code, on_server) = check(&folder.path().join("index"), &["--store", &url]);
        assert_eq!((code, &on_server), (0, &report));
    }

    // Somebody writes into the file: the projections say so and are mended, an entry is named and left.
    let file = rusqlite::Connection::open(backup.join("kervan.sqlite")).unwrap();
    file.execute_batch(
        "UPDATE consignment SET state = 'draft'; UPDATE movement SET due = '2030-01-01T00:00:00Z';
         UPDATE circle SET relations = 65535 WHERE who = 'party:silkline'; DELETE FROM departed; DELETE FROM measured;
         INSERT INTO way SELECT reference, 'place:XXNOW' FROM consignment WHERE true ON CONFLICT DO NOTHING;
         INSERT INTO dwelling SELECT reference, 'nowhere', '2026-12-01T00:00:00Z' FROM consignment WHERE true ON CONFLICT DO NOTHING",
    )
    .unwrap();
    let (code, found) = check(&backup, &[]);
    let parts = |part: &str| found["differences"].as_array().unwrap().iter().any(|one| one["part"] == part);
    assert!(
        code == 1
            && ["state", "due", "circle", "way", "dwelling", "measured", "departed"].into_iter().all(parts),
        "{found}"
    );
    let (code, mended) = check(&backup, &["--repair"]);
    assert!(code == 0 && mended["mended"].as_u64() > Some(0), "{mended}");
    assert_eq!(check(&backup, &[]), (0, report));
    file.execute_batch(
        "UPDATE entry SET entry = replace(entry, '\"authored\":\"2', '\"authored\":\"1') WHERE seq = 9",
    )
    .unwrap();
    let (code, found) = check(&backup, &["--repair"]);
    assert_eq!((code, &found["mended"]), (1, &serde_json::json!(0)), "{found}");
}

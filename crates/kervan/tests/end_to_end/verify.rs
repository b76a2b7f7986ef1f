//! A stranger checks an exported dossier, and a forger is found out.

use super::program::{export, played, run};
use serde_json::Value;
use std::path::Path;

fn verify(file: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut arguments = vec!["verify", file.to_str().unwrap(), "--json"];
    arguments.extend(more);
    let output = run(&arguments);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn an_export_verifies_and_any_changed_byte_is_named() {
    let (folder, _) = played();
    let file = folder.path().join("dossier.json");
    let bytes = export(folder.path(), "KRV-2026-0002", &file);
    let (code, report) = verify(&file, &[]);
    assert_eq!((code, &report["verified"]), (Some(0), &Value::Bool(true)), "{report}");

    // Twelve places spread over the file; every position is walked by the dossier room's own tests.
    let forged = folder.path().join("forged.json");
    for step in 0..12 {
        let position = step * (bytes.len() - 1) / 11;
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        std::fs::write(&forged, &changed).unwrap();
        let (code, report) = verify(&forged, &[]);
        assert_eq!(code, Some(1), "byte {position}: {report}");
        let errors: Vec<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["severity"] == "error")
            .collect();
        assert!(!errors.is_empty(), "byte {position} is named: {report}");
        assert!(
            errors.iter().all(|finding| finding["message"].as_str().is_some_and(|text| !text.is_empty()))
        );
    }
}

#[test]
fn a_head_from_elsewhere_must_be_the_dossiers() {
    let (folder, report) = played();
    let file = folder.path().join("dossier.json");
    export(folder.path(), "KRV-2026-0001", &file);
    let head = report["consignments"][0]["heads"][0].as_str().unwrap();
    assert_eq!(verify(&file, &["--head", head]).0, Some(0));
    let other = report["consignments"][1]["heads"][0].as_str().unwrap();
    let (code, report) = verify(&file, &["--head", other]);
    assert_eq!(code, Some(1));
    assert_eq!(report["findings"][0]["code"], "dossier.other-head");
}

#[test]
fn what_cannot_be_read_is_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.json");
    assert_eq!(run(&["verify", missing.to_str().unwrap()]).status.code(), Some(2));
    let junk = folder.path().join("junk.json");
    for text in ["", "{}", "not json", "[[[[[[[["] {
        std::fs::write(&junk, text).unwrap();
        let (code, report) = verify(&junk, &[]);
        assert_eq!(code, Some(1), "{text}");
        assert_eq!(report["verified"], false, "{text}");
    }
}

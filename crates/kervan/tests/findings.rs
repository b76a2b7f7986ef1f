//! The table of finding codes is held against the program.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use kervan::facts::Facts;
use kervan::findings::{FindingRow, find_table, list_rows};
use std::path::Path;

/// The text of every source file of the rooms, without tests.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, files: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for room in std::fs::read_dir(rooms).unwrap() {
        let source = room.unwrap().path().join("src");
        if source.is_dir() {
            walk(&source, &mut files);
        }
    }
    files
}

#[test]
fn every_code_of_the_table_occurs_in_the_program() {
    let sources = sources();
    let rows = list_rows();
    assert!(rows.len() > 150, "{} rows", rows.len());
    // The codes of packs are put together from `rules.` and a word.
    let occurs = |code: &str| {
        let word = code.strip_prefix("rules.").map(|word| format!("\"{word}\""));
        sources.iter().any(|(_, text)| {
            text.contains(&format!("\"{code}\"")) || word.as_ref().is_some_and(|word| text.contains(word))
        })
    };
    let dead: Vec<_> = rows.iter().filter(|row| !occurs(&row.code)).map(|row| row.code.clone()).collect();
    assert!(dead.is_empty(), "these codes no longer occur: {dead:?}");
    let twice: Vec<_> = rows.windows(2).filter(|pair| pair[0].code >= pair[1].code).collect();
    assert!(twice.is_empty(), "the table is not in order: {twice:?}");
}

#[test]
fn every_code_of_rules_and_risk_has_its_row() {
    let rows = list_rows();
    let mut missing = Vec::new();
    let rooms = [
        "/risk/src",
        "/customs/src/rules",
        "/customs/src/selection",
        "/node/src/risk_book",
        "/node/src/rule_book",
        "/node/src/officer",
        "/node/src/screening",
        "/screening/src",
        "/node/src/replay",
    ];
    for (path, text) in sources().iter().filter(|(path, _)| rooms.iter().any(|room| path.contains(room))) {
        for (at, _) in text.match_indices("Finding::") {
            let rest = text.get(at..).unwrap_or_default();
            let Some((_, rest)) = rest.split_once("(\"") else { continue };
            let Some((code, _)) = rest.split_once('"') else { continue };
            let shaped = code.contains('.')
                && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.' || byte == b'-');
            if shaped && code != "c.d" && !rows.iter().any(|row| row.code == code) {
                missing.push(format!("{path}: {code}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_finding_is_told_in_every_language_that_has_a_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/findings");
    let rows = list_rows();
    let mut faults = Vec::new();
    let mut languages = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if name == "findings" || path.extension().is_none_or(|end| end != "csv") {
            continue;
        }
        languages += 1;
        let told = find_table(&Facts::default(), &name.parse().unwrap());
        let codes = |rows: &[FindingRow]| rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>();
        let (known, has) = (codes(&rows), codes(&told));
        faults.extend(
            known.iter().filter(|code| !has.contains(code)).map(|code| format!("{name}: {code} is missing")),
        );
        faults.extend(
            has.iter().filter(|code| !known.contains(code)).map(|code| format!("{name}: {code} is no code")),
        );
        for row in &told {
            let Some(english) = rows.iter().find(|english| english.code == row.code) else { continue };
            for (english, told) in [(&english.meaning, &row.meaning), (&english.remedy, &row.remedy)] {
                let holes = english.matches("...").count();
                let once = (1..=holes).all(|hole| told.matches(&format!("{{{hole}}}")).count() == 1);
                if !once
                    || told.matches('{').count() != holes + english.matches('{').count()
                    || english.is_empty() != told.is_empty()
                {
                    faults.push(format!("{name}: {}: `{english}` is told as `{told}`", row.code));
                }
            }
        }
    }
    assert!(languages >= 7, "{languages} languages");
    assert!(faults.is_empty(), "{faults:#?}");
}

//! Our verdict on the schema against a validator by others, over the published schemas, where these are there.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test, and it says when it had nothing to compare with"
)]

mod generate;

use fastxml::schema::{Schema, Validator};
use generate::spoil::{spoil, spoil_bytes};
use generate::{Draw, message};
use kervan_ncts::{Layer, MessageType, check, parse_message, write};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
/// Parts that every schema includes.
const PARTS: [&str; 6] = ["ctypes", "stypes", "htypes", "tcl", "doc", "ermis-types"];

fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/ncts/xsd");
    if path.is_dir() {
        return Some(path.canonicalize().unwrap());
    }
    eprintln!("no published schemas at {}; nothing compared", path.display());
    None
}

/// The published schema of a message, for the other validator.
fn load_schema(folder: &Path, kind: MessageType) -> Arc<Schema> {
    let mut builder = Schema::builder();
    for name in [kind.code().to_lowercase().as_str()].iter().chain(&PARTS) {
        let file = folder.join(format!("{name}.xsd"));
        builder = builder.add(file.display().to_string(), fs::read(&file).unwrap());
    }
    Arc::new(builder.resolve().unwrap())
}

fn drawn(kind: MessageType, draw: &mut Draw) -> String {
    String::from_utf8(write(&message(kind, draw))).unwrap()
}

fn spoiled(kind: MessageType, draw: &mut Draw) -> String {
    let mut drawn = message(kind, draw);
    for _ in 0..=draw.below(2) {
        spoil(&mut drawn, draw);
    }
    String::from_utf8(write(&drawn)).unwrap()
}

fn with_spoiled_root(kind: MessageType, draw: &mut Draw) -> String {
    let drawn = message(kind, draw);
    spoil_bytes(&drawn, draw)
}

/// What two judges said of a set of messages.
#[derive(Default)]
struct Agreement {
    valid: usize,
    invalid: usize,
    differing: Vec<String>,
}

impl Agreement {
    fn note(&mut self, kind: MessageType, text: &str, theirs: bool, words: impl Fn() -> String) {
        let report = check(text.as_bytes());
        match (report.is_schema_valid(), theirs) {
            (true, true) => self.valid += 1,
            (false, false) => self.invalid += 1,
            _ => {
                let ours: Vec<_> =
                    report.faults.iter().filter(|fault| fault.layer != Layer::Rule).take(3).collect();
                self.differing.push(format!("{kind}: ours {ours:?}, theirs {}", words()));
            }
        }
    }

    fn end(self, name: &str) {
        let Self { valid, invalid, differing } = self;
        eprintln!("{name}: {valid} valid and {invalid} invalid agree, {} differ", differing.len());
        let first: Vec<_> = differing.iter().take(10).cloned().collect();
        assert!(differing.is_empty(), "\n{}\n", first.join("\n"));
    }
}

fn compare(name: &str, rounds: u64, draw_text: impl Fn(MessageType, &mut Draw) -> String) {
    let Some(folder) = folder() else { return };
    let mut agreement = Agreement::default();
    for (index, kind) in MessageType::ALL.iter().enumerate() {
        let schema = load_schema(&folder, *kind);
        for round in 0..rounds {
            let text = draw_text(*kind, &mut Draw::new(round * 1_000 + index as u64));
            let reader = Validator::from_reader(Cursor::new(text.clone().into_bytes()));
            let theirs = reader.schema(Arc::clone(&schema)).run();
            let valid = theirs.as_ref().is_ok_and(|report| report.is_valid());
            let words = || {
                theirs
                    .as_ref()
                    .map_or_else(ToString::to_string, |report| format!("{:?}", report.errors().first()))
            };
            agreement.note(*kind, &text, valid, words);
        }
    }
    agreement.end(name);
}

#[test]
fn valid_by_the_table_is_valid_by_the_schemas() {
    compare("drawn", 4, drawn);
}

#[test]
fn what_was_spoiled_is_judged_alike() {
    compare("spoiled", 20, spoiled);
}

/// The same with libxml2, which also knows all about namespaces and attributes; only where its program is installed.
#[test]
fn libxml2_judges_alike() {
    let Some(folder) = folder() else { return };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("no xmllint here; nothing compared with libxml2");
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let mut agreement = Agreement::default();
    for (index, kind) in MessageType::ALL.iter().enumerate() {
        let mut texts = Vec::new();
        for round in 0..40 {
            let draw = &mut Draw::new(77_000 + round * 1_000 + index as u64);
            texts.extend([
                drawn(*kind, draw),
                spoiled(*kind, draw),
                spoiled(*kind, draw),
                with_spoiled_root(*kind, draw),
            ]);
        }
        let files: Vec<PathBuf> =
            (0..texts.len()).map(|number| scratch.path().join(format!("{kind}-{number}.xml"))).collect();
        for (file, text) in files.iter().zip(&texts) {
            fs::write(file, text).unwrap();
        }
        let schema = folder.join(format!("{}.xsd", kind.code().to_lowercase()));
        let said =
            Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).args(&files).output().unwrap();
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        for (file, text) in files.iter().zip(&texts) {
            let valid = said.contains(&format!("{} validates", file.display()));
            let words = || {
                said.lines()
                    .filter(|line| line.contains(&file.display().to_string()))
                    .take(2)
                    .collect::<String>()
            };
            agreement.note(*kind, text, valid, words);
        }
    }
    agreement.end("libxml2");
}

#[test]
fn what_is_written_reads_as_it_was() {
    for (index, kind) in MessageType::ALL.iter().enumerate() {
        for round in 0..20 {
            let drawn = message(*kind, &mut Draw::new(round * 1_000 + index as u64));
            let bytes = write(&drawn);
            let read = parse_message(&bytes).unwrap();
            assert_eq!(read, drawn, "{kind} {round}");
            assert_eq!(write(&read), bytes, "{kind} {round}");
            assert!(check(&bytes).is_schema_valid(), "{kind} {round}: {:#?}", check(&bytes).faults.first());
        }
    }
}

//! Whoever changes an exported dossier is found out, and told where.

use crate::world::*;
use kervan_dossier::{Dossier, Entry, VerifyReport, export, import, verify};
use kervan_dossier::{ResolvedKeys, canonical::jcs};
use kervan_model::EntryId;
use proptest::prelude::*;
use serde_json::{Value, json};

fn check(bytes: &[u8]) -> VerifyReport {
    verify(bytes, &table(), None)
}

/// A small dossier, so that every byte of it can be flipped.
fn small() -> Dossier {
    let mut world = World::new();
    let mut dossier = world.start();
    world.say(&mut dossier, "railway", &event(1));
    dossier
}

#[test]
fn an_export_verifies_and_comes_back() {
    let dossier = World::new().whole();
    let bytes = export(&dossier);
    let report = check(&bytes);
    assert!(report.verified, "{:?}", report.findings);
    assert_eq!(codes(&report.findings), ["dossier.no-trust-list"]);
    assert_eq!((report.entries, &report.heads), (7, &dossier.heads()));
    let again = import(&bytes, &ResolvedKeys::default()).unwrap();
    assert_eq!(again, dossier);
    assert_eq!(export(&again), bytes);
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let mut canonical = jcs(&value).unwrap();
    canonical.push(b'\n');
    assert_eq!(canonical, bytes, "the export is canonical JSON and one line feed");
}

#[test]
fn every_flipped_byte_is_refused() {
    let bytes = export(&small());
    let table = table();
    // The checks before the signatures refuse most flips, so all of them together take seconds, not minutes.
    for position in 0..bytes.len() {
        for pattern in [0x01, 0x20, 0x80] {
            let mut changed = bytes.clone();
            changed[position] ^= pattern;
            let report = verify(&changed, &table, None);
            assert!(!report.verified, "byte {position} ^ {pattern:#x}");
            let error = report.findings.iter().find(|finding| finding.code.starts_with("dossier."));
            assert!(
                error.is_some_and(|finding| finding.path.is_some()),
                "byte {position}: {:?}",
                report.findings
            );
        }
    }
}

#[test]
fn every_shortened_or_lengthened_file_is_refused() {
    let bytes = export(&small());
    for length in 0..bytes.len() {
        assert!(!check(&bytes[..length]).verified, "{length} bytes");
    }
    for more in [b"\n".as_slice(), b" ", b"{}", b"\0"] {
        assert!(!check(&[&bytes, more].concat()).verified);
        assert!(!check(&[more, &bytes].concat()).verified);
    }
}

/// Changes the JSON, writes it canonically again, and gives the findings that are errors.
fn tampered(dossier: &Dossier, change: impl FnOnce(&mut Value)) -> Vec<(String, String)> {
    let mut value: Value = serde_json::from_slice(&export(dossier)).unwrap();
    change(&mut value);
    let mut bytes = jcs(&value).unwrap();
    bytes.push(b'\n');
    let report = check(&bytes);
    assert!(!report.verified, "{:?}", report.findings);
    report
        .findings
        .into_iter()
        .filter(|finding| finding.severity == kervan_model::Severity::Error)
        .map(|finding| (finding.code, finding.path.unwrap_or_default()))
        .collect()
}

/// Values that are replaced, or added: pointer, new value, and the finding that must name it.
pub(crate) const REPLACED: [[&str; 4]; 23] = [
    ["/entries/0/body/prices/content/items/0/minor", "1", "dossier.body-mismatch", "/entries/0/body/prices"],
    [
        "/entries/0/body/prices/salt",
        "\"00000000000000000000000000000000\"",
        "dossier.body-mismatch",
        "/entries/0/body/prices",
    ],
    [
        "/entries/1/body/more",
        "{\"content\":1,\"salt\":\"00000000000000000000000000000000\"}",
        "dossier.unknown-group",
        "/entries/1/body/more",
    ],
    ["/entries/1/extra", "1", "dossier.malformed-entry", "/entries/1"],
    ["/entries/1/header/extra", "1", "dossier.malformed-entry", "/entries/1/header"],
    ["/entries/1/header/authored", "\"2026-12-01T00:00:00Z\"", "dossier.bad-signature", "/entries/1/header"],
    [
        "/entries/1/header/authored",
        "\"2026-12-01T00:00:00+00:00\"",
        "dossier.malformed-entry",
        "/entries/1/header",
    ],
    ["/entries/1/header/author/role", "\"terminal\"", "dossier.bad-signature", "/entries/1/header"],
    ["/entries/1/header/author/role", "\"king\"", "dossier.malformed-entry", "/entries/1/header"],
    ["/entries/1/header/kind", "\"new_kind\"", "dossier.bad-signature", "/entries/1/header"],
    ["/entries/1/header/kind", "\"Not a kind\"", "dossier.malformed-entry", "/entries/1/header"],
    ["/entries/1/header/groups/event", ZEROS, "dossier.bad-signature", "/entries/1/header"],
    ["/entries/1/header/parents", "[]", "dossier.bad-signature", "/entries/1/header"],
    ["/entries/1/header/dossier", ZEROS, "dossier.bad-signature", "/entries/1/header"],
    [
        "/entries/1/header/proof/created",
        "\"2026-12-01T00:00:00Z\"",
        "dossier.bad-signature",
        "/entries/1/header",
    ],
    [
        "/entries/1/header/proof/proofValue",
        "\"zzz\"",
        "dossier.bad-proof",
        "/entries/1/header/proof/proofValue",
    ],
    [
        "/entries/1/header/proof/cryptosuite",
        "\"ecdsa-jcs-2019\"",
        "dossier.bad-proof",
        "/entries/1/header/proof",
    ],
    [
        "/entries/1/header/proof/verificationMethod",
        "\"did:web:a.example#k\"",
        "dossier.unresolved-key",
        "/entries/1/header/proof/verificationMethod",
    ],
    [
        "/entries/1/header/proof/verificationMethod",
        "\"did:key:zz#zz\"",
        "dossier.malformed-entry",
        "/entries/1/header",
    ],
    ["/format", "\"kervan-dossier/2\"", "dossier.format", "/format"],
    ["/dossier", ZEROS, "dossier.no-first-entry", "/dossier"],
    ["/heads", "[]", "dossier.heads", "/heads"],
    ["/more", "1", "dossier.malformed-file", ""],
];

const ZEROS: &str = "\"0000000000000000000000000000000000000000000000000000000000000000\"";

#[test]
fn careful_tampering_is_named() {
    let dossier = World::new().whole();
    for [pointer, new, code, path] in REPLACED {
        let found = tampered(&dossier, |file| {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            file.pointer_mut(parent).unwrap()[name] = serde_json::from_str(new).unwrap();
        });
        let named = |(found, at): &(String, String)| found == code && at.starts_with(path);
        assert!(found.iter().any(named), "{pointer} = {new}: {code} at {path} is not in {found:?}");
        assert_eq!(found.len(), 1, "{pointer} = {new}: one cause is named once, not {found:?}");
    }
}

#[test]
fn entries_left_out_doubled_or_moved_are_named() {
    type Edit = fn(&mut Vec<Value>);
    let cases: [(Edit, &str, &str); 7] = [
        (|entries| drop(entries.remove(2)), "dossier.missing-parent", "/entries/2/header/parents"),
        (|entries| drop(entries.pop()), "dossier.heads", "/heads"),
        (|entries| drop(entries.remove(0)), "dossier.no-first-entry", "/dossier"),
        (|entries| entries.swap(1, 2), "dossier.order", "/entries/1"),
        (|entries| entries.insert(1, entries[0].clone()), "dossier.duplicate", "/entries/1"),
        (
            |entries| entries[1]["body"] = entries[4]["body"].clone(),
            "dossier.unknown-group",
            "/entries/1/body/changes",
        ),
        (
            |entries| drop(entries[0]["body"].as_object_mut().unwrap().remove("participants")),
            "dossier.control-withheld",
            "/entries/0/body",
        ),
    ];
    let dossier = World::new().whole();
    for (number, (edit, code, path)) in cases.into_iter().enumerate() {
        let found = tampered(&dossier, |file| edit(file["entries"].as_array_mut().unwrap()));
        let expected = (code.to_owned(), path.to_owned());
        assert!(found.contains(&expected), "case {number}: {expected:?} is not in {found:?}");
    }
}

#[test]
fn an_entry_of_another_dossier_is_a_replay() {
    let mut world = World::new();
    let (mut one, mut other) = (world.start(), world.start());
    let id = world.say(&mut other, "railway", &event(1));
    let stray = other.find_entry(&id).unwrap().clone();
    let findings = one.insert(stray.clone()).unwrap_err();
    assert_eq!(codes(&findings), ["dossier.replay"]);
    let first: EntryId = other.id().as_str().parse().unwrap();
    assert_eq!(
        codes(&one.insert(other.find_entry(&first).unwrap().clone()).unwrap_err()),
        ["dossier.replay"]
    );
    assert_eq!(codes(&one.merge(&other).unwrap_err()), ["dossier.replay", "dossier.replay"]);
    assert!(Dossier::start(stray.clone()).is_err());
    let found = tampered(&one, |file| {
        let stray: Value = serde_json::from_slice(&stray.to_bytes()).unwrap();
        file["entries"].as_array_mut().unwrap().push(stray);
    });
    assert!(
        found.contains(&("dossier.replay".to_owned(), "/entries/1/header/dossier".to_owned())),
        "{found:?}"
    );
}

#[test]
fn an_entry_of_a_kind_of_the_future_is_kept_and_ignored() {
    // Signed by hand, as a newer version would.
    let mut world = World::new();
    let mut dossier = world.start();
    let entry = world.after(&dossier.id().clone(), &dossier.heads(), "railway", &event(1));
    let mut value: Value = serde_json::from_slice(&entry.to_bytes()).unwrap();
    let mut header = value["header"].as_object().unwrap().clone();
    header.remove("proof");
    header.insert("kind".into(), json!("seal_broken"));
    let created = header["authored"].as_str().unwrap().to_owned();
    let signed =
        kervan_dossier::eddsa::sign_document(&Value::Object(header), &created, &key("railway", 0)).unwrap();
    value["header"] = signed;
    let entry = Entry::read(&jcs(&value).unwrap()).unwrap();
    let id = entry.id().clone();
    dossier.insert(entry).unwrap();
    let next = world.say(&mut dossier, "railway", &event(2));
    let state = state(&dossier);
    assert_eq!(standing(&state, &id), "dossier.unknown-kind");
    assert_eq!(standing(&state, &next), "in force");
    assert!(check(&export(&dossier)).verified);
}

#[test]
fn hostile_files_get_a_clear_answer() {
    let long = "[".repeat(10_000);
    let big = vec![b' '; kervan_dossier::limits::MOST_FILE_BYTES + 1];
    let cases: &[(&[u8], &str, Option<&str>)] = &[
        (b"", "dossier.not-json", None),
        (b"\n", "dossier.not-json", Some("byte 0")),
        (b"{}\n", "dossier.malformed-file", Some("byte 1")),
        (b"{}", "dossier.not-json", Some("byte 1")),
        (b"null\n", "dossier.malformed-file", Some("byte 3")),
        (long.as_bytes(), "dossier.too-deep", Some("byte 65")),
        (b"{\"a\":1,\"a\":2}\n", "dossier.duplicate-member", Some("byte 7")),
        (b"{\"a\":1.5}\n", "dossier.not-an-integer", Some("byte 5")),
        (b"{\"b\":1,\"a\":2}\n", "dossier.not-canonical", Some("byte 7")),
        (b"\xff\n", "dossier.not-json", Some("byte 0")),
        (&big, "dossier.file-too-long", None),
    ];
    for (bytes, code, path) in cases {
        let report = check(bytes);
        assert!(!report.verified);
        let finding = &report.findings[0];
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
        assert_eq!((finding.code.as_str(), finding.path.as_deref()), (*code, *path), "{shown}: {finding:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_mutations_neither_verify_nor_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u8>()), 1..5),
    ) {
        let bytes = export(&small());
        let mut changed = bytes.clone();
        for (at, how, byte) in edits {
            // Of an empty file nothing can be changed or taken away: something is put in.
            let (at, how) = if changed.is_empty() { (0, 1) } else { (at.index(changed.len()), how) };
            match how {
                0 => changed[at] = byte,
                1 => changed.insert(at, byte),
                2 => { changed.remove(at); }
                _ => changed.truncate(at),
            }
        }
        prop_assume!(changed != bytes);
        prop_assert!(!check(&changed).verified);
    }

    #[test]
    fn random_bytes_neither_verify_nor_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!check(&bytes).verified);
        let _ = Entry::read(&bytes);
    }
}

//! Packages: what is packed verifies, and every byte that is changed is named with its file.

use crate::world::*;
use kervan_dossier::canonical::{jcs, sha256_hex};
use kervan_dossier::{
    AttachedDocument, DocumentIssued, Dossier, Fact, KeyFacts, PackageFile, Reader, Sealing, VerifyReport,
    verify_package, write_package,
};
use kervan_model::Severity;
use serde_json::json;

fn check(bytes: &[u8]) -> VerifyReport {
    verify_package(bytes, &table(), &Reader::default()).report
}

fn packed(sealed: bool) -> (Dossier, Vec<u8>) {
    let mut world = World::new();
    let mut dossier = world.start();
    let data = jcs(&json!({"note": "CIM/SMGS"})).unwrap();
    let scan = b"%PDF a foreign invoice".to_vec();
    let issued = Fact::DocumentIssued(DocumentIssued {
        slug: "cim-smgs".into(),
        type_code: "722".parse().unwrap(),
        number: "N-1".into(),
        issued: "2026-12-05T10:00:00Z".parse().unwrap(),
        data_sha256: sha256_hex(&data),
        replaces: None,
        carries: vec![],
    });
    let attached = Fact::DocumentAttached(AttachedDocument {
        type_code: "380".parse().unwrap(),
        number: "INV-7".into(),
        issued: "2026-11-20".parse().unwrap(),
        issuer: party("seller"),
        sha256: sha256_hex(&scan),
        media_type: "application/pdf".into(),
        facts: KeyFacts::default(),
    });
    world.say(&mut dossier, "mover", &issued);
    world.say(&mut dossier, "seller", &attached);
    let files = [
        PackageFile::document("cim-smgs.json", [data, b"\n".to_vec()].concat()),
        PackageFile::document("cim-smgs.pdf", b"%PDF-1.7 print".to_vec()),
        PackageFile::attachment("pdf", scan),
    ];
    let key = key("mover", 0);
    let sealing = sealed.then_some(Sealing { key: &key, at: "2026-12-06T10:00:00Z".parse().unwrap() });
    let bytes = write_package(&dossier, &state(&dossier), &files, sealing).unwrap();
    (dossier, bytes)
}

#[test]
fn a_package_verifies_as_its_dossier_does() {
    for (sealed, remark) in [(false, "package.unsealed"), (true, "package.sealed")] {
        let (dossier, bytes) = packed(sealed);
        let unpacked = verify_package(&bytes, &table(), &Reader::default());
        assert!(unpacked.report.verified, "{:?}", unpacked.report.findings);
        assert_eq!(codes(&unpacked.report.findings), ["dossier.no-trust-list", remark]);
        assert_eq!(unpacked.dossier, Some(dossier));
        assert_eq!(unpacked.documents.len(), 3);
        assert_eq!(&bytes[30..38], b"mimetype");
        assert_eq!(&bytes[38..69], kervan_dossier::PACKAGE_TYPE.as_bytes());
    }
}

#[test]
fn every_changed_byte_of_a_package_is_named_with_its_file() {
    let (_, bytes) = packed(true);
    let table = table();
    for step in 0..900 {
        let position = step * (bytes.len() - 1) / 899;
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        let report = verify_package(&changed, &table, &Reader::default()).report;
        let errors: Vec<_> =
            report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(!report.verified, "byte {position}");
        assert!(errors[0].path.is_some(), "byte {position}: {errors:?}");
    }
    for length in (0..bytes.len()).step_by(97) {
        assert!(!check(&bytes[..length]).verified);
    }
}

/// Packs other documents, as a forger with a zip program could: checksums and manifests fit.
#[test]
fn a_forger_who_packs_anew_is_found_out() {
    let (dossier, _) = packed(false);
    for (file, code) in [
        (PackageFile::attachment("pdf", b"another invoice".to_vec()), "package.not-attached"),
        (PackageFile::document("cim-smgs.json", b"{}\n".to_vec()), "package.not-issued"),
    ] {
        let bytes = write_package(&dossier, &state(&dossier), &[file], None).unwrap();
        assert!(codes(&check(&bytes).findings).contains(&code), "{code}");
    }
    for name in ["documents/../../etc/passwd", "README.txt", "documents/a b"] {
        let file = PackageFile { name: name.to_owned(), bytes: vec![] };
        let findings = write_package(&dossier, &state(&dossier), &[file], None).unwrap_err();
        assert_eq!(codes(&findings), ["package.name"], "{name}");
    }
    let twice = PackageFile::document("a.json", vec![]);
    assert!(write_package(&dossier, &state(&dossier), &[twice.clone(), twice], None).is_err());
}

#[test]
fn what_is_no_package_is_said_so() {
    for bytes in [&b""[..], b"PK", b"PK\x03\x04", b"PK\x05\x06", &[b'P'; 100]] {
        let report = check(bytes);
        assert_eq!(codes(&report.findings), ["package.not-a-package"]);
    }
}

//! Dossiers in files, without a node: made, extended, withheld from, packed, compared and merged.

use super::program::{kervan, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A folder with two keys, a dossier, and two copies of it that grew apart.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.done(&["key", "new", "-o", "mover.pem"]);
        desk.done(&["key", "new", "-o", "seller.pem"]);
        let shown = String::from_utf8(desk.done(&["key", "show", "seller.pem"]).stdout).unwrap();
        let did = shown.lines().next().unwrap().strip_prefix("did: ").unwrap().to_owned();
        let rows = format!("did,party,role,territory,key_id,key\n{did},seller,consignor,,,\n");
        desk.write("participants.csv", rows.as_bytes());
        let consignment =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/demo/consignments/KRV-2026-0001.yaml");
        let key = ["--key", "mover.pem", "--participants", "participants.csv", "-o", "dossier.json"];
        desk.done(&[&["dossier", "new", consignment][..], &key].concat());
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        kervan().current_dir(self.folder.path()).args(arguments).output().unwrap()
    }

    pub(crate) fn done(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// The codes of a refusal, which must end with code 1.
    pub(crate) fn refused(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            output.status.code(),
            Some(1),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = findings.as_array().or(findings["findings"].as_array()).unwrap();
        findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Attaches a foreign invoice to one copy and amends the other.
    pub(crate) fn grow_apart(&self) {
        self.write("invoice.pdf", b"%PDF a foreign invoice");
        self.write("invoice.yaml", b"type_code: '380'\nnumber: INV-9\nissued: 2026-11-20\nissuer: seller\n");
        self.write(
            "weighed.yaml",
            b"reason: weighed\nchanges: [{path: /goods/0/gross_mass, value: 23456000}]\n",
        );
        for copy in ["one.json", "other.json"] {
            self.write(copy, &self.read("dossier.json"));
        }
        let attached = ["--kind", "document_attached", "--file", "invoice.pdf", "--body", "invoice.yaml"];
        self.done(&[&["dossier", "add", "one.json", "--key", "seller.pem"][..], &attached].concat());
        let amended = ["--kind", "consignment_amended", "--body", "weighed.yaml"];
        self.done(&[&["dossier", "add", "other.json", "--key", "mover.pem"][..], &amended].concat());
    }
}

fn report(desk: &Desk, file: &str) -> Value {
    serde_json::from_slice(&desk.run(&["verify", file, "--json"]).stdout).unwrap()
}

#[test]
fn copies_that_grew_apart_become_one() {
    let desk = Desk::new();
    desk.grow_apart();
    let different = desk.run(&["dossier", "diff", "one.json", "other.json", "--json"]);
    assert_eq!(different.status.code(), Some(1));
    let difference: Value = serde_json::from_slice(&different.stdout).unwrap();
    assert_eq!(
        (
            difference["only_left"].as_array().unwrap().len(),
            difference["only_right"].as_array().unwrap().len()
        ),
        (1, 1)
    );
    desk.done(&["dossier", "merge", "one.json", "other.json", "-o", "ab.json"]);
    desk.done(&["dossier", "merge", "other.json", "one.json", "ab.json", "-o", "ba.json"]);
    assert_eq!(desk.read("ab.json"), desk.read("ba.json"));
    assert_eq!(report(&desk, "ab.json")["entries"], 3);
    desk.done(&["dossier", "diff", "ab.json", "ba.json"]);
    let both: Value =
        serde_json::from_slice(&desk.done(&["verify", "one.json", "other.json", "--json"]).stdout).unwrap();
    assert_eq!(both["together"][0]["code"], "dossier.grew-apart");
}

#[test]
fn what_is_withheld_still_verifies_and_what_is_packed_is_whole() {
    let desk = Desk::new();
    desk.grow_apart();
    desk.done(&["dossier", "export", "one.json", "--withhold", "prices,parties", "-o", "withheld.json"]);
    assert_eq!(report(&desk, "withheld.json")["verified"], true);
    assert!(!String::from_utf8(desk.read("withheld.json")).unwrap().contains("\"minor\""));
    desk.done(&["dossier", "merge", "withheld.json", "one.json", "-o", "filled.json"]);
    assert_eq!(desk.read("filled.json"), desk.read("one.json"));

    let pack = ["dossier", "export", "one.json", "--format", "asice", "--key", "mover.pem"];
    desk.done(&[&pack[..], &["--with", "invoice.pdf", "-o", "package.zip"]].concat());
    assert_eq!(report(&desk, "package.zip")["verified"], true);
    let bytes = desk.read("package.zip");
    for step in 0..24 {
        let position = step * (bytes.len() - 1) / 23;
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        desk.write("changed.zip", &changed);
        assert_eq!(report(&desk, "changed.zip")["verified"], false, "byte {position}");
    }
    desk.write("another.pdf", b"%PDF another");
    let stray = [&pack[..], &["--with", "another.pdf", "-o", "stray.zip"]].concat();
    assert_eq!(desk.refused(&stray), ["package.not-attached"]);
}

#[test]
fn only_a_participant_adds_and_only_what_counts() {
    let desk = Desk::new();
    desk.grow_apart();
    desk.done(&["key", "new", "-o", "stranger.pem"]);
    let before = desk.read("one.json");
    let add = ["dossier", "add", "one.json", "--kind"];
    let weighed = ["consignment_amended", "--body", "weighed.yaml", "--key"];
    for (more, code) in [
        (vec!["stranger.pem"], "dossier.not-a-participant"),
        (vec!["seller.pem"], "dossier.outside-authority"),
        (vec!["mover.pem", "--role", "customs"], "dossier.role-not-granted"),
    ] {
        assert_eq!(desk.refused(&[&add[..], &weighed, &more].concat()), [code]);
    }
    assert_eq!(
        desk.refused(&[&add[..], &["nonsense", "--body", "weighed.yaml", "--key", "mover.pem"]].concat()),
        ["dossier.no-such-kind"]
    );
    assert_eq!(
        desk.refused(&[&add[..], &["key_revoked", "--body", "weighed.yaml", "--key", "mover.pem"]].concat()),
        ["dossier.malformed-fact"]
    );
    assert_eq!(desk.read("one.json"), before, "what is refused changes nothing");
    desk.done(&[&add[..], &["key_rotated", "--new-key", "stranger.pem", "--key", "mover.pem"]].concat());
    assert_eq!(desk.refused(&[&add[..], &weighed, &["mover.pem"]].concat()), ["dossier.not-a-participant"]);
    desk.done(&[&add[..], &weighed, &["stranger.pem"]].concat());
    assert_eq!(report(&desk, "one.json")["verified"], true);
    desk.write(
        "forged.json",
        &before.iter().map(|byte| if *byte == b'7' { b'8' } else { *byte }).collect::<Vec<_>>(),
    );
    let forged = desk.run(&["dossier", "merge", "one.json", "forged.json", "-o", "no.json"]);
    assert_eq!(forged.status.code(), Some(1));
    assert!(!Path::new(&desk.path("no.json")).exists());
}

#[test]
fn a_key_file_can_be_under_a_passphrase() {
    let desk = Desk::new();
    desk.write("passphrase", b"a long way\n");
    desk.done(&["key", "new", "-o", "safe.pem", "--passphrase-file", "passphrase"]);
    assert!(
        String::from_utf8(desk.read("safe.pem"))
            .unwrap()
            .starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    );
    assert_eq!(desk.run(&["key", "show", "safe.pem"]).status.code(), Some(2));
    desk.done(&["key", "show", "safe.pem", "--passphrase-file", "passphrase"]);
    assert_eq!(
        desk.run(&["key", "new", "-o", "safe.pem"]).status.code(),
        Some(2),
        "a key is never overwritten"
    );
    let help = String::from_utf8(run(&["dossier", "add", "--help"]).stdout).unwrap();
    assert!(help.contains("Examples:"));
}

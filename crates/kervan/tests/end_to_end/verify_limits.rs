//! What bad input gets: a clear finding each, and never a crash.

use super::verify_files::Desk;
use serde_json::Value;

const CONSIGNMENT: &str = include_str!("../../../../scenarios/demo/consignments/KRV-2026-0001.yaml");

/// The codes and messages that a file gets from a command.
fn findings(desk: &Desk, arguments: &[&str]) -> Vec<(String, String)> {
    let output = desk.run(&[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = value.as_array().or(value["findings"].as_array()).unwrap().clone();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    list.iter().map(|finding| (text(finding, "code"), text(finding, "message"))).collect()
}

#[test]
fn a_dossier_that_is_none_is_said_so() {
    let desk = Desk::new();
    let good = desk.read("dossier.json");
    let deep = "[".repeat(10_000);
    let marked = [b"\xef\xbb\xbf", good.as_slice()].concat();
    let twice = String::from_utf8(good.clone()).unwrap().replacen(
        "{\"dossier\"",
        "{\"dossier\":\"0\",\"dossier\"",
        1,
    );
    let spaced = String::from_utf8(good.clone()).unwrap().replacen(":", ": ", 1);
    let broken = [&good[..100], b"\xff", &good[101..]].concat();
    for (bytes, code, part) in [
        (deep.as_bytes(), "dossier.too-deep", "byte 65"),
        (&marked, "dossier.not-canonical", "byte order mark"),
        (twice.as_bytes(), "dossier.duplicate-member", "stands twice"),
        (spaced.as_bytes(), "dossier.not-canonical", "a space"),
        (&broken, "dossier.not-json", "not UTF-8 at byte 100"),
        (b"PK\x03\x04 no package", "package.not-a-package", "byte 0"),
        (b"", "dossier.not-json", "empty"),
    ] {
        desk.write("bad", bytes);
        let found = findings(&desk, &["verify", "bad"]);
        let errors: Vec<_> =
            found.iter().filter(|(found, message)| found == code && message.contains(part)).collect();
        assert_eq!(errors.len(), 1, "{code} {part}: {found:?}");
    }
}

#[test]
fn a_file_of_two_gigabytes_is_not_read() {
    let desk = Desk::new();
    // No disk is written: the file has a length and no content.
    std::fs::File::create(desk.path("huge")).unwrap().set_len(2 << 30).unwrap();
    let found = findings(&desk, &["verify", "huge"]);
    assert_eq!(found[0].0, "dossier.file-too-long");
    assert!(found[0].1.contains("2147483648 bytes") && found[0].1.contains("not read"), "{found:?}");
    for command in [["dossier", "show", "huge"], ["key", "show", "huge"]] {
        assert_eq!(desk.run(&command).status.code(), Some(2), "{command:?}");
    }
    let new = ["dossier", "new", "huge", "--key", "mover.pem", "-o", "none.json"];
    assert_eq!(desk.run(&new).status.code(), Some(2));
}

#[test]
fn a_consignment_file_gets_a_finding_for_what_is_wrong_in_it() {
    let desk = Desk::new();
    let deep_json = format!("{{\"goods\": {}", "[".repeat(10_000));
    let deep_yaml = format!("goods: {}", "[".repeat(10_000));
    let first_line = CONSIGNMENT.lines().next().unwrap();
    let latin = [CONSIGNMENT.as_bytes(), b"# \xe9\n"].concat();
    let twice = format!("{CONSIGNMENT}\n{first_line}\n");
    let marked = format!("\u{feff}{CONSIGNMENT}");
    let cases: [(&str, &[u8], &str, &str); 9] = [
        (
            "check.yaml",
            CONSIGNMENT.replace("QINU3041120", "QINU3041121").as_bytes(),
            "consignment.not-a-code",
            "check digit should be 0",
        ),
        (
            "text.yaml",
            CONSIGNMENT.replace("\"845011\"", "\"80810\"").as_bytes(),
            "consignment.not-a-code",
            "080810?",
        ),
        (
            "number.yaml",
            CONSIGNMENT.replace("\"845011\"", "80810").as_bytes(),
            "consignment.not-a-code",
            "080810?",
        ),
        ("deep.json", deep_json.as_bytes(), "dossier.too-deep", "64 levels"),
        ("deep.yaml", deep_yaml.as_bytes(), "file.not-yaml", "too deep in each other"),
        ("latin.yaml", &latin, "dossier.not-utf-8", "byte"),
        ("marked.yaml", marked.as_bytes(), "dossier.byte-order-mark", "byte order mark"),
        ("twice.yaml", twice.as_bytes(), "file.not-yaml", "stands twice"),
        ("twice.json", b"{\"goods\": 1, \"goods\": 2}", "dossier.duplicate-member", "stands twice"),
    ]
    .map(|(name, bytes, code, part)| (name, Vec::leak(bytes.to_vec()) as &[u8], code, part));
    for (name, bytes, code, part) in cases {
        desk.write(name, bytes);
        let found = findings(&desk, &["dossier", "new", name, "--key", "mover.pem", "-o", "none.json"]);
        assert!(
            found.iter().any(|(found, message)| found == code && message.contains(part)),
            "{name}: {found:?}"
        );
        assert!(!desk.path("none.json").exists());
    }
}

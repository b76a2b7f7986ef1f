//! Every finding has its page, and every page its finding.

use kervan_dossier::AuthorityTable;
use std::collections::BTreeSet;
use std::path::Path;

/// The words in quotes that begin like a code.
fn list_codes(text: &str, quote: char) -> BTreeSet<String> {
    text.split(quote)
        .filter(|word| {
            let (room, what) = word.split_once('.').unwrap_or_default();
            ["dossier", "authority", "trust", "package", "bill"].contains(&room)
                && !["csv", "json"].contains(&what)
                && !what.is_empty()
                && what.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_finding_has_its_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used = BTreeSet::new();
    for file in std::fs::read_dir(root.join("src")).unwrap() {
        used.extend(list_codes(&std::fs::read_to_string(file.unwrap().path()).unwrap(), '"'));
    }
    let page = std::fs::read_to_string(root.join("FINDINGS.md")).unwrap();
    assert_eq!(used, list_codes(&page, '`'));
}

#[test]
fn a_faulty_authority_table_is_not_loaded() {
    let good = include_str!("../../../../data/authority/authority.csv");
    let cases = [
        ("kind,role,scope,source\n".to_owned(), "authority.kind-without-role"),
        (format!("{good}seal_broken,carrier,any,x\n"), "authority.row"),
        (format!("{good}event_reported,carrier,everything,x\n"), "authority.row"),
        (format!("{good}event_reported,carrier,any,x\n"), "authority.row-twice"),
        (format!("{good}event_reported,carrier,own_party, \n"), "authority.no-source"),
    ];
    for (text, code) in cases {
        let findings = AuthorityTable::load(&text).unwrap_err();
        assert!(findings.iter().all(|finding| finding.code == code), "{code}: {findings:?}");
        assert!(findings.iter().all(|finding| finding.path.is_some()));
    }
    let rows = "path,role,source,confidence\n/to,carrier,x,low\n";
    for row in [
        "to,carrier,x,low",
        "/to,carrier,x,low",
        "/from,carrier,,low",
        "/from,nobody,x,low",
        "/from,carrier,x",
    ] {
        let findings =
            AuthorityTable::load(good).unwrap().with_consent(&format!("{rows}{row}\n")).unwrap_err();
        assert_eq!(findings.len(), 1, "{row}");
        assert_eq!(findings[0].code, "authority.consent-row", "{row}");
    }
    let table = AuthorityTable::load(good).unwrap();
    assert_eq!(table.list_rows().count(), good.lines().count() - 1);
}

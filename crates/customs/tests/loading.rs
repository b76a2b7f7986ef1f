//! Packs and tables with faults: every fault is named, and nothing is loaded in half.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use kervan_customs::{Content, RulePack, RulePacks, Territories};
use kervan_model::Finding;
use std::collections::BTreeMap;
use world::data;

const HEAD: &str = "pack: p\nversion: '1'\ntitle: t\nterritory: AB\nprocedures: [transit]\nsince: 2026-01-01\n\
    parameters: {limit: 5, list: ['1']}\nrules:\n";

fn rule(id: &str, when: &str) -> String {
    let when = serde_json::to_string(when).unwrap();
    format!(
        "- {{id: {id}, title: t, each: goods, when: {when}, outcome: control, code: c.d, message: 'm {{it.item}}', \
         source: s, remedy: r, confidence: high}}\n"
    )
}

fn faults(text: &str) -> Vec<Finding> {
    RulePack::load(text, |_| None).map(|pack| panic!("{:?}", pack.reference())).unwrap_err()
}

#[test]
fn every_kind_of_fault_in_an_expression_is_found_at_load() {
    let cases = [
        ("it.gross_mass >", "line 1"),
        ("goods", "must be true or false"),
        ("it.gros_mass > 1", "no field `gros_mass`"),
        ("item.gross_mass > 1", "`item` is unknown"),
        ("it.gross_mass == 'heavy'", "`==` does not work on (int, text)"),
        ("it.gross_mass && true", "does not work on (int, bool)"),
        ("it.value > 1", "may be absent"),
        ("parameters.other > 1", "no parameter `other`"),
        ("it.hs.matches('8.*')", "`matches` does not work"),
        ("it.item in parameters.list", "does not work on (int, list of text)"),
        ("unknown_function(it.item)", "`unknown_function` does not work"),
        ("goods.exists(a, goods.exists(b, goods.exists(c, c.item == a.item)))", "nested deeper"),
        ("{'a': 1}.a == 1", "map and struct literals"),
        ("[1, 'a'] == []", "of one kind"),
        ("departure.exists(x, true)", "cannot be walked over"),
        ("goods == goods", "does not work on"),
        ("now > null", "not supported"),
    ];
    for (when, words) in cases {
        let findings = faults(&format!("{HEAD}{}", rule("r", when)));
        assert!(findings.iter().any(|finding| finding.message.contains(words)), "{when}: {findings:?}");
        assert!(
            findings.iter().all(|finding| finding.path.as_deref() == Some("p/r/when")),
            "{when}: {findings:?}"
        );
    }
    let long = format!("it.item == 1 {}", "|| it.item == 1 ".repeat(80));
    assert!(faults(&format!("{HEAD}{}", rule("r", &long)))[0].message.contains("longer than"));
}

#[test]
fn faults_of_all_rules_are_reported_together() {
    let text = format!("{HEAD}{}{}{}", rule("a", "it.x"), rule("a", "true"), rule("b", "1 +"));
    let findings = faults(&text);
    let paths: Vec<_> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    assert_eq!(paths, ["p", "p/a/when", "p/b/when"], "{findings:?}");
}

#[test]
fn texts_and_sources_are_checked_too() {
    let good = rule("r", "true");
    let cases = [
        (good.replace("{it.item}", "{it.nothing}"), "no field `nothing`"),
        (good.replace("{it.item}", "{it.value}"), "may be absent"),
        (good.replace("{it.item}", "{it.item"), "has no `}`"),
        (good.replace("{it.item}", "{it.dangerous}"), "is a bool"),
        (good.replace("each: goods", "each: bags"), "`bags` is none of"),
        (good.replace("confidence: high", "confidence: low"), "must begin with `judgement`"),
        (good.replace("outcome: control", "outcome: seize"), "is none of the words"),
        (good.replace("remedy: r", "remedies: r"), "there is no field"),
    ];
    for (rule, words) in cases {
        let findings = faults(&format!("{HEAD}{rule}"));
        assert!(findings.iter().any(|finding| finding.message.contains(words)), "{words}: {findings:?}");
    }
    assert!(RulePack::load(&format!("{HEAD}{good}"), |_| None).is_ok());
    let guarded = rule("r", "has(it.value) && it.value > 1").replace("{it.item}", "{it.value}");
    assert!(
        RulePack::load(&format!("{HEAD}{guarded}"), |_| None).is_ok(),
        "what `when` asked for holds in the texts"
    );
}

#[test]
fn one_bad_pack_keeps_all_from_being_loaded() {
    let mut files = BTreeMap::new();
    files.insert("good.yaml".to_owned(), format!("{HEAD}{}", rule("r", "true")));
    assert_eq!(RulePacks::load(&files).unwrap().list().count(), 1);
    files.insert("bad.yaml".to_owned(), "pack: q".to_owned());
    let findings = RulePacks::load(&files).unwrap_err();
    assert!(findings[0].path.as_deref().unwrap().starts_with("bad.yaml"), "{findings:?}");
}

#[test]
fn the_hash_follows_the_content_and_not_the_layout() {
    let text = format!("{HEAD}{}", rule("r", "true"));
    let hash = |text: &str| RulePack::load(text, |_| None).unwrap().reference().hash.clone();
    assert_eq!(hash(&text), hash(&format!("# a comment\n{text}")));
    for (was, is) in [
        ("'1'", "'2'"),
        ("limit: 5", "limit: 6"),
        ("when: \"true\"", "when: \"false\""),
        ("remedy: r", "remedy: q"),
    ] {
        assert_ne!(hash(&text), hash(&text.replace(was, is)), "{was}");
    }
}

#[test]
fn a_library_can_be_missing_or_trimmed() {
    let library = format!(
        "library: l\ntitle: t\nparameters: {{limit: 1}}\nrules:\n{}",
        rule("shared", "it.item > parameters.limit")
    );
    let head = HEAD.replace("rules:\n", "include: [l.library.yaml]\nrules:\n");
    let text = format!("{head}{}", rule("own", "true"));
    assert_eq!(faults(&text)[0].code, "rules.library-missing");
    let ids = |text: &str| -> Vec<String> {
        let pack =
            RulePack::load(text, |_| Some(library.clone())).unwrap_or_else(|findings| panic!("{findings:?}"));
        pack.list_rules().iter().map(|rule| rule.id.clone()).collect()
    };
    assert_eq!(ids(&text), ["shared", "own"]);
    assert_eq!(ids(&text.replace("rules:\n", "without: [shared]\nrules:\n")), ["own"]);
}

#[test]
fn a_fault_in_a_table_is_named_with_its_line() {
    let cases = [
        ("members.csv", "EAEU,KZ,2015-01-01", "EAEU,QQ,2015-01-01", "customs.field", "members.csv:"),
        (
            "members.csv",
            "EAEU,KZ,2015-01-01",
            "EAXU,KZ,2015-01-01",
            "customs.unknown-territory",
            "members.csv",
        ),
        (
            "areas.csv",
            "common-transit,GE,2025-02-01",
            "common-transit,GE,2025-02-31",
            "customs.field",
            "areas.csv:5",
        ),
        ("offices.csv", "CN:XIAN", "CN:CHONGQING", "customs.office-twice", "offices.csv"),
        ("requirements.csv", ",rail,", ",train,", "customs.field", "requirements.csv:"),
        ("regimes.csv", ",export,", ",exprot,", "customs.field", "regimes.csv:"),
        ("territories.csv", ",high", ",sure", "customs.field", "territories.csv:2"),
    ];
    for (file, was, is, code, path) in cases {
        let read = |name: &str| {
            let text = data("customs", name)?;
            if name == file {
                assert!(text.contains(was), "{file} has no {was}");
                return Some(text.replacen(was, is, 1));
            }
            Some(text)
        };
        let findings = Territories::load(read).map(|_| panic!("{file}: {is} was taken")).unwrap_err();
        let found = findings.iter().any(|finding| {
            finding.code == code && finding.path.as_deref().is_some_and(|at| at.starts_with(path))
        });
        assert!(found, "{file} {is}: {findings:?}");
    }
    assert!(Territories::load(|_| None).is_err());
}

#[test]
fn a_message_of_an_unknown_kind_is_not_read() {
    for text in [r#"{"message":"hello"}"#, r#"{"message":"mrn_allocated","mrn":"26KZ0000000000000J9"}"#, "{}"]
    {
        assert!(serde_json::from_str::<Content>(text).is_err(), "{text}");
    }
}

//! The rule packs of `data/rules`: all load, and every test case beside them goes as expected.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use kervan_customs::RulePacks;
use kervan_customs::rules::{run_pack_tests, schema};
use std::collections::BTreeMap;
use std::path::Path;

fn rule_files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(&path).unwrap());
    }
    files
}

fn packs(files: &BTreeMap<String, String>) -> RulePacks {
    RulePacks::load(files).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

#[test]
fn every_pack_has_tests_and_all_of_them_pass() {
    let files = rule_files();
    let packs = packs(&files);
    let mut findings = Vec::new();
    let mut fired_somewhere: BTreeMap<String, bool> = BTreeMap::new();
    for pack in packs.list() {
        let id = &pack.reference().id;
        let tests = files.get(&format!("{id}.tests.yaml")).unwrap_or_else(|| panic!("{id} has no tests"));
        let report = run_pack_tests(pack, &files["specimen.case.yaml"], tests);
        assert!(report.cases > 0, "{id}");
        for rule in pack.list_rules() {
            let fired = !report.rules_never_fired.contains(&rule.id);
            *fired_somewhere.entry(rule.id.clone()).or_default() |= fired;
        }
        findings.extend(report.findings);
    }
    assert!(findings.is_empty(), "{findings:#?}");
    let never: Vec<_> = fired_somewhere.iter().filter(|(_, fired)| !**fired).map(|(id, _)| id).collect();
    assert!(never.is_empty(), "no test case makes these rules fire: {never:?}");
}

#[test]
fn what_the_readme_says_expressions_can_see_is_what_they_see() {
    let readme = &rule_files()["README.md"];
    for field in schema::VARIABLES {
        assert!(readme.contains(&format!("`{}`", field.name)), "the variable {} is missing", field.name);
        if let schema::Kind::Record(fields) | schema::Kind::Records(fields) = field.kind {
            for inner in fields {
                assert!(
                    readme.contains(&format!("`{}`", inner.name)),
                    "{}.{} is missing",
                    field.name,
                    inner.name
                );
            }
        }
    }
    for function in schema::FUNCTIONS {
        assert!(
            readme.contains(&format!("`{}(", function.name)),
            "the function {} is missing",
            function.name
        );
    }
}

#[test]
fn the_shipped_packs_pass_their_own_review_and_speak_their_languages() {
    let files = rule_files();
    let packs = packs(&files);
    let mut findings = Vec::new();
    for pack in packs.list() {
        // Coverage is the business of the test above: a rule of a library is tried in one pack for all.
        findings.extend(kervan_customs::rules::review_pack(pack, None));
        assert!(pack.languages().len() >= 2, "{}", pack.reference().id);
    }
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_decision_is_the_same_in_every_language_but_for_its_words() {
    use kervan_customs::{Case, decide, decide_in};
    let files = rule_files();
    let packs = packs(&files);
    let mut case: Case = serde_norway::from_str(&files["specimen.case.yaml"]).unwrap();
    case.declaration.equipment[0].seals.clear();
    let pack = packs.find("eaeu").unwrap();
    let english = decide(pack, &case, case.lodged);
    for (language, word) in [("ru", "пломбы"), ("tr", "mühür")] {
        let other = decide_in(pack, &case, case.lodged, language);
        assert_eq!((other.outcome, &other.acts), (english.outcome, &english.acts));
        let codes = |decision: &kervan_customs::Decision| {
            decision.findings.iter().map(|finding| finding.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&other), codes(&english));
        assert!(other.findings.iter().any(|finding| finding.message.contains(word)), "{:?}", other.findings);
    }
}

/// Every fact that a rule could hold is held by what the table names, or the table says why not.
#[test]
fn each_fact_is_held_by_something_that_is_there_or_has_its_reason() {
    let files = rule_files();
    let packs = packs(&files);
    let rules: std::collections::BTreeSet<&str> =
        packs.list().flat_map(|pack| pack.list_rules()).map(|rule| rule.id.as_str()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let messages = std::fs::read_to_string(root.join("data/ncts/rules.csv")).unwrap();
    let of_messages = |number: &str| {
        let mut rows = messages.lines();
        rows.any(|row| row.starts_with(&format!("{number},")) && !row.split(',').any(|cell| cell == "no"))
    };
    let mut reader = csv::Reader::from_reader(files["facts.csv"].as_bytes());
    let mut counted = 0;
    for row in reader.records().map(Result::unwrap) {
        let (fact, held_by, reason) = (&row[0], &row[2], &row[3]);
        assert!(!held_by.is_empty() || !reason.is_empty(), "{fact}: held by nothing, without a reason");
        for name in held_by.split_whitespace() {
            let there = match name.strip_prefix("ncts:") {
                Some(number) => of_messages(number),
                None if name.starts_with("data/") => root.join(name).exists(),
                None => rules.contains(name),
            };
            assert!(there, "{fact}: {name} is not there, or holds nothing");
        }
        counted += 1;
    }
    assert!(counted > 40, "{counted}");
}

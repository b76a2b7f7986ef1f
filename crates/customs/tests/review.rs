//! What the review of a pack finds: seeded faults, one for each code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use kervan_customs::RulePack;
use kervan_customs::rules::review_pack;

/// A pack of rules, each given as `id | each | condition | act | more lines`.
fn pack(head: &str, rules: &[&str]) -> RulePack {
    let mut text = format!(
        "pack: p\nversion: '1'\ntitle: t\nterritory: AB\nprocedures: [transit]\nsince: 2026-01-01\n{head}rules:\n"
    );
    for rule in rules {
        let parts: Vec<&str> = rule.split(" | ").collect();
        let (id, each, when, act) = (parts[0], parts[1], parts[2], parts[3]);
        let each = if each == "-" { String::new() } else { format!("  each: {each}\n") };
        let more = parts.get(4).map(|line| format!("  {line}\n")).unwrap_or_default();
        text.push_str(&format!(
            "- id: {id}\n  title: t\n{each}  when: \"{when}\"\n  outcome: {act}\n  code: a.b\n  message: m\n  source: s\n  remedy: r\n  confidence: high\n{more}"
        ));
    }
    RulePack::load(&text, |_| None).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn codes(head: &str, rules: &[&str]) -> Vec<String> {
    review_pack(&pack(head, rules), None).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn every_seeded_fault_is_found_and_nothing_else() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("", &["a | - | size(goods) > 3 | control"], &[]),
        ("", &["a | goods | it.packages < 0 | control"], &["rules.never-fires"]),
        ("", &["a | goods | it.packages > 5 && it.packages < 4 | refuse"], &["rules.never-fires"]),
        ("", &["a | goods | it.chapter == 93 && it.heading == '8450' | refuse"], &["rules.never-fires"]),
        ("", &["a | goods | it.packages >= 0 | note"], &["rules.always-fires"]),
        ("", &["a | - | size(goods) > 3 | control | until: 2025-12-31"], &["rules.period-dead"]),
        (
            "",
            &["a | goods | it.chapter == 93 | control", "b | goods | it.chapter in [93] | refuse"],
            &["rules.contradictory"],
        ),
        (
            "",
            &["a | goods | it.chapter == 93 | note", "b | goods | it.chapter > 90 | refuse"],
            &["rules.contradictory"],
        ),
        (
            "",
            &[
                "a | goods | it.chapter > 90 | refuse",
                "b | goods | it.heading == '9301' && it.chapter == 93 | control",
            ],
            &["rules.unreachable"],
        ),
        (
            "",
            &["a | goods | it.chapter == 93 | control", "b | goods | !(it.chapter != 93) | control"],
            &["rules.duplicate"],
        ),
        // The same numbers asked of other lists, other days, or an act that is stronger where it is narrower, are no fault.
        (
            "",
            &[
                "a | goods | it.packages > 3 | control",
                "b | attachments | has(it.packages) && it.packages > 3 | refuse",
            ],
            &[],
        ),
        (
            "",
            &[
                "a | goods | it.chapter == 93 | control | until: 2026-06-30",
                "b | goods | it.chapter == 93 | refuse | since: 2026-07-01",
            ],
            &[],
        ),
        ("", &["a | goods | it.chapter > 90 | control", "b | goods | it.chapter == 93 | refuse"], &[]),
        (
            "parameters: {limit: 3, other: 4}\n",
            &["a | - | size(goods) > parameters.limit | control"],
            &["rules.unused"],
        ),
        ("languages: [ru]\n", &["a | - | size(goods) > 3 | control"], &["rules.translation-missing"]),
        (
            "tables:\n  t: {title: t, hit: unique, keys: [int], complete: true, rows: [{when: ['..3'], gives: a, source: s}, {when: ['3..9'], gives: b, source: s}]}\n",
            &["a | - | word(tables.t, size(goods)) == 'a' | control"],
            &["rules.table-gap", "rules.table-overlap"],
        ),
    ];
    for (number, (head, rules, expected)) in cases.iter().enumerate() {
        assert_eq!(codes(head, rules), *expected, "case {number}: {rules:?}");
    }
}

#[test]
fn a_pack_read_again_from_its_canonical_text_is_the_same() {
    let head = "parameters: {limit: 3}\nlanguages: [ru]\n";
    let pack = pack(head, &["a | goods | it.packages > parameters.limit | hold | four_eyes: true"]);
    let text = pack.canonical().unwrap();
    let again = RulePack::load_canonical(&text).unwrap();
    assert_eq!(again.reference(), pack.reference());
    assert_eq!(again.canonical().unwrap(), text);
    let other = RulePack::load_canonical(&text.replace(":3", ":4")).unwrap();
    assert_ne!(other.reference().hash, pack.reference().hash);
}

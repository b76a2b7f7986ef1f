//! Documents of others held against the consignment.

use crate::sample;
use kervan_documents::{AttachedDocument, KeyFacts, Tolerances, check_consistency, compare_names};
use kervan_model::Severity;
use kervan_units::{Mass, Money};
use proptest::prelude::*;

fn attachment(facts: KeyFacts) -> AttachedDocument {
    AttachedDocument { facts, ..sample::supplier_invoice() }
}

fn usd(minor: i64) -> Option<Money> {
    Some(Money::from_minor(minor, "USD".parse().unwrap()))
}

fn containers(numbers: &[&str]) -> Vec<kervan_codes::ContainerNumber> {
    numbers.iter().map(|number| number.parse().unwrap()).collect()
}

fn codes(facts: KeyFacts) -> Vec<String> {
    let tolerances = Tolerances::built_in().unwrap();
    let findings =
        check_consistency(&sample::consignment(), &[attachment(facts)], &tolerances, &compare_names);
    findings.into_iter().map(|finding| finding.code).collect()
}

/// The consignment has 24,456.9 kg gross, 23,196 kg net, 380 packages, 246,410.50 USD, two containers.
#[test]
fn what_differs_is_found_and_what_is_within_tolerance_is_not() {
    let gross = |grams| KeyFacts { gross_mass: Some(Mass::from_grams(grams)), ..KeyFacts::default() };
    let net = |kg| KeyFacts { net_mass: Some(Mass::from_kilograms(kg)), ..KeyFacts::default() };
    let packages = |count| KeyFacts { packages: Some(count), ..KeyFacts::default() };
    let total = |total| KeyFacts { total, ..KeyFacts::default() };
    let boxes = |numbers: &[&str]| KeyFacts { containers: containers(numbers), ..KeyFacts::default() };
    let name = |name: &str| KeyFacts { consignee_name: Some(name.into()), ..KeyFacts::default() };
    let eur = Some(Money::from_minor(24_641_050, "EUR".parse().unwrap()));
    let cases: [(KeyFacts, &[&str]); 18] = [
        (KeyFacts::default(), &[]),
        (gross(24_456_900), &[]),
        (gross(24_456_900 + 244_569), &[]),
        (gross(24_456_900 + 244_570), &["documents.gross-mass-differs"]),
        (gross(24_456_900 - 244_570), &["documents.gross-mass-differs"]),
        (net(23_196), &[]),
        (net(23_500), &["documents.net-mass-differs"]),
        (packages(380), &[]),
        (packages(379), &["documents.packages-differ"]),
        (total(usd(24_641_050)), &[]),
        (total(usd(24_641_050 + 123_205)), &[]),
        (total(usd(24_641_050 + 123_206)), &["documents.total-differs"]),
        (total(eur), &["documents.currency-differs"]),
        (boxes(&["MSKU1234565", "CSQU3054383"]), &[]),
        (boxes(&["CSQU3054383"]), &["documents.container-missing"]),
        (
            boxes(&["CSQU3054383", "TGHU0000013"]),
            &["documents.container-unknown", "documents.container-missing"],
        ),
        (name("ANADOLU SU SİSTEMLERİ SANAYİ VE TİCARET AŞ"), &[]),
        (name("Anadolu Su Sistemleri Ltd. Şti."), &["documents.consignee-differs"]),
    ];
    for (facts, expected) in cases {
        assert_eq!(codes(facts.clone()), expected, "{facts:?}");
    }
}

#[test]
fn a_finding_names_both_places_the_rule_and_the_remedy() {
    let tolerances = Tolerances::built_in().unwrap();
    let attachments = [sample::certificate_of_origin(), sample::supplier_invoice()];
    let findings = check_consistency(&sample::consignment(), &attachments, &tolerances, &compare_names);
    insta::assert_json_snapshot!("held-by-its-gross-mass", findings);
    assert_eq!(findings[0].severity, Severity::Error);
}

#[test]
fn what_a_copy_does_not_show_is_not_compared() {
    let mut withheld = sample::consignment();
    withheld.prices = None;
    withheld.parties.clear();
    let facts = KeyFacts { total: usd(1), consignee_name: Some("Nobody".into()), ..KeyFacts::default() };
    let tolerances = Tolerances::built_in().unwrap();
    assert!(check_consistency(&withheld, &[attachment(facts)], &tolerances, &compare_names).is_empty());
}

proptest! {
    /// Against the plain rule in whole numbers: a mass is found exactly when it differs by more than 1 % and 10 kg.
    #[test]
    fn masses_are_found_exactly_beyond_the_tolerance(theirs in 20_000_000u64..30_000_000) {
        let ours = sample::consignment().gross_mass().grams();
        let beyond = ours.abs_diff(theirs) > (ours / 100).max(10_000);
        let facts = KeyFacts { gross_mass: Some(Mass::from_grams(theirs)), ..KeyFacts::default() };
        prop_assert_eq!(!codes(facts).is_empty(), beyond);
    }
}

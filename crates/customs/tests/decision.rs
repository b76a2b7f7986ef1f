//! From consignment to decision, as a node does it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use jiff::Timestamp;
use kervan_codes::ContainerNumber;
use kervan_customs::rules::trace;
use kervan_customs::{
    AttachedFacts, Case, Filing, Outcome, Procedure, RulePacks, decide, derive_declaration, plan_movements,
};
use kervan_model::{Consignment, KeyFacts};
use kervan_units::Mass;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use world::{MAIN_LINE, consignment, itinerary, territories};

static PACKS: LazyLock<RulePacks> = LazyLock::new(|| {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/rules");
    let files: BTreeMap<String, String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    RulePacks::load(&files).unwrap()
});

fn lodged() -> Timestamp {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

/// The cases of every movement of a consignment on the main line, each with the id of the pack that serves it.
fn cases(consignment: &Consignment, attachments: &[AttachedFacts]) -> Vec<(String, Case)> {
    let itinerary = itinerary("2026-12-01T08:00:00Z", MAIN_LINE);
    let plan = plan_movements(consignment, &itinerary, &territories());
    plan.movements()
        .map(|movement| {
            let declaration = derive_declaration(consignment, &itinerary, movement, Filing::Prelodged, &[]);
            assert!(declaration.check_completeness().is_empty(), "{:?}", declaration.check_completeness());
            let day = movement.enters.to_zoned(jiff::tz::TimeZone::UTC).date();
            let pack = PACKS.find_for(&movement.territory, movement.procedure, day).unwrap();
            let case = Case {
                declaration,
                lodged: lodged(),
                attachments: attachments.to_vec(),
                consistency: Vec::new(),
            };
            (pack.reference().id.clone(), case)
        })
        .collect()
}

fn invoice(gross: u64) -> AttachedFacts {
    AttachedFacts {
        type_code: "380".parse().unwrap(),
        number: "INV-1".into(),
        issuer: "seller".into(),
        facts: KeyFacts {
            gross_mass: Some(Mass::from_grams(gross)),
            packages: Some(100),
            ..KeyFacts::default()
        },
    }
}

#[test]
fn a_clean_consignment_passes_every_territory_untouched() {
    let cases = cases(&consignment("CNXIA", "TRIST"), &[invoice(7_000_500)]);
    let ids: Vec<_> = cases.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["cn", "eaeu", "az", "ge"]);
    for (id, case) in cases {
        let decision = decide(PACKS.find(&id).unwrap(), &case, lodged());
        assert_eq!(decision.outcome, Outcome::Release, "{id}: {:?}", decision.findings);
        assert_eq!(decision.rule_pack.id, id);
        assert_eq!(decision.findings.last().unwrap().code, "clearance.released");
    }
}

#[test]
fn another_weight_on_the_invoice_is_held_everywhere_until_it_is_corrected() {
    for (id, mut case) in cases(&consignment("CNXIA", "TRIST"), &[invoice(7_400_000)]) {
        let pack = PACKS.find(&id).unwrap();
        let held = decide(pack, &case, lodged());
        assert_eq!(held.outcome, Outcome::Control, "{id}");
        let finding =
            held.findings.iter().find(|finding| finding.code == "clearance.gross-mass-differs").unwrap();
        assert_eq!(finding.path.as_deref(), Some("/goods/0/gross_mass_kg"));
        assert!(
            finding.message.contains("states another gross weight than the note: 7400 kg"),
            "{}",
            finding.message
        );
        assert!(!finding.message.contains('/'), "a place in the program's words: {}", finding.message);
        let remedy = finding.remedy.as_deref();
        assert_eq!(remedy, Some("amend the consignment or attach a corrected Commercial invoice"));
        case.declaration.gross_mass = Mass::from_grams(7_400_000);
        case.declaration.goods[0].gross_mass = Mass::from_grams(7_400_000);
        assert_eq!(decide(pack, &case, lodged()).outcome, Outcome::Release, "{id}");
    }
}

#[test]
fn a_declaration_holds_integers_only_and_names_its_invoice() {
    for (_, case) in cases(&consignment("CNXIA", "TRIST"), &[]) {
        let value = serde_json::to_value(&case.declaration).unwrap();
        assert!(only_integers(&value), "{value}");
        let documents: Vec<_> = case.declaration.documents.iter().map(|it| it.type_code.as_str()).collect();
        assert_eq!(documents, ["380"]);
    }
}

fn only_integers(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => number.is_u64() || number.is_i64(),
        serde_json::Value::Array(list) => list.iter().all(only_integers),
        serde_json::Value::Object(fields) => fields.values().all(only_integers),
        _ => true,
    }
}

#[test]
fn an_incomplete_declaration_gets_every_finding() {
    let mut consignment = consignment("CNXIA", "TRIST");
    consignment.parties.clear();
    consignment.goods[0].containers = vec!["MSKU1234565".parse::<ContainerNumber>().unwrap()];
    let itinerary = itinerary("2026-12-01T08:00:00Z", MAIN_LINE);
    let plan = plan_movements(&consignment, &itinerary, &territories());
    let movement = plan.movements().find(|plan| plan.procedure == Procedure::Transit).unwrap();
    let declaration = derive_declaration(&consignment, &itinerary, movement, Filing::Prelodged, &[]);
    let codes: Vec<_> = declaration.check_completeness().into_iter().map(|finding| finding.code).collect();
    let missing = "declaration.party-missing";
    assert_eq!(codes, [missing, missing, missing, "declaration.container-unknown"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A random case decided twice gives the same bytes, and every rule could be evaluated.
    #[test]
    fn the_same_case_gives_the_same_decision_byte_for_byte(
        gross in 0u64..40_000_000, net in 0u64..40_000_000, stated in proptest::option::of(0u64..40_000_000),
        hs in prop::sample::select(vec!["845011", "930190", "284410", "271019", "080610", "220830", "850650"]),
        packages in 0u32..1_000, seals in 0usize..3, hours in 0i64..200, with_parties in any::<bool>(),
        un_number in proptest::option::of(0u16..4_000),
    ) {
        let mut consignment = consignment("CNXIA", "TRIST");
        let item = &mut consignment.goods[0];
        (item.gross_mass, item.net_mass, item.packages) = (Mass::from_grams(gross), Mass::from_grams(net), packages);
        item.hs = hs.parse().unwrap();
        item.dangerous = un_number.map(|un_number| kervan_model::DangerousGoods {
            un_number, class: "3".into(), ..kervan_model::DangerousGoods::default()
        });
        let seal = consignment.equipment[0].seals[0].clone();
        consignment.equipment[0].seals = vec![seal; seals];
        let itinerary = itinerary("2026-12-01T08:00:00Z", MAIN_LINE);
        let plan = plan_movements(&consignment, &itinerary, &territories());
        for movement in plan.movements() {
            let mut declaration = derive_declaration(&consignment, &itinerary, movement, Filing::Prelodged, &[]);
            if !with_parties {
                (declaration.holder, declaration.consignor, declaration.consignee) = (None, None, None);
                declaration.value = None;
            }
            let attachments = stated.map(invoice).into_iter().collect();
            let case = Case { declaration, lodged: lodged(), attachments, consistency: Vec::new() };
            let now = lodged() + jiff::SignedDuration::from_hours(hours);
            let day = movement.enters.to_zoned(jiff::tz::TimeZone::UTC).date();
            let pack = PACKS.find_for(&movement.territory, movement.procedure, day).unwrap();
            let first = serde_json::to_vec(&decide(pack, &case, now)).unwrap();
            let again: Case = serde_json::from_slice(&serde_json::to_vec(&case).unwrap()).unwrap();
            let second = decide(pack, &again, now);
            prop_assert_eq!(first, serde_json::to_vec(&second).unwrap());
            prop_assert!(second.findings.iter().all(|finding| finding.code != "clearance.rule-failed"));
            // A decision passes over rules that cannot fire; the trace asks CEL of every one.
            let traced: BTreeSet<_> =
                trace(pack, &case, now).into_iter().filter(|rule| rule.fired).map(|rule| rule.rule).collect();
            let decided: BTreeSet<_> = second.findings.iter()
                .filter(|finding| finding.code != "clearance.released")
                .filter_map(|finding| finding.rule.clone()).collect();
            prop_assert_eq!(traced, decided);
        }
    }
}

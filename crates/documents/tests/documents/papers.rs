//! Papers held against each other: every check with cases that fire and cases that do not.

use crate::sample;
use kervan_documents::{
    AttachedDocument, CompareNames, Inconsistency, KeyFacts, NameComparison, NameMatch, Papers, SealAct,
    SealSighting, StatedFact, Statement, Tolerances, check_papers, compare_names, compare_statements,
    generate, list_applicable, state_consignment, state_seals,
};
use kervan_model::{
    Charge, ChargeKind, Consignment, DateKind, PartyRole, Settlement, VerifiedMass, WeighingMethod,
};
use kervan_units::Mass;
use proptest::prelude::*;
use serde_json::{Value, json};

fn tolerances() -> Tolerances {
    Tolerances::built_in().unwrap()
}

/// An attached document of a type with key facts as they are typed in.
fn attached(type_code: &str, number: &str, issued: &str, facts: Value) -> AttachedDocument {
    let facts: KeyFacts = serde_json::from_value(facts).unwrap();
    AttachedDocument {
        type_code: type_code.parse().unwrap(),
        number: number.into(),
        issued: issued.parse().unwrap(),
        facts,
        ..sample::supplier_invoice()
    }
}

fn found(consignment: &Consignment, attachments: &[AttachedDocument]) -> Vec<Inconsistency> {
    let itinerary = sample::itinerary();
    let papers = Papers { itinerary: Some(&itinerary), ..Papers::new(consignment, attachments) };
    check_papers(&papers, &tolerances(), &compare_names)
}

fn codes(found: &[Inconsistency]) -> Vec<&str> {
    found.iter().map(|one| one.finding.code.as_str()).collect()
}

#[test]
fn the_sample_is_consistent_with_itself() {
    let found = found(&sample::consignment(), &[sample::certificate_of_origin()]);
    assert!(found.is_empty(), "{found:#?}");
}

/// The consignment: CSQU3054383 (45G1, tare 3900, seals CN4821177 and CCIC 990214), MSKU1234565 (22G1, tare 2230, seal
/// CN4821178), UN 1263 class 3 PG III, invoice HT-2026/1187 of 2026-11-24, CIP; departs 2026-12-01, arrives 2026-12-22.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_fact_of_an_attached_document_is_held_against_the_others() {
    let csqu = "CSQU3054383";
    let none: &[&str] = &[];
    let cases: Vec<(&str, &str, &str, Value, &[&str])> = vec![
        // Seals: by container, in the order of days; blanks and hyphens do not count.
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"seals": [{"container": csqu, "number": "CN-4821177"}, {"container": csqu, "number": "CCIC990214"}]}),
            none,
        ),
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"seals": [{"container": csqu, "number": "CN4821179"}, {"container": csqu, "number": "CCIC 990214"}]}),
            &["documents.seal-chain-broken"],
        ),
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"seals": [{"container": csqu, "number": "CN4821179"}], "removed_seals": [{"container": csqu, "number": "CN4821179"}]}),
            none,
        ),
        ("705", "BL-1", "2026-12-06", json!({"seals": [{"number": "CN4821178"}]}), none),
        ("705", "BL-1", "2026-12-06", json!({"seals": [{"number": "XX 1"}]}), &["documents.seal-unknown"]),
        // Containers' own facts.
        ("788", "M-1", "2026-12-06", json!({"tares": [{"container": csqu, "mass": 3_950_000}]}), none),
        (
            "788",
            "M-1",
            "2026-12-06",
            json!({"tares": [{"container": csqu, "mass": 2_900_000}]}),
            &["documents.tare-differs"],
        ),
        (
            "788",
            "M-1",
            "2026-12-06",
            json!({"verified_masses": [{"container": csqu, "mass": 19_200_000}]}),
            none,
        ),
        (
            "788",
            "M-1",
            "2026-12-06",
            json!({"verified_masses": [{"container": csqu, "mass": 21_900_000}]}),
            &["documents.verified-mass-differs"],
        ),
        // Goods.
        ("861", "CO-1", "2026-11-28", json!({"commodities": ["841370"], "origins": ["CN"]}), none),
        ("861", "CO-1", "2026-11-28", json!({"commodities": ["84137021"]}), none),
        ("861", "CO-1", "2026-11-28", json!({"commodities": ["841381"]}), &["documents.commodity-unknown"]),
        ("861", "CO-1", "2026-11-28", json!({"origins": ["TR"]}), &["documents.origin-unknown"]),
        (
            "890",
            "DG-1",
            "2026-11-28",
            json!({"dangerous": [{"un_number": 1263, "class": "3", "packing_group": "III"}]}),
            none,
        ),
        ("890", "DG-1", "2026-11-28", json!({"dangerous": [{"un_number": 1263}]}), none),
        (
            "890",
            "DG-1",
            "2026-11-28",
            json!({"dangerous": [{"un_number": 1263, "class": "3", "packing_group": "II"}]}),
            &["documents.dangerous-goods-differ"],
        ),
        (
            "890",
            "DG-1",
            "2026-11-28",
            json!({"dangerous": [{"un_number": 1266, "class": "3"}]}),
            &["documents.dangerous-goods-unknown", "documents.dangerous-goods-missing"],
        ),
        // The sale.
        ("380", "HT-2026/1187", "2026-11-24", json!({"incoterm": "CIP"}), none),
        ("380", "HT-2026/1187", "2026-11-24", json!({"incoterm": "FCA"}), &["documents.incoterm-differs"]),
        (
            "271",
            "PL-1",
            "2026-11-24",
            json!({"references": [{"type_code": "380", "number": "HT 2026-1187"}]}),
            none,
        ),
        (
            "271",
            "PL-1",
            "2026-11-24",
            json!({"references": [{"type_code": "380", "number": "HT-2026/1178"}]}),
            &["documents.reference-differs"],
        ),
        ("380", "HT-2026/1187", "2026-11-24", json!({"pages": 3, "pages_at_hand": 3}), none),
        (
            "380",
            "HT-2026/1187",
            "2026-11-24",
            json!({"pages": 3, "pages_at_hand": 2}),
            &["documents.pages-missing"],
        ),
        // Names.
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"consignee_name": "ANADOLU SU SISTEMLERI SANAYI VE TICARET ANONIM SIRKETI"}),
            none,
        ),
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"consignor_name": "Xian Hengtai Pump and Valve Company Limited"}),
            none,
        ),
        ("705", "BL-1", "2026-12-06", json!({"consignor_name": "Xian Hengtay Pump and Valve Co Ltd"}), none),
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"consignor_name": "Xian Hongtai Pump and Valve Co Ltd"}),
            &["documents.consignor-spelt-differently"],
        ),
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"consignor_name": "Xi'an Silk Road Trading Co., Ltd."}),
            &["documents.consignor-differs"],
        ),
        (
            "705",
            "BL-1",
            "2026-12-06",
            json!({"consignor_name": "西安恒泰泵阀有限公司"}),
            &["documents.consignor-not-comparable"],
        ),
        // Days.
        ("950", "T-1", "2026-11-30", json!({"days": {"accepted": "2026-11-30"}}), none),
        (
            "950",
            "T-1",
            "2026-11-20",
            json!({"days": {"accepted": "2026-11-20"}}),
            &["documents.days-out-of-order"],
        ),
        ("720", "N-1", "2026-12-01", json!({}), none),
        ("720", "N-1", "2026-12-03", json!({}), &["documents.days-out-of-order"]),
        ("851", "P-1", "2026-11-28", json!({"days": {"valid_until": "2027-02-28"}}), none),
        (
            "851",
            "P-1",
            "2026-11-28",
            json!({"days": {"valid_until": "2026-12-10"}}),
            &["documents.days-out-of-order"],
        ),
        ("861", "CO-1", "2026-11-20", json!({}), &["documents.days-out-of-order"]),
        ("861", "CO-1", "2026-11-22", json!({}), none),
        (
            "730",
            "C-1",
            "2026-12-01",
            json!({"days": {"taken_over": "2026-12-02", "departed": "2026-12-01"}}),
            &["documents.days-out-of-order"],
        ),
        (
            "730",
            "C-1",
            "2026-12-01",
            json!({"days": {"taken_over": "2026-12-01", "departed": "2026-12-02", "arrived": "2026-12-09"}}),
            none,
        ),
    ];
    for (type_code, number, issued, facts, expected) in cases {
        let attachment = attached(type_code, number, issued, facts.clone());
        let found = found(&sample::consignment(), &[attachment]);
        assert_eq!(codes(&found), expected, "{type_code} of {issued} {facts}: {found:#?}");
        for one in &found {
            assert_eq!(one.finding.path.as_deref(), Some(one.theirs.path.as_str()));
            assert!(
                one.finding.message.contains(&one.ours.value)
                    && one.finding.message.contains(&one.theirs.value)
            );
            assert!(one.finding.source.is_some() && one.finding.remedy.is_some());
            assert_ne!(one.ours, one.theirs);
        }
    }
}

#[test]
fn documents_of_others_are_held_against_each_other() {
    let names = |vessel: &str| json!({"vessel": vessel});
    let [bill, manifest] =
        [("705", "BL-1"), ("785", "M-1")].map(|(code, number)| (code, number, "2026-12-06"));
    for (a, b, expected) in [
        ("Professor Gül", "PROFESSOR GUL", &[][..]),
        ("Профессор Гуль", "Professor Gul", &[]),
        ("Professor Gul", "Mercury-1", &["documents.vessel-differs"]),
    ] {
        let papers = [
            attached(bill.0, bill.1, bill.2, names(a)),
            attached(manifest.0, manifest.1, manifest.2, names(b)),
        ];
        let found = found(&sample::consignment(), &papers);
        assert_eq!(codes(&found), expected, "{a} / {b}");
        if let [one] = found.as_slice() {
            assert_eq!(one.ours.path, "/attachments/0/facts/vessel");
            assert_eq!(one.theirs.path, "/attachments/1/facts/vessel");
        }
    }
}

#[test]
fn a_seal_is_followed_from_paper_to_paper() {
    let csqu = "CSQU3054383";
    let seals = |numbers: &[&str]| -> Value {
        let seals: Vec<Value> =
            numbers.iter().map(|number| json!({"container": csqu, "number": number})).collect();
        json!({ "seals": seals })
    };
    let mut consignment = sample::consignment();
    consignment.equipment[0].seals.clear();
    // Rail note, bill of lading and declaration, in the order of their days.
    for (note, bill, declaration, broken) in [
        (&["A1"][..], &["A1"][..], &["A1"][..], 0),
        (&["A1"], &["A1", "C7"], &["A1", "C7"], 0),
        (&["A1"], &["B2"], &["B2"], 1),
        (&["A1"], &["A1"], &["B2"], 1),
        (&["A1"], &["B2"], &["A1"], 2),
    ] {
        let papers = [
            attached("950", "T-1", "2026-12-09", seals(declaration)),
            attached("720", "N-1", "2026-12-01", seals(note)),
            attached("705", "BL-1", "2026-12-06", seals(bill)),
        ];
        let found = found(&consignment, &papers);
        let chain = found.iter().filter(|one| one.finding.code == "documents.seal-chain-broken").count();
        assert_eq!(chain, broken, "{note:?} {bill:?} {declaration:?}: {found:#?}");
    }
}

type Change = fn(&mut Consignment);

fn charge(consignment: &mut Consignment, kind: ChargeKind, payer: PartyRole, settlement: Settlement) {
    let (from, to) = (consignment.from.clone(), consignment.to.clone());
    consignment.charges.push(Charge { kind, from, to, payer, settlement, account: None, amount: None });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_consignment_is_held_against_itself() {
    use ChargeKind::{Freight, Insurance};
    use PartyRole::{Consignee, Consignor, Forwarder};
    use Settlement::{Collect, Prepaid};
    let cases: Vec<(&str, Change, &[&str])> = vec![
        (
            "CIP, prepaid and insured",
            |c| {
                charge(c, Freight, Consignor, Prepaid);
                charge(c, Insurance, Consignor, Prepaid);
            },
            &[],
        ),
        (
            "CIP by the forwarder",
            |c| {
                charge(c, Freight, Forwarder, Prepaid);
                charge(c, Insurance, Consignor, Prepaid);
            },
            &[],
        ),
        ("CIP, not insured", |c| charge(c, Freight, Consignor, Prepaid), &["documents.insurance-missing"]),
        (
            "CIP, freight collect",
            |c| {
                charge(c, Freight, Consignee, Collect);
                charge(c, Insurance, Consignor, Prepaid);
            },
            &["documents.charge-against-incoterm"],
        ),
        (
            "FCA, freight prepaid by the seller",
            |c| {
                c.terms.incoterm = "FCA".parse().unwrap();
                charge(c, Freight, Consignor, Prepaid);
            },
            &["documents.charge-against-incoterm"],
        ),
        (
            "FCA, freight collect",
            |c| {
                c.terms.incoterm = "FCA".parse().unwrap();
                charge(c, Freight, Consignee, Collect);
            },
            &[],
        ),
        (
            "FOB, freight prepaid",
            |c| {
                c.terms.incoterm = "FOB".parse().unwrap();
                charge(c, Freight, Forwarder, Prepaid);
            },
            &["documents.charge-against-incoterm", "documents.incoterm-by-water"],
        ),
        (
            "tare of another size",
            |c| c.equipment[1].tare = Some(Mass::from_kilograms(3_900)),
            &["documents.tare-unlikely"],
        ),
        (
            "too heavy",
            |c| c.goods[1].gross_mass = Mass::from_kilograms(29_000),
            &["documents.container-overloaded"],
        ),
        ("verified as calculated", |c| c.equipment[0].verified_mass = verified(19_140), &[]),
        (
            "verified much heavier",
            |c| c.equipment[0].verified_mass = verified(22_400),
            &["documents.verified-mass-differs"],
        ),
        (
            "pumps under furniture",
            |c| c.goods[0].hs = "940360".parse().unwrap(),
            &["documents.description-against-commodity"],
        ),
        (
            "насосы под кодом мебели",
            |c| {
                c.goods[0].description = "Насосы центробежные".into();
                c.goods[0].hs = "940360".parse().unwrap();
            },
            &["documents.description-against-commodity"],
        ),
        (
            "离心泵",
            |c| {
                c.goods[0].description = "离心泵".into();
                c.goods[0].hs = "940360".parse().unwrap();
            },
            &["documents.description-against-commodity"],
        ),
        (
            "mobilya",
            |c| {
                c.goods[0].description = "Ofis mobilyaları".into();
                c.goods[0].hs = "940360".parse().unwrap();
            },
            &[],
        ),
        (
            "prices in two currencies",
            |c| {
                c.prices.as_mut().unwrap().items[1] =
                    kervan_units::Money::from_minor(1, "EUR".parse().unwrap())
            },
            &["documents.currencies-mixed"],
        ),
    ];
    for (what, change, expected) in cases {
        let mut consignment = sample::consignment();
        change(&mut consignment);
        let found = found(&consignment, &[]);
        assert_eq!(codes(&found), expected, "{what}: {found:#?}");
    }
}

fn verified(kilograms: u64) -> Option<VerifiedMass> {
    let mass = Mass::from_kilograms(kilograms);
    let at = "2026-11-30T00:00:00Z".parse().unwrap();
    Some(VerifiedMass { mass, method: WeighingMethod::Weighed, responsible: "Seller".into(), at })
}

#[test]
fn a_foreign_statement_and_a_better_comparison_of_names_can_be_handed_in() {
    let ours = state_consignment(&sample::consignment());
    let mut event = Statement::new("event of Aktau port");
    event.day = Some("2026-12-05".parse().unwrap());
    event.say("/events/4/seal", StatedFact::Seal(Some("CSQU3054383".parse().unwrap()), "KZ 77".into()));
    event.say("/events/4/name", StatedFact::Name(PartyRole::Consignee, vec!["Nobody".into()]));
    event.say("/events/4/day", StatedFact::Day(DateKind::Departed, "2026-12-05".parse().unwrap()));
    let with = |names: CompareNames<'_>| {
        let found = compare_statements(&[ours.clone(), event.clone()], &tolerances(), names);
        codes(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(with(&compare_names), ["documents.seal-chain-broken", "documents.consignee-differs"]);
    assert_eq!(with(&|_, _| NameComparison::of(NameMatch::Same)), ["documents.seal-chain-broken"]);
}

#[test]
fn a_finding_about_a_name_says_why() {
    let named = json!({"consignee_name": "Anadolu Sa Sistemleri"});
    let attached = attached("380", "HT-2026/1187", "2026-11-24", named);
    let consignment = sample::consignment();
    let attachments = [attached];
    let papers = Papers::new(&consignment, &attachments);
    let messages = |names: CompareNames<'_>| {
        let found = check_papers(&papers, &tolerances(), names).into_iter();
        let of_names =
            found.filter(|one| one.finding.code.contains("consignee")).map(|one| one.finding.message);
        of_names.collect::<Vec<_>>().join("\n")
    };
    let built_in = messages(&compare_names);
    assert!(built_in.contains("letters differ"), "{built_in}");
    let scored = messages(&|_, _| NameComparison {
        verdict: NameMatch::Different,
        reason: Some("score 0.412: Sa against Su".into()),
    });
    assert!(scored.ends_with("score 0.412: Sa against Su"), "{scored}");
}

fn sighting(event: &str, at: &str, act: SealAct, seals: &[&str]) -> SealSighting {
    SealSighting {
        event: event.into(),
        path: format!("/events/{event}/childEPCs"),
        at: at.parse().unwrap(),
        place: Some("Aktau".into()),
        container: "CSQU3054383".parse().unwrap(),
        seals: seals.iter().map(|seal| (*seal).to_owned()).collect(),
        act,
    }
}

#[test]
fn seals_are_followed_through_the_events() {
    use SealAct::{Affixed, Removed, Seen};
    // The sample declares CN4821177 and CCIC 990214 on the container.
    let both = ["CN 4821177", "CCIC-990214"];
    let with_third = ["CN4821177", "CCIC990214", "KZ77"];
    let day = |day: u32| format!("2026-12-{day:02}T08:00:00Z");
    let cases: [(&str, Vec<SealSighting>, &[&str]); 7] = [
        ("seen whole", vec![sighting("a", &day(5), Seen, &both)], &[]),
        (
            "one added and seen",
            vec![sighting("a", &day(5), Affixed, &["KZ77"]), sighting("b", &day(9), Seen, &with_third)],
            &[],
        ),
        (
            "one added and not seen",
            vec![sighting("b", &day(9), Seen, &both), sighting("a", &day(5), Affixed, &["KZ77"])],
            &["/events/b/childEPCs/1"],
        ),
        (
            "one taken off",
            vec![
                sighting("a", &day(5), Removed, &["CCIC 990214"]),
                sighting("b", &day(9), Seen, &["CN4821177"]),
            ],
            &[],
        ),
        ("one gone", vec![sighting("a", &day(5), Seen, &["CN4821177"])], &["/events/a/childEPCs/0"]),
        (
            "all gone",
            vec![sighting("a", &day(5), Seen, &[])],
            &["/events/a/childEPCs", "/events/a/childEPCs"],
        ),
        (
            "taken off after it was missed",
            vec![
                sighting("b", &day(9), Removed, &["CCIC 990214"]),
                sighting("a", &day(5), Seen, &["CN4821177"]),
            ],
            &["/events/a/childEPCs/0"],
        ),
    ];
    let consignment = sample::consignment();
    for (name, sightings, expected) in cases {
        let statements = state_seals(&sightings);
        let papers = Papers { statements: &statements, ..Papers::new(&consignment, &[]) };
        let found = check_papers(&papers, &tolerances(), &compare_names);
        let places: Vec<&str> = found.iter().map(|one| one.theirs.path.as_str()).collect();
        assert_eq!(places, expected, "{name}");
        for one in &found {
            assert_eq!(one.finding.code, "documents.seal-chain-broken", "{name}");
            assert!(one.theirs.document.ends_with("at Aktau"), "{name}: {}", one.theirs.document);
            assert!(one.finding.message.contains(&one.ours.path), "{name}: {}", one.finding.message);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a consignment holds: the documents made from it never contradict it or each other.
    #[test]
    fn documents_of_one_dossier_agree(
        masses in proptest::collection::vec((1u64..20_000_000, 0u64..1_000_000, 1u32..10_000), 3),
        cents in proptest::collection::vec(1i64..1_000_000_000, 3),
        group in proptest::option::of(prop_oneof![Just("II"), Just("III")]),
        seal in "[A-Z]{2}[ -]?[0-9]{4,9}",
    ) {
        let mut consignment = sample::consignment();
        for (item, (net, packaging, packages)) in consignment.goods.iter_mut().zip(&masses) {
            item.net_mass = Mass::from_grams(*net);
            item.gross_mass = Mass::from_grams(net + packaging);
            item.packages = *packages;
        }
        if let Some(dangerous) = &mut consignment.goods[2].dangerous {
            dangerous.packing_group = group.map(str::to_owned);
        }
        consignment.equipment[0].seals[0].number = seal;
        let usd = "USD".parse().unwrap();
        consignment.prices.as_mut().unwrap().items =
            cents.iter().map(|minor| kervan_units::Money::from_minor(*minor, usd)).collect();
        let itinerary = sample::itinerary();
        let attachments = [sample::certificate_of_origin()];
        let inputs = sample::inputs(&consignment, Some(&itinerary), &attachments);
        let documents: Vec<_> =
            list_applicable(&inputs).iter().filter_map(|request| generate(request, &inputs).ok()).collect();
        prop_assert!(documents.len() >= 3);
        let papers = Papers {
            documents: &documents,
            itinerary: Some(&itinerary),
            ..Papers::new(&consignment, &attachments)
        };
        let found = check_papers(&papers, &tolerances(), &compare_names);
        // A random mass may be more than a container is rated for; that is no contradiction between papers.
        let found: Vec<_> =
            found.iter().filter(|one| one.finding.code != "documents.container-overloaded").collect();
        prop_assert!(found.is_empty(), "{:#?}", found);
    }
}

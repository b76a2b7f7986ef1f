//! Chains of procedures for the ways of the corridor.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use kervan_customs::{Chain, ChainPlan, plan_chains, plan_movements};
use kervan_model::Consignment;
use world::{LegRow, MAIN_LINE, consignment, itinerary, territories};

/// The truck way over the Caspian: road in Kazakhstan, a ferry, road to Istanbul.
const ROAD: &[LegRow] = &[
    ("CNKSS", "KG-TORUGART", "road", "CN KG", 20, 400),
    ("KG-TORUGART", "KZAAU", "road", "KG KZ", 80, 3_000),
    ("KZAAU", "AZALA", "ferry", "KZ AZ", 24, 468),
    ("AZALA", "GETBS", "road", "AZ GE", 14, 520),
    ("GETBS", "TRIST", "road", "GE TR", 40, 1_700),
];

fn chains_of(consignment: &Consignment, departs: &str, legs: &[LegRow]) -> ChainPlan {
    plan_chains(consignment, &itinerary(departs, legs), &territories())
}

/// A chain in short: regime and territories of each transit.
fn short(chain: &Chain) -> Vec<String> {
    let transits = chain.procedures.iter().filter(|plan| plan.procedure.word() == "transit");
    let names = |plan: &kervan_customs::MovementPlan| -> Vec<String> {
        plan.territories.iter().map(ToString::to_string).collect()
    };
    transits.map(|plan| format!("{} {}", plan.regime, names(plan).join("+"))).collect()
}

fn codes(chain: &Chain) -> Vec<&str> {
    chain.reasons.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn the_first_chain_is_the_one_that_is_taken() {
    for (from, legs) in [("CNXIA", MAIN_LINE), ("CNKSS", ROAD)] {
        let consignment = consignment(from, "TRIST");
        let plan = chains_of(&consignment, "2026-12-01T08:00:00Z", legs);
        let taken = plan_movements(&consignment, &itinerary("2026-12-01T08:00:00Z", legs), &territories());
        assert_eq!(plan.chains[0].procedures, taken.procedures);
        assert!(plan.chains[0].default && plan.chains.iter().skip(1).all(|chain| !chain.default));
        assert_eq!(codes(&plan.chains[0]), ["customs.chain.default"]);
        for (at, chain) in plan.chains.iter().enumerate() {
            assert!(
                !plan.chains.iter().skip(at + 1).any(|other| short(other) == short(chain)),
                "{:?} twice",
                short(chain)
            );
            assert_eq!(chain.procedures.len(), chain.guarantees.len());
        }
    }
}

#[test]
fn by_rail_there_is_no_tir_and_the_reason_is_said() {
    let plan = chains_of(&consignment("CNXIA", "TRIST"), "2026-12-01T08:00:00Z", MAIN_LINE);
    let shorts: Vec<_> = plan.chains.iter().map(short).collect();
    assert!(
        shorts.contains(&vec![
            "eaeu-transit EAEU".to_owned(),
            "az-transit AZ".into(),
            "ge-transit GE".into(),
            "tr-transit TR".into()
        ]),
        "{shorts:?}"
    );
    assert!(shorts.iter().flatten().all(|transit| !transit.starts_with("tir")), "{shorts:?}");
    let no = plan.findings.iter().find(|finding| finding.code == "customs.chain.not-admissible").unwrap();
    assert!(no.message.contains("by road") && no.source.as_deref().unwrap().contains("article 2"), "{no:?}");
}

#[test]
fn by_road_one_carnet_serves_the_whole_way() {
    let plan = chains_of(&consignment("CNKSS", "TRIST"), "2026-12-01T08:00:00Z", ROAD);
    let tir = plan.chains.iter().find(|chain| short(chain) == ["tir CN+EAEU+AZ+GE+TR"]).unwrap();
    assert_eq!(tir.totals.movements, 1);
    assert_eq!(tir.totals.guarantee.to_string(), "100000.00 EUR");
    let codes = codes(tir);
    assert!(
        codes.contains(&"customs.chain.fewer-movements") && codes.contains(&"customs.chain.more-guarantee"),
        "{codes:?}"
    );
    let movement = tir.procedures.iter().find(|plan| plan.regime.as_str() == "tir").unwrap();
    let wanted: Vec<_> = movement.requirements.iter().map(|row| row.code.as_str()).collect();
    assert!(wanted.contains(&"tir_carnet") && wanted.contains(&"customs_seal"), "{wanted:?}");
    // A carnet for a part of the way, national or common transit for the rest, is a chain as well.
    assert!(
        plan.chains.iter().any(|chain| short(chain) == ["eaeu-transit EAEU", "tir AZ+GE+TR"]),
        "{:?}",
        plan.chains.iter().map(short).collect::<Vec<_>>()
    );
}

#[test]
fn what_a_carnet_does_not_cover_is_said() {
    let mut tobacco = consignment("CNKSS", "TRIST");
    tobacco.goods[0].hs = "2402.20".parse().unwrap();
    let plan = chains_of(&tobacco, "2026-12-01T08:00:00Z", ROAD);
    assert!(plan.chains.iter().all(|chain| short(chain).iter().all(|transit| !transit.starts_with("tir"))));
    assert!(
        plan.findings.iter().any(|finding| finding.message.contains("alcohol and tobacco")),
        "{:?}",
        plan.findings
    );
    // Before China was a contracting party the carnet began behind its border.
    let early = chains_of(&consignment("CNKSS", "TRIST"), "2016-12-01T08:00:00Z", ROAD);
    assert!(
        early.chains.iter().all(|chain| !short(chain).iter().any(|transit| transit.starts_with("tir CN")))
    );
}

#[test]
fn before_its_accession_georgia_is_no_part_of_common_transit() {
    let plan = chains_of(&consignment("CNXIA", "TRIST"), "2025-01-01T08:00:00Z", MAIN_LINE);
    assert!(plan.chains.iter().all(|chain| !short(chain).contains(&"common-transit GE+TR".to_owned())));
    let taken = &plan.chains[0].totals;
    let now = chains_of(&consignment("CNXIA", "TRIST"), "2026-12-01T08:00:00Z", MAIN_LINE).chains[0].totals;
    assert_eq!((taken.movements, now.movements), (4, 3));
}

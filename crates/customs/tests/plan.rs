//! Procedures planned for the real ways of the corridor.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod world;

use kervan_customs::Procedure;
use world::{LegRow, MAIN_LINE, plan_of};

/// One procedure in short: kind, regime, territories, office of departure, office of destination.
fn short(from: &str, to: &str, departs: &str, legs: &[LegRow]) -> Vec<String> {
    let plan = plan_of(from, to, departs, legs);
    let line = |procedure: &kervan_customs::MovementPlan| {
        let territories: Vec<_> = procedure.territories.iter().map(|code| code.as_str()).collect();
        format!(
            "{} {} {} {} {}",
            procedure.procedure.word(),
            procedure.regime,
            territories.join("+"),
            procedure.departure.code,
            procedure.destination.code
        )
    };
    plan.procedures.iter().map(line).collect()
}

const BLACK_SEA: &[LegRow] = &[
    ("CNXIA", "KZDOS", "rail", "CN KZ", 90, 3_000),
    ("KZDOS", "KZKUR", "rail", "KZ", 100, 3_300),
    ("KZKUR", "AZALA", "ferry", "KZ AZ", 21, 440),
    ("AZALA", "GEPTI", "rail", "AZ GE", 30, 770),
    ("GEPTI", "ROCND", "sea", "GE RO", 72, 1_100),
    ("ROCND", "DEDUI", "rail", "RO HU AT DE", 90, 2_400),
];

/// A way: what it shows, origin, destination, departure, legs, and the procedures in short.
struct Way(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [LegRow<'static>],
    &'static [&'static str],
);

const WAYS: &[Way] = &[
    Way(
        "the main line: Georgia and Türkiye are one movement",
        "CNXIA",
        "TRIST",
        "2026-12-01T08:00:00Z",
        MAIN_LINE,
        &[
            "export cn-export CN CN:XIAN CN:KHORGOS",
            "transit eaeu-transit EAEU KZ:ALTYNKOL KZ:AKTAU",
            "transit az-transit AZ AZ:ALAT AZ:BOYUKKESIK",
            "transit common-transit GE+TR GE:GARDABANI TR:HALKALI",
            "import tr-import TR TR:HALKALI TR:HALKALI",
        ],
    ),
    Way(
        "the same way before the accession of Georgia: two movements",
        "CNXIA",
        "TRIST",
        "2025-01-01T08:00:00Z",
        MAIN_LINE,
        &[
            "export cn-export CN CN:XIAN CN:KHORGOS",
            "transit eaeu-transit EAEU KZ:ALTYNKOL KZ:AKTAU",
            "transit az-transit AZ AZ:ALAT AZ:BOYUKKESIK",
            "transit ge-transit GE GE:GARDABANI GE:AKHALKALAKI",
            "transit common-transit TR TR:KARS TR:HALKALI",
            "import tr-import TR TR:HALKALI TR:HALKALI",
        ],
    ),
    Way(
        "over the Black Sea into the Union",
        "CNXIA",
        "DEDUI",
        "2026-12-01T08:00:00Z",
        BLACK_SEA,
        &[
            "export cn-export CN CN:XIAN CN:ALASHANKOU",
            "transit eaeu-transit EAEU KZ:DOSTYK KZ:KURYK",
            "transit az-transit AZ AZ:ALAT AZ:BOYUKKESIK",
            "transit common-transit GE+EU GE:GARDABANI DE:DUISBURG",
            "import eu-import EU DE:DUISBURG DE:DUISBURG",
        ],
    ),
    Way(
        "eastbound: transit begins at the origin where the next territory shares the regime",
        "TRIST",
        "KZALA",
        "2026-12-01T08:00:00Z",
        &[
            ("TRIST", "GEZAI", "rail", "TR GE", 80, 1_950),
            ("GEZAI", "AZALA", "rail", "GE AZ", 26, 650),
            ("AZALA", "KZAAU", "sea", "AZ KZ", 24, 468),
            ("KZAAU", "KZALA", "rail", "KZ", 80, 2_900),
        ],
        &[
            "export tr-export TR TR:HALKALI TR:KARS",
            "transit common-transit TR+GE TR:HALKALI GE:GARDABANI",
            "transit az-transit AZ AZ:BOYUKKESIK AZ:ALAT",
            "transit eaeu-transit EAEU KZ:AKTAU KZ:ALMATY",
            "import eaeu-import EAEU KZ:ALMATY KZ:ALMATY",
        ],
    ),
    Way(
        "the northern way: five countries, two territories",
        "CNXIA",
        "DEDUI",
        "2026-12-01T08:00:00Z",
        &[
            ("CNXIA", "KZDOS", "rail", "CN KZ", 90, 3_000),
            ("KZDOS", "BYBQT", "rail", "KZ RU BY", 130, 5_430),
            ("BYBQT", "DEDUI", "rail", "BY PL DE", 60, 1_300),
        ],
        &[
            "export cn-export CN CN:XIAN CN:ALASHANKOU",
            "transit eaeu-transit EAEU KZ:DOSTYK BY:BREST",
            "transit common-transit EU PL:MALASZEWICZE DE:DUISBURG",
            "import eu-import EU DE:DUISBURG DE:DUISBURG",
        ],
    ),
    Way(
        "by deep sea to a port: cleared where it enters",
        "CNSGH",
        "NLRTM",
        "2026-12-01T08:00:00Z",
        &[("CNSGH", "NLRTM", "sea", "CN NL", 800, 19_531)],
        &["export cn-export CN CN:SHANGHAI CN:SHANGHAI", "import eu-import EU NL:ROTTERDAM NL:ROTTERDAM"],
    ),
    Way(
        "inside one union there is no customs border",
        "KZALA",
        "BYBQT",
        "2026-12-01T08:00:00Z",
        &[("KZALA", "BYBQT", "rail", "KZ RU BY", 130, 4_900)],
        &[],
    ),
];

#[test]
fn the_ways_of_the_corridor() {
    for Way(name, from, to, departs, legs, expected) in WAYS {
        assert_eq!(short(from, to, departs, legs), *expected, "{name}");
    }
}

#[test]
fn deadlines_and_requirements_follow_the_tables() {
    let plan = plan_of("CNXIA", "TRIST", "2026-12-01T08:00:00Z", MAIN_LINE);
    let eaeu = &plan.procedures[1];
    assert_eq!(eaeu.enters.to_string(), "2026-12-05T08:00:00Z");
    assert_eq!(eaeu.lodge_by.to_string(), "2026-12-05T06:00:00Z", "two hours before the border");
    // Half of the leg to Altynkol, all of the leg to Aktau, half of the crossing: 5,083 km at 66 km a day.
    assert_eq!(eaeu.time_limit.unwrap().to_string(), "78d");
    let codes: Vec<_> = eaeu.requirements.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["navigation_seal", "advance_data", "guarantee"]);
    assert!(eaeu.because.contains("Customs Code of the Eurasian Economic Union"), "{}", eaeu.because);
    let common = &plan.procedures[3];
    assert!(common.because.contains("1 February 2025"), "{}", common.because);
    assert_eq!(plan.movements().filter(|plan| plan.procedure == Procedure::Transit).count(), 3);
    assert!(plan.findings.is_empty(), "{:?}", plan.findings);
    let early = plan_of("CNXIA", "TRIST", "2026-01-20T08:00:00Z", MAIN_LINE);
    assert!(!early.procedures[1].requirements.iter().any(|row| row.code.as_str() == "navigation_seal"));
}

#[test]
fn what_is_not_in_the_tables_is_said() {
    let legs: &[LegRow] =
        &[("CNXIA", "KZALA", "rail", "CN KZ", 100, 3_600), ("KZALA", "UZTAS", "rail", "KZ UZ", 40, 900)];
    let plan = plan_of("CNXIA", "UZTAS", "2026-12-01T08:00:00Z", legs);
    let codes: Vec<_> = plan.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(codes.contains(&"customs.office-stand-in"), "{codes:?}");
    let unknown: &[LegRow] = &[("CNXIA", "KZALA", "rail", "CN MN KZ", 100, 3_600)];
    let plan = plan_of("CNXIA", "KZALA", "2026-12-01T08:00:00Z", unknown);
    assert!(plan.findings.iter().any(|finding| finding.code == "customs.country-unknown"));
    assert_eq!(plan.procedures.len(), 3, "export, transit and import are planned all the same");
}

/// The places that offices name are those of the network's table; read as text, because rooms depend one way only.
#[test]
fn the_places_of_offices_are_places_of_the_network() {
    let places = world::data("network", "places.csv").unwrap();
    let codes: Vec<_> = places.lines().filter_map(|line| line.split(',').next()).collect();
    for office in world::territories().list_offices() {
        for place in office.place.iter().chain(&office.faces) {
            assert!(codes.contains(&place.as_str()), "{} names {place}", office.code);
        }
    }
}

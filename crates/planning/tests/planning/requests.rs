//! What a wrong request gets: every finding at once, each with its path and a remedy.

use crate::shared::{network, request};
use kervan_planning::{PlanOptions, PlanRequest, check_request, limits, plan};
use kervan_units::Mass;

/// A name, a change to a good request and its options, and the code and path expected.
type Case = (&'static str, fn(&mut PlanRequest, &mut PlanOptions), &'static str, &'static str);

const CASES: &[Case] = &[
    ("unknown origin", |r, _| r.from = "KZAUA".parse().unwrap(), "planning.unknown-place", "/from"),
    ("unknown destination", |r, _| r.to = "TRISX".parse().unwrap(), "planning.unknown-place", "/to"),
    ("no way to go", |r, _| r.to = r.from.clone(), "planning.same-place", "/to"),
    ("no equipment", |r, _| r.equipment.clear(), "planning.no-containers", "/equipment"),
    ("a line of zero", |r, _| r.equipment[0].0 = 0, "planning.no-containers", "/equipment/0/0"),
    ("ten thousand", |r, _| r.equipment[0].0 = 10_000, "planning.too-many-containers", "/equipment"),
    (
        "more than can be counted",
        |r, _| r.equipment[0].0 = u32::MAX,
        "planning.too-many-containers",
        "/equipment",
    ),
    ("no mass", |r, _| r.gross_mass = Some(Mass::ZERO), "planning.mass-out-of-range", "/gross_mass"),
    (
        "a mountain",
        |r, _| r.gross_mass = Some(Mass::from_grams(u64::MAX)),
        "planning.mass-out-of-range",
        "/gross_mass",
    ),
    (
        "long ago",
        |r, _| r.ready = "1850-01-01T00:00:00Z".parse().unwrap(),
        "planning.ready-out-of-range",
        "/ready",
    ),
    ("far off", |r, _| r.ready = jiff::Timestamp::MAX, "planning.ready-out-of-range", "/ready"),
    (
        "yesterday",
        |r, o| o.now = Some(r.ready + jiff::SignedDuration::from_hours(24)),
        "planning.ready-in-the-past",
        "/ready",
    ),
    (
        "a negative weight",
        |r, _| r.conditions.exposure.territories.extend([("KZ".parse().unwrap(), -1)]),
        "planning.negative-weight",
        "/conditions/exposure/territories/KZ",
    ),
    (
        "a weight beyond measure",
        |r, _| r.conditions.exposure.carriers.extend([("KTZ".to_owned(), 1_001)]),
        "planning.weight-out-of-range",
        "/conditions/exposure/carriers/KTZ",
    ),
    (
        "a country that is not crossed",
        |r, _| r.conditions.avoid.countries.push("BR".parse().unwrap()),
        "planning.unknown-country",
        "/conditions/avoid/countries/0",
    ),
    (
        "a carrier of another world",
        |r, _| r.conditions.require.carriers.push("KTX".to_owned()),
        "planning.unknown-carrier",
        "/conditions/require/carriers/0",
    ),
    (
        "a place that is not there",
        |r, _| r.conditions.avoid.places.push("KZAUA".parse().unwrap()),
        "planning.unknown-place",
        "/conditions/avoid/places/0",
    ),
    (
        "a link that is not there",
        |r, _| r.conditions.avoid.links.push("L999".parse().unwrap()),
        "planning.unknown-link",
        "/conditions/avoid/links/0",
    ),
    (
        "a service that is not there",
        |r, _| r.conditions.require.services.push("S999".parse().unwrap()),
        "planning.unknown-service",
        "/conditions/require/services/0",
    ),
    (
        "not where one starts",
        |r, _| r.conditions.avoid.places.push(r.from.clone()),
        "planning.contradiction",
        "/conditions/avoid/places/0",
    ),
    (
        "no such danger",
        |r, _| r.conditions.dangerous.push("3.7".to_owned()),
        "planning.danger-class",
        "/conditions/dangerous/0",
    ),
    (
        "to arrive before it leaves",
        |r, _| r.conditions.arrive_by = Some(r.ready),
        "planning.before-ready",
        "/conditions/arrive_by",
    ),
    (
        "a year ahead",
        |r, _| r.conditions.horizon_days = Some(365),
        "planning.horizon-out-of-range",
        "/conditions/horizon_days",
    ),
    ("a toy railway", |r, _| r.conditions.gauges_mm.push(45), "planning.gauge", "/conditions/gauges_mm/0"),
    (
        "anything is good enough",
        |r, _| r.conditions.epsilon_permille = 501,
        "planning.epsilon-out-of-range",
        "/conditions/epsilon_permille",
    ),
    ("no samples", |_, o| o.samples = 0, "planning.option-out-of-range", "/options/samples"),
    (
        "no alternatives",
        |_, o| o.most_alternatives = 0,
        "planning.option-out-of-range",
        "/options/most_alternatives",
    ),
];

#[test]
fn each_fault_is_named_with_its_path() {
    let network = network();
    for (name, spoil, code, path) in CASES {
        let (mut request, mut options) = (request("CNXIA", "TRIST"), PlanOptions::default());
        assert!(check_request(&network, &request, &options).is_empty());
        spoil(&mut request, &mut options);
        let findings = check_request(&network, &request, &options);
        assert_eq!(findings.len(), 1, "{name}: {findings:?}");
        assert_eq!((findings[0].code.as_str(), findings[0].path.as_deref()), (*code, Some(*path)), "{name}");
        assert!(findings[0].remedy.is_some(), "{name}");
        assert_eq!(plan(&network, &request, &options), Err(findings), "{name}");
    }
}

#[test]
fn all_faults_come_at_once_and_the_nearest_places_are_named() {
    let network = network();
    let mut request = request("KZAUA", "TRISX");
    request.equipment = vec![(limits::MOST_CONTAINERS + 1, "45G1".parse().unwrap())];
    let findings = check_request(&network, &request, &PlanOptions::default());
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["planning.unknown-place", "planning.unknown-place", "planning.too-many-containers"]);
    assert!(
        findings[0].remedy.as_deref().is_some_and(|remedy| remedy.contains("KZAAU (Aktau)")),
        "{findings:?}"
    );
    assert!(findings[1].remedy.as_deref().is_some_and(|remedy| remedy.contains("TRIST")), "{findings:?}");
}

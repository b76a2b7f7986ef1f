//! Prices and emissions on the real tables, traced to their rows.

use crate::shared::{network, plan_all, request};
use kervan_model::{CostBasis, Leg};
use kervan_network::Network;

/// The leg on a service of any alternative between two places.
fn leg(
    network: &Network,
    from: &str,
    to: &str,
    ready: &str,
    equipment: &[(u32, &str)],
    service: &str,
) -> Leg {
    let mut request = request(from, to);
    request.ready = ready.parse().unwrap();
    request.equipment = equipment.iter().map(|(count, size)| (*count, size.parse().unwrap())).collect();
    let plan = plan_all(network, &request);
    let mut legs = plan.alternatives.iter().flat_map(|alternative| alternative.itinerary.legs());
    legs.find(|leg| leg.service.as_str() == service).unwrap().clone()
}

#[test]
fn published_prices_are_those_of_their_direction_and_day() {
    let network = network();
    let now = "2026-12-01T08:00:00Z";
    /// From, to, ready, containers, service; cents.
    type Case = (&'static str, &'static str, &'static str, &'static [(u32, &'static str)], &'static str, i64);
    // The truck ferry is 54.50 USD a metre one way and 73 the other.
    let cases: &[Case] = &[
        ("KZKUR", "AZALA", now, &[(2, "45G1")], "S021T", 2 * 5_450 * 165 / 10),
        ("AZALA", "KZKUR", now, &[(1, "45G1")], "S021R", 120_000),
        ("AZALA", "KZKUR", now, &[(3, "22G1")], "S021R", 180_000),
        ("KZDOS", "BYBQT", now, &[(1, "45G1")], "S070B", 337_200),
        ("BYBQT", "KZDOS", now, &[(1, "45G1")], "S070BR", 260_000),
        ("CNSGH", "NLRTM", now, &[(1, "45G1")], "S101", 297_800),
        ("CNSGH", "NLRTM", "2026-01-05T00:00:00Z", &[(1, "45G1")], "S101", 258_400),
        ("CNSGH", "NLRTM", "2024-08-01T00:00:00Z", &[(1, "45G1")], "S101", 508_500),
        ("NLRTM", "CNSGH", now, &[(2, "L5G1")], "S101R", 97_400),
    ];
    for (from, to, ready, equipment, service, cents) in cases {
        let leg = leg(&network, from, to, ready, equipment, service);
        let cost = leg.cost.unwrap();
        assert_eq!(
            (cost.typical.minor(), cost.basis),
            (*cents, CostBasis::Published),
            "{from} - {to} {equipment:?}"
        );
    }
}

#[test]
fn a_price_that_is_not_known_for_a_size_is_named_and_not_guessed() {
    let mut request = request("KZDOS", "BYBQT");
    request.equipment = vec![(1, "22G1".parse().unwrap())];
    let plan = plan_all(&network(), &request);
    let itinerary = &plan.alternatives[0].itinerary;
    let leg = itinerary.legs().find(|leg| leg.service.as_str() == "S070B").unwrap();
    assert!(leg.cost.is_none());
    assert!(
        itinerary.cost.unknown.iter().any(|words| words.contains("for 20 ft")),
        "{:?}",
        itinerary.cost.unknown
    );
}

#[test]
fn emissions_are_factor_times_distance_times_mass() {
    let network = network();
    let feeder = |mass: Option<u64>| {
        let mut request = request("KZAAU", "AZALA");
        request.gross_mass = mass.map(kervan_units::Mass::from_tonnes);
        let plan = plan_all(&network, &request);
        let assumed = plan.assumptions.iter().any(|assumption| assumption.name == "mass of the goods");
        (plan.alternatives[0].itinerary.carbon.grams(), assumed)
    };
    // 468 km by feeder at 28 g a tonne-kilometre.
    assert_eq!(feeder(Some(10)), (468 * 28 * 10, false));
    assert_eq!(feeder(None), (468 * 28 * 40, true));
}

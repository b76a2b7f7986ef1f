//! What the tests on the real network share.

use kervan_network::Network;
use kervan_planning::{Alternative, Plan, PlanOptions, PlanRequest, plan};
use kervan_units::Seconds;

/// The network of the repository.
pub(crate) fn network() -> Network {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network/");
    Network::load(|name| std::fs::read_to_string(format!("{data}{name}")).ok()).unwrap().0
}

/// Two forty-foot containers, ready on the first of December 2026.
pub(crate) fn request(from: &str, to: &str) -> PlanRequest {
    PlanRequest {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        ready: "2026-12-01T08:00:00Z".parse().unwrap(),
        equipment: vec![(2, "45G1".parse().unwrap())],
        gross_mass: None,
        allow_planned: false,
        allow_disrupted: false,
        conditions: kervan_planning::Conditions::default(),
    }
}

/// Every alternative that no other beats.
pub(crate) fn plan_all(network: &Network, request: &PlanRequest) -> Plan {
    plan(network, request, &PlanOptions { most_alternatives: 100, ..PlanOptions::default() }).unwrap()
}

/// Days from departure to the median arrival.
pub(crate) fn median_days(alternative: &Alternative) -> f64 {
    let itinerary = &alternative.itinerary;
    Seconds::between(itinerary.departs, itinerary.arrives.p50).as_hours_f64() / 24.0
}

/// Whether the way stops at all of these places.
pub(crate) fn stops_at(alternative: &Alternative, places: &[&str]) -> bool {
    places.iter().all(|place| alternative.itinerary.stays().any(|stay| stay.place.as_str() == *place))
}

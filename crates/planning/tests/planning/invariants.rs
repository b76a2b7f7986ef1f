//! What holds for every plan, over many pairs of the real network.

use crate::shared::{network, request};
use kervan_codes::CountryCode;
use kervan_model::{Confidence, Itinerary, Step};
use kervan_network::Network;
use kervan_planning::{Plan, PlanOptions, PlanRequest, plan};

/// Every so many-th pair of places is planned; coprime to the number of places, so that all of them occur.
const EVERY: usize = 23;

#[test]
fn every_plan_keeps_its_promises() {
    let network = network();
    let codes: Vec<&str> = network.list_places().map(|place| place.code.as_str()).collect();
    let pairs = codes.iter().flat_map(|from| codes.iter().map(move |to| (*from, *to)));
    let (mut planned, mut alternatives) = (0, 0);
    for (number, (from, to)) in pairs.filter(|(from, to)| from != to).enumerate() {
        if number % EVERY > 0 {
            continue;
        }
        let mut request = request(from, to);
        request.allow_disrupted = number % 2 == 0;
        request.allow_planned = number % 3 == 0;
        request.equipment = vec![(1, "22G1".parse().unwrap()), (1, "45G1".parse().unwrap())];
        let options = PlanOptions { samples: 200, seed: number as u64, ..PlanOptions::default() };
        let plan = plan(&network, &request, &options).unwrap();
        check_plan(&network, &plan, &request);
        planned += 1;
        alternatives += plan.alternatives.len();
    }
    assert!(planned > 100 && alternatives > 300, "{planned} plans, {alternatives} alternatives");
}

fn check_plan(network: &Network, plan: &Plan, request: &PlanRequest) {
    let pair = format!("{} - {}", request.from, request.to);
    assert_eq!(
        plan.alternatives.is_empty(),
        plan.findings.iter().any(|f| f.code.starts_with("planning.no-"))
    );
    assert!(plan.alternatives.is_sorted_by_key(|alternative| alternative.itinerary.arrives.p50), "{pair}");
    for (number, alternative) in (1..).zip(&plan.alternatives) {
        assert_eq!(alternative.id.to_string(), format!("A{number}"));
        check_itinerary(network, &alternative.itinerary, request, &pair);
        let stays: Vec<_> = alternative.itinerary.stays().map(|stay| &stay.place).collect();
        let positions = alternative.via.iter().map(|via| stays.iter().position(|stay| *stay == via).unwrap());
        assert!(positions.is_sorted(), "{pair}: {:?}", alternative.via);
    }
    // No alternative beats another one on the figures shown.
    let shown = |itinerary: &Itinerary| {
        (itinerary.arrives.p50, itinerary.cost.total.minor(), itinerary.carbon, has_gaps(itinerary))
    };
    for one in &plan.alternatives {
        for other in plan.alternatives.iter().filter(|other| other.id != one.id) {
            let (one, other) = (shown(&one.itinerary), shown(&other.itinerary));
            let beats = one.0 <= other.0 && one.1 <= other.1 && one.2 <= other.2;
            assert!(!beats || one.3, "{pair}: {one:?} beats {other:?}");
        }
    }
}

/// Whether a ride has no price, so that its way is not called cheaper.
fn has_gaps(itinerary: &Itinerary) -> bool {
    itinerary.legs().any(|leg| leg.cost.is_none())
}

fn check_itinerary(network: &Network, itinerary: &Itinerary, request: &PlanRequest, pair: &str) {
    assert_eq!(itinerary.departs, request.ready);
    let arrives = itinerary.arrives;
    assert!(arrives.p10 <= arrives.p50 && arrives.p50 <= arrives.p90, "{pair}");
    // Steps: stay, leg, stay, ..., stay; each begins when the one before ended, at the place where it ended.
    let (mut now, mut at) = (request.ready, request.from.clone());
    for (number, step) in itinerary.steps.iter().enumerate() {
        let (place, begins, ends, next) = match step {
            Step::Stay(stay) => (&stay.place, stay.arrives, stay.leaves, &stay.place),
            Step::Leg(leg) => (&leg.from, leg.departs, leg.arrives, &leg.to),
        };
        assert_eq!(matches!(step, Step::Stay(_)), number % 2 == 0, "{pair}");
        assert_eq!((place, begins), (&at, now), "{pair}, step {number}");
        assert!(begins <= ends, "{pair}, step {number}");
        (now, at) = (ends, next.clone());
    }
    assert_eq!((now, &at), (arrives.p50, &request.to), "{pair}");
    check_stays(itinerary, pair);
    check_sums(network, itinerary, request, pair);
}

fn check_stays(itinerary: &Itinerary, pair: &str) {
    for stay in itinerary.stays() {
        for (number, process) in stay.processes.iter().enumerate() {
            let again = stay.processes[..number].iter().any(|other| other.kind == process.kind);
            assert!(!again, "{pair}: {} twice at {}", process.kind, stay.place);
        }
        // A wait stands alone only if nothing else contains it.
        let waits = stay.processes.iter().filter(|process| process.includes_waiting).count();
        let explicit = stay.processes.iter().any(|process| process.kind.word() == "wait");
        assert!(!explicit || waits == 1, "{pair}: the wait at {} counts twice", stay.place);
    }
    let mut places: Vec<_> = itinerary.stays().map(|stay| &stay.place).collect();
    let stops = places.len();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), stops, "{pair} visits a place twice");
}

fn check_sums(network: &Network, itinerary: &Itinerary, request: &PlanRequest, pair: &str) {
    let cost = &itinerary.cost;
    assert!(cost.low.minor() <= cost.total.minor() && cost.total.minor() <= cost.high.minor(), "{pair}");
    let parts = cost.published.minor() + cost.judged.minor();
    assert!((0..=cost.total.minor()).contains(&parts), "{pair}");
    let legs: i64 = itinerary.legs().filter_map(|leg| Some(leg.cost.as_ref()?.typical.minor())).sum();
    assert!(legs <= cost.total.minor(), "{pair}");
    assert_eq!(
        itinerary.legs().map(|leg| leg.carbon).sum::<kervan_units::Carbon>(),
        itinerary.carbon,
        "{pair}"
    );
    assert_eq!(
        itinerary.legs().map(|leg| leg.distance.typ()).sum::<kervan_units::Distance>(),
        itinerary.distance
    );
    let country = |code| -> CountryCode { network.find_place(code).unwrap().country };
    assert_eq!(itinerary.countries.first(), Some(&country(&request.from)), "{pair}");
    assert_eq!(itinerary.countries.last(), Some(&country(&request.to)), "{pair}");
    assert!(itinerary.countries.windows(2).all(|two| two[0] != two[1]), "{pair}");
    let least = itinerary.legs().map(|leg| leg.provenance.confidence).min().unwrap_or(Confidence::High);
    assert!(itinerary.confidence <= least, "{pair}");
}

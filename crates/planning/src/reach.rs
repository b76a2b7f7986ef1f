//! From many places to many, and how far one gets in a time.
//!
//! The ways from an origin to all destinations are found by one search (`kervan_search::list_fronts`), on rides and stays that
//! are priced once, and played with one luck; each pair is then chosen from as [`crate::plan`] chooses, so that a cell of a
//! matrix says what the plan of that pair says. Where the arrival is given, ways are sought backwards from each destination,
//! and pairs are planned one by one.

use crate::adapt::Adapted;
use crate::areas::{Polygon, Reach, draw_areas};
use crate::cuts::Conditioned;
use crate::ground::Ground;
use crate::odds::Odds;
use crate::plan::{plan_currency, plan_learned};
use crate::relax::explain_no_way;
use crate::request::check_request;
use crate::{Badge, Learned, Plan, PlanOptions, PlanRequest, limits};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, Itinerary, Leg, Severity};
use kervan_network::Network;
use kervan_units::Seconds;
use std::collections::BTreeMap;

/// What the plan of one pair says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Origin.
    pub from: PlaceCode,
    /// Destination.
    pub to: PlaceCode,
    /// The way with the earliest median arrival; `None` if there is no way.
    pub fastest: Option<Itinerary>,
    /// The way that costs least.
    pub cheapest: Option<Itinerary>,
    /// The way with the least emissions.
    pub cleanest: Option<Itinerary>,
    /// Ways that no other one beats.
    pub ways: usize,
    /// Why there is none.
    pub findings: Vec<Finding>,
}

/// A ride of the fastest ways, as far as it is done within the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiddenPart {
    /// The ride, at median times.
    pub leg: Leg,
    /// From the readiness of the goods to its departure.
    pub departs_after: Seconds,
    /// From the readiness of the goods to its arrival.
    pub arrives_after: Seconds,
    /// How much of it is done within the time, at an even pace. Unit: thousandth.
    pub done: u32,
}

/// What is reached from a place within a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Isochrone {
    /// Origin.
    pub from: PlaceCode,
    /// The time, from the readiness of the goods.
    pub within: Seconds,
    /// Every place whose median arrival is within the time, nearest first.
    pub places: Vec<Reached>,
    /// The rides towards them and beyond, in order of departure.
    pub rides: Vec<RiddenPart>,
    /// Places that are reached later, or not at all.
    pub beyond: usize,
    /// The ground around both, within even parts of the time, the widest last.
    pub areas: Vec<Area>,
}

/// The ground that is reached within a part of the time.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// The part.
    pub within: Seconds,
    /// Where: around the places as far as a truck gets in what is left of it ([`limits::ROAD_KM_PER_DAY`]), and along the rides.
    pub polygons: Vec<Polygon>,
}

/// Plans every pair of origins and destinations but a place with itself; origin by origin, in the order given.
///
/// `request` says everything but the pair. Errors: every finding on the places and on the request, once.
pub fn plan_matrix(
    network: &Network,
    request: &PlanRequest,
    from: &[PlaceCode],
    to: &[PlaceCode],
    options: &PlanOptions,
    learned: &Learned,
) -> Result<Vec<Reached>, Vec<Finding>> {
    check_pairs(network, request, from, to, options)?;
    let mut matrix = Vec::new();
    for origin in from {
        let to: Vec<PlaceCode> = to.iter().filter(|place| *place != origin).cloned().collect();
        matrix.extend(plan_row(network, &of_origin(request, origin), &to, options, learned, true)?);
    }
    Ok(matrix)
}

/// A place with its number in a list.
type Numbered<'a> = (usize, &'a PlaceCode);

/// Errors: every finding on the places and on the request, once, with paths in the lists of places and below `/plan`.
fn check_pairs(
    network: &Network,
    request: &PlanRequest,
    from: &[PlaceCode],
    to: &[PlaceCode],
    options: &PlanOptions,
) -> Result<(), Vec<Finding>> {
    let pairs: Vec<(Numbered<'_>, Numbered<'_>)> = from
        .iter()
        .enumerate()
        .flat_map(|origin| to.iter().enumerate().map(move |destination| (origin, destination)))
        .filter(|((_, origin), (_, destination))| origin != destination)
        .collect();
    if pairs.is_empty() || pairs.len() > limits::MOST_PAIRS {
        let message =
            format!("{} pairs of places; 1 to {} can be asked for", pairs.len(), limits::MOST_PAIRS);
        return Err(vec![Finding::error("planning.pairs", message).at("/from").remedy("ask in parts")]);
    }
    let mut findings: Vec<Finding> = Vec::new();
    for ((row, origin), (column, destination)) in &pairs {
        let asked = of_pair(&of_origin(request, origin), destination);
        let faults = check_request(network, &asked, options).into_iter();
        for mut fault in faults.filter(|fault| fault.severity == Severity::Error) {
            // Which of the places it is; the rest is said of the request that all pairs share.
            fault.path = match fault.path.as_deref() {
                Some("/from") => Some(format!("/from/{row}")),
                Some("/to") => Some(format!("/to/{column}")),
                path => path.map(|path| format!("/plan{path}")),
            };
            if !findings.contains(&fault) {
                findings.push(fault);
            }
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// Plans from the origin of a request to each of some places, in their order; `reasons`: with the reason where there is no way.
fn plan_row(
    network: &Network,
    request: &PlanRequest,
    to: &[PlaceCode],
    options: &PlanOptions,
    learned: &Learned,
    reasons: bool,
) -> Result<Vec<Reached>, Vec<Finding>> {
    let one_by_one = || {
        let plan = |to: &PlaceCode| plan_learned(network, &of_pair(request, to), options, learned);
        to.iter().map(|to| Ok(reached(plan(to)?))).collect()
    };
    if request.conditions.arrive_by.is_some() || to.len() < 2 {
        return one_by_one();
    }
    let (currency, conditioned) = (plan_currency()?, Conditioned::new(request));
    let Some(ground) = Ground::towards(network, request, to, &conditioned, 0, currency) else {
        return one_by_one();
    };
    let found = Adapted::new(&ground, request, &conditioned, 0).and_then(|adapted| adapted.list_ways());
    // Too many partial ways towards all of them may still be few enough towards each.
    let Ok(found) = found else { return one_by_one() };
    let mut odds = Odds::new(options.seed, options.samples, learned);
    let row = to.iter().zip(found).map(|(to, ways)| {
        let request = of_pair(request, to);
        let findings = check_request(network, &request, options);
        let mut plan = Plan::empty(network, request, options, findings);
        if !ways.is_empty() {
            plan.play(&ground, &conditioned, ways, &mut odds, 0);
        } else if reasons {
            plan.findings.extend(explain_no_way(network, &plan.request, currency));
        }
        reached(plan)
    });
    Ok(row.collect())
}

/// Every place that is reached from the origin of a request within a time, by the median arrival of the fastest way.
///
/// The destination of the request does not matter. Errors: as [`plan_matrix`].
pub fn plan_isochrone(
    network: &Network,
    request: &PlanRequest,
    within: Seconds,
    options: &PlanOptions,
    learned: &Learned,
) -> Result<Isochrone, Vec<Finding>> {
    let to: Vec<PlaceCode> =
        network.list_places().map(|place| place.code.clone()).filter(|code| *code != request.from).collect();
    check_pairs(network, request, std::slice::from_ref(&request.from), &to, options)?;
    let all = plan_row(network, request, &to, options, learned, false)?;
    let after = |itinerary: &Itinerary| Seconds::between(itinerary.departs, itinerary.arrives.p50);
    let rides = ridden(&all, within);
    let count = all.len();
    let mut places: Vec<Reached> = all
        .into_iter()
        .filter(|reached| reached.fastest.as_ref().is_some_and(|itinerary| after(itinerary) <= within))
        .collect();
    places.sort_by_key(|reached| (reached.fastest.as_ref().map(after), reached.to.clone()));
    let beyond = count - places.len();
    let areas = draw_bands(network, &request.from, within, &places, &rides);
    Ok(Isochrone { from: request.from.clone(), within, places, rides, beyond, areas })
}

/// The areas within even parts of the time.
fn draw_bands(
    network: &Network,
    from: &PlaceCode,
    within: Seconds,
    places: &[Reached],
    rides: &[RiddenPart],
) -> Vec<Area> {
    let point =
        |code: &PlaceCode| network.find_place(code).map(|place| [place.point.lon(), place.point.lat()]);
    let draw = |part: u64| {
        let within = Seconds::new(within.get() * part / limits::AREA_BANDS);
        let left =
            |after: Seconds| (within >= after).then(|| (within.as_hours_f64() - after.as_hours_f64()) / 24.0);
        let mut reached: Vec<Reach> = Vec::new();
        reached.extend(point(from).map(|at| Reach::Place(at, left(Seconds::new(0)).unwrap_or(0.0))));
        for place in places {
            let after = place.fastest.as_ref().map(|way| Seconds::between(way.departs, way.arrives.p50));
            reached
                .extend(point(&place.to).zip(after.and_then(left)).map(|(at, days)| Reach::Place(at, days)));
        }
        for ride in rides.iter().filter(|ride| ride.departs_after < within) {
            let (departs, arrives) = (ride.departs_after.as_hours_f64(), ride.arrives_after.as_hours_f64());
            let done = ((within.as_hours_f64() - departs) / (arrives - departs).max(1e-3)).min(1.0);
            if let (Some([x, y]), Some([u, v])) = (point(&ride.leg.from), point(&ride.leg.to)) {
                reached.push(Reach::Strip([x, y], [x + (u - x) * done, y + (v - y) * done]));
            }
        }
        Area { within, polygons: draw_areas(&reached) }
    };
    (1..=limits::AREA_BANDS).map(draw).collect()
}

fn of_origin(request: &PlanRequest, from: &PlaceCode) -> PlanRequest {
    PlanRequest { from: from.clone(), ..request.clone() }
}

fn of_pair(request: &PlanRequest, to: &PlaceCode) -> PlanRequest {
    PlanRequest { to: to.clone(), ..request.clone() }
}

fn reached(plan: Plan) -> Reached {
    let best = |badge: Badge| {
        let marked = plan.alternatives.iter().find(|way| way.badges.contains(&badge));
        // Badges are given among the ways of which most is known; the first is the earliest of all.
        marked.or(plan.alternatives.first()).map(|way| way.itinerary.clone())
    };
    Reached {
        fastest: plan.alternatives.first().map(|way| way.itinerary.clone()),
        cheapest: best(Badge::Cheapest),
        cleanest: best(Badge::LowestEmissions),
        ways: plan.alternatives.len(),
        from: plan.request.from,
        to: plan.request.to,
        findings: plan.findings,
    }
}

/// The rides of the fastest ways that begin within the time, each once, with the earliest departure.
fn ridden(all: &[Reached], within: Seconds) -> Vec<RiddenPart> {
    let mut parts: BTreeMap<(&str, &PlaceCode, &PlaceCode), RiddenPart> = BTreeMap::new();
    for itinerary in all.iter().filter_map(|reached| reached.fastest.as_ref()) {
        for leg in itinerary.legs() {
            let departs_after = Seconds::between(itinerary.departs, leg.departs);
            let arrives_after = Seconds::between(itinerary.departs, leg.arrives);
            if departs_after >= within {
                continue;
            }
            let (length, left) =
                (arrives_after.get() - departs_after.get(), within.get() - departs_after.get());
            let done = if length <= left { 1_000 } else { (left * 1_000 / length.max(1)) as u32 };
            let part = RiddenPart { leg: leg.clone(), departs_after, arrives_after, done };
            let key = (leg.service.as_str(), &leg.from, &leg.to);
            match parts.get_mut(&key) {
                Some(kept) if kept.departs_after <= departs_after => {}
                Some(kept) => *kept = part,
                None => {
                    parts.insert(key, part);
                }
            }
        }
    }
    let mut parts: Vec<RiddenPart> = parts.into_values().collect();
    parts.sort_by_key(|part| part.departs_after);
    parts
}

//! The routes between two places, some in every corridor, none through a place twice.

use super::data::{FreightData, without_direction};
use super::ground::{Ground, Ride};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{LinkId, ServiceId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Rounds of search in each corridor for each worth of time.
const ROUNDS: usize = 4;
/// What a ride costs more for each time it was used, so that the next round finds another way.
const DEARER: f64 = 1.35;
/// A route that costs more than this many times the best of its corridor is none.
const WORST: f64 = 1.6;

/// A route with what it takes, delays not counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Services in order.
    pub services: Vec<ServiceId>,
    /// Places where goods get on or off, ends included.
    pub stops: Vec<PlaceCode>,
    /// Directed links in order.
    pub links: Vec<LinkId>,
    /// Corridor, by number in the table; `None` if it uses no gate.
    pub corridor: Option<usize>,
    /// Price of one forty-foot container. Unit: US dollar.
    pub usd: f64,
    /// Time without delays of congestion. Unit: hour.
    pub hours: f64,
    /// Rides without any known price; they count as free.
    pub unpriced: usize,
    /// Countries that it touches.
    pub countries: BTreeSet<CountryCode>,
}

/// Which rides one search may use.
struct Bars {
    allowed: Vec<bool>,
}

/// The routes from one place to another.
pub(crate) fn find_ways(
    ground: &Ground<'_>,
    data: &FreightData,
    from: &PlaceCode,
    to: &PlaceCode,
) -> Vec<Way> {
    let worths: Vec<f64> = data.commodities.iter().map(|commodity| commodity.usd_per_day / 24.0).collect();
    let mut found: BTreeSet<Vec<usize>> = BTreeSet::new();
    let families = (0..data.corridors.len()).map(Some).chain([None]);
    for corridor in families {
        let fits = |ride: &Ride<'_>| ride.gates.iter().all(|gate| Some(*gate) == corridor);
        let bars = Bars { allowed: ground.rides.iter().map(fits).collect() };
        for worth in &worths {
            found.extend(search(ground, &bars, from, to, *worth, corridor));
        }
    }
    found.iter().map(|rides| way_of(ground, rides)).collect()
}

/// Some routes of one corridor at one worth of an hour.
fn search(
    ground: &Ground<'_>,
    bars: &Bars,
    from: &PlaceCode,
    to: &PlaceCode,
    worth: f64,
    corridor: Option<usize>,
) -> Vec<Vec<usize>> {
    let mut used: BTreeMap<LinkId, i32> = BTreeMap::new();
    let mut found: Vec<(f64, Vec<usize>)> = Vec::new();
    for _ in 0..ROUNDS {
        let factor: Vec<f64> = ground
            .rides
            .iter()
            .map(|ride| {
                let times = ride.service.links.iter().filter_map(|link| used.get(&without_direction(link)));
                DEARER.powi(times.copied().max().unwrap_or(0))
            })
            .collect();
        let Some(rides) = cheapest(ground, bars, from, to, worth, &factor) else { break };
        for link in rides.iter().flat_map(|ride| &ground.rides[*ride].service.links) {
            *used.entry(without_direction(link)).or_default() += 1;
        }
        let way = way_of(ground, &rides);
        let stops: BTreeSet<&PlaceCode> = way.stops.iter().collect();
        if stops.len() == way.stops.len() && way.corridor == corridor {
            found.push((way.usd + worth * way.hours, rides));
        }
    }
    let best = found.iter().map(|(cost, _)| *cost).fold(f64::INFINITY, f64::min);
    found.into_iter().filter(|(cost, _)| *cost <= WORST * best).map(|(_, rides)| rides).collect()
}

/// A cost that can stand in a queue: hundredths of a cent.
fn ticks(cost: f64) -> u64 {
    (cost * 10_000.0).clamp(0.0, 1e15) as u64
}

/// The cheapest chain of rides, each made dearer by its factor.
fn cheapest(
    ground: &Ground<'_>,
    bars: &Bars,
    from: &PlaceCode,
    to: &PlaceCode,
    worth: f64,
    factor: &[f64],
) -> Option<Vec<usize>> {
    let count = ground.rides.len();
    let mut cost = vec![u64::MAX; count + 1];
    let mut by = vec![usize::MAX; count + 1];
    let mut queue = BinaryHeap::new();
    let of_ride = |ride: usize, stay: super::ground::Stay| {
        let one = &ground.rides[ride];
        ticks(factor[ride] * (one.usd + stay.usd + worth * (one.hours + stay.hours)))
    };
    for ride in ground.from.get(from).into_iter().flatten().copied().filter(|ride| bars.allowed[*ride]) {
        cost[ride] = of_ride(ride, ground.stay(from, None, Some(ride)));
        queue.push(Reverse((cost[ride], ride)));
    }
    while let Some(Reverse((so_far, ride))) = queue.pop() {
        if ride == count {
            break;
        }
        if so_far > cost[ride] {
            continue;
        }
        if ground.rides[ride].service.to == *to {
            let stay = ground.stay(to, Some(ride), None);
            let whole = so_far + ticks(stay.usd + worth * stay.hours);
            if whole < cost[count] {
                (cost[count], by[count]) = (whole, ride);
                queue.push(Reverse((whole, count)));
            }
            continue;
        }
        for (next, stay) in ground.next[ride].iter().filter(|(next, _)| bars.allowed[*next]) {
            let whole = so_far + of_ride(*next, *stay);
            if whole < cost[*next] {
                (cost[*next], by[*next]) = (whole, ride);
                queue.push(Reverse((whole, *next)));
            }
        }
    }
    let mut rides = Vec::new();
    let mut last = by[count];
    while last != usize::MAX {
        rides.push(last);
        last = by[last];
    }
    rides.reverse();
    if rides.is_empty() { None } else { Some(rides) }
}

/// A chain of rides with what it takes.
pub(crate) fn way_of(ground: &Ground<'_>, rides: &[usize]) -> Way {
    let mut way = Way {
        services: Vec::new(),
        stops: Vec::new(),
        links: Vec::new(),
        corridor: None,
        usd: 0.0,
        hours: 0.0,
        unpriced: 0,
        countries: BTreeSet::new(),
    };
    let mut before = None;
    for number in rides.iter().copied() {
        let ride = &ground.rides[number];
        let stay = ground.stay(&ride.service.from, before, Some(number));
        way.usd += stay.usd + ride.usd;
        way.hours += stay.hours + ride.hours;
        way.unpriced += usize::from(ride.unpriced);
        way.services.push(ride.service.id.clone());
        way.stops.push(ride.service.from.clone());
        for link in ground.network.links_of_service(&ride.service.id) {
            way.links.push(link.id.clone());
            way.countries.extend(link.countries.iter().copied());
        }
        way.corridor = [way.corridor, ride.gates.first().copied()].into_iter().flatten().min();
        before = Some(number);
    }
    if let Some(last) = before {
        let place = &ground.rides[last].service.to;
        let stay = ground.stay(place, Some(last), None);
        way.usd += stay.usd;
        way.hours += stay.hours;
        way.stops.push(place.clone());
    }
    way
}

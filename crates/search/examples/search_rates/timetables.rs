//! Synthetic freight timetables: terminals in the plane, services of 3 to 8 of them, departures over 30 days.

use crate::theirs::{Ride, Theirs};
use crate::{quantiles, row, timed};
use kervan_search::{
    Criteria, Departure, End, Front, Line, LineStop, Network, Parts, Query, Runs, Stay, Stop, When,
    find_front,
};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Minutes in a day.
const DAY: u32 = 24 * 60;

/// Pairs that are asked for, per size.
const PAIRS: usize = 100;

/// Terminals, services, departures in 30 days.
const SIZES: [(u32, u32, u32); 3] = [(200, 300, 5_500), (500, 1_000, 16_000), (2_000, 4_000, 63_000)];

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn below(&mut self, sides: u32) -> u32 {
        (self.0.next_u64() % u64::from(sides)) as u32
    }
}

/// How a service goes: minutes per kilometre in hundredths, price and emissions per kilometre, share of services.
const MODES: [(u32, u32, u32); 3] = [(100, 110, 62), (140, 60, 15), (240, 25, 8)];

/// The rides of a size, over some days.
fn rides(dice: &mut Dice, terminals: u32, services: u32, departures: u32, days: u32) -> Vec<Ride> {
    let places: Vec<(u32, u32)> = (0..terminals).map(|_| (dice.below(4_000), dice.below(2_000))).collect();
    let kilometres = |one: u32, other: u32| {
        let ((x, y), (u, v)) = (places[one as usize], places[other as usize]);
        let (dx, dy) = (f64::from(x.abs_diff(u)), f64::from(y.abs_diff(v)));
        (dx.hypot(dy) as u32).max(5)
    };
    (0..services)
        .map(|_| {
            let (pace, price, emissions) = MODES[[0, 1, 1, 2][dice.below(4) as usize]];
            let length = 3 + dice.below(6);
            let mut stops = vec![dice.below(terminals)];
            while stops.len() < length as usize {
                // The next stop is the nearest of some: services have a direction and no loops.
                let last = stops[stops.len() - 1];
                let some: Vec<u32> =
                    (0..12).map(|_| dice.below(terminals)).filter(|stop| !stops.contains(stop)).collect();
                if let Some(next) = some.into_iter().min_by_key(|stop| kilometres(last, *stop)) {
                    stops.push(next);
                }
            }
            let mut times = vec![(0, 0)];
            let mut segments = Vec::new();
            let mut clock = 0;
            let mut whole = 0;
            for pair in stops.windows(2) {
                let length = kilometres(pair[0], pair[1]);
                clock += length * pace / 100;
                let dwell = 60 + dice.below(240);
                times.push((clock, clock + dwell));
                clock += dwell;
                whole += length;
                // Exposure: some territories weigh more than others.
                let (x, _) = places[pair[0] as usize];
                segments.push([0, length * emissions / 10, length * (1 + (x / 500) % 4) / 10, 0, 0]);
            }
            let fare = 200 + whole * price / 100;
            let each = departures / services;
            let every = days * DAY / each.max(1);
            let first = dice.below(every);
            let starts = (0..each).map(|number| first + number * every + dice.below(every / 4 + 1));
            let mut starts: Vec<u32> = starts.collect();
            starts.sort_unstable();
            Ride { stops, times, segments, fare, starts }
        })
        .collect()
}

fn ours(terminals: u32, rides: &[Ride]) -> Network {
    let stop = Stop { stay: Some(Stay::default()), ..Stop::default() };
    let lines = rides.iter().map(|ride| Line {
        stops: ride
            .stops
            .iter()
            .zip(&ride.times)
            .map(|(stop, (arrives, departs))| LineStop {
                boarding: [ride.fare, 0, 0, 0, 0],
                ..LineStop::at(*stop, *arrives, *departs)
            })
            .collect(),
        segments: ride.segments.clone(),
        runs: Runs::Timetable(ride.starts.iter().map(|start| Departure::at(*start)).collect()),
    });
    let parts = Parts { stops: vec![stop; terminals as usize], lines: lines.collect(), changes: Vec::new() };
    Network::new(parts).unwrap_or_else(|faults| {
        eprintln!("{faults:?}");
        std::process::exit(2)
    })
}

fn ask(network: &Network, from: u32, to: u32, begin: u32, days: u32, criteria: Criteria) -> Front {
    let query = Query::new(End::at(from), End::at(to), When::DepartAfter(begin), days * DAY);
    find_front(network, &Query { criteria, ..query }).unwrap_or_else(|stopped| {
        eprintln!("{stopped}");
        Front::default()
    })
}

/// All sizes.
pub(crate) fn measure() {
    for (terminals, services, departures) in SIZES {
        let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(u64::from(terminals)));
        let rides = rides(&mut dice, terminals, services, departures, 30);
        let (network, built) = timed(|| ours(terminals, &rides));
        eprintln!("{terminals} terminals: network built in {built:?}");
        let theirs = Theirs::new(terminals, &rides);
        let mut cache = theirs.cache();
        let mut times: [Vec<_>; 5] = Default::default();
        let mut sizes = [0_usize; 5];
        let mut unequal = 0;
        for _ in 0..PAIRS {
            let (from, to, begin) = (dice.below(terminals), dice.below(terminals), dice.below(10 * DAY));
            if from == to {
                continue;
            }
            let with_legs = Criteria { legs: true, ..Criteria::TIME_AND_COST };
            let asked = [Criteria::TIME, Criteria::TIME_AND_COST, with_legs, Criteria::TIME_AND_THREE];
            for (place, criteria) in asked.into_iter().enumerate() {
                let (front, time) = timed(|| ask(&network, from, to, begin, 30, criteria));
                times[place].push(time);
                sizes[place] += front.journeys.len();
                if place == 1 {
                    let (others, time) = timed(|| theirs.ask(&mut cache, from, to, begin));
                    times[4].push(time);
                    sizes[4] += others.len();
                    let mine: Vec<_> =
                        front.journeys.iter().map(|way| (way.arrives, way.weights[0])).collect();
                    unequal += usize::from(mine != others);
                }
            }
        }
        eprintln!(
            "  front sizes (time; and cost; and rides; and three; theirs): {sizes:?}; {unequal} unequal"
        );
        let size = terminals as usize;
        let [time, two, legs, four, theirs] = times.map(quantiles);
        row("vulture 0.24, arrival + cost, p50", size, "ms", theirs.0, None);
        row("arrival, p50", size, "ms", time.0, None);
        row("arrival + cost, p50", size, "ms", two.0, None);
        row("arrival + cost, p99", size, "ms", two.1, None);
        row("arrival + cost: of vulture's time", size, "ratio", two.0 / theirs.0, Some(1.0));
        row("arrival + cost + rides: of vulture's time", size, "ratio", legs.0 / theirs.0, None);
        row("all four criteria, p50", size, "ms", four.0, None);
        row("all four criteria, p99", size, "ms", four.1, None);
        row("all four criteria: of vulture's time", size, "ratio", four.0 / theirs.0, Some(4.0));
        row("fronts unlike vulture's", size, "fronts", unequal as f64, Some(0.0));
    }
    horizons();
}

/// The middle size over 7, 30 and 60 days, as many departures a day.
fn horizons() {
    let (terminals, services, departures) = SIZES[1];
    for days in [7, 30, 60] {
        let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(5));
        let network = ours(terminals, &rides(&mut dice, terminals, services, departures * days / 30, days));
        let mut times: [Vec<_>; 2] = Default::default();
        for _ in 0..PAIRS {
            let (from, to) = (dice.below(terminals), dice.below(terminals));
            for (place, criteria) in
                [Criteria::TIME_AND_COST, Criteria::TIME_AND_THREE].into_iter().enumerate()
            {
                times[place].push(timed(|| ask(&network, from, to, DAY, days, criteria)).1);
            }
        }
        let [two, four] = times.map(quantiles);
        row("horizon in days: arrival + cost, p50", days as usize, "ms", two.0, None);
        row("horizon in days: all four, p50", days as usize, "ms", four.0, None);
        row("horizon in days: all four, p99", days as usize, "ms", four.1, None);
    }
}

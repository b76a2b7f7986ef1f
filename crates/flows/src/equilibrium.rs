//! Stochastic user equilibrium: how demand spreads over routes whose delays depend on how it spreads.
//!
//! Each demand takes its routes in the proportions of a path-size logit: the chance of a route is proportional to its size
//! times the exponential of its cost, counted against it. Costs contain delays, delays grow with the volume. The volumes that
//! fit their own costs are the least value of a convex function (Fisk 1980, for delays that depend on their own volume), so
//! there is exactly one answer for given routes, wherever the search starts.
//!
//! The search is Newton's method on the loads of the delays, of which there are far fewer than routes. Its direction is one in
//! which the dual of Fisk's function falls, and the step goes as far as that function's slope stays negative; near the answer
//! each step doubles the digits, where successive averages take thousands for the first few.

use crate::linear::solve_linear;

/// Steps of one search at most. The corridor needs about ten.
const MOST_STEPS: usize = 500;

/// The volumes are settled when those that the costs ask for differ by less than this share of all demand.
const SETTLED: f64 = 1e-11;

/// Halvings of a step at most.
const HALVINGS: usize = 40;

/// A step is good if the slope at its end is at most this part of the slope at its start, either way.
const FLAT_ENOUGH: f64 = 0.7;

/// A place or link that gets slower with volume: `hours * slope * (volume / capacity) ^ power` on top of what it takes empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delay {
    /// Time it takes when empty. Unit: hour.
    pub hours: f64,
    /// Volume it is made for. Unit: that of demand. Range: above zero.
    pub capacity: f64,
    /// Share of `hours` that is added when it is full.
    pub slope: f64,
    /// How steeply it grows. Range: at least 1.
    pub power: f64,
    /// Volume of others, which is there in any case.
    pub other: f64,
}

impl Delay {
    /// What a volume adds. Unit: hour.
    pub fn at(&self, volume: f64) -> f64 {
        self.hours * self.slope * ((volume + self.other) / self.capacity).max(0.0).powf(self.power)
    }

    /// How fast it grows. Unit: hour per unit of volume.
    pub fn growth_at(&self, volume: f64) -> f64 {
        let load = ((volume + self.other) / self.capacity).max(0.0);
        self.hours * self.slope * self.power * load.powf(self.power - 1.0) / self.capacity
    }
}

/// Units of one kind between one pair of ends, and the routes that they can take.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Volume. Range: at least zero.
    pub volume: f64,
    /// What an hour is worth. Unit: money per unit of volume. Range: above zero.
    pub hour_value: f64,
    /// How sharply cost decides. Unit: one over money. Range: above zero.
    pub scale: f64,
    /// The routes. Invariant: not empty if there is volume.
    pub routes: Vec<DemandRoute>,
}

/// A route as a demand sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandRoute {
    /// Cost without delays: price, time at its worth, and what else counts. Unit: money per unit of volume.
    pub cost: f64,
    /// The delays on it, by number, each once.
    pub delays: Vec<usize>,
    /// Its size: 1 for a route that shares nothing, less the more of it is shared. Range: above zero.
    pub size: f64,
}

/// How demand spreads.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Volume on each route of each demand.
    pub volumes: Vec<Vec<f64>>,
    /// Volume on each delay, without that of others.
    pub loads: Vec<f64>,
    /// Share of demand that its costs would put elsewhere: zero at the equilibrium.
    pub gap: f64,
    /// Steps taken.
    pub steps: usize,
}

/// The chance of each route at given loads.
fn shares(delays: &[Delay], loads: &[f64], demand: &Demand) -> Vec<f64> {
    let costs: Vec<f64> = demand.routes.iter().map(|route| cost_at(delays, loads, demand, route)).collect();
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let weights: Vec<f64> = demand
        .routes
        .iter()
        .zip(costs)
        .map(|(route, cost)| route.size * (-demand.scale * (cost - least)).exp())
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

/// Cost of a route at given loads, delays included.
pub fn cost_at(delays: &[Delay], loads: &[f64], demand: &Demand, route: &DemandRoute) -> f64 {
    let hours: f64 = route.delays.iter().map(|delay| delays[*delay].at(loads[*delay])).sum();
    route.cost + demand.hour_value * hours
}

/// Volume on each delay from the volumes on the routes.
fn load(delays: &[Delay], demands: &[Demand], volumes: &[Vec<f64>]) -> Vec<f64> {
    let mut loads = vec![0.0; delays.len()];
    for (demand, volumes) in demands.iter().zip(volumes) {
        for (route, volume) in demand.routes.iter().zip(volumes) {
            for delay in &route.delays {
                loads[*delay] += volume;
            }
        }
    }
    loads
}

/// What costs ask for at given loads.
fn asked(delays: &[Delay], loads: &[f64], demands: &[Demand]) -> Vec<Vec<f64>> {
    let spread = |demand: &Demand| {
        shares(delays, loads, demand).into_iter().map(|share| share * demand.volume).collect()
    };
    demands.iter().map(spread).collect()
}

/// The volumes that fit their own costs, searched from the spread over an empty network or from `start`.
///
/// Numbers of delays must be those of `delays`; `start` has the shape of the result and is taken as proportions.
pub fn find_equilibrium(delays: &[Delay], demands: &[Demand], start: Option<&[Vec<f64>]>) -> Equilibrium {
    let empty = vec![0.0; delays.len()];
    let first = match start {
        Some(start) => in_proportion(demands, start),
        None => asked(delays, &empty, demands),
    };
    let all: f64 = demands.iter().map(|demand| demand.volume).sum::<f64>().max(f64::MIN_POSITIVE);
    let mut loads = load(delays, demands, &first);
    let mut steps = 0;
    loop {
        let volumes = asked(delays, &loads, demands);
        let asked_loads = load(delays, demands, &volumes);
        let excess: Vec<f64> = loads.iter().zip(&asked_loads).map(|(load, asked)| load - asked).collect();
        let gap = excess.iter().map(|excess| excess.abs()).sum::<f64>() / all;
        if gap <= SETTLED || steps == MOST_STEPS {
            return Equilibrium { volumes, loads: asked_loads, gap, steps };
        }
        let growth: Vec<f64> =
            delays.iter().zip(&loads).map(|(delay, load)| delay.growth_at(*load)).collect();
        let against = excess.iter().map(|excess| -excess).collect();
        // The matrix is one plus a product of two that have no negative side, so there always is a solution.
        let direction = solve_linear(response_matrix(demands, &volumes, &growth), against)
            .unwrap_or_else(|| excess.iter().map(|excess| -excess).collect());
        let step = good_step(delays, demands, &loads, &direction);
        for (load, direction) in loads.iter_mut().zip(&direction) {
            *load = (*load + step * direction).max(0.0);
        }
        steps += 1;
    }
}

/// A start that has the right sums: given proportions, or even ones where they say nothing.
fn in_proportion(demands: &[Demand], start: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let spread = |(demand, parts): (&Demand, &Vec<f64>)| -> Vec<f64> {
        let part = |number: usize| parts.get(number).copied().filter(|part| *part > 0.0).unwrap_or(1e-9);
        let sum: f64 = (0..demand.routes.len()).map(part).sum();
        (0..demand.routes.len()).map(|number| demand.volume * part(number) / sum).collect()
    };
    demands.iter().zip(start).map(spread).collect()
}

/// How far to go: to the end, or back from it until the dual function is about flat on the way.
fn good_step(delays: &[Delay], demands: &[Demand], loads: &[f64], direction: &[f64]) -> f64 {
    let slope_at = |step: f64| -> f64 {
        let there: Vec<f64> =
            loads.iter().zip(direction).map(|(load, change)| (load + step * change).max(0.0)).collect();
        let asked = load(delays, demands, &asked(delays, &there, demands));
        let excess = there.iter().zip(&asked).map(|(load, asked)| load - asked);
        let growth = delays.iter().zip(&there).map(|(delay, load)| delay.growth_at(*load));
        excess.zip(growth).zip(direction).map(|((excess, growth), change)| excess * growth * change).sum()
    };
    let enough = FLAT_ENOUGH * slope_at(0.0).abs();
    let (mut low, mut high) = (0.0, 1.0);
    let mut step = 1.0;
    for _ in 0..HALVINGS {
        let slope = slope_at(step);
        if slope.abs() <= enough || (step == 1.0 && slope <= 0.0) {
            break;
        }
        if slope > 0.0 {
            high = step
        } else {
            low = step
        }
        step = 0.5 * (low + high);
    }
    step
}

/// How loads answer to loads: one, plus what each delay's growth drives away from the others and itself.
fn response_matrix(demands: &[Demand], volumes: &[Vec<f64>], growth: &[f64]) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; growth.len()]; growth.len()];
    for (demand, volumes) in demands.iter().zip(volumes) {
        let mut on: Vec<usize> =
            demand.routes.iter().flat_map(|route| route.delays.iter().copied()).collect();
        on.sort_unstable();
        on.dedup();
        for column in on {
            let hours =
                |route: &DemandRoute| if route.delays.contains(&column) { growth[column] } else { 0.0 };
            let slower: Vec<f64> =
                demand.routes.iter().map(|route| demand.hour_value * hours(route)).collect();
            for (route, change) in demand.routes.iter().zip(answer(demand, volumes, &slower)) {
                for row in &route.delays {
                    matrix[*row][column] -= change;
                }
            }
        }
    }
    for (number, row) in matrix.iter_mut().enumerate() {
        row[number] += 1.0;
    }
    matrix
}

/// How the volumes answer to small changes of the costs of routes, by the formula of implicit functions at the equilibrium:
/// the change of each route's volume for changes `by` of the costs of routes, congestion answering as well.
///
/// The same shape goes in and comes out. `None`: the system has no single answer, which an equilibrium has.
pub fn respond(
    delays: &[Delay],
    demands: &[Demand],
    equilibrium: &Equilibrium,
    by: &[Vec<f64>],
) -> Option<Vec<Vec<f64>>> {
    let growth: Vec<f64> =
        delays.iter().zip(&equilibrium.loads).map(|(delay, load)| delay.growth_at(*load)).collect();
    let volumes = demands.iter().zip(&equilibrium.volumes);
    let at_once: Vec<Vec<f64>> =
        volumes.zip(by).map(|((demand, volumes), by)| answer(demand, volumes, by)).collect();
    let matrix = response_matrix(demands, &equilibrium.volumes, &growth);
    let loads = solve_linear(matrix, load(delays, demands, &at_once))?;
    let whole = demands.iter().zip(&equilibrium.volumes).zip(by).map(|((demand, volumes), by)| {
        let cost = |(route, by): (&DemandRoute, &f64)| {
            let hours: f64 = route.delays.iter().map(|delay| growth[*delay] * loads[*delay]).sum();
            by + demand.hour_value * hours
        };
        let costs: Vec<f64> = demand.routes.iter().zip(by).map(cost).collect();
        answer(demand, volumes, &costs)
    });
    Some(whole.collect())
}

/// How the volumes of one demand answer to changes of costs, delays unchanged.
fn answer(demand: &Demand, volumes: &[f64], by: &[f64]) -> Vec<f64> {
    if demand.volume <= 0.0 {
        return vec![0.0; volumes.len()];
    }
    let mean: f64 = volumes.iter().zip(by).map(|(volume, by)| volume * by).sum::<f64>() / demand.volume;
    volumes.iter().zip(by).map(|(volume, by)| -demand.scale * volume * (by - mean)).collect()
}

/// Path sizes: for each route the mean over its parts of one over the routes that use the part, by length.
///
/// After Ben-Akiva and Bierlaire (1999). Parts have a length; a route without length has the size 1.
pub fn path_sizes<Part: Ord>(routes: &[Vec<(Part, f64)>]) -> Vec<f64> {
    let mut uses: std::collections::BTreeMap<&Part, f64> = std::collections::BTreeMap::new();
    for (part, _) in routes.iter().flatten() {
        *uses.entry(part).or_default() += 1.0;
    }
    let size = |route: &Vec<(Part, f64)>| {
        let whole: f64 = route.iter().map(|(_, length)| length).sum();
        let shared: f64 =
            route.iter().map(|(part, length)| length / uses.get(part).copied().unwrap_or(1.0)).sum();
        if whole > 0.0 { (shared / whole).max(f64::MIN_POSITIVE) } else { 1.0 }
    };
    routes.iter().map(size).collect()
}

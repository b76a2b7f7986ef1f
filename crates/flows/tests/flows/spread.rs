//! Stochastic user equilibrium: one answer from any start, the same by other methods, and its elasticity.

use crate::plain::Dice;
use kervan_flows::{Delay, Demand, DemandRoute, Equilibrium, cost_at, find_equilibrium, path_sizes, respond};

/// Some demands over some delays, many of them near or above what they are made for.
fn case(seed: u64) -> (Vec<Delay>, Vec<Demand>) {
    let mut dice = Dice::new(seed);
    let delays: Vec<Delay> = (0..dice.roll(1, 6))
        .map(|_| Delay {
            hours: dice.roll(5, 100) as f64,
            capacity: dice.roll(20, 150) as f64,
            slope: dice.roll(1, 10) as f64 / 10.0,
            power: dice.roll(1, 4) as f64,
            other: dice.roll(0, 40) as f64,
        })
        .collect();
    let demands = (0..dice.roll(1, 4))
        .map(|_| Demand {
            volume: dice.roll(1, 120) as f64,
            hour_value: dice.roll(1, 20) as f64 / 10.0,
            scale: dice.roll(1, 10) as f64 / 100.0,
            routes: (0..dice.roll(1, 4))
                .map(|_| DemandRoute {
                    cost: dice.roll(50, 200) as f64,
                    delays: (0..delays.len()).filter(|_| dice.roll(0, 1) == 1).collect(),
                    size: dice.roll(2, 10) as f64 / 10.0,
                })
                .collect(),
        })
        .collect();
    (delays, demands)
}

fn far_apart(one: &Equilibrium, other: &[Vec<f64>]) -> f64 {
    let pairs = one.volumes.iter().flatten().zip(other.iter().flatten());
    pairs.map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
}

#[test]
fn there_is_one_answer_from_any_start() {
    for seed in 0..300 {
        let (delays, demands) = case(seed);
        let first = find_equilibrium(&delays, &demands, None);
        assert!(
            first.gap <= 1e-9 && first.steps < 60,
            "seed {seed}: gap {} after {}",
            first.gap,
            first.steps
        );
        let mut dice = Dice::new(seed + 1_000_000);
        for _ in 0..3 {
            let start: Vec<Vec<f64>> = demands
                .iter()
                .map(|demand| demand.routes.iter().map(|_| dice.roll(0, 9).pow(4) as f64).collect())
                .collect();
            let again = find_equilibrium(&delays, &demands, Some(&start));
            let apart = far_apart(&first, &again.volumes);
            assert!(apart < 1e-6, "seed {seed}: {apart} apart after {} steps", again.steps);
        }
    }
}

/// The method of successive averages: slow, and right in the end.
fn by_averages(delays: &[Delay], demands: &[Demand], steps: usize) -> Vec<Vec<f64>> {
    let mut volumes: Vec<Vec<f64>> = demands
        .iter()
        .map(|demand| vec![demand.volume / demand.routes.len() as f64; demand.routes.len()])
        .collect();
    for step in 1..=steps {
        let mut loads = vec![0.0; delays.len()];
        for (demand, volumes) in demands.iter().zip(&volumes) {
            for (route, volume) in demand.routes.iter().zip(volumes) {
                route.delays.iter().for_each(|delay| loads[*delay] += volume);
            }
        }
        for (demand, volumes) in demands.iter().zip(&mut volumes) {
            let weight = |route: &DemandRoute| {
                route.size * (-demand.scale * (cost_at(delays, &loads, demand, route) - 50.0)).exp()
            };
            let sum: f64 = demand.routes.iter().map(weight).sum();
            for (route, volume) in demand.routes.iter().zip(volumes) {
                *volume += (demand.volume * weight(route) / sum - *volume) / (step as f64 + 1.0);
            }
        }
    }
    volumes
}

#[test]
fn successive_averages_come_to_the_same() {
    for seed in 0..40 {
        let (mut delays, demands) = case(seed);
        // Averages swing for thousands of steps where delays grow steeply; mild ones they settle.
        delays.iter_mut().for_each(|delay| delay.capacity *= 6.0);
        let ours = find_equilibrium(&delays, &demands, None);
        let averaged = by_averages(&delays, &demands, 10_000);
        let apart = far_apart(&ours, &averaged);
        assert!(apart < 0.02, "seed {seed}: {apart} apart");
    }
}

#[test]
fn the_answer_to_a_small_change_is_what_the_formula_says() {
    for seed in 0..150 {
        let (delays, demands) = case(seed);
        let here = find_equilibrium(&delays, &demands, None);
        let mut dice = Dice::new(seed + 77);
        let by: Vec<Vec<f64>> = demands
            .iter()
            .map(|demand| demand.routes.iter().map(|_| dice.roll(-3, 3) as f64).collect())
            .collect();
        let moved = |by_how_much: f64| {
            let mut demands = demands.clone();
            for (demand, by) in demands.iter_mut().zip(&by) {
                for (route, by) in demand.routes.iter_mut().zip(by) {
                    route.cost += by_how_much * by;
                }
            }
            find_equilibrium(&delays, &demands, None).volumes
        };
        let step = 1e-3;
        let (up, down) = (moved(step), moved(-step));
        let formula = respond(&delays, &demands, &here, &by).unwrap();
        for ((up, down), formula) in
            up.iter().flatten().zip(down.iter().flatten()).zip(formula.iter().flatten())
        {
            let numeric = (up - down) / (2.0 * step);
            assert!(
                (numeric - formula).abs() < 1e-3 * (1.0 + formula.abs()),
                "seed {seed}: {numeric} {formula}"
            );
        }
    }
}

#[test]
fn shared_routes_count_for_less() {
    /// Parts with lengths per route, and the sizes.
    type Case = (&'static [&'static [(usize, f64)]], &'static [f64]);
    let cases: &[Case] = &[
        (&[&[(0, 3.0)]], &[1.0]),
        (&[&[(0, 3.0)], &[(1, 5.0)]], &[1.0, 1.0]),
        (&[&[(0, 3.0)], &[(0, 3.0)]], &[0.5, 0.5]),
        (&[&[(0, 1.0), (1, 1.0)], &[(0, 1.0), (2, 3.0)], &[]], &[0.75, 0.875, 1.0]),
    ];
    for (routes, expected) in cases {
        let routes: Vec<Vec<(usize, f64)>> = routes.iter().map(|route| route.to_vec()).collect();
        assert_eq!(path_sizes(&routes), *expected, "{routes:?}");
    }
}

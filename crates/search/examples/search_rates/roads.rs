//! A grid of roads: length, seconds and strain, with faster main roads.

use crate::{quantiles, row, timed};
use kervan_search::{Arc, Graph, GraphQuery, find_paths};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A square grid with main roads in every tenth row and column.
fn grid(side: u32, seed: u64) -> Graph {
    let mut dice = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut below = |sides: u64| (dice.next_u64() % sides) as u32;
    let mut arcs = Vec::new();
    for y in 0..side {
        for x in 0..side {
            for (u, v, main) in [(x + 1, y, y % 10 == 5), (x, y + 1, x % 10 == 5)] {
                if u >= side || v >= side {
                    continue;
                }
                // Length in tens of metres, seconds, and what the road asks of a driver: as in the road graphs of the
                // literature the first two go together.
                let length = 80 + below(80);
                let pace = if main { 45 } else { 80 };
                let weights = [length, length * pace / 100, if main { 1 } else { 2 }, 0, 0];
                let (from, to) = (y * side + x, v * side + u);
                arcs.push(Arc { from, to, weights });
                arcs.push(Arc { from: to, to: from, weights });
            }
        }
    }
    Graph::new((side * side) as usize, &arcs)
}

/// The grid of the bar, smaller ones, and a larger one that only a short list is asked of: exact takes half a minute.
pub(crate) fn measure() {
    for side in [25, 50, 100, 200] {
        for (epsilon, case, bar) in
            [(0, "roads, 3 criteria, exact", 1_000.0), (10, "roads, 3 criteria, epsilon 1 %", 60.0)]
        {
            if epsilon == 0 && side > 100 {
                continue;
            }
            let mut times = Vec::new();
            let mut found = 0;
            let mut labels = 0;
            for seed in 0..5 {
                let graph = grid(side, seed);
                let query = GraphQuery {
                    from: 0,
                    to: side * side - 1,
                    criteria: [true, true, true, false, false],
                    epsilon,
                    most_labels: 60_000_000,
                };
                let (front, time) = timed(|| find_paths(&graph, &query));
                let front = front.unwrap_or_default();
                found += front.paths.len();
                labels += front.progress.labels;
                times.push(time);
            }
            eprintln!("{side} x {side}, epsilon {epsilon}: {} paths, {} labels each", found / 5, labels / 5);
            let bar = (side == 100).then_some(bar);
            row(case, (side * side) as usize, "ms", quantiles(times).0, bar);
        }
    }
}

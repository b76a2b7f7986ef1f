//! Networks of a size and seed.

use kervan_flows::{Arc, Graph};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn roll(&mut self, least: i64, most: i64) -> i64 {
        least + (self.0.next_u64() % ((most - least + 1) as u64)) as i64
    }
}

fn dice(seed: u64) -> Dice {
    Dice(Xoshiro256PlusPlus::seed_from_u64(seed))
}

/// Eight arcs per vertex between ends drawn evenly; as many sources and sinks as the square root of the vertices; costs of 1
/// to 10 000, capacities of 1 to 1 000, and a dear ring that takes everything: the proportions of the family NETGEN-8.
pub(crate) fn random(vertices: usize, seed: u64) -> (Graph, Vec<i64>) {
    let mut dice = dice(seed);
    let count = vertices as i64;
    let mut arcs: Vec<Arc> = (0..vertices)
        .map(|from| Arc { from, to: (from + 1) % vertices, capacity: 1_000_000, cost: 10_000 })
        .collect();
    while arcs.len() < 8 * vertices {
        let (from, to) = (dice.roll(0, count - 1) as usize, dice.roll(0, count - 1) as usize);
        arcs.push(Arc { from, to, capacity: dice.roll(1, 1_000), cost: dice.roll(1, 10_000) });
    }
    // Arcs of one vertex come together, as in every file of a road or rail network.
    arcs.sort_by_key(|arc| arc.from);
    let ends = vertices.isqrt();
    let mut supply = vec![0; vertices];
    for number in 0..ends {
        let units = dice.roll(500, 1_500);
        supply[number * ends] += units;
        supply[number * ends + ends / 2] -= units;
    }
    (Graph::new(vertices, arcs).unwrap_or_else(|error| unreachable(&error)), supply)
}

/// A road-like square of crossings with streets both ways to the four neighbours and four further arcs to near ones, costs
/// as lengths; a tenth of the crossings supply and a tenth demand.
pub(crate) fn grid(vertices: usize, seed: u64) -> (Graph, Vec<i64>) {
    let mut dice = dice(seed);
    let side = vertices.isqrt();
    let count = side * side;
    let mut arcs = Vec::with_capacity(8 * count);
    for from in 0..count {
        let (x, y) = ((from % side) as i64, (from / side) as i64);
        let streets = [(1, 0), (-1, 0), (0, 1), (0, -1)];
        let further: Vec<(i64, i64)> = (0..4).map(|_| (dice.roll(-9, 9), dice.roll(-9, 9))).collect();
        for (number, (dx, dy)) in streets.into_iter().chain(further).enumerate() {
            let wrap = |value: i64| value.rem_euclid(side as i64) as usize;
            let to = wrap(x + dx) + side * wrap(y + dy);
            let length = dx.abs() + dy.abs();
            let capacity = if number < 4 { 100_000 } else { dice.roll(1, 50) };
            arcs.push(Arc { from, to, capacity, cost: length * dice.roll(80, 160) });
        }
    }
    let mut supply = vec![0; count];
    for _ in 0..count / 10 {
        let units = dice.roll(1, 40);
        supply[dice.roll(0, count as i64 - 1) as usize] += units;
        supply[dice.roll(0, count as i64 - 1) as usize] -= units;
    }
    (Graph::new(count, arcs).unwrap_or_else(|error| unreachable(&error)), supply)
}

fn unreachable(error: &kervan_flows::GraphError) -> Graph {
    eprintln!("a generated network is out of the limits: {error}");
    std::process::exit(2)
}

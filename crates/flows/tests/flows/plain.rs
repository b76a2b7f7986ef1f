//! What is plainly right: shortest ways one after the other, cuts by trying every set, random networks.

use kervan_flows::{Arc, Graph};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random numbers of a seed.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn roll(&mut self, least: i64, most: i64) -> i64 {
        least + (self.0.next_u64() % ((most - least + 1) as u64)) as i64
    }
}

/// A network with loops, parallel arcs, zero capacities and costs in a range.
pub(crate) fn network(dice: &mut Dice, costs: (i64, i64)) -> Graph {
    let vertices = dice.roll(2, 8);
    let arcs = (0..dice.roll(0, 20))
        .map(|_| Arc {
            from: dice.roll(0, vertices - 1) as usize,
            to: dice.roll(0, vertices - 1) as usize,
            capacity: dice.roll(0, 9),
            cost: dice.roll(costs.0, costs.1),
        })
        .collect();
    Graph::new(vertices as usize, arcs).unwrap()
}

/// Supplies that add up to zero.
pub(crate) fn supply(dice: &mut Dice, vertices: usize, most: i64) -> Vec<i64> {
    let mut supply = vec![0; vertices];
    for _ in 0..dice.roll(0, 3) {
        let units = dice.roll(0, most);
        supply[dice.roll(0, vertices as i64 - 1) as usize] += units;
        supply[dice.roll(0, vertices as i64 - 1) as usize] -= units;
    }
    supply
}

/// The least cost by filling every arc of negative cost and then sending what is out of balance over the shortest way,
/// found by going over all arcs again and again. `Err`: the most that could be sent of what is supplied is less.
pub(crate) fn least_cost(graph: &Graph, supply: &[i64]) -> Result<i128, i64> {
    let (source, sink) = (graph.vertices(), graph.vertices() + 1);
    let mut balance = supply.to_vec();
    let mut halves: Vec<(usize, usize, i64, i64)> = Vec::new();
    let mut cost = 0_i128;
    for arc in graph.arcs() {
        let full = if arc.cost < 0 { arc.capacity } else { 0 };
        cost += i128::from(full * arc.cost);
        balance[arc.from] -= full;
        balance[arc.to] += full;
        halves.push((arc.from, arc.to, arc.capacity - full, arc.cost));
        halves.push((arc.to, arc.from, full, -arc.cost));
    }
    for (vertex, units) in balance.iter().enumerate() {
        let (from, to) = if *units > 0 { (source, vertex) } else { (vertex, sink) };
        halves.push((from, to, units.abs(), 0));
        halves.push((to, from, 0, 0));
    }
    let wanted: i64 = balance.iter().filter(|units| **units > 0).sum();
    let mut sent = 0;
    loop {
        let mut reach: Vec<Option<(i64, usize)>> = vec![None; graph.vertices() + 2];
        reach[source] = Some((0, usize::MAX));
        for _ in 0..graph.vertices() + 2 {
            for (number, (from, to, room, price)) in halves.iter().enumerate() {
                let Some((so_far, _)) = reach[*from].filter(|_| *room > 0) else { continue };
                if reach[*to].is_none_or(|(other, _)| so_far + price < other) {
                    reach[*to] = Some((so_far + price, number));
                }
            }
        }
        let Some((price, _)) = reach[sink] else { break };
        let mut way = Vec::new();
        let mut vertex = sink;
        while vertex != source {
            let half = reach[vertex].unwrap().1;
            way.push(half);
            vertex = halves[half].0;
        }
        let units = way.iter().map(|half| halves[*half].2).min().unwrap();
        for half in way {
            halves[half].2 -= units;
            halves[half ^ 1].2 += units;
        }
        cost += i128::from(units * price);
        sent += units;
    }
    if sent == wanted { Ok(cost) } else { Err(wanted - sent) }
}

/// The capacity of the smallest cut, by trying every set of vertices.
pub(crate) fn smallest_cut(graph: &Graph, source: usize, sink: usize) -> i64 {
    (0_u32..1 << graph.vertices())
        .filter(|set| set >> source & 1 == 1 && set >> sink & 1 == 0)
        .map(|set| {
            let leaves = |arc: &&Arc| set >> arc.from & 1 == 1 && set >> arc.to & 1 == 0;
            graph.arcs().iter().filter(leaves).map(|arc| arc.capacity).sum()
        })
        .min()
        .unwrap()
}

//! Shortest paths by a sum of the criteria, each counted so and so often.
//!
//! The least sum is a plane below which no path lies, which says more than the least of each criterion by itself: no path
//! takes the least of everything at once.

use super::{Graph, Path};
use crate::network::NONE;
use crate::weights::{WEIGHTS, Weights, plus};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How often each criterion counts. Range: each at most [`MOST_RATE`].
pub(super) type Rates = [u64; WEIGHTS];

/// The largest rate: a plane is turned by a part in sixteen thousand at most, far below any epsilon.
pub(super) const MOST_RATE: u64 = 1 << 14;

/// No path takes less, counted so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plane {
    pub(super) rates: Rates,
    pub(super) least: u64,
}

/// What weights come to at rates. A rate of 14 bits and a weight of 32 are far from what 64 bits hold.
pub(super) fn sum(rates: &Rates, weights: &Weights) -> u64 {
    rates.iter().zip(weights).map(|(rate, weight)| rate * u64::from(*weight)).sum()
}

/// A node as it was reached: the sum, and all criteria together for what the rates leave alone.
type Reached = (u64, u64);

const FAR: Reached = (u64::MAX, u64::MAX);

/// Shortest paths of one graph between the same two nodes; the memory of one search serves the next.
pub(super) struct Sums<'a> {
    graph: &'a Graph,
    /// The least that is still to come from each node, per criterion: what guides the search.
    bounds: &'a [Weights],
    /// One for each criterion that is compared.
    each: Rates,
    reached: Vec<Reached>,
    /// The arc that led here.
    by: Vec<u32>,
    waiting: BinaryHeap<Reverse<(u64, u32)>>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(graph: &'a Graph, bounds: &'a [Weights], criteria: [bool; WEIGHTS]) -> Self {
        Self {
            graph,
            bounds,
            each: criteria.map(u64::from),
            reached: vec![FAR; graph.len()],
            by: vec![NONE; graph.len()],
            waiting: BinaryHeap::new(),
        }
    }

    /// The least sum between two nodes, and a path that has it.
    pub(super) fn find(&mut self, from: u32, to: u32, rates: &Rates) -> Option<(Plane, Path)> {
        self.reached.fill(FAR);
        self.waiting.clear();
        self.reached[from as usize] = (0, 0);
        self.by[from as usize] = NONE;
        self.waiting.push(Reverse((sum(rates, &self.bounds[from as usize]), from)));
        while let Some(Reverse((key, node))) = self.waiting.pop() {
            let (value, all) = self.reached[node as usize];
            if key > value.saturating_add(sum(rates, &self.bounds[node as usize])) {
                continue;
            }
            if node == to {
                return Some((Plane { rates: *rates, least: value }, self.path(from, to)));
            }
            for index in self.graph.leaving(node) {
                let arc = &self.graph.arcs[index];
                let ahead = &self.bounds[arc.to as usize];
                if ahead.contains(&NONE) {
                    continue;
                }
                let step = sum(rates, &arc.weights);
                let next = value.saturating_add(step);
                let every = all.saturating_add(sum(&self.each, &arc.weights));
                let before = &mut self.reached[arc.to as usize];
                if (next, every) >= *before {
                    continue;
                }
                let nearer = next < before.0;
                // Where the sums are equal the path with less of everything stands; nothing new has to be followed, since
                // what was followed already went on with the same sum.
                if !nearer && step == 0 {
                    continue;
                }
                *before = (next, every);
                self.by[arc.to as usize] = index as u32;
                if nearer {
                    self.waiting.push(Reverse((next.saturating_add(sum(rates, ahead)), arc.to)));
                }
            }
        }
        None
    }

    fn path(&self, from: u32, to: u32) -> Path {
        let (mut nodes, mut weights) = (vec![to], [0; WEIGHTS]);
        let mut node = to;
        while node != from {
            let Some(arc) = self.graph.arcs.get(self.by[node as usize] as usize) else { break };
            weights.iter_mut().zip(arc.weights).for_each(|(sum, part)| *sum += u64::from(part));
            node = arc.from;
            nodes.push(node);
        }
        nodes.reverse();
        Path { weights, nodes }
    }
}

/// The shortest paths by one sum between one node and every other.
pub(super) struct Tree {
    /// The least sum. [`u64::MAX`] where no path leads.
    pub(super) least: Vec<u64>,
    /// What the path takes that has it.
    pub(super) weights: Vec<Weights>,
    by: Vec<u32>,
}

/// Which way a tree grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grow {
    /// Paths from the root.
    Ahead,
    /// Paths to the root.
    Back,
}

impl Tree {
    pub(super) fn grow(graph: &Graph, root: u32, rates: &Rates, grow: Grow) -> Self {
        let nodes = graph.len();
        let mut tree =
            Self { least: vec![u64::MAX; nodes], weights: vec![[0; WEIGHTS]; nodes], by: vec![NONE; nodes] };
        let mut waiting = BinaryHeap::from([Reverse((0, root))]);
        tree.least[root as usize] = 0;
        while let Some(Reverse((value, node))) = waiting.pop() {
            if value > tree.least[node as usize] {
                continue;
            }
            let mut follow = |index: usize, next: u32| {
                let arc = &graph.arcs[index];
                let sum = value.saturating_add(sum(rates, &arc.weights));
                if sum < tree.least[next as usize] {
                    tree.least[next as usize] = sum;
                    tree.weights[next as usize] = plus(tree.weights[node as usize], arc.weights);
                    tree.by[next as usize] = index as u32;
                    waiting.push(Reverse((sum, next)));
                }
            };
            match grow {
                Grow::Ahead => graph.leaving(node).for_each(|index| follow(index, graph.arcs[index].to)),
                Grow::Back => graph.reverse_row(node).for_each(|index| follow(index, graph.arcs[index].from)),
            }
        }
        tree
    }

    pub(super) fn has(&self, node: usize) -> bool {
        self.least[node] != u64::MAX
    }

    /// The arcs between the root and a node, the node's first.
    fn arcs(&self, graph: &Graph, mut node: u32, grow: Grow) -> Vec<u32> {
        let mut arcs = Vec::new();
        while let Some(arc) = graph.arcs.get(self.by[node as usize] as usize) {
            arcs.push(self.by[node as usize]);
            node = if grow == Grow::Ahead { arc.from } else { arc.to };
        }
        arcs
    }
}

/// The path by one tree to a node and by another one from there, without the rounds that it may make.
pub(super) fn join(graph: &Graph, ahead: &Tree, back: &Tree, from: u32, over: u32) -> Path {
    let mut arcs = ahead.arcs(graph, over, Grow::Ahead);
    arcs.reverse();
    arcs.extend(back.arcs(graph, over, Grow::Back));
    let mut nodes = vec![from];
    let mut steps: Vec<u32> = Vec::new();
    for index in arcs {
        let to = graph.arcs[index as usize].to;
        match nodes.iter().position(|node| *node == to) {
            Some(place) => {
                nodes.truncate(place + 1);
                steps.truncate(place);
            }
            None => {
                nodes.push(to);
                steps.push(index);
            }
        }
    }
    let mut weights = [0; WEIGHTS];
    for index in steps {
        weights
            .iter_mut()
            .zip(graph.arcs[index as usize].weights)
            .for_each(|(sum, part)| *sum += u64::from(part));
    }
    Path { weights, nodes }
}

//! The same search on a graph without times: roads, where a vehicle goes when it wants.
//!
//! A network of lines could say it (every arc a line on demand), but an arc has no stays or departures to ask for, and road
//! graphs are large; so this is the search of [`crate::find_front`] without them. Labels come up in lexicographic order of
//! what they can end with, so the first criterion is not compared any more (as in LTMOA\*).
//!
//! With an epsilon, shortest paths by different sums of the criteria come first: they cover most of what there is, and the
//! same searches prove it (`cover.rs`). Labels are made only for what may still lie uncovered, and those that wait at the
//! same node are merged where one path can stand for both (`labels.rs`).

mod cover;
mod labels;
mod sums;
mod zones;

use crate::network::NONE;
use crate::search::{Progress, Stopped};
use crate::weights::{WEIGHTS, Weights};
use labels::Paths;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A directed graph whose arcs weigh something on each criterion.
#[derive(Clone, Debug)]
pub struct Graph {
    ends: Vec<u32>,
    arcs: Vec<Arc>,
    reverse_ends: Vec<u32>,
    reverse: Vec<u32>,
}

/// A directed arc of a [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// Node where it begins.
    pub from: u32,
    /// Node where it ends.
    pub to: u32,
    /// What it takes.
    pub weights: Weights,
}

/// A path that no other path beats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// What it takes, on every criterion, compared or not.
    pub weights: [u64; WEIGHTS],
    /// Its nodes, in order.
    pub nodes: Vec<u32>,
}

/// A question to a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphQuery {
    /// Node where paths begin.
    pub from: u32,
    /// Node where they end.
    pub to: u32,
    /// Which criteria are compared; one at least.
    pub criteria: [bool; WEIGHTS],
    /// How much worse, in every criterion, a shown path may be than one that is left out. Unit: thousandth.
    pub epsilon: u32,
    /// Partial paths that may be held before the search gives up.
    pub most_labels: usize,
}

/// What was found in a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphFront {
    /// The paths, in order of their weights; the same promise as [`crate::Front::journeys`].
    pub paths: Vec<Path>,
    /// How much work it was.
    pub progress: Progress,
}

impl Graph {
    /// Makes a graph; arcs that name a node that is not there are left out.
    pub fn new(nodes: usize, arcs: &[Arc]) -> Self {
        let there = |arc: &&Arc| (arc.from as usize) < nodes && (arc.to as usize) < nodes;
        let mut sorted: Vec<Arc> = arcs.iter().filter(there).copied().collect();
        sorted.sort_by_key(|arc| (arc.from, arc.to));
        let mut reverse: Vec<u32> = (0..sorted.len() as u32).collect();
        reverse.sort_by_key(|arc| sorted[*arc as usize].to);
        let ends = |of: &dyn Fn(usize) -> u32| {
            let mut ends = vec![0; nodes + 1];
            (0..sorted.len()).for_each(|arc| ends[of(arc) as usize + 1] += 1);
            (0..nodes).for_each(|node| ends[node + 1] += ends[node]);
            ends
        };
        let reverse_ends = ends(&|arc| sorted[arc].to);
        Self { ends: ends(&|arc| sorted[arc].from), reverse_ends, reverse, arcs: sorted }
    }

    fn len(&self) -> usize {
        self.ends.len() - 1
    }

    fn leaving(&self, node: u32) -> std::ops::Range<usize> {
        self.ends[node as usize] as usize..self.ends[node as usize + 1] as usize
    }

    /// The least that is still to come from each node, on each of the criteria; [`NONE`] where nothing leads on.
    fn list_bounds(&self, to: u32, criteria: [bool; WEIGHTS]) -> Vec<Weights> {
        let mut bounds = vec![[0; WEIGHTS]; self.len()];
        for criterion in (0..WEIGHTS).filter(|criterion| criteria[*criterion]) {
            for (bound, least) in bounds.iter_mut().zip(self.bounds(to, criterion)) {
                bound[criterion] = least;
            }
        }
        bounds
    }

    /// The arcs that end at a node, by number.
    fn reverse_row(&self, node: u32) -> impl Iterator<Item = usize> + '_ {
        let row = self.reverse_ends[node as usize] as usize..self.reverse_ends[node as usize + 1] as usize;
        self.reverse[row].iter().map(|arc| *arc as usize)
    }

    /// The least that is still to come from each node, on one criterion.
    fn bounds(&self, to: u32, criterion: usize) -> Vec<u32> {
        let mut least = vec![NONE; self.len()];
        let mut waiting = BinaryHeap::from([Reverse(u64::from(to))]);
        least[to as usize] = 0;
        while let Some(Reverse(entry)) = waiting.pop() {
            let (value, node) = ((entry >> 32) as u32, entry as u32);
            if value > least[node as usize] {
                continue;
            }
            for index in self.reverse_row(node) {
                let arc = &self.arcs[index];
                let next = value.saturating_add(arc.weights[criterion]);
                if next < least[arc.from as usize] {
                    least[arc.from as usize] = next;
                    waiting.push(Reverse(u64::from(next) << 32 | u64::from(arc.from)));
                }
            }
        }
        least
    }
}

/// Every path between two nodes that no other path beats, one for each weight.
///
/// Errors: [`Stopped::TooManyLabels`], [`Stopped::Overflow`]. A node that is not there has no paths.
pub fn find_paths(graph: &Graph, query: &GraphQuery) -> Result<GraphFront, Stopped> {
    let selected: Vec<usize> = (0..WEIGHTS).filter(|criterion| query.criteria[*criterion]).collect();
    let known = (query.from as usize) < graph.len() && (query.to as usize) < graph.len();
    match (selected.as_slice(), known) {
        ([], _) | (_, false) => Ok(GraphFront::default()),
        ([_], _) => Paths::<0>::new(graph, query, &selected).run(),
        ([_, _], _) => Paths::<1>::new(graph, query, &selected).run(),
        ([_, _, _], _) => Paths::<2>::new(graph, query, &selected).run(),
        ([_, _, _, _], _) => Paths::<3>::new(graph, query, &selected).run(),
        _ => Paths::<4>::new(graph, query, &selected).run(),
    }
}

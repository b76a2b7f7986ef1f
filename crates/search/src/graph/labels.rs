//! The labels of the search on a graph: partial paths, in order of what they can end with.
//!
//! With an epsilon, labels that wait at the same node are merged while one of their paths stays within epsilon of the best
//! that any of them could become: a label then has a *floor*, the least of all paths merged into it, next to the weight of
//! its own path (as the apex and its representative in A\*pex). Dominance compares floors, so every path that lies in a
//! zone which is left is covered by the path of some label whose floor is no worse than it, and that path is within epsilon
//! of the floor.

use super::cover::cover;
use super::zones::{Zones, shorten};
use super::{Arc, Graph, GraphFront, GraphQuery, Path};
use crate::front::Fronts;
use crate::network::NONE;
use crate::search::{Progress, Stopped};
use crate::weights::{WEIGHTS, Weights, no_worse, plus};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A partial path. The first criterion is the order in which labels come up, so it is kept by itself.
#[derive(Clone, Copy)]
struct Label<const N: usize> {
    first: u32,
    rest: [u32; N],
    node: u32,
    before: u32,
}

/// The least of the paths that were merged into a label.
#[derive(Clone, Copy)]
struct Floor<const N: usize> {
    first: u32,
    rest: [u32; N],
}

/// Labels that wait, in order of what they can end with.
type Waiting = Reverse<(u64, u32)>;

pub(super) struct Paths<'a, const N: usize> {
    graph: &'a Graph,
    query: &'a GraphQuery,
    /// Weights of the arcs and bounds of the nodes, as labels have them.
    arcs: Vec<(u32, u32, [u32; N])>,
    bounds: Vec<(u32, [u32; N])>,
    labels: Vec<Label<N>>,
    /// One for each label, if labels are merged.
    floors: Vec<Floor<N>>,
    /// For each node, the labels that wait there and may be merged.
    open: Vec<Vec<u32>>,
    /// What was expanded at each node.
    nodes: Fronts<N>,
    /// What was found; without an epsilon.
    target: Fronts<N>,
    found: Vec<u32>,
    /// What is not covered; with an epsilon.
    zones: Option<Zones>,
    /// The paths that came first.
    shown: Vec<Path>,
    /// Which criterion is which.
    places: (usize, [usize; N]),
    waiting: BinaryHeap<Waiting>,
    expanded: usize,
}

impl<'a, const N: usize> Paths<'a, N> {
    pub(super) fn new(graph: &'a Graph, query: &'a GraphQuery, selected: &[usize]) -> Self {
        let order = selected.first().copied().unwrap_or(0);
        let mut rest = [0; N];
        rest.iter_mut().zip(selected.iter().skip(1)).for_each(|(place, criterion)| *place = *criterion);
        let bounds = graph.list_bounds(query.to, query.criteria);
        let reachable = !bounds[query.from as usize].contains(&NONE);
        let covered = (query.epsilon > 0 && reachable).then(|| cover(graph, query, &bounds));
        let (shown, zones) = covered.map_or((Vec::new(), None), |(shown, zones)| (shown, Some(zones)));
        let bounds = bounds.iter().map(|least| (least[order], rest.map(|place| least[place]))).collect();
        let arc = |arc: &Arc| (arc.to, arc.weights[order], rest.map(|criterion| arc.weights[criterion]));
        Self {
            graph,
            query,
            arcs: graph.arcs.iter().map(arc).collect(),
            bounds,
            labels: Vec::new(),
            floors: Vec::new(),
            open: vec![Vec::new(); if zones.is_some() { graph.len() } else { 0 }],
            nodes: Fronts::new(graph.len()),
            target: Fronts::new(1),
            found: Vec::new(),
            zones,
            shown,
            places: (order, rest),
            waiting: BinaryHeap::new(),
            expanded: 0,
        }
    }

    pub(super) fn run(mut self) -> Result<GraphFront, Stopped> {
        if !self.zones.as_ref().is_some_and(Zones::is_empty) {
            let nothing = Floor { first: 0, rest: [0; N] };
            self.offer(Label { first: 0, rest: [0; N], node: self.query.from, before: NONE }, nothing)?;
        }
        while let Some(Reverse((_, index))) = self.waiting.pop() {
            let label = self.labels[index as usize];
            let floor = self.floor(index);
            if label.node == NONE || self.is_beaten(label.node, &floor) {
                continue;
            }
            if let Some(open) = self.open.get_mut(label.node as usize) {
                open.retain(|other| *other != index);
            }
            self.nodes.insert(label.node as usize, &floor.rest);
            if label.node == self.query.to {
                self.finish(index, &label);
                continue;
            }
            self.expanded += 1;
            for arc in self.graph.leaving(label.node) {
                let (node, first, rest) = self.arcs[arc];
                let next = Label {
                    first: label.first.saturating_add(first),
                    rest: plus(label.rest, rest),
                    node,
                    before: index,
                };
                let floor = Floor { first: floor.first.saturating_add(first), rest: plus(floor.rest, rest) };
                self.offer(next, floor)?;
            }
        }
        Ok(self.tell())
    }

    fn floor(&self, index: u32) -> Floor<N> {
        let label = &self.labels[index as usize];
        self.floors.get(index as usize).copied().unwrap_or(Floor { first: label.first, rest: label.rest })
    }

    fn finish(&mut self, index: u32, label: &Label<N>) {
        let point = self.widen(label.first, label.rest);
        match &mut self.zones {
            Some(zones) => {
                if !zones.show(&point) {
                    return;
                }
            }
            None => self.target.insert(0, &label.rest),
        }
        self.found.push(index);
    }

    /// The criteria in their own places, as zones have them.
    fn widen(&self, first: u32, rest: [u32; N]) -> Weights {
        let mut wide = [0; WEIGHTS];
        let (order, places) = self.places;
        wide[order] = first;
        places.iter().zip(rest).for_each(|(place, part)| wide[*place] = part);
        wide
    }

    fn is_beaten(&self, node: u32, floor: &Floor<N>) -> bool {
        if self.nodes.beats(node as usize, &floor.rest) {
            return true;
        }
        let (least, rest) = self.bounds[node as usize];
        let end = plus(floor.rest, rest);
        match &self.zones {
            None => self.target.beats(0, &end),
            Some(zones) => {
                let so_far = self.widen(floor.first, floor.rest);
                !zones.may_hold(node, &so_far, &self.widen(floor.first.saturating_add(least), end))
            }
        }
    }

    fn offer(&mut self, label: Label<N>, floor: Floor<N>) -> Result<(), Stopped> {
        let (least, rest) = self.bounds[label.node as usize];
        if least == NONE || self.is_beaten(label.node, &floor) {
            return Ok(());
        }
        if label.first.saturating_add(least) == NONE || plus(label.rest, rest).contains(&NONE) {
            return Err(Stopped::Overflow);
        }
        if self.labels.len() >= self.query.most_labels {
            return Err(Stopped::TooManyLabels { most: self.query.most_labels });
        }
        let (mut label, mut floor) = (label, floor);
        if !self.open.is_empty() {
            (label, floor) = self.merge(label, floor);
            self.open[label.node as usize].push(self.labels.len() as u32);
            self.floors.push(floor);
        }
        let second = plus(floor.rest, rest).first().copied().unwrap_or(0);
        let key = u64::from(floor.first + least) << 32 | u64::from(second);
        self.waiting.push(Reverse((key, self.labels.len() as u32)));
        self.labels.push(label);
        Ok(())
    }

    /// Merges a label with one that waits at its node, if the path of one of them stands for both.
    fn merge(&mut self, label: Label<N>, floor: Floor<N>) -> (Label<N>, Floor<N>) {
        let open = &self.open[label.node as usize];
        for (place, other) in open.iter().enumerate() {
            let (theirs, low) = (self.labels[*other as usize], self.floors[*other as usize]);
            let mut rest = floor.rest;
            rest.iter_mut().zip(low.rest).for_each(|(part, other)| *part = (*part).min(other));
            let merged = Floor { first: floor.first.min(low.first), rest };
            let stands = [theirs, label].into_iter().find(|one| self.stands_for(one, &merged));
            if let Some(one) = stands {
                let other = *other;
                self.open[label.node as usize].swap_remove(place);
                // What waited is passed over when it comes up.
                self.labels[other as usize].node = NONE;
                return (one, merged);
            }
        }
        (label, floor)
    }

    /// Whether a path is within epsilon of whatever a floor at its node can become.
    fn stands_for(&self, label: &Label<N>, floor: &Floor<N>) -> bool {
        let (first, rest) = self.bounds[label.node as usize];
        let shorten = |part| shorten(part, self.query.epsilon);
        shorten(label.first + first) <= floor.first + first
            && no_worse(&plus(label.rest, rest).map(shorten), &plus(floor.rest, rest))
    }

    fn tell(mut self) -> GraphFront {
        let mut paths = std::mem::take(&mut self.shown);
        paths.extend(self.found.iter().map(|index| self.path(*index)));
        let (order, places) = self.places;
        let rest = |path: &Path| places.map(|place| path.weights[place]);
        paths.sort_by_cached_key(|path| (path.weights[order], rest(path)));
        // Labels with the same first two criteria may have come up in either order, and what is found later with an epsilon
        // may beat what was found before.
        let mut kept = Fronts::<N>::new(1);
        paths.retain(|path| {
            let rest = rest(path).map(|part| u32::try_from(part).unwrap_or(NONE));
            let new = !kept.beats(0, &rest);
            if new {
                kept.insert(0, &rest);
            }
            new
        });
        let progress =
            Progress { labels: self.labels.len(), waiting: 0, expanded: self.expanded, found: paths.len() };
        GraphFront { paths, progress }
    }

    fn path(&self, last: u32) -> Path {
        let mut nodes = vec![self.query.to];
        let mut weights = [0; WEIGHTS];
        let mut label = self.labels[last as usize];
        label.node = self.query.to;
        while let Some(before) = self.labels.get(label.before as usize) {
            let (to, from) = (nodes[nodes.len() - 1], *before);
            // The arc that leads here; of parallel arcs, the one that the label was made with.
            let arc = self.graph.reverse_row(to).find(|arc| {
                let (_, first, rest) = self.arcs[*arc];
                let node = self.graph.arcs[*arc].from;
                (from.node == NONE || from.node == node)
                    && from.first + first == label.first
                    && plus(from.rest, rest) == label.rest
            });
            let Some(arc) = arc else { break };
            let parts = self.graph.arcs[arc].weights;
            weights.iter_mut().zip(parts).for_each(|(sum, part)| *sum += u64::from(part));
            nodes.push(self.graph.arcs[arc].from);
            label = from;
        }
        nodes.reverse();
        Path { weights, nodes }
    }
}

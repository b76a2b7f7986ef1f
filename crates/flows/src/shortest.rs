//! The cheapest routes one after the other, without circles.

use crate::disjoint::check_routes;
use crate::{Graph, Route, RoutesError};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// The `count` cheapest routes that pass no vertex twice, cheapest first; fewer if there are no more.
///
/// After Yen (1971): each route after the first leaves an earlier one somewhere and differs from then on. Arcs of capacity 0
/// are closed. Errors: as for [`crate::disjoint_routes`].
pub fn cheapest_routes(
    graph: &Graph,
    source: usize,
    sink: usize,
    count: usize,
) -> Result<Vec<Route>, RoutesError> {
    check_routes(graph, source, sink, count)?;
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); graph.vertices()];
    for (number, arc) in graph.arcs().iter().enumerate().filter(|(_, arc)| arc.capacity > 0) {
        leaving[arc.from].push(number);
    }
    let mut found: Vec<Route> = Vec::new();
    let mut waiting: BTreeSet<(i64, Vec<usize>)> = BTreeSet::new();
    let start = Detour {
        graph,
        leaving: &leaving,
        barred_arcs: BTreeSet::new(),
        barred: vec![false; graph.vertices()],
    };
    waiting.extend(start.cheapest(source, sink));
    while let Some((cost, arcs)) = waiting.pop_first() {
        for turn in 0..arcs.len() {
            let (kept, from) = (&arcs[..turn], graph.arcs()[arcs[turn]].from);
            let mut barred = vec![false; graph.vertices()];
            for arc in kept {
                barred[graph.arcs()[*arc].from] = true;
            }
            let same_start = found.iter().filter(|route| route.arcs.starts_with(kept));
            let mut barred_arcs: BTreeSet<usize> =
                same_start.filter_map(|route| route.arcs.get(turn).copied()).collect();
            barred_arcs.insert(arcs[turn]);
            let detour = Detour { graph, leaving: &leaving, barred_arcs, barred };
            if let Some((_, rest)) = detour.cheapest(from, sink) {
                let whole: Vec<usize> = kept.iter().copied().chain(rest).collect();
                waiting.insert((whole.iter().map(|arc| graph.arcs()[*arc].cost).sum(), whole));
            }
        }
        found.push(Route { arcs, cost });
        if found.len() == count {
            break;
        }
    }
    Ok(found)
}

/// A search that must not use some arcs and vertices.
struct Detour<'g> {
    graph: &'g Graph,
    leaving: &'g [Vec<usize>],
    barred_arcs: BTreeSet<usize>,
    barred: Vec<bool>,
}

impl Detour<'_> {
    /// The cheapest way and its cost.
    fn cheapest(&self, source: usize, sink: usize) -> Option<(i64, Vec<usize>)> {
        let mut cost = vec![i64::MAX; self.graph.vertices()];
        let mut by = vec![usize::MAX; self.graph.vertices()];
        let mut queue = BinaryHeap::from([Reverse((0_i64, source))]);
        cost[source] = 0;
        while let Some(Reverse((so_far, vertex))) = queue.pop() {
            if vertex == sink {
                break;
            }
            if so_far > cost[vertex] {
                continue;
            }
            for number in self.leaving[vertex].iter().filter(|arc| !self.barred_arcs.contains(arc)) {
                let arc = self.graph.arcs()[*number];
                if !self.barred[arc.to] && so_far + arc.cost < cost[arc.to] {
                    cost[arc.to] = so_far + arc.cost;
                    by[arc.to] = *number;
                    queue.push(Reverse((cost[arc.to], arc.to)));
                }
            }
        }
        if cost[sink] == i64::MAX {
            return None;
        }
        let (mut way, mut vertex) = (Vec::new(), sink);
        while vertex != source {
            way.push(by[vertex]);
            vertex = self.graph.arcs()[by[vertex]].from;
        }
        way.reverse();
        Some((cost[sink], way))
    }
}

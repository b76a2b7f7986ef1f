//! The network simplex method for flows of least cost.
//!
//! A basis is a spanning tree. Every tree here is strongly feasible: from each vertex some flow can still be sent to the root
//! along the tree, which is kept by the choice among the arcs that could leave, and rules out going round in circles. What
//! enters is the arc with the worst reduced cost of a block of arcs; blocks take turns. `tree` keeps the spanning tree in
//! preorder, so that moving a subtree touches its stem only, and changing its potentials touches the subtree or, where that
//! is smaller, everything else.
//!
//! The method after Ahuja, Magnanti, Orlin, *Network Flows* (1993), chapter 11; block search after Kelly and O'Neill (1991).

mod tree;

use crate::Graph;
use tree::Tree;

/// Whether an arc outside of the tree is empty or full; arcs of the tree are neither.
const EMPTY: i8 = 1;
const IN_TREE: i8 = 0;
const FULL: i8 = -1;

/// Arcs in one block at least: below it the search for the worst is no search.
const LEAST_BLOCK: usize = 20;

/// What choosing the next arc looks at, side by side in memory.
#[derive(Clone, Copy)]
struct Ends {
    from: u32,
    to: u32,
    cost: i64,
}

/// What came out, before it is known whether all supply could be sent.
pub(crate) struct Outcome {
    /// Flow on each arc of the graph.
    pub(crate) flow: Vec<i64>,
    /// Potential of each vertex of the graph.
    pub(crate) potential: Vec<i64>,
    /// Units that found no way.
    pub(crate) unsent: i64,
    /// Steps taken.
    pub(crate) pivots: u64,
}

/// The method under way. Arcs stand in an order of their own; the last ones, one for each vertex, lead to or from the root.
struct Simplex {
    ends: Vec<Ends>,
    state: Vec<i8>,
    flow: Vec<i64>,
    capacity: Vec<i64>,
    potential: Vec<i64>,
    tree: Tree,
    real_arcs: usize,
    block: usize,
    next: usize,
}

/// Where the flow around the cycle of an entering arc is limited.
struct Leaving {
    /// Units to send around.
    units: i64,
    /// The vertex whose arc to its parent leaves, and whether it lies on the side where the flow starts; `None` if the
    /// entering arc itself is full first.
    cut: Option<(usize, bool)>,
}

/// Computes a flow of least cost for supplies that add up to zero. Requires: checked by the caller.
pub(crate) fn solve(graph: &Graph, supply: &[i64]) -> Outcome {
    let order = spread_order(graph.arcs().len());
    let mut simplex = Simplex::new(graph, supply, &order);
    let mut pivots = 0;
    while let Some(arc) = simplex.find_entering() {
        simplex.pivot(arc);
        pivots += 1;
    }
    let mut flow = vec![0; order.len()];
    for (position, arc) in order.iter().enumerate() {
        flow[*arc as usize] = simplex.flow[position];
    }
    let costly = simplex.real_arcs..simplex.flow.len();
    let unsent = costly.filter(|arc| simplex.ends[*arc].cost > 0).map(|arc| simplex.flow[arc]).sum();
    let root = simplex.potential.pop().unwrap_or(0);
    for potential in &mut simplex.potential {
        *potential = potential.wrapping_sub(root);
    }
    Outcome { flow, potential: simplex.potential, unsent, pivots }
}

/// Arcs that come one after the other usually leave the same vertex; a block shall see all parts of the graph.
fn spread_order(arcs: usize) -> Vec<u32> {
    let step = arcs.isqrt().max(LEAST_BLOCK);
    (0..step).flat_map(|first| (first..arcs).step_by(step)).map(|arc| arc as u32).collect()
}

impl Simplex {
    fn new(graph: &Graph, supply: &[i64], order: &[u32]) -> Self {
        let (vertices, real_arcs) = (graph.vertices(), order.len());
        let all = real_arcs + vertices;
        let most_cost = graph.arcs().iter().map(|arc| arc.cost.abs()).max().unwrap_or(0);
        // Dearer than any path without a circle, so that it is used only where nothing else leads.
        let dear = (most_cost + 1) * (vertices as i64 + 1);
        let total: i64 = supply.iter().filter(|units| **units > 0).sum();
        let mut simplex = Self {
            ends: Vec::with_capacity(all),
            state: vec![EMPTY; real_arcs],
            flow: vec![0; real_arcs],
            capacity: Vec::with_capacity(all),
            potential: Vec::with_capacity(vertices + 1),
            tree: Tree::star(vertices, real_arcs, |vertex| supply[vertex] >= 0),
            real_arcs,
            block: real_arcs.isqrt().max(LEAST_BLOCK),
            next: 0,
        };
        for arc in order.iter().map(|arc| graph.arcs()[*arc as usize]) {
            simplex.ends.push(Ends { from: arc.from as u32, to: arc.to as u32, cost: arc.cost });
            simplex.capacity.push(arc.capacity);
        }
        let root = vertices as u32;
        for (vertex, units) in (0_u32..).zip(supply) {
            let (from, to, cost) = if *units >= 0 { (vertex, root, 0) } else { (root, vertex, dear) };
            simplex.ends.push(Ends { from, to, cost });
            simplex.state.push(IN_TREE);
            simplex.flow.push(units.abs());
            simplex.capacity.push(total);
            simplex.potential.push(cost);
        }
        simplex.potential.push(0);
        simplex
    }

    /// An arc that would make the flow cheaper: the worst of the first block that has any.
    fn find_entering(&mut self) -> Option<usize> {
        let mut best = (0_i64, 0_usize);
        let mut unseen = self.real_arcs;
        while unseen > 0 {
            let start = self.next;
            let end = (start + self.block.min(unseen)).min(self.real_arcs);
            for (offset, (ends, state)) in
                self.ends[start..end].iter().zip(&self.state[start..end]).enumerate()
            {
                let reduced = ends
                    .cost
                    .wrapping_add(self.potential[ends.from as usize])
                    .wrapping_sub(self.potential[ends.to as usize]);
                let gain = i64::from(*state) * reduced;
                if gain < best.0 {
                    best = (gain, start + offset);
                }
            }
            unseen -= end - start;
            self.next = if end == self.real_arcs { 0 } else { end };
            if best.0 < 0 {
                return Some(best.1);
            }
        }
        None
    }

    fn pivot(&mut self, entering: usize) {
        let ends = self.ends[entering];
        let along = self.state[entering] == EMPTY;
        let (first, second) = if along { (ends.from, ends.to) } else { (ends.to, ends.from) };
        let (first, second) = (first as usize, second as usize);
        let join = self.tree.join(first, second);
        let leaving = self.find_leaving(entering, first, second, join);
        self.send(entering, first, second, join, leaving.units);
        let Some((cut, on_first_side)) = leaving.cut else {
            self.state[entering] = -self.state[entering];
            return;
        };
        let out = self.tree.arc_to_parent(cut);
        self.state[out] = if self.flow[out] == 0 { EMPTY } else { FULL };
        self.state[entering] = IN_TREE;
        let (moved, stays) = if on_first_side { (first, second) } else { (second, first) };
        let reduced = ends
            .cost
            .wrapping_add(self.potential[ends.from as usize])
            .wrapping_sub(self.potential[ends.to as usize]);
        let upward = ends.from as usize == moved;
        self.tree.move_subtree(cut, moved, stays, entering, upward);
        let change = if upward { reduced.wrapping_neg() } else { reduced };
        self.tree.shift_potentials(moved, change, &mut self.potential);
    }

    /// The units that the cycle of an entering arc takes, and the arc that is empty or full first. Among several the last
    /// one in the direction of the flow, counted from the join: this keeps the tree strongly feasible.
    fn find_leaving(&self, entering: usize, first: usize, second: usize, join: usize) -> Leaving {
        let mut leaving = Leaving { units: self.capacity[entering], cut: None };
        let mut vertex = first;
        while vertex != join {
            let (parent, arc, upward) = self.tree.above(vertex);
            let room = if upward { self.flow[arc] } else { self.capacity[arc] - self.flow[arc] };
            if room < leaving.units {
                leaving = Leaving { units: room, cut: Some((vertex, true)) };
            }
            vertex = parent;
        }
        vertex = second;
        while vertex != join {
            let (parent, arc, upward) = self.tree.above(vertex);
            let room = if upward { self.capacity[arc] - self.flow[arc] } else { self.flow[arc] };
            if room <= leaving.units {
                leaving = Leaving { units: room, cut: Some((vertex, false)) };
            }
            vertex = parent;
        }
        leaving
    }

    fn send(&mut self, entering: usize, first: usize, second: usize, join: usize, units: i64) {
        if units == 0 {
            return;
        }
        self.flow[entering] += units * i64::from(self.state[entering]);
        let mut vertex = first;
        while vertex != join {
            let (parent, arc, upward) = self.tree.above(vertex);
            self.flow[arc] += if upward { -units } else { units };
            vertex = parent;
        }
        vertex = second;
        while vertex != join {
            let (parent, arc, upward) = self.tree.above(vertex);
            self.flow[arc] += if upward { units } else { -units };
            vertex = parent;
        }
    }
}

//! What happens when one thing is gone: N-1, for each link of a network in turn.
//!
//! Nothing is computed from the start. What a removed arc carried is taken off the flow there is, and sent another way in what
//! is left; an arc that carries nothing changes nothing.

use crate::Graph;
use crate::max_flow::{EndsError, augment, max_flow};
use crate::min_cost::{MinCostFlow, cost_of};
use crate::residual::Residual;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// What the removal of arcs does to the greatest flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowLoss {
    /// Units that still arrive.
    pub value: i64,
    /// Units that no longer do.
    pub lost: i64,
}

/// What the removal of arcs does to the flow of least cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostLoss {
    /// All can still be brought, at this much more.
    Dearer {
        /// Additional cost; zero if the arcs are not needed.
        by: i128,
    },
    /// Not all can be brought any more.
    Unsent {
        /// Units that cannot.
        units: i64,
    },
}

/// The greatest flow without each group of arcs in turn: a group is what breaks together, such as both directions of a link.
///
/// Numbers of a group that are no arcs are passed over. Errors: ends that are not two vertices.
pub fn max_flow_without(
    graph: &Graph,
    source: usize,
    sink: usize,
    groups: &[Vec<usize>],
) -> Result<Vec<FlowLoss>, EndsError> {
    let whole = max_flow(graph, source, sink)?;
    let residual = Residual::under(graph, &whole.flow);
    let losses = groups.iter().map(|group| {
        let carrying = group.iter().any(|arc| whole.flow.get(*arc).is_some_and(|units| *units > 0));
        let value =
            if carrying { rerouted_value(&residual, source, sink, whole.value, group) } else { whole.value };
        FlowLoss { value, lost: whole.value - value }
    });
    Ok(losses.collect())
}

/// Takes the flow off a group of arcs, closes them, and sends as much as possible another way.
fn rerouted_value(residual: &Residual, source: usize, sink: usize, value: i64, group: &[usize]) -> i64 {
    let mut left = residual.clone();
    let mut value = value;
    for arc in group.iter().copied().filter(|arc| 2 * arc + 1 < residual.room.len()) {
        while left.flow(arc) > 0 {
            let Some((way, through)) = way_back(&left, arc, source, sink) else { break };
            // A loop has no way back: it is taken off alone.
            let least = way.iter().map(|half| left.room[half ^ 1]).min();
            let units = least.unwrap_or(i64::MAX).min(left.flow(arc));
            for half in way {
                left.push(half ^ 1, units);
            }
            left.push(2 * arc + 1, units);
            value -= if through { units } else { 0 };
        }
        left.close(arc);
    }
    value + augment(&mut left, source, sink)
}

/// The arcs by which what an arc carries goes on and comes back to it, over arcs that carry flow and from the sink on from
/// the source again; and whether it does go through the sink.
fn way_back(residual: &Residual, arc: usize, source: usize, sink: usize) -> Option<(Vec<usize>, bool)> {
    let (start, goal) = (residual.head[2 * arc] as usize, residual.head[2 * arc + 1] as usize);
    /// How a vertex was reached.
    #[derive(Clone, Copy, PartialEq)]
    enum By {
        Nothing,
        Start,
        Half(usize),
        Return,
    }
    let mut by = vec![By::Nothing; residual.vertices()];
    by[start] = By::Start;
    let mut queue = VecDeque::from([start]);
    while let Some(vertex) = queue.pop_front() {
        if vertex == goal {
            break;
        }
        if vertex == sink && by[source] == By::Nothing {
            by[source] = By::Return;
            queue.push_back(source);
        }
        for half in residual.leaving(vertex).iter().map(|half| *half as usize).filter(|half| half % 2 == 0) {
            let head = residual.head[half] as usize;
            if half != 2 * arc && residual.room[half ^ 1] > 0 && by[head] == By::Nothing {
                by[head] = By::Half(half);
                queue.push_back(head);
            }
        }
    }
    let (mut way, mut through, mut vertex) = (Vec::new(), false, goal);
    loop {
        match by[vertex] {
            By::Nothing => return None,
            By::Start => return Some((way, through)),
            By::Half(half) => {
                way.push(half);
                vertex = residual.head[half ^ 1] as usize;
            }
            By::Return => {
                through = true;
                vertex = sink;
            }
        }
    }
}

/// The least cost without each group of arcs in turn, from a flow of least cost for the same supply.
///
/// What a group carried is sent over the cheapest ways left, one after the other: the potentials of the flow stay valid
/// without the group, so that Dijkstra's method serves.
pub fn min_cost_without(
    graph: &Graph,
    supply: &[i64],
    best: &MinCostFlow,
    groups: &[Vec<usize>],
) -> Vec<CostLoss> {
    let residual = Residual::under(graph, &best.flow);
    let losses = groups.iter().map(|group| {
        let carrying = group.iter().any(|arc| best.flow.get(*arc).is_some_and(|units| *units > 0));
        if !carrying {
            return CostLoss::Dearer { by: 0 };
        }
        match rerouted_flow(graph, &residual, best, group) {
            Some(flow) => CostLoss::Dearer { by: cost_of(graph, &flow) - best.cost },
            None => CostLoss::Unsent { units: unsent_without(graph, supply, group) },
        }
    });
    losses.collect()
}

/// Units that cannot be brought without a group of arcs.
fn unsent_without(graph: &Graph, supply: &[i64], group: &[usize]) -> i64 {
    let (source, sink) = (graph.vertices(), graph.vertices() + 1);
    let arcs = graph
        .arcs()
        .iter()
        .enumerate()
        .map(|(number, arc)| (arc.from, arc.to, if group.contains(&number) { 0 } else { arc.capacity }));
    let ends = supply
        .iter()
        .enumerate()
        .map(|(vertex, units)| if *units > 0 { (source, vertex, *units) } else { (vertex, sink, -units) });
    let mut residual = Residual::of(sink + 1, arcs.chain(ends));
    let wanted: i64 = supply.iter().filter(|units| **units > 0).sum();
    wanted - augment(&mut residual, source, sink)
}

/// The flow with what a group carried sent over the cheapest other ways; `None` if they do not take it all.
fn rerouted_flow(
    graph: &Graph,
    residual: &Residual,
    best: &MinCostFlow,
    group: &[usize],
) -> Option<Vec<i64>> {
    let mut left = residual.clone();
    let mut excess = vec![0_i64; graph.vertices()];
    for arc in group.iter().copied().filter(|arc| *arc < graph.arcs().len()) {
        let (ends, units) = (graph.arcs()[arc], left.flow(arc));
        excess[ends.from] += units;
        excess[ends.to] -= units;
        left.close(arc);
    }
    let mut potential = best.potential.clone();
    while let Some(start) = excess.iter().position(|units| *units > 0) {
        let (goal, way) = cheapest_way(graph, &left, &mut potential, &excess, start)?;
        let room = way.iter().map(|half| left.room[*half]).min().unwrap_or(0);
        let units = room.min(excess[start]).min(-excess[goal]);
        for half in way {
            left.push(half, units);
        }
        excess[start] -= units;
        excess[goal] += units;
    }
    Some((0..graph.arcs().len()).map(|arc| left.flow(arc)).collect())
}

/// The cheapest way from a vertex to one that lacks something; the potentials are moved so that they stay a proof.
fn cheapest_way(
    graph: &Graph,
    residual: &Residual,
    potential: &mut [i64],
    excess: &[i64],
    start: usize,
) -> Option<(usize, Vec<usize>)> {
    let mut distance = vec![i64::MAX; graph.vertices()];
    let mut by = vec![usize::MAX; graph.vertices()];
    let mut settled = Vec::new();
    let mut queue = BinaryHeap::from([Reverse((0_i64, start))]);
    distance[start] = 0;
    let goal = loop {
        let Reverse((so_far, vertex)) = queue.pop()?;
        if so_far > distance[vertex] {
            continue;
        }
        settled.push(vertex);
        if excess[vertex] < 0 {
            break vertex;
        }
        for half in residual.leaving(vertex).iter().map(|half| *half as usize) {
            let head = residual.head[half] as usize;
            let cost = graph.arcs()[half / 2].cost;
            let cost = if half % 2 == 0 { cost } else { -cost };
            let reduced = cost + potential[vertex] - potential[head];
            if residual.room[half] > 0 && so_far + reduced < distance[head] {
                distance[head] = so_far + reduced;
                by[head] = half;
                queue.push(Reverse((distance[head], head)));
            }
        }
    };
    // Whatever lies beyond the goal keeps its potential, what lies nearer falls behind by the difference.
    let reach = distance[goal];
    for vertex in settled {
        potential[vertex] += distance[vertex] - reach;
    }
    let (mut way, mut vertex) = (Vec::new(), goal);
    while vertex != start {
        way.push(by[vertex]);
        vertex = residual.head[by[vertex] ^ 1] as usize;
    }
    Some((goal, way))
}

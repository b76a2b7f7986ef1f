//! The most that can flow from one vertex to another, and the arcs that keep it from being more.

use crate::Graph;
use crate::min_cost::cut_arcs;
use crate::residual::Residual;

/// The most that flows, with its proof: the capacity of the cut is the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaxFlow {
    /// Units that arrive.
    pub value: i64,
    /// Units on each arc, by number.
    pub flow: Vec<i64>,
    /// The bottleneck nearest to the source: arcs whose capacities add up to `value`, without which nothing flows.
    pub cut: Vec<usize>,
    /// The bottleneck nearest to the sink; the same as `cut` if there is only one.
    pub last_cut: Vec<usize>,
    /// Whether each vertex lies on the source's side of `cut`.
    pub source_side: Vec<bool>,
}

/// Why no flow was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndsError {
    /// An end that is no vertex of the graph.
    #[error("vertex {0} is not there")]
    NoVertex(usize),
    /// Source and sink are the same.
    #[error("source and sink are the same")]
    Same,
}

pub(crate) fn check_ends(graph: &Graph, source: usize, sink: usize) -> Result<(), EndsError> {
    if let Some(vertex) = [source, sink].into_iter().find(|vertex| !graph.has(*vertex)) {
        return Err(EndsError::NoVertex(vertex));
    }
    if source == sink { Err(EndsError::Same) } else { Ok(()) }
}

/// The most that flows from `source` to `sink`, and the bottleneck.
///
/// After Dinic: flow is sent along shortest ways only, all of one length at once. Errors: ends that are not two vertices.
pub fn max_flow(graph: &Graph, source: usize, sink: usize) -> Result<MaxFlow, EndsError> {
    check_ends(graph, source, sink)?;
    let mut residual = Residual::new(graph);
    let value = augment(&mut residual, source, sink);
    Ok(of_residual(graph, &residual, sink, source, value))
}

/// The result, read off a residual graph in which no way is left.
fn of_residual(graph: &Graph, residual: &Residual, sink: usize, source: usize, value: i64) -> MaxFlow {
    let source_side = residual.reached_from([source]);
    let before_sink: Vec<bool> = reaching(residual, sink).into_iter().map(|reaches| !reaches).collect();
    MaxFlow {
        value,
        flow: (0..graph.arcs().len()).map(|arc| residual.flow(arc)).collect(),
        cut: cut_arcs(graph, &source_side),
        last_cut: cut_arcs(graph, &before_sink),
        source_side,
    }
}

/// Which vertices reach another over halves with room.
fn reaching(residual: &Residual, sink: usize) -> Vec<bool> {
    let mut reaches = vec![false; residual.vertices()];
    reaches[sink] = true;
    let mut stack = vec![sink];
    while let Some(vertex) = stack.pop() {
        for half in residual.leaving(vertex) {
            let (back, tail) = (*half as usize ^ 1, residual.head[*half as usize] as usize);
            if residual.room[back] > 0 && !reaches[tail] {
                reaches[tail] = true;
                stack.push(tail);
            }
        }
    }
    reaches
}

/// Vertices at no distance.
const FAR: u32 = u32::MAX;

/// Sends as much more as possible; returns how much.
pub(crate) fn augment(residual: &mut Residual, source: usize, sink: usize) -> i64 {
    augment_upto(residual, source, sink, i64::MAX)
}

/// Sends as much more as possible, at most `most`; returns how much.
pub(crate) fn augment_upto(residual: &mut Residual, source: usize, sink: usize, most: i64) -> i64 {
    let mut sent = 0;
    let mut distance = vec![FAR; residual.vertices()];
    let mut next = vec![0_u32; residual.vertices()];
    let mut queue = Vec::with_capacity(residual.vertices());
    let mut way: Vec<usize> = Vec::new();
    while sent < most && measure(residual, source, sink, &mut distance, &mut queue) {
        next.fill(0);
        while sent < most {
            let units = send_one(residual, source, sink, most - sent, &mut distance, &mut next, &mut way);
            if units == 0 {
                break;
            }
            sent += units;
        }
    }
    sent
}

/// Distances to the sink, counted in arcs with room, as far as the source; whether the source reaches it.
fn measure(
    residual: &Residual,
    source: usize,
    sink: usize,
    distance: &mut [u32],
    queue: &mut Vec<u32>,
) -> bool {
    distance.fill(FAR);
    queue.clear();
    distance[sink] = 0;
    queue.push(sink as u32);
    let mut seen = 0;
    while let Some(vertex) = queue.get(seen).map(|vertex| *vertex as usize) {
        seen += 1;
        if distance[vertex] >= distance[source] {
            break;
        }
        for half in residual.leaving(vertex) {
            let (back, tail) = (*half as usize ^ 1, residual.head[*half as usize] as usize);
            if distance[tail] == FAR && residual.room[back] > 0 {
                distance[tail] = distance[vertex] + 1;
                queue.push(tail as u32);
            }
        }
    }
    distance[source] != FAR
}

/// Sends units along one shortest way; 0 if there is none of this length left. A vertex that leads nowhere is struck off.
fn send_one(
    residual: &mut Residual,
    source: usize,
    sink: usize,
    most: i64,
    distance: &mut [u32],
    next: &mut [u32],
    way: &mut Vec<usize>,
) -> i64 {
    way.clear();
    let mut vertex = source;
    while vertex != sink {
        let leaving = residual.leaving(vertex);
        let onward = leaving[next[vertex] as usize..].iter().position(|half| {
            let half = *half as usize;
            let head = residual.head[half] as usize;
            residual.room[half] > 0 && distance[head] != FAR && distance[head] + 1 == distance[vertex]
        });
        match onward {
            Some(skipped) => {
                next[vertex] += skipped as u32;
                let half = leaving[next[vertex] as usize] as usize;
                way.push(half);
                vertex = residual.head[half] as usize;
            }
            None => {
                distance[vertex] = FAR;
                let Some(half) = way.pop() else { return 0 };
                vertex = residual.head[half ^ 1] as usize;
                next[vertex] += 1;
            }
        }
    }
    let units = way.iter().map(|half| residual.room[*half]).min().unwrap_or(0).min(most);
    for half in way {
        residual.push(*half, units);
    }
    units
}

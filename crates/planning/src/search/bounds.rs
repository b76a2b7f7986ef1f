//! The least that is still to come after each ride, per criterion.

use super::weight::CRITERIA;
use super::{Graph, Weight};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// For each ride, the least that any way takes from its end to the destination, each criterion on its own; `None` if the
/// destination cannot be reached after it.
///
/// Never more than what a real way takes, and consistent along every ride, which is what makes the search label-setting.
pub(super) fn lower_bounds(graph: &Graph) -> Vec<Option<Weight>> {
    let mut before: Vec<Vec<(usize, [u64; CRITERIA])>> = vec![Vec::new(); graph.rides.len()];
    for (ride, follows) in graph.follows.iter().enumerate() {
        // A ride that ends at the destination is the last one, whatever could follow it.
        if graph.ends.get(ride).copied().flatten().is_some() {
            continue;
        }
        for (next, weight) in follows {
            if let Some(list) = before.get_mut(*next) {
                list.push((ride, weight.parts()));
            }
        }
    }
    let mut bounds = vec![Some([0; CRITERIA]); graph.rides.len()];
    for criterion in 0..CRITERIA {
        for (bound, least) in bounds.iter_mut().zip(least(graph, &before, criterion)) {
            // What can be reached on one criterion can be reached on all of them.
            *bound = bound.zip(least).map(|(mut parts, least)| {
                if let Some(part) = parts.get_mut(criterion) {
                    *part = least;
                }
                parts
            });
        }
    }
    bounds.into_iter().map(|parts| parts.map(Weight::from_parts)).collect()
}

/// Dijkstra from the destination against the direction of travel, on one criterion.
fn least(graph: &Graph, before: &[Vec<(usize, [u64; CRITERIA])>], criterion: usize) -> Vec<Option<u64>> {
    let part = |parts: [u64; CRITERIA]| parts.get(criterion).copied().unwrap_or(0);
    let mut least: Vec<Option<u64>> = vec![None; graph.rides.len()];
    let mut waiting: BinaryHeap<Reverse<(u64, usize)>> = graph
        .ends
        .iter()
        .enumerate()
        .filter_map(|(ride, end)| end.map(|weight| Reverse((part(weight.parts()), ride))))
        .collect();
    while let Some(Reverse((value, ride))) = waiting.pop() {
        match least.get_mut(ride) {
            Some(slot @ None) => *slot = Some(value),
            _ => continue,
        }
        for (earlier, weight) in before.get(ride).into_iter().flatten() {
            if least.get(*earlier).is_some_and(Option::is_none) {
                waiting.push(Reverse((value.saturating_add(part(*weight)), *earlier)));
            }
        }
    }
    least
}

//! The search: every way that no other way beats, on integers, without knowing what a railway is.
//!
//! A [`Graph`] has rides (directed, between two places) and says what it takes to go from one ride to the next one: the
//! stay between them and the ride itself. The cost of a stay depends on both rides, so a label belongs to the ride it
//! arrived with and not to a place.
//!
//! [`find_front`] is a label-setting search (Martins 1984) with exact lower bounds per criterion. It looks for walks
//! first. If every walk of the result visits each place once, the result is also the answer for simple paths, because
//! simple paths are walks. If not, the search runs again with labels that remember the places they visited, in which a
//! label may displace another one only if it has visited no other place; that is exact for simple paths by construction.

mod bounds;
mod weight;

#[cfg(test)]
mod tests;

pub(crate) use weight::Weight;

use crate::limits::MOST_LABELS;
use bounds::lower_bounds;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Rides, what may follow what, and what it takes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// Number of places; rides name them by number.
    pub(crate) places: usize,
    /// Every ride that may be used.
    pub(crate) rides: Vec<Ride>,
    /// Rides that can be the first one: the stay at the origin and the ride.
    pub(crate) starts: Vec<(usize, Weight)>,
    /// For each ride, the rides that can follow it: the stay between them and the ride.
    pub(crate) follows: Vec<Vec<(usize, Weight)>>,
    /// For each ride, the stay at the destination if it ends there. Such a ride is the last one.
    pub(crate) ends: Vec<Option<Weight>>,
}

/// A directed ride between two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ride {
    /// Where it starts.
    pub(crate) from: usize,
    /// Where it ends.
    pub(crate) to: usize,
}

/// A chain of rides from the origin to the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// What it takes, with the stays at both ends.
    pub(crate) weight: Weight,
    /// The rides, in order.
    pub(crate) rides: Vec<usize>,
}

/// The search was stopped: more labels than [`MOST_LABELS`] would be needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the search needs more than {MOST_LABELS} partial ways")]
pub(crate) struct TooManyLabels;

/// Whether a way may come back to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Revisits {
    Allowed,
    Forbidden,
}

/// Every way without a repeated place that no other such way beats, one for each weight, in order of weight.
///
/// Errors: [`TooManyLabels`].
pub(crate) fn find_front(graph: &Graph) -> Result<Vec<Way>, TooManyLabels> {
    let walks = Search::new(graph, Revisits::Allowed).run()?;
    if walks.iter().all(|way| visits_once(graph, way)) {
        return Ok(walks);
    }
    Search::new(graph, Revisits::Forbidden).run()
}

/// Whether the way visits every place at most once.
fn visits_once(graph: &Graph, way: &Way) -> bool {
    let mut visited = PlaceSet::new(graph.places);
    let first = way.rides.first().and_then(|ride| graph.rides.get(*ride));
    first.is_none_or(|ride| visited.insert(ride.from))
        && way.rides.iter().filter_map(|ride| graph.rides.get(*ride)).all(|ride| visited.insert(ride.to))
}

/// A partial way: the last ride, what it took so far, and how it came here.
struct Label {
    ride: usize,
    weight: Weight,
    legs: u32,
    before: Option<usize>,
    visited: PlaceSet,
}

/// Labels wait in order of the least they can end with, then of the number of rides, then of their age.
type Waiting = Reverse<(Weight, u32, usize)>;

struct Search<'a> {
    graph: &'a Graph,
    revisits: Revisits,
    bounds: Vec<Option<Weight>>,
    labels: Vec<Label>,
    waiting: BinaryHeap<Waiting>,
    settled: Vec<Vec<usize>>,
    found: Vec<(Weight, usize)>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph, revisits: Revisits) -> Self {
        Self {
            graph,
            revisits,
            bounds: lower_bounds(graph),
            labels: Vec::new(),
            waiting: BinaryHeap::new(),
            settled: vec![Vec::new(); graph.rides.len()],
            found: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Vec<Way>, TooManyLabels> {
        for (ride, weight) in &self.graph.starts {
            self.offer(*ride, *weight, None)?;
        }
        while let Some(Reverse((estimate, _, index))) = self.waiting.pop() {
            if !self.settle(index, estimate) {
                continue;
            }
            let Some((ride, weight)) = self.labels.get(index).map(|label| (label.ride, label.weight)) else {
                continue;
            };
            if let Some(last_stay) = self.graph.ends.get(ride).copied().flatten() {
                self.found.push((weight.plus(last_stay), index));
                continue;
            }
            let graph = self.graph;
            for (next, step) in graph.follows.get(ride).into_iter().flatten() {
                self.offer(*next, weight.plus(*step), Some(index))?;
            }
        }
        Ok(self.found.iter().map(|(weight, index)| self.way(*weight, *index)).collect())
    }

    /// Puts a label among the waiting ones, unless it is beaten already or can never arrive.
    fn offer(&mut self, ride: usize, weight: Weight, before: Option<usize>) -> Result<(), TooManyLabels> {
        let (Some(Some(bound)), Some(step)) = (self.bounds.get(ride), self.graph.rides.get(ride)) else {
            return Ok(());
        };
        let estimate = weight.plus(*bound);
        let parent = before.and_then(|index| self.labels.get(index));
        let legs = parent.map_or(1, |label| label.legs + 1);
        let mut visited = match (self.revisits, parent) {
            (Revisits::Allowed, _) => PlaceSet::default(),
            (Revisits::Forbidden, Some(parent)) => parent.visited.clone(),
            (Revisits::Forbidden, None) => {
                let mut places = PlaceSet::new(self.graph.places);
                places.insert(step.from);
                places
            }
        };
        if self.revisits == Revisits::Forbidden && !visited.insert(step.to) {
            return Ok(());
        }
        let label = Label { ride, weight, legs, before, visited };
        if self.is_beaten(&label, estimate) {
            return Ok(());
        }
        if self.labels.len() >= MOST_LABELS {
            return Err(TooManyLabels);
        }
        self.waiting.push(Reverse((estimate, legs, self.labels.len())));
        self.labels.push(label);
        Ok(())
    }

    /// Whether the label can be dropped: something found ends no worse than it can, or a settled one got here no worse.
    fn is_beaten(&self, label: &Label, estimate: Weight) -> bool {
        let free = self.revisits == Revisits::Allowed;
        self.found.iter().any(|(weight, _)| weight.is_no_worse_than(estimate))
            || self.settled.get(label.ride).into_iter().flatten().any(|index| {
                self.labels.get(*index).is_some_and(|other| {
                    other.weight.is_no_worse_than(label.weight)
                        && (free || other.visited.is_subset_of(&label.visited))
                })
            })
    }

    /// Makes a label final, unless it has been beaten since it was offered.
    fn settle(&mut self, index: usize, estimate: Weight) -> bool {
        let Some(label) = self.labels.get(index) else { return false };
        if self.is_beaten(label, estimate) {
            return false;
        }
        let ride = label.ride;
        if let Some(settled) = self.settled.get_mut(ride) {
            settled.push(index);
        }
        true
    }

    fn way(&self, weight: Weight, last: usize) -> Way {
        let mut rides = Vec::new();
        let mut next = Some(last);
        while let Some(label) = next.and_then(|index| self.labels.get(index)) {
            rides.push(label.ride);
            next = label.before;
        }
        rides.reverse();
        Way { weight, rides }
    }
}

/// A set of places, one bit each.
#[derive(Clone, Debug, Default)]
struct PlaceSet(Box<[u64]>);

impl PlaceSet {
    fn new(places: usize) -> Self {
        Self(vec![0; places.div_ceil(64)].into_boxed_slice())
    }

    /// Adds a place; false if it was there already.
    fn insert(&mut self, place: usize) -> bool {
        let bit = 1_u64 << (place % 64);
        match self.0.get_mut(place / 64) {
            Some(word) if *word & bit == 0 => {
                *word |= bit;
                true
            }
            _ => false,
        }
    }

    fn is_subset_of(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0.iter()).all(|(mine, theirs)| mine & !theirs == 0)
    }
}

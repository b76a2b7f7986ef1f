//! What to do at every place and moment, so that the expected arrival is earliest; or, where ways have tolls, so that arrival and
//! tolls together are least.
//!
//! Goods are at a node. They choose an option: first what has to happen there passes, from when the place is open for it,
//! then they stand at the gate and see when
//! the next departure is; they take it, or they turn to another option of the same node, whose own stay they pass from the
//! start. Whoever has turned once at a node goes through with it. Where nobody can see how
//! long the wait will be (it leaves when it is full), there is no turning at the gate.
//!
//! Backward induction over a grid of time: the value of a node at a moment depends on later moments only, since every ride
//! takes one step of the grid at least. Beyond the horizon nothing is looked at closely any more: the rest of the way counts
//! with its mean durations.

mod induct;
mod unroll;

use crate::curve::Curve;
use crate::departures::Departures;
use crate::grid::Grid;
use crate::way::Hours;
use kervan_units::Seconds;
use std::sync::Arc;

pub use unroll::{Switch, Unrolled, Use};

/// A way on from a node.
#[derive(Clone, Debug)]
pub struct Onward {
    /// When that can begin which has to happen at the node first; goods that come when it is shut wait. Nothing: at any time.
    pub opens: Hours,
    /// What has to happen at the node first.
    pub stay: Arc<Curve>,
    /// What is waited for then.
    pub departures: Departures,
    /// The ride. Range: one step of the grid at least, unless it leads to a goal.
    pub ride: Arc<Curve>,
    /// The node where it ends.
    pub to: usize,
    /// What taking it costs besides time, as the delay that would be as bad. Unit: second.
    pub toll: f64,
}

/// A place as goods come to it.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// The ways on. None: this is a goal.
    pub onward: Vec<Onward>,
    /// The option that is chosen here whatever its value, because it is planned. Turning at the gate stays free.
    pub planned: Option<usize>,
}

/// What a policy is sought for.
#[derive(Clone, Debug)]
pub struct Question {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// Whether goods may turn to another option at the gate.
    pub may_turn: bool,
    /// What turning costs: it is done only where it is better by more than this. Unit: second.
    pub turning: f64,
    /// The grid of time.
    pub grid: Grid,
    /// How far is looked.
    pub horizon: Seconds,
}

/// The question is too large, or an option leads to no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPolicy {
    /// More cells than [`limits::MOST_POLICY_CELLS`](crate::limits::MOST_POLICY_CELLS).
    TooLarge,
    /// An option leads to a node, or a plan to an option, that is not there.
    NoSuchNode,
}

/// What is best at every node and moment.
#[derive(Clone, Debug)]
pub struct Policy {
    question: Question,
    /// Moments that are looked at.
    cells: usize,
    /// By node: the expected arrival with the tolls, by moment. Unit: second since the start.
    values: Vec<Vec<f64>>,
    /// By node: the option to choose, by moment.
    chosen: Vec<Vec<u32>>,
    /// By node and option.
    tables: Vec<Vec<induct::Table>>,
    /// By node: mean seconds to the goal, waits and all, on the way that is shortest by means.
    tails: Vec<f64>,
}

impl Policy {
    /// The grid.
    pub const fn grid(&self) -> Grid {
        self.question.grid
    }

    /// The nodes that it is for.
    pub fn nodes(&self) -> &[Node] {
        &self.question.nodes
    }

    /// The expected arrival for goods that come to a node at a time, with the tolls on the way. Unit: second since the start.
    pub fn expected(&self, node: usize, at: Seconds) -> Option<f64> {
        let values = self.values.get(node)?;
        Some(self.read(values, self.cell(at), *self.tails.get(node)?))
    }

    /// The option to choose for goods that come to a node at a time; nothing at a goal.
    pub fn choose(&self, node: usize, at: Seconds) -> Option<usize> {
        let moments = self.chosen.get(node)?;
        let chosen = *moments.get(self.cell(at).min(self.cells - 1))? as usize;
        (chosen < self.tables.get(node)?.len()).then_some(chosen)
    }

    /// The expected arrival if an option is chosen at a node at a time, and the best is done from then on.
    pub fn expected_by(&self, node: usize, option: usize, at: Seconds) -> Option<f64> {
        let table = self.tables.get(node)?.get(option)?;
        Some(self.read(&table.chosen, self.cell(at), table.tail_chosen))
    }

    fn cell(&self, at: Seconds) -> usize {
        (at.get() / self.question.grid.step().get()) as usize
    }

    fn read(&self, values: &[f64], cell: usize, tail: f64) -> f64 {
        let beyond = || cell as f64 * self.question.grid.width() + tail;
        values.get(cell).copied().unwrap_or_else(beyond)
    }
}

/// Finds the policy of earliest expected arrival.
pub fn find_policy(question: Question) -> Result<Policy, NoPolicy> {
    induct::induct(question)
}

//! Backward induction.

use super::{NoPolicy, Node, Onward, Policy, Question};
use crate::grid::{Grid, Mass, Rounding};
use crate::limits::MOST_POLICY_CELLS;

/// One option of one node, by moment. Values are expected arrivals. Unit: second since the start.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) stay: Mass,
    /// The wait, where it does not depend on the moment.
    pub(super) wait: Option<Mass>,
    pub(super) ride: Mass,
    /// Whether the wait is seen at the gate.
    pub(super) seen: bool,
    /// For goods that depart.
    pub(super) departing: Vec<f64>,
    /// For goods at the gate that go through with it.
    pub(super) committed_gate: Vec<f64>,
    /// For goods that begin the stay and go through with it.
    pub(super) committed: Vec<f64>,
    /// For goods that begin the stay and may turn at the gate.
    pub(super) chosen: Vec<f64>,
    gate: Vec<f64>,
    pub(super) tail_departing: f64,
    pub(super) tail_gate: f64,
    pub(super) tail_chosen: f64,
}

impl Table {
    fn new(onward: &Onward, nodes: &[Node], grid: Grid, cells: usize, tails: &[f64]) -> Self {
        let to_goal = nodes.get(onward.to).is_some_and(|node| node.onward.is_empty());
        let mut ride = grid.kernel(&onward.ride, Rounding::Fair);
        if !to_goal {
            at_least_one_step(&mut ride);
        }
        let tail_departing = onward.toll + onward.ride.mean() + tails.get(onward.to).copied().unwrap_or(0.0);
        let tail_gate = onward.departures.mean_wait() + tail_departing;
        let empty = || vec![0.0; cells];
        Self {
            stay: grid.kernel(&onward.stay, Rounding::Fair),
            wait: onward.departures.wait().map(|wait| grid.kernel(&wait, Rounding::Fair)),
            ride,
            seen: onward.departures.is_seen(),
            departing: empty(),
            committed_gate: empty(),
            committed: empty(),
            chosen: empty(),
            gate: empty(),
            tail_departing,
            tail_gate,
            tail_chosen: onward.stay.mean() + tail_gate,
        }
    }
}

/// What would take no step takes one, so that time goes on.
fn at_least_one_step(mass: &mut Mass) {
    if mass.first > 0 {
        return;
    }
    let now = mass.chances.first().copied().unwrap_or(0.0);
    mass.first = 1;
    mass.chances.remove(0);
    match mass.chances.first_mut() {
        Some(next) => *next += now,
        None => mass.chances.push(now),
    }
}

/// Mean seconds to a goal by the shortest way, from every node; infinite where there is none.
fn tails(nodes: &[Node]) -> Vec<f64> {
    let mut tails: Vec<f64> =
        nodes.iter().map(|node| if node.onward.is_empty() { 0.0 } else { f64::INFINITY }).collect();
    for _ in 0..nodes.len() {
        let mut changed = false;
        for (index, node) in nodes.iter().enumerate() {
            let of = |one: &Onward| {
                let rest = tails.get(one.to).copied().unwrap_or(f64::INFINITY);
                one.toll + one.stay.mean() + one.departures.mean_wait() + one.ride.mean() + rest
            };
            let best = match node.planned.and_then(|planned| node.onward.get(planned)) {
                Some(planned) => of(planned),
                None => node.onward.iter().map(of).fold(f64::INFINITY, f64::min),
            };
            if !node.onward.is_empty() && best < tails[index] {
                tails[index] = best;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    tails
}

pub(super) fn induct(question: Question) -> Result<Policy, NoPolicy> {
    let nodes = &question.nodes;
    let known = |node: &Node| {
        node.onward.iter().all(|onward| onward.to < nodes.len())
            && node.planned.is_none_or(|planned| planned < node.onward.len())
    };
    if !nodes.iter().all(known) {
        return Err(NoPolicy::NoSuchNode);
    }
    let cells = (question.horizon.get() / question.grid.step().get()) as usize + 1;
    let options: usize = nodes.iter().map(|node| node.onward.len()).sum();
    if cells.saturating_mul(options + nodes.len()) > MOST_POLICY_CELLS {
        return Err(NoPolicy::TooLarge);
    }
    let tails = tails(nodes);
    let table = |onward: &Onward| Table::new(onward, nodes, question.grid, cells, &tails);
    let tables = nodes.iter().map(|node| node.onward.iter().map(table).collect()).collect();
    let count = nodes.len();
    let mut policy = Policy {
        cells,
        values: vec![vec![0.0; cells]; count],
        chosen: vec![vec![u32::MAX; cells]; count],
        tables,
        tails,
        question,
    };
    for cell in (0..cells).rev() {
        // Goals first: a ride to a goal may take no time.
        for node in 0..count {
            if policy.tables[node].is_empty() {
                policy.values[node][cell] = cell as f64 * policy.question.grid.width();
            }
        }
        for node in 0..count {
            policy.look_at(node, cell);
        }
    }
    Ok(policy)
}

impl Policy {
    /// Fills a moment of a node whose later moments are filled.
    fn look_at(&mut self, node: usize, cell: usize) {
        for option in 0..self.tables[node].len() {
            let departing = self.departing(node, option, cell);
            self.tables[node][option].departing[cell] = departing;
            let gate = self.wait_for(node, option, cell, f64::INFINITY);
            self.tables[node][option].committed_gate[cell] = gate;
            let committed = self.stayed(node, option, cell, |table| &table.committed_gate);
            self.tables[node][option].committed[cell] = committed;
        }
        for option in 0..self.tables[node].len() {
            let turned = self.turned(node, option, cell);
            let (gate, chosen) = match turned {
                // Who may not turn goes through with it.
                None if !self.ever_turns(node, option) => {
                    let table = &self.tables[node][option];
                    (table.committed_gate[cell], table.committed[cell])
                }
                turned => {
                    let turned = turned.map_or(f64::INFINITY, |(_, value)| value);
                    let gate = self.wait_for(node, option, cell, turned);
                    self.tables[node][option].gate[cell] = gate;
                    (gate, self.stayed(node, option, cell, |table| &table.gate))
                }
            };
            let table = &mut self.tables[node][option];
            (table.gate[cell], table.chosen[cell]) = (gate, chosen);
        }
        let planned = self.question.nodes[node].planned;
        let all = self.tables[node].iter().enumerate().map(|(option, table)| (option, table.chosen[cell]));
        let best = all
            .filter(|(option, _)| planned.is_none_or(|planned| planned == *option))
            .min_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((option, value)) = best {
            self.values[node][cell] = value;
            self.chosen[node][cell] = u32::try_from(option).unwrap_or(u32::MAX);
        }
    }

    /// The value of beginning the stay of an option as soon as it is open, by what goods are worth at its gate.
    fn stayed(&self, node: usize, option: usize, cell: usize, gate: fn(&Table) -> &Vec<f64>) -> f64 {
        let table = &self.tables[node][option];
        let (begins, beyond) = self.begins(node, option, cell);
        let from = |begins: usize| self.expect(&table.stay, begins, gate(table), table.tail_gate);
        if beyond > 0.0 { from(begins) * (1.0 - beyond) + from(begins + 1) * beyond } else { from(begins) }
    }

    /// When the stay of an option begins for goods that come in a cell: a cell, and the part of a step beyond it.
    pub(super) fn begins(&self, node: usize, option: usize, cell: usize) -> (usize, f64) {
        let step = self.question.grid.step().get();
        let begins = self.question.nodes[node].onward[option].opens.enter(cell as u64 * step);
        ((begins / step) as usize, (begins % step) as f64 / step as f64)
    }

    fn departing(&self, node: usize, option: usize, cell: usize) -> f64 {
        let (table, onward) = (&self.tables[node][option], &self.question.nodes[node].onward[option]);
        let (values, tail) = (&self.values[onward.to], self.tails[onward.to]);
        onward.toll + self.expect(&table.ride, cell, values, tail)
    }

    /// The value at the gate of an option, if goods may turn to something of value `turned` once they see the wait.
    fn wait_for(&self, node: usize, option: usize, cell: usize, turned: f64) -> f64 {
        let table = &self.tables[node][option];
        let after = |wait: usize| self.read(&table.departing, cell + wait, table.tail_departing);
        match &table.wait {
            Some(wait) if table.seen && turned < f64::INFINITY => wait.expect(|wait| after(wait).min(turned)),
            Some(wait) => self.expect(wait, cell, &table.departing, table.tail_departing),
            None => self.next_departure(node, option, cell).min(turned),
        }
    }

    /// The value of taking the next departure of a timetable.
    pub(super) fn next_departure(&self, node: usize, option: usize, cell: usize) -> f64 {
        let (table, onward) = (&self.tables[node][option], &self.question.nodes[node].onward[option]);
        let (here, beyond) = self.leaves(onward, cell);
        let at = |cell: usize| self.read(&table.departing, cell, table.tail_departing);
        if beyond > 0.0 { at(here) * (1.0 - beyond) + at(here + 1) * beyond } else { at(here) }
    }

    /// The moment of the next departure: a cell, and the part of a step beyond it.
    pub(super) fn leaves(&self, onward: &Onward, cell: usize) -> (usize, f64) {
        let step = self.question.grid.step().get();
        let time = cell as u64 * step;
        let leaves = onward.departures.next(time).unwrap_or(time);
        ((leaves / step) as usize, (leaves % step) as f64 / step as f64)
    }

    /// The expectation of what goods are worth once something has passed from a cell on.
    fn expect(&self, passes: &Mass, cell: usize, values: &[f64], tail: f64) -> f64 {
        let width = self.question.grid.width();
        passes.expect_from(cell, values, 0, |beyond| beyond as f64 * width + tail)
    }

    /// Whether goods at the gate of an option may ever turn to another one.
    fn ever_turns(&self, node: usize, option: usize) -> bool {
        self.question.may_turn && self.tables[node].len() > 1 && self.tables[node][option].seen
    }

    /// The best other option for goods at the gate of one, and its value. `None` if there is none or turning is not allowed.
    pub(super) fn turned(&self, node: usize, option: usize, cell: usize) -> Option<(usize, f64)> {
        if !self.question.may_turn || !self.tables[node][option].seen {
            return None;
        }
        let others = self.tables[node].iter().enumerate().filter(|(other, _)| *other != option);
        others
            .map(|(other, table)| {
                let value = self.read(&table.committed, cell, table.tail_chosen);
                (other, value + self.question.turning)
            })
            .min_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

//! What comes of a policy: when goods arrive that follow it, and how often they do what.

use super::{Policy, induct::Table};
use crate::grid::Mass;
use kervan_units::Seconds;

/// Goods that followed a policy.
#[derive(Clone, Debug)]
pub struct Unrolled {
    arrival: Mass,
    step: Seconds,
    /// Mean arrival of what arrives within the horizon. Unit: second since the start.
    pub mean: f64,
    /// The chance not to arrive within the horizon.
    pub beyond: f64,
    /// Options that were used, by node and option.
    pub uses: Vec<Use>,
}

/// How an option is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The node.
    pub node: usize,
    /// The option.
    pub option: usize,
    /// The chance that goods come to the node and choose it.
    pub chosen: f64,
    /// The first time at which they choose it. Unit: second since the start.
    pub from: Seconds,
    /// Turns to other options at its gate, the likeliest first.
    pub switches: Vec<Switch>,
}

/// A turn to another option.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    /// The other option.
    pub to: usize,
    /// The chance that goods come to the node, choose the first option and turn.
    pub chance: f64,
    /// The shortest wait for which they turn. Unit: second.
    pub wait_from: Seconds,
    /// How much better that is than waiting, on average of the turns: earlier, less what it costs in tolls. Unit: second.
    pub gains: f64,
    /// When they turn, on average. Unit: second since the start.
    pub at: f64,
}

impl Unrolled {
    /// The arrival that is not exceeded with a chance. Unit: second since the start.
    pub fn quantile(&self, chance: f64) -> Seconds {
        Seconds::new(self.arrival.quantile(chance) as u64 * self.step.get())
    }

    /// The chance to be there by a time. Unit: second since the start.
    pub fn chance_by(&self, by: Seconds) -> f64 {
        self.arrival.chance_by(by.get() as f64 / self.step.get() as f64)
    }
}

/// Chances of one option by moment: goods at its gate, goods at its gate that go through with it, goods that leave.
struct Flow {
    gate: Vec<f64>,
    committed: Vec<f64>,
    departing: Vec<f64>,
    used: Use,
}

/// What spreads from a cell by a kernel; what goes beyond the horizon is lost and counted by the caller.
fn spread(into: &mut [f64], cell: usize, chance: f64, kernel: &Mass) {
    let from = (cell + kernel.first).min(into.len());
    for (sum, share) in into[from..].iter_mut().zip(&kernel.chances) {
        *sum += chance * share;
    }
}

impl Policy {
    /// Follows the policy from a node at a time.
    pub fn unroll(&self, start: usize, at: Seconds) -> Unrolled {
        let cells = self.cells;
        let mut here = vec![vec![0.0; cells]; self.tables.len()];
        if let Some(first) = here.get_mut(start).and_then(|node| node.get_mut(self.cell(at))) {
            *first = 1.0;
        }
        let flow = |node: usize, option: usize| Flow {
            gate: vec![0.0; cells],
            committed: vec![0.0; cells],
            departing: vec![0.0; cells],
            used: Use { node, option, chosen: 0.0, from: Seconds::ZERO, switches: Vec::new() },
        };
        let flows = |(node, options): (usize, &Vec<Table>)| {
            (0..options.len()).map(|option| flow(node, option)).collect()
        };
        let mut flows: Vec<Vec<Flow>> = self.tables.iter().enumerate().map(flows).collect();
        for cell in 0..cells {
            for (node, flows) in flows.iter_mut().enumerate() {
                self.advance(node, cell, &mut here, flows);
            }
        }
        let goals = self.tables.iter().zip(&here).filter(|(options, _)| options.is_empty());
        let mut arrival = Mass { first: 0, chances: vec![0.0; cells] };
        for (_, node) in goals {
            for (sum, chance) in arrival.chances.iter_mut().zip(node) {
                *sum += chance;
            }
        }
        let within: f64 = arrival.chances.iter().sum();
        let mean = arrival.expect(|cell| cell as f64 * self.grid().width()) / within.max(f64::MIN_POSITIVE);
        let uses =
            flows.into_iter().flatten().map(|flow| finished(flow.used)).filter(|used| used.chosen > 0.0);
        Unrolled {
            arrival,
            step: self.grid().step(),
            mean,
            beyond: (1.0 - within).max(0.0),
            uses: uses.collect(),
        }
    }

    fn advance(&self, node: usize, cell: usize, here: &mut [Vec<f64>], flows: &mut [Flow]) {
        /// Chances below this are not followed.
        const NOTHING: f64 = 1e-12;
        let chance = here[node][cell];
        if chance > NOTHING
            && let Some(option) = self.choose(node, Seconds::new(cell as u64 * self.grid().step().get()))
        {
            let flow = &mut flows[option];
            if flow.used.chosen == 0.0 {
                flow.used.from = Seconds::new(cell as u64 * self.grid().step().get());
            }
            flow.used.chosen += chance;
            self.begin(&mut flow.gate, (node, option), cell, chance);
        }
        for option in 0..flows.len() {
            let chance = flows[option].gate[cell];
            if chance > NOTHING {
                self.at_gate(node, option, cell, chance, flows);
            }
        }
        for (option, flow) in flows.iter_mut().enumerate() {
            let (table, chance) = (&self.tables[node][option], flow.committed[cell]);
            if chance > NOTHING {
                self.board(node, option, cell, chance, flow);
            }
            let leaving = flow.departing[cell];
            if leaving > NOTHING {
                let to = self.question.nodes[node].onward[option].to;
                spread(&mut here[to], cell, leaving, &table.ride);
            }
        }
    }

    /// Goods that begin the stay of an option as soon as it is open.
    fn begin(&self, gate: &mut [f64], (node, option): (usize, usize), cell: usize, chance: f64) {
        let stay = &self.tables[node][option].stay;
        let (begins, beyond) = self.begins(node, option, cell);
        spread(gate, begins, chance * (1.0 - beyond), stay);
        if beyond > 0.0 {
            spread(gate, begins + 1, chance * beyond, stay);
        }
    }

    /// Goods that wait for the next departure, whatever it is.
    fn board(&self, node: usize, option: usize, cell: usize, chance: f64, flow: &mut Flow) {
        match &self.tables[node][option].wait {
            Some(wait) => spread(&mut flow.departing, cell, chance, wait),
            None => {
                let (leaves, beyond) = self.leaves(&self.question.nodes[node].onward[option], cell);
                depart(&mut flow.departing, leaves, beyond, chance);
            }
        }
    }

    /// Goods at the gate: each wait they may see, and what they do then.
    fn at_gate(&self, node: usize, option: usize, cell: usize, chance: f64, flows: &mut [Flow]) {
        let table = &self.tables[node][option];
        let Some((other, value)) = self.turned(node, option, cell) else {
            return self.board(node, option, cell, chance, &mut flows[option]);
        };
        let turn = |flows: &mut [Flow], wait: usize, chance: f64, waiting: f64| {
            self.begin(&mut flows[other].committed, (node, other), cell, chance);
            let wait_from = Seconds::new(wait as u64 * self.grid().step().get());
            let at = chance * cell as f64 * self.grid().width();
            let switches = &mut flows[option].used.switches;
            match switches.iter_mut().find(|switch| switch.to == other) {
                Some(switch) => {
                    switch.chance += chance;
                    switch.gains += chance * (waiting - value);
                    switch.at += at;
                    switch.wait_from = switch.wait_from.min(wait_from);
                }
                None => switches.push(Switch {
                    to: other,
                    chance,
                    wait_from,
                    gains: chance * (waiting - value),
                    at,
                }),
            }
        };
        match &table.wait {
            Some(wait) => {
                for (wait, share) in wait.points() {
                    let waiting = self.read(&table.departing, cell + wait, table.tail_departing);
                    if waiting > value {
                        turn(flows, wait, chance * share, waiting);
                    } else {
                        depart(&mut flows[option].departing, cell + wait, 0.0, chance * share);
                    }
                }
            }
            None => {
                let waiting = self.next_departure(node, option, cell);
                let (leaves, beyond) = self.leaves(&self.question.nodes[node].onward[option], cell);
                if waiting > value {
                    turn(flows, leaves - cell, chance, waiting);
                } else {
                    depart(&mut flows[option].departing, leaves, beyond, chance);
                }
            }
        }
    }
}

fn depart(departing: &mut [f64], cell: usize, beyond: f64, chance: f64) {
    for (cell, chance) in [(cell, chance * (1.0 - beyond)), (cell + 1, chance * beyond)] {
        if let Some(sum) = departing.get_mut(cell) {
            *sum += chance;
        }
    }
}

/// Sums become averages.
fn finished(mut used: Use) -> Use {
    for switch in &mut used.switches {
        let chance = switch.chance.max(f64::MIN_POSITIVE);
        switch.gains /= chance;
        switch.at /= chance;
    }
    used.switches.sort_by(|one, other| other.chance.total_cmp(&one.chance));
    used
}

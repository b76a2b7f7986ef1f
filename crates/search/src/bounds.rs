//! The least that is still to come, per criterion: from the ends back against the direction of travel.
//!
//! Never more than what a real way takes, and consistent along every ride, so labels of a node come up in order of time.

use crate::network::NONE;
use crate::setting::Setting;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Lower bounds of time and of the selected weights.
pub(crate) struct Bounds<const N: usize> {
    /// From a node, with goods free to be taken there.
    pub(crate) node_time: Vec<u32>,
    pub(crate) node_weight: Vec<[u32; N]>,
    /// From on board, when the line leaves a position.
    pub(crate) board_time: Vec<u32>,
    pub(crate) board_weight: Vec<[u32; N]>,
}

/// Which of the dimensions is bounded.
#[derive(Clone, Copy)]
enum Measure {
    Time,
    Weight(usize),
}

impl<const N: usize> Bounds<N> {
    /// No bounds: nothing is known of what is to come.
    pub(crate) fn none(setting: &Setting<'_>) -> Self {
        let (nodes, positions) = (setting.network.node_stops.len(), setting.network.positions.len());
        Self {
            node_time: vec![0; nodes],
            node_weight: vec![[0; N]; nodes],
            board_time: vec![0; positions],
            board_weight: vec![[0; N]; positions],
        }
    }

    /// The bounds towards the ends of a query.
    pub(crate) fn new(setting: &Setting<'_>) -> Self {
        let mut bounds = Self::none(setting);
        let mut sweep = Sweep::new(setting);
        sweep.run(Measure::Time);
        bounds.node_time.copy_from_slice(&sweep.nodes);
        bounds.board_time.copy_from_slice(&sweep.boards);
        for (place, dimension) in setting.selected.iter().enumerate().take(N) {
            sweep.run(Measure::Weight(*dimension));
            for (bound, least) in bounds.node_weight.iter_mut().zip(&sweep.nodes) {
                bound[place] = *least;
            }
            for (bound, least) in bounds.board_weight.iter_mut().zip(&sweep.boards) {
                bound[place] = *least;
            }
        }
        bounds
    }
}

/// One backward pass of Dijkstra's algorithm over nodes and positions.
struct Sweep<'s, 'n> {
    setting: &'s Setting<'n>,
    nodes: Vec<u32>,
    boards: Vec<u32>,
    waiting: BinaryHeap<Reverse<u64>>,
}

impl<'s, 'n> Sweep<'s, 'n> {
    fn new(setting: &'s Setting<'n>) -> Self {
        let (nodes, positions) = (setting.network.node_stops.len(), setting.network.positions.len());
        Self { setting, nodes: vec![NONE; nodes], boards: vec![NONE; positions], waiting: BinaryHeap::new() }
    }

    fn run(&mut self, measure: Measure) {
        self.nodes.fill(NONE);
        self.boards.fill(NONE);
        let network = self.setting.network;
        for (number, position) in network.positions.iter().enumerate() {
            let end = self.setting.stops[position.stop as usize].end;
            if position.node == NONE || end == NONE {
                continue;
            }
            let Some(stay) = self.setting.to[end as usize].stay(position.line) else { continue };
            let last = match measure {
                Measure::Time => stay.before.saturating_add(stay.after),
                Measure::Weight(dimension) => stay.weights.get(dimension).copied().unwrap_or(0),
            };
            self.alight(number as u32, last, measure);
        }
        while let Some(Reverse(entry)) = self.waiting.pop() {
            let (least, node) = ((entry >> 32) as u32, entry as u32);
            if least > self.nodes[node as usize] {
                continue;
            }
            for position in network.arrivals.row(node) {
                self.alight(*position, least, measure);
            }
        }
    }

    /// Takes what is to come once goods are free at a position back along its line.
    fn alight(&mut self, position: u32, rest: u32, measure: Measure) {
        let network = self.setting.network;
        let mut at = position as usize;
        let line = network.positions[at].line;
        if !self.setting.lines[line as usize] || !self.setting.stops[network.positions[at].stop as usize].pass
        {
            return;
        }
        let first = network.lines[line as usize].first as usize;
        let end = at;
        let own = match measure {
            Measure::Time => network.positions[at].release,
            Measure::Weight(dimension) => network.alighting[at][dimension],
        };
        let rest = rest.saturating_add(own);
        while at > first {
            at -= 1;
            let here = network.positions[at];
            let ride = match measure {
                Measure::Time => network.positions[end].arrives - here.departs,
                Measure::Weight(dimension) => network.prefix[end][dimension] - network.prefix[at][dimension],
            };
            let least = rest.saturating_add(ride);
            let permit = self.setting.stops[here.stop as usize];
            if least >= self.boards[at] || !permit.pass {
                return;
            }
            self.boards[at] = least;
            if permit.change {
                self.board(at, least, measure);
            }
        }
    }

    /// Takes what is to come on board back to the nodes that board there.
    fn board(&mut self, at: usize, least: u32, measure: Measure) {
        let network = self.setting.network;
        let own = match measure {
            Measure::Time => network.positions[at].cutoff,
            Measure::Weight(dimension) => network.boarding[at][dimension],
        };
        for (node, stay) in network.boardings.row(at as u32) {
            let between = match measure {
                Measure::Time => {
                    let stay = &network.stays[*stay as usize];
                    stay.before.saturating_add(stay.after)
                }
                Measure::Weight(dimension) => network.stay_weights[*stay as usize][dimension],
            };
            let least = least.saturating_add(own).saturating_add(between);
            if least < self.nodes[*node as usize] {
                self.nodes[*node as usize] = least;
                self.waiting.push(Reverse(u64::from(least) << 32 | u64::from(*node)));
            }
        }
    }
}

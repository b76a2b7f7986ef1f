//! From the model to arrays that the search runs over.
//!
//! A stay depends on the line that goods came with, so what the search calls a *node* is a stop together with the lines
//! that may be followed by the same stays: at a stop without exceptions that is the stop itself, as in a timetable of
//! passengers; where every pair has its own figure each line is a node of its own.

use super::model::{Gated, Model, ModelLine, ModelRuns};
use super::parts::{Storage, Window};
use super::risk::{StorageRisk, assess_risk};
use crate::weights::{DIMENSIONS, Inner, inner, plus};
use std::collections::BTreeMap;
use std::ops::Range;

/// No number: a position without a node, a label without a parent.
pub(crate) const NONE: u32 = u32::MAX;

/// A stop of a line. All positions of all lines are in one row, line after line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Position {
    pub(crate) stop: u32,
    /// Where goods are that alight here, or [`NONE`].
    pub(crate) node: u32,
    pub(crate) line: u32,
    pub(crate) arrives: u32,
    pub(crate) departs: u32,
    pub(crate) cutoff: u32,
    pub(crate) release: u32,
}

/// A line in the arrays.
#[derive(Clone, Debug)]
pub(crate) struct CompiledLine {
    pub(crate) first: u32,
    pub(crate) end: u32,
    /// Its departures in [`Compiled::starts`], or its windows in [`Compiled::windows`].
    pub(crate) runs: Range<u32>,
    pub(crate) is_timetable: bool,
    /// For a line that runs at any time, what a departure can take.
    pub(crate) capacity: u32,
    /// Whether any departure has a limit.
    pub(crate) limited: bool,
    /// Number of the first cell: a cell is a departure at a position.
    pub(crate) first_cell: u32,
}

/// A line that can be boarded from a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) position: u32,
    pub(crate) line: u32,
    pub(crate) stay: u32,
}

/// A stop in the arrays.
#[derive(Clone, Debug)]
pub(crate) struct CompiledStop {
    pub(crate) open: Range<u32>,
    pub(crate) storage: Option<Storage>,
    pub(crate) nodes: u32,
}

/// Lists of different length in one row.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Rows<T> {
    /// Sorts items into their rows; within a row they keep their order.
    pub(crate) fn new(rows: usize, items: &[(u32, T)]) -> Self {
        let mut ends = vec![0_u32; rows + 1];
        for (row, _) in items {
            ends[*row as usize + 1] += 1;
        }
        for row in 0..rows {
            ends[row + 1] += ends[row];
        }
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|index| items[*index].0);
        Self { ends, items: order.into_iter().map(|index| items[index].1).collect() }
    }

    pub(crate) fn row(&self, row: u32) -> &[T] {
        let row = row as usize;
        &self.items[self.ends[row] as usize..self.ends[row + 1] as usize]
    }

    pub(crate) fn range(&self, row: u32) -> Range<usize> {
        let row = row as usize;
        self.ends[row] as usize..self.ends[row + 1] as usize
    }

    pub(crate) fn item(&self, index: usize) -> T {
        self.items[index]
    }
}

/// The network as the search reads it.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) mirrored: bool,
    pub(crate) stops: Vec<CompiledStop>,
    pub(crate) lines: Vec<CompiledLine>,
    pub(crate) positions: Vec<Position>,
    pub(crate) boarding: Vec<Inner>,
    pub(crate) alighting: Vec<Inner>,
    /// What the line takes from its start to a position.
    pub(crate) prefix: Vec<Inner>,
    pub(crate) starts: Vec<u32>,
    pub(crate) capacities: Vec<u32>,
    pub(crate) windows: Vec<Window>,
    pub(crate) stays: Vec<Gated>,
    pub(crate) stay_weights: Vec<Inner>,
    pub(crate) node_stops: Vec<u32>,
    /// For each node, what can be boarded.
    pub(crate) edges: Rows<Edge>,
    /// For each node, the positions whose goods alight into it.
    pub(crate) arrivals: Rows<u32>,
    /// For each position, the nodes that board there and the stay before.
    pub(crate) boardings: Rows<(u32, u32)>,
    /// For each stop, the positions where goods can board.
    pub(crate) departures: Rows<u32>,
    pub(crate) risk: Vec<StorageRisk>,
    pub(crate) cells: u32,
}

/// What stands for a line at a stop: its exceptions, and what its storage clock starts with.
type Group = (u32, Vec<(u32, Option<Gated>)>, u32);

impl Compiled {
    /// Compiles a model whose parts have no fault.
    pub(crate) fn new(model: &Model) -> Self {
        let mut compiled = Self {
            mirrored: model.mirrored,
            stops: Vec::with_capacity(model.stops.len()),
            lines: Vec::with_capacity(model.lines.len()),
            positions: Vec::new(),
            boarding: Vec::new(),
            alighting: Vec::new(),
            prefix: Vec::new(),
            starts: Vec::new(),
            capacities: Vec::new(),
            windows: Vec::new(),
            stays: Vec::new(),
            stay_weights: Vec::new(),
            node_stops: Vec::new(),
            edges: Rows::new(0, &[]),
            arrivals: Rows::new(0, &[]),
            boardings: Rows::new(0, &[]),
            departures: Rows::new(0, &[]),
            risk: Vec::new(),
            cells: 0,
        };
        for stop in &model.stops {
            let open = compiled.push_windows(&stop.open);
            compiled.stops.push(CompiledStop { open, storage: stop.storage, nodes: 0 });
        }
        for (number, line) in model.lines.iter().enumerate() {
            compiled.push_line(number as u32, line);
        }
        let groups = compiled.make_nodes(model);
        compiled.make_edges(model, &groups);
        compiled.risk = assess_risk(&compiled);
        compiled
    }

    fn push_windows(&mut self, windows: &[Window]) -> Range<u32> {
        let from = self.windows.len() as u32;
        self.windows.extend(windows);
        from..self.windows.len() as u32
    }

    fn push_line(&mut self, number: u32, line: &ModelLine) {
        let first = self.positions.len() as u32;
        let mut sum: Inner = [0; DIMENSIONS];
        for (index, stop) in line.stops.iter().enumerate() {
            if let Some(segment) = index.checked_sub(1).and_then(|before| line.segments.get(before)) {
                sum = plus(sum, *segment);
            }
            self.positions.push(Position {
                stop: stop.stop,
                node: NONE,
                line: number,
                arrives: stop.arrives,
                departs: stop.departs,
                cutoff: stop.cutoff,
                release: stop.release,
            });
            self.prefix.push(sum);
            self.boarding.push(stop.boarding);
            self.alighting.push(stop.alighting);
        }
        let end = self.positions.len() as u32;
        let (runs, is_timetable, capacity, limited) = match &line.runs {
            ModelRuns::Timetable(starts) => {
                let from = self.starts.len() as u32;
                self.starts.extend(starts.iter().map(|(start, _)| *start));
                self.capacities.extend(starts.iter().map(|(_, capacity)| *capacity));
                let limited = starts.iter().any(|(_, capacity)| *capacity != u32::MAX);
                (from..self.starts.len() as u32, true, u32::MAX, limited)
            }
            ModelRuns::Anytime(open, capacity) => {
                (self.push_windows(open), false, *capacity, *capacity != u32::MAX)
            }
        };
        let cells = if is_timetable { (end - first) * (runs.end - runs.start) } else { 0 };
        let first_cell = self.cells;
        self.cells += cells;
        self.lines.push(CompiledLine { first, end, runs, is_timetable, capacity, limited, first_cell });
    }

    /// Gives every position where goods can alight its node, and says what is particular to each node.
    fn make_nodes(&mut self, model: &Model) -> Vec<Group> {
        let mut exceptions: BTreeMap<(u32, u32), BTreeMap<u32, Option<Gated>>> = BTreeMap::new();
        for change in &model.changes {
            let list = exceptions.entry((change.stop, change.arriving)).or_default();
            list.insert(change.departing, change.stay);
        }
        let mut numbers: BTreeMap<Group, u32> = BTreeMap::new();
        let mut groups = Vec::new();
        for (number, line) in model.lines.iter().enumerate() {
            for (index, stop) in line.stops.iter().enumerate() {
                // Nobody can have boarded before the first stop.
                if !stop.alights || index == 0 {
                    continue;
                }
                let Some(place) = model.stops.get(stop.stop as usize) else { continue };
                let particular = exceptions.get(&(stop.stop, number as u32)).into_iter().flatten();
                let particular = particular.filter(|(_, stay)| **stay != place.stay);
                let clock = if model.mirrored && place.storage.is_some() { stop.release } else { 0 };
                let group = (stop.stop, particular.map(|(line, stay)| (*line, *stay)).collect(), clock);
                let node = *numbers.entry(group).or_insert_with_key(|group| {
                    groups.push(group.clone());
                    groups.len() as u32 - 1
                });
                let position = self.lines[number].first as usize + index;
                self.positions[position].node = node;
            }
        }
        for (stop, ..) in &groups {
            self.node_stops.push(*stop);
            self.stops[*stop as usize].nodes += 1;
        }
        groups
    }

    fn make_edges(&mut self, model: &Model, groups: &[Group]) {
        let mut boards = Vec::new();
        for (number, line) in model.lines.iter().enumerate() {
            let last = line.stops.len() - 1;
            for (index, stop) in line.stops.iter().enumerate().take(last) {
                if stop.boards {
                    boards.push((stop.stop, self.lines[number].first + index as u32));
                }
            }
        }
        self.departures = Rows::new(model.stops.len(), &boards);
        let mut stays: BTreeMap<Gated, u32> = BTreeMap::new();
        let (mut edges, mut boardings) = (Vec::new(), Vec::new());
        for (node, (stop, particular, _)) in groups.iter().enumerate() {
            let default = model.stops[*stop as usize].stay;
            for position in self.departures.row(*stop) {
                let line = self.positions[*position as usize].line;
                let found = particular.binary_search_by_key(&line, |(line, _)| *line);
                let stay = found.map_or(default, |index| particular[index].1);
                let Some(stay) = stay else { continue };
                let stay = *stays.entry(stay).or_insert_with(|| {
                    self.stays.push(stay);
                    self.stay_weights.push(inner(stay.weights, 0));
                    self.stays.len() as u32 - 1
                });
                edges.push((node as u32, Edge { position: *position, line, stay }));
                boardings.push((*position, (node as u32, stay)));
            }
        }
        self.edges = Rows::new(groups.len(), &edges);
        self.boardings = Rows::new(self.positions.len(), &boardings);
        let alights = self.positions.iter().enumerate().filter(|(_, position)| position.node != NONE);
        let alights: Vec<(u32, u32)> =
            alights.map(|(number, position)| (position.node, number as u32)).collect();
        self.arrivals = Rows::new(groups.len(), &alights);
    }

    pub(crate) fn line_of(&self, position: u32) -> &CompiledLine {
        &self.lines[self.positions[position as usize].line as usize]
    }

    /// Time between two positions of a line.
    pub(crate) fn riding(&self, from: u32, to: u32) -> u32 {
        self.positions[to as usize].arrives - self.positions[from as usize].departs
    }

    /// First instant at which the windows allow something, from one on. No windows allow everything.
    pub(crate) fn first_open(&self, windows: &Range<u32>, from: u32) -> Option<u32> {
        let windows = &self.windows[windows.start as usize..windows.end as usize];
        if windows.is_empty() {
            return Some(from);
        }
        let next = windows.partition_point(|window| window.until <= from);
        windows.get(next).map(|window| window.from.max(from))
    }

    /// When goods are ready to leave that are free to be taken at an instant.
    pub(crate) fn ready(&self, stop: u32, stay: &Gated, free: u32) -> Option<u32> {
        let begun = free.saturating_add(stay.before);
        let begun = match stay.waits_for_opening {
            true => self.first_open(&self.stops[stop as usize].open, begun)?,
            false => begun,
        };
        Some(begun.saturating_add(stay.after))
    }
}

//! The search: labels come up in order of the earliest time that they can end with.
//!
//! A label is goods that are free to be taken at a node. Expanding it boards every line there; riding on, it makes labels
//! at the stops of the line. Three sets of weights keep it exact and short: what was expanded at the node, what already
//! rides in the same departure at the same position, and what was found at the ends, against which a label is held with
//! the least that is still to come for it.

mod choices;
mod expand;
mod visits;

use crate::bounds::Bounds;
use crate::front::{Found, Fronts, Target};
use crate::network::NONE;
use crate::setting::Setting;
use crate::weights::no_worse;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use visits::Visits;

pub(crate) use choices::charge;

/// Goods that are free to be taken, and how they came here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label<const N: usize> {
    /// When. Unit: tick.
    pub(crate) time: u32,
    pub(crate) weight: [u32; N],
    /// The label before, or [`NONE`].
    pub(crate) before: u32,
    /// Position where the last ride began; without a ride, the number of the origin.
    pub(crate) boarded: u32,
    /// Position where the last ride ended, or [`NONE`] at an origin.
    pub(crate) alighted: u32,
    /// When the last ride left.
    pub(crate) departs: u32,
    /// Bits of the required stops that were touched.
    pub(crate) touched: u8,
}

/// Counts of a search, as far as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Partial ways made.
    pub labels: usize,
    /// Partial ways that wait.
    pub waiting: usize,
    /// Partial ways that were followed.
    pub expanded: usize,
    /// Ways found that no other one found beats.
    pub found: usize,
}

/// Why a search gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The query has faults.
    #[error("the query cannot be answered: {}", list(.0))]
    Query(Vec<crate::QueryFault>),
    /// More partial ways than the query allows.
    #[error(
        "the search needs more than {most} partial ways; ask for fewer criteria, a larger epsilon or a shorter horizon"
    )]
    TooManyLabels {
        /// The limit of the query.
        most: usize,
    },
    /// A sum does not fit in 32 bits.
    #[error("the weight of a way is larger than 32 bits hold; use larger units")]
    Overflow,
}

fn list(faults: &[crate::QueryFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Labels wait in order of the earliest end, then of the first weight, then of the rides, then of age.
type Waiting = Reverse<(u64, u32)>;

pub(crate) struct Run<'n, const N: usize> {
    pub(crate) setting: &'n Setting<'n>,
    selected: [usize; N],
    bounds: Bounds<N>,
    pub(crate) labels: Vec<Label<N>>,
    waiting: BinaryHeap<Waiting>,
    /// Weights that were expanded, per node and set of touched stops.
    nodes: Fronts<N>,
    /// The labels that were expanded, where weights alone do not tell which is better.
    careful: Vec<Vec<u32>>,
    /// Weights on board, per departure and position.
    cells: Fronts<N>,
    pub(crate) targets: Vec<Target<N>>,
    /// The stops that each label visited, if no stop may be visited twice.
    visits: Option<Visits>,
    /// Where cost stands, if storage is charged.
    storage: Option<usize>,
    states: usize,
    expanded: usize,
    stopped: Option<Stopped>,
}

impl<'n, const N: usize> Run<'n, N> {
    pub(crate) fn new(setting: &'n Setting<'n>, simple: bool) -> Self {
        let network = setting.network;
        let mut selected = [0; N];
        selected.iter_mut().zip(&setting.selected).for_each(|(place, dimension)| *place = *dimension);
        let states = 1 << setting.required.count_ones();
        let targets = if setting.separate { setting.to.len() } else { 1 };
        let storage = setting.storage_slot();
        let places = network.node_stops.len() * states;
        let careful = storage.is_some() || simple;
        let cells = if simple || setting.required != 0 { 0 } else { network.cells as usize };
        let mut run = Self {
            setting,
            selected,
            bounds: if setting.separate { Bounds::none(setting) } else { Bounds::new(setting) },
            labels: Vec::new(),
            waiting: BinaryHeap::new(),
            nodes: Fronts::new(if careful { 0 } else { places }),
            careful: vec![Vec::new(); if careful { places } else { 0 }],
            cells: Fronts::new(cells),
            targets: (0..targets).map(|_| Target::new(setting.epsilon)).collect(),
            visits: simple.then(|| Visits::new(setting, storage.is_some())),
            storage,
            states,
            expanded: 0,
            stopped: None,
        };
        run.begin();
        run
    }

    /// Follows up to so many labels; false when nothing waits any more.
    pub(crate) fn advance(&mut self, labels: usize) -> Result<bool, Stopped> {
        for _ in 0..labels {
            if let Some(stopped) = self.stopped.take() {
                return Err(stopped);
            }
            let Some(Reverse((_, index))) = self.waiting.pop() else { return Ok(false) };
            if self.settle(index) {
                self.expanded += 1;
                self.expand(index);
            }
        }
        Ok(true)
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress {
            labels: self.labels.len(),
            waiting: self.waiting.len(),
            expanded: self.expanded,
            found: self.targets.iter().map(|target| target.found().len()).sum(),
        }
    }

    fn pick(&self, weights: &crate::weights::Inner) -> [u32; N] {
        self.selected.map(|dimension| weights[dimension])
    }

    /// The time since the beginning as the ends compare it.
    fn counted_time(&self, time: u32) -> u32 {
        if self.setting.time_counts { time } else { 0 }
    }

    /// The weight as the ends compare it: a limit of rides is no criterion.
    fn counted_weight(&self, mut weight: [u32; N]) -> [u32; N] {
        let limit_alone = self.setting.most_legs != u32::MAX && !self.setting.legs_count;
        if let (Some(last), true) = (weight.last_mut(), limit_alone) {
            *last = 0;
        }
        weight
    }

    /// Whether a way that takes at least this is not worth following.
    fn is_hopeless(&self, time: u32, weight: [u32; N]) -> bool {
        let limited = self.setting.most_legs != u32::MAX;
        time > self.setting.horizon
            || (limited && weight.last().is_some_and(|legs| *legs > self.setting.most_legs))
            || (!self.setting.separate
                && self.targets[0].covers(self.counted_time(time), &self.counted_weight(weight)))
    }

    fn node_of(&self, label: &Label<N>) -> u32 {
        self.setting.network.positions[label.alighted as usize].node
    }

    /// Makes a label final, unless it has been beaten since it was made.
    fn settle(&mut self, index: u32) -> bool {
        let label = self.labels[index as usize];
        let node = self.node_of(&label);
        let time = (label.time - self.setting.begin).saturating_add(self.bounds.node_time[node as usize]);
        let weight = crate::weights::plus(label.weight, self.bounds.node_weight[node as usize]);
        if self.is_hopeless(time, weight) || self.is_beaten(node, &label, index) {
            return false;
        }
        let place = node as usize * self.states + label.touched as usize;
        match self.careful.get_mut(place) {
            Some(list) => list.push(index),
            None => self.nodes.insert(place, &label.weight),
        }
        true
    }

    /// Whether something that was expanded at the node is no worse, whatever comes. `index` is [`NONE`] for a label that
    /// is not kept yet.
    fn is_beaten(&self, node: u32, label: &Label<N>, index: u32) -> bool {
        let place = node as usize * self.states;
        let all = self.states - 1;
        let mut missing = all & !(label.touched as usize);
        // Every set of stops that contains the touched ones.
        loop {
            let state = all & !missing;
            let beaten = match self.careful.get(place + state) {
                Some(list) => list.iter().any(|other| self.is_displaced(node, *other, label, index)),
                None => self.nodes.beats(place + state, &label.weight),
            };
            if beaten {
                return true;
            }
            if missing == 0 {
                return false;
            }
            missing = (missing - 1) & (all & !(label.touched as usize));
        }
    }

    fn is_displaced(&self, node: u32, other: u32, label: &Label<N>, index: u32) -> bool {
        let kept = &self.labels[other as usize];
        let Some(lead) = label.time.checked_sub(kept.time) else { return false };
        let mut weight = kept.weight;
        if let Some(slot) = self.storage {
            let risk = self.setting.network.risk[node as usize].of_lead(lead);
            weight[slot] = weight[slot].saturating_add(risk);
        }
        no_worse(&weight, &label.weight)
            && self.visits.as_ref().is_none_or(|visits| visits.within(other, index))
    }

    pub(crate) fn into_found(self) -> (Vec<Label<N>>, Vec<Vec<Found<N>>>) {
        (self.labels, self.targets.into_iter().map(Target::into_found).collect())
    }

    fn refuse_overflow(&mut self, weight: &[u32; N]) -> bool {
        let over = weight.contains(&NONE);
        if over {
            self.stopped = Some(Stopped::Overflow);
        }
        over
    }
}

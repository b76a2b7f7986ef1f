//! Boarding, riding, alighting.

use super::{Label, Run, Stopped};
use crate::front::Found;
use crate::network::{Gated, NONE, Position};
use crate::weights::{inner, plus};
use std::cmp::Reverse;

/// Goods at a position, ready for a line.
#[derive(Clone, Copy)]
pub(super) struct Boarding<const N: usize> {
    /// The label they come from.
    pub(super) before: u32,
    /// When the goods were free to be taken at this stop.
    pub(super) free: u32,
    pub(super) position: u32,
    /// Weight with the stay and the boarding.
    pub(super) weight: [u32; N],
    pub(super) touched: u8,
    /// At an origin nothing is charged for storage.
    pub(super) origin: bool,
}

impl<const N: usize> Run<'_, N> {
    /// Boards every line at the origins.
    pub(super) fn begin(&mut self) {
        let setting = self.setting;
        for (number, end) in setting.from.iter().enumerate() {
            let permit = setting.stops[end.stop as usize];
            if !permit.pass {
                continue;
            }
            let label = self.labels.len() as u32;
            self.labels.push(Label {
                time: setting.begin,
                weight: [0; N],
                before: NONE,
                boarded: number as u32,
                alighted: NONE,
                departs: setting.begin,
                touched: permit.required,
            });
            if let Some(visits) = &mut self.visits {
                visits.visit(NONE, end.stop);
                visits.keep();
            }
            for position in setting.network.departures.row(end.stop) {
                let line = setting.network.positions[*position as usize].line;
                if let Some(stay) = end.stay(line) {
                    self.board(label, *position, &stay, self.pick(&inner(stay.weights, 0)));
                }
            }
        }
    }

    /// Boards every line that can follow at the label's node.
    pub(super) fn expand(&mut self, index: u32) {
        let network = self.setting.network;
        let node = self.node_of(&self.labels[index as usize]);
        for edge in network.edges.range(node) {
            let edge = network.edges.item(edge);
            let stay = &network.stays[edge.stay as usize];
            let weight = self.pick(&network.stay_weights[edge.stay as usize]);
            self.board(index, edge.position, stay, weight);
        }
    }

    fn board(&mut self, label: u32, position: u32, stay: &Gated, weight: [u32; N]) {
        let setting = self.setting;
        let network = setting.network;
        let at = network.positions[position as usize];
        if !setting.lines[at.line as usize] || self.bounds.board_time[position as usize] == NONE {
            return;
        }
        let from = self.labels[label as usize];
        let boarding = Boarding {
            before: label,
            free: from.time,
            position,
            weight: plus(plus(from.weight, weight), self.pick(&network.boarding[position as usize])),
            touched: from.touched,
            origin: from.alighted == NONE,
        };
        if self.storage.is_some() {
            return self.board_by_choice(&boarding, stay);
        }
        let Some(ready) = network.ready(at.stop, stay, from.time) else { return };
        let ready = ready.saturating_add(at.cutoff);
        let line = &network.lines[at.line as usize];
        if !line.is_timetable {
            return self.board_anytime(&boarding, ready);
        }
        let starts = &network.starts[line.runs.start as usize..line.runs.end as usize];
        let least = ready.saturating_sub(at.departs);
        let mut trip = starts.partition_point(|start| *start < least);
        if line.limited {
            let capacities = &network.capacities[line.runs.start as usize..line.runs.end as usize];
            while capacities.get(trip).is_some_and(|capacity| *capacity < setting.demand) {
                trip += 1;
            }
        }
        if let Some(start) = starts.get(trip) {
            self.ride(&boarding, start + at.departs, trip as u32, NONE);
        }
    }

    /// Boards a line that runs at any time, as soon as it is open.
    fn board_anytime(&mut self, boarding: &Boarding<N>, ready: u32) {
        let network = self.setting.network;
        let line = network.line_of(boarding.position);
        if !network.mirrored || line.runs.is_empty() {
            if let Some(departs) = network.first_open(&line.runs, ready) {
                self.ride(boarding, departs, NONE, NONE);
            }
            return;
        }
        // In the mirror the hours hold at the other end of the ride, so each stop has a departure of its own.
        for to in boarding.position + 1..line.end {
            let ride = network.riding(boarding.position, to);
            if let Some(arrives) = network.first_open(&line.runs, ready.saturating_add(ride)) {
                self.ride(boarding, arrives - ride, NONE, to);
            }
        }
    }

    /// Rides a departure to every stop that it leads to, or to one position only.
    pub(super) fn ride(&mut self, boarding: &Boarding<N>, departs: u32, trip: u32, only: u32) {
        let setting = self.setting;
        let network = setting.network;
        let from = boarding.position as usize;
        let at = network.positions[from];
        let time = (departs - setting.begin).saturating_add(self.bounds.board_time[from]);
        if self.is_hopeless(time, plus(boarding.weight, self.bounds.board_weight[from])) {
            return;
        }
        let line = &network.lines[at.line as usize];
        let mut cell = (trip != NONE && self.visits.is_none() && setting.required == 0).then(|| {
            (line.first_cell + trip * (line.end - line.first)) as usize + from - line.first as usize
        });
        if let Some(cell) = cell {
            if self.cells.beats(cell, &boarding.weight) {
                return;
            }
            self.cells.insert(cell, &boarding.weight);
        }
        let base = self.pick(&network.prefix[from]);
        let mut touched = boarding.touched;
        for number in from + 1..line.end as usize {
            let here = network.positions[number];
            let permit = setting.stops[here.stop as usize];
            if !permit.pass {
                return;
            }
            touched |= permit.required;
            let arrives = departs + (here.arrives - at.departs);
            if arrives - setting.begin > setting.horizon {
                return;
            }
            let mut weight = self.pick(&network.prefix[number]);
            weight.iter_mut().zip(base).for_each(|(part, base)| *part -= base);
            let weight = plus(boarding.weight, weight);
            if here.node != NONE && (only == NONE || only as usize == number) {
                let label = Label {
                    time: arrives.saturating_add(here.release),
                    weight: plus(weight, self.pick(&network.alighting[number])),
                    before: boarding.before,
                    boarded: boarding.position,
                    alighted: number as u32,
                    departs,
                    touched,
                };
                if permit.end != NONE {
                    self.finish(permit.end, &here, &label);
                }
                if permit.change {
                    self.offer(&here, label);
                }
            }
            if let Some(cell) = &mut cell {
                *cell += 1;
                if self.cells.beats(*cell, &weight) {
                    return;
                }
                self.cells.insert(*cell, &weight);
            }
        }
    }

    /// A way that ends here.
    fn finish(&mut self, end: u32, here: &Position, label: &Label<N>) {
        let setting = self.setting;
        let Some(stay) = setting.to[end as usize].stay(here.line) else { return };
        let Some(ready) = setting.network.ready(here.stop, &stay, label.time) else { return };
        let time = ready - setting.begin;
        let weight = plus(label.weight, self.pick(&inner(stay.weights, 0)));
        let limited = setting.most_legs != u32::MAX;
        if label.touched & setting.required != setting.required
            || time > setting.horizon
            || (limited && weight.last().is_some_and(|legs| *legs > setting.most_legs))
            || self.refuse_overflow(&weight)
        {
            return;
        }
        let (time, weight) = (self.counted_time(time), self.counted_weight(weight));
        let target = if setting.separate { end as usize } else { 0 };
        if self.targets[target].covers(time, &weight) {
            return;
        }
        if let Some(visits) = &mut self.visits
            && !visits.visit(label.before, here.stop)
        {
            return;
        }
        let Some(index) = self.keep(*label) else { return };
        self.targets[target].offer(Found { time, weight, label: index, end });
    }

    /// A label at a node, unless it can lead to nothing new.
    fn offer(&mut self, here: &Position, label: Label<N>) {
        let setting = self.setting;
        let bound = self.bounds.node_time[here.node as usize];
        if bound == NONE {
            return;
        }
        let time = (label.time - setting.begin).saturating_add(bound);
        let least = plus(label.weight, self.bounds.node_weight[here.node as usize]);
        if self.is_hopeless(time, least) {
            return;
        }
        if let Some(visits) = &mut self.visits
            && !visits.visit(label.before, here.stop)
        {
            return;
        }
        if self.is_beaten(here.node, &label, NONE) || self.refuse_overflow(&label.weight) {
            return;
        }
        if let Some(index) = self.keep(label) {
            let first = least.first().copied().unwrap_or(0);
            self.waiting.push(Reverse((u64::from(time) << 32 | u64::from(first), index)));
        }
    }

    fn keep(&mut self, label: Label<N>) -> Option<u32> {
        if self.labels.len() >= self.setting.most_labels {
            self.stopped = Some(Stopped::TooManyLabels { most: self.setting.most_labels });
            return None;
        }
        self.labels.push(label);
        if let Some(visits) = &mut self.visits {
            visits.keep();
        }
        Some(self.labels.len() as u32 - 1)
    }
}

//! A query in the terms of the arrays: what the search asks at every step.

use crate::network::{Compiled, Gated, NONE, Network, mirror_tick};
use crate::query::{End, Query, When};
use crate::weights::{COST, LEGS};
use std::collections::BTreeMap;

/// Where a way begins or ends.
pub(crate) struct SettingEnd {
    pub(crate) stop: u32,
    stay: Option<Gated>,
    by_line: BTreeMap<u32, Option<Gated>>,
}

impl SettingEnd {
    fn new(end: &End, mirrored: bool) -> Self {
        let gated = |stay: Option<crate::Stay>| stay.map(|stay| Gated::new(stay, mirrored));
        let by_line = end.by_line.iter().map(|(line, stay)| (*line, gated(*stay)));
        Self { stop: end.stop, stay: gated(end.stay), by_line: by_line.collect() }
    }

    /// What happens between the end and a line; `None` if it cannot be used there.
    pub(crate) fn stay(&self, line: u32) -> Option<Gated> {
        self.by_line.get(&line).copied().unwrap_or(self.stay)
    }
}

/// What may be done at a stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permit {
    /// Lines may pass.
    pub(crate) pass: bool,
    /// Goods may change lines.
    pub(crate) change: bool,
    /// Bit of a stop that must be touched.
    pub(crate) required: u8,
    /// Number of the end here, or [`NONE`].
    pub(crate) end: u32,
}

/// The question, against one direction of the network.
pub(crate) struct Setting<'n> {
    pub(crate) network: &'n Compiled,
    pub(crate) from: Vec<SettingEnd>,
    pub(crate) to: Vec<SettingEnd>,
    pub(crate) begin: u32,
    pub(crate) horizon: u32,
    pub(crate) lines: Vec<bool>,
    pub(crate) stops: Vec<Permit>,
    /// All bits of stops that must be touched.
    pub(crate) required: u8,
    pub(crate) demand: u32,
    pub(crate) most_legs: u32,
    pub(crate) time_counts: bool,
    pub(crate) legs_count: bool,
    pub(crate) epsilon: u32,
    pub(crate) most_labels: usize,
    /// Which dimension stands at each place of a label's weight.
    pub(crate) selected: Vec<usize>,
    /// Each end has a front of its own, and a way may go on through it.
    pub(crate) separate: bool,
}

impl<'n> Setting<'n> {
    pub(crate) fn new(network: &'n Network, query: &Query, separate: bool) -> Self {
        let (mirrored, begin, horizon) = match query.when {
            When::DepartAfter(instant) => (false, instant, query.horizon),
            // Nothing begins before the first tick.
            When::ArriveBy(instant) => (true, mirror_tick(instant), query.horizon.min(instant)),
        };
        let compiled = network.compiled(mirrored);
        let ends = |ends: &[End]| ends.iter().map(|end| SettingEnd::new(end, mirrored)).collect();
        let (from, to): (Vec<SettingEnd>, Vec<SettingEnd>) = match mirrored {
            false => (ends(&query.from), ends(&query.to)),
            true => (ends(&query.to), ends(&query.from)),
        };
        let mut lines = vec![true; compiled.lines.len()];
        query.avoid.lines.iter().for_each(|line| lines[*line as usize] = false);
        for (number, line) in compiled.lines.iter().enumerate() {
            if !line.is_timetable && query.demand > line.capacity {
                lines[number] = false;
            }
        }
        let permit = Permit { pass: true, change: true, required: 0, end: NONE };
        let mut stops = vec![permit; compiled.stops.len()];
        for stop in &query.avoid.stops {
            stops[*stop as usize] = Permit { pass: false, change: false, ..permit };
        }
        query.avoid.changes_at.iter().for_each(|stop| stops[*stop as usize].change = false);
        for (bit, stop) in query.required.iter().enumerate() {
            stops[*stop as usize].required |= 1 << bit;
        }
        for (number, end) in to.iter().enumerate() {
            stops[end.stop as usize].end = number as u32;
        }
        // A way that comes back to its only origin visits it twice, and one that leaves its only destination as well.
        if let [origin] = from.as_slice() {
            stops[origin.stop as usize].change = false;
            stops[origin.stop as usize].end = NONE;
        }
        if let ([destination], false) = (to.as_slice(), separate) {
            stops[destination.stop as usize].change = false;
        }
        let weights =
            query.criteria.weights.iter().enumerate().filter(|(_, on)| **on).map(|(index, _)| index);
        let most_legs = query.most_legs.unwrap_or(u32::MAX);
        let counted = query.criteria.legs || most_legs != u32::MAX;
        Self {
            network: compiled,
            from,
            to,
            begin,
            horizon,
            lines,
            stops,
            required: ((1_u16 << query.required.len()) - 1) as u8,
            demand: query.demand,
            most_legs,
            time_counts: query.criteria.time,
            legs_count: query.criteria.legs,
            epsilon: query.epsilon,
            most_labels: query.most_labels,
            selected: weights.chain(counted.then_some(LEGS)).collect(),
            separate,
        }
    }

    /// Where cost stands in a label's weight, if storage is charged in this network and cost is compared.
    pub(crate) fn storage_slot(&self) -> Option<usize> {
        let charged = !self.network.risk.is_empty();
        self.selected.iter().position(|dimension| charged && *dimension == COST)
    }
}

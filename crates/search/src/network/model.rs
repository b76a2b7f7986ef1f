//! The network in a form that has the same shape in both directions of time.
//!
//! Arriving by an instant is departing after one in the mirror: time runs back, lines are ridden from their end, and what
//! was before a departure is after an arrival. One search serves both.

use super::parts::{Parts, Runs, Stay, Storage, Window};
use crate::Weights;
use crate::limits::LAST_TICK;
use crate::weights::{Inner, LEGS, inner};

/// A stay: work that the opening hours may hold up at its beginning, or, in the mirror, at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gated {
    pub(crate) before: u32,
    pub(crate) after: u32,
    pub(crate) waits_for_opening: bool,
    pub(crate) weights: Weights,
}

impl Gated {
    pub(crate) fn new(stay: Stay, mirrored: bool) -> Self {
        let (before, after) = if mirrored { (stay.duration, 0) } else { (0, stay.duration) };
        Self { before, after, waits_for_opening: !stay.at_any_hour, weights: stay.weights }
    }
}

pub(crate) struct ModelStop {
    pub(crate) stay: Option<Gated>,
    pub(crate) open: Vec<Window>,
    pub(crate) storage: Option<Storage>,
}

pub(crate) struct ModelLine {
    pub(crate) stops: Vec<ModelLineStop>,
    pub(crate) segments: Vec<Inner>,
    pub(crate) runs: ModelRuns,
}

#[derive(Clone, Copy)]
pub(crate) struct ModelLineStop {
    pub(crate) stop: u32,
    pub(crate) arrives: u32,
    pub(crate) departs: u32,
    pub(crate) boards: bool,
    pub(crate) alights: bool,
    pub(crate) cutoff: u32,
    pub(crate) release: u32,
    pub(crate) boarding: Inner,
    pub(crate) alighting: Inner,
}

pub(crate) enum ModelRuns {
    /// Starts and capacities, in order of time.
    Timetable(Vec<(u32, u32)>),
    /// At any time in the windows, and what one departure can take.
    Anytime(Vec<Window>, u32),
}

pub(crate) struct ModelChange {
    pub(crate) stop: u32,
    pub(crate) arriving: u32,
    pub(crate) departing: u32,
    pub(crate) stay: Option<Gated>,
}

pub(crate) struct Model {
    pub(crate) stops: Vec<ModelStop>,
    pub(crate) lines: Vec<ModelLine>,
    pub(crate) changes: Vec<ModelChange>,
    pub(crate) mirrored: bool,
}

/// The same instant in the mirror.
pub(crate) fn mirror_tick(tick: u32) -> u32 {
    LAST_TICK - tick.min(LAST_TICK)
}

fn mirror_windows(windows: &[Window]) -> Vec<Window> {
    let mirrored =
        |window: &Window| Window { from: mirror_tick(window.until) + 1, until: mirror_tick(window.from) + 1 };
    windows.iter().rev().map(mirrored).collect()
}

impl Model {
    /// The network as it is, or its mirror.
    pub(crate) fn new(parts: &Parts, mirrored: bool) -> Self {
        let stops = parts.stops.iter().map(|stop| ModelStop {
            stay: stop.stay.map(|stay| Gated::new(stay, mirrored)),
            open: if mirrored { mirror_windows(&stop.open) } else { stop.open.clone() },
            storage: stop.storage.filter(|storage| storage.price > 0),
        });
        let changes = parts.changes.iter().map(|change| {
            let (arriving, departing) = match mirrored {
                true => (change.departing, change.arriving),
                false => (change.arriving, change.departing),
            };
            let stay = change.stay.map(|stay| Gated::new(stay, mirrored));
            ModelChange { stop: change.stop, arriving, departing, stay }
        });
        Self {
            stops: stops.collect(),
            lines: parts.lines.iter().map(|line| model_line(line, mirrored)).collect(),
            changes: changes.collect(),
            mirrored,
        }
    }
}

fn model_line(line: &super::parts::Line, mirrored: bool) -> ModelLine {
    let wait = match &line.runs {
        Runs::Timetable(_) => 0,
        Runs::Anytime { wait, .. } => *wait,
    };
    let length = line.stops.last().map_or(0, |stop| stop.departs);
    let mut stops: Vec<ModelLineStop> = line
        .stops
        .iter()
        .map(|stop| ModelLineStop {
            stop: stop.stop,
            arrives: stop.arrives,
            departs: stop.departs,
            boards: stop.boards,
            alights: stop.alights,
            cutoff: stop.cutoff + wait,
            release: stop.release,
            boarding: inner(stop.boarding, 1),
            alighting: inner(stop.alighting, 0),
        })
        .collect();
    let mut segments: Vec<Inner> = line.segments.iter().map(|weights| inner(*weights, 0)).collect();
    if mirrored {
        for stop in &mut stops {
            // A ride is counted once, so it is counted where it begins.
            let (mut boarding, mut alighting) = (stop.alighting, stop.boarding);
            (boarding[LEGS], alighting[LEGS]) = (1, 0);
            *stop = ModelLineStop {
                stop: stop.stop,
                arrives: length - stop.departs,
                departs: length - stop.arrives,
                boards: stop.alights,
                alights: stop.boards,
                cutoff: stop.release,
                release: stop.cutoff,
                boarding,
                alighting,
            };
        }
        stops.reverse();
        segments.reverse();
    }
    let runs = match &line.runs {
        Runs::Timetable(departures) => {
            let each = departures.iter().map(|departure| {
                let start = if mirrored { mirror_tick(departure.start + length) } else { departure.start };
                (start, departure.capacity.unwrap_or(u32::MAX))
            });
            let mut starts: Vec<(u32, u32)> = each.collect();
            if mirrored {
                starts.reverse();
            }
            ModelRuns::Timetable(starts)
        }
        Runs::Anytime { open, capacity, .. } => {
            let open = if mirrored { mirror_windows(open) } else { open.clone() };
            ModelRuns::Anytime(open, capacity.unwrap_or(u32::MAX))
        }
    };
    ModelLine { stops, segments, runs }
}

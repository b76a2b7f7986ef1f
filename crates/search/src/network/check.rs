//! What is wrong with parts that make no network.

use super::parts::{Line, LineStop, Parts, Runs, Stay, Window};
use crate::Weights;
use crate::limits::{LAST_TICK, MOST_POSITIONS, MOST_WEIGHT};

/// Something in [`Parts`] that makes no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A stop or line is named that is not there.
    #[error("{place} names stop or line {number}, which is not there")]
    Unknown {
        /// Where it is named.
        place: String,
        /// The number that names nothing.
        number: u32,
    },
    /// A line has too few or too many stops, or not one segment between each two.
    #[error("line {line} has {stops} stops and {segments} segments")]
    Shape {
        /// Which line.
        line: usize,
        /// Its stops.
        stops: usize,
        /// Its segments.
        segments: usize,
    },
    /// Times run backwards, windows overlap, or an instant lies after [`LAST_TICK`].
    #[error("{place}: times are not in order, or later than {LAST_TICK}")]
    Time {
        /// Where.
        place: String,
    },
    /// A weight is larger than [`MOST_WEIGHT`], or a period of storage has no length.
    #[error("{place}: a weight is larger than {MOST_WEIGHT}, or a period has no length")]
    Weight {
        /// Where.
        place: String,
    },
}

/// Every fault of the parts.
pub(super) fn list_faults(parts: &Parts) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, stop) in parts.stops.iter().enumerate() {
        let place = || format!("stop {number}");
        if let Some(stay) = stop.stay {
            check_stay(stay, &place, &mut faults);
        }
        check_windows(&stop.open, &place, &mut faults);
        if let Some(storage) = stop.storage {
            if storage.period == 0 || storage.price > MOST_WEIGHT {
                faults.push(Fault::Weight { place: place() });
            }
            if storage.free > LAST_TICK {
                faults.push(Fault::Time { place: place() });
            }
        }
    }
    for (number, line) in parts.lines.iter().enumerate() {
        check_line(number, line, parts.stops.len(), &mut faults);
    }
    for (number, change) in parts.changes.iter().enumerate() {
        let place = || format!("change {number}");
        let lines = [change.arriving, change.departing].map(|line| (line, parts.lines.len()));
        for (named, there) in [(change.stop, parts.stops.len())].into_iter().chain(lines) {
            if named as usize >= there {
                faults.push(Fault::Unknown { place: place(), number: named });
            }
        }
        if let Some(stay) = change.stay {
            check_stay(stay, &place, &mut faults);
        }
    }
    faults
}

fn too_heavy(weights: &Weights) -> bool {
    weights.iter().any(|part| *part > MOST_WEIGHT)
}

/// Checks what a stay takes.
pub(crate) fn check_stay(stay: Stay, place: &dyn Fn() -> String, faults: &mut Vec<Fault>) {
    if too_heavy(&stay.weights) {
        faults.push(Fault::Weight { place: place() });
    }
    if stay.duration > LAST_TICK {
        faults.push(Fault::Time { place: place() });
    }
}

fn check_windows(windows: &[Window], place: &dyn Fn() -> String, faults: &mut Vec<Fault>) {
    let empty = windows.iter().any(|window| window.from >= window.until || window.until > LAST_TICK);
    let overlap = windows.windows(2).any(|pair| matches!(pair, [one, next] if one.until > next.from));
    if empty || overlap {
        faults.push(Fault::Time { place: place() });
    }
}

fn check_line(number: usize, line: &Line, stops: usize, faults: &mut Vec<Fault>) {
    let place = || format!("line {number}");
    let (count, segments) = (line.stops.len(), line.segments.len());
    if !(2..=MOST_POSITIONS).contains(&count) || segments + 1 != count {
        faults.push(Fault::Shape { line: number, stops: count, segments });
    }
    for stop in line.stops.iter().filter(|stop| stop.stop as usize >= stops) {
        faults.push(Fault::Unknown { place: place(), number: stop.stop });
    }
    let heavy = |stop: &LineStop| too_heavy(&stop.boarding) || too_heavy(&stop.alighting);
    let sums = line.segments.iter().fold([0_u64; crate::WEIGHTS], |mut sums, weights| {
        sums.iter_mut().zip(weights).for_each(|(sum, part)| *sum += u64::from(*part));
        sums
    });
    if line.stops.iter().any(heavy) || sums.iter().any(|sum| *sum > u64::from(MOST_WEIGHT)) {
        faults.push(Fault::Weight { place: place() });
    }
    let late = |stop: &LineStop| {
        stop.arrives > stop.departs
            || [stop.departs, stop.cutoff, stop.release].iter().any(|tick| *tick > LAST_TICK)
    };
    let back = line.stops.windows(2).any(|pair| matches!(pair, [one, next] if one.departs > next.arrives));
    if line.stops.iter().any(late) || back {
        faults.push(Fault::Time { place: place() });
        return;
    }
    let length = line.stops.last().map_or(0, |stop| stop.departs);
    match &line.runs {
        Runs::Timetable(departures) => {
            let back =
                departures.windows(2).any(|pair| matches!(pair, [one, next] if one.start > next.start));
            let late = |start: u32| u64::from(start) + u64::from(length) > u64::from(LAST_TICK);
            if back || departures.iter().any(|departure| late(departure.start)) {
                faults.push(Fault::Time { place: place() });
            }
        }
        Runs::Anytime { wait, open, .. } => {
            check_windows(open, &place, faults);
            if *wait > LAST_TICK {
                faults.push(Fault::Time { place: place() });
            }
        }
    }
}

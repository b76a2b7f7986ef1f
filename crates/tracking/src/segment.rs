//! Parts of an itinerary whose length can be measured: each begins and ends with something that is reported.

use crate::figure::{Figure, FigureKey};
use crate::learned::{Learned, Measure};
use crate::parameters::Parameters;
use jiff::Timestamp;
use kervan_events::{MilestoneCode, Progress};
use kervan_model::{Itinerary, Leg, Mode, ProcessKind, Reference, ServiceId, Step};
use kervan_units::{Estimate, Seconds};

/// A part of a stay, up to the milestone that ends it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    pub(crate) key: FigureKey,
    /// What is published for it.
    pub(crate) published: Vec<Estimate<Seconds>>,
    /// Number of the first process of the stay that belongs to it.
    pub(crate) first: usize,
    /// The milestone within the stay that ends it; nothing if the stay ends with it.
    pub(crate) ends: Option<MilestoneCode>,
}

/// The parts of a stay: a border and a change of gauge end one each, and the departure or the delivery ends the last.
///
/// A stay whose last process ends with a report of its own has one more part without a process: the wait to be fetched. At
/// the destination nothing comes after, so the delivery ends it.
pub(crate) fn segments(itinerary: &Itinerary, step: usize) -> Vec<Segment> {
    let Some(Step::Stay(stay)) = itinerary.steps.get(step) else { return Vec::new() };
    let towards = itinerary.steps.get(step + 1).and_then(|step| match step {
        Step::Leg(leg) => Some(leg.service.clone()),
        Step::Stay(_) => None,
    });
    let mut segments = Vec::new();
    let mut first = 0;
    for (index, process) in stay.processes.iter().enumerate() {
        let ends = match process.kind {
            ProcessKind::Border => MilestoneCode::Released,
            ProcessKind::GaugeChange => MilestoneCode::GaugeChanged,
            ProcessKind::Transfer
            | ProcessKind::Yard
            | ProcessKind::Formation
            | ProcessKind::Delivery
            | ProcessKind::Wait => continue,
        };
        segments.push(segment(stay, towards.as_ref(), first..index + 1, Some(ends)));
        first = index + 1;
    }
    segments.push(segment(stay, towards.as_ref(), first..stay.processes.len(), None));
    segments
}

fn segment(
    stay: &kervan_model::Stay,
    towards: Option<&ServiceId>,
    range: std::ops::Range<usize>,
    ends: Option<MilestoneCode>,
) -> Segment {
    let first = range.start;
    let processes = stay.processes.get(range).unwrap_or_default();
    let key = FigureKey::Stay {
        place: stay.place.clone(),
        processes: processes.iter().map(|process| process.kind).collect(),
        towards: towards.cloned(),
    };
    Segment { key, published: processes.iter().map(|process| process.duration).collect(), first, ends }
}

/// Whether containers are put on board and taken off.
pub(crate) fn is_afloat(leg: &Leg) -> bool {
    matches!(leg.mode, Mode::Sea | Mode::Ferry | Mode::InlandWater)
}

/// When a milestone of a step was reported.
fn actual(progress: &Progress, step: usize, code: MilestoneCode) -> Option<Timestamp> {
    let mut milestones = progress.milestones.iter();
    milestones.find(|milestone| milestone.step == step && milestone.code == code)?.actual
}

/// When the stay that is a step began.
pub(crate) fn stay_began(progress: &Progress, step: usize) -> Option<Timestamp> {
    match step.checked_sub(1) {
        None => actual(progress, 0, MilestoneCode::Ready),
        Some(leg) => actual(progress, leg, MilestoneCode::Arrived),
    }
}

/// When the stay that is a step ended.
fn stay_ended(progress: &Progress, step: usize) -> Option<Timestamp> {
    actual(progress, step + 1, MilestoneCode::Departed)
        .or_else(|| actual(progress, step, MilestoneCode::Delivered))
}

/// Every leg and dwell of a consignment whose beginning and end were both reported.
///
/// What lies between two reports of which one is missing is not measured: to share it out would be a guess.
pub fn list_measures(
    reference: &Reference,
    itinerary: &Itinerary,
    progress: &Progress,
    parameters: &Parameters,
) -> Vec<Measure> {
    let mut measures = Vec::new();
    let mut add = |key, instance, from: Option<Timestamp>, to: Option<Timestamp>, published| {
        if let (Some(from), Some(at)) = (from, to)
            && at >= from
        {
            measures.push(Measure { key, instance, at, seconds: Seconds::between(from, at), published });
        }
    };
    for (index, step) in itinerary.steps.iter().enumerate() {
        match step {
            Step::Leg(leg) => {
                let departed = actual(progress, index, MilestoneCode::Departed);
                let arrived = actual(progress, index, MilestoneCode::Arrived);
                // Everything that leaves on one departure measures the same ride.
                let instance = format!("{}@{}", leg.service, departed.map_or(0, Timestamp::as_second));
                let ride = FigureKey::Ride(leg.service.clone());
                add(ride, instance.clone(), departed, arrived, vec![leg.running]);
                if is_afloat(leg) {
                    let loaded = actual(progress, index, MilestoneCode::Loaded);
                    let boarded = FigureKey::Boarded(leg.service.clone());
                    add(boarded, instance, loaded, departed, vec![parameters.boarded]);
                }
            }
            Step::Stay(_) => {
                let mut from = stay_began(progress, index);
                for (number, segment) in segments(itinerary, index).into_iter().enumerate() {
                    let to = match segment.ends {
                        Some(code) => actual(progress, index, code),
                        None => stay_ended(progress, index),
                    };
                    add(segment.key, format!("{reference}/{index}/{number}"), from, to, segment.published);
                    from = to;
                }
            }
        }
    }
    measures
}

/// The part of a stay that is under way, and since when: what stands in a queue.
pub fn find_open_dwell(itinerary: &Itinerary, progress: &Progress) -> Option<(FigureKey, Timestamp)> {
    if progress.delivered().is_some() {
        return None;
    }
    let last = progress.last()?;
    let step = match last.code {
        MilestoneCode::Ready | MilestoneCode::Released | MilestoneCode::GaugeChanged => last.step,
        MilestoneCode::Arrived | MilestoneCode::Unloaded => last.step + 1,
        MilestoneCode::Loaded | MilestoneCode::Departed | MilestoneCode::Delivered => return None,
    };
    let mut since = stay_began(progress, step)?;
    for segment in segments(itinerary, step) {
        match segment.ends.and_then(|code| actual(progress, step, code)) {
            Some(at) => since = at,
            None => return Some((segment.key, since)),
        }
    }
    None
}

/// The figures of the legs and dwells that are under way or ahead, in order.
pub fn list_figures(
    itinerary: &Itinerary,
    progress: &Progress,
    learned: &Learned,
    parameters: &Parameters,
    now: Timestamp,
) -> Vec<(FigureKey, Figure)> {
    if progress.delivered().is_some() {
        return Vec::new();
    }
    let from = progress.last().map_or(0, |last| match last.code {
        MilestoneCode::Arrived | MilestoneCode::Unloaded => last.step + 1,
        _ => last.step,
    });
    let mut figures = Vec::new();
    let mut add = |key: FigureKey, published: &[Estimate<Seconds>]| {
        let figure = learned.figure(&key, published, &parameters.learning, now);
        figures.push((key, figure));
    };
    for (index, step) in itinerary.steps.iter().enumerate().skip(from) {
        match step {
            Step::Leg(leg) => add(FigureKey::Ride(leg.service.clone()), &[leg.running]),
            Step::Stay(_) => {
                for part in segments(itinerary, index) {
                    let behind = part.ends.is_some_and(|code| actual(progress, index, code).is_some());
                    if !behind && !part.published.is_empty() {
                        add(part.key, &part.published);
                    }
                }
            }
        }
    }
    figures
}

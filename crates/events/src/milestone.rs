//! Milestones: what the events mean for the itinerary.

use crate::mapping::{CHANGING_GAUGE, RELEASING};
use crate::standing::assess_standing;
use crate::{Action, Event, EventHash, EventType};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, Itinerary, Leg, Mode, ProcessKind, Stay, Step};
use kervan_units::Seconds;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of point of the journey a milestone is. The order is that of one stay and the ride after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneCode {
    /// The goods are ready at the origin.
    Ready,
    /// Arrived at a place.
    Arrived,
    /// Taken off a ship or ferry.
    Unloaded,
    /// Moved to the other gauge.
    GaugeChanged,
    /// Let go by the border.
    Released,
    /// Put on a ship or ferry.
    Loaded,
    /// Departed from a place.
    Departed,
    /// Received by the consignee.
    Delivered,
}

impl MilestoneCode {
    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Arrived => "arrived",
            Self::Unloaded => "unloaded",
            Self::GaugeChanged => "gauge_changed",
            Self::Released => "released",
            Self::Loaded => "loaded",
            Self::Departed => "departed",
            Self::Delivered => "delivered",
        }
    }
}

impl fmt::Display for MilestoneCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A point of the journey: when it was planned, when it is expected, when it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What it is.
    pub code: MilestoneCode,
    /// Where.
    pub place: PlaceCode,
    /// Number of the step of the itinerary that it belongs to: a stay, or the leg that begins or ends.
    pub step: usize,
    /// When the itinerary has it, median.
    pub planned: Timestamp,
    /// When it is expected, median; set by the estimate of arrival, never once it is behind.
    pub estimated: Option<Timestamp>,
    /// When it was.
    pub actual: Option<Timestamp>,
    /// Hash of the event that says so.
    pub event: Option<String>,
    /// Whether a later milestone was reported and this one never: it is behind, and nobody said when.
    pub unseen: bool,
}

impl Milestone {
    /// Whether it is behind, reported or not.
    pub fn is_behind(&self) -> bool {
        self.actual.is_some() || self.unseen
    }
}

/// What the events say of the journey so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// All milestones of the itinerary, in order.
    pub milestones: Vec<Milestone>,
    /// Remarks: events that do not fit the itinerary, or do not count.
    pub findings: Vec<Finding>,
}

impl Progress {
    /// The last milestone that was reported.
    pub fn last(&self) -> Option<&Milestone> {
        self.milestones.iter().rev().find(|milestone| milestone.actual.is_some())
    }

    /// The first milestone that is still ahead.
    pub fn next(&self) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| !milestone.is_behind())
    }

    /// When the consignee received the goods.
    pub fn delivered(&self) -> Option<Timestamp> {
        self.milestones.last().and_then(|milestone| milestone.actual)
    }

    /// How much of the planned time is behind. Unit: thousandth. Range: 0 to 1000; 1000 only when delivered.
    ///
    /// Between two milestones it grows with the time passed, up to nine tenths of the way to the next: only an event says
    /// that a milestone is reached.
    pub fn share_permille(&self, now: Timestamp) -> u16 {
        let Some((first, last)) = self.milestones.first().zip(self.milestones.last()) else { return 0 };
        if last.actual.is_some() {
            return 1_000;
        }
        let whole = Seconds::between(first.planned, last.planned).get().max(1);
        let Some(reached) = self.last() else { return 0 };
        let behind = Seconds::between(first.planned, reached.planned).get();
        let gap = self.next().map_or(0, |next| Seconds::between(reached.planned, next.planned).get());
        let since = reached.actual.map_or(0, |actual| Seconds::between(actual, now).get());
        let within = since.min(gap.saturating_mul(9) / 10);
        let share = (behind + within).saturating_mul(1_000) / whole;
        u16::try_from(share.min(999)).unwrap_or(999)
    }
}

/// Holds the events of one consignment against its itinerary.
///
/// The same set of events gives the same progress in whatever order and however often they came. An event at a place that is
/// not on the itinerary, and one that contradicts the order of the journey, changes nothing and gives a finding.
pub fn assess_progress(itinerary: &Itinerary, events: &[Event]) -> Progress {
    let standing = assess_standing(events);
    let mut progress = Progress { milestones: plan_milestones(itinerary), findings: standing.findings };
    for event in standing.events {
        apply(&mut progress, event);
    }
    let last = progress.milestones.iter().rposition(|milestone| milestone.actual.is_some()).unwrap_or(0);
    for milestone in progress.milestones.iter_mut().take(last) {
        milestone.unseen = milestone.actual.is_none();
    }
    progress
}

/// The milestones of [`assess_progress`] alone.
pub fn fold_milestones(itinerary: &Itinerary, events: &[Event]) -> Vec<Milestone> {
    assess_progress(itinerary, events).milestones
}

/// The milestones of an itinerary, in order, none of them reached.
pub fn plan_milestones(itinerary: &Itinerary) -> Vec<Milestone> {
    let mut milestones = Vec::new();
    let mut add = |code, place: &PlaceCode, step, planned| {
        let place = place.clone();
        let (estimated, actual, event, unseen) = (None, None, None, false);
        milestones.push(Milestone { code, place, step, planned, estimated, actual, event, unseen });
    };
    let end = itinerary.steps.len().saturating_sub(1);
    for (index, step) in itinerary.steps.iter().enumerate() {
        if index == 0 {
            add(MilestoneCode::Ready, start_of(step), index, itinerary.departs);
        }
        match step {
            Step::Stay(stay) => {
                for (code, planned) in stay_milestones(stay) {
                    add(code, &stay.place, index, planned);
                }
            }
            Step::Leg(leg) => {
                let afloat = is_afloat(leg);
                if afloat {
                    add(MilestoneCode::Loaded, &leg.from, index, leg.departs);
                }
                add(MilestoneCode::Departed, &leg.from, index, leg.departs);
                add(MilestoneCode::Arrived, &leg.to, index, leg.arrives);
                if afloat {
                    add(MilestoneCode::Unloaded, &leg.to, index, leg.arrives);
                }
            }
        }
        if index == end {
            let (place, planned) = match step {
                Step::Stay(stay) => (&stay.place, stay.leaves),
                Step::Leg(leg) => (&leg.to, leg.arrives),
            };
            add(MilestoneCode::Delivered, place, index, planned);
        }
    }
    milestones
}

fn start_of(step: &Step) -> &PlaceCode {
    match step {
        Step::Stay(stay) => &stay.place,
        Step::Leg(leg) => &leg.from,
    }
}

/// Whether containers are put on board and taken off, so that both are milestones.
fn is_afloat(leg: &Leg) -> bool {
    matches!(leg.mode, Mode::Sea | Mode::Ferry | Mode::InlandWater)
}

/// Milestones within a stay: each process that ends with one, at its typical time and not after the departure.
fn stay_milestones(stay: &Stay) -> Vec<(MilestoneCode, Timestamp)> {
    let mut at = stay.arrives;
    let mut milestones = Vec::new();
    for process in &stay.processes {
        at = later(at, process.duration.typ().to_duration()).min(stay.leaves);
        match process.kind {
            ProcessKind::Border => milestones.push((MilestoneCode::Released, at)),
            ProcessKind::GaugeChange => milestones.push((MilestoneCode::GaugeChanged, at)),
            ProcessKind::Transfer
            | ProcessKind::Yard
            | ProcessKind::Formation
            | ProcessKind::Delivery
            | ProcessKind::Wait => {}
        }
    }
    milestones
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// The milestone that an event reports, if it reports any.
fn code_of(event: &Event) -> Option<MilestoneCode> {
    let ends = event.action == Some(Action::Delete);
    match (&event.event_type, event.biz_step.as_deref()?) {
        (_, "staging_outbound") => Some(MilestoneCode::Ready),
        (_, "departing") => Some(MilestoneCode::Departed),
        (_, "arriving") => Some(MilestoneCode::Arrived),
        (EventType::Aggregation, "loading") if ends => None,
        (_, "loading") => Some(MilestoneCode::Loaded),
        (_, "unloading") => Some(MilestoneCode::Unloaded),
        (_, "receiving") => Some(MilestoneCode::Delivered),
        (_, RELEASING) => Some(MilestoneCode::Released),
        (_, "inspecting") if event.disposition.as_deref() == Some("conformant") => {
            Some(MilestoneCode::Released)
        }
        (_, CHANGING_GAUGE) => Some(MilestoneCode::GaugeChanged),
        _ => None,
    }
}

fn apply(progress: &mut Progress, event: &Event) {
    let code = code_of(event);
    let Some(place) = event.place() else {
        if code.is_some() {
            let message =
                format!("`{}` names no place of the network, so it says nothing of the journey", event.id);
            let remedy = "report the read point as a place of the network";
            progress.findings.push(Finding::warning("events.unknown-place", message).remedy(remedy));
        }
        return;
    };
    if progress.milestones.iter().all(|milestone| milestone.place != place) {
        let message = format!("`{}` was reported at {place}, which is not a stop of the itinerary", event.id);
        progress.findings.push(
            Finding::warning("events.off-itinerary", message)
                .remedy("plan a new itinerary if the goods take another way"),
        );
        return;
    }
    let Some(code) = code else { return };
    let Some(index) = find_milestone(&progress.milestones, code, &place) else { return };
    // Events come in order of time, so a later milestone can only have been reported at this instant or before it.
    let after = progress.milestones.iter().skip(index + 1).find_map(|milestone| milestone.actual);
    if after.is_some_and(|after| after < event.event_time) {
        let message =
            format!("`{}` says {code} at {place}, which does not fit what was reported before it", event.id);
        progress.findings.push(Finding::warning("events.out-of-sequence", message));
        return;
    }
    if let Some(milestone) = progress.milestones.get_mut(index) {
        milestone.actual = Some(event.event_time);
        milestone.event = Some(EventHash::as_str(&event.hash).to_owned());
    }
}

/// The first milestone of this kind and place that is not reported yet. A place that is visited twice has two; the second is
/// meant only once something was reported elsewhere in between, so that a repeated report is not taken for a second visit.
fn find_milestone(milestones: &[Milestone], code: MilestoneCode, place: &PlaceCode) -> Option<usize> {
    let mut been_elsewhere = true;
    for (index, milestone) in milestones.iter().enumerate() {
        if milestone.place != *place {
            been_elsewhere |= milestone.actual.is_some();
        } else if milestone.code == code {
            if milestone.actual.is_none() {
                return been_elsewhere.then_some(index);
            }
            been_elsewhere = false;
        }
    }
    None
}

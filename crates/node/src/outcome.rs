//! What was planned against what happened: each step and the arrival in or out of the intervals that the plan stood for, and
//! where the difference arose. Over all consignments that have arrived: how often reality fell within them.

use crate::limits::MOST_OUTCOMES;
use crate::{CaseFile, Desk, FigureVersion, FoundPlan, Refusal, load_events, load_figures};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_events::{Milestone, MilestoneCode, assess_progress};
use kervan_model::{Cost, Finding, Itinerary, LegCost, Reference, ServiceId, Step};
use kervan_planning::{Band, Foreseen, Within, find_alternative, foresee};
use kervan_units::Seconds;

/// What became of the plan of a consignment.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOutcome {
    /// The consignment.
    pub reference: Reference,
    /// When the goods were to be ready.
    pub ready: Timestamp,
    /// When they were.
    pub actual_ready: Option<Timestamp>,
    /// The arrival as it was foreseen.
    pub arrival: Band<Timestamp>,
    /// When they arrived.
    pub actual_arrival: Option<Timestamp>,
    /// Into which intervals that falls.
    pub within: Option<Within>,
    /// The steps of the itinerary, in order.
    pub steps: Vec<StepOutcome>,
    /// What it was to cost. What was paid is in no event and no entry, so it cannot be compared here.
    pub cost: Cost,
    /// Which measurements the plan rested on.
    pub figures: String,
    /// Whether the tables are others now; departures and hours are then those of now, durations those of the plan.
    pub tables_changed: bool,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepOutcome {
    /// Number of the step.
    pub step: usize,
    /// The ride or the stay.
    pub at: OutcomeAt,
    /// When it was to be over.
    pub ends: Band<Timestamp>,
    /// How long it was to last.
    pub lasts: Band<Seconds>,
    /// When it was over, if that was reported.
    pub actual_end: Option<Timestamp>,
    /// How long it lasted, if its beginning and its end were reported.
    pub actual: Option<Seconds>,
    /// Into which intervals of its duration that falls.
    pub within: Option<Within>,
    /// How much longer than the median it lasted; below zero it was quicker. Unit: second.
    pub added: Option<i64>,
    /// What the ride was to cost.
    pub cost: Option<LegCost>,
}

/// A ride or a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutcomeAt {
    /// A ride.
    Ride {
        /// The service.
        service: ServiceId,
        /// Its name.
        name: String,
    },
    /// A stay.
    Stay {
        /// Where.
        place: PlaceCode,
    },
}

/// How often something fell within intervals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// How many were compared.
    pub compared: u32,
    /// Within the interval of one half.
    pub half: u32,
    /// Within that of 80 %.
    pub eighty: u32,
    /// Within that of 95 %.
    pub ninety_five: u32,
    /// Sum of the differences to the median, late above zero. Unit: second.
    pub late: i64,
}

/// How plans did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanScores {
    /// Arrivals of consignments.
    pub arrivals: Hits,
    /// Durations of rides.
    pub rides: Hits,
    /// Durations of stays.
    pub stays: Hits,
    /// Consignments that have arrived and were not compared, because there are more than are looked at.
    pub left_out: usize,
}

impl Hits {
    fn note(&mut self, within: Within, late: i64) {
        self.compared += 1;
        self.half += u32::from(within.half);
        self.eighty += u32::from(within.eighty);
        self.ninety_five += u32::from(within.ninety_five);
        self.late = self.late.saturating_add(late);
    }
}

/// Compares the plan of a consignment with what was reported so far.
///
/// Errors: no itinerary is accepted yet; the measurements that it rested on are not here; the store failed.
pub fn report_outcome(desk: &Desk, reference: &Reference) -> Result<PlanOutcome, Refusal> {
    let case = CaseFile::load(desk, reference)?;
    report_outcome_of(desk, reference, case.itinerary()?)
}

/// Compares the chosen way of a kept plan with what was reported of its consignment; the accepted way, if none was chosen.
///
/// Errors: the plan is for no consignment; those of [`report_outcome`].
pub fn report_kept_outcome(desk: &Desk, found: &FoundPlan) -> Result<PlanOutcome, Refusal> {
    let value = &found.value;
    let Some(reference) = &value.reference else {
        let text = "this plan is for no consignment, so nothing happened that it could be compared with";
        let finding = Finding::error("node.plan-without-consignment", text);
        return Err(Refusal::conflict(finding.remedy("keep a plan with the consignment that it is for")));
    };
    match value.chosen.and_then(|chosen| find_alternative(&value.plan, chosen)) {
        Some(way) => report_outcome_of(desk, reference, &way.itinerary),
        None => report_outcome(desk, reference),
    }
}

fn report_outcome_of(
    desk: &Desk,
    reference: &Reference,
    itinerary: &Itinerary,
) -> Result<PlanOutcome, Refusal> {
    let figures = itinerary.inputs.figures.clone().unwrap_or_else(|| FigureVersion::Published.to_string());
    let version = figures.parse().map_err(|error| Refusal::broken("an accepted itinerary", &error))?;
    let learned = load_figures(desk, version)?.learned;
    let foreseen = foresee(&desk.network, itinerary, &learned);
    let milestones = assess_progress(itinerary, &load_events(desk, reference)?).milestones;
    let tables_changed = itinerary.inputs.network_version != desk.network.version();
    Ok(PlanOutcome { figures, tables_changed, ..compare(reference, itinerary, &foreseen, &milestones) })
}

fn compare(
    reference: &Reference,
    itinerary: &Itinerary,
    foreseen: &[Foreseen],
    milestones: &[Milestone],
) -> PlanOutcome {
    let find = |code: MilestoneCode, step: Option<usize>| {
        let found =
            milestones.iter().find(|one| one.code == code && step.is_none_or(|step| one.step == step));
        found.and_then(|one| one.actual)
    };
    let ready = find(MilestoneCode::Ready, None);
    let arrived = find(MilestoneCode::Delivered, None);
    let last = itinerary.steps.len().saturating_sub(1);
    let ended = |step: usize| match itinerary.steps.get(step) {
        _ if step == last => arrived,
        Some(Step::Leg(_)) => find(MilestoneCode::Arrived, Some(step)),
        Some(Step::Stay(_)) => find(MilestoneCode::Departed, Some(step + 1)),
        None => None,
    };
    let steps = itinerary.steps.iter().zip(foreseen).enumerate().map(|(step, (one, foreseen))| {
        let began = if step == 0 { ready } else { ended(step - 1) };
        let end = ended(step);
        let actual = began.zip(end).map(|(began, end)| Seconds::between(began, end));
        let (at, cost) = match one {
            Step::Leg(leg) => {
                (OutcomeAt::Ride { service: leg.service.clone(), name: leg.name.clone() }, leg.cost.clone())
            }
            Step::Stay(stay) => (OutcomeAt::Stay { place: stay.place.clone() }, None),
        };
        StepOutcome {
            step,
            at,
            ends: foreseen.ends,
            lasts: foreseen.lasts,
            actual_end: end,
            actual,
            within: actual.map(|actual| foreseen.lasts.holds(actual)),
            added: actual.map(|actual| difference(actual.get(), foreseen.lasts.p50.get())),
            cost,
        }
    });
    let arrival = arrival_band(itinerary, foreseen);
    PlanOutcome {
        reference: reference.clone(),
        ready: itinerary.departs,
        actual_ready: ready,
        arrival,
        actual_arrival: arrived,
        within: arrived.map(|arrived| arrival.holds(arrived)),
        steps: steps.collect(),
        cost: itinerary.cost.clone(),
        figures: String::new(),
        tables_changed: false,
    }
}

fn difference(one: u64, other: u64) -> i64 {
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    signed(one).saturating_sub(signed(other))
}

/// The arrival as the itinerary itself states it; the intervals that it does not state are those foreseen.
fn arrival_band(itinerary: &Itinerary, foreseen: &[Foreseen]) -> Band<Timestamp> {
    let odds = itinerary.arrives;
    let all = Band {
        p2_5: odds.p10,
        p10: odds.p10,
        p25: odds.p50,
        p50: odds.p50,
        p75: odds.p50,
        p90: odds.p90,
        p97_5: odds.p90,
    };
    let Some(last) = foreseen.last() else { return all };
    Band {
        p2_5: last.ends.p2_5.min(odds.p10),
        p25: last.ends.p25.clamp(odds.p10, odds.p50),
        p75: last.ends.p75.clamp(odds.p50, odds.p90),
        p97_5: last.ends.p97_5.max(odds.p90),
        ..all
    }
}

/// How the plans of all consignments did that have arrived.
///
/// Errors: the store failed. A consignment that cannot be compared is left out and counted.
pub fn report_plan_scores(desk: &Desk) -> Result<PlanScores, Refusal> {
    let mut scores = PlanScores::default();
    let delivered = crate::ConsignmentState::Delivered.word();
    let (mut after, mut seen) = (None, 0_usize);
    loop {
        let rows = desk.store.list_consignments(Some(delivered), after.as_ref(), PAGE)?;
        let Some(last) = rows.last() else { return Ok(scores) };
        after = Some(last.reference.clone());
        for row in &rows {
            seen += 1;
            let outcome = (seen <= MOST_OUTCOMES).then(|| report_outcome(desk, &row.reference));
            match outcome {
                Some(Ok(outcome)) => scores.note(&outcome),
                Some(Err(Refusal::Store(error))) => return Err(error.into()),
                Some(Err(_)) | None => scores.left_out += 1,
            }
        }
    }
}

/// Consignments that are read at once.
const PAGE: u32 = 200;

impl PlanScores {
    fn note(&mut self, outcome: &PlanOutcome) {
        if let (Some(within), Some(arrived)) = (outcome.within, outcome.actual_arrival) {
            self.arrivals.note(within, arrived.as_second().saturating_sub(outcome.arrival.p50.as_second()));
        }
        for step in &outcome.steps {
            let (Some(within), Some(added)) = (step.within, step.added) else { continue };
            match step.at {
                OutcomeAt::Ride { .. } => self.rides.note(within, added),
                OutcomeAt::Stay { .. } => self.stays.note(within, added),
            }
        }
    }
}

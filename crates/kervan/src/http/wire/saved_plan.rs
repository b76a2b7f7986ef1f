//! Kept plans, their replay, and what became of them, on the wire.

use super::figures::Money;
use super::plan::{Alternative, Assumption, PlanRequest, name_of};
use kervan_model::ProcessKind;
use kervan_network::Network;
use kervan_node as node;
use kervan_planning::{self as planning, ChangeOf, ChangedFigure};
use kervan_units::{Estimate, Seconds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A plan to be kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPlan {
    /// What was asked: send back the request that the plan echoes, so that the same plan is kept.
    pub plan: PlanRequest,
    /// Reference of the consignment that it is for; the caller is its forwarder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consignment: Option<String>,
    /// The alternative that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "A2")]
    pub chosen: Option<String>,
}

/// A kept plan in one line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptPlanLine {
    /// Its id.
    #[schema(example = "P0f3a9c11d2e4b687")]
    pub id: String,
    /// When it was kept.
    pub kept: String,
    /// Who kept it.
    pub author: String,
    /// The consignment that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignment: Option<String>,
    /// Place code of the origin.
    pub from: String,
    /// Place code of the destination.
    pub to: String,
    /// When the goods were to be ready.
    pub ready: String,
    /// The alternative that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    /// How many alternatives it has.
    pub ways: usize,
    /// Version of the network.
    pub network_version: String,
    /// Which measurements it rests on.
    pub figures: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Monte Carlo samples.
    pub samples: u32,
}

/// A kept plan with its ways.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptPlanView {
    /// What it is.
    #[serde(flatten)]
    pub line: KeptPlanLine,
    /// Its ways, as they were.
    pub alternatives: Vec<Alternative>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
}

/// A kept plan, computed again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplayView {
    /// Id of the kept plan.
    pub id: String,
    /// Whether it is the same plan, value for value.
    pub same: bool,
    /// Version of the network then.
    pub network_then: String,
    /// Version of the network now.
    pub network_now: String,
    /// Figures of its ways that are others now.
    pub changed: Vec<ChangedFigureView>,
    /// Ways that are no longer shown, by their name then.
    pub gone: Vec<String>,
    /// Ways that are shown now and were not, by their name now.
    pub new: Vec<String>,
    /// The ways of now.
    pub alternatives: Vec<Alternative>,
}

/// A figure that is another one now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangedFigureView {
    /// Id of the service, if it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Place code, if it is of a process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Name of the service, or of the place and the process.
    pub name: String,
    /// `gone`, `unusable`, `duration`, `price` or `emissions`.
    pub what: &'static str,
    /// Then, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// Now, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

impl KeptPlanLine {
    /// A line of a kept plan.
    pub fn new(found: &node::FoundPlan) -> Self {
        let (value, plan) = (&found.value, &found.value.plan);
        Self {
            id: found.id.clone(),
            kept: found.kept.to_string(),
            author: value.author.to_string(),
            consignment: value.reference.as_ref().map(ToString::to_string),
            from: plan.request.from.to_string(),
            to: plan.request.to.to_string(),
            ready: plan.request.ready.to_string(),
            chosen: value.chosen.map(|chosen| chosen.to_string()),
            ways: plan.alternatives.len(),
            network_version: plan.network_version.clone(),
            figures: value.figures.clone(),
            seed: plan.seed,
            samples: plan.samples,
        }
    }
}

impl KeptPlanView {
    /// A kept plan with the names of its places.
    pub fn new(found: &node::FoundPlan, network: &Network) -> Self {
        let plan = &found.value.plan;
        Self {
            line: KeptPlanLine::new(found),
            alternatives: plan.alternatives.iter().map(|way| Alternative::new(way, network)).collect(),
            assumptions: plan.assumptions.iter().map(Assumption::from).collect(),
        }
    }
}

impl ReplayView {
    /// What came of a replay.
    pub fn new(id: &str, replayed: &planning::Replayed, network: &Network) -> Self {
        let names = |ways: &[planning::AlternativeId]| ways.iter().map(ToString::to_string).collect();
        let ways = replayed.plan.alternatives.iter();
        Self {
            id: id.to_owned(),
            same: replayed.same,
            network_then: replayed.versions.0.clone(),
            network_now: replayed.versions.1.clone(),
            changed: replayed.changed.iter().map(|change| ChangedFigureView::new(change, network)).collect(),
            gone: names(&replayed.gone),
            new: names(&replayed.new),
            alternatives: ways.map(|way| Alternative::new(way, network)).collect(),
        }
    }
}

impl ChangedFigureView {
    fn new(change: &planning::Change, network: &Network) -> Self {
        let (service, place, name) = match &change.of {
            ChangeOf::Service { id, name } => (Some(id.to_string()), None, name.clone()),
            ChangeOf::Process { place, kind } => {
                (None, Some(place.to_string()), format!("{}: {}", name_of(network, place), words(*kind)))
            }
        };
        let hours = |points: &Estimate<Seconds>| {
            let [min, typ, max] = [points.min(), points.typ(), points.max()].map(Seconds::as_hours_f64);
            format!("{min:.1} / {typ:.1} / {max:.1} h")
        };
        let money = |amount: &Option<kervan_units::Money>| {
            amount.map_or_else(|| "not known".to_owned(), |amount| amount.to_string())
        };
        let (what, then, now) = match &change.figure {
            ChangedFigure::Gone => ("gone", None, None),
            ChangedFigure::Unusable => ("unusable", None, None),
            ChangedFigure::Duration { then, now } => ("duration", Some(hours(then)), now.as_ref().map(hours)),
            ChangedFigure::Price { then, now } => ("price", Some(money(then)), Some(money(now))),
            ChangedFigure::Emissions { then, now } => {
                ("emissions", Some(then.to_string()), Some(now.to_string()))
            }
        };
        Self { service, place, name, what, then, now }
    }
}

fn words(kind: ProcessKind) -> String {
    kind.word().replace('_', " ")
}

/// What was planned against what happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanOutcomeView {
    /// The consignment.
    pub consignment: String,
    /// When the goods were to be ready.
    pub ready: String,
    /// When they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_ready: Option<String>,
    /// The arrival as it was foreseen.
    pub arrival: InstantBand,
    /// When they arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_arrival: Option<String>,
    /// Into which intervals that falls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<WithinView>,
    /// Hours after the median; below zero before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_h: Option<f64>,
    /// Rides and stays, in order.
    pub steps: Vec<StepOutcomeView>,
    /// What it was to cost: typical, least, greatest; to whoever made the plan. What was paid is not known here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cost: Vec<Money>,
    /// Which measurements the plan rested on.
    pub figures: String,
    /// Whether the tables are others now: departures and hours are then those of now.
    pub tables_changed: bool,
}

/// What became of a ride or a stay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StepOutcomeView {
    /// Number of the step.
    pub step: usize,
    /// `ride` or `stay`.
    pub kind: &'static str,
    /// Service id or place code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was to be over.
    pub ends: InstantBand,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_end: Option<String>,
    /// Hours that it was to last.
    pub hours: HourBand,
    /// Hours that it lasted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual_hours: Option<f64>,
    /// Into which intervals that falls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<WithinView>,
    /// Hours more than the median; below zero fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_h: Option<f64>,
    /// What the ride was to cost, typically.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
}

/// An instant at seven quantiles.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InstantBand {
    /// 2.5 %.
    pub p2_5: String,
    /// 10 %.
    pub p10: String,
    /// 25 %.
    pub p25: String,
    /// Median.
    pub p50: String,
    /// 75 %.
    pub p75: String,
    /// 90 %.
    pub p90: String,
    /// 97.5 %.
    pub p97_5: String,
}

/// Hours at seven quantiles.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct HourBand {
    /// 2.5 %.
    pub p2_5: f64,
    /// 10 %.
    pub p10: f64,
    /// 25 %.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75 %.
    pub p75: f64,
    /// 90 %.
    pub p90: f64,
    /// 97.5 %.
    pub p97_5: f64,
}

/// Into which intervals something falls.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct WithinView {
    /// That of 50 %.
    pub half: bool,
    /// That of 80 %.
    pub eighty: bool,
    /// That of 95 %.
    pub ninety_five: bool,
}

impl From<planning::Band<jiff::Timestamp>> for InstantBand {
    fn from(band: planning::Band<jiff::Timestamp>) -> Self {
        let planning::Band { p2_5, p10, p25, p50, p75, p90, p97_5 } = band.map(|at| at.to_string());
        Self { p2_5, p10, p25, p50, p75, p90, p97_5 }
    }
}

impl From<planning::Band<Seconds>> for HourBand {
    fn from(band: planning::Band<Seconds>) -> Self {
        let planning::Band { p2_5, p10, p25, p50, p75, p90, p97_5 } =
            band.map(|seconds| hours(seconds.get() as f64));
        Self { p2_5, p10, p25, p50, p75, p90, p97_5 }
    }
}

impl From<planning::Within> for WithinView {
    fn from(within: planning::Within) -> Self {
        let planning::Within { half, eighty, ninety_five } = within;
        Self { half, eighty, ninety_five }
    }
}

/// Hours, to a tenth.
fn hours(seconds: f64) -> f64 {
    (seconds / 360.0).round() / 10.0
}

impl PlanOutcomeView {
    /// What became of a plan, with the names of its places.
    pub fn new(outcome: &node::PlanOutcome, network: &Network) -> Self {
        let late =
            |actual: jiff::Timestamp| hours((actual.as_second() - outcome.arrival.p50.as_second()) as f64);
        let cost = &outcome.cost;
        Self {
            consignment: outcome.reference.to_string(),
            ready: outcome.ready.to_string(),
            actual_ready: outcome.actual_ready.map(|at| at.to_string()),
            arrival: outcome.arrival.into(),
            actual_arrival: outcome.actual_arrival.map(|at| at.to_string()),
            within: outcome.within.map(WithinView::from),
            late_h: outcome.actual_arrival.map(late),
            steps: outcome.steps.iter().map(|step| StepOutcomeView::new(step, network)).collect(),
            cost: vec![cost.total.into(), cost.low.into(), cost.high.into()],
            figures: outcome.figures.clone(),
            tables_changed: outcome.tables_changed,
        }
    }
}

impl PlanOutcomeView {
    /// The same without prices: whoever may follow a consignment need not know what was agreed for it.
    #[must_use]
    pub fn without_prices(mut self) -> Self {
        self.cost.clear();
        self.steps.iter_mut().for_each(|step| step.cost = None);
        self
    }
}

impl StepOutcomeView {
    fn new(step: &node::StepOutcome, network: &Network) -> Self {
        let (kind, id, name) = match &step.at {
            node::OutcomeAt::Ride { service, name } => ("ride", service.to_string(), name.clone()),
            node::OutcomeAt::Stay { place } => ("stay", place.to_string(), name_of(network, place)),
        };
        Self {
            step: step.step,
            kind,
            id,
            name,
            ends: step.ends.into(),
            actual_end: step.actual_end.map(|at| at.to_string()),
            hours: step.lasts.into(),
            actual_hours: step.actual.map(|actual| hours(actual.get() as f64)),
            within: step.within.map(WithinView::from),
            added_h: step.added.map(|added| hours(added as f64)),
            cost: step.cost.as_ref().map(|cost| cost.typical.into()),
        }
    }
}

/// How often reality fell within the intervals of plans.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct HitsView {
    /// How many were compared.
    pub compared: u32,
    /// Share within the interval of 50 %, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_50: Option<f64>,
    /// Share within the interval of 80 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_80: Option<f64>,
    /// Share within the interval of 95 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_95: Option<f64>,
    /// Mean hours after the median; below zero before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_late_h: Option<f64>,
}

/// How the plans of all consignments did that have arrived.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct PlanScoresView {
    /// Arrivals.
    pub arrivals: HitsView,
    /// Durations of rides.
    pub rides: HitsView,
    /// Durations of stays.
    pub stays: HitsView,
    /// Consignments that have arrived and were not compared.
    pub left_out: usize,
}

impl From<&node::Hits> for HitsView {
    fn from(hits: &node::Hits) -> Self {
        let share = |part: u32| (hits.compared > 0).then(|| f64::from(part) / f64::from(hits.compared));
        let mean = || hours(hits.late as f64 / f64::from(hits.compared));
        Self {
            compared: hits.compared,
            within_50: share(hits.half),
            within_80: share(hits.eighty),
            within_95: share(hits.ninety_five),
            mean_late_h: (hits.compared > 0).then(mean),
        }
    }
}

impl From<&node::PlanScores> for PlanScoresView {
    fn from(scores: &node::PlanScores) -> Self {
        Self {
            arrivals: (&scores.arrivals).into(),
            rides: (&scores.rides).into(),
            stays: (&scores.stays).into(),
            left_out: scores.left_out,
        }
    }
}

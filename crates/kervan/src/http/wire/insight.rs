//! Why a way is recommended, on the wire: codes and figures; the words are the reader's.

use super::figures::{Money, Provenance};
use super::plan::{Assumption, name_of};
use kervan_network::Network;
use kervan_planning as planning;
use kervan_planning::Reason;
use serde::Serialize;
use utoipa::ToSchema;

/// A plan seen from all sides.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Insight {
    /// What a day is worth, all containers together.
    pub value_of_day: Money,
    /// Whether that was assumed because the request does not say it.
    pub value_assumed: bool,
    /// When the goods must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// The chance to meet the deadline that is wanted, 0 to 1.
    pub wanted_chance: f64,
    /// Id of the recommended alternative.
    pub recommended: String,
    /// Why, and what speaks against being sure.
    pub reasons: Vec<PlanReason>,
    /// Each alternative with its odds, in the order of the plan.
    pub outlooks: Vec<Outlook>,
    /// What each day costs, from the cheapest way to the quickest.
    pub days: Vec<DayPrice>,
    /// What would make another way win.
    pub rivals: Vec<Rival>,
    /// Figures that carry the result, the weightiest first.
    pub swings: Vec<Swing>,
    /// What to do when it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallbacks: Option<FallbackPlan>,
    /// What was assumed for this.
    pub assumptions: Vec<Assumption>,
}

/// One reason. Which figures it has depends on its code.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct PlanReason {
    /// `only`, `least_total`, `earlier`, `cheaper`, `better_on_both`, `on_time`, `nearest_to_deadline`; cautions:
    /// `others_unpriced`, `price_incomplete`, `price_judged`, `not_robust`.
    pub code: &'static str,
    /// The alternative that it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub than: Option<String>,
    /// Hours earlier or later, always positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    /// An amount: dearer, saved, or how far ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What each day gained or given comes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_day: Option<Money>,
    /// A chance or a share, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// A number of ways, parts or figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
}

/// An alternative with its odds, computed on a grid of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Outlook {
    /// Id of the alternative.
    pub id: String,
    /// Expected arrival.
    pub expected: String,
    /// The true expectation is not before this, whatever the grid.
    pub expected_least: String,
    /// Nor after this.
    pub expected_most: String,
    /// Deviation of the arrival in hours.
    pub deviation_h: f64,
    /// The chance to meet the deadline, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_time: Option<OnTime>,
    /// Where the variance of the arrival comes from, the largest share first; the shares sum to 1.
    pub risks: Vec<RiskShare>,
    /// Departures whose moment or interval is known, in order of travel.
    pub connections: Vec<Connection>,
    /// Step of the grid in hours.
    pub grid_h: f64,
}

/// The chance to meet a deadline, 0 to 1.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OnTime {
    /// The chance.
    pub chance: f64,
    /// The true one is not below this, whatever the grid.
    pub least: f64,
    /// Nor above this.
    pub most: f64,
}

/// The share of a step in the variance of an arrival.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RiskShare {
    /// Number of the step in the itinerary, from 0.
    pub step: usize,
    /// `leg` or `stay`.
    pub kind: &'static str,
    /// Name of the service or place.
    pub name: String,
    /// Share of the variance, 0 to 1.
    pub share: f64,
}

/// A departure to catch.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Connection {
    /// Number of the leg in the itinerary, from 0.
    pub step: usize,
    /// Name of the place.
    pub place: String,
    /// Name of the service.
    pub service: String,
    /// The planned departure, where its moment is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<String>,
    /// The chance to come too late for it, 0 to 1.
    pub missed: f64,
    /// How many hours later the goods are at the end with the next departure.
    pub costs_h: f64,
}

/// The price of the days between two neighbours on the front of time and cost.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayPrice {
    /// The slower, cheaper one.
    pub from: String,
    /// The quicker, dearer one.
    pub to: String,
    /// Days gained on average.
    pub days: f64,
    /// What they cost together.
    pub costs: Money,
    /// What each costs.
    pub per_day: Money,
}

/// What would make another way win.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rival {
    /// Id of the alternative.
    pub id: String,
    /// By how much its price would have to fall; below zero it is out for another reason.
    pub price_down: Money,
    /// The same per container.
    pub price_down_each: Money,
    /// By how many hours it would have to be quicker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours_down: Option<f64>,
    /// A day would have to be worth more than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_above: Option<Money>,
    /// A day would have to be worth less than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_below: Option<Money>,
    /// It does not meet the deadline with the wanted chance.
    pub misses_deadline: bool,
    /// The price of a leg of it is not known.
    pub unpriced: bool,
}

/// What a figure does to the result at its least and at its greatest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Swing {
    /// `ride`, `wait`, `process` or `price`.
    pub of: &'static str,
    /// Name of the service or place.
    pub name: String,
    /// Which process, for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<&'static str>,
    /// At its least.
    pub least: SwingEnd,
    /// At its greatest.
    pub most: SwingEnd,
    /// Family of its distribution: `pert`, `triangular`, `even`, `shifted_gamma`, `shifted_lognormal`, `empirical`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<&'static str>,
    /// Three points only: the greatest difference in chance that a triangle over them would make, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_matters: Option<f64>,
    /// Measurements behind it, if it was learned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<u32>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// One end of a swing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SwingEnd {
    /// The figure there: hours, or major units of money.
    pub value: f64,
    /// What it does to the expected arrival of the recommended way, in hours.
    pub arrival_h: f64,
    /// What it does to its cost.
    pub cost: Money,
    /// Which alternative would be recommended then, if another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flips_to: Option<String>,
}

/// What to do when the recommended way breaks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FallbackPlan {
    /// Waiting for the next departure whatever it takes.
    pub waiting: Expected,
    /// With the fallbacks, each taken only where it is worth its cost.
    pub with_fallbacks: Expected,
    /// The earliest expected arrival of all, choosing anew at every place, whatever it costs.
    pub best: Expected,
    /// Names of the services with which that begins if nothing goes wrong.
    pub best_by: Vec<String>,
    /// What to do where, in order of travel.
    pub fallbacks: Vec<Fallback>,
    /// Step of the grid in hours.
    pub grid_h: f64,
}

/// When goods arrive that follow a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Expected {
    /// Expected arrival.
    pub mean: String,
    /// The chance to meet the deadline, if there is one, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_time: Option<f64>,
}

/// If the wait is this long, go another way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Fallback {
    /// Number of the leg in the itinerary, from 0.
    pub step: usize,
    /// Name of the place.
    pub place: String,
    /// Name of the service that is waited for.
    pub planned: String,
    /// If its next departure is so many hours away or more.
    pub wait_from_h: f64,
    /// The chance that this happens, 0 to 1.
    pub chance: f64,
    /// Names of the services to take instead, to the end.
    pub instead: Vec<String>,
    /// How many hours earlier that is on average; below zero it is later.
    pub gains_h: f64,
    /// What it costs more, freight and handling; below zero it saves.
    pub costs: Money,
    /// What it is worth in the end, at the value of a day.
    pub net: Money,
}

fn rounded(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    // Minus zero would be written as such.
    (value * scale).round() / scale + 0.0
}

fn hours(value: f64) -> f64 {
    rounded(value, 1)
}

fn share(value: f64) -> f64 {
    rounded(value, 4)
}

impl Insight {
    /// An insight with the names of its places.
    pub fn new(insight: &planning::Insight, network: &Network) -> Self {
        Self {
            value_of_day: insight.value_of_day.into(),
            value_assumed: insight.value_assumed,
            deadline: insight.deadline.map(|deadline| deadline.to_string()),
            wanted_chance: insight.wanted_chance,
            recommended: insight.recommended.to_string(),
            reasons: insight.reasons.iter().map(PlanReason::from).collect(),
            outlooks: insight.outlooks.iter().map(|outlook| Outlook::new(outlook, network)).collect(),
            days: insight.days.iter().map(DayPrice::from).collect(),
            rivals: insight.rivals.iter().map(Rival::from).collect(),
            swings: insight.swings.iter().map(|swing| Swing::new(swing, network)).collect(),
            fallbacks: insight.fallbacks.as_ref().map(|fallbacks| FallbackPlan::new(fallbacks, network)),
            assumptions: insight.assumptions.iter().map(Assumption::from).collect(),
        }
    }
}

impl From<&Reason> for PlanReason {
    fn from(reason: &Reason) -> Self {
        let code = reason.code();
        let base = Self { code, ..Self::default() };
        match reason {
            Reason::Only => base,
            Reason::LeastTotal { total: _, ahead, of } => {
                Self { amount: Some((*ahead).into()), than: Some(of.to_string()), ..base }
            }
            Reason::Earlier { than, hours: earlier, dearer, per_day } => Self {
                than: Some(than.to_string()),
                hours: Some(hours(*earlier)),
                amount: Some((*dearer).into()),
                per_day: Some((*per_day).into()),
                ..base
            },
            Reason::Cheaper { than, saves, later, per_day } => Self {
                than: Some(than.to_string()),
                hours: Some(hours(*later)),
                amount: Some((*saves).into()),
                per_day: Some((*per_day).into()),
                ..base
            },
            Reason::BetterOnBoth { than, hours: earlier, saves } => Self {
                than: Some(than.to_string()),
                hours: Some(hours(*earlier)),
                amount: Some((*saves).into()),
                ..base
            },
            Reason::OnTime { chance } | Reason::NearestToDeadline { chance } => {
                Self { share: Some(share(*chance)), ..base }
            }
            Reason::PriceJudged { share: judged } => Self { share: Some(share(*judged)), ..base },
            Reason::OthersUnpriced { ways: count }
            | Reason::PriceIncomplete { parts: count }
            | Reason::NotRobust { figures: count } => Self { count: Some(*count), ..base },
        }
    }
}

impl Outlook {
    fn new(outlook: &planning::Outlook, network: &Network) -> Self {
        let risk = |risk: &planning::Risk| {
            let (kind, name) = match &risk.at {
                planning::At::Leg { name, .. } => ("leg", name.clone()),
                planning::At::Stay { place } => ("stay", name_of(network, place)),
            };
            RiskShare { step: risk.step, kind, name, share: share(risk.share) }
        };
        let catch = |catch: &planning::Catch| Connection {
            step: catch.step,
            place: name_of(network, &catch.place),
            service: catch.name.clone(),
            planned: catch.planned.map(|planned| planned.to_string()),
            missed: share(catch.missed),
            costs_h: hours(catch.costs),
        };
        Self {
            id: outlook.id.to_string(),
            expected: outlook.expected.to_string(),
            expected_least: outlook.expected_between.0.to_string(),
            expected_most: outlook.expected_between.1.to_string(),
            deviation_h: hours(outlook.deviation),
            on_time: outlook.on_time.map(|on_time| OnTime {
                chance: share(on_time.chance),
                least: share(on_time.least),
                most: share(on_time.most),
            }),
            risks: outlook.risks.iter().map(risk).collect(),
            connections: outlook.connections.iter().map(catch).collect(),
            grid_h: rounded(outlook.grid.as_hours_f64(), 2),
        }
    }
}

impl From<&planning::DayPrice> for DayPrice {
    fn from(price: &planning::DayPrice) -> Self {
        Self {
            from: price.from.to_string(),
            to: price.to.to_string(),
            days: rounded(price.days, 2),
            costs: price.costs.into(),
            per_day: price.per_day.into(),
        }
    }
}

impl From<&planning::Rival> for Rival {
    fn from(rival: &planning::Rival) -> Self {
        Self {
            id: rival.id.to_string(),
            price_down: rival.price_down.into(),
            price_down_each: rival.price_down_each.into(),
            hours_down: rival.hours_down.map(hours),
            value_above: rival.value_above.map(Money::from),
            value_below: rival.value_below.map(Money::from),
            misses_deadline: rival.misses_deadline,
            unpriced: rival.unpriced,
        }
    }
}

impl Swing {
    fn new(swing: &planning::Swing, network: &Network) -> Self {
        let of_service = || swing.name.clone().unwrap_or_default();
        let (of, name, process) = match &swing.of {
            planning::FigureOf::Ride { .. } => ("ride", of_service(), None),
            planning::FigureOf::Wait { .. } => ("wait", of_service(), None),
            planning::FigureOf::Price { .. } => ("price", of_service(), None),
            planning::FigureOf::Process { place, kind, .. } => {
                ("process", name_of(network, place), Some(kind.word()))
            }
        };
        let end = |end: &planning::SwingEnd| SwingEnd {
            value: rounded(end.value, 2),
            arrival_h: hours(end.arrival),
            cost: end.cost.into(),
            flips_to: end.flips_to.map(|id| id.to_string()),
        };
        let (family_matters, measured) = match swing.fit {
            Some(planning::FigureFit::Points { distance }) => (Some(share(distance)), None),
            Some(planning::FigureFit::Learned { measured, .. }) => (None, Some(measured)),
            None => (None, None),
        };
        Self {
            of,
            name,
            process,
            least: end(&swing.least),
            most: end(&swing.most),
            family: swing.family.map(|family| family.word()),
            family_matters,
            measured,
            provenance: (&swing.provenance).into(),
        }
    }
}

impl FallbackPlan {
    fn new(plan: &planning::FallbackPlan, network: &Network) -> Self {
        let expected = |expected: &planning::Expected| Expected {
            mean: expected.mean.to_string(),
            on_time: expected.on_time.map(share),
        };
        let names = |services: &[planning::ServiceRef]| services.iter().map(|one| one.name.clone()).collect();
        let fallback = |one: &planning::Fallback| Fallback {
            step: one.step,
            place: name_of(network, &one.place),
            planned: one.planned.name.clone(),
            wait_from_h: hours(one.wait_from.as_hours_f64()),
            chance: share(one.chance),
            instead: names(&one.instead),
            gains_h: hours(one.gains),
            costs: one.costs.into(),
            net: one.net.into(),
        };
        Self {
            waiting: expected(&plan.waiting),
            with_fallbacks: expected(&plan.with_fallbacks),
            best: expected(&plan.best),
            best_by: names(&plan.best_by),
            fallbacks: plan.fallbacks.iter().map(fallback).collect(),
            grid_h: hours(plan.grid.as_hours_f64()),
        }
    }
}

//! Why one way is recommended, how sure that is, and what to do when it breaks: data for the page and the command line, with
//! codes and figures and without sentences.
//!
//! All odds here are computed on a grid of time (`kervan_odds::solve`), not drawn, so they have a bound and no noise; the
//! quantiles of the plan come from samples of the same distributions.

mod fallback;
mod outlook;
mod recommend;
mod swing;
mod way;

pub(crate) use way::{Source, Traced};

use crate::cuts::Conditioned;
use crate::odds::Odds;
use crate::plan::{Assumption, Plan, Searched, search};
use crate::{AlternativeId, Learned, PlanOptions, limits};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Finding, ProcessKind, Provenance, ServiceId};
use kervan_network::Network;
use kervan_odds::Family;
use kervan_units::{Money, Seconds};

/// What the forwarder wants, besides the request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preferences {
    /// What a day is worth for all containers together; without it an assumption per container is made and named.
    pub value_of_day: Option<Money>,
    /// When the goods must be there.
    pub deadline: Option<Timestamp>,
    /// The chance to meet the deadline that is wanted. Range: 0 to 1.
    pub wanted_chance: f64,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { value_of_day: None, deadline: None, wanted_chance: 0.8 }
    }
}

/// A plan seen from all sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// What a day is worth, all containers together.
    pub value_of_day: Money,
    /// Whether that was assumed.
    pub value_assumed: bool,
    /// When the goods must be there.
    pub deadline: Option<Timestamp>,
    /// The chance that is wanted. Range: 0 to 1.
    pub wanted_chance: f64,
    /// The way that is recommended.
    pub recommended: AlternativeId,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Each alternative with its odds, in the order of the plan.
    pub outlooks: Vec<Outlook>,
    /// What each day costs, from the cheapest way to the quickest.
    pub days: Vec<DayPrice>,
    /// What would make another way win, in the order of the plan.
    pub rivals: Vec<Rival>,
    /// Figures that carry the result, the weightiest first.
    pub swings: Vec<Swing>,
    /// What to do when it breaks; nothing if the search for it would be too large.
    pub fallbacks: Option<FallbackPlan>,
    /// What was assumed for this.
    pub assumptions: Vec<Assumption>,
}

/// Why a way is recommended, or what speaks against being sure.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// There is no other.
    Only,
    /// Its cost and the value of its days are the least together.
    LeastTotal {
        /// Both together.
        total: Money,
        /// How much the next best is above it.
        ahead: Money,
        /// The next best.
        of: AlternativeId,
    },
    /// It is earlier than another one for less than the days are worth.
    Earlier {
        /// The other.
        than: AlternativeId,
        /// By so much on average. Unit: hour.
        hours: f64,
        /// For so much more.
        dearer: Money,
        /// Per day gained.
        per_day: Money,
    },
    /// It saves more than the days are worth.
    Cheaper {
        /// The other.
        than: AlternativeId,
        /// So much.
        saves: Money,
        /// It is later by so much on average. Unit: hour.
        later: f64,
        /// Per day given.
        per_day: Money,
    },
    /// It is earlier and costs no more than another one.
    BetterOnBoth {
        /// The other.
        than: AlternativeId,
        /// Earlier by so much. Unit: hour.
        hours: f64,
        /// Cheaper by so much.
        saves: Money,
    },
    /// It meets the deadline with the wanted chance.
    OnTime {
        /// The chance. Range: 0 to 1.
        chance: f64,
    },
    /// None meets the deadline with the wanted chance; this one comes nearest.
    NearestToDeadline {
        /// The chance. Range: 0 to 1.
        chance: f64,
    },
    /// Caution: other ways were set behind it because the price of a leg of theirs is not known.
    OthersUnpriced {
        /// How many.
        ways: usize,
    },
    /// Caution: parts of its price are not known.
    PriceIncomplete {
        /// How many.
        parts: usize,
    },
    /// Caution: so much of its price is judgement.
    PriceJudged {
        /// Range: 0 to 1.
        share: f64,
    },
    /// Caution: figures that lie within their own range would turn the recommendation.
    NotRobust {
        /// How many of them.
        figures: usize,
    },
}

impl Reason {
    /// Its code, for translation.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Only => "only",
            Self::LeastTotal { .. } => "least_total",
            Self::Earlier { .. } => "earlier",
            Self::Cheaper { .. } => "cheaper",
            Self::BetterOnBoth { .. } => "better_on_both",
            Self::OnTime { .. } => "on_time",
            Self::NearestToDeadline { .. } => "nearest_to_deadline",
            Self::OthersUnpriced { .. } => "others_unpriced",
            Self::PriceIncomplete { .. } => "price_incomplete",
            Self::PriceJudged { .. } => "price_judged",
            Self::NotRobust { .. } => "not_robust",
        }
    }
}

/// An alternative with its odds.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The alternative.
    pub id: AlternativeId,
    /// Expected arrival.
    pub expected: Timestamp,
    /// Between which the true expectation lies, whatever the grid.
    pub expected_between: (Timestamp, Timestamp),
    /// Deviation of the arrival. Unit: hour.
    pub deviation: f64,
    /// The chance to meet the deadline, if there is one.
    pub on_time: Option<OnTime>,
    /// Where the variance of the arrival comes from, the largest share first; shares sum to 1 unless nothing varies.
    pub risks: Vec<Risk>,
    /// Departures to catch, in order of travel.
    pub connections: Vec<Catch>,
    /// Step of the grid.
    pub grid: Seconds,
}

/// The chance to meet a deadline. Range: 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnTime {
    /// The chance.
    pub chance: f64,
    /// The true one is not below this, whatever the grid.
    pub least: f64,
    /// Nor above this.
    pub most: f64,
}

/// The share of a step in the variance of an arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// Number of the step.
    pub step: usize,
    /// What it is.
    pub at: At,
    /// Share of the variance that is settled when the step is over. Range: 0 to 1.
    pub share: f64,
}

/// A leg or a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A ride.
    Leg {
        /// The service.
        service: ServiceId,
        /// Its name.
        name: String,
    },
    /// A stay.
    Stay {
        /// The place.
        place: PlaceCode,
    },
}

/// A departure to catch.
#[derive(Clone, Debug, PartialEq)]
pub struct Catch {
    /// Number of the leg among the steps.
    pub step: usize,
    /// Where.
    pub place: PlaceCode,
    /// The service.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
    /// The planned departure, where its moment is known.
    pub planned: Option<Timestamp>,
    /// The chance to come too late for it. Range: 0 to 1.
    pub missed: f64,
    /// How much later the goods are at the end with the next departure. Unit: hour.
    pub costs: f64,
}

/// The price of the days between two neighbours on the front of time and cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayPrice {
    /// The slower, cheaper one.
    pub from: AlternativeId,
    /// The quicker, dearer one.
    pub to: AlternativeId,
    /// Days gained on average.
    pub days: f64,
    /// What they cost together.
    pub costs: Money,
    /// What each costs.
    pub per_day: Money,
}

/// What would make another way win.
#[derive(Clone, Debug, PartialEq)]
pub struct Rival {
    /// The other way.
    pub id: AlternativeId,
    /// Its price would have to fall by so much in all; below zero it is out for another reason.
    pub price_down: Money,
    /// And so much per container.
    pub price_down_each: Money,
    /// Or it would have to be so much quicker. Unit: hour. `None` if a day is worth nothing.
    pub hours_down: Option<f64>,
    /// Or a day would have to be worth more than this.
    pub value_above: Option<Money>,
    /// Or less than this.
    pub value_below: Option<Money>,
    /// It does not meet the deadline with the wanted chance.
    pub misses_deadline: bool,
    /// The price of a leg of it is not known.
    pub unpriced: bool,
}

/// What a figure of a plan is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureOf {
    /// The time of a ride.
    Ride {
        /// The service.
        service: ServiceId,
    },
    /// The wait for a departure.
    Wait {
        /// The service.
        service: ServiceId,
    },
    /// A process at a place.
    Process {
        /// Where.
        place: PlaceCode,
        /// What.
        kind: ProcessKind,
        /// The service on which goods came, which may decide how long it takes.
        after: Option<ServiceId>,
    },
    /// The price of a ride.
    Price {
        /// The service.
        service: ServiceId,
    },
}

/// What a figure does to the result if it is at its least and at its greatest.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// The figure.
    pub of: FigureOf,
    /// Name of the service; the place says itself.
    pub name: Option<String>,
    /// At its least.
    pub least: SwingEnd,
    /// At its greatest.
    pub most: SwingEnd,
    /// How sure the figure is.
    pub provenance: Provenance,
    /// Family of its distribution; nothing for a price.
    pub family: Option<Family>,
    /// How well the family is known: measurements behind it, or the distance to the triangle over the same points.
    pub fit: Option<FigureFit>,
}

/// How well a distribution is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FigureFit {
    /// Three points only: the greatest difference in chance that another family over them would make. Range: 0 to 1.
    Points {
        /// Kolmogorov and Smirnov's distance to the triangle.
        distance: f64,
    },
    /// Learned.
    Learned {
        /// Measurements.
        measured: u32,
        /// Share of the published figure in it. Range: 0 to 1.
        published_share: f64,
    },
}

/// One end of a swing.
#[derive(Clone, Debug, PartialEq)]
pub struct SwingEnd {
    /// The figure there: hours, or money in major units.
    pub value: f64,
    /// What it does to the expected arrival of the recommended way. Unit: hour.
    pub arrival: f64,
    /// What it does to its cost.
    pub cost: Money,
    /// Which way would be recommended then, if another one.
    pub flips_to: Option<AlternativeId>,
}

/// When goods arrive that follow a policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Expected arrival.
    pub mean: Timestamp,
    /// The chance to meet the deadline, if there is one.
    pub on_time: Option<f64>,
}

/// What to do when the recommended way breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct FallbackPlan {
    /// Waiting for the next departure whatever it costs.
    pub waiting: Expected,
    /// With the fallbacks, each taken only where it is worth its cost.
    pub with_fallbacks: Expected,
    /// The earliest expected arrival of all, choosing anew at every place, whatever it costs.
    pub best: Expected,
    /// The services with which that begins if nothing goes wrong.
    pub best_by: Vec<ServiceRef>,
    /// What to do where, in order of travel; empty if waiting is best everywhere.
    pub fallbacks: Vec<Fallback>,
    /// Step of the grid.
    pub grid: Seconds,
}

/// A service by id and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRef {
    /// Id.
    pub id: ServiceId,
    /// Name.
    pub name: String,
}

/// One fallback: if the departure is missed so far that the wait is long, go another way.
#[derive(Clone, Debug, PartialEq)]
pub struct Fallback {
    /// Number of the leg among the steps of the recommended way.
    pub step: usize,
    /// Where.
    pub place: PlaceCode,
    /// The departure that is waited for.
    pub planned: ServiceRef,
    /// If the wait is this long or longer.
    pub wait_from: Seconds,
    /// The chance that this happens. Range: 0 to 1.
    pub chance: f64,
    /// What to take instead, to the end.
    pub instead: Vec<ServiceRef>,
    /// How much earlier that is on average; below zero it is later. Unit: hour.
    pub gains: f64,
    /// What it costs more, freight and handling; below zero it saves.
    pub costs: Money,
    /// What it is worth in the end: the hours gained at the value of a day, less the cost.
    pub net: Money,
}

/// A plan with everything about it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The plan.
    pub plan: Plan,
    /// What it means; nothing if it has no alternatives.
    pub insight: Option<Insight>,
}

/// Plans and explains. Errors: those of [`plan`](crate::plan()).
pub fn explain(
    network: &Network,
    request: &crate::PlanRequest,
    options: &PlanOptions,
    preferences: &Preferences,
    learned: &Learned,
) -> Result<Explained, Vec<Finding>> {
    let conditioned = Conditioned::new(request);
    let (mut plan, searched) = search(network, request, options, &conditioned)?;
    let Some(Searched { ground, ways }) = searched else { return Ok(Explained { plan, insight: None }) };
    let mut odds = Odds::new(options.seed, options.samples, learned);
    // What could be turned to is more than what is shown.
    let wide = plan.play(&ground, &conditioned, ways, &mut odds, limits::FALLBACK_WAYS);
    let insight = recommend::look_into(&ground, &plan, &wide, preferences, learned);
    Ok(Explained { plan, insight })
}

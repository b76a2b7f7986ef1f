//! Plans and itineraries on the wire.

use super::figures::{Confidence, Money, Provenance, ThreePoints};
use super::finding::Finding;
use super::insight::Insight;
use super::plan_conditions::{PlanConditions, is_default};
use super::step_band::StepBand;
use super::tracking::FigureUse;
use jiff::Timestamp;
use kervan_model::{CostBasis, Itinerary as ModelItinerary, ServiceStatus, Step as ModelStep};
use kervan_network::Network;
use kervan_node::{FigureVersion, NoFigureVersion};
use kervan_planning as planning;
use kervan_tracking::LearnedFigure;
use kervan_units::{Mass, Money as UnitMoney};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a forwarder asks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanRequest {
    /// Place code of the origin.
    #[schema(example = "CNXIA")]
    pub from: String,
    /// Place code of the destination.
    #[schema(example = "TRIST")]
    pub to: String,
    /// When the goods are ready, RFC 3339.
    #[schema(example = "2026-12-01T08:00:00Z")]
    pub ready: String,
    /// Containers.
    pub equipment: Vec<EquipmentCount>,
    /// Mass of the goods in kilograms, all containers together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_mass_kg: Option<f64>,
    /// Whether services may be used that are not open yet.
    #[serde(default)]
    pub allow_planned: bool,
    /// Whether services may be used that cannot be relied on.
    #[serde(default)]
    pub allow_disrupted: bool,
    /// Seed of the random numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// When the goods must be there, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-12-28T00:00:00Z")]
    pub deadline: Option<String>,
    /// The chance to meet the deadline that is wanted, 0 to 1; 0.8 if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_chance: Option<f64>,
    /// What a day is worth for all containers together, in the currency of plans (USD); an assumption if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_of_day: Option<f64>,
    /// What ways must keep to, and what they are compared on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub conditions: PlanConditions,
    /// Which measurements the plan rests on: `published` for none, or what a plan said of itself. Without it a new plan takes the
    /// newest, and an accepted one none: send back the request that the plan echoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "1204@2026-12-09")]
    pub figures: Option<String>,
}

/// A number of containers of one size and type.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EquipmentCount {
    /// How many.
    #[schema(example = 2)]
    pub count: u32,
    /// ISO 6346 size and type.
    #[schema(example = "45G1")]
    pub size_type: String,
}

/// Largest seed: an accepted plan is signed with its inputs, and RFC 8785 keeps integers exact up to here.
const MOST_SEED: u64 = (1 << 53) - 1;

impl PlanRequest {
    /// Reads the request. Errors: every finding at once.
    pub fn read(&self) -> Result<planning::PlanRequest, Vec<kervan_model::Finding>> {
        let mut findings = Vec::new();
        let from = parse(&self.from, "/from", &mut findings);
        let to = parse(&self.to, "/to", &mut findings);
        let ready: Option<Timestamp> = parse(&self.ready, "/ready", &mut findings);
        let mut equipment = Vec::new();
        for (index, item) in self.equipment.iter().enumerate() {
            if let Some(size) =
                parse(&item.size_type, &format!("/equipment/{index}/size_type"), &mut findings)
            {
                equipment.push((item.count, size));
            }
        }
        let gross_mass = match self.gross_mass_kg {
            Some(kilograms) if !(0.0..1e9).contains(&kilograms) => {
                let message = format!("{kilograms} kg is no mass of goods");
                findings.push(kervan_model::Finding::error("planning.mass", message).at("/gross_mass_kg"));
                None
            }
            Some(kilograms) => Some(Mass::from_grams((kilograms * 1_000.0).round() as u64)),
            None => None,
        };
        if self.seed.is_some_and(|seed| seed > MOST_SEED) {
            let message =
                format!("the seed is above {MOST_SEED}, the largest integer that canonical JSON can hold");
            findings.push(
                kervan_model::Finding::error("planning.seed", message)
                    .at("/seed")
                    .remedy("use a smaller seed"),
            );
        }
        let conditions = self.conditions.read(&mut findings);
        match (from, to, ready) {
            (Some(from), Some(to), Some(ready)) if findings.is_empty() => Ok(planning::PlanRequest {
                from,
                to,
                ready,
                equipment,
                gross_mass,
                allow_planned: self.allow_planned,
                allow_disrupted: self.allow_disrupted,
                conditions,
            }),
            _ => Err(findings),
        }
    }

    /// What the forwarder prefers. Errors: every finding at once.
    pub fn preferences(&self) -> Result<planning::Preferences, Vec<kervan_model::Finding>> {
        /// More than a ship full of goods is worth in a day. Unit: major unit.
        const MOST_VALUE: f64 = 1e9;
        let mut findings = Vec::new();
        let deadline = self.deadline.as_ref().and_then(|text| parse(text, "/deadline", &mut findings));
        let default = planning::Preferences::default();
        let chance = self.wanted_chance.unwrap_or(default.wanted_chance);
        if !(0.0..=1.0).contains(&chance) {
            let message = format!("{chance} is no chance");
            let finding = kervan_model::Finding::error("planning.chance", message).at("/wanted_chance");
            findings.push(finding.remedy("give 0 to 1, such as 0.8"));
        }
        if let Some(value) = self.value_of_day.filter(|value| !(0.0..=MOST_VALUE).contains(value)) {
            let message = format!("a day cannot be worth {value}");
            let finding = kervan_model::Finding::error("planning.value-of-day", message).at("/value_of_day");
            findings.push(
                finding.remedy("give an amount for all containers together, from 0 on, or leave it out"),
            );
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let money =
            |value: f64| Some(UnitMoney::from_minor((value * 100.0).round() as i64, "USD".parse().ok()?));
        let value_of_day = self.value_of_day.and_then(money);
        Ok(planning::Preferences { value_of_day, deadline, wanted_chance: chance })
    }

    /// Which measurements it names; nothing if it names none. Errors: a finding.
    pub fn figures(&self) -> Result<Option<FigureVersion>, Vec<kervan_model::Finding>> {
        let read = |text: &String| {
            text.parse().map_err(|error: NoFigureVersion| {
                let finding = kervan_model::Finding::error("planning.figures", error.to_string());
                vec![finding.at("/figures").remedy("send what a plan said of itself, or leave it away")]
            })
        };
        self.figures.as_ref().map(read).transpose()
    }

    /// The options: the default ones with the request's seed.
    pub fn options(&self) -> planning::PlanOptions {
        let default = planning::PlanOptions::default();
        planning::PlanOptions { seed: self.seed.unwrap_or(default.seed), ..default }
    }
}

pub(super) fn parse<T: std::str::FromStr<Err: std::fmt::Display + 'static>>(
    text: &str,
    path: &str,
    findings: &mut Vec<kervan_model::Finding>,
) -> Option<T> {
    text.parse()
        .map_err(|error: T::Err| {
            let finding = kervan_model::Finding::error("request.not-a-value", kervan_model::words_of(&error));
            findings.push(finding.at(path).remedy("correct the value"));
        })
        .ok()
}

/// Ways from A to B that no other beats on arrival, cost and emissions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Plan {
    /// What was asked.
    pub request: PlanRequest,
    /// Version of the network.
    pub network_version: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Monte Carlo samples.
    pub samples: u32,
    /// The ways, earliest median arrival first.
    pub alternatives: Vec<Alternative>,
    /// Remarks.
    pub findings: Vec<Finding>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// Why a way is recommended, how sure that is, and what to do when it breaks; nothing if there is no way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insight: Option<Insight>,
    /// Legs and dwells of the ways whose durations were measured here: how often, and since when they have drifted.
    pub measured: Vec<FigureUse>,
}

/// Something that was assumed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Assumption {
    /// What it is about.
    pub name: String,
    /// What was assumed.
    pub value: String,
    /// What it rests on.
    pub provenance: Provenance,
}

/// Arrival at three quantiles.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Odds {
    /// 10 %.
    pub p10: String,
    /// Median.
    pub p50: String,
    /// 90 %.
    pub p90: String,
}

impl From<kervan_model::ArrivalOdds> for Odds {
    fn from(odds: kervan_model::ArrivalOdds) -> Self {
        Self { p10: odds.p10.to_string(), p50: odds.p50.to_string(), p90: odds.p90.to_string() }
    }
}

/// Hours at three quantiles.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct HourOdds {
    /// 10 %.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90 %.
    pub p90: f64,
}

/// What an itinerary costs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Cost {
    /// Sum of typical amounts.
    pub total: Money,
    /// Sum of least amounts.
    pub low: Money,
    /// Sum of greatest amounts.
    pub high: Money,
    /// Share of the total that rests on published prices, 0 to 1.
    pub published_share: f64,
    /// The part that is judgement.
    pub judged: Money,
    /// What has no figure and is not in the total.
    pub unknown: Vec<String>,
}

/// One way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Alternative {
    /// Its name within the plan.
    pub id: String,
    /// The places that tell it from others.
    pub via: Vec<String>,
    /// What it is best at: `fastest`, `cheapest`, `lowest_emissions`.
    pub badges: Vec<&'static str>,
    /// Remarks on this way.
    pub findings: Vec<Finding>,
    /// What is foreseen of each step, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<StepBand>,
    /// The way.
    #[serde(flatten)]
    pub itinerary: Itinerary,
}

/// An itinerary.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Itinerary {
    /// When the goods are ready.
    pub departs: String,
    /// Arrival.
    pub arrives: Odds,
    /// Duration.
    pub duration_h: HourOdds,
    /// Length.
    pub distance_km: f64,
    /// Changes of mode or gauge.
    pub transfers: usize,
    /// Countries crossed in order.
    pub countries: Vec<String>,
    /// The least confidence of any figure in it.
    pub confidence: Confidence,
    /// Cost.
    pub cost: Cost,
    /// Greenhouse gas in kilograms of CO2e.
    pub co2e_kg: f64,
    /// Stays and legs in order.
    pub steps: Vec<Step>,
}

/// A stay or a leg.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// A stay.
    Stay(Stay),
    /// A leg.
    Leg(Box<Leg>),
}

/// A stay at a place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stay {
    /// Place code.
    pub place: String,
    /// Its name.
    pub name: String,
    /// Arrival, median.
    pub arrives_p50: String,
    /// Departure, median.
    pub leaves_p50: String,
    /// What happens there.
    pub processes: Vec<ProcessStay>,
}

/// A process of a stay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProcessStay {
    /// What it is.
    pub kind: &'static str,
    /// How long it takes.
    pub hours: ThreePoints,
    /// Whether that contains the wait for the next departure.
    pub includes_waiting: bool,
    /// Where the figure comes from.
    pub provenance: Provenance,
}

/// A ride.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Leg {
    /// Service id.
    pub service: String,
    /// Name of the service.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Class of traffic.
    pub class: &'static str,
    /// Mode.
    pub mode: &'static str,
    /// From.
    pub from: String,
    /// Name of the place.
    pub from_name: String,
    /// To.
    pub to: String,
    /// Name of the place.
    pub to_name: String,
    /// Departure, median.
    pub departs_p50: String,
    /// Arrival, median.
    pub arrives_p50: String,
    /// Running time.
    pub hours: ThreePoints,
    /// Length, typical.
    pub distance_km: f64,
    /// Countries.
    pub countries: Vec<String>,
    /// Price for all equipment, if there is any figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<LegCost>,
    /// Greenhouse gas in kilograms of CO2e.
    pub co2e_kg: f64,
    /// `open`, `planned` or `disrupted`.
    pub status: super::network::Status,
    /// Ids of the links that it rides.
    pub links: Vec<String>,
    /// Where the running time comes from.
    pub provenance: Provenance,
}

/// The price of a leg.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LegCost {
    /// Typical amount.
    pub amount: Money,
    /// Least amount.
    pub low: Money,
    /// Greatest amount.
    pub high: Money,
    /// `published`, `derived` or `judgement`.
    pub basis: &'static str,
    /// Where it comes from.
    pub provenance: Provenance,
}

impl Plan {
    /// A plan with the names of its places.
    pub fn new(request: PlanRequest, explained: &planning::Explained, network: &Network) -> Self {
        let planning::Explained { plan, insight } = explained;
        Self {
            request,
            network_version: plan.network_version.clone(),
            seed: plan.seed,
            samples: plan.samples,
            alternatives: plan.alternatives.iter().map(|way| Alternative::new(way, network)).collect(),
            findings: plan.findings.iter().map(Finding::from).collect(),
            assumptions: plan.assumptions.iter().map(Assumption::from).collect(),
            insight: insight.as_ref().map(|insight| Insight::new(insight, network)),
            measured: Vec::new(),
        }
    }

    /// The same with what was measured of its ways; its request says which measurements, so that it can be made again.
    #[must_use]
    pub fn with_figures(
        mut self,
        version: FigureVersion,
        figures: &[LearnedFigure],
        network: &Network,
    ) -> Self {
        self.request.figures = Some(version.to_string());
        self.measured = figures.iter().map(|page| FigureUse::of_learned(page, network)).collect();
        self
    }
}

impl From<&planning::Assumption> for Assumption {
    fn from(assumption: &planning::Assumption) -> Self {
        Self {
            name: assumption.name.clone(),
            value: assumption.value.clone(),
            provenance: (&assumption.provenance).into(),
        }
    }
}

impl Alternative {
    pub(super) fn new(way: &planning::Alternative, network: &Network) -> Self {
        Self {
            id: way.id.to_string(),
            via: way.via.iter().map(|code| name_of(network, code)).collect(),
            badges: way.badges.iter().map(|badge| badge_word(*badge)).collect(),
            findings: way.findings.iter().map(Finding::from).collect(),
            bands: Vec::new(),
            itinerary: Itinerary::new(&way.itinerary, network),
        }
    }
}

fn badge_word(badge: planning::Badge) -> &'static str {
    match badge {
        planning::Badge::Fastest => "fastest",
        planning::Badge::Cheapest => "cheapest",
        planning::Badge::LowestEmissions => "lowest_emissions",
    }
}

/// The name of a place, or its code if the network has lost it since.
pub fn name_of(network: &Network, code: &kervan_codes::PlaceCode) -> String {
    network.find_place(code).map_or_else(|| code.to_string(), |place| place.name.clone())
}

pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

impl Itinerary {
    /// An itinerary with the names of its places.
    pub fn new(itinerary: &ModelItinerary, network: &Network) -> Self {
        let hours =
            |until: Timestamp| tenth((until.as_second() - itinerary.departs.as_second()) as f64 / 3_600.0);
        let (total, published) = (itinerary.cost.total.minor(), itinerary.cost.published.minor());
        let legs: Vec<_> = itinerary.legs().collect();
        Self {
            departs: itinerary.departs.to_string(),
            arrives: itinerary.arrives.into(),
            duration_h: HourOdds {
                p10: hours(itinerary.arrives.p10),
                p50: hours(itinerary.arrives.p50),
                p90: hours(itinerary.arrives.p90),
            },
            distance_km: itinerary.distance.as_kilometres_f64().round(),
            transfers: legs
                .windows(2)
                .filter(|pair| matches!(pair, [one, other] if one.mode != other.mode))
                .count(),
            countries: itinerary.countries.iter().map(ToString::to_string).collect(),
            confidence: itinerary.confidence.into(),
            cost: Cost {
                total: itinerary.cost.total.into(),
                low: itinerary.cost.low.into(),
                high: itinerary.cost.high.into(),
                published_share: if total > 0 {
                    (published as f64 / total as f64 * 1e3).round() / 1e3
                } else {
                    0.0
                },
                judged: itinerary.cost.judged.into(),
                unknown: itinerary.cost.unknown.clone(),
            },
            co2e_kg: (itinerary.carbon.grams() as f64 / 1e3).round(),
            steps: itinerary.steps.iter().map(|step| Step::new(step, network)).collect(),
        }
    }
}

impl Step {
    fn new(step: &ModelStep, network: &Network) -> Self {
        match step {
            ModelStep::Stay(stay) => Self::Stay(Stay {
                place: stay.place.to_string(),
                name: name_of(network, &stay.place),
                arrives_p50: stay.arrives.to_string(),
                leaves_p50: stay.leaves.to_string(),
                processes: stay
                    .processes
                    .iter()
                    .map(|process| ProcessStay {
                        kind: process.kind.word(),
                        hours: ThreePoints::hours(process.duration),
                        includes_waiting: process.includes_waiting,
                        provenance: (&process.provenance).into(),
                    })
                    .collect(),
            }),
            ModelStep::Leg(leg) => Self::Leg(Box::new(Leg::new(leg, network))),
        }
    }
}

impl Leg {
    fn new(leg: &kervan_model::Leg, network: &Network) -> Self {
        Self {
            service: leg.service.to_string(),
            name: leg.name.clone(),
            operator: leg.operator.clone(),
            class: leg.class.word(),
            mode: leg.mode.word(),
            from: leg.from.to_string(),
            from_name: name_of(network, &leg.from),
            to: leg.to.to_string(),
            to_name: name_of(network, &leg.to),
            departs_p50: leg.departs.to_string(),
            arrives_p50: leg.arrives.to_string(),
            hours: ThreePoints::hours(leg.running),
            distance_km: leg.distance.typ().as_kilometres_f64().round(),
            countries: leg.countries.iter().map(ToString::to_string).collect(),
            cost: leg.cost.as_ref().map(|cost| LegCost {
                amount: cost.typical.into(),
                low: cost.low.into(),
                high: cost.high.into(),
                basis: match cost.basis {
                    CostBasis::Published => "published",
                    CostBasis::Derived => "derived",
                    CostBasis::Judgement => "judgement",
                },
                provenance: (&cost.provenance).into(),
            }),
            co2e_kg: (leg.carbon.grams() as f64 / 1e3).round(),
            status: match &leg.status {
                ServiceStatus::Open => super::network::Status { state: "open", opens: None, reason: None },
                ServiceStatus::Planned { opens } => {
                    super::network::Status { state: "planned", opens: Some(*opens), reason: None }
                }
                ServiceStatus::Disrupted { reason } => {
                    super::network::Status { state: "disrupted", opens: None, reason: Some(reason.clone()) }
                }
            },
            links: network.links_of_service(&leg.service).map(|link| link.id.to_string()).collect(),
            provenance: (&leg.provenance).into(),
        }
    }
}

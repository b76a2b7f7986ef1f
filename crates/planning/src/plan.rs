//! The plan: alternatives with odds, as a value that can be computed again.

use crate::assemble::{Assembled, assemble};
use crate::boxes::Boxes;
use crate::choose::{badges, choose};
use crate::explain::explain_no_way;
use crate::ground::Ground;
use crate::odds::Odds;
use crate::request::check_request;
use crate::ride::Allowance;
use crate::search::{Weight, find_front};
use crate::{AlternativeId, PlanOptions, PlanRequest, limits};
use kervan_codes::PlaceCode;
use kervan_model::{Confidence, Finding, Itinerary, Provenance, has_errors};
use kervan_network::Network;
use kervan_units::{Currency, Seconds};
use serde::{Deserialize, Serialize};

/// The ways from A to B that no other way beats, and what was asked and assumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What was asked.
    pub request: PlanRequest,
    /// Version of the network.
    pub network_version: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Monte Carlo samples.
    pub samples: u32,
    /// Alternatives shown at most.
    pub most_alternatives: u32,
    /// Alternatives, earliest median arrival first; empty if there is no way, and then a finding says why.
    pub alternatives: Vec<Alternative>,
    /// Remarks on the plan as a whole.
    pub findings: Vec<Finding>,
    /// What was assumed where neither the request nor the network says.
    pub assumptions: Vec<Assumption>,
}

impl Plan {
    /// The options that give this plan again.
    pub fn options(&self) -> PlanOptions {
        PlanOptions {
            seed: self.seed,
            samples: self.samples,
            most_alternatives: self.most_alternatives,
            now: None,
        }
    }
}

/// One way from origin to destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Its name within the plan.
    pub id: AlternativeId,
    /// The way with times, cost and emissions. It arrives when the goods are handed over at the destination: after the
    /// delivery there, where the network has a figure for it.
    pub itinerary: Itinerary,
    /// The places that tell it from others: ports, changes of gauge, borders, in order.
    pub via: Vec<PlaceCode>,
    /// What it is best at, among the alternatives of which most is known.
    pub badges: Vec<Badge>,
    /// How often goods change mode or gauge.
    pub transfers: u32,
    /// Remarks on this way alone, such as a change that has no figure.
    pub findings: Vec<Finding>,
}

/// What an alternative is best at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// Earliest median arrival.
    Fastest,
    /// Least typical cost.
    Cheapest,
    /// Least greenhouse gas.
    LowestEmissions,
}

impl Badge {
    /// Every badge.
    pub const ALL: &'static [Self] = &[Self::Fastest, Self::Cheapest, Self::LowestEmissions];
}

/// Something that was assumed, because neither the request nor the network says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// What it is about.
    pub name: String,
    /// What was assumed, for people.
    pub value: String,
    /// What it rests on.
    pub provenance: Provenance,
}

/// Plans a request: search, odds, and the choice of what to show.
///
/// The search compares mean durations, which add up; what it finds is played, and what is shown is unbeaten on the median
/// arrival, the typical cost and the typical emissions that the alternatives state.
///
/// The plan depends on its arguments alone. Errors: every finding on the request at once (see
/// [`check_request`](crate::check_request)). A request that is right but has no way gives a plan without alternatives and
/// with the reason.
pub fn plan(network: &Network, request: &PlanRequest, options: &PlanOptions) -> Result<Plan, Vec<Finding>> {
    let findings = check_request(network, request, options);
    if has_errors(&findings) {
        return Err(findings);
    }
    let currency = plan_currency()?;
    let mut plan = Plan {
        request: request.clone(),
        network_version: network.version().to_owned(),
        seed: options.seed,
        samples: options.samples,
        most_alternatives: options.most_alternatives,
        alternatives: Vec::new(),
        findings,
        assumptions: Vec::new(),
    };
    let Some(ground) = Ground::new(network, request, Allowance::of_request(request), currency) else {
        return Ok(plan);
    };
    let ways = match find_front(&ground.graph) {
        Ok(ways) => ways,
        Err(too_many) => {
            plan.findings.push(
                Finding::error("planning.search-too-large", too_many.to_string())
                    .remedy("plan the parts of the way on their own"),
            );
            return Ok(plan);
        }
    };
    if ways.is_empty() {
        plan.findings.push(explain_no_way(network, request, currency));
        return Ok(plan);
    }
    let weights: Vec<Weight> = ways.iter().map(|way| way.weight).collect();
    let unlike = |one: usize, other: usize| match (ways.get(one), ways.get(other)) {
        (Some(one), Some(other)) => ground.unlike(&one.rides, &other.rides),
        _ => 1.0,
    };
    let sampled = choose(&weights, limits::MOST_WAYS_SAMPLED, &unlike);
    let mut odds = Odds::new(options.seed, options.samples);
    let assembled: Vec<Assembled> = sampled
        .shown
        .iter()
        .filter_map(|index| assemble(&ground, request, options, &ways.get(*index)?.rides, &mut odds))
        .collect();
    let sampled_unlike = |one: usize, other: usize| match (sampled.shown.get(one), sampled.shown.get(other)) {
        (Some(one), Some(other)) => unlike(*one, *other),
        _ => 1.0,
    };
    show(&mut plan, assembled, sampled.cut, &sampled_unlike);
    if ground.left_out > 0 {
        let message = format!("{} services are planned or disrupted and were not used", ground.left_out);
        plan.findings.push(
            Finding::info("planning.services-left-out", message)
                .remedy("allow planned or disrupted services to see what they would change"),
        );
    }
    Ok(plan)
}

/// The figures of an alternative as they are shown, on which it must not be beaten.
fn shown_weight(assembled: &Assembled) -> Weight {
    let itinerary = &assembled.itinerary;
    Weight {
        seconds: Seconds::between(itinerary.departs, itinerary.arrives.p50).get(),
        cents: u64::try_from(itinerary.cost.total.minor()).unwrap_or(0),
        grams: itinerary.carbon.grams(),
        unknown: assembled.unknown,
    }
}

fn show(
    plan: &mut Plan,
    assembled: Vec<Assembled>,
    not_sampled: usize,
    unlike: &dyn Fn(usize, usize) -> f64,
) {
    let weights: Vec<Weight> = assembled.iter().map(shown_weight).collect();
    let choice = choose(&weights, plan.most_alternatives as usize, unlike);
    let cut = choice.cut + not_sampled;
    if cut > 0 {
        let within = (choice.within * 100.0).ceil();
        plan.findings.push(
            Finding::info(
                "planning.alternatives-cut",
                format!(
                    "{cut} more ways are beaten by none; on each figure one that is shown comes within {within} % of them"
                ),
            )
            .remedy("ask for more alternatives"),
        );
    }
    let shown: Vec<Weight> = choice.shown.iter().filter_map(|index| weights.get(*index).copied()).collect();
    let mut units = Vec::new();
    let mut assembled: Vec<Option<Assembled>> = assembled.into_iter().map(Some).collect();
    for ((index, badges), number) in choice.shown.iter().zip(badges(&shown)).zip(1..) {
        let Some(one) = assembled.get_mut(*index).and_then(Option::take) else { continue };
        units.extend(one.units);
        plan.alternatives.push(Alternative {
            id: AlternativeId::new(number),
            itinerary: one.itinerary,
            via: one.via,
            badges,
            transfers: one.transfers,
            findings: one.findings,
        });
    }
    plan.assumptions = Boxes::assumptions(&plan.request, &units);
    plan.assumptions.extend(method_assumptions());
}

/// What every plan assumes.
fn method_assumptions() -> [Assumption; 2] {
    let judgement = |reason: &str| Provenance {
        source: format!("judgement: {reason}"),
        period: "2026".to_owned(),
        confidence: Confidence::Low,
    };
    [
        Assumption {
            name: "odds".to_owned(),
            value: "durations follow PERT distributions over least, typical and most, independently of each other; \
                    a departure at even intervals is as likely at any moment of the interval"
                .to_owned(),
            provenance: judgement("most sources give three points and no samples"),
        },
        Assumption {
            name: "emissions".to_owned(),
            value: "of the rides, by mass and distance; handling at terminals is not counted".to_owned(),
            provenance: judgement("the network has no factor per move"),
        },
    ]
}

/// The currency of every plan until there are dated exchange rates; tariffs in others are named as unknown.
const PLAN_CURRENCY: &str = "USD";

fn plan_currency() -> Result<Currency, Vec<Finding>> {
    PLAN_CURRENCY
        .parse()
        .map_err(|_| vec![Finding::error("planning.currency", "the currency of plans is not known")])
}

/// An alternative of a plan by its id.
pub fn find_alternative(plan: &Plan, id: AlternativeId) -> Option<&Alternative> {
    plan.alternatives.iter().find(|alternative| alternative.id == id)
}

/// The itinerary of one alternative, computed again from what was asked: what a forwarder accepts.
///
/// The id means the same alternative only for the same request, seed, samples and number of alternatives, and the same
/// version of the network. Errors: what [`plan`] returns, or a finding that there is no such alternative.
pub fn plan_alternative(
    network: &Network,
    request: &PlanRequest,
    options: &PlanOptions,
    id: AlternativeId,
) -> Result<Itinerary, Vec<Finding>> {
    let mut plan = plan(network, request, options)?;
    if let Some(found) = plan.alternatives.iter().position(|alternative| alternative.id == id) {
        return Ok(plan.alternatives.swap_remove(found).itinerary);
    }
    let known: Vec<String> = plan.alternatives.iter().map(|alternative| alternative.id.to_string()).collect();
    let mut findings = plan.findings;
    findings.push(
        Finding::error("planning.unknown-alternative", format!("the plan has no alternative {id}"))
            .at("/alternative")
            .remedy(if known.is_empty() {
                "the plan has no alternatives at all".to_owned()
            } else {
                format!(
                    "choose one of {}; the request, the seed and the network must be those of the plan",
                    known.join(", ")
                )
            }),
    );
    Err(findings)
}

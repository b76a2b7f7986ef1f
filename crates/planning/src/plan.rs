//! The plan: alternatives with odds, as a value that can be computed again.

use crate::adapt::{Adapted, Way};
use crate::assemble::{Assembled, Closely, assemble};
use crate::boxes::Boxes;
use crate::choose::{Choice, badges, choose};
use crate::cuts::Conditioned;
use crate::ground::{Ground, Lengths};
use crate::odds::Odds;
use crate::relax::explain_no_way;
use crate::request::check_request;
use crate::weight::Weight;
use crate::{AlternativeId, Learned, PlanOptions, PlanRequest, limits};
use kervan_codes::PlaceCode;
use kervan_model::{Confidence, Finding, Itinerary, Provenance, ServiceId, has_errors};
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
    plan_learned(network, request, options, &Learned::default())
}

/// Plans a request with durations that were measured in the place of published ones.
///
/// The plan is another one for other learned figures, so whoever wants it again has to keep them. Errors: those of [`plan`].
pub fn plan_learned(
    network: &Network,
    request: &PlanRequest,
    options: &PlanOptions,
    learned: &Learned,
) -> Result<Plan, Vec<Finding>> {
    let conditioned = Conditioned::new(request);
    let (mut plan, searched) = search(network, request, options, &conditioned)?;
    if let Some(Searched { ground, ways }) = searched {
        plan.play(&ground, &conditioned, ways, &mut Odds::new(options.seed, options.samples, learned), 0);
    }
    Ok(plan)
}

/// The ground of a request with the ways that the search found on it.
pub(crate) struct Searched<'n> {
    pub(crate) ground: Ground<'n>,
    /// Never empty.
    pub(crate) ways: Vec<Way>,
}

/// Searches a request. Returns a plan that has still to be played; where there is no way, it says why and there is nothing to play.
///
/// Errors: every finding on the request at once.
pub(crate) fn search<'n>(
    network: &'n Network,
    request: &PlanRequest,
    options: &PlanOptions,
    conditioned: &Conditioned<'_>,
) -> Result<(Plan, Option<Searched<'n>>), Vec<Finding>> {
    let findings = check_request(network, request, options);
    if has_errors(&findings) {
        return Err(findings);
    }
    let currency = plan_currency()?;
    let mut plan = Plan::empty(network, request.clone(), options, findings);
    let Some(ground) = Ground::new(network, request, conditioned, 0, currency) else {
        return Ok((plan, None));
    };
    match Adapted::new(&ground, request, conditioned, 0).and_then(|adapted| adapted.find_ways()) {
        Err(stopped) => plan.findings.push(too_large(&stopped)),
        Ok(ways) if ways.is_empty() => plan.findings.extend(explain_no_way(network, request, currency)),
        Ok(ways) => return Ok((plan, Some(Searched { ground, ways }))),
    }
    Ok((plan, None))
}

impl Plan {
    /// A plan without ways.
    pub(crate) fn empty(
        network: &Network,
        request: PlanRequest,
        options: &PlanOptions,
        findings: Vec<Finding>,
    ) -> Self {
        Self {
            request,
            network_version: network.version().to_owned(),
            seed: options.seed,
            samples: options.samples,
            most_alternatives: options.most_alternatives,
            alternatives: Vec::new(),
            findings,
            assumptions: Vec::new(),
        }
    }

    /// Plays the ways that the search found, and shows the ones that stay unbeaten. Returns a longer list of them, at most so many:
    /// what goods may turn to.
    pub(crate) fn play<'n>(
        &mut self,
        ground: &Ground<'n>,
        conditioned: &Conditioned<'_>,
        ways: Vec<Way>,
        odds: &mut Odds<'n>,
        longer: usize,
    ) -> Vec<Itinerary> {
        let (ways, options) = (one_of_each(ways), self.options());
        let weights: Vec<Weight> =
            ways.iter().map(|way| way.weight.compared(&self.request.conditions)).collect();
        let corridors = number_corridors(ways.iter().map(|way| ground.corridor(&way.rides)));
        let lengths: Vec<Lengths> = ways.iter().map(|way| ground.lengths(&way.rides)).collect();
        let unlike = |one: usize, other: usize| match (lengths.get(one), lengths.get(other)) {
            (Some(one), Some(other)) => one.unlike(other),
            _ => 1.0,
        };
        let sampled = choose(&weights, &corridors, limits::MOST_WAYS_SAMPLED, &unlike);
        // Which way each assembled one was.
        let (mut assembled, mut of_way) = (Vec::new(), Vec::new());
        for index in &sampled.shown {
            let Some(way) = ways.get(*index) else { continue };
            if let Some(one) =
                assemble(ground, conditioned, (&self.request, &options), way, odds, Closely::Ends)
            {
                assembled.push(one);
                of_way.push(*index);
            }
        }
        let at = |index: usize| of_way.get(index).copied().unwrap_or(usize::MAX);
        let unlike = |one, other| unlike(at(one), at(other));
        let corridors: Vec<usize> =
            of_way.iter().map(|index| corridors.get(*index).copied().unwrap_or(0)).collect();
        let weights: Vec<Weight> =
            assembled.iter().map(|one| shown_weight(one).compared(&self.request.conditions)).collect();
        let choice = choose(&weights, &corridors, self.most_alternatives as usize, &unlike);
        let mut steps = |index: &usize| {
            let way = ways.get(*of_way.get(*index)?)?;
            assemble(ground, conditioned, (&self.request, &options), way, odds, Closely::Steps)
        };
        let shown: Vec<Assembled> = choice.shown.iter().filter_map(&mut steps).collect();
        self.show(shown, &weights, &choice, sampled.cut);
        let wide = if longer > 0 { choose(&weights, &corridors, longer, &unlike).shown } else { Vec::new() };
        let mut assembled: Vec<Option<Itinerary>> =
            assembled.into_iter().map(|one| Some(one.itinerary)).collect();
        let wide = wide.iter().filter_map(|index| assembled.get_mut(*index)?.take()).collect();
        if ground.left_out > 0 {
            let message = format!("{} services are planned or disrupted and were not used", ground.left_out);
            self.findings.push(
                Finding::info("planning.services-left-out", message)
                    .remedy("allow planned or disrupted services to see what they would change"),
            );
        }
        wide
    }

    /// Shows what was chosen; `not_sampled` ways were left out before that.
    fn show(&mut self, assembled: Vec<Assembled>, weights: &[Weight], choice: &Choice, not_sampled: usize) {
        let cut = choice.cut + not_sampled;
        if cut > 0 {
            let within = (choice.within * 100.0).ceil();
            self.findings.push(
                Finding::info(
                    "planning.alternatives-cut",
                    format!(
                        "{cut} more ways are beaten by none; on each figure one that is shown comes within {within} % of them"
                    ),
                )
                .remedy("ask for more alternatives"),
            );
        }
        let shown: Vec<Weight> =
            choice.shown.iter().filter_map(|index| weights.get(*index).copied()).collect();
        let (mut units, mut rates) = (Vec::new(), std::collections::BTreeSet::new());
        for ((one, badges), number) in assembled.into_iter().zip(badges(&shown)).zip(1..) {
            units.extend(one.units);
            rates.extend(one.rates);
            self.alternatives.push(Alternative {
                id: AlternativeId::new(number),
                itinerary: one.itinerary,
                via: one.via,
                badges,
                transfers: one.transfers,
                findings: one.findings,
            });
        }
        self.assumptions = Boxes::assumptions(&self.request, &units);
        self.assumptions.extend(rates.into_iter().map(exchange_assumption));
        self.assumptions.extend(method_assumptions());
    }
}

/// A number for each corridor, the same for the same one.
fn number_corridors<T: Ord>(corridors: impl Iterator<Item = T>) -> Vec<usize> {
    let mut known = std::collections::BTreeMap::new();
    corridors
        .map(|corridor| {
            let next = known.len();
            *known.entry(corridor).or_insert(next)
        })
        .collect()
}

/// Every chain of services that no other beats on the criteria of a request, by mean durations and without odds: what the
/// search alone finds, earliest first.
///
/// Errors: every finding on the request at once, or why the search gave up. Empty if there is no way.
pub fn list_chains(
    network: &Network,
    request: &PlanRequest,
    options: &PlanOptions,
) -> Result<Vec<Vec<ServiceId>>, Vec<Finding>> {
    let findings = check_request(network, request, options);
    if has_errors(&findings) {
        return Err(findings);
    }
    let (currency, conditioned) = (plan_currency()?, Conditioned::new(request));
    let Some(ground) = Ground::new(network, request, &conditioned, 0, currency) else {
        return Ok(Vec::new());
    };
    let found = Adapted::new(&ground, request, &conditioned, 0).and_then(|adapted| adapted.find_ways());
    let ways = found.map_err(|stopped| vec![too_large(&stopped)])?;
    let services = |way: Way| {
        let rides = way.rides.iter().filter_map(|index| ground.rides.get(*index));
        rides.map(|ride| ride.service.id.clone()).collect()
    };
    Ok(one_of_each(ways).into_iter().map(services).collect())
}

pub(crate) fn too_large(stopped: &kervan_search::Stopped) -> Finding {
    Finding::error("planning.search-too-large", stopped.to_string())
        .remedy("compare fewer criteria, give an epsilon, or look less far ahead")
}

/// One way of each chain of rides, the earliest: to wait on purpose is no way of its own once it is played.
fn one_of_each(ways: Vec<Way>) -> Vec<Way> {
    let mut seen = std::collections::BTreeSet::new();
    ways.into_iter().filter(|way| seen.insert(way.rides.clone())).collect()
}

/// The figures of an alternative as they are shown, on which it must not be beaten.
fn shown_weight(assembled: &Assembled) -> Weight {
    let itinerary = &assembled.itinerary;
    Weight {
        seconds: Seconds::between(itinerary.departs, itinerary.arrives.p50).get(),
        cents: u64::try_from(itinerary.cost.total.minor()).unwrap_or(0),
        grams: itinerary.carbon.grams(),
        exposure: assembled.exposure,
        unknown: assembled.unknown,
    }
}

/// A rate of exchange that prices were converted at.
fn exchange_assumption(rate: String) -> Assumption {
    Assumption {
        name: "rate of exchange".to_owned(),
        value: rate,
        provenance: Provenance {
            source: "judgement: the latest rate in the tables that is not younger than the day of departure"
                .to_owned(),
            period: "2026".to_owned(),
            confidence: Confidence::Low,
        },
    }
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

/// The currency of every plan; prices in others are converted at dated rates.
const PLAN_CURRENCY: &str = "USD";

pub(crate) fn plan_currency() -> Result<Currency, Vec<Finding>> {
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

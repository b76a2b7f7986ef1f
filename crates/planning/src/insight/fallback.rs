//! What to do when the recommended way breaks: from the ways of a plan to a policy and its turns.
//!
//! The network of the policy is what many ways of the same request use. Its nodes are the arrivals on a service; at each, the
//! ways on are the services that leave there in some way, for goods that came by the same class and mode. Where no way has
//! just this pair of services, the stay between them is looked up in the network.
//!
//! What a way on costs is its freight and the handling of the stay before it; storage is not counted, because it depends on how
//! long goods lie. Borders and terminals are entered when they are open. Turns that are not shown are not counted either.

use super::outlook::after;
use super::recommend::{DAY, Wanted, money};
use super::swing::Seen;
use super::way::Source;
use super::{Expected, Fallback, FallbackPlan, ServiceRef};
use crate::limits::{LEAST_CHANCE, LIKELIEST_FALLBACK};
use crate::odds::{LearnedKey, departures, hours};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Itinerary, Leg, ProcessKind, ServiceId, Stay, Step};
use kervan_odds::{
    Curve, Departures, Grid, Hours, Node, Onward, Policy, Question, Spread, Switch, Unrolled, find_policy,
};
use kervan_units::{Estimate, Money, Seconds};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Step of the grid: finer than any interval of departures that a fallback turns on, coarse enough for a web page.
const STEP: Seconds = Seconds::from_hours(3);

/// What turning to another way costs besides its price: somebody has to book it anew. As bad as so long a delay; a judgement.
const TURNING: Seconds = Seconds::from_hours(12);

/// How far is looked beyond the late end of the slowest way: what is later than that is rare, and counts with its means. Unit: day.
const DAYS_BEYOND: u64 = 20;

/// How far is looked at most. Unit: day.
const MOST_DAYS: u64 = 120;

/// What a ride without a price counts where prices count: more than any ride of the network. Unit: minor unit.
const UNPRICED: f64 = 1e8;

/// The toll of a way on that must not be taken: more than any delay. Unit: second.
const BARRED: f64 = 1e12;

/// Arrival on a service; nothing is the start.
type Came<'a> = Option<&'a ServiceId>;

/// The ways as one network.
struct Woven<'a> {
    source: Source<'a>,
    handling: Handling<'a>,
    grid: Grid,
    /// Every stay of a way, by the services before and after it.
    stays: BTreeMap<(Came<'a>, Came<'a>), &'a Stay>,
    legs: BTreeMap<&'a ServiceId, &'a Leg>,
    /// Numbers of the nodes; the goal comes after them.
    numbers: BTreeMap<Came<'a>, usize>,
    /// By node: the services of its options; nothing is the delivery.
    options: Vec<Vec<Came<'a>>>,
}

/// What handling between two services costs; nothing is the start or the delivery. Unit: minor unit.
pub(super) type Handling<'a> = &'a dyn Fn(Option<&ServiceId>, Option<&ServiceId>) -> u64;

/// Rounds in which turns that are not shown are taken out one by one; after that a place loses all of its turns.
const ROUNDS: usize = 4;

/// Looks for fallbacks of the recommended way.
pub(super) fn plan_fallbacks(
    chosen: &Seen<'_>,
    wide: &[Itinerary],
    (source, handling): (Source<'_>, Handling<'_>),
    deadline: Option<Timestamp>,
    wanted: Wanted,
) -> Option<FallbackPlan> {
    let itinerary = &chosen.alternative.itinerary;
    let in_time =
        wide.iter().filter(|way| deadline.is_none_or(|deadline| is_in_time(way, deadline, wanted.chance)));
    let ways: Vec<&Itinerary> = std::iter::once(itinerary).chain(in_time).collect();
    let mut woven = Woven {
        source,
        handling,
        grid: Grid::new(STEP),
        stays: BTreeMap::new(),
        legs: BTreeMap::new(),
        numbers: BTreeMap::new(),
        options: Vec::new(),
    };
    woven.weave(&ways);
    let latest = ways.iter().map(|way| Seconds::between(way.departs, way.arrives.p90).get()).max()?;
    let days = (latest / 86_400 + DAYS_BEYOND).min(MOST_DAYS);
    // By value: a turn is worth its cost, and goods that save nothing do not turn. By time: whatever it costs.
    let by_time = woven.nodes(None);
    let mut planned = woven.nodes(Some(DAY / wanted.per_day.max(1.0)));
    let chain: Vec<Came<'_>> =
        std::iter::once(None).chain(itinerary.legs().map(|leg| Some(&leg.service))).collect();
    for (came, next) in chain.iter().zip(chain.iter().skip(1).copied().chain([None])) {
        let node = *woven.numbers.get(came)?;
        planned.get_mut(node)?.planned = woven.options.get(node)?.iter().position(|option| *option == next);
    }
    let question = |nodes: Vec<Node>, may_turn: bool| {
        find_policy(Question {
            nodes,
            may_turn,
            turning: TURNING.get() as f64,
            grid: woven.grid,
            horizon: Seconds::from_hours(24 * days),
        })
        .ok()
    };
    let (waiting, best) = (question(chain_alone(&planned), false)?, question(by_time, true)?);
    let (mended, unrolled) = woven.mend(&chain, planned, &|nodes| question(nodes, true))?;
    let expected = |unrolled: &Unrolled| {
        let chance = |deadline: Timestamp| {
            if deadline < source.start {
                0.0
            } else {
                unrolled.chance_by(Seconds::between(source.start, deadline))
            }
        };
        Expected { mean: after(source.start, unrolled.mean), on_time: deadline.map(chance) }
    };
    Some(FallbackPlan {
        waiting: expected(&waiting.unroll(0, Seconds::ZERO)),
        with_fallbacks: expected(&unrolled),
        best: expected(&best.unroll(0, Seconds::ZERO)),
        best_by: woven.follow(&best, 0, Seconds::ZERO).iter().filter_map(|id| woven.named(id)).collect(),
        fallbacks: woven.fallbacks((&mended, &unrolled), itinerary, wanted),
        grid: STEP,
    })
}

/// The nodes with nothing but what is planned there: who never turns comes to no other.
fn chain_alone(nodes: &[Node]) -> Vec<Node> {
    let alone = |node: &Node| match node.planned.and_then(|planned| node.onward.get(planned)) {
        Some(planned) => Node { onward: vec![planned.clone()], planned: Some(0) },
        None => Node::default(),
    };
    nodes.iter().map(alone).collect()
}

/// Whether a way meets a deadline with a chance, by its quantiles, straight between the median and the late end. Who has a
/// deadline is not told to turn to a way that would not have been recommended because of it.
fn is_in_time(way: &Itinerary, deadline: Timestamp, chance: f64) -> bool {
    let (middle, late) = (way.arrives.p50.as_second() as f64, way.arrives.p90.as_second() as f64);
    middle + (late - middle) * ((chance - 0.5) / 0.4).max(0.0) <= deadline.as_second() as f64
}

impl<'a> Woven<'a> {
    fn weave(&mut self, ways: &[&'a Itinerary]) {
        self.number(None);
        for way in ways {
            let mut came: Came<'a> = None;
            for (index, step) in way.steps.iter().enumerate() {
                match step {
                    Step::Stay(stay) => {
                        let next = way.steps.get(index + 1).and_then(|step| match step {
                            Step::Leg(leg) => Some(&leg.service),
                            Step::Stay(_) => None,
                        });
                        self.stays.entry((came, next)).or_insert(stay);
                    }
                    Step::Leg(leg) => {
                        self.legs.entry(&leg.service).or_insert(leg);
                        came = Some(&leg.service);
                        self.number(came);
                    }
                }
            }
        }
        let pairs: Vec<(Came<'a>, Came<'a>)> = self.stays.keys().copied().collect();
        for came in self.numbers.keys().copied().collect::<Vec<_>>() {
            let onward: BTreeSet<Came<'a>> = pairs
                .iter()
                .filter(|(before, _)| self.is_like(*before, came))
                .map(|(_, next)| *next)
                .collect();
            if let Some(node) = self.numbers.get(&came) {
                self.options[*node] = onward.into_iter().collect();
            }
        }
    }

    fn number(&mut self, came: Came<'a>) {
        if let Entry::Vacant(vacant) = self.numbers.entry(came) {
            vacant.insert(self.options.len());
            self.options.push(Vec::new());
        }
    }

    /// Whether goods that came on one service may go on as those that came on another: to the same place, by the same class
    /// and mode.
    fn is_like(&self, one: Came<'a>, other: Came<'a>) -> bool {
        match (one, other) {
            (None, None) => true,
            (Some(one), Some(other)) => {
                let Some((one, other)) = self.legs.get(one).zip(self.legs.get(other)) else { return false };
                (&one.to, one.class, one.mode) == (&other.to, other.class, other.mode)
            }
            _ => false,
        }
    }

    /// The nodes; with tolls, if it is said how long a delay is as bad as a minor unit. Unit: second.
    fn nodes(&self, per_minor: Option<f64>) -> Vec<Node> {
        let goal = self.options.len();
        let mut nodes = vec![Node::default(); goal + 1];
        for (came, number) in &self.numbers {
            let onward = |next: &Came<'a>| self.onward(*came, *next, goal, per_minor);
            nodes[*number].onward = self.options[*number].iter().map(onward).collect();
        }
        nodes
    }

    fn onward(&self, came: Came<'a>, next: Came<'a>, goal: usize, per_minor: Option<f64>) -> Onward {
        let nothing = || Arc::new(Curve::exactly(0.0));
        let (opens, stay, departures) = self.stay(came, next);
        let handled = (self.handling)(came, next) as f64;
        let known = next.and_then(|id| self.legs.get(id).zip(self.source.network.find_service(id)));
        let Some((leg, service)) = known else {
            let toll = per_minor.map_or(0.0, |seconds| handled * seconds);
            return Onward { opens, stay, departures, ride: nothing(), to: goal, toll };
        };
        let learned = self.source.learned.find(&LearnedKey::Ride(service.id.clone()));
        let published = || Spread::Pert(leg.running).shared_curve();
        let ride = learned.map_or_else(published, |learned| Arc::clone(&learned.curve));
        // What has no price is not turned to: it would look free.
        let price = leg.cost.as_ref().map_or(UNPRICED, |cost| cost.typical.minor() as f64);
        let toll = per_minor.map_or(0.0, |seconds| (price + handled) * seconds);
        Onward { opens, stay, departures, ride, to: self.numbers.get(&next).copied().unwrap_or(goal), toll }
    }

    /// When what happens between two services can begin, what that is, and what is waited for then. Hours are those of the first
    /// process that keeps any, as in the search. Where the wait is part of a published dwell, that dwell
    /// is taken to be announced: a port says when the next ship with room leaves.
    fn stay(&self, came: Came<'a>, next: Came<'a>) -> (Hours, Arc<Curve>, Departures) {
        let service = |id: Came<'a>| id.and_then(|id| self.source.network.find_service(id));
        let mode = |id: Came<'a>| Some(service(id)?.mode);
        let open = |place: &PlaceCode, kinds: Vec<ProcessKind>| {
            let of = |kind| {
                let opening = self.source.network.opening_of(place, kind, [mode(came), mode(next)]);
                hours(&opening, self.source.start)
            };
            kinds.into_iter().find_map(of).unwrap_or_default()
        };
        let (opens, durations, waits): (Hours, Vec<(Estimate<Seconds>, bool)>, bool) =
            match self.stays.get(&(came, next)) {
                Some(stay) => {
                    let processes = stay.processes.iter().filter(|process| process.kind != ProcessKind::Wait);
                    let waits = stay.processes.iter().any(|process| process.kind == ProcessKind::Wait);
                    let opens = open(&stay.place, processes.clone().map(|process| process.kind).collect());
                    let durations = processes.map(|process| (process.duration, process.includes_waiting));
                    (opens, durations.collect(), waits)
                }
                None => {
                    let place = came.and_then(|id| Some(&self.legs.get(id)?.to));
                    let network = self.source.network;
                    let found =
                        place.map(|place| network.processes_of_stay(place, service(came), service(next)));
                    let found = found.unwrap_or_default();
                    let waits = !found.iter().any(|process| process.includes_waiting);
                    let kinds = found.iter().map(|process| process.kind).collect();
                    let opens = place.map_or_else(Hours::default, |place| open(place, kinds));
                    let durations = found.iter().map(|process| (process.duration, process.includes_waiting));
                    (opens, durations.collect(), waits)
                }
            };
        let total = |waiting: bool| {
            let chosen = durations.iter().filter(|(_, includes)| *includes == waiting);
            let curves: Vec<_> = chosen.map(|(points, _)| Spread::Pert(*points).shared_curve()).collect();
            (!curves.is_empty()).then(|| Arc::new(self.grid.total(&curves)))
        };
        let work = total(false).unwrap_or_else(|| Arc::new(Curve::exactly(0.0)));
        let leaves = match (total(true), service(next)) {
            (Some(wait), _) => Departures::announced(wait),
            (None, Some(service)) if waits => departures(self.source.network, service, self.source.start),
            (None, _) => Departures::Anytime,
        };
        (opens, work, leaves)
    }

    /// The services that goods take from a node at a time if every figure is as usual.
    fn follow(&self, policy: &Policy, node: usize, at: Seconds) -> Vec<&'a ServiceId> {
        let (mut node, mut at, mut services) = (node, at, Vec::new());
        while services.len() <= self.options.len() {
            let Some(option) = policy.choose(node, at) else { break };
            let Some(Some(next)) = self.options.get(node).and_then(|options| options.get(option)) else {
                break;
            };
            services.push(*next);
            let Some(onward) = policy.nodes().get(node).and_then(|node| node.onward.get(option)) else {
                break;
            };
            let mean = onward.stay.mean() + onward.departures.mean_wait() + onward.ride.mean();
            at = Seconds::new(at.get().saturating_add(mean as u64));
            node = onward.to;
        }
        services
    }

    fn named(&self, id: &ServiceId) -> Option<ServiceRef> {
        Some(ServiceRef { id: id.clone(), name: self.legs.get(id)?.name.clone() })
    }

    /// The policy of the recommended way in which every turn on the way is one that is shown.
    fn mend(
        &self,
        chain: &[Came<'a>],
        mut nodes: Vec<Node>,
        find: &dyn Fn(Vec<Node>) -> Option<Policy>,
    ) -> Option<(Policy, Unrolled)> {
        let on_the_way: BTreeSet<usize> =
            chain.iter().filter_map(|came| self.numbers.get(came).copied()).collect();
        for round in 0..ROUNDS + on_the_way.len() {
            let policy = find(nodes.clone())?;
            let unrolled = policy.unroll(0, Seconds::ZERO);
            let used = unrolled.uses.iter().filter(|used| on_the_way.contains(&used.node));
            let turns = used.flat_map(|used| used.switches.iter().map(|turn| (used.node, turn)));
            let hidden: Vec<(usize, usize)> =
                turns.filter(|(_, turn)| !is_shown(turn)).map(|(node, turn)| (node, turn.to)).collect();
            if hidden.is_empty() {
                return Some((policy, unrolled));
            }
            for (number, option) in hidden {
                let Some(node) = nodes.get_mut(number) else { continue };
                let planned = node.planned;
                let barred =
                    node.onward.iter_mut().enumerate().filter(|(index, _)| {
                        Some(*index) != planned && (*index == option || round >= ROUNDS)
                    });
                barred.for_each(|(_, onward)| onward.toll = BARRED);
            }
        }
        let policy = find(nodes)?;
        let unrolled = policy.unroll(0, Seconds::ZERO);
        Some((policy, unrolled))
    }

    /// The turns of the policy on the recommended way, in order of travel.
    fn fallbacks(
        &self,
        (policy, unrolled): (&Policy, &Unrolled),
        itinerary: &Itinerary,
        wanted: Wanted,
    ) -> Vec<Fallback> {
        let mut fallbacks = Vec::new();
        let mut came: Came<'_> = None;
        for (step, one) in itinerary.steps.iter().enumerate() {
            let Step::Leg(leg) = one else { continue };
            let (node, before) = (self.numbers.get(&came).copied(), came);
            came = Some(&leg.service);
            let used = unrolled.uses.iter().filter(|used| Some(used.node) == node);
            for switch in used.flat_map(|used| &used.switches).filter(|switch| is_shown(switch)) {
                let Some(node) = node else { continue };
                fallbacks.extend(self.fallback(policy, itinerary, (step, leg, before), node, switch, wanted));
            }
        }
        fallbacks
    }

    fn fallback(
        &self,
        policy: &Policy,
        itinerary: &Itinerary,
        (step, leg, came): (usize, &Leg, Came<'_>),
        node: usize,
        switch: &Switch,
        wanted: Wanted,
    ) -> Option<Fallback> {
        let first = (*self.options.get(node)?.get(switch.to)?)?;
        let onward = policy.nodes().get(node)?.onward.get(switch.to)?;
        let there = switch.at + onward.stay.mean() + onward.departures.mean_wait() + onward.ride.mean();
        let mut instead = vec![first];
        instead.extend(self.follow(policy, onward.to, Seconds::new(there as u64)));
        let rest: Vec<&ServiceId> =
            itinerary.legs().skip_while(|one| one.service != leg.service).map(|one| &one.service).collect();
        let (instead_costs, rest_costs) = (self.costs(came, &instead)?, self.costs(came, &rest)?);
        let costs = instead_costs.minor().saturating_sub(rest_costs.minor());
        let per_second = wanted.per_day.max(1.0) / DAY;
        let net = (switch.gains + TURNING.get() as f64) * per_second;
        let currency = instead_costs.currency();
        Some(Fallback {
            step,
            place: leg.from.clone(),
            planned: ServiceRef { id: leg.service.clone(), name: leg.name.clone() },
            wait_from: switch.wait_from,
            chance: switch.chance,
            instead: instead.iter().filter_map(|id| self.named(id)).collect(),
            gains: (net + costs as f64) / per_second / 3_600.0,
            costs: Money::from_minor(costs, currency),
            net: money(net, currency),
        })
    }

    /// The freight of some services and the handling before, between and after them, if every freight is known.
    fn costs(&self, came: Came<'_>, services: &[&ServiceId]) -> Option<Money> {
        let mut costs = services.iter().map(|id| Some(self.legs.get(id)?.cost.as_ref()?.typical));
        let first = costs.next()??;
        let freight = costs.try_fold(first, |sum, cost| sum.checked_add(cost?).ok())?;
        let before = std::iter::once(came).chain(services.iter().map(|id| Some(*id)));
        let after = services.iter().map(|id| Some(*id)).chain([None]);
        let handling = before.zip(after).map(|(before, after)| (self.handling)(before, after)).sum::<u64>();
        let handling = Money::from_minor(i64::try_from(handling).ok()?, freight.currency());
        freight.checked_add(handling).ok()
    }
}

fn is_shown(turn: &Switch) -> bool {
    (LEAST_CHANCE..=LIKELIEST_FALLBACK).contains(&turn.chance)
}

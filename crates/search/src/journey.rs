//! From labels back to rides, and what they take on every criterion, compared or not.

use crate::front::Found;
use crate::network::{Compiled, Gated, NONE, Network, mirror_tick};
use crate::query::{End, Query, When};
use crate::search::{Label, charge};
use crate::weights::{COST, WEIGHTLESS, Weights, plus};

/// A way from an origin to a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// Where it begins: number of the end in [`Query::from`].
    pub from: u32,
    /// Where it ends: number of the end in [`Query::to`].
    pub to: u32,
    /// When the stay at the origin begins; for a query that says when to depart, that instant.
    pub departs: u32,
    /// When the stay at the destination is over; for a query that says when to arrive, that instant.
    pub arrives: u32,
    /// What it takes with everything, on every criterion of the network, compared or not.
    pub weights: Weights,
    /// The rides, in order.
    pub legs: Vec<Leg>,
    /// What the stay at the destination takes.
    pub last_stay: Weights,
}

/// A ride.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// With which line.
    pub line: u32,
    /// Number of the departure in the line's timetable; `None` for a line that runs at any time.
    pub departure: Option<u32>,
    /// Place in the line's stops where it begins.
    pub boards: u32,
    /// Place in the line's stops where it ends.
    pub alights: u32,
    /// Stop where it begins.
    pub from: u32,
    /// Stop where it ends.
    pub to: u32,
    /// When it leaves.
    pub departs: u32,
    /// When it arrives.
    pub arrives: u32,
    /// What the stay before it takes, without storage.
    pub stay: Weights,
    /// What is charged for storage before it.
    pub storage: u32,
    /// What it takes, with boarding and alighting.
    pub weights: Weights,
}

/// Makes journeys of what one search found.
pub(crate) struct Teller<'a, const N: usize> {
    pub(crate) network: &'a Network,
    pub(crate) query: &'a Query,
    pub(crate) labels: &'a [Label<N>],
}

impl<const N: usize> Teller<'_, N> {
    fn is_mirrored(&self) -> bool {
        matches!(self.query.when, When::ArriveBy(_))
    }

    /// The stops that a way visits, in the direction of the search.
    pub(crate) fn stops(&self, found: &Found<N>) -> Vec<u32> {
        let network = self.network.compiled(self.is_mirrored());
        let mut stops = Vec::new();
        let mut at = found.label;
        while let Some(label) = self.labels.get(at as usize) {
            if label.alighted == NONE {
                let ends = if self.is_mirrored() { &self.query.to } else { &self.query.from };
                stops.extend(ends.get(label.boarded as usize).map(|end| end.stop));
            } else {
                stops.push(network.positions[label.alighted as usize].stop);
            }
            at = label.before;
        }
        stops
    }

    /// The way of something that was found.
    pub(crate) fn tell(&self, found: &Found<N>) -> Journey {
        let mut legs = Vec::new();
        let mut at = found.label;
        let mut origin = 0;
        while let Some(label) = self.labels.get(at as usize) {
            if label.alighted == NONE {
                origin = label.boarded;
            } else {
                legs.push(self.leg(label));
            }
            at = label.before;
        }
        let end = self.end_time(found);
        let (from, to, departs, arrives) = match self.query.when {
            When::DepartAfter(instant) => {
                legs.reverse();
                (origin, found.end, instant, end)
            }
            When::ArriveBy(instant) => (found.end, origin, mirror_tick(end), instant),
        };
        let mut journey =
            Journey { from, to, departs, arrives, weights: WEIGHTLESS, legs, last_stay: WEIGHTLESS };
        self.weigh(&mut journey);
        journey
    }

    /// When the stay after the last label is over, in the direction of the search.
    fn end_time(&self, found: &Found<N>) -> u32 {
        let mirrored = self.is_mirrored();
        let network = self.network.compiled(mirrored);
        let ends = if mirrored { &self.query.from } else { &self.query.to };
        let label = self.labels[found.label as usize];
        let position = network.positions[label.alighted as usize];
        let stay = ends.get(found.end as usize).and_then(|end| end_stay(end, position.line));
        let stay = stay.map(|stay| Gated::new(stay, mirrored));
        stay.and_then(|stay| network.ready(position.stop, &stay, label.time)).unwrap_or(label.time)
    }

    /// A ride of the search, as it is in the network.
    fn leg(&self, label: &Label<N>) -> Leg {
        let mirrored = self.is_mirrored();
        let searched = self.network.compiled(mirrored);
        let ride = searched.riding(label.boarded, label.alighted);
        let line = searched.positions[label.boarded as usize].line;
        let compiled = searched.line_of(label.boarded);
        let (boards, alights, departs) = match mirrored {
            false => (label.boarded - compiled.first, label.alighted - compiled.first, label.departs),
            // Positions of a line are in the same place of the row in both directions, the other way round.
            true => {
                let last = compiled.end - 1;
                (last - label.alighted, last - label.boarded, mirror_tick(label.departs + ride))
            }
        };
        let network = self.network.compiled(false);
        let first = network.lines[line as usize].first;
        let place = |offset: u32| network.positions[(first + offset) as usize];
        Leg {
            line,
            departure: find_departure(
                network,
                line,
                departs - place(boards).departs.min(departs),
                self.query.demand,
            ),
            boards,
            alights,
            from: place(boards).stop,
            to: place(alights).stop,
            departs,
            arrives: departs + ride,
            stay: WEIGHTLESS,
            storage: 0,
            weights: WEIGHTLESS,
        }
    }

    /// Adds up what the way takes, from the network as it is and not from the labels.
    fn weigh(&self, journey: &mut Journey) {
        let network = self.network.compiled(false);
        let mut sum = WEIGHTLESS;
        let mut before: Option<(u32, u32)> = None;
        for leg in &mut journey.legs {
            let first = network.lines[leg.line as usize].first;
            let (from, to) = ((first + leg.boards) as usize, (first + leg.alights) as usize);
            let mut weights = plus(network.boarding[from], network.alighting[to]);
            for (part, (whole, base)) in
                weights.iter_mut().zip(network.prefix[to].iter().zip(network.prefix[from]))
            {
                *part = part.saturating_add(whole - base);
            }
            let [a, b, c, d, e, _] = weights;
            leg.weights = [a, b, c, d, e];
            leg.stay = match before {
                None => {
                    let end = self.query.from.get(journey.from as usize);
                    end.and_then(|end| end_stay(end, leg.line)).map_or(WEIGHTLESS, |stay| stay.weights)
                }
                Some((position, free)) => {
                    let storage = network.stops[leg.from as usize].storage;
                    leg.storage = charge(storage, leg.departs.saturating_sub(free));
                    stay_between(network, position, from as u32)
                }
            };
            sum = plus(plus(sum, leg.weights), leg.stay);
            sum[COST] = sum[COST].saturating_add(leg.storage);
            before = Some((to as u32, leg.arrives.saturating_add(network.positions[to].release)));
        }
        let end = self.query.to.get(journey.to as usize);
        let last = journey.legs.last().and_then(|leg| end_stay(end?, leg.line));
        journey.last_stay = last.map_or(WEIGHTLESS, |stay| stay.weights);
        journey.weights = plus(sum, journey.last_stay);
    }
}

/// The stay at an end with a line.
fn end_stay(end: &End, line: u32) -> Option<crate::Stay> {
    let own = end.by_line.iter().rev().find(|(other, _)| *other == line);
    own.map_or(end.stay, |(_, stay)| *stay)
}

fn stay_between(network: &Compiled, alighted: u32, boarded: u32) -> Weights {
    let node = network.positions[alighted as usize].node;
    let edge = network.edges.row(node).iter().find(|edge| edge.position == boarded);
    edge.map_or(WEIGHTLESS, |edge| network.stays[edge.stay as usize].weights)
}

fn find_departure(network: &Compiled, line: u32, start: u32, demand: u32) -> Option<u32> {
    let line = &network.lines[line as usize];
    if !line.is_timetable {
        return None;
    }
    let range = line.runs.start as usize..line.runs.end as usize;
    let first = network.starts[range.clone()].partition_point(|other| *other < start);
    let capacities = &network.capacities[range];
    let fits = capacities.iter().skip(first).position(|capacity| *capacity >= demand);
    fits.map(|more| (first + more) as u32)
}

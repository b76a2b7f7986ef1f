//! From the ground of a plan to the search and back: the one place that knows both.
//!
//! A ride becomes a line of the search with its mean running time; a place becomes a stop; what happens between two rides
//! becomes a change with its mean duration, the wait for a service without a timetable included. Services with a
//! timetable have their departures. What a request requires becomes a stop that the lines in question pass on board, so
//! that the search itself is exact about it. Weights are cost, emissions, exposure, missing figures and, where they are
//! limited, changes of vehicle or gauge, in units so large that they fit what the search can hold.
//!
//! Storage is weighed by the mean time of a stay with the mean wait for a departure that is not in a timetable; what a wait
//! for a timetabled one costs is in the price of the itinerary alone, where the departure that is caught is known. The
//! search could charge it too, and would then let goods wait on purpose where it is free, which no plan here does. The effect:
//! the cost that the search compares differs from the one shown, which is the mean over all stays that were played, by the
//! storage that late departures cause, so a way can be missing only if the search saw it beaten by less than that on cost and by
//! nothing on the other criteria.
//!
//! Hours are one set for each place here; processes at a place that keep other hours are taken to begin at any time in the
//! search, and at their own in the odds.

use crate::cuts::{Conditioned, Cut, CutSet, items};
use crate::ground::Ground;
use crate::ride::Ride;
use crate::stay::StayFacts;
use crate::weight::Weight;
use crate::{Criterion, PlanRequest, limits};
use kervan_codes::PlaceCode;
use kervan_search::{
    Change, Criteria, Departure, End, Fault, Front, Line, LineStop, Network, Parts, Query, QueryFault, Runs,
    Stay, Stop, Stopped, WEIGHTLESS, Weights, When, Window, find_front, list_fronts,
};
use kervan_units::Seconds;
use std::collections::BTreeMap;

/// A chain of rides from the origin to the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// What it takes, with the stays at both ends.
    pub(crate) weight: Weight,
    /// The rides, in order.
    pub(crate) rides: Vec<usize>,
    /// When the goods must be ready at the origin, after [`Ground::begins`].
    pub(crate) begins: Seconds,
    /// Changes of vehicle or gauge.
    pub(crate) transfers: u64,
}

/// The ground as the search sees it, ready to be asked.
pub(crate) struct Adapted {
    network: Network,
    query: Query,
    /// The ride of each line.
    lines: Vec<usize>,
    scale: Scale,
    most_transfers: Option<u64>,
}

/// Divisors that make amounts fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scale {
    cents: u64,
    grams: u64,
    exposure: u64,
}

/// The most that one ride may weigh: a way of thirty such rides is still a number of 32 bits.
const MOST_OF_RIDE: u64 = 1 << 27;

impl Scale {
    /// Units of one as long as the dearest ride fits, then of ten, of a hundred and so on.
    fn of(rides: &[Ride<'_>]) -> Self {
        let divisor = |most: u64| {
            let mut divisor = 1;
            while most / divisor > MOST_OF_RIDE / 4 {
                divisor *= 10;
            }
            divisor
        };
        let most = |of: fn(&Weight) -> u64| rides.iter().map(|ride| of(&ride.weight())).max().unwrap_or(0);
        Self {
            cents: divisor(most(|weight| weight.cents)),
            grams: divisor(most(|weight| weight.grams)),
            exposure: divisor(most(|weight| weight.exposure)),
        }
    }
}

fn fit(value: u64, divisor: u64) -> u32 {
    u32::try_from(((value + divisor / 2) / divisor).min(MOST_OF_RIDE)).unwrap_or(u32::MAX)
}

fn ticks(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX).min(kervan_search::limits::LAST_TICK)
}

impl Adapted {
    /// Builds the network of the search and the question. Nothing of a request is left to be checked afterwards but the
    /// number of transfers.
    pub(crate) fn new(
        ground: &Ground<'_>,
        request: &PlanRequest,
        conditioned: &Conditioned<'_>,
        relaxed: CutSet,
    ) -> Result<Self, Stopped> {
        let most_transfers = request
            .conditions
            .most_transshipments
            .filter(|_| relaxed & conditioned.bit(Cut::Transshipments) == 0)
            .map(u64::from);
        let exposed =
            !request.conditions.exposure.is_empty() && request.conditions.compares(Criterion::Exposure);
        let mut building = Building::new(ground);
        building.require(request, conditioned, relaxed);
        building.add_lines();
        let (from, to) = building.add_stays();
        let query = Query {
            when: match request.conditions.arrive_by {
                Some(instant) => When::ArriveBy(ticks(Seconds::between(ground.begins, instant).get())),
                None => When::DepartAfter(0),
            },
            horizon: ticks(ground.horizon.get()),
            criteria: Criteria {
                time: request.conditions.compares(Criterion::Arrival),
                weights: [
                    request.conditions.compares(Criterion::Cost),
                    request.conditions.compares(Criterion::Emissions),
                    exposed,
                    true,
                    // A way with fewer changes may be worse on everything and still the only one within the limit.
                    most_transfers.is_some(),
                ],
                legs: false,
            },
            required: building.required.clone(),
            demand: u32::try_from(ground.boxes.teu()).unwrap_or(u32::MAX),
            epsilon: u32::from(request.conditions.epsilon_permille),
            most_labels: limits::MOST_LABELS,
            to,
            ..Query::new(from, End::at(0), When::DepartAfter(0), 0)
        };
        let (lines, scale) = (building.lines, building.scale);
        let faults = |faults: Vec<Fault>| Stopped::Query(faults.into_iter().map(QueryFault::Stay).collect());
        let network = Network::new(building.parts).map_err(faults)?;
        Ok(Self { network, query, lines, scale, most_transfers })
    }

    /// Every way that no other one beats, in order of time.
    ///
    /// Errors: [`Stopped`].
    pub(crate) fn find_ways(&self) -> Result<Vec<Way>, Stopped> {
        Ok(self.ways(&find_front(&self.network, &self.query)?))
    }

    /// The ways to each destination of the ground, in their order, by one search.
    ///
    /// Errors: [`Stopped`].
    pub(crate) fn list_ways(&self) -> Result<Vec<Vec<Way>>, Stopped> {
        Ok(list_fronts(&self.network, &self.query)?.iter().map(|front| self.ways(front)).collect())
    }

    fn ways(&self, front: &Front) -> Vec<Way> {
        let ways = front.journeys.iter().map(|journey| {
            let [cents, grams, exposure, unknown, transfers] = journey.weights.map(u64::from);
            Way {
                weight: Weight {
                    seconds: u64::from(journey.arrives - journey.departs),
                    cents: cents * self.scale.cents,
                    grams: grams * self.scale.grams,
                    exposure: exposure * self.scale.exposure,
                    unknown,
                },
                rides: journey
                    .legs
                    .iter()
                    .filter_map(|leg| self.lines.get(leg.line as usize).copied())
                    .collect(),
                begins: Seconds::new(u64::from(journey.departs)),
                transfers,
            }
        });
        ways.filter(|way| self.most_transfers.is_none_or(|most| way.transfers <= most)).collect()
    }

    /// Whether there is any way at all, on time alone.
    pub(crate) fn has_way(mut self) -> bool {
        self.query.criteria = Criteria {
            time: true,
            weights: [false, false, false, false, self.most_transfers.is_some()],
            legs: false,
        };
        self.find_ways().is_ok_and(|ways| !ways.is_empty())
    }
}

struct Building<'g, 'n> {
    ground: &'g Ground<'n>,
    numbers: BTreeMap<&'n PlaceCode, u32>,
    parts: Parts,
    lines: Vec<usize>,
    /// The lines of each ride: one for each cut-off.
    of_ride: Vec<Vec<u32>>,
    /// For each requirement that is not a place: its stop and the rides that meet it.
    passed: Vec<(u32, Vec<bool>)>,
    required: Vec<u32>,
    scale: Scale,
}

impl<'g, 'n> Building<'g, 'n> {
    fn new(ground: &'g Ground<'n>) -> Self {
        let numbers: BTreeMap<&PlaceCode, u32> =
            ground.network.list_places().map(|place| &place.code).zip(0..).collect();
        let stops = vec![Stop::default(); numbers.len()];
        Self {
            ground,
            numbers,
            parts: Parts { stops, ..Parts::default() },
            lines: Vec::new(),
            of_ride: vec![Vec::new(); ground.rides.len()],
            passed: Vec::new(),
            required: Vec::new(),
            scale: Scale::of(&ground.rides),
        }
    }

    fn number(&self, code: &PlaceCode) -> u32 {
        self.numbers.get(code).copied().unwrap_or(0)
    }

    /// A stop for each thing that is required; the rides that are of it pass there.
    fn require(&mut self, request: &PlanRequest, conditioned: &Conditioned<'_>, relaxed: CutSet) {
        for (index, (item, _)) in items(&request.conditions.require).iter().enumerate() {
            if relaxed & conditioned.bit(Cut::Require(index)) != 0 {
                continue;
            }
            let of_item = |ride: &Ride<'_>| item.is_of(self.ground.network, ride.service);
            let meets: Vec<bool> = self.ground.rides.iter().map(of_item).collect();
            let stop = self.parts.stops.len() as u32;
            self.parts.stops.push(Stop::default());
            self.passed.push((stop, meets));
            self.required.push(stop);
        }
    }

    fn weights(&self, weight: Weight, transfers: u64) -> Weights {
        [
            fit(weight.cents, self.scale.cents),
            fit(weight.grams, self.scale.grams),
            fit(weight.exposure, self.scale.exposure),
            fit(weight.unknown, 1),
            fit(transfers, 1),
        ]
    }

    fn add_lines(&mut self) {
        for (index, ride) in self.ground.rides.iter().enumerate() {
            let whole = self.weights(ride.weight(), 0);
            let running = ticks(crate::ride::mean_seconds(ride.service.running));
            for (cut_off, runs) in self.runs(ride) {
                let from =
                    LineStop { cutoff: cut_off, ..LineStop::at(self.number(&ride.service.from), 0, 0) };
                let mut stops = vec![from];
                let passed =
                    self.passed.iter().filter(|(_, meets)| meets.get(index).copied().unwrap_or(false));
                stops.extend(passed.map(|(stop, _)| LineStop {
                    boards: false,
                    alights: false,
                    ..LineStop::at(*stop, running, running)
                }));
                stops.push(LineStop::at(self.number(&ride.service.to), running, running));
                let mut segments = vec![WEIGHTLESS; stops.len() - 1];
                if let Some(first) = segments.first_mut() {
                    *first = whole;
                }
                let line = self.lines.len() as u32;
                self.parts.lines.push(Line { stops, segments, runs });
                self.lines.push(index);
                if let Some(lines) = self.of_ride.get_mut(index) {
                    lines.push(line);
                }
            }
        }
    }

    /// The departures of a ride by cut-off; one entry for a ride that has none.
    fn runs(&self, ride: &Ride<'n>) -> Vec<(u32, Runs)> {
        let capacity = ride.service.capacity_teu;
        let Some(departures) = &ride.departures(self.ground) else {
            return vec![(0, Runs::Anytime { wait: 0, open: Vec::new(), capacity })];
        };
        let mut by_cut_off: BTreeMap<u64, Vec<Departure>> = BTreeMap::new();
        for departure in departures {
            let cut_off = Seconds::between(departure.cut_off, departure.leaves).get();
            let start = ticks(Seconds::between(self.ground.begins, departure.leaves).get());
            by_cut_off
                .entry(cut_off)
                .or_default()
                .push(Departure { start, capacity: departure.capacity_teu });
        }
        by_cut_off
            .into_iter()
            .map(|(cut_off, departures)| (ticks(cut_off), Runs::Timetable(departures)))
            .collect()
    }

    /// The stays between rides and at the ends, with the hours of their places.
    fn add_stays(&mut self) -> (End, Vec<End>) {
        let leaving = self.ground.leaving();
        let end = |code: &PlaceCode| End { stop: self.number(code), stay: None, by_line: Vec::new() };
        let mut from = end(self.ground.from);
        let mut to: Vec<End> = self.ground.to.iter().map(|code| end(code)).collect();
        let ends: BTreeMap<&PlaceCode, usize> = self.ground.to.iter().copied().zip(0..).collect();
        for (index, ride) in self.ground.rides.iter().enumerate() {
            if let Some(end) = ends.get(&ride.service.to).and_then(|end| to.get_mut(*end)) {
                if let Some(facts) = self.ground.stay(Some(index), None) {
                    let stay = self.stay(&facts);
                    end.by_line.extend(self.lines_of(index).into_iter().map(|line| (line, Some(stay))));
                }
                // What comes to the only destination stays there.
                if ends.len() == 1 {
                    continue;
                }
            }
            for next in leaving.get(&ride.service.to).into_iter().flatten() {
                let Some(departing) = self.ground.rides.get(*next) else { continue };
                if !self.ground.may_follow(ride, departing) {
                    continue;
                }
                let Some(facts) = self.ground.stay(Some(index), Some(*next)) else { continue };
                let (stop, stay) = (self.number(&ride.service.to), self.stay(&facts));
                for arriving in self.lines_of(index) {
                    for departing in self.lines_of(*next) {
                        self.parts.changes.push(Change { stop, arriving, departing, stay: Some(stay) });
                    }
                }
            }
        }
        for index in leaving.get(self.ground.from).into_iter().flatten() {
            if let Some(facts) = self.ground.stay(None, Some(*index)) {
                let stay = self.stay(&facts);
                from.by_line.extend(self.lines_of(*index).into_iter().map(|line| (line, Some(stay))));
            }
        }
        (from, to)
    }

    fn lines_of(&self, ride: usize) -> Vec<u32> {
        self.of_ride.get(ride).cloned().unwrap_or_default()
    }

    /// A stay on the means of its durations. The first stay with opening hours gives them to its stop; another stay there
    /// waits for them if it has the same.
    fn stay(&mut self, facts: &StayFacts<'n>) -> Stay {
        let mut weight = facts.weight(self.ground.price_inputs());
        if !facts.modes.contains(&None) {
            let days = u32::try_from(weight.seconds.div_ceil(86_400)).unwrap_or(u32::MAX);
            let storage = crate::price::price_storage(&facts.place.code, &[days], self.ground.price_inputs());
            weight.cents += storage.iter().map(|charge| charge.typical).sum::<u64>();
        }
        let mut at_any_hour = true;
        if let Some(opening) = facts.opening() {
            let windows = self.windows(opening);
            let number = self.number(&facts.place.code) as usize;
            if let Some(stop) = self.parts.stops.get_mut(number) {
                if stop.open.is_empty() {
                    stop.open.clone_from(&windows);
                }
                at_any_hour = stop.open != windows;
            }
        }
        Stay {
            duration: ticks(weight.seconds),
            weights: self.weights(weight, u64::from(facts.is_transfer)),
            at_any_hour,
        }
    }

    fn windows(&self, opening: &kervan_network::Opening<'n>) -> Vec<Window> {
        let until =
            self.ground.begins.checked_add(self.ground.horizon.to_duration()).unwrap_or(self.ground.begins);
        let tick = |instant| ticks(Seconds::between(self.ground.begins, instant).get());
        let windows = opening.list_windows(self.ground.begins, until).into_iter();
        windows
            .map(|(from, until)| Window { from: tick(from), until: tick(until) })
            .filter(|w| w.from < w.until)
            .collect()
    }
}

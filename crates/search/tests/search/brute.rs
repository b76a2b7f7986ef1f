//! Every way there is, by trying; written from the definition in the crate's documentation and from nothing else.

use kervan_search::{End, Line, Parts, Query, Runs, Stay, WEIGHTS, When, Window};

/// A ride: line, place where it begins, place where it ends, instant at which it leaves.
pub(crate) type Ride = (u32, u32, u32, u32);

/// A way that was found: when it begins and ends, what it takes, its rides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) departs: u32,
    pub(crate) arrives: u32,
    pub(crate) weights: [u64; WEIGHTS],
    pub(crate) rides: Vec<Ride>,
}

pub(crate) struct Brute<'a> {
    parts: &'a Parts,
    query: &'a Query,
    pub(crate) found: Vec<Way>,
}

#[derive(Clone)]
struct State {
    stop: u32,
    /// Forward: when goods are free. Backward: when the next ride leaves.
    at: u32,
    /// Backward: when goods must be ready for the next ride.
    due: i64,
    line: Option<u32>,
    end: usize,
    weights: [u64; WEIGHTS],
    visited: Vec<u32>,
    touched: Vec<u32>,
    rides: Vec<Ride>,
}

fn add(weights: &mut [u64; WEIGHTS], more: &[u32; WEIGHTS]) {
    weights.iter_mut().zip(more).for_each(|(sum, part)| *sum += u64::from(*part));
}

/// Instants from one on at which something may begin: the instant itself if it is open, and each later opening.
fn from_on(windows: &[Window], at: i64) -> Vec<i64> {
    if windows.is_empty() {
        return vec![at];
    }
    let inside = windows.iter().any(|window| i64::from(window.from) <= at && at < i64::from(window.until));
    let later = windows.iter().map(|window| i64::from(window.from)).filter(|from| *from > at);
    inside.then_some(at).into_iter().chain(later).collect()
}

/// Instants up to one at which something may begin: the instant itself if it is open, and the last of each earlier window.
fn up_to(windows: &[Window], at: i64) -> Vec<i64> {
    if windows.is_empty() {
        return vec![at];
    }
    let inside = windows.iter().any(|window| i64::from(window.from) <= at && at < i64::from(window.until));
    let earlier = windows.iter().map(|window| i64::from(window.until) - 1).filter(|last| *last < at);
    let mut list: Vec<i64> = inside.then_some(at).into_iter().chain(earlier).collect();
    list.sort_by_key(|instant| -instant);
    list
}

impl<'a> Brute<'a> {
    pub(crate) fn new(parts: &'a Parts, query: &'a Query) -> Self {
        Self { parts, query, found: Vec::new() }
    }

    pub(crate) fn run(mut self) -> Vec<Way> {
        let (ends, at) = match self.query.when {
            When::DepartAfter(at) => (&self.query.from, at),
            When::ArriveBy(at) => (&self.query.to, at),
        };
        for (end, place) in ends.iter().enumerate() {
            if self.query.avoid.stops.contains(&place.stop) {
                continue;
            }
            let state = State {
                stop: place.stop,
                at,
                due: i64::from(at),
                line: None,
                end,
                weights: [0; WEIGHTS],
                visited: vec![place.stop],
                touched: vec![place.stop],
                rides: Vec::new(),
            };
            match self.query.when {
                When::DepartAfter(_) => self.forward(&state),
                When::ArriveBy(_) => self.backward(&state),
            }
        }
        self.found
    }

    fn end_stay(end: &End, line: u32) -> Option<Stay> {
        let own = end.by_line.iter().rev().find(|(other, _)| *other == line);
        own.map_or(end.stay, |(_, stay)| *stay)
    }

    fn between(&self, stop: u32, arriving: u32, departing: u32) -> Option<Stay> {
        let own =
            self.parts.changes.iter().rev().find(|change| {
                (change.stop, change.arriving, change.departing) == (stop, arriving, departing)
            });
        own.map_or(self.parts.stops[stop as usize].stay, |change| change.stay)
    }

    fn windows(&self, stop: u32, stay: Stay) -> &[Window] {
        if stay.at_any_hour { &[] } else { &self.parts.stops[stop as usize].open }
    }

    fn storage(&self, stop: u32, dwell: i64) -> u32 {
        self.parts.stops[stop as usize].storage.map_or(0, |storage| {
            let over = (dwell - i64::from(storage.free)).max(0) as u32;
            over.div_ceil(storage.period) * storage.price
        })
    }

    fn may_use(&self, line: u32) -> bool {
        let runs = &self.parts.lines[line as usize].runs;
        let full =
            matches!(runs, Runs::Anytime { capacity: Some(capacity), .. } if *capacity < self.query.demand);
        !full && !self.query.avoid.lines.contains(&line)
    }

    fn may_change(&self, stop: u32) -> bool {
        !self.query.avoid.changes_at.contains(&stop)
    }

    /// The stops of a part of a line, if all of them may be touched.
    fn passed(&self, line: &Line, from: usize, to: usize) -> Option<Vec<u32>> {
        let stops: Vec<u32> = line.stops[from..=to].iter().map(|stop| stop.stop).collect();
        (!stops.iter().any(|stop| self.query.avoid.stops.contains(stop))).then_some(stops)
    }

    fn ride_weights(line: &Line, from: usize, to: usize) -> [u64; WEIGHTS] {
        let mut weights = [0; WEIGHTS];
        add(&mut weights, &line.stops[from].boarding);
        add(&mut weights, &line.stops[to].alighting);
        line.segments[from..to].iter().for_each(|segment| add(&mut weights, segment));
        weights
    }

    fn is_done(&self, state: &State) -> bool {
        self.query.required.iter().all(|stop| state.touched.contains(stop))
            && self.query.most_legs.is_none_or(|most| state.rides.len() <= most as usize)
    }

    /// Departures from a place of a line, with goods ready from one of these instants on.
    fn departures(&self, line: &Line, place: usize, ready: &[i64]) -> Vec<i64> {
        let stop = line.stops[place];
        match &line.runs {
            Runs::Timetable(departures) => departures
                .iter()
                .filter(|departure| departure.capacity.is_none_or(|capacity| capacity >= self.query.demand))
                .map(|departure| i64::from(departure.start + stop.departs))
                .filter(|departs| ready.iter().any(|ready| ready + i64::from(stop.cutoff) <= *departs))
                .collect(),
            Runs::Anytime { wait, open, .. } => {
                let waited = ready.iter().map(|ready| ready + i64::from(stop.cutoff + wait));
                waited.flat_map(|waited| from_on(open, waited)).collect()
            }
        }
    }

    fn forward(&mut self, state: &State) {
        let begin = i64::from(state_begin(self.query));
        for (number, line) in self.parts.lines.iter().enumerate() {
            let number = number as u32;
            if !self.may_use(number) {
                continue;
            }
            let stay = match state.line {
                None => Self::end_stay(&self.query.from[state.end], number),
                Some(arriving) => self.between(state.stop, arriving, number),
            };
            let Some(stay) = stay else { continue };
            let starts = from_on(self.windows(state.stop, stay), i64::from(state.at));
            let ready: Vec<i64> = starts.iter().map(|start| start + i64::from(stay.duration)).collect();
            for from in 0..line.stops.len() - 1 {
                if line.stops[from].stop != state.stop || !line.stops[from].boards {
                    continue;
                }
                for departs in self.departures(line, from, &ready) {
                    for to in from + 1..line.stops.len() {
                        let end = line.stops[to];
                        let arrives = departs + i64::from(end.arrives - line.stops[from].departs);
                        let Some(passed) = self.passed(line, from, to) else { continue };
                        if !end.alights
                            || state.visited.contains(&end.stop)
                            || arrives - begin > i64::from(self.query.horizon)
                        {
                            continue;
                        }
                        let mut next = state.clone();
                        add(&mut next.weights, &stay.weights);
                        if state.line.is_some() {
                            next.weights[0] +=
                                u64::from(self.storage(state.stop, departs - i64::from(state.at)));
                        }
                        let ride = Self::ride_weights(line, from, to);
                        next.weights.iter_mut().zip(ride).for_each(|(sum, part)| *sum += part);
                        next.rides.push((number, from as u32, to as u32, departs as u32));
                        next.visited.push(end.stop);
                        next.touched.extend(passed);
                        next.stop = end.stop;
                        next.at = arrives as u32 + end.release;
                        next.line = Some(number);
                        self.finish_forward(&next, number);
                        if self.may_change(end.stop) {
                            self.forward(&next);
                        }
                    }
                }
            }
        }
    }

    fn finish_forward(&mut self, state: &State, line: u32) {
        let When::DepartAfter(begin) = self.query.when else { return };
        for end in self.query.to.iter().filter(|end| end.stop == state.stop) {
            let Some(stay) = Self::end_stay(end, line) else { continue };
            let starts = from_on(self.windows(state.stop, stay), i64::from(state.at));
            let Some(start) = starts.first() else { continue };
            let arrives = *start as u32 + stay.duration;
            if arrives - begin <= self.query.horizon && self.is_done(state) {
                let mut weights = state.weights;
                add(&mut weights, &stay.weights);
                self.found.push(Way { departs: begin, arrives, weights, rides: state.rides.clone() });
            }
        }
    }

    /// From the destination back: the goods leave `state.stop` at `state.at`, or end there.
    fn backward(&mut self, state: &State) {
        let When::ArriveBy(last) = self.query.when else { return };
        for (number, line) in self.parts.lines.iter().enumerate() {
            let number = number as u32;
            if !self.may_use(number) {
                continue;
            }
            let stay = match state.line {
                None => Self::end_stay(&self.query.to[state.end], number),
                Some(departing) => self.between(state.stop, number, departing),
            };
            let Some(stay) = stay else { continue };
            let starts = up_to(self.windows(state.stop, stay), state.due - i64::from(stay.duration));
            for to in 1..line.stops.len() {
                let end = line.stops[to];
                if end.stop != state.stop || !end.alights {
                    continue;
                }
                for from in 0..to {
                    let Some(passed) = self.passed(line, from, to) else { continue };
                    let begin = line.stops[from];
                    if !begin.boards || state.visited.contains(&begin.stop) {
                        continue;
                    }
                    let ride = i64::from(end.arrives - begin.departs);
                    let latest: Vec<i64> =
                        starts.iter().map(|start| start - i64::from(end.release) - ride).collect();
                    let (departures, wait) = match &line.runs {
                        Runs::Timetable(_) => {
                            let all = self.departures(line, from, &[i64::MIN / 2]);
                            let fits = |departs: &i64| latest.iter().any(|latest| departs <= latest);
                            (all.into_iter().filter(fits).collect::<Vec<_>>(), 0)
                        }
                        Runs::Anytime { wait, open, .. } => {
                            (latest.iter().flat_map(|latest| up_to(open, *latest)).collect(), *wait)
                        }
                    };
                    for departs in departures.into_iter().filter(|departs| *departs >= 0) {
                        if i64::from(last) - departs > i64::from(self.query.horizon) {
                            continue;
                        }
                        let mut next = state.clone();
                        add(&mut next.weights, &stay.weights);
                        if state.line.is_some() {
                            let free = departs + ride + i64::from(end.release);
                            next.weights[0] +=
                                u64::from(self.storage(state.stop, i64::from(state.at) - free));
                        }
                        let weights = Self::ride_weights(line, from, to);
                        next.weights.iter_mut().zip(weights).for_each(|(sum, part)| *sum += part);
                        next.rides.insert(0, (number, from as u32, to as u32, departs as u32));
                        next.visited.push(begin.stop);
                        next.touched.extend(&passed);
                        next.stop = begin.stop;
                        next.at = departs as u32;
                        next.due = departs - i64::from(begin.cutoff + wait);
                        next.line = Some(number);
                        self.finish_backward(&next, number);
                        if self.may_change(begin.stop) {
                            self.backward(&next);
                        }
                    }
                }
            }
        }
    }

    fn finish_backward(&mut self, state: &State, line: u32) {
        let When::ArriveBy(arrives) = self.query.when else { return };
        for end in self.query.from.iter().filter(|end| end.stop == state.stop) {
            let Some(stay) = Self::end_stay(end, line) else { continue };
            let starts = up_to(self.windows(state.stop, stay), state.due - i64::from(stay.duration));
            let Some(departs) = starts.first() else { continue };
            let Ok(departs) = u32::try_from(*departs) else { continue };
            if arrives - departs <= self.query.horizon && self.is_done(state) {
                let mut weights = state.weights;
                add(&mut weights, &stay.weights);
                self.found.push(Way { departs, arrives, weights, rides: state.rides.clone() });
            }
        }
    }
}

fn state_begin(query: &Query) -> u32 {
    match query.when {
        When::DepartAfter(at) | When::ArriveBy(at) => at,
    }
}

/// What a way is compared by.
pub(crate) fn compared(query: &Query, way: &Way) -> Vec<u64> {
    let mut list = Vec::new();
    if query.criteria.time {
        list.push(u64::from(way.arrives - way.departs));
    }
    let weights = way.weights.iter().zip(query.criteria.weights).filter(|(_, on)| *on);
    list.extend(weights.map(|(part, _)| *part));
    if query.criteria.legs {
        list.push(way.rides.len() as u64);
    }
    list
}

/// The weights of which none is beaten, in order.
pub(crate) fn unbeaten(query: &Query, ways: &[Way]) -> Vec<Vec<u64>> {
    let mut all: Vec<Vec<u64>> = ways.iter().map(|way| compared(query, way)).collect();
    all.sort();
    all.dedup();
    let beaten = |one: &Vec<u64>| {
        all.iter().any(|other| other != one && other.iter().zip(one).all(|(better, worse)| better <= worse))
    };
    all.iter().filter(|one| !beaten(one)).cloned().collect()
}

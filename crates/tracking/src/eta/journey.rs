//! Draws the rest of the journey many times and counts.

use super::rest::{of_leg_from, of_overrun, pass};
use super::{EtaInputs, Hold};
use crate::figure::{Figure, FigureKey};
use crate::known::ClosureNow;
use crate::limits::MOST_SAMPLES;
use crate::segment::{Segment, segments};
use jiff::Timestamp;
use kervan_events::MilestoneCode;
use kervan_model::{Leg, ProcessKind, Step};
use kervan_units::{Estimate, Pert, Seconds};
use rand_core::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Where the goods are in the itinerary, as far as the events say.
#[derive(Clone, Copy)]
struct Standpoint {
    /// The step under way, or the one that comes next.
    step: usize,
    /// Processes of that step that are behind, if it is a stay.
    processes_behind: usize,
    /// Since when the step, or the process after those, is under way.
    since: Timestamp,
    /// Whether the goods are on the leg, if the step is one.
    riding: bool,
}

/// What the journeys drawn say.
pub(super) struct Drawn {
    /// Seconds after now at which each milestone ahead was reached, in order.
    pub(super) reached: Vec<(usize, Vec<f64>)>,
    /// Whether the step under way has lasted longer than any figure for it.
    pub(super) overrun: bool,
    /// Measurements that the rest of the journey rests on.
    pub(super) measured: u32,
    /// Queues that lengthen it: what for, and how much.
    pub(super) queues: Vec<(FigureKey, f64)>,
}

/// The rest of the journey.
struct Rest<'a, 'b> {
    inputs: &'b EtaInputs<'a>,
    standpoint: Standpoint,
    /// Seconds after `now`, one for each journey drawn; each step moves all of them on.
    clocks: Vec<f64>,
    drawn: Drawn,
}

/// Draws the rest of the journey.
pub(super) fn draw(inputs: &EtaInputs<'_>) -> Drawn {
    let standpoint = stand(inputs);
    let samples = inputs.samples.clamp(1, MOST_SAMPLES) as usize;
    let begins = Seconds::between(inputs.now, standpoint.since).get() as f64;
    let drawn = Drawn { reached: Vec::new(), overrun: false, measured: 0, queues: Vec::new() };
    let mut rest = Rest { inputs, standpoint, clocks: vec![begins; samples], drawn };
    if standpoint.step == 0 {
        rest.note(0, &[MilestoneCode::Ready]);
    }
    // Arrived, and not yet reported as taken off: that happens now, before anything else.
    rest.note(standpoint.step.wrapping_sub(1), &[MilestoneCode::Unloaded]);
    for (index, step) in inputs.itinerary.steps.iter().enumerate().skip(standpoint.step) {
        let mut random = stream(inputs.seed, index as u64);
        match step {
            Step::Stay(_) => rest.stay(index, &mut random),
            Step::Leg(leg) => rest.leg(index, leg, &mut random),
        }
    }
    rest.note(inputs.itinerary.steps.len().wrapping_sub(1), &[MilestoneCode::Delivered]);
    rest.drawn.reached.sort_by_key(|(index, _)| *index);
    rest.drawn
}

impl Rest<'_, '_> {
    fn elapsed(&self) -> f64 {
        Seconds::between(self.standpoint.since, self.inputs.now).get() as f64
    }

    fn figure(&mut self, key: &FigureKey, published: &[Estimate<Seconds>]) -> Figure {
        let known = &self.inputs.known;
        let figure = known.learned.figure(key, published, &known.parameters.learning, self.inputs.now);
        self.drawn.measured = self.drawn.measured.saturating_add(figure.measured());
        figure
    }

    fn stay(&mut self, index: usize, random: &mut Xoshiro256PlusPlus) {
        let here = index == self.standpoint.step;
        let behind = if here { self.standpoint.processes_behind } else { 0 };
        let mut elapsed = if here { self.elapsed() } else { 0.0 };
        let parts = segments(self.inputs.itinerary, index);
        let border = parts.iter().position(|part| part.ends == Some(MilestoneCode::Released));
        // Holds bind at the border; where there is none, or it is behind, at the end of the stay.
        let binding = border.filter(|at| parts.get(*at).is_some_and(|part| part.first >= behind));
        let last = parts.len().saturating_sub(1);
        for (number, part) in parts.iter().enumerate().filter(|(_, part)| part.first >= behind) {
            self.part(part, elapsed, random);
            elapsed = 0.0;
            if number == binding.unwrap_or(last) {
                self.wait_for_release(index);
            }
            if let Some(code) = part.ends {
                self.note(index, &[code]);
            }
        }
        if behind > 0 && parts.iter().all(|part| part.first < behind) {
            self.wait_for_release(index);
        }
    }

    fn part(&mut self, part: &Segment, elapsed: f64, random: &mut Xoshiro256PlusPlus) {
        let known = self.inputs.known;
        let figure = self.figure(&part.key, &part.published);
        let mut factor = 1.0;
        if let Some(queue) = known.queues.find(&part.key)
            && middle(&self.clocks) <= known.parameters.queues.horizon_s
        {
            factor = queue.factor(&known.parameters.queues);
            if factor > 1.0 {
                self.drawn.queues.push((part.key.clone(), factor));
            }
        }
        if elapsed > 0.0 {
            self.drawn.overrun |= self.inputs.holds.is_empty() && figure.is_overrun(elapsed / factor);
        }
        pass(&mut self.clocks, &figure, (elapsed, factor), known.parameters, random);
    }

    fn leg(&mut self, index: usize, leg: &Leg, random: &mut Xoshiro256PlusPlus) {
        let known = self.inputs.known;
        let here = index == self.standpoint.step;
        let riding = here && self.standpoint.riding;
        if !riding {
            self.note(index, &[MilestoneCode::Loaded]);
            if here {
                // On board already: what is left is the wait for the departure.
                let figure =
                    self.figure(&FigureKey::Boarded(leg.service.clone()), &[known.parameters.boarded]);
                let elapsed = self.elapsed();
                pass(&mut self.clocks, &figure, (elapsed, 1.0), known.parameters, random);
            }
            self.wait_for_departure(index, leg);
            self.wait_until_open(|closure| closure.stops_departure(leg));
        }
        self.note(index, &[MilestoneCode::Departed]);
        let figure = self.figure(&FigureKey::Ride(leg.service.clone()), &[leg.running]);
        let elapsed = if riding { self.elapsed() } else { 0.0 };
        match self.inputs.position.filter(|seen| riding && seen.at <= self.inputs.now) {
            Some(seen) => {
                let share = f64::from(seen.share_permille.min(1_000)) / 1_000.0;
                let until_seen = Seconds::between(self.standpoint.since, seen.at).get() as f64;
                let since_seen = Seconds::between(seen.at, self.inputs.now).get() as f64;
                let bounds = (figure.quantile(0.001), figure.quantile(0.999));
                for clock in &mut self.clocks {
                    let times = (until_seen, since_seen);
                    *clock += of_leg_from(&figure, share, times, bounds, known.parameters, random);
                }
            }
            None => pass(&mut self.clocks, &figure, (elapsed, 1.0), known.parameters, random),
        }
        self.drawn.overrun |= riding && self.inputs.holds.is_empty() && figure.is_overrun(elapsed);
        self.wait_until_open(|closure| closure.stops_arrival(leg));
        self.note(index, &[MilestoneCode::Arrived, MilestoneCode::Unloaded]);
    }

    /// A departure was missed: the next one comes after most of its interval.
    fn wait_for_departure(&mut self, index: usize, leg: &Leg) {
        let known = &self.inputs.known;
        let waiting = index.checked_sub(1) == Some(self.standpoint.step);
        let missed = known.missed.filter(|missed| waiting && missed.service == leg.service);
        let Some((missed, every)) = missed.and_then(|missed| Some((missed, missed.every?))) else { return };
        let since = Seconds::between(missed.at, self.inputs.now).get() as f64;
        let soonest = every.get() as f64 * known.parameters.missed_share - since;
        for clock in &mut self.clocks {
            *clock = clock.max(soonest);
        }
    }

    /// Keeps the journeys that come to something closed until it opens.
    fn wait_until_open(&mut self, stops: impl Fn(&ClosureNow) -> bool) {
        let inputs = self.inputs;
        let ahead = |closure: &&ClosureNow| closure.is_ahead(inputs.now) && stops(closure);
        for now in inputs.known.closures.iter().filter(ahead) {
            // One stream for a closure, whoever waits for its end: it opens for all at once.
            let id = now.closure.id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            let mut random = stream(id, 0);
            let from = now.closure.from.as_second() - inputs.now.as_second();
            for clock in &mut self.clocks {
                let opens = opens(now, inputs, &mut random);
                if *clock >= from as f64 && *clock < opens {
                    *clock = opens;
                }
            }
        }
    }

    /// Keeps the goods at a stay until every hold there is released; a hold at a place that is not ahead binds at the next
    /// stay.
    fn wait_for_release(&mut self, index: usize) {
        let inputs = self.inputs;
        let first_stay = first_stay_from(inputs, self.standpoint.step);
        for (number, hold) in inputs.holds.iter().enumerate() {
            if binding_stay(inputs, hold, self.standpoint.step).or(first_stay) != Some(index) {
                continue;
            }
            let mut random = stream(inputs.seed ^ 0x4845_4C44, number as u64);
            let held = Seconds::between(hold.since, inputs.now).get() as f64;
            let duration = Pert::from(hold.duration);
            let refuted = duration.chance_above(held) <= 0.0;
            for clock in &mut self.clocks {
                let left = match refuted {
                    true => of_overrun(held, inputs.known.parameters, &mut random),
                    false => duration.sample_above(held, &mut random) - held,
                };
                *clock = clock.max(left);
            }
        }
    }

    /// Notes when those milestones of a step that are still ahead are reached.
    fn note(&mut self, step: usize, codes: &[MilestoneCode]) {
        let milestones = self.inputs.progress.milestones.iter().enumerate();
        let ahead = milestones.filter(|(_, milestone)| {
            milestone.step == step && codes.contains(&milestone.code) && !milestone.is_behind()
        });
        for (index, _) in ahead {
            let mut reached = self.clocks.clone();
            reached.sort_unstable_by(f64::total_cmp);
            self.drawn.reached.push((index, reached));
        }
    }
}

/// Seconds after now at which a closure ends.
fn opens(now: &ClosureNow, inputs: &EtaInputs<'_>, random: &mut impl Rng) -> f64 {
    let after = |at: Timestamp| (at.as_second() - inputs.now.as_second()) as f64;
    if let Some(lifted) = now.closure.lifted {
        return after(lifted);
    }
    let until = now.closure.until;
    if until.max() <= inputs.now {
        // Nobody lifted it, and it should have ended: it goes on for a share of the time that it has lasted.
        let lasted = Seconds::between(now.closure.from, inputs.now).get() as f64;
        return of_overrun(lasted, inputs.known.parameters, random);
    }
    Pert::fit(after(until.min()), after(until.typ()), after(until.max())).sample_above(0.0, random)
}

/// The median of clocks that are in no order.
fn middle(clocks: &[f64]) -> f64 {
    let mut copy = clocks.to_vec();
    crate::chance::median(&mut copy)
}

/// A stream of random numbers of its own for each step, so that the draws of a step do not depend on those before it.
fn stream(seed: u64, step: u64) -> Xoshiro256PlusPlus {
    // The odd constant of the golden ratio spreads neighbouring steps over the whole range (Steele, Lea, Flood 2014).
    Xoshiro256PlusPlus::seed_from_u64(seed ^ (step + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// Where the goods are: at the last milestone reported, and in what follows it.
fn stand(inputs: &EtaInputs<'_>) -> Standpoint {
    let at = |step, processes_behind, since, riding| Standpoint { step, processes_behind, since, riding };
    let Some((milestone, since)) = inputs.progress.last().and_then(|last| Some((last, last.actual?))) else {
        return at(0, 0, inputs.itinerary.departs, false);
    };
    let behind = |kind: ProcessKind| match inputs.itinerary.steps.get(milestone.step) {
        Some(Step::Stay(stay)) => {
            stay.processes.iter().position(|process| process.kind == kind).map_or(0, |index| index + 1)
        }
        Some(Step::Leg(_)) | None => 0,
    };
    match milestone.code {
        MilestoneCode::Ready => at(milestone.step, 0, since, false),
        MilestoneCode::Departed => at(milestone.step, 0, since, true),
        // Loading belongs to the leg, but the wait before the departure is that of the stay: it is over when loaded.
        MilestoneCode::Loaded => at(milestone.step, 0, since, false),
        MilestoneCode::Arrived => at(milestone.step + 1, 0, since, false),
        // The stay began with the arrival.
        MilestoneCode::Unloaded => {
            let arrived = inputs
                .progress
                .milestones
                .iter()
                .find(|other| other.step == milestone.step && other.code == MilestoneCode::Arrived);
            at(milestone.step + 1, 0, arrived.and_then(|arrived| arrived.actual).unwrap_or(since), false)
        }
        MilestoneCode::Released => at(milestone.step, behind(ProcessKind::Border), since, false),
        MilestoneCode::GaugeChanged => at(milestone.step, behind(ProcessKind::GaugeChange), since, false),
        MilestoneCode::Delivered => at(milestone.step + 1, 0, since, false),
    }
}

fn first_stay_from(inputs: &EtaInputs<'_>, from: usize) -> Option<usize> {
    let steps = inputs.itinerary.steps.iter().enumerate().skip(from);
    steps.into_iter().find(|(_, step)| matches!(step, Step::Stay(_))).map(|(index, _)| index)
}

/// The stay ahead at the place of a hold.
fn binding_stay(inputs: &EtaInputs<'_>, hold: &Hold, from: usize) -> Option<usize> {
    let steps = inputs.itinerary.steps.iter().enumerate().skip(from);
    steps
        .into_iter()
        .find(|(_, step)| matches!(step, Step::Stay(stay) if stay.place == hold.place))
        .map(|(index, _)| index)
}

//! Draws the rest of the journey many times and counts.

use super::rest::{self, RestOfStay};
use super::{EtaInputs, Hold, LegPosition};
use crate::limits::MOST_SAMPLES;
use crate::milestone::MilestoneCode;
use jiff::{SignedDuration, Timestamp};
use kervan_model::{ArrivalOdds, ProcessKind, Stay, Step};
use kervan_units::{Pert, Seconds};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Where the goods are in the itinerary, as far as the events say.
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

/// Odds of the milestones ahead, and whether the step under way has lasted longer than any figure for it.
pub(super) fn draw(inputs: &EtaInputs<'_>) -> (Vec<(usize, ArrivalOdds)>, bool) {
    let standpoint = stand(inputs);
    let samples = inputs.samples.clamp(1, MOST_SAMPLES) as usize;
    // Seconds after `now`, one for each journey drawn; each step moves all of them on.
    let mut clocks = vec![Seconds::between(inputs.now, standpoint.since).get() as f64; samples];
    let elapsed = Seconds::between(standpoint.since, inputs.now).get() as f64;
    let mut remaining = Vec::new();
    if standpoint.step == 0 {
        note(inputs, 0, &[MilestoneCode::Ready], &clocks, &mut remaining);
    }
    // Arrived, and not yet reported as taken off: that happens now, before anything else.
    note(inputs, standpoint.step.wrapping_sub(1), &[MilestoneCode::Unloaded], &clocks, &mut remaining);
    for (index, step) in inputs.itinerary.steps.iter().enumerate().skip(standpoint.step) {
        let mut random = stream(inputs.seed, index as u64);
        let here = index == standpoint.step;
        let elapsed = if here { elapsed } else { 0.0 };
        match step {
            Step::Stay(stay) => {
                let from = if here { standpoint.processes_behind } else { 0 };
                note_within(inputs, index, stay, from, elapsed, &clocks, &mut remaining);
                let rest = RestOfStay::new(stay, from, stay.processes.len(), elapsed);
                for clock in &mut clocks {
                    *clock += rest.draw(&mut random);
                }
                wait_for_release(inputs, index, &mut clocks);
            }
            Step::Leg(leg) => {
                note(
                    inputs,
                    index,
                    &[MilestoneCode::Loaded, MilestoneCode::Departed],
                    &clocks,
                    &mut remaining,
                );
                let position =
                    inputs.position.filter(|position| here && standpoint.riding && position.at <= inputs.now);
                for clock in &mut clocks {
                    *clock += match position {
                        Some(seen) => from_position(leg, seen, &standpoint, inputs.now, &mut random),
                        None if here && standpoint.riding => rest::of_leg(leg, elapsed, &mut random),
                        None => rest::of_leg(leg, 0.0, &mut random),
                    };
                }
                note(
                    inputs,
                    index,
                    &[MilestoneCode::Arrived, MilestoneCode::Unloaded],
                    &clocks,
                    &mut remaining,
                );
            }
        }
    }
    let end = inputs.itinerary.steps.len().wrapping_sub(1);
    note(inputs, end, &[MilestoneCode::Delivered], &clocks, &mut remaining);
    remaining.sort_by_key(|(index, _)| *index);
    (remaining, is_overrun(inputs, &standpoint, elapsed))
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

fn from_position(
    leg: &kervan_model::Leg,
    seen: LegPosition,
    standpoint: &Standpoint,
    now: Timestamp,
    random: &mut Xoshiro256PlusPlus,
) -> f64 {
    let share = f64::from(seen.share_permille.min(1_000)) / 1_000.0;
    let until_seen = Seconds::between(standpoint.since, seen.at).get() as f64;
    let since_seen = Seconds::between(seen.at, now).get() as f64;
    rest::of_leg_from(leg, share, until_seen, since_seen, random)
}

/// A hold explains a long stay, so it is none then.
fn is_overrun(inputs: &EtaInputs<'_>, standpoint: &Standpoint, elapsed: f64) -> bool {
    if !inputs.holds.is_empty() {
        return false;
    }
    let greatest = match inputs.itinerary.steps.get(standpoint.step) {
        Some(Step::Leg(leg)) if standpoint.riding => leg.running.max(),
        Some(Step::Stay(stay)) => stay
            .processes
            .iter()
            .skip(standpoint.processes_behind)
            .map(|process| process.duration.max())
            .sum(),
        Some(Step::Leg(_)) | None => Seconds::ZERO,
    };
    rest::is_overrun(greatest.get() as f64, elapsed)
}

/// Keeps the goods at a stay until every hold there is released; a hold at a place that is not ahead binds at the next stay.
fn wait_for_release(inputs: &EtaInputs<'_>, index: usize, clocks: &mut [f64]) {
    let first_stay = first_stay_from(inputs, stand(inputs).step);
    for (number, hold) in inputs.holds.iter().enumerate() {
        if binding_stay(inputs, hold).or(first_stay) != Some(index) {
            continue;
        }
        let mut random = stream(inputs.seed ^ 0x4845_4C44, number as u64);
        let held = Seconds::between(hold.since, inputs.now).get() as f64;
        let duration = Pert::from(hold.duration);
        let refuted = duration.chance_above(held) <= 0.0;
        for clock in clocks.iter_mut() {
            let left = match refuted {
                true => rest::of_overrun(held, &mut random),
                false => duration.sample_above(held, &mut random) - held,
            };
            *clock = clock.max(left);
        }
    }
}

fn first_stay_from(inputs: &EtaInputs<'_>, from: usize) -> Option<usize> {
    let steps = inputs.itinerary.steps.iter().enumerate().skip(from);
    steps.into_iter().find(|(_, step)| matches!(step, Step::Stay(_))).map(|(index, _)| index)
}

/// The stay ahead at the place of a hold.
fn binding_stay(inputs: &EtaInputs<'_>, hold: &Hold) -> Option<usize> {
    let from = stand(inputs).step;
    let steps = inputs.itinerary.steps.iter().enumerate().skip(from);
    steps
        .into_iter()
        .find(|(_, step)| matches!(step, Step::Stay(stay) if stay.place == hold.place))
        .map(|(index, _)| index)
}

/// Notes the odds of the milestones within a stay: after the processes up to each, at their typical pace.
fn note_within(
    inputs: &EtaInputs<'_>,
    index: usize,
    stay: &Stay,
    from: usize,
    elapsed: f64,
    clocks: &[f64],
    remaining: &mut Vec<(usize, ArrivalOdds)>,
) {
    for number in from..stay.processes.len() {
        let code = match stay.processes.get(number).map(|process| process.kind) {
            Some(ProcessKind::Border) => Some(MilestoneCode::Released),
            Some(ProcessKind::GaugeChange) => Some(MilestoneCode::GaugeChanged),
            _ => None,
        };
        let Some(code) = code else { continue };
        let mut random = stream(inputs.seed, index as u64);
        let rest = RestOfStay::new(stay, from, number + 1, elapsed);
        let mut reached: Vec<f64> = clocks.iter().map(|clock| clock + rest.draw(&mut random)).collect();
        if code == MilestoneCode::Released {
            wait_for_release(inputs, index, &mut reached);
        }
        note(inputs, index, &[code], &reached, remaining);
    }
}

/// Notes the odds of those milestones of a step that are still ahead.
fn note(
    inputs: &EtaInputs<'_>,
    step: usize,
    codes: &[MilestoneCode],
    clocks: &[f64],
    remaining: &mut Vec<(usize, ArrivalOdds)>,
) {
    let milestones = inputs.progress.milestones.iter().enumerate();
    let ahead = milestones.filter(|(_, milestone)| {
        milestone.step == step && codes.contains(&milestone.code) && !milestone.is_behind()
    });
    let mut odds = None;
    for (index, _) in ahead {
        let odds = *odds.get_or_insert_with(|| quantiles(clocks, inputs.now));
        remaining.push((index, odds));
    }
}

/// The three quantiles of the journeys drawn, in whole seconds. Source: nearest rank.
fn quantiles(clocks: &[f64], now: Timestamp) -> ArrivalOdds {
    let mut sorted = clocks.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| {
        let rank = (sorted.len() * percent).div_ceil(100).max(1) - 1;
        let seconds = sorted.get(rank).copied().unwrap_or(0.0).round() as i64;
        crate::milestone::later(now, SignedDuration::from_secs(seconds))
    };
    ArrivalOdds { p10: at(10), p50: at(50), p90: at(90) }
}

//! How long a step still takes, given what is known of it.

use kervan_model::{Leg, Stay};
use kervan_units::Pert;
use rand_core::Rng;

/// Draws of a whole stay that are thrown away before the last process alone is stretched; a stay that has lasted longer than
/// all but a hundredth of its draws is close enough to its end for that.
const MOST_REDRAWS: u32 = 200;

/// What is left when a step has lasted longer than any figure for it: judgement, a share of the time it has lasted already,
/// because what is late without a reason tends to stay late. Unit: share of the elapsed time.
const OVERRUN_SHARES: (f64, f64, f64) = (0.0, 0.10, 0.50);

/// Least time left in an overrun at its greatest. Unit: second.
const OVERRUN_LEAST_S: f64 = 3_600.0;

/// Seconds left of a quantity whose figures are exhausted after `elapsed` seconds.
pub(super) fn of_overrun(elapsed: f64, random: &mut impl Rng) -> f64 {
    let (least, typical, most) = OVERRUN_SHARES;
    Pert::fit(least * elapsed, typical * elapsed, (most * elapsed).max(OVERRUN_LEAST_S)).sample(random)
}

/// Seconds left of a leg that was boarded `elapsed` seconds ago.
pub(super) fn of_leg(leg: &Leg, elapsed: f64, random: &mut impl Rng) -> f64 {
    let running = Pert::from(leg.running);
    if elapsed > 0.0 && running.chance_above(elapsed) <= 0.0 {
        return of_overrun(elapsed, random);
    }
    running.sample_above(elapsed, random) - elapsed
}

/// Seconds left of a leg from a position at `share` of its length (0 to 1), reached `until_seen` seconds after boarding, when
/// `since_seen` seconds have passed since.
///
/// The pace so far counts the more, the further the goods have come; where the two disagree the figure for the whole leg
/// keeps its part, since what lies ahead need not be like what lies behind.
pub(super) fn of_leg_from(
    leg: &Leg,
    share: f64,
    until_seen: f64,
    since_seen: f64,
    random: &mut impl Rng,
) -> f64 {
    let (least, most) = (leg.running.min().get() as f64, leg.running.max().get() as f64);
    let drawn = Pert::from(leg.running).sample(random);
    let pace = if share > 0.0 { (until_seen / share).clamp(least, most) } else { drawn };
    let whole = drawn * (1.0 - share) + pace * share;
    (whole * (1.0 - share) - since_seen).max(0.0)
}

/// Seconds left of the processes of a stay, from the one numbered `from`, which began `elapsed` seconds ago.
pub(super) fn of_stay(stay: &Stay, from: usize, elapsed: f64, random: &mut impl Rng) -> f64 {
    let parts: Vec<Pert> =
        stay.processes.iter().skip(from).map(|process| Pert::from(process.duration)).collect();
    let most: f64 = parts.iter().map(|part| part.quantile(1.0)).sum();
    if elapsed > 0.0 && elapsed >= most {
        return if parts.is_empty() { 0.0 } else { of_overrun(elapsed, random) };
    }
    if let [only] = parts.as_slice() {
        return only.sample_above(elapsed, random) - elapsed;
    }
    let mut whole = 0.0;
    for _ in 0..MOST_REDRAWS {
        whole = parts.iter().map(|part| part.sample(random)).sum();
        if whole > elapsed {
            return whole - elapsed;
        }
    }
    // The tail is thin here, so its shape hardly matters: between nothing and what the greatest figures leave.
    Pert::fit(0.0, 0.0, most - whole.min(elapsed)).sample(random).min(most - elapsed)
}

/// Whether a step has lasted longer than any figure for it.
pub(super) fn is_overrun(greatest: f64, elapsed: f64) -> bool {
    greatest > 0.0 && elapsed >= greatest
}

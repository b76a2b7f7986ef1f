//! How long a step still takes, given what is known of it.

use kervan_model::{Leg, Stay};
use kervan_units::{Pert, Seconds};
use rand_core::Rng;

/// Draws of a whole stay that are thrown away because they are shorter than it has lasted already. A stay that has outlasted
/// nearly all of its draws is so close to its greatest figures that a simpler tail will do.
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
    if is_overrun(leg.running.max().get() as f64, elapsed) {
        return of_overrun(elapsed, random);
    }
    Pert::from(leg.running).sample_above(elapsed, random) - elapsed
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
    let left = whole * (1.0 - share) - since_seen;
    if left > 0.0 { left } else { of_overrun(since_seen, random) }
}

/// The processes of a stay that are under way or ahead, of which the first began `elapsed` seconds ago.
pub(super) struct RestOfStay {
    parts: Vec<Pert>,
    greatest: f64,
    elapsed: f64,
}

impl RestOfStay {
    /// The processes from the one numbered `from` up to the one before `to`.
    pub(super) fn new(stay: &Stay, from: usize, to: usize, elapsed: f64) -> Self {
        let processes = || stay.processes.iter().take(to).skip(from);
        let greatest = processes().map(|process| process.duration.max()).sum::<Seconds>().get() as f64;
        Self { parts: processes().map(|process| Pert::from(process.duration)).collect(), greatest, elapsed }
    }

    /// Seconds left.
    pub(super) fn draw(&self, random: &mut impl Rng) -> f64 {
        let elapsed = self.elapsed;
        if self.parts.is_empty() {
            return 0.0;
        }
        if is_overrun(self.greatest, elapsed) {
            return of_overrun(elapsed, random);
        }
        if let [only] = self.parts.as_slice() {
            return only.sample_above(elapsed, random) - elapsed;
        }
        for _ in 0..MOST_REDRAWS {
            let whole: f64 = self.parts.iter().map(|part| part.sample(random)).sum();
            if whole >= elapsed {
                return whole - elapsed;
            }
        }
        // The tail is thin here, so its shape hardly matters: between nothing and what the greatest figures leave.
        Pert::fit(0.0, 0.0, (self.greatest - elapsed).max(0.0)).sample(random)
    }
}

/// Whether a step has lasted longer than any figure for it.
pub(super) fn is_overrun(greatest: f64, elapsed: f64) -> bool {
    greatest > 0.0 && elapsed >= greatest
}

//! How long a step still takes, given what is known of it.

use crate::figure::Figure;
use crate::parameters::Parameters;
use kervan_units::Pert;
use rand_core::Rng;

/// Least time left in an overrun at its greatest. Unit: second.
const OVERRUN_LEAST_S: f64 = 3_600.0;

/// Seconds left of a quantity whose figures are exhausted after `elapsed` seconds.
pub(super) fn of_overrun(elapsed: f64, parameters: &Parameters, random: &mut impl Rng) -> f64 {
    let (typical, most) = parameters.overrun;
    Pert::fit(0.0, typical * elapsed, (most * elapsed).max(OVERRUN_LEAST_S)).sample(random)
}

/// Moves clocks on by what is left of something that has lasted `elapsed` seconds and goes `factor` times as slowly as usual.
pub(super) fn pass(
    clocks: &mut [f64],
    figure: &Figure,
    (elapsed, factor): (f64, f64),
    parameters: &Parameters,
    random: &mut impl Rng,
) {
    match figure.rest(elapsed / factor, clocks.len(), random) {
        Some(rest) => clocks.iter_mut().zip(rest).for_each(|(clock, left)| *clock += left * factor),
        None => clocks.iter_mut().for_each(|clock| *clock += of_overrun(elapsed, parameters, random)),
    }
}

/// Seconds left of a leg from a position at `share` of its length (0 to 1), reached `until_seen` seconds after boarding, when
/// `since_seen` seconds have passed since.
///
/// The pace so far counts the more, the further the goods have come; where the two disagree the figure for the whole leg
/// keeps its part, since what lies ahead need not be like what lies behind.
pub(super) fn of_leg_from(
    figure: &Figure,
    share: f64,
    (until_seen, since_seen): (f64, f64),
    bounds: (f64, f64),
    parameters: &Parameters,
    random: &mut impl Rng,
) -> f64 {
    let drawn = figure.draw(random);
    let pace = if share > 0.0 { (until_seen / share).clamp(bounds.0, bounds.1) } else { drawn };
    let whole = drawn * (1.0 - share) + pace * share;
    let left = whole * (1.0 - share) - since_seen;
    if left > 0.0 { left } else { of_overrun(since_seen, parameters, random) }
}

//! A simulated year whose truth the tracker does not see: coverage of the intervals before and after learning.
//!
//! One row for each tracker, half of the year and horizon on standard output; words for people go to standard error.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement for people"
)]

#[path = "../tests/year/world.rs"]
#[allow(dead_code, reason = "shared with the test")]
mod world;

use jiff::SignedDuration;
use kervan_tracking::{Scored, assess};
use world::{Size, play};

/// Which forecasts are told of.
type Kept<'a> = &'a dyn Fn(&Scored) -> bool;

fn main() {
    for (name, queues, calibrate) in [("all", true, true), ("no recalibration", true, false)] {
        let size = Size { consignments: 480, samples: 1_000, seed: 3, queues, calibrate };
        let year = play(size);
        eprintln!(
            "{name}: {} delivered, {} estimates, {} drifts found",
            year.delivered, year.estimates, year.drifts
        );
        let half = year.start + SignedDuration::from_hours(183 * 24);
        for (tracker, scored) in [("published", &year.published), ("learned", &year.learned)] {
            let halves: [(&str, Kept<'_>); 2] =
                [("first half", &|one| one.given < half), ("second half", &|one| one.given >= half)];
            for (half, of_half) in halves {
                tell(name, tracker, half, scored.iter().filter(|one| of_half(one)));
            }
            for (number, (_, horizon)) in (0_u8..).zip(&year.parameters.scoring.horizons) {
                let like = scored.iter().filter(|one| one.given >= half && one.horizon == number);
                tell(name, tracker, horizon, like);
            }
        }
    }
}

fn tell<'s>(name: &str, tracker: &str, case: &str, scored: impl Iterator<Item = &'s Scored>) {
    let Some(score) = assess(scored) else { return };
    let percent = score.within.map(|within| (within * 1e3).round() / 10.0);
    let hours = |seconds: f64| (seconds / 360.0).round() / 10.0;
    println!(
        "{{\"case\":\"{name}, {tracker}, {case}\",\"n\":{},\"within_50\":{},\"within_80\":{},\"within_95\":{},\
         \"mean_error_h\":{},\"bias_h\":{},\"pinball_h\":{}}}",
        score.journeys,
        percent[0],
        percent[1],
        percent[2],
        hours(score.mean_error_s),
        hours(score.bias_s),
        hours(score.pinball_s)
    );
}

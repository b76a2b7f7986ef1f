//! What chance decides: streams of random numbers by name, and how long things take.
//!
//! Everything uncertain has its own stream, seeded by the seed of the play and its name, so that one draw never moves
//! another. The truth is no copy of the plan: the plan's streams are seeded otherwise.
//!
//! Luck is correlated, as it is in the corridor: wind closes a port for all ships, a strike stops all trains. In one week of
//! eight a place or a service draws from the longer half of its figures, in one from the shorter half. The odds of a single
//! duration stay those of its estimate.

use crate::limits::BAD_WEEK_IN;
use jiff::Timestamp;
use kervan_units::{Estimate, Pert, Seconds};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The seed of a play.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Luck {
    pub(crate) seed: u64,
}

/// How a week goes at a place or on a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Week {
    Ordinary,
    Bad,
    Smooth,
}

const WEEK_SECONDS: i64 = 7 * 86_400;

impl Luck {
    /// The stream of this name and number. Source of the hash: FNV-1a, 64 bits.
    fn stream(self, name: &[&str], number: u64) -> Xoshiro256PlusPlus {
        let words = name.iter().flat_map(|word| word.bytes().chain([0xff]));
        let bytes = b"truth".iter().copied().chain(self.seed.to_le_bytes()).chain(words);
        let hash = bytes.chain(number.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Xoshiro256PlusPlus::seed_from_u64(hash)
    }

    /// How the week of `at` goes for a place or a service.
    pub(crate) fn week(self, of: &str, at: Timestamp) -> Week {
        let week = at.as_second().div_euclid(WEEK_SECONDS).unsigned_abs();
        match self.stream(&["week", of], week).next_u64() % BAD_WEEK_IN {
            0 => Week::Bad,
            1 => Week::Smooth,
            _ => Week::Ordinary,
        }
    }

    /// A duration, in whole minutes.
    pub(crate) fn duration(
        self,
        estimate: Estimate<Seconds>,
        week: Week,
        name: &[&str],
        number: u64,
    ) -> Seconds {
        let chance = self.share(name, number);
        let chance = match week {
            Week::Ordinary => chance,
            Week::Bad => 0.5 + chance / 2.0,
            Week::Smooth => chance / 2.0,
        };
        Seconds::from_minutes((Pert::from(estimate).quantile(chance) / 60.0).round() as u64)
    }

    /// A number from 0 to below 1.
    pub(crate) fn share(self, name: &[&str], number: u64) -> f64 {
        unit(&mut self.stream(name, number))
    }

    /// Two numbers from -1 to below 1.
    pub(crate) fn scatter(self, name: &[&str], number: u64) -> (f64, f64) {
        let mut random = self.stream(name, number);
        (2.0 * unit(&mut random) - 1.0, 2.0 * unit(&mut random) - 1.0)
    }

    /// A duration between two, each as likely, in whole minutes.
    pub(crate) fn between(self, least: Seconds, most: Seconds, name: &[&str]) -> Seconds {
        let minutes = (most - least).get() as f64 / 60.0 * self.share(name, 0);
        least + Seconds::from_minutes(minutes.round() as u64)
    }
}

/// The upper 53 bits as a number from 0 to below 1.
fn unit(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// The instant a duration after another; the end of time if there is none.
pub(crate) fn after(at: Timestamp, by: Seconds) -> Timestamp {
    at.saturating_add(by.to_duration()).unwrap_or(Timestamp::MAX)
}

/// The instant a duration before another; the beginning of time if there is none.
pub(crate) fn before(at: Timestamp, by: Seconds) -> Timestamp {
    at.saturating_sub(by.to_duration()).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_weeks_leave_the_odds_of_a_figure_alone() {
        let hours = Seconds::from_hours;
        let estimate = Estimate::new(hours(4), hours(24), hours(78)).unwrap();
        let luck = Luck { seed: 5 };
        let start: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let draws: Vec<f64> = (0..8_000)
            .map(|number| {
                let week = luck.week("KZAAU", after(start, hours(168 * number)));
                luck.duration(estimate, week, &["stay"], number).as_hours_f64()
            })
            .collect();
        assert!(draws.iter().all(|hours| (4.0..=78.0).contains(hours)));
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        assert!((mean - Pert::fit(4.0, 24.0, 78.0).mean()).abs() < 0.6, "{mean}");
    }

    #[test]
    fn names_numbers_and_seeds_have_streams_of_their_own() {
        let one = Luck { seed: 1 };
        let shares = [
            one.share(&["a", "b"], 0),
            one.share(&["ab"], 0),
            one.share(&["a", "b"], 1),
            Luck { seed: 2 }.share(&["a", "b"], 0),
        ];
        for (index, share) in shares.iter().enumerate() {
            assert!(!shares[..index].contains(share), "{index}");
        }
        assert_eq!(one.share(&["a", "b"], 0), shares[0]);
    }
}

//! Monte Carlo: when goods will be where, with odds.
//!
//! Every uncertain figure (the ride of a service, the wait for it, a process at a place) gets its own stream of random
//! numbers, seeded by the seed of the plan and the id of the figure. Alternatives that share a figure therefore share its
//! luck, and the difference between them is not noise (common random numbers); leaving an alternative out changes no
//! other one.

use kervan_network::Runs;
use kervan_units::{Estimate, Pert, Seconds};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::collections::BTreeMap;

/// An uncertain duration, by what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FigureId<'n> {
    /// The ride of a service.
    Ride(&'n str),
    /// The wait for a service.
    Wait(&'n str),
    /// A process at a place.
    Process(&'n str),
}

impl FigureId<'_> {
    /// The start of the stream of this figure: FNV-1a over the kind, the id and the seed of the plan.
    fn stream(self, seed: u64) -> u64 {
        let (kind, id) = match self {
            Self::Ride(id) => (b'r', id),
            Self::Wait(id) => (b'w', id),
            Self::Process(id) => (b'p', id),
        };
        let bytes = seed.to_le_bytes().into_iter().chain([kind]).chain(id.bytes());
        bytes
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// How a duration is distributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spread {
    /// Three points.
    Pert(Estimate<Seconds>),
    /// Any moment of an interval is as likely as any other.
    Even {
        /// Length of the interval.
        every: Seconds,
    },
}

impl Spread {
    /// The wait for a departure.
    pub(crate) fn of_wait(runs: Runs) -> Self {
        match runs {
            Runs::Headway { every } => Self::Even { every },
            Runs::LeavesWhenFull { wait } => Self::Pert(wait),
            Runs::OnDemand => Self::Pert(Estimate::exactly(Seconds::ZERO)),
        }
    }

    fn draw(self, random: &mut Xoshiro256PlusPlus) -> u64 {
        match self {
            Self::Pert(estimate) => Pert::from(estimate).sample(random).round() as u64,
            // The upper 53 bits as a number from 0 to below 1.
            Self::Even { every } => {
                ((random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 * every.get() as f64) as u64
            }
        }
    }
}

/// The samples of every figure that was asked for so far.
pub(crate) struct Odds<'n> {
    seed: u64,
    samples: usize,
    drawn: BTreeMap<FigureId<'n>, Vec<u64>>,
}

/// Times since the goods were ready, over all samples, and their quantiles.
pub(crate) struct Course {
    elapsed: Vec<u64>,
    scratch: Vec<u64>,
}

/// Three quantiles of a time since the goods were ready. Unit: second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantiles {
    pub(crate) p10: u64,
    pub(crate) p50: u64,
    pub(crate) p90: u64,
}

impl<'n> Odds<'n> {
    pub(crate) fn new(seed: u64, samples: u32) -> Self {
        Self { seed, samples: samples as usize, drawn: BTreeMap::new() }
    }

    /// A course that has not begun.
    pub(crate) fn start(&self) -> Course {
        Course { elapsed: vec![0; self.samples], scratch: Vec::with_capacity(self.samples) }
    }

    /// Lets a duration pass.
    pub(crate) fn pass(&mut self, course: &mut Course, figure: FigureId<'n>, spread: Spread) {
        let (seed, samples) = (self.seed, self.samples);
        let drawn = self.drawn.entry(figure).or_insert_with(|| {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(figure.stream(seed));
            (0..samples).map(|_| spread.draw(&mut random)).collect()
        });
        for (elapsed, duration) in course.elapsed.iter_mut().zip(drawn.iter()) {
            *elapsed = elapsed.saturating_add(*duration);
        }
    }
}

impl Course {
    /// The median so far. Unit: second. Never falls from one point of a course to the next.
    pub(crate) fn median(&mut self) -> u64 {
        self.scratch.clone_from(&self.elapsed);
        let rank = rank(50, self.scratch.len());
        if rank >= self.scratch.len() {
            return 0;
        }
        *self.scratch.select_nth_unstable(rank).1
    }

    /// The quantiles so far.
    pub(crate) fn quantiles(&mut self) -> Quantiles {
        self.scratch.clone_from(&self.elapsed);
        self.scratch.sort_unstable();
        let at = |percent| self.scratch.get(rank(percent, self.scratch.len())).copied().unwrap_or(0);
        Quantiles { p10: at(10), p50: at(50), p90: at(90) }
    }
}

/// Position of a quantile among sorted samples: the nearest rank.
fn rank(percent: usize, samples: usize) -> usize {
    (samples * percent).div_ceil(100).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: fn(u64) -> Seconds = Seconds::from_hours;

    fn estimate(min: u64, typ: u64, max: u64) -> Estimate<Seconds> {
        Estimate::new(HOURS(min), HOURS(typ), HOURS(max)).unwrap()
    }

    #[test]
    fn quantiles_of_one_figure_are_those_of_its_distribution() {
        let cases = [
            (Spread::Pert(estimate(4, 24, 78)), Pert::from(estimate(4, 24, 78)).quantile(0.5)),
            (Spread::Even { every: HOURS(24) }, 12.0 * 3_600.0),
            (Spread::Pert(estimate(5, 5, 5)), 5.0 * 3_600.0),
        ];
        for (spread, median) in cases {
            let mut odds = Odds::new(3, 40_000);
            let mut course = odds.start();
            odds.pass(&mut course, FigureId::Ride("S1"), spread);
            let found = course.quantiles();
            assert!((found.p50 as f64 / median - 1.0).abs() < 0.01, "{spread:?}: {found:?}, not {median}");
            assert_eq!(course.median(), found.p50);
            assert!(found.p10 <= found.p50 && found.p50 <= found.p90);
        }
    }

    #[test]
    fn a_figure_has_the_same_luck_wherever_it_is_used() {
        let mut odds = Odds::new(1, 500);
        let (mut one, mut other) = (odds.start(), odds.start());
        let spread = Spread::Pert(estimate(1, 2, 9));
        odds.pass(&mut one, FigureId::Ride("S1"), spread);
        odds.pass(&mut other, FigureId::Ride("S2"), spread);
        odds.pass(&mut other, FigureId::Ride("S1"), spread);
        odds.pass(&mut one, FigureId::Ride("S2"), spread);
        assert_eq!(one.elapsed, other.elapsed);
        // Same id of another kind, or another seed, is another figure.
        let streams = [
            FigureId::Ride("S1").stream(1),
            FigureId::Wait("S1").stream(1),
            FigureId::Process("S1").stream(1),
            FigureId::Ride("S1").stream(2),
        ];
        for (index, stream) in streams.iter().enumerate() {
            assert!(!streams[..index].contains(stream));
        }
    }
}

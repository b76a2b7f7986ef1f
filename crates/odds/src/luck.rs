//! Monte Carlo: a way played some thousand times.
//!
//! Every figure gets its own stream of random numbers, seeded by the seed of the plan and the number of the figure. Ways that
//! share a figure therefore share its luck, and the difference between them is not noise (common random numbers); leaving a
//! way out changes no other one. For a service at even intervals the luck is the moment of its departures, not the wait: two
//! ways that come at different hours wait for the same ship.

use crate::curve::Curve;
use crate::departures::Departures;
use crate::way::{Hours, Part, Way, What};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The samples of every figure that was asked for so far.
#[derive(Clone, Debug)]
pub struct Luck {
    seed: u64,
    samples: usize,
    /// By figure: what was drawn from each of its distributions. A figure may have several, such as a dwell with its wait and
    /// without it; they share the luck.
    drawn: BTreeMap<u64, Vec<Drawn>>,
    /// By figure and interval: when in an interval it departs.
    phases: BTreeMap<(u64, u32), Vec<u32>>,
}

/// What was drawn from a distribution. Unit: second.
type Drawn = (Arc<Curve>, Vec<u32>);

/// Times since the start, over all samples. Unit: second.
#[derive(Clone, Debug)]
pub struct Course {
    elapsed: Vec<u32>,
    scratch: Vec<u32>,
}

/// Three quantiles of a time since the start. Unit: second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantiles {
    /// One in ten is earlier.
    pub p10: u64,
    /// The median.
    pub p50: u64,
    /// One in ten is later.
    pub p90: u64,
}

/// A way as it was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// When it ended.
    pub course: Course,
    /// By part: how often its planned departure was missed, where there is one. Range: 0 to 1.
    pub missed: Vec<Option<f64>>,
}

/// A number from 0 to below 1, from the upper 53 bits.
fn unit(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

fn whole(seconds: f64) -> u32 {
    // Casts of floats saturate, and what is not a number becomes zero.
    (seconds + 0.5) as u32
}

fn narrow(seconds: u64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

impl Luck {
    /// The luck of a seed.
    pub const fn new(seed: u64, samples: u32) -> Self {
        Self { seed, samples: samples as usize, drawn: BTreeMap::new(), phases: BTreeMap::new() }
    }

    /// A course that has not begun.
    pub fn start(&self) -> Course {
        Course { elapsed: vec![0; self.samples], scratch: Vec::with_capacity(self.samples) }
    }

    /// Lets a duration pass.
    pub fn pass(&mut self, course: &mut Course, figure: u64, curve: &Arc<Curve>) {
        let (random, samples) = (random(self.seed, figure), self.samples);
        let drawn = self.drawn.entry(figure).or_default();
        let known = drawn.iter().position(|(known, _)| Arc::ptr_eq(known, curve) || known == curve);
        let index = known.unwrap_or_else(|| {
            let mut random = random;
            let durations = (0..samples).map(|_| whole(curve.at(unit(&mut random)))).collect();
            drawn.push((Arc::clone(curve), durations));
            drawn.len() - 1
        });
        let durations = drawn.get(index).map_or(&[][..], |(_, durations)| durations);
        for (elapsed, duration) in course.elapsed.iter_mut().zip(durations) {
            *elapsed = elapsed.saturating_add(*duration);
        }
    }

    /// Waits for the next departure. Returns how often the planned one was missed: the one that goods catch which are there at
    /// the median of their arrivals. `None` where departures have no moments of their own.
    pub fn board(&mut self, course: &mut Course, figure: u64, departures: &Departures) -> Option<f64> {
        match departures {
            Departures::Anytime => None,
            Departures::WhenFull { wait, .. } => {
                self.pass(course, figure, wait);
                None
            }
            Departures::Headway { every } => {
                // Thirty years, so that sums below do not run over.
                let every = narrow(every.get().clamp(1, 1 << 30));
                let usual = narrow(course.median());
                let (mut random, samples) = (random(self.seed, figure), self.samples);
                let phases = self.phases.entry((figure, every)).or_insert_with(|| {
                    (0..samples).map(|_| (unit(&mut random) * f64::from(every)) as u32).collect()
                });
                let next = |time: u32, phase: u32| {
                    // The least time from now on that is the phase plus a whole number of intervals.
                    time.saturating_add((phase + (every - time % every)) % every)
                };
                let mut late = 0_usize;
                for (elapsed, phase) in course.elapsed.iter_mut().zip(phases.iter()) {
                    late += usize::from(*elapsed > next(usual, *phase));
                    *elapsed = next(*elapsed, *phase);
                }
                share(late, course.elapsed.len())
            }
            Departures::Timetable { .. } => {
                let planned = narrow(departures.next(course.median())?);
                let mut late = 0_usize;
                for elapsed in &mut course.elapsed {
                    *elapsed = narrow(departures.next(u64::from(*elapsed))?);
                    late += usize::from(*elapsed > planned);
                }
                share(late, course.elapsed.len())
            }
        }
    }

    /// Waits until something is open.
    pub fn enter(&self, course: &mut Course, hours: &Hours) {
        for elapsed in &mut course.elapsed {
            *elapsed = narrow(hours.enter(u64::from(*elapsed)));
        }
    }
}

/// The random numbers of a figure.
fn random(seed: u64, figure: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(figure ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Course {
    /// The median so far. Unit: second. Never falls from one point of a course to the next.
    pub fn median(&mut self) -> u64 {
        self.scratch.clone_from(&self.elapsed);
        let rank = rank(50, self.scratch.len());
        if rank >= self.scratch.len() {
            return 0;
        }
        u64::from(*self.scratch.select_nth_unstable(rank).1)
    }

    /// The quantiles so far.
    pub fn quantiles(&mut self) -> Quantiles {
        self.scratch.clone_from(&self.elapsed);
        let count = self.scratch.len();
        if count == 0 {
            return Quantiles { p10: 0, p50: 0, p90: 0 };
        }
        // The ends are looked for on either side of the middle.
        let (low, middle, high) = (rank(10, count), rank(50, count), rank(90, count));
        let (below, p50, above) = self.scratch.select_nth_unstable(middle);
        let p50 = *p50;
        let p10 = if low < middle { *below.select_nth_unstable(low).1 } else { p50 };
        let p90 = if high > middle { *above.select_nth_unstable(high - middle - 1).1 } else { p50 };
        Quantiles { p10: p10.into(), p50: p50.into(), p90: p90.into() }
    }

    /// The mean so far. Unit: second.
    pub fn mean(&self) -> f64 {
        let sum: u64 = self.elapsed.iter().copied().map(u64::from).sum();
        sum as f64 / self.elapsed.len().max(1) as f64
    }

    /// The share of samples that are there by a time since the start. Unit: second. Range: 0 to 1.
    pub fn chance_by(&self, seconds: u64) -> f64 {
        let by = self.elapsed.iter().filter(|elapsed| u64::from(**elapsed) <= seconds).count();
        by as f64 / self.elapsed.len().max(1) as f64
    }

    /// The share of samples in which this course is there before another one of the same luck; a tie counts half.
    pub fn chance_before(&self, other: &Self) -> f64 {
        let halves = |(one, other): (&u32, &u32)| usize::from(one <= other) + usize::from(one < other);
        let before: usize = self.elapsed.iter().zip(&other.elapsed).map(halves).sum();
        before as f64 / (2 * self.elapsed.len()).max(1) as f64
    }

    /// Every sample. Unit: second since the start.
    pub fn samples(&self) -> &[u32] {
        &self.elapsed
    }
}

/// Position of a quantile among sorted samples: the nearest rank.
fn rank(percent: usize, samples: usize) -> usize {
    (samples * percent).div_ceil(100).saturating_sub(1)
}

/// Plays a way.
pub fn play(way: &Way, luck: &mut Luck) -> Played {
    let mut course = luck.start();
    let missed = way.parts.iter().map(|part| play_until(part, luck, &mut course)).collect();
    Played { course, missed }
}

/// Plays one part more of a course. Returns how often its planned departure was missed, where it has one.
pub fn play_until(part: &Part, luck: &mut Luck, course: &mut Course) -> Option<f64> {
    match &part.what {
        What::Pass(curve) => {
            luck.pass(course, part.figure, curve);
            None
        }
        What::PassWithin { hours, lasts } => {
            luck.enter(course, hours);
            luck.pass(course, part.figure, lasts);
            None
        }
        What::Board(departures) => luck.board(course, part.figure, departures),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Spread;
    use kervan_units::{Estimate, Pert, Seconds};

    const HOURS: fn(u64) -> Seconds = Seconds::from_hours;

    fn estimate(min: u64, typ: u64, max: u64) -> Estimate<Seconds> {
        Estimate::new(HOURS(min), HOURS(typ), HOURS(max)).unwrap()
    }

    #[test]
    fn quantiles_of_one_figure_are_those_of_its_distribution() {
        let points = estimate(4, 24, 78);
        let cases = [
            (Part::pass(1, &Spread::Pert(points)), Pert::from(points).quantile(0.5)),
            (Part::board(1, Departures::headway(HOURS(24))), 12.0 * 3_600.0),
            (Part::pass(1, &Spread::exactly(HOURS(5))), 5.0 * 3_600.0),
        ];
        for (part, median) in cases {
            let mut course = play(&Way::new(vec![part.clone()]), &mut Luck::new(3, 40_000)).course;
            let found = course.quantiles();
            assert!((found.p50 as f64 / median - 1.0).abs() < 0.015, "{part:?}: {found:?}, not {median}");
            assert_eq!(course.median(), found.p50);
            assert!(found.p10 <= found.p50 && found.p50 <= found.p90);
        }
    }

    #[test]
    fn a_figure_has_the_same_luck_wherever_it_is_used() {
        let mut luck = Luck::new(1, 500);
        let part = |figure| Part::pass(figure, &Spread::Pert(estimate(1, 2, 9)));
        let one = play(&Way::new(vec![part(1), part(2)]), &mut luck).course;
        let other = play(&Way::new(vec![part(2), part(1)]), &mut luck).course;
        assert_eq!(one.samples(), other.samples());
        assert_eq!(one.chance_before(&other), 0.5);
        let third = play(&Way::new(vec![part(3), part(1)]), &mut luck).course;
        assert_ne!(one.samples(), third.samples());
        assert_ne!(
            play(&Way::new(vec![part(1), part(2)]), &mut Luck::new(2, 500)).course.samples(),
            one.samples()
        );
    }

    #[test]
    fn a_figure_with_two_distributions_draws_from_each() {
        let mut luck = Luck::new(1, 500);
        let mut played = |points| {
            let way = Way::new(vec![Part::pass(7, &Spread::Pert(points))]);
            play(&way, &mut luck).course
        };
        let (short, long) = (played(estimate(1, 2, 9)), played(estimate(20, 40, 90)));
        assert!(long.mean() > 4.0 * short.mean());
        assert_eq!(played(estimate(1, 2, 9)).samples(), short.samples());
        let again =
            play(&Way::new(vec![Part::pass(7, &Spread::Pert(estimate(20, 40, 90)))]), &mut Luck::new(1, 500));
        assert_eq!(again.course.samples(), long.samples(), "whoever was asked for first");
    }

    #[test]
    fn who_comes_later_never_leaves_earlier() {
        let board = |after: u64| {
            let parts = vec![
                Part::pass(1, &Spread::exactly(HOURS(after))),
                Part::board(2, Departures::headway(HOURS(24))),
            ];
            play(&Way::new(parts), &mut Luck::new(1, 200)).course
        };
        for hours in 0..60 {
            let (one, other) = (board(hours), board(hours + 1));
            assert!(one.samples().iter().zip(other.samples()).all(|(one, other)| one <= other), "{hours}");
        }
    }
}

//! What an itinerary foresees step by step, as intervals: the measure that what happened is held against.
//!
//! The way is read back from the itinerary itself (its durations, with what was measured when it was planned) and played with its
//! own seed, so that the intervals are those that the plan stood for. Departures and hours are taken from the network of now.

use crate::Learned;
use crate::insight::{Source, Traced};
use jiff::Timestamp;
use kervan_model::Itinerary;
use kervan_network::Network;
use kervan_odds::{Luck, play_until};
use kervan_units::Seconds;
use std::collections::BTreeMap;

/// Samples at most: the outer quantiles of 2,000 are exact to a fiftieth of their chance.
const SAMPLES: u32 = 2_000;

/// Samples at most for the ways of a plan that is shown: its bands end at one in ten, which 1,000 samples say to a hundredth. The
/// quantiles of every step are most of what bands take, so that twice as many take twice as long.
const SAMPLES_SHOWN: u32 = 1_000;

/// Quantiles of something: the middle one, and between which it lies with a chance of one half, 80 and 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band<T> {
    /// One in forty is below.
    pub p2_5: T,
    /// One in ten.
    pub p10: T,
    /// One in four.
    pub p25: T,
    /// The median.
    pub p50: T,
    /// One in four is above.
    pub p75: T,
    /// One in ten.
    pub p90: T,
    /// One in forty.
    pub p97_5: T,
}

/// Into which of the intervals something falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// That of one half.
    pub half: bool,
    /// That of 80 %.
    pub eighty: bool,
    /// That of 95 %.
    pub ninety_five: bool,
}

impl<T: Copy + Ord> Band<T> {
    /// Into which of the intervals a value falls; the ends belong to them.
    pub fn holds(&self, value: T) -> Within {
        Within {
            half: (self.p25..=self.p75).contains(&value),
            eighty: (self.p10..=self.p90).contains(&value),
            ninety_five: (self.p2_5..=self.p97_5).contains(&value),
        }
    }

    /// The same of something that follows from each value.
    pub fn map<U>(self, of: impl Fn(T) -> U) -> Band<U> {
        Band {
            p2_5: of(self.p2_5),
            p10: of(self.p10),
            p25: of(self.p25),
            p50: of(self.p50),
            p75: of(self.p75),
            p90: of(self.p90),
            p97_5: of(self.p97_5),
        }
    }
}

/// What is foreseen of a step of an itinerary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// Number of the step.
    pub step: usize,
    /// When it is over.
    pub ends: Band<Timestamp>,
    /// How long it lasts, waits and all.
    pub lasts: Band<Seconds>,
}

/// What an itinerary foresees of each of its steps, in order.
pub fn foresee(network: &Network, itinerary: &Itinerary, learned: &Learned) -> Vec<Foreseen> {
    foresee_each(network, [itinerary], learned, SAMPLES).pop().unwrap_or_default()
}

/// What each of the ways of a plan foresees of its steps, for those who are shown it. They share the luck of the figures that they
/// share, so that each figure is drawn once.
pub fn foresee_all<'i>(
    network: &Network,
    itineraries: impl IntoIterator<Item = &'i Itinerary>,
    learned: &Learned,
) -> Vec<Vec<Foreseen>> {
    foresee_each(network, itineraries, learned, SAMPLES_SHOWN)
}

fn foresee_each<'i>(
    network: &Network,
    itineraries: impl IntoIterator<Item = &'i Itinerary>,
    learned: &Learned,
    most: u32,
) -> Vec<Vec<Foreseen>> {
    let mut lucks: BTreeMap<(u64, u32), Luck> = BTreeMap::new();
    let foreseen = itineraries.into_iter().map(|itinerary| {
        let (seed, samples) = (itinerary.inputs.seed, itinerary.inputs.samples.clamp(1, most));
        let luck = lucks.entry((seed, samples)).or_insert_with(|| Luck::new(seed, samples));
        steps_of(itinerary, luck, Source { network, learned, start: itinerary.departs })
    });
    foreseen.collect()
}

fn steps_of(itinerary: &Itinerary, luck: &mut Luck, source: Source<'_>) -> Vec<Foreseen> {
    let traced = Traced::of_itinerary(itinerary, source);
    let mut course = luck.start();
    let mut before = course.samples().to_vec();
    let mut scratch = before.clone();
    let mut parts = traced.way.parts.iter().zip(&traced.figures).peekable();
    let mut steps = Vec::new();
    for step in 0..itinerary.steps.len() {
        while let Some((part, _)) = parts.next_if(|(_, figure)| figure.step <= step) {
            play_until(part, luck, &mut course);
        }
        scratch.clone_from_slice(course.samples());
        let ends = band(&mut scratch)
            .map(|seconds| itinerary.departs.checked_add(seconds.to_duration()).unwrap_or(Timestamp::MAX));
        for (spent, now) in before.iter_mut().zip(course.samples()) {
            *spent = now.saturating_sub(*spent);
        }
        let lasts = band(&mut before);
        before.clone_from_slice(course.samples());
        steps.push(Foreseen { step, ends, lasts });
    }
    steps
}

/// Quantiles by the nearest rank; the samples come out in another order.
fn band(samples: &mut [u32]) -> Band<Seconds> {
    let count = samples.len();
    let rank = |per_mille: usize| (count * per_mille).div_ceil(1_000).saturating_sub(1);
    // Each is looked for on its side of those that were found: much less work than putting all in order.
    let mut at = |per_mille: usize, from: usize, until: usize| {
        let (from, until) = (from.min(count), until.min(count));
        let rank = rank(per_mille);
        let side = samples.get_mut(from..until).unwrap_or_default();
        let found = (from..until).contains(&rank).then(|| *side.select_nth_unstable(rank - from).1);
        Seconds::new(found.map_or(0, u64::from))
    };
    let p50 = at(500, 0, count);
    let p10 = at(100, 0, rank(500) + 1);
    let p2_5 = at(25, 0, rank(100) + 1);
    let p25 = at(250, rank(100), rank(500) + 1);
    let p90 = at(900, rank(500), count);
    let p75 = at(750, rank(500), rank(900) + 1);
    let p97_5 = at(975, rank(900), count);
    Band { p2_5, p10, p25, p50, p75, p90, p97_5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_those_of_samples_in_order() {
        for count in 0..60_u32 {
            let samples: Vec<u32> = (0..count).map(|number| (number * 29 + 7) % 17).collect();
            let mut sorted = samples.clone();
            sorted.sort_unstable();
            let at = |per_mille: usize| {
                let rank = (sorted.len() * per_mille).div_ceil(1_000).saturating_sub(1);
                sorted.get(rank).copied().map_or(0, u64::from)
            };
            let Band { p2_5, p10, p25, p50, p75, p90, p97_5 } = band(&mut samples.clone()).map(Seconds::get);
            let expected = [25, 100, 250, 500, 750, 900, 975].map(at);
            assert_eq!([p2_5, p10, p25, p50, p75, p90, p97_5], expected, "{samples:?}");
        }
    }

    #[test]
    fn a_band_holds_its_ends() {
        // In an order that is none.
        let mut samples: Vec<u32> = (0..1_000).map(|number| number * 7 % 1_000 + 1).collect();
        let band = band(&mut samples);
        let Band { p2_5, p10, p25, p50, p75, p90, p97_5 } = band.map(Seconds::get);
        assert_eq!([p2_5, p10, p25, p50, p75, p90, p97_5], [25, 100, 250, 500, 750, 900, 975]);
        let holds = |seconds: u64| {
            let within = band.holds(Seconds::new(seconds));
            (within.half, within.eighty, within.ninety_five)
        };
        assert_eq!(holds(500), (true, true, true));
        assert_eq!(holds(250), (true, true, true));
        assert_eq!(holds(249), (false, true, true));
        assert_eq!(holds(900), (false, true, true));
        assert_eq!(holds(901), (false, false, true));
        assert_eq!(holds(24), (false, false, false));
    }
}

//! A figure: how long a leg or a dwell takes, as published and as measured.
//!
//! The rule of shrinkage: the distribution of what is measured stands beside the published one, and the published one counts
//! as a number of measurements that is data (`published-counts-as`). So without any measurement the figure *is* the published
//! one, with many it is what was measured, whatever its shape, and in between each draw comes from the one or the other. (This
//! is the posterior of a Dirichlet process with the published figure as its base.) Each measurement is blurred a little on the
//! scale of logarithms, without widening the whole.

use crate::chance::{nearest_rank, normal, normal_below, unit};
use kervan_codes::PlaceCode;
use kervan_model::{ProcessKind, ServiceId};
use kervan_units::{Estimate, Pert, Seconds};
use rand_core::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::fmt;
use std::str::FromStr;

/// Draws by which the distribution of a sum of published figures is known.
const POOL: usize = 512;

/// Draws for each one wanted, after which what is left of a step that lasts long is drawn in a simpler way.
const MOST_REDRAWS: usize = 24;

/// Survivors of a step under way below which the simpler way is better than repeating them.
const LEAST_SURVIVORS: usize = 24;

/// Halvings of the interval when a quantile is sought: far below a second in a year.
const HALVINGS: u32 = 48;

/// Which leg or dwell a figure speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureKey {
    /// The ride on a service, from departure to arrival.
    Ride(ServiceId),
    /// From loading onto a ship or ferry of a service to its departure.
    Boarded(ServiceId),
    /// A part of a stay that begins and ends with something that is reported.
    Stay {
        /// Where.
        place: PlaceCode,
        /// What happens there, in order.
        processes: Vec<ProcessKind>,
        /// The service on which the goods go on; none at the destination.
        towards: Option<ServiceId>,
    },
}

impl fmt::Display for FigureKey {
    /// `ride:S020`, `boarded:S020`, `stay:KZAAU:border+transfer:S020`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ride(service) => write!(f, "ride:{service}"),
            Self::Boarded(service) => write!(f, "boarded:{service}"),
            Self::Stay { place, processes, towards } => {
                let words: Vec<&str> = processes.iter().map(|process| process.word()).collect();
                let towards = towards.as_ref().map_or("", ServiceId::as_str);
                write!(f, "stay:{place}:{}:{towards}", words.join("+"))
            }
        }
    }
}

/// A text that is no key of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoFigureKey;

impl FromStr for FigureKey {
    type Err = NoFigureKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, rest) = text.split_once(':').ok_or(NoFigureKey)?;
        match kind {
            "ride" => rest.parse().map(Self::Ride).map_err(|_| NoFigureKey),
            "boarded" => rest.parse().map(Self::Boarded).map_err(|_| NoFigureKey),
            "stay" => {
                let mut parts = rest.splitn(3, ':');
                let place = parts.next().and_then(|text| text.parse().ok()).ok_or(NoFigureKey)?;
                let words = parts.next().ok_or(NoFigureKey)?;
                let processes = words
                    .split('+')
                    .filter(|word| !word.is_empty())
                    .map(|word| ProcessKind::find(word).ok_or(NoFigureKey))
                    .collect::<Result<_, _>>()?;
                let towards = match parts.next().ok_or(NoFigureKey)? {
                    "" => None,
                    service => Some(service.parse().map_err(|_| NoFigureKey)?),
                };
                Ok(Self::Stay { place, processes, towards })
            }
            _ => Err(NoFigureKey),
        }
    }
}

/// A measurement as it counts in a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Atom {
    /// Logarithm of the seconds.
    pub(crate) log: f64,
    pub(crate) weight: f64,
}

/// How long a leg or a dwell takes: a distribution that can say where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    parts: Vec<Pert>,
    published: Estimate<Seconds>,
    /// Share of the published figure in the draws.
    share: f64,
    /// Measurements by their logarithm, with their weights summed up to 1.
    atoms: Vec<(f64, f64)>,
    blur: f64,
    measured: u32,
}

impl Figure {
    /// A figure without measurements. The parts add up; none take no time.
    pub fn published(parts: &[Estimate<Seconds>]) -> Self {
        let sum = |point: fn(&Estimate<Seconds>) -> Seconds| parts.iter().map(point).sum::<Seconds>();
        let (min, typ, max) = (sum(Estimate::min), sum(Estimate::typ), sum(Estimate::max));
        Self {
            parts: parts.iter().map(|part| Pert::from(*part)).collect(),
            published: Estimate::new(min, typ, max).unwrap_or(Estimate::exactly(typ)),
            share: 1.0,
            atoms: Vec::new(),
            blur: 0.0,
            measured: 0,
        }
    }

    /// The same with measurements; `counts_as` is what the published figure counts as.
    pub(crate) fn with(mut self, measured: u32, atoms: &[Atom], counts_as: f64) -> Self {
        let weight: f64 = atoms.iter().map(|atom| atom.weight).sum();
        if weight <= 0.0 {
            return self;
        }
        let mean = atoms.iter().map(|atom| atom.weight * atom.log).sum::<f64>() / weight;
        let spread = atoms.iter().map(|atom| atom.weight * (atom.log - mean).powi(2)).sum::<f64>() / weight;
        let squares: f64 = atoms.iter().map(|atom| atom.weight * atom.weight).sum();
        let effective = (weight * weight / squares).max(1.0);
        let published = self.log_deviation().powi(2);
        let variance = (counts_as * published + weight * spread) / (counts_as + weight);
        // Silverman's rule of thumb, and the shrinkage towards the mean that keeps the variance (West 1993).
        let blur = 0.9 * variance.sqrt() * effective.powf(-0.2);
        let keep = if spread > 0.0 { (1.0 - blur * blur / spread).max(0.25).sqrt() } else { 1.0 };
        let mut sorted: Vec<Atom> = atoms.to_vec();
        sorted.sort_unstable_by(|one, other| one.log.total_cmp(&other.log));
        let mut sum = 0.0;
        self.atoms = sorted
            .iter()
            .map(|atom| {
                sum += atom.weight / weight;
                (mean + keep * (atom.log - mean), sum)
            })
            .collect();
        (self.share, self.blur, self.measured) = (counts_as / (counts_as + weight), blur, measured);
        self
    }

    /// Share of the published figure. Range: 0 to 1; 1 without measurements.
    pub fn published_share(&self) -> f64 {
        self.share
    }

    /// How many measurements it rests on besides the published figure.
    pub fn measured(&self) -> u32 {
        self.measured
    }

    /// The published figure. Unit: second.
    pub fn as_published(&self) -> Estimate<Seconds> {
        self.published
    }

    /// The figure as three points, for a plan: 2 % quantile, mode approximated from the median, 98 % quantile.
    ///
    /// Without measurements the published points themselves.
    pub fn estimate(&self) -> Estimate<Seconds> {
        if self.atoms.is_empty() {
            return self.published;
        }
        let at = |chance| Seconds::new(self.quantile(chance).round().max(0.0) as u64);
        let (low, middle, high) = (at(0.02), at(0.5), at(0.98));
        Estimate::new(low, middle.max(low), high.max(middle)).unwrap_or(self.published)
    }

    /// Deviation of the logarithm of the published figure, from its mean and variance; one tenth at least.
    pub(crate) fn log_deviation(&self) -> f64 {
        let mean: f64 = self.parts.iter().map(Pert::mean).sum();
        let variance: f64 = self.parts.iter().map(Pert::variance).sum();
        if mean <= 0.0 { 0.5 } else { (variance / (mean * mean)).ln_1p().sqrt().max(0.1) }
    }

    /// Seconds, drawn.
    pub fn draw(&self, random: &mut impl Rng) -> f64 {
        if self.share >= 1.0 || unit(random) <= self.share {
            return self.parts.iter().map(|part| part.sample(random)).sum();
        }
        let chance = unit(random);
        let index = self.atoms.partition_point(|(_, below)| *below < chance);
        let (log, _) = self.atoms.get(index).or(self.atoms.last()).copied().unwrap_or_default();
        (log + self.blur * normal(random)).exp()
    }

    /// The chance that it takes at most so many seconds.
    pub fn chance_below(&self, seconds: f64) -> f64 {
        self.below(seconds, &self.pool())
    }

    /// The same with the pool at hand: whoever asks often draws it once.
    fn below(&self, seconds: f64, pool: &[f64]) -> f64 {
        let published = match self.parts.as_slice() {
            _ if self.share <= 0.0 => 0.0,
            [] => 1.0,
            [only] => 1.0 - only.chance_above(seconds),
            _ => pool.partition_point(|value| *value <= seconds) as f64 / pool.len().max(1) as f64,
        };
        self.share * published + (1.0 - self.share) * self.measured_below(seconds)
    }

    fn measured_below(&self, seconds: f64) -> f64 {
        let log = seconds.max(1e-3).ln();
        let mut before = 0.0;
        let mut chance = 0.0;
        for (at, sum) in &self.atoms {
            chance += (sum - before) * normal_below((log - at) / self.blur.max(1e-6));
            before = *sum;
        }
        chance
    }

    /// Draws of the sum of the published parts, in order; the same every time. None if no sum is needed.
    fn pool(&self) -> Vec<f64> {
        if self.parts.len() < 2 || self.share <= 0.0 {
            return Vec::new();
        }
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut pool: Vec<f64> =
            (0..POOL).map(|_| self.parts.iter().map(|part| part.sample(&mut random)).sum()).collect();
        pool.sort_unstable_by(f64::total_cmp);
        pool
    }

    /// The seconds that are not exceeded with the given chance.
    pub fn quantile(&self, chance: f64) -> f64 {
        let chance = chance.clamp(0.0, 1.0);
        if self.atoms.is_empty() {
            return match self.parts.as_slice() {
                [] => 0.0,
                [only] => only.quantile(chance),
                _ => nearest_rank(&self.pool(), chance),
            };
        }
        let (mut low, mut high) = (0.0, self.greatest() * 2.0 + 1.0);
        let pool = self.pool();
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            if self.below(middle, &pool) < chance { low = middle } else { high = middle }
        }
        (low + high) / 2.0
    }

    /// So many quantiles, chances and seconds, both rising: the first and the last are the hundredth of a step from the ends.
    ///
    /// Read off the distribution function at 256 points; faster than to ask for each of them, and as good as a plan needs.
    pub fn quantiles(&self, count: usize) -> Vec<(f64, f64)> {
        const POINTS: usize = 256;
        let (low, high) = (self.quantile(1e-3).max(1.0), self.quantile(1.0 - 1e-3).max(2.0));
        let ratio = (high / low).max(1.0 + 1e-9).ln() / POINTS as f64;
        let pool = self.pool();
        let points: Vec<(f64, f64)> = (0..=POINTS)
            .map(|point| low * (ratio * point as f64).exp())
            .map(|seconds| (self.below(seconds, &pool), seconds))
            .collect();
        let at = |chance: f64| {
            let next = points.partition_point(|(below, _)| *below < chance);
            let (Some((c1, s1)), Some((c0, s0))) = (points.get(next), points.get(next.saturating_sub(1)))
            else {
                return high;
            };
            let share = if c1 > c0 { (chance - c0) / (c1 - c0) } else { 0.0 };
            s0 + (s1 - s0) * share.clamp(0.0, 1.0)
        };
        let steps = count.max(2) - 1;
        let chance = |step: usize| match step {
            0 => 0.01 / steps as f64,
            step if step == steps => 1.0 - 0.01 / steps as f64,
            step => step as f64 / steps as f64,
        };
        (0..=steps).map(chance).map(|chance| (chance, at(chance))).collect()
    }

    /// Hardly any draw is greater. Unit: second.
    pub(crate) fn greatest(&self) -> f64 {
        /// A published figure with less weight than this no longer says what is too long.
        const LEAST_SHARE: f64 = 0.02;
        let measured = self.atoms.last().map_or(0.0, |(log, _)| (log + 2.5 * self.blur).exp());
        let published = if self.share >= LEAST_SHARE { self.published.max().get() as f64 } else { 0.0 };
        measured.max(published)
    }

    /// Whether something has lasted longer than any figure for it.
    pub(crate) fn is_overrun(&self, elapsed: f64) -> bool {
        let greatest = self.greatest();
        greatest > 0.0 && elapsed >= greatest
    }

    /// Seconds left of something that has lasted `elapsed` seconds, `count` draws; nothing if it has outlasted the figure.
    pub(crate) fn rest(&self, elapsed: f64, count: usize, random: &mut impl Rng) -> Option<Vec<f64>> {
        if elapsed <= 0.0 {
            return Some((0..count).map(|_| self.draw(random)).collect());
        }
        if self.parts.is_empty() && self.atoms.is_empty() {
            return Some(vec![0.0; count]);
        }
        if self.is_overrun(elapsed) {
            return None;
        }
        if let ([only], true) = (self.parts.as_slice(), self.atoms.is_empty()) {
            return Some((0..count).map(|_| only.sample_above(elapsed, random) - elapsed).collect());
        }
        let mut left = Vec::with_capacity(count);
        for _ in 0..count * MOST_REDRAWS {
            let whole = self.draw(random);
            if whole >= elapsed {
                left.push(whole - elapsed);
                if left.len() == count {
                    return Some(left);
                }
            }
        }
        if left.len() < LEAST_SURVIVORS {
            // The tail is thin here, so its shape hardly matters: between nothing and what the greatest figures leave.
            let tail = Pert::fit(0.0, 0.0, (self.greatest() - elapsed).max(0.0));
            return Some((0..count).map(|_| tail.sample(random)).collect());
        }
        Some(left.iter().cycle().take(count).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_what_they_were() {
        for text in [
            "ride:S020",
            "boarded:S020R",
            "stay:KZAAU:border+transfer:S020",
            "stay:KZ-ALTYN::S020",
            "stay:TRIST:delivery:",
        ] {
            assert_eq!(text.parse::<FigureKey>().unwrap().to_string(), text);
        }
        for wrong in ["", "ride", "ride:", "stay:KZAAU", "stay:KZAAU:sleep:S1", "walk:S1", "stay:nowhere::"] {
            assert!(wrong.parse::<FigureKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn quantiles_read_off_at_once_are_those_asked_for_one_by_one() {
        let hours = |min, typ, max| {
            let [min, typ, max] = [min, typ, max].map(Seconds::from_hours);
            Estimate::new(min, typ, max).unwrap()
        };
        let atoms: Vec<Atom> = (1..30)
            .map(|number| Atom { log: (f64::from(number) * 3_600.0 + 40_000.0).ln(), weight: 1.0 })
            .collect();
        for parts in [vec![hours(10, 20, 60)], vec![hours(2, 4, 8), hours(10, 20, 60)]] {
            for atoms in [&[][..], &atoms[..2], &atoms] {
                let figure = Figure::published(&parts).with(atoms.len() as u32, atoms, 8.0);
                let found = figure.quantiles(40);
                assert_eq!(found.len(), 40);
                assert!(
                    found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1),
                    "{found:?}"
                );
                for (chance, seconds) in &found[1..39] {
                    let asked = figure.quantile(*chance);
                    assert!((seconds - asked).abs() <= 0.03 * asked, "{chance}: {seconds} {asked}");
                }
            }
        }
    }
}

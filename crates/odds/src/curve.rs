//! A distribution function by its points, straight between them: what is drawn from and what is computed with are the same.

use crate::limits::PIECES;

/// A distribution function on seconds.
///
/// Shape: values that do not fall, and the chances to be at or below them, from 0 to 1; two points of the same value are a
/// jump. Invariant: at least two points.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    values: Vec<f64>,
    chances: Vec<f64>,
    /// For each of as many equal steps of chance as there are pieces, the piece in which it begins.
    guide: Vec<u32>,
}

/// What a value that is not a number, or below zero, is taken for: nothing.
fn sane(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

impl Curve {
    /// From points in order; made to rise and to run from 0 to 1.
    fn of_points(mut values: Vec<f64>, mut chances: Vec<f64>) -> Self {
        if values.is_empty() {
            (values, chances) = (vec![0.0, 0.0], vec![0.0, 1.0]);
        }
        let (first, last) = (chances.first().copied().unwrap_or(0.0), chances.last().copied().unwrap_or(1.0));
        let range = last - first;
        let (mut value, mut chance) = (f64::MIN, 0.0_f64);
        for (at, below) in values.iter_mut().zip(&mut chances) {
            value = value.max(sane(*at));
            chance = chance.max(if range > 0.0 { sane((*below - first) / range) } else { 0.0 }).min(1.0);
            (*at, *below) = (value, chance);
        }
        if let Some(last) = chances.last_mut() {
            *last = 1.0;
        }
        if values.len() == 1 {
            (values, chances) = (vec![value, value], vec![0.0, 1.0]);
        }
        let guide = guide(&chances);
        Self { values, chances, guide }
    }

    /// A value that does not vary.
    pub fn exactly(value: f64) -> Self {
        Self::of_points(vec![value, value], vec![0.0, 1.0])
    }

    /// As likely anywhere between two values.
    pub fn even(least: f64, most: f64) -> Self {
        Self::of_points(vec![least, most.max(least)], vec![0.0, 1.0])
    }

    /// From quantiles: chances and values.
    pub fn of_quantiles(quantiles: &[(f64, f64)]) -> Self {
        let (chances, values) = quantiles.iter().copied().unzip();
        Self::of_points(values, chances)
    }

    /// From samples in order, each as likely as any other; straight between them, so that a sample is a middle, not a jump.
    pub fn of_samples(sorted: &[f64]) -> Self {
        let count = sorted.len() as f64;
        let middles = sorted.iter().enumerate().map(|(index, value)| ((index as f64 + 0.5) / count, *value));
        let ends = |index: usize, chance: f64| sorted.get(index).map(|value| (chance, *value));
        let first = ends(0, 0.0).into_iter();
        let last = ends(sorted.len().saturating_sub(1), 1.0);
        Self::of_quantiles(&first.chain(middles).chain(last).collect::<Vec<_>>())
    }

    /// From a density on 0 to 1, stretched over `[least, most]`; its sum need not be 1. The ends are not
    /// asked for: a density may jump or have no bound there.
    pub(crate) fn of_density(least: f64, most: f64, density: impl Fn(f64) -> f64) -> Self {
        if most <= least {
            return Self::exactly(least);
        }
        let step = 1.0 / PIECES as f64;
        // Gauss and Legendre's two points of each piece.
        let (one, other) = (step * (0.5 - 0.75_f64.sqrt() / 3.0), step * (0.5 + 0.75_f64.sqrt() / 3.0));
        let (mut values, mut chances) = (Vec::with_capacity(PIECES + 1), Vec::with_capacity(PIECES + 1));
        let mut sum = 0.0;
        values.push(least);
        chances.push(0.0);
        for piece in 0..PIECES {
            let start = piece as f64 * step;
            sum += density(start + one) + density(start + other);
            values.push(least + (most - least) * (start + step));
            chances.push(sum);
        }
        Self::of_points(values, chances)
    }

    /// The same chances on other values; `by` must not change their order.
    pub(crate) fn stretched(&self, by: impl Fn(f64) -> f64) -> Self {
        Self::of_points(self.values.iter().map(|value| by(*value)).collect(), self.chances.clone())
    }

    /// Pieces between points: from, to, chance.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let points = self.values.iter().zip(&self.chances);
        points.clone().zip(points.skip(1)).map(|((from, below), (to, above))| (*from, *to, above - below))
    }

    /// The least value. Unit: second.
    pub fn least(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    /// The greatest value. Unit: second.
    pub fn most(&self) -> f64 {
        self.values.last().copied().unwrap_or(0.0)
    }

    /// The mean. Unit: second.
    pub fn mean(&self) -> f64 {
        self.pieces().map(|(from, to, chance)| chance * (from + to) / 2.0).sum()
    }

    /// The variance. Unit: square of a second.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let square = |(from, to, chance): (f64, f64, f64)| {
            let (middle, width) = ((from + to) / 2.0 - mean, to - from);
            chance * (middle * middle + width * width / 12.0)
        };
        self.pieces().map(square).sum()
    }

    /// The chance to be at or below a value.
    pub fn chance_by(&self, value: f64) -> f64 {
        let above = self.values.partition_point(|at| *at <= value);
        let (Some(before), Some(after)) = (above.checked_sub(1), self.values.get(above)) else {
            return if above == 0 { 0.0 } else { 1.0 };
        };
        let (from, below) = (self.values[before], self.chances[before]);
        below + (self.chances[above] - below) * (value - from) / (after - from)
    }

    /// The value that is not exceeded with a chance. Unit: second. Range: `chance` from 0 to below 1.
    pub fn at(&self, chance: f64) -> f64 {
        let steps = self.guide.len();
        let step = ((chance * steps as f64) as usize).min(steps - 1);
        let mut piece = self.guide[step] as usize;
        let last = self.values.len() - 2;
        while piece < last && self.chances[piece + 1] <= chance {
            piece += 1;
        }
        let (from, to) = (self.values[piece], self.values[piece + 1]);
        let (below, above) = (self.chances[piece], self.chances[piece + 1]);
        if above <= below {
            to
        } else {
            from + (to - from) * ((chance - below) / (above - below)).clamp(0.0, 1.0)
        }
    }

    /// The greatest distance between two distribution functions: Kolmogorov and Smirnov's. Range: 0 to 1.
    pub fn distance(&self, other: &Self) -> f64 {
        let values = self.values.iter().chain(&other.values);
        values.map(|at| (self.chance_by(*at) - other.chance_by(*at)).abs()).fold(0.0, f64::max)
    }
}

/// Source: Chen and Asau, "On generating random variates from an empirical distribution", AIIE Transactions 6 (1974).
fn guide(chances: &[f64]) -> Vec<u32> {
    let pieces = chances.len() - 1;
    let mut piece = 0;
    let find = |step: usize| {
        let chance = step as f64 / pieces as f64;
        while piece + 1 < pieces && chances[piece + 1] <= chance {
            piece += 1;
        }
        u32::try_from(piece).unwrap_or(0)
    };
    (0..pieces).map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_chances_are_each_others_inverse() {
        let curve = Curve::of_quantiles(&[(0.0, 1.0), (0.2, 5.0), (0.2, 6.0), (0.9, 6.0), (1.0, 20.0)]);
        for (chance, value) in [(0.0, 1.0), (0.1, 3.0), (0.5, 6.0), (0.95, 13.0)] {
            assert!((curve.at(chance) - value).abs() < 1e-9, "{chance}");
        }
        assert_eq!((curve.chance_by(0.0), curve.chance_by(3.0), curve.chance_by(20.0)), (0.0, 0.1, 1.0));
        assert!((curve.chance_by(6.0) - 0.9).abs() < 1e-12, "a jump counts as a whole");
        assert!(curve.at(0.999_999) <= 20.0);
    }

    #[test]
    fn what_is_no_distribution_becomes_one() {
        for points in [
            vec![],
            vec![(0.5, 3.0)],
            vec![(0.0, f64::NAN), (f64::INFINITY, 4.0)],
            vec![(0.9, 5.0), (0.1, 2.0), (0.4, 9.0)],
        ] {
            let curve = Curve::of_quantiles(&points);
            let drawn = curve.at(0.5);
            assert!(drawn.is_finite() && curve.mean().is_finite() && curve.variance() >= 0.0, "{points:?}");
            assert_eq!(curve.chance_by(1e12), 1.0);
        }
    }
}

//! Chances on a grid of time.

use crate::curve::Curve;
use crate::limits::{CELLS, MOST_CELLS};
use crate::way::Way;
use kervan_units::Seconds;
use std::sync::Arc;

/// A grid: times are whole multiples of its step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    step: Seconds,
}

/// How a time between two points of a grid is put onto it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// To the earlier one: everything happens too early, by less than a step.
    Earlier,
    /// Shared between both, so that the mean stays.
    Fair,
    /// To the later one.
    Later,
}

impl Grid {
    /// A grid of this step. Range: from 1 second on; zero counts as 1.
    pub fn new(step: Seconds) -> Self {
        Self { step: step.max(Seconds::new(1)) }
    }

    /// A grid with about [`CELLS`] points over all that a way may last: whole quarters of an hour where that is possible.
    pub fn for_way(way: &Way) -> Self {
        /// A quarter of an hour. Unit: second.
        const QUARTER: u64 = 900;
        let longest = way.parts.iter().map(|part| part.longest()).sum::<f64>() as u64;
        let step = longest.div_ceil(CELLS).max(1);
        Self::new(Seconds::new(if step > QUARTER {
            step.div_ceil(QUARTER) * QUARTER
        } else {
            step.min(QUARTER)
        }))
    }

    /// Time between two points.
    pub const fn step(self) -> Seconds {
        self.step
    }

    /// Unit: second.
    pub(crate) const fn width(self) -> f64 {
        self.step.get() as f64
    }

    /// The duration of a curve on the grid.
    pub(crate) fn kernel(self, curve: &Curve, rounding: Rounding) -> Mass {
        let width = self.width();
        let first = (curve.least().max(0.0) / width) as usize;
        let last = ((curve.most().max(0.0) / width) as usize + 1).min(first + MOST_CELLS);
        let mut mass = Mass { first, chances: vec![0.0; last - first + 1] };
        for (from, to, chance) in curve.pieces().filter(|(_, _, chance)| *chance > 0.0) {
            let (from, to) = (from.max(0.0), to.max(0.0));
            let mut start = from;
            // A piece is shared out over the cells that it runs over.
            loop {
                let end = ((whole(start / width) + 1.0) * width).min(to);
                let part = if to > from { chance * (end - start) / (to - from) } else { chance };
                mass.put((start + end) / 2.0 / width, part, rounding);
                if end >= to || end <= start {
                    break;
                }
                start = end;
            }
        }
        mass
    }
}

impl Grid {
    /// The sum of independent durations, on the grid: a curve that jumps at its points. Its mean is the sum of the means.
    pub fn total(self, curves: &[Arc<Curve>]) -> Curve {
        let sum = curves.iter().fold(Mass::start(), |sum, one| sum.then(&self.kernel(one, Rounding::Fair)));
        let mut below = 0.0;
        let jumps = sum.points().filter(|(_, chance)| *chance > 0.0).flat_map(|(point, chance)| {
            let (value, before) = (point as f64 * self.width(), below);
            below += chance;
            [(before, value), (below, value)]
        });
        Curve::of_quantiles(&jumps.collect::<Vec<_>>())
    }
}

/// The whole part of what is not below zero; quicker than `floor`, which is a call on machines without an instruction for it.
fn whole(at: f64) -> f64 {
    at as u64 as f64
}

/// What is left out at an end of a sum, because it is rarer than anything that is ever shown. Range: 0 to 1.
const NEVER: f64 = 1e-13;

/// Chances at points of a grid: how likely it is each of these times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mass {
    /// The first point. Unit: step of the grid.
    pub(crate) first: usize,
    pub(crate) chances: Vec<f64>,
}

impl Mass {
    /// Certainly at the first point.
    pub(crate) fn start() -> Self {
        Self { first: 0, chances: vec![1.0] }
    }

    /// Puts a chance at a time between points. Unit of `at`: step. What lies beyond either end goes to the end.
    pub(crate) fn put(&mut self, at: f64, chance: f64, rounding: Rounding) {
        let floor = whole(at);
        let beyond = at - floor;
        let last = self.chances.len() - 1;
        let cell = (floor as usize).saturating_sub(self.first).min(last);
        let next = (cell + 1).min(last);
        match rounding {
            Rounding::Earlier => self.chances[cell] += chance,
            Rounding::Later => self.chances[if beyond > 0.0 { next } else { cell }] += chance,
            Rounding::Fair => {
                self.chances[cell] += chance * (1.0 - beyond);
                self.chances[next] += chance * beyond;
            }
        }
    }

    /// The time after this and then another one.
    pub(crate) fn then(&self, other: &Self) -> Self {
        let cells = (self.chances.len() + other.chances.len() - 1).min(MOST_CELLS);
        let mut chances = vec![0.0; cells];
        let (long, short) =
            if self.chances.len() >= other.chances.len() { (self, other) } else { (other, self) };
        for (offset, factor) in short.chances.iter().enumerate().filter(|(_, factor)| **factor > 0.0) {
            let Some(into) = chances.get_mut(offset..) else { break };
            for (sum, chance) in into.iter_mut().zip(&long.chances) {
                *sum += factor * chance;
            }
        }
        let mut mass = Self { first: self.first + other.first, chances };
        mass.keep_whole();
        mass
    }

    /// Without what is at either end and next to impossible, which goes to the first or last point that stays. A rounding to the
    /// earlier point keeps its early end, and one to the later point its late end, so that they stay bounds.
    pub(crate) fn trim(&mut self, rounding: Rounding) {
        let rare = |chances: &mut dyn Iterator<Item = &f64>| {
            let mut sum = 0.0;
            let so_rare = |chance: &&f64| {
                sum += **chance;
                sum < NEVER
            };
            chances.take_while(so_rare).count()
        };
        if rounding != Rounding::Later {
            let late = rare(&mut self.chances.iter().rev());
            self.chances.truncate((self.chances.len() - late).max(1));
        }
        if rounding != Rounding::Earlier {
            let early = rare(&mut self.chances.iter()).min(self.chances.len() - 1);
            let lost: f64 = self.chances.drain(..early).sum();
            self.first += early;
            if let Some(first) = self.chances.first_mut() {
                *first += lost;
            }
        }
        self.keep_whole();
    }

    /// What was cut off at the end is put into the last cell.
    pub(crate) fn keep_whole(&mut self) {
        let missing = 1.0 - self.chances.iter().sum::<f64>();
        if let Some(last) = self.chances.last_mut() {
            *last += missing.max(0.0);
        }
    }

    /// Points and their chances. Unit: step of the grid.
    pub(crate) fn points(&self) -> impl Iterator<Item = (usize, f64)> {
        self.chances.iter().enumerate().map(|(index, chance)| (self.first + index, *chance))
    }

    /// The expectation of values at points in a row, the first of them at point `from`, counted from a point on: what comes of goods
    /// that are there once this has passed. `beyond` says the value after the last; before the first the first counts.
    pub(crate) fn expect_from(
        &self,
        point: usize,
        values: &[f64],
        from: usize,
        beyond: impl Fn(usize) -> f64,
    ) -> f64 {
        let begins = point + self.first;
        let before = from.saturating_sub(begins).min(self.chances.len());
        let (early, late) = self.chances.split_at(before);
        let first = values.first().copied().unwrap_or_else(|| beyond(from));
        let mut sum = first * early.iter().sum::<f64>();
        let start = begins + before;
        let within = values.get(start.saturating_sub(from)..).unwrap_or_default();
        sum += products(late, within);
        for (offset, chance) in late.iter().enumerate().skip(within.len()) {
            sum += chance * beyond(start + offset);
        }
        sum
    }

    /// The expectation of a function of the point.
    pub(crate) fn expect(&self, of: impl Fn(usize) -> f64) -> f64 {
        self.points().map(|(point, chance)| chance * of(point)).sum()
    }

    /// Mean and variance of a function of the point.
    pub(crate) fn moments(&self, of: impl Fn(usize) -> f64) -> (f64, f64) {
        let mean = self.expect(&of);
        (mean, self.expect(|point| (of(point) - mean).powi(2)))
    }

    /// The chance to be at or before a point.
    pub(crate) fn chance_by(&self, point: f64) -> f64 {
        self.points()
            .take_while(|(at, _)| *at as f64 <= point)
            .map(|(_, chance)| chance)
            .sum::<f64>()
            .min(1.0)
    }

    /// The first point at which a chance is reached.
    pub(crate) fn quantile(&self, chance: f64) -> usize {
        let mut sum = 0.0;
        let reached = self.points().find(|(_, here)| {
            sum += here;
            sum >= chance - 1e-12
        });
        reached.map_or(self.first + self.chances.len() - 1, |(point, _)| point)
    }
}

/// The sum of the products of two rows, as far as both go. In lanes, so that one sum need not wait for another.
pub(crate) fn products(one: &[f64], other: &[f64]) -> f64 {
    const LANES: usize = 8;
    let length = one.len().min(other.len());
    let (one, other) = (&one[..length], &other[..length]);
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest = ones.remainder().iter().zip(others.remainder()).map(|(one, other)| one * other);
    let mut lanes = [0.0; LANES];
    let rest: f64 = rest.sum();
    for (one, other) in ones.zip(others) {
        for ((lane, one), other) in lanes.iter_mut().zip(one).zip(other) {
            *lane += one * other;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Spread;
    use kervan_units::Estimate;

    #[test]
    fn an_expectation_over_a_row_is_that_over_its_points() {
        let chances: Vec<f64> = (0..21).map(|cell| f64::from(cell) / 210.0).collect();
        let values: Vec<f64> = (0..13).map(|cell| f64::from(cell * cell)).collect();
        let mass = Mass { first: 2, chances };
        let beyond = |point: usize| 1_000.0 + point as f64;
        for (point, from) in [(0, 0), (5, 5), (0, 9), (40, 3), (0, 60)] {
            for values in [&values[..], &[]] {
                let value = |at: usize| match at.checked_sub(from) {
                    None => values.first().copied().unwrap_or(beyond(from)),
                    Some(index) => values.get(index).copied().unwrap_or(beyond(at)),
                };
                let expected = mass.expect(|lasts| value(point + lasts));
                let found = mass.expect_from(point, values, from, beyond);
                assert!((found - expected).abs() < 1e-9, "{point} {from}: {found} {expected}");
            }
        }
    }

    #[test]
    fn a_duration_on_the_grid_keeps_its_mean_and_lies_between_its_roundings() {
        let grid = Grid::new(Seconds::new(3_600));
        for (min, typ, max) in
            [(4_000, 20_000, 90_000), (0, 100, 500), (7_200, 7_200, 7_200), (100, 100, 100)]
        {
            let points = [min, typ, max].map(Seconds::new);
            let curve = Spread::Pert(Estimate::new(points[0], points[1], points[2]).unwrap()).curve();
            let [earlier, fair, later] = [Rounding::Earlier, Rounding::Fair, Rounding::Later]
                .map(|rounding| grid.kernel(&curve, rounding));
            for mass in [&earlier, &fair, &later] {
                assert!((mass.chances.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
            let mean = |mass: &Mass| mass.expect(|point| point as f64) * 3_600.0;
            assert!((mean(&fair) - curve.mean()).abs() < 1e-6, "{min}: {} {}", mean(&fair), curve.mean());
            assert!(mean(&earlier) <= curve.mean() + 1e-6 && curve.mean() <= mean(&later) + 1e-6);
            assert!(mean(&later) - mean(&earlier) <= 3_600.0 + 1e-6);
            let total = grid.total(&[Arc::new(curve.clone()), Arc::new(curve.clone())]);
            assert!((total.mean() / 2.0 - curve.mean()).abs() < 1e-6);
        }
    }
}

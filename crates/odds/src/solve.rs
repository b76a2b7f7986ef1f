//! A way computed on a grid of time: the same as playing it, without noise.
//!
//! The error of the grid is bounded, not guessed. Whoever comes later never leaves earlier, so a way whose every duration is
//! rounded to the earlier point of the grid is never later than the true one, and one that is rounded to the later point is
//! never earlier. The figures shown come from a third rounding, which keeps every mean; the true distribution lies between
//! the first two, and so does the third.

use crate::departures::Departures;
use crate::grid::{Grid, Mass, Rounding};
use crate::limits::MOST_CELLS;
use crate::way::{Way, What};
use kervan_units::Seconds;

/// A way as it was computed. Times are seconds since its start.
#[derive(Clone, Debug)]
pub struct Solved {
    grid: Grid,
    fair: Mass,
    earlier: Mass,
    later: Mass,
    /// Mean. Unit: second.
    pub mean: f64,
    /// Variance. Unit: square of a second.
    pub variance: f64,
    /// By part: the share of the variance that is settled when it is over. Range: 0 to 1; the sum is 1 unless nothing varies.
    ///
    /// Shape: the expected arrival, as it is known after each part, is a martingale; its steps are uncorrelated, so their
    /// variances add up to that of the arrival. For a chain of durations without departures the share of each is its own
    /// variance; before a departure a delay that is caught up counts nothing, and one that misses it counts all that it costs.
    pub shares: Vec<f64>,
    /// The departures on the way, in order.
    pub connections: Vec<Connection>,
    /// When goods are where, and what they are worth there: before the first part, and after each one.
    stages: Vec<Mass>,
    values: Vec<Values>,
}

/// A departure that goods shall catch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connection {
    /// Number of the part.
    pub part: usize,
    /// When goods are there, median. Unit: second since the start.
    pub there: Seconds,
    /// The departure that is planned: the first for goods that are there at the median. `None` where its moment is not known.
    pub planned: Option<Seconds>,
    /// The chance that goods come too late for the planned departure. `None` where departures have no moments of their own.
    pub missed: Option<f64>,
    /// How much later goods arrive at the end that leave with the next departure after the planned one. Unit: second.
    pub costs: Option<f64>,
}

impl Solved {
    /// The grid.
    pub const fn grid(&self) -> Grid {
        self.grid
    }

    /// The arrival that is not exceeded with a chance. Unit: second since the start.
    pub fn quantile(&self, chance: f64) -> Seconds {
        Seconds::new(self.fair.quantile(chance) as u64 * self.grid.step().get())
    }

    /// Between which the true quantile lies. Unit: second since the start.
    pub fn quantile_bounds(&self, chance: f64) -> (Seconds, Seconds) {
        let at = |mass: &Mass| Seconds::new(mass.quantile(chance) as u64 * self.grid.step().get());
        (at(&self.earlier), at(&self.later))
    }

    /// Between which the true mean lies. Unit: second since the start.
    pub fn mean_bounds(&self) -> (f64, f64) {
        let mean = |mass: &Mass| mass.expect(|point| point as f64 * self.grid.width());
        (mean(&self.earlier), mean(&self.later))
    }

    /// The chance to be there by a time. Unit: second since the start.
    pub fn chance_by(&self, by: Seconds) -> f64 {
        self.fair.chance_by(by.get() as f64 / self.grid.width())
    }

    /// Between which the true chance lies, the lesser first. Unit: second since the start.
    pub fn chance_bounds(&self, by: Seconds) -> (f64, f64) {
        let at = by.get() as f64 / self.grid.width();
        (self.later.chance_by(at), self.earlier.chance_by(at))
    }
}

/// Computes a way.
pub fn solve(way: &Way, grid: Grid) -> Solved {
    let kernels = kernels(way, grid, Rounding::Fair);
    let stages = forward(way, grid, Rounding::Fair, &kernels);
    let last = |rounding| {
        let kernels = self::kernels(way, grid, rounding);
        forward(way, grid, rounding, &kernels).pop().unwrap_or_else(Mass::start)
    };
    let values = backward(way, grid, &kernels);
    let width = grid.width();
    let settled: Vec<f64> =
        stages.iter().zip(&values).map(|(mass, values)| mass.moments(|point| values.at(point)).1).collect();
    let fair = stages.last().cloned().unwrap_or_else(Mass::start);
    let (mean, variance) = fair.moments(|point| point as f64 * width);
    let shares = settled.windows(2).map(|pair| (pair[1] - pair[0]).max(0.0)).collect::<Vec<f64>>();
    let sum: f64 = shares.iter().sum();
    let shares = shares.into_iter().map(|share| if sum > 0.0 { share / sum } else { 0.0 }).collect();
    let boards = way.parts.iter().enumerate().filter_map(|(part, one)| match &one.what {
        What::Board(departures) => Some((part, departures)),
        What::Pass(_) | What::PassWithin { .. } => None,
    });
    let connections = boards.filter_map(|(part, departures)| {
        Some(connection(part, departures, grid, stages.get(part)?, values.get(part + 1)?))
    });
    Solved {
        grid,
        earlier: last(Rounding::Earlier),
        later: last(Rounding::Later),
        fair,
        mean,
        variance,
        shares,
        connections: connections.collect(),
        stages,
        values,
    }
}

/// The expected arrival at the end for goods that are at a stage, by point. Unit: second since the start.
#[derive(Clone, Debug)]
struct Values {
    /// The earliest point at which goods can be there. Unit: step of the grid.
    first: usize,
    /// From that point to the latest. Invariant: not empty.
    of: Vec<f64>,
}

impl Values {
    /// The value at a point; at the nearest that there is for one that goods cannot be at.
    fn at(&self, point: usize) -> f64 {
        let index = point.saturating_sub(self.first);
        self.of.get(index).or(self.of.last()).copied().unwrap_or(0.0)
    }

    fn last(&self) -> usize {
        self.first + self.of.len() - 1
    }
}

impl Solved {
    /// The mean if a part took exactly so long, all others as they are: `way` is the one that was computed. For a departure it is the
    /// wait that takes so long. Unit: second since the start.
    pub fn mean_if(&self, way: &Way, part: usize, lasts: Seconds) -> Option<f64> {
        let (stage, values) = (self.stages.get(part)?, self.values.get(part + 1)?);
        let (width, lasts) = (self.grid.width(), lasts.get() as f64);
        let hours = match &way.parts.get(part)?.what {
            What::PassWithin { hours, .. } => Some(hours),
            What::Pass(_) | What::Board(_) => None,
        };
        let end = values.last() as f64;
        Some(stage.expect(|point| {
            let time = point as u64 * self.grid.step().get();
            let begins = hours.map_or(time, |hours| hours.enter(time)) as f64;
            let over = (begins + lasts) / width;
            // Later than goods can be there as the figures stand: by as much later at the end.
            between(over.min(end), &|point| values.at(point)) + (over - end).max(0.0) * width
        }))
    }
}

/// How long each part lasts on the grid; nothing for one that depends on the moment alone.
fn kernels(way: &Way, grid: Grid, rounding: Rounding) -> Vec<Option<Mass>> {
    let kernel = |what: &What| match what {
        What::Pass(curve) | What::PassWithin { lasts: curve, .. } => Some(grid.kernel(curve, rounding)),
        What::Board(departures) => departures.wait().map(|wait| grid.kernel(&wait, rounding)),
    };
    way.parts.iter().map(|part| kernel(&part.what)).collect()
}

/// When goods are where: before the first part, and after each one.
fn forward(way: &Way, grid: Grid, rounding: Rounding, kernels: &[Option<Mass>]) -> Vec<Mass> {
    let mut stages = vec![Mass::start()];
    for (part, kernel) in way.parts.iter().zip(kernels) {
        let Some(before) = stages.last() else { break };
        let mut after = match (&part.what, kernel) {
            (What::PassWithin { hours, .. }, Some(kernel)) => {
                moved(before, grid, rounding, |time| hours.enter(time)).then(kernel)
            }
            (What::Board(departures), None) => {
                moved(before, grid, rounding, |time| departures.next(time).unwrap_or(time))
            }
            (_, Some(kernel)) => before.then(kernel),
            (_, None) => before.clone(),
        };
        after.trim(rounding);
        stages.push(after);
    }
    stages
}

/// Goods that go on at a time which follows from when they came, and never earlier for who came later. Unit: second.
fn moved(before: &Mass, grid: Grid, rounding: Rounding, then: impl Fn(u64) -> u64) -> Mass {
    let width = grid.width();
    let leaves = |point: usize| then(point as u64 * grid.step().get()) as f64 / width;
    let first = leaves(before.first).floor() as usize;
    let last = leaves(before.first + before.chances.len() - 1).ceil() as usize;
    let mut after = Mass { first, chances: vec![0.0; (last - first + 1).min(MOST_CELLS)] };
    for (point, chance) in before.points().filter(|(_, chance)| *chance > 0.0) {
        after.put(leaves(point), chance, rounding);
    }
    after
}

/// Between which points goods can be before the first part, and after each one.
fn supports(way: &Way, grid: Grid, kernels: &[Option<Mass>]) -> Vec<(usize, usize)> {
    let (step, width) = (grid.step().get(), grid.width());
    let mut supports = vec![(0, 0)];
    for (part, kernel) in way.parts.iter().zip(kernels) {
        let (first, last) = supports.last().copied().unwrap_or((0, 0));
        let then = |of: &dyn Fn(u64) -> u64| {
            let leaves = |point: usize| of(point as u64 * step) as f64 / width;
            (leaves(first).floor() as usize, leaves(last).ceil() as usize)
        };
        let (first, last) = match &part.what {
            What::PassWithin { hours, .. } => then(&|time| hours.enter(time)),
            What::Board(departures) if kernel.is_none() => {
                then(&|time| departures.next(time).unwrap_or(time))
            }
            What::Pass(_) | What::Board(_) => (first, last),
        };
        let lasts =
            kernel.as_ref().map_or((0, 0), |kernel| (kernel.first, kernel.first + kernel.chances.len() - 1));
        let (first, last) = (first + lasts.0, last + lasts.1);
        supports.push((first, last.min(first + MOST_CELLS - 1)));
    }
    supports
}

/// What goods are worth before the first part, and after each one.
fn backward(way: &Way, grid: Grid, kernels: &[Option<Mass>]) -> Vec<Values> {
    let (width, step) = (grid.width(), grid.step().get());
    let supports = supports(way, grid, kernels);
    let of = |(first, last): (usize, usize), value: &dyn Fn(usize) -> f64| Values {
        first,
        of: (first..=last).map(value).collect(),
    };
    let end = supports.last().copied().unwrap_or((0, 0));
    let mut values = vec![of(end, &|point| point as f64 * width)];
    for ((part, kernel), support) in way.parts.iter().zip(kernels).zip(&supports).rev() {
        let Some(after) = values.last() else { break };
        let last = after.of.last().copied().unwrap_or(0.0);
        let onward =
            |kernel: &Mass, point: usize| kernel.expect_from(point, &after.of, after.first, |_| last);
        let before = match (&part.what, kernel) {
            (What::PassWithin { hours, .. }, Some(kernel)) => of(*support, &|point| {
                let opens = hours.enter(point as u64 * step);
                between(opens as f64 / width, &|begins| onward(kernel, begins))
            }),
            (What::Board(departures), None) => of(*support, &|point| {
                let time = point as u64 * step;
                between(departures.next(time).unwrap_or(time) as f64 / width, &|point| after.at(point))
            }),
            (_, Some(kernel)) => of(*support, &|point| onward(kernel, point)),
            (_, None) => of(*support, &|point| after.at(point)),
        };
        values.push(before);
    }
    values.reverse();
    values
}

/// The value at a time between two points.
fn between(at: f64, value: &impl Fn(usize) -> f64) -> f64 {
    let (floor, beyond) = (at.floor(), at - at.floor());
    let here = value(floor as usize);
    if beyond > 0.0 { here * (1.0 - beyond) + value(floor as usize + 1) * beyond } else { here }
}

fn connection(part: usize, departures: &Departures, grid: Grid, before: &Mass, after: &Values) -> Connection {
    let width = grid.width();
    let usual = before.quantile(0.5);
    let there = Seconds::new(usual as u64 * grid.step().get());
    let then = |point: usize| after.at(point);
    match departures {
        Departures::Anytime | Departures::WhenFull { .. } => {
            Connection { part, there, planned: None, missed: None, costs: None }
        }
        Departures::Headway { every } => {
            let every = every.get().max(1) as f64 / width;
            // The planned departure is at any moment of the interval after the median.
            let late = |point: usize| (point.saturating_sub(usual) as f64 / every).min(1.0);
            let middle = usual as f64 + every / 2.0;
            let costs = between(middle + every, &then) - between(middle, &then);
            // Beyond what was computed the course is as long as before: a departure later is an interval later.
            let costs = if middle + every > after.last() as f64 + 1.0 { every * width } else { costs };
            Connection { part, there, planned: None, missed: Some(before.expect(late)), costs: Some(costs) }
        }
        Departures::Timetable { .. } => {
            let planned = departures.next(there.get());
            let next = planned.and_then(|planned| departures.after(planned));
            let late = |point: usize| {
                let time = point as u64 * grid.step().get();
                f64::from(u8::from(departures.next(time) > planned))
            };
            let at = |time: u64| between(time as f64 / width, &then);
            let reached = |time: u64| time as f64 / width <= after.last() as f64 + 1.0;
            let costs = planned.zip(next).map(|(planned, next)| {
                if reached(next) { at(next) - at(planned) } else { (next - planned) as f64 }
            });
            Connection {
                part,
                there,
                planned: planned.map(Seconds::new),
                missed: Some(before.expect(late)),
                costs: costs.map(|costs| costs.max(0.0)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::way::{Hours, Part};
    use crate::{Curve, Spread};
    use kervan_units::Estimate;
    use std::sync::Arc;

    #[test]
    fn a_pinned_part_gives_the_mean_of_the_way_with_that_part_pinned() {
        let hours = Seconds::from_hours;
        let spread = |min, typ, max| Spread::Pert(Estimate::new(hours(min), hours(typ), hours(max)).unwrap());
        let open = Hours::new((0..40).map(|day| (day * 86_400 + 28_800, day * 86_400 + 64_800)).collect());
        let ships = Departures::timetable((1..20).map(|ship| ship * 302_400).collect(), hours(6), hours(84));
        let way = Way::new(vec![
            Part::pass(1, &spread(20, 40, 90)),
            Part::pass_within(2, open, spread(2, 5, 12).shared_curve()),
            Part::board(3, ships),
            Part::pass(4, &spread(10, 20, 60)),
            Part::board(5, Departures::headway(hours(48))),
            Part::pass(6, &spread(4, 8, 9)),
        ]);
        let grid = Grid::new(Seconds::new(1_800));
        let solved = solve(&way, grid);
        for (part, pinned) in [(0, 20), (0, 41), (0, 90), (1, 2), (1, 12), (3, 10), (3, 60), (4, 30), (5, 8)]
        {
            let lasts = Arc::new(Curve::exactly(hours(pinned).get() as f64));
            let mut other = way.clone();
            other.parts[part].what = match &other.parts[part].what {
                What::PassWithin { hours, .. } => What::PassWithin { hours: hours.clone(), lasts },
                What::Pass(_) | What::Board(_) => What::Pass(lasts),
            };
            let expected = solve(&other, grid).mean;
            let found = solved.mean_if(&way, part, hours(pinned)).unwrap();
            assert!((found - expected).abs() < 1.0, "part {part} at {pinned} h: {found}, not {expected}");
        }
        assert_eq!(solved.mean_if(&way, 6, hours(1)), None);
    }
}

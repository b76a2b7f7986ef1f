//! What of the space of weights may still hold a path that nothing shown covers.
//!
//! What is shown covers all that is at least itself shortened by epsilon. What is left is the union of *zones*: everything
//! below a corner. A path that is found splits the zones that hold it; a plane that no path lies below closes those that
//! lie below it. When no zone is left the list is complete. (Zones are the local upper bounds of Klamroth, Lacour and
//! Vanderpooten, 2015.)

use super::sums::{MOST_RATE, Plane, Rates, sum};
use crate::network::NONE;
use crate::weights::{WEIGHTS, Weights, no_worse};

/// Everything below a corner.
#[derive(Clone, Debug)]
pub(super) struct Zone {
    /// [`NONE`] where nothing bounds it.
    pub(super) corner: Weights,
    /// The point that bounds it on each criterion.
    pub(super) made_by: [Option<Weights>; WEIGHTS],
    /// How many ways to show something in it were tried.
    pub(super) tries: u8,
    /// Numbers of the planes that nearly close it.
    pub(super) near: Vec<usize>,
}

impl Zone {
    /// All there is.
    pub(super) fn whole() -> Self {
        Self { corner: [NONE; WEIGHTS], made_by: [None; WEIGHTS], tries: 0, near: Vec::new() }
    }

    pub(super) fn holds(&self, weights: &Weights) -> bool {
        self.corner.iter().zip(weights).all(|(corner, weight)| weight < corner)
    }

    /// The most that something in the zone comes to; nothing if there is no most.
    pub(super) fn most(&self, rates: &Rates) -> Option<u64> {
        let mut last = self.corner;
        for (part, rate) in last.iter_mut().zip(rates) {
            match (*part, *rate) {
                (_, 0) => *part = 0,
                (NONE, _) => return None,
                (corner, _) => *part = corner.saturating_sub(1),
            }
        }
        Some(sum(rates, &last))
    }

    pub(super) fn is_closed_by(&self, plane: &Plane) -> bool {
        self.most(&plane.rates).is_some_and(|most| most < plane.least)
    }

    /// What of it a point leaves: on each criterion the part that is better than what the point covers.
    fn split(&self, covers: &Weights, point: &Weights) -> impl Iterator<Item = Self> {
        (0..WEIGHTS).filter(|side| covers[*side] > 0).map(|side| {
            let mut part = Self { tries: 0, ..self.clone() };
            part.corner[side] = covers[side];
            part.made_by[side] = Some(*point);
            part
        })
    }

    /// The rates of the plane through the points that made the corner (for two criteria, the way of Aneja and Nair, 1979);
    /// where there is none, of one that leans as the corner does.
    ///
    /// Nothing if no point made it.
    pub(super) fn rates_through(&self) -> Option<Rates> {
        let (sides, points) = self.sides();
        let row = |point: &Weights| sides.iter().map(|side| f64::from(point[*side])).collect();
        match solve(points.iter().map(row).collect()) {
            Some(rates) if !sides.is_empty() => Some(spread(&sides, &rates)),
            _ => self.rates_leaning(),
        }
    }

    /// The rates of a plane that leans as the corner does from the least of the points that made it.
    ///
    /// Nothing if no point made it.
    pub(super) fn rates_leaning(&self) -> Option<Rates> {
        let (sides, points) = self.sides();
        let rate = |side: &usize| {
            let least = points.iter().map(|point| point[*side]).min().unwrap_or(0);
            1.0 / f64::from(self.corner[*side].saturating_sub(least).max(1))
        };
        let rates: Vec<f64> = sides.iter().map(rate).collect();
        (!sides.is_empty()).then(|| spread(&sides, &rates))
    }

    /// The criteria on which it is bounded, and the points that bound it.
    fn sides(&self) -> (Vec<usize>, Vec<Weights>) {
        let sides = self.made_by.iter().enumerate();
        sides.filter_map(|(side, point)| point.map(|point| (side, point))).unzip()
    }
}

/// Rates in the places of their criteria, as whole numbers.
fn spread(sides: &[usize], rates: &[f64]) -> Rates {
    let mut wide = [0.0; WEIGHTS];
    sides.iter().zip(rates).for_each(|(side, rate)| wide[*side] = *rate);
    round(&wide)
}

/// Rates as whole numbers, the largest being [`MOST_RATE`].
pub(super) fn round(rates: &[f64; WEIGHTS]) -> Rates {
    let most = rates.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    rates.map(|rate| (rate / most * MOST_RATE as f64).round() as u64)
}

/// The factors by which every row sums to one, if there are such and none is negative.
fn solve(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let size = rows.len();
    rows.iter_mut().for_each(|row| row.push(1.0));
    for column in 0..size {
        let pivot =
            (column..size).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        let head = rows[column].clone();
        if head[column].abs() < 1e-9 {
            return None;
        }
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != column) {
            let times = row[column] / head[column];
            row.iter_mut().zip(&head).for_each(|(part, above)| *part -= times * above);
        }
    }
    let factors: Vec<f64> = rows.iter().enumerate().map(|(index, row)| row[size] / row[index]).collect();
    factors.iter().all(|factor| *factor >= 0.0 && factor.is_finite()).then_some(factors)
}

/// The zones that are left.
#[derive(Clone, Debug)]
pub(super) struct Zones {
    epsilon: u32,
    pub(super) zones: Vec<Zone>,
    /// The planes that zones name as near: rates, and the least that is still to come from each node.
    pub(super) ahead: Vec<(Rates, Vec<u64>)>,
}

impl Zones {
    pub(super) fn new(epsilon: u32, zones: Vec<Zone>) -> Self {
        Self { epsilon, zones, ahead: Vec::new() }
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    /// Whether a zone holds a path of this weight, so that showing it covers something new.
    pub(super) fn hold(&self, weights: &Weights) -> bool {
        let covers = self.shorten(weights);
        self.zones.iter().any(|zone| zone.holds(&covers))
    }

    /// Whether a path may be in a zone that has this at a node and at least `least` in the end.
    pub(super) fn may_hold(&self, node: u32, so_far: &Weights, least: &Weights) -> bool {
        self.zones.iter().any(|zone| {
            zone.holds(least)
                && zone.near.iter().all(|plane| {
                    let (rates, ahead) = &self.ahead[*plane];
                    let end = sum(rates, so_far).saturating_add(ahead[node as usize]);
                    zone.most(rates).is_none_or(|most| end <= most)
                })
        })
    }

    /// Takes away what a path covers; whether that was anything.
    pub(super) fn show(&mut self, point: &Weights) -> bool {
        let covers = self.shorten(point);
        let (split, mut kept): (Vec<Zone>, Vec<Zone>) =
            std::mem::take(&mut self.zones).into_iter().partition(|zone| zone.holds(&covers));
        let mut parts: Vec<Zone> = split.iter().flat_map(|zone| zone.split(&covers, point)).collect();
        while let Some(part) = parts.pop() {
            // What lies in another zone is no zone of its own.
            if !kept.iter().chain(&parts).any(|zone| no_worse(&part.corner, &zone.corner)) {
                kept.push(part);
            }
        }
        self.zones = kept;
        !split.is_empty()
    }

    /// Takes away the zones that a plane closes.
    pub(super) fn close(&mut self, planes: &[Plane]) {
        self.zones.retain(|zone| !planes.iter().any(|plane| zone.is_closed_by(plane)));
    }

    fn shorten(&self, weights: &Weights) -> Weights {
        weights.map(|part| shorten(part, self.epsilon))
    }
}

/// The least number that this one is not more than epsilon above. Unit of epsilon: thousandth.
pub(super) fn shorten(number: u32, epsilon: u32) -> u32 {
    (u64::from(number) * 1_000).div_ceil(1_000 + u64::from(epsilon)) as u32
}

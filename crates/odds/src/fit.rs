//! Which distribution fits what was measured, and how well.

use crate::curve::Curve;
use crate::spread::{Family, Spread};
use kervan_units::{Estimate, Seconds};

/// A distribution with how well it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The distribution.
    pub spread: Spread,
    /// Kolmogorov and Smirnov's distance to the samples: the greatest difference of the two distribution functions.
    /// Range: 0 to 1.
    pub distance: f64,
}

/// The families fitted to samples, the best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The one to take: the family that fits best, or the samples themselves if none fits.
    pub best: Fitted,
    /// Every family that was tried, the nearest first.
    pub tried: Vec<Fitted>,
    /// Distance that one in twenty sets of so many samples exceeds if the distribution is the true one.
    ///
    /// Source: Stephens, "EDF statistics for goodness of fit and some comparisons", JASA 69 (1974). It holds for a distribution
    /// that was given before; the families here are fitted to the same samples, so it is lenient.
    pub critical: f64,
    /// Samples.
    pub samples: usize,
}

/// Fits every family to samples. `None` if there are fewer than three.
///
/// PERT and triangle by least, greatest and mean; gamma by the first three moments; lognormal by three quantiles, after which
/// its two other parameters are those of greatest likelihood. Values that are negative or no numbers are left out.
pub fn fit_samples(samples: &[f64]) -> Option<Fit> {
    let mut sorted: Vec<f64> =
        samples.iter().copied().filter(|value| value.is_finite() && *value >= 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    if sorted.len() < 3 {
        return None;
    }
    let candidates = [
        Some(three_points(&sorted, 4.0, Spread::Pert)),
        Some(three_points(&sorted, 1.0, Spread::Triangular)),
        shifted_gamma(&sorted),
        shifted_lognormal(&sorted),
    ];
    let with_distance = |spread: Spread| Fitted { distance: distance(&spread.curve(), &sorted), spread };
    let mut tried: Vec<Fitted> = candidates.into_iter().flatten().map(with_distance).collect();
    tried.sort_by(|one, other| one.distance.total_cmp(&other.distance));
    let root = (sorted.len() as f64).sqrt();
    let critical = 1.358 / (root + 0.12 + 0.11 / root);
    let measured = || with_distance(Spread::Empirical(Curve::of_samples(&sorted)));
    let best = tried.first().filter(|best| best.distance <= critical).cloned().unwrap_or_else(measured);
    Some(Fit { best, tried, critical, samples: sorted.len() })
}

/// How much the choice of a family matters where three points are all that is known: the distance between PERT and the
/// triangle over them. Range: 0 to 1.
pub fn points_uncertainty(points: Estimate<Seconds>) -> f64 {
    if points.min() == points.max() {
        return 0.0;
    }
    crate::known::pert(points, || crate::spread::pert(points)).apart(points)
}

fn mean(sorted: &[f64]) -> f64 {
    sorted.iter().sum::<f64>() / sorted.len() as f64
}

fn moment(sorted: &[f64], power: i32) -> f64 {
    let middle = mean(sorted);
    sorted.iter().map(|value| (value - middle).powi(power)).sum::<f64>() / sorted.len() as f64
}

fn quantile(sorted: &[f64], chance: f64) -> f64 {
    let rank = (sorted.len() as f64 * chance) as usize;
    sorted.get(rank.min(sorted.len() - 1)).copied().unwrap_or(0.0)
}

/// Least and greatest sample; the mode from the mean, `(min + weight * typ + max) / (weight + 2)`.
fn three_points(sorted: &[f64], weight: f64, family: fn(Estimate<Seconds>) -> Spread) -> Spread {
    let (least, most) = (quantile(sorted, 0.0), quantile(sorted, 1.0));
    let typ = ((weight + 2.0) * mean(sorted) - least - most) / weight;
    let whole = |value: f64| Seconds::new(value.round() as u64);
    let (least, most) = (whole(least), whole(most));
    let typ = whole(typ.max(0.0)).clamp(least, most);
    family(Estimate::new(least, typ, most).unwrap_or(Estimate::exactly(least)))
}

fn shifted_gamma(sorted: &[f64]) -> Option<Spread> {
    let (middle, variance) = (mean(sorted), moment(sorted, 2));
    let skew = moment(sorted, 3) / variance.powf(1.5);
    if variance <= 0.0 || skew <= 0.05 {
        return None;
    }
    let shape = (4.0 / (skew * skew)).max(1.0);
    let least = middle - (variance * shape).sqrt();
    // Nothing takes less than no time, nor longer at the least than the quickest that was seen.
    let least = least.clamp(0.0, quantile(sorted, 0.0));
    let beyond = middle - least;
    let shape = (beyond * beyond / variance).max(1.0);
    Some(Spread::ShiftedGamma { least, shape, scale: beyond / shape })
}

fn shifted_lognormal(sorted: &[f64]) -> Option<Spread> {
    let (low, middle, high) = (quantile(sorted, 0.05), quantile(sorted, 0.5), quantile(sorted, 0.95));
    let bend = low + high - 2.0 * middle;
    let least = if bend > 0.0 { (low * high - middle * middle) / bend } else { 0.0 };
    let least = least.clamp(0.0, 0.999 * quantile(sorted, 0.0));
    let logs: Vec<f64> = sorted.iter().map(|value| (value - least).max(1.0).ln()).collect();
    let log_deviation = moment(&logs, 2).sqrt();
    (log_deviation > 0.0).then(|| Spread::ShiftedLognormal { least, log_mean: mean(&logs), log_deviation })
}

/// Kolmogorov and Smirnov's distance of a distribution to sorted samples.
fn distance(curve: &Curve, sorted: &[f64]) -> f64 {
    let count = sorted.len() as f64;
    let apart = sorted.iter().enumerate().map(|(index, value)| {
        let chance = curve.chance_by(*value);
        (chance - index as f64 / count).abs().max((chance - (index + 1) as f64 / count).abs())
    });
    apart.fold(0.0, f64::max)
}

impl Fit {
    /// The distance of one family, if it was tried.
    pub fn find(&self, family: Family) -> Option<&Fitted> {
        self.tried.iter().find(|fitted| fitted.spread.family() == family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Luck, Part, Way, play};

    fn drawn(spread: &Spread, samples: u32) -> Vec<f64> {
        let course = play(&Way::new(vec![Part::pass(1, spread)]), &mut Luck::new(5, samples)).course;
        course.samples().iter().map(|seconds| f64::from(*seconds)).collect()
    }

    #[test]
    fn a_family_is_found_again_in_its_own_samples() {
        let hours = Seconds::from_hours;
        let points = Estimate::new(hours(10), hours(30), hours(90)).unwrap();
        let cases = [
            Spread::Pert(points),
            Spread::Triangular(points),
            Spread::ShiftedGamma { least: 40_000.0, shape: 2.0, scale: 30_000.0 },
            Spread::ShiftedLognormal { least: 20_000.0, log_mean: 11.0, log_deviation: 0.8 },
        ];
        for spread in cases {
            let fit = fit_samples(&drawn(&spread, 800)).unwrap();
            let own = fit.find(spread.family()).unwrap();
            assert!(own.distance < 1.5 * fit.critical, "{:?}: {}", spread.family(), own.distance);
            assert!(fit.best.distance <= fit.critical && fit.samples == 800, "{:?}", spread.family());
            let (found, truth) = (fit.best.spread.curve(), spread.curve());
            assert!((found.mean() / truth.mean() - 1.0).abs() < 0.05, "{:?}", spread.family());
        }
    }

    #[test]
    fn two_heaps_fit_no_family_and_stay_what_they_are() {
        let mut samples = drawn(&Spread::Even { least: Seconds::new(1_000), most: Seconds::new(2_000) }, 300);
        samples.extend(drawn(&Spread::Even { least: Seconds::new(90_000), most: Seconds::new(91_000) }, 300));
        let fit = fit_samples(&samples).unwrap();
        assert_eq!(fit.best.spread.family(), Family::Empirical);
        assert!(fit.best.distance < 0.01 && fit.tried.iter().all(|tried| tried.distance > fit.critical));
        assert!(fit_samples(&[1.0, f64::NAN, -3.0, 2.0]).is_none());
        assert_eq!(fit_samples(&[5.0; 9]).unwrap().best.spread.curve().mean(), 5.0);
    }

    #[test]
    fn how_much_the_family_matters_is_seen() {
        let hours = Seconds::from_hours;
        for (min, typ, max) in [(4, 24, 78), (0, 0, 10), (5, 6, 7)] {
            let apart = points_uncertainty(Estimate::new(hours(min), hours(typ), hours(max)).unwrap());
            assert!((0.02..0.4).contains(&apart), "{min} {typ} {max}: {apart}");
        }
        assert_eq!(points_uncertainty(Estimate::exactly(hours(3))), 0.0);
    }
}

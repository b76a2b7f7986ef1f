//! A duration that varies, by the family of its distribution.

use crate::curve::Curve;
use kervan_units::{Estimate, Seconds};
use std::sync::Arc;

/// How a duration is distributed.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// PERT: a beta distribution over three points, with the customary weight of four for the typical one.
    Pert(Estimate<Seconds>),
    /// A triangle over three points.
    Triangular(Estimate<Seconds>),
    /// Any moment between two is as likely as any other.
    Even {
        /// From here. Unit: second.
        least: Seconds,
        /// To here. Unit: second.
        most: Seconds,
    },
    /// A gamma distribution that begins at a least value.
    ShiftedGamma {
        /// Least value. Unit: second.
        least: f64,
        /// Shape. Range: from 1 on.
        shape: f64,
        /// Scale. Unit: second.
        scale: f64,
    },
    /// A lognormal distribution that begins at a least value.
    ShiftedLognormal {
        /// Least value. Unit: second.
        least: f64,
        /// Mean of the logarithm of the seconds beyond it.
        log_mean: f64,
        /// Deviation of that logarithm.
        log_deviation: f64,
    },
    /// A distribution function by its points, as it was measured.
    Empirical(Curve),
}

/// The family of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// See [`Spread::Pert`].
    Pert,
    /// See [`Spread::Triangular`].
    Triangular,
    /// See [`Spread::Even`].
    Even,
    /// See [`Spread::ShiftedGamma`].
    ShiftedGamma,
    /// See [`Spread::ShiftedLognormal`].
    ShiftedLognormal,
    /// See [`Spread::Empirical`].
    Empirical,
}

impl Family {
    /// Its word: `pert`, `triangular`, `even`, `shifted_gamma`, `shifted_lognormal`, `empirical`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pert => "pert",
            Self::Triangular => "triangular",
            Self::Even => "even",
            Self::ShiftedGamma => "shifted_gamma",
            Self::ShiftedLognormal => "shifted_lognormal",
            Self::Empirical => "empirical",
        }
    }
}

impl Spread {
    /// A duration that does not vary.
    pub const fn exactly(duration: Seconds) -> Self {
        Self::Pert(Estimate::exactly(duration))
    }

    /// A duration by its quantiles: chances and seconds, both rising. What lies before the first and after the last is not
    /// there, so the first chance should be near 0 and the last near 1.
    ///
    /// This is how a figure of another room comes in: whatever its distribution is, some 40 quantiles of it say enough.
    pub fn of_quantiles(quantiles: &[(f64, f64)]) -> Self {
        Self::Empirical(Curve::of_quantiles(quantiles))
    }

    /// The family.
    pub const fn family(&self) -> Family {
        match self {
            Self::Pert(_) => Family::Pert,
            Self::Triangular(_) => Family::Triangular,
            Self::Even { .. } => Family::Even,
            Self::ShiftedGamma { .. } => Family::ShiftedGamma,
            Self::ShiftedLognormal { .. } => Family::ShiftedLognormal,
            Self::Empirical(_) => Family::Empirical,
        }
    }

    /// Its distribution function, to be shared: one over three points is made once and kept.
    pub fn shared_curve(&self) -> Arc<Curve> {
        match self {
            Self::Pert(points) if points.min() < points.max() => {
                Arc::clone(&crate::known::pert(*points, || pert(*points)).curve)
            }
            other => Arc::new(other.curve()),
        }
    }

    /// Its distribution function.
    pub fn curve(&self) -> Curve {
        match self {
            Self::Pert(points) => pert(*points),
            Self::Triangular(points) => triangular(*points),
            Self::Even { least, most } => Curve::even(seconds(*least), seconds(*most)),
            Self::ShiftedGamma { least, shape, scale } => shifted_gamma(*least, *shape, *scale),
            Self::ShiftedLognormal { least, log_mean, log_deviation } => {
                shifted_lognormal(*least, *log_mean, *log_deviation)
            }
            Self::Empirical(curve) => curve.clone(),
        }
    }
}

fn seconds(duration: Seconds) -> f64 {
    duration.get() as f64
}

/// See `kervan_units::Pert`: the same distribution, as a table.
pub(crate) fn pert(points: Estimate<Seconds>) -> Curve {
    let (min, typ, max) = (seconds(points.min()), seconds(points.typ()), seconds(points.max()));
    let share = if max > min { (typ - min) / (max - min) } else { 0.5 };
    let (below, above) = (4.0 * share, 4.0 * (1.0 - share));
    Curve::of_density(min, max, |x| {
        let power = |base: f64, exponent: f64| if exponent == 0.0 { 1.0 } else { base.powf(exponent) };
        power(x, below) * power(1.0 - x, above)
    })
}

fn triangular(points: Estimate<Seconds>) -> Curve {
    let (min, typ, max) = (seconds(points.min()), seconds(points.typ()), seconds(points.max()));
    let mode = if max > min { (typ - min) / (max - min) } else { 0.5 };
    Curve::of_density(min, max, |x| if x < mode { x / mode } else { (1.0 - x) / (1.0 - mode).max(1e-12) })
}

fn shifted_gamma(least: f64, shape: f64, scale: f64) -> Curve {
    // Beyond the mean and ten deviations lies less than one in ten thousand for any shape from 1 on.
    let most = shape + 10.0 * shape.sqrt();
    let mode = (shape - 1.0).max(0.0);
    let log = |x: f64| if shape == 1.0 { -x } else { (shape - 1.0) * x.max(1e-300).ln() - x };
    let top = log(mode);
    Curve::of_density(least, least + scale * most, |x| (log(x * most) - top).exp())
}

fn shifted_lognormal(least: f64, log_mean: f64, log_deviation: f64) -> Curve {
    // Four deviations to either side leave less than one in ten thousand.
    let normal = Curve::of_density(-4.0, 4.0, |x| {
        let z = 8.0 * x - 4.0;
        (-z * z / 2.0).exp()
    });
    normal.stretched(|z| least + (log_mean + log_deviation * z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kervan_units::Pert;

    fn hours(min: u64, typ: u64, max: u64) -> Estimate<Seconds> {
        Estimate::new(Seconds::from_hours(min), Seconds::from_hours(typ), Seconds::from_hours(max)).unwrap()
    }

    #[test]
    fn the_table_of_a_pert_is_its_distribution() {
        for points in [hours(4, 24, 78), hours(0, 0, 10), hours(0, 10, 10), hours(5, 6, 7), hours(1, 2, 400)]
        {
            let (curve, exact) = (Spread::Pert(points).curve(), Pert::from(points));
            assert!((curve.mean() / exact.mean() - 1.0).abs() < 1e-3, "{points:?}");
            assert!((curve.variance() / exact.variance() - 1.0).abs() < 3e-3, "{points:?}");
            for chance in [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
                let at = exact.quantile(chance);
                assert!(
                    (curve.chance_by(at) - chance).abs() < 2e-4,
                    "{points:?} {chance} {}",
                    curve.chance_by(at)
                );
            }
        }
    }

    #[test]
    fn the_other_families_have_the_moments_of_their_formulas() {
        let (shape, scale) = (2.5_f64, 3_600.0_f64);
        let (mean, deviation) = (11.0_f64, 0.4_f64);
        let cases = [
            (
                Spread::Triangular(hours(1, 2, 9)),
                4.0 * 3_600.0,
                3_600_f64.powi(2) * (1.0 + 4.0 + 81.0 - 29.0) / 18.0,
            ),
            (
                Spread::Even { least: Seconds::ZERO, most: Seconds::from_hours(24) },
                43_200.0,
                86_400_f64.powi(2) / 12.0,
            ),
            (
                Spread::ShiftedGamma { least: 100.0, shape, scale },
                100.0 + shape * scale,
                shape * scale * scale,
            ),
            (
                Spread::ShiftedLognormal { least: 50.0, log_mean: mean, log_deviation: deviation },
                50.0 + (mean + deviation * deviation / 2.0).exp(),
                (deviation * deviation).exp_m1() * (2.0 * mean + deviation * deviation).exp(),
            ),
        ];
        for (spread, mean, variance) in cases {
            let curve = spread.curve();
            assert!((curve.mean() / mean - 1.0).abs() < 2e-3, "{spread:?} {}", curve.mean());
            assert!((curve.variance() / variance - 1.0).abs() < 1e-2, "{spread:?} {}", curve.variance());
        }
        let fixed = Spread::exactly(Seconds::from_hours(3)).curve();
        assert_eq!((fixed.mean(), fixed.variance(), fixed.at(0.7)), (10_800.0, 0.0, 10_800.0));
    }
}

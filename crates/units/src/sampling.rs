//! Random durations from three-point estimates: the PERT distribution.
//!
//! Statistics, so floats are allowed here; nothing of this module is hashed or signed. The generator is an argument, so
//! the same seed gives the same numbers.

use crate::{Estimate, Seconds};
use rand_core::Rng;

/// Weight of the typical value. Source: Malcolm, Roseboom, Clark, Fazar, "Application of a technique for research and
/// development program evaluation", Operations Research 7 (1959); the customary PERT value.
const LAMBDA: f64 = 4.0;

/// Above this chance of being accepted, drawing again is cheaper than inverting the distribution.
const REJECTION_PAYS: f64 = 0.1;

/// Halvings of the interval when a quantile is sought: 2^-60 of the range is far below a second.
const HALVINGS: u32 = 60;

/// A quantity that lies between a least and a greatest value, most likely near a typical one.
///
/// Shape: a beta distribution on `[min, max]` with `alpha = 1 + 4 (typ - min) / (max - min)` and
/// `beta = 1 + 4 (max - typ) / (max - min)`, so both are at least 1 and their sum is 6.
///
/// ```
/// use kervan_units::Pert;
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
///
/// let dwell = Pert::fit(4.0, 24.0, 78.0);
/// assert!((dwell.mean() - (4.0 + 4.0 * 24.0 + 78.0) / 6.0).abs() < 1e-9);
///
/// let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
/// let hours = dwell.sample(&mut random);
/// assert!((4.0..=78.0).contains(&hours));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pert {
    min: f64,
    range: f64,
    alpha: f64,
    beta: f64,
}

impl Pert {
    /// The distribution of a quantity with these three points, in any one unit.
    ///
    /// Range: `typ` outside `[min, max]` is moved to the nearer end, `max` below `min` counts as `min`, and a point that
    /// is not a finite number counts as `min` (or zero, if it is `min` itself). `min == max` always gives `min`.
    pub fn fit(min: f64, typ: f64, max: f64) -> Self {
        let min = if min.is_finite() { min } else { 0.0 };
        let max = if max.is_finite() { max.max(min) } else { min };
        let typ = if typ.is_finite() { typ.clamp(min, max) } else { min };
        let range = max - min;
        let share = if range > 0.0 { (typ - min) / range } else { 0.5 };
        Self { min, range, alpha: 1.0 + LAMBDA * share, beta: 1.0 + LAMBDA * (1.0 - share) }
    }

    /// The mean, `(min + 4 typ + max) / 6`.
    pub fn mean(&self) -> f64 {
        self.min + self.range * self.alpha / (self.alpha + self.beta)
    }

    /// The variance, in the square of the unit.
    pub fn variance(&self) -> f64 {
        let sum = self.alpha + self.beta;
        self.range * self.range * self.alpha * self.beta / (sum * sum * (sum + 1.0))
    }

    /// A random value.
    ///
    /// Source: ratio of gamma variates, each by Marsaglia and Tsang, "A simple method for generating gamma variables",
    /// ACM TOMS 26 (2000); it needs shapes of at least 1, which PERT always has.
    pub fn sample(&self, random: &mut impl Rng) -> f64 {
        if self.range <= 0.0 {
            return self.min;
        }
        let first = gamma(self.alpha, random);
        let second = gamma(self.beta, random);
        self.min + self.range * first / (first + second)
    }

    /// A random value, given that it is greater than `elapsed`: what a duration will be that is already running.
    ///
    /// At or beyond the greatest value the estimate is refuted; `elapsed` comes back, and the caller says what then.
    pub fn sample_above(&self, elapsed: f64, random: &mut impl Rng) -> f64 {
        if elapsed <= self.min {
            return self.sample(random);
        }
        let survival = self.chance_above(elapsed);
        if survival <= 0.0 {
            return elapsed;
        }
        if survival >= REJECTION_PAYS {
            // On average at most ten draws; the bound keeps a broken generator from hanging the caller.
            for _ in 0..1_000 {
                let value = self.sample(random);
                if value > elapsed {
                    return value;
                }
            }
        }
        self.value_exceeded_with(survival * unit(random)).max(elapsed)
    }

    /// The value that is not exceeded with the given chance. Range: `chance` is moved into 0 to 1.
    pub fn quantile(&self, chance: f64) -> f64 {
        self.value_exceeded_with(1.0 - chance.clamp(0.0, 1.0))
    }

    /// The chance that the quantity is greater than `value`. Range: 0 to 1.
    pub fn chance_above(&self, value: f64) -> f64 {
        if value < self.min {
            return 1.0;
        }
        if value >= self.min + self.range {
            return 0.0;
        }
        incomplete_beta(1.0 - (value - self.min) / self.range, self.beta, self.alpha)
    }

    fn value_exceeded_with(&self, chance: f64) -> f64 {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            if incomplete_beta(1.0 - middle, self.beta, self.alpha) > chance {
                low = middle
            } else {
                high = middle
            }
        }
        self.min + self.range * (low + high) / 2.0
    }
}

impl From<Estimate<Seconds>> for Pert {
    /// The distribution of an estimated duration. Unit: second.
    fn from(estimate: Estimate<Seconds>) -> Self {
        Self::fit(estimate.min().get() as f64, estimate.typ().get() as f64, estimate.max().get() as f64)
    }
}

/// A random number greater than 0 and at most 1, from the upper 53 bits.
fn unit(random: &mut impl Rng) -> f64 {
    ((random.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
}

/// A standard normal variate by Marsaglia's polar method; the second of each pair is not kept, so no state is needed.
fn normal(random: &mut impl Rng) -> f64 {
    loop {
        let (x, y) = (2.0 * unit(random) - 1.0, 2.0 * unit(random) - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

/// A gamma variate of the given shape (at least 1) and scale 1.
fn gamma(shape: f64, random: &mut impl Rng) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(random);
        let cube = 1.0 + c * x;
        if cube <= 0.0 {
            continue;
        }
        let v = cube * cube * cube;
        if unit(random).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

/// The regularized incomplete beta function `I_x(a, b)`.
///
/// Source: NIST Digital Library of Mathematical Functions 8.17.22 (continued fraction) with the reflection 8.17.4.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    front * beta_fraction(x, a, b)
}

/// The continued fraction of [`incomplete_beta`] by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..=200 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// The logarithm of the gamma function for positive `x`: Stirling's series after shifting the argument above 12.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 12.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series =
        inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1_260.0 - square / 1_680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - f64::ln(product)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    const SAMPLES: usize = 40_000;

    fn random() -> Xoshiro256PlusPlus {
        Xoshiro256PlusPlus::seed_from_u64(7)
    }

    #[test]
    fn mean_and_variance_agree_with_the_closed_form() {
        for (min, typ, max) in
            [(4.0, 24.0, 78.0), (0.0, 0.0, 10.0), (0.0, 10.0, 10.0), (5.0, 6.0, 7.0), (1.0, 1.5, 400.0)]
        {
            let pert = Pert::fit(min, typ, max);
            let mut random = random();
            let values: Vec<f64> = (0..SAMPLES).map(|_| pert.sample(&mut random)).collect();
            assert!(values.iter().all(|value| (min..=max).contains(value)));
            let mean = values.iter().sum::<f64>() / SAMPLES as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / SAMPLES as f64;
            let deviation = pert.variance().sqrt();
            assert!((pert.mean() - (min + 4.0 * typ + max) / 6.0).abs() < 1e-9);
            // Four standard errors of the mean; the variance within 4 %.
            assert!(
                (mean - pert.mean()).abs() < 4.0 * deviation / (SAMPLES as f64).sqrt(),
                "{min} {typ} {max}"
            );
            assert!((variance / pert.variance() - 1.0).abs() < 0.04, "{min} {typ} {max}");
        }
    }

    #[test]
    fn the_distribution_function_agrees_with_known_values() {
        // Beta(1, 5) and Beta(5, 1) have closed forms; Beta(3, 3) is 10x^3 - 15x^4 + 6x^5.
        for x in [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
            let right_skewed: f64 = 1.0 - f64::powi(1.0 - x, 5);
            assert!((1.0 - Pert::fit(0.0, 0.0, 1.0).chance_above(x) - right_skewed).abs() < 1e-11, "{x}");
            assert!((1.0 - Pert::fit(0.0, 1.0, 1.0).chance_above(x) - f64::powi(x, 5)).abs() < 1e-11, "{x}");
            let symmetric = 10.0 * f64::powi(x, 3) - 15.0 * f64::powi(x, 4) + 6.0 * f64::powi(x, 5);
            assert!((1.0 - Pert::fit(0.0, 0.5, 1.0).chance_above(x) - symmetric).abs() < 1e-11, "{x}");
        }
    }

    #[test]
    fn quantiles_invert_the_distribution_and_agree_with_samples() {
        let pert = Pert::fit(4.0, 24.0, 78.0);
        let mut random = random();
        let mut values: Vec<f64> = (0..SAMPLES).map(|_| pert.sample(&mut random)).collect();
        values.sort_by(f64::total_cmp);
        for chance in [0.05, 0.1, 0.5, 0.9, 0.95] {
            let quantile = pert.quantile(chance);
            assert!((pert.chance_above(quantile) - (1.0 - chance)).abs() < 1e-9);
            let sampled = values[(SAMPLES as f64 * chance) as usize];
            assert!((sampled - quantile).abs() < 0.6, "{chance}: {sampled} {quantile}");
        }
        assert_eq!((pert.quantile(0.0).round(), pert.quantile(1.0).round()), (4.0, 78.0));
    }

    #[test]
    fn a_running_duration_is_drawn_from_the_tail() {
        let pert = Pert::fit(4.0, 24.0, 78.0);
        for elapsed in [0.0, 10.0, 30.0, 60.0, 75.0] {
            let mut random = random();
            let values: Vec<f64> = (0..5_000).map(|_| pert.sample_above(elapsed, &mut random)).collect();
            assert!(values.iter().all(|value| *value >= elapsed && *value <= 78.0), "{elapsed}");
            // The median of the tail is the value that half of the tail's chance exceeds.
            let above = pert.quantile(1.0 - pert.chance_above(elapsed) / 2.0);
            let share = values.iter().filter(|value| **value > above).count() as f64 / values.len() as f64;
            assert!((share - 0.5).abs() < 0.03, "{elapsed}: {share}");
        }
        assert_eq!(pert.sample_above(78.0, &mut random()), 78.0);
        assert_eq!(pert.sample_above(100.0, &mut random()), 100.0);
    }

    #[test]
    fn degenerate_points_give_a_constant_and_never_not_a_number() {
        let cases = [
            (Pert::fit(5.0, 5.0, 5.0), 5.0),
            (Pert::fit(5.0, 9.0, 3.0), 5.0),
            (Pert::fit(f64::NAN, f64::NAN, f64::INFINITY), 0.0),
        ];
        for (pert, value) in cases {
            assert_eq!(pert.sample(&mut random()), value);
            assert_eq!((pert.mean(), pert.quantile(0.3), pert.variance()), (value, value, 0.0));
            assert_eq!(pert.sample_above(value + 1.0, &mut random()), value + 1.0);
        }
    }
}

//! Normal variates and the normal distribution function. The generator is an argument.

use rand_core::Rng;

/// A random number greater than 0 and at most 1, from the upper 53 bits.
pub(crate) fn unit(random: &mut impl Rng) -> f64 {
    ((random.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
}

/// A standard normal variate by Marsaglia's polar method.
pub(crate) fn normal(random: &mut impl Rng) -> f64 {
    loop {
        let (x, y) = (2.0 * unit(random) - 1.0, 2.0 * unit(random) - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

/// The chance that a standard normal variate is below `z`.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; the error is below 2e-7.
pub(crate) fn normal_below(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let upper = series * (-x * x).exp() / 2.0;
    if z < 0.0 { upper } else { 1.0 - upper }
}

/// The median of values; zero of none. The values are put in order.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (Some(upper), 0) => {
            let lower = middle.checked_sub(1).and_then(|below| values.get(below)).unwrap_or(upper);
            (lower + upper) / 2.0
        }
        (Some(only), _) => *only,
        (None, _) => 0.0,
    }
}

/// The value at a share of sorted values, by nearest rank; zero of none.
pub(crate) fn nearest_rank(sorted: &[f64], share: f64) -> f64 {
    let rank = (sorted.len() as f64 * share).ceil().max(1.0) as usize - 1;
    sorted.get(rank.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_has_its_known_points() {
        for (z, below) in [(0.0, 0.5), (1.0, 0.841_345), (-1.959_964, 0.025), (3.0, 0.998_650)] {
            assert!((normal_below(z) - below).abs() < 1e-5, "{z}");
        }
        assert_eq!((median(&mut [3.0, 1.0, 2.0]), median(&mut [4.0, 1.0]), median(&mut [])), (2.0, 2.5, 0.0));
    }
}

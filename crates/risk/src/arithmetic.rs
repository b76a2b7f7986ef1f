//! The logistic function by additions, multiplications and divisions alone, which every machine rounds in the same way; the
//! exponential of a mathematical library may differ in its last digit from one to the next.

/// Squarings of the small step; the error of the result is below one in a million.
const SQUARINGS: u32 = 16;

/// `e` to the power of `x`. Range: -40 to 40; what is beyond is cut.
pub(crate) fn exponential(x: f64) -> f64 {
    let x = x.clamp(-40.0, 40.0) / f64::from(1_u32 << SQUARINGS);
    let mut value = 1.0 + x + x * x / 2.0;
    for _ in 0..SQUARINGS {
        value *= value;
    }
    value
}

/// The chance of log odds.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + exponential(-log_odds))
}

/// The log odds of a chance strictly between 0 and 1, by bisection.
pub(crate) fn log_odds(chance: f64) -> f64 {
    let (mut low, mut high) = (-20.0, 20.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if logistic(middle) < chance { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_library() {
        for step in -200..=200 {
            let x = f64::from(step) / 10.0;
            let (ours, theirs) = (logistic(x), 1.0 / (1.0 + (-x).exp()));
            assert!((ours - theirs).abs() < 1e-6, "{x}: {ours} {theirs}");
        }
        assert!((log_odds(0.25) - (0.25_f64 / 0.75).ln()).abs() < 1e-6);
    }
}

//! A simulated year whose truth the tracker does not see: are the odds true, and does learning make them better?

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

mod world;

use jiff::SignedDuration;
use kervan_tracking::{Score, Scored, assess};
use std::sync::LazyLock;
use world::{Size, Year, play};

static YEAR: LazyLock<Year> =
    LazyLock::new(|| play(Size { consignments: 260, samples: 250, seed: 11, queues: true, calibrate: true }));

/// Forecasts given in the second half of the year, when there was something to learn from.
fn late(scored: &[Scored], of: impl Fn(u8) -> bool) -> Score {
    let half = YEAR.start + SignedDuration::from_hours(183 * 24);
    assess(scored.iter().filter(|one| one.given >= half && of(one.horizon))).unwrap()
}

#[test]
fn learned_intervals_hold_what_they_promise() {
    let (published, learned) =
        (late(&YEAR.published, |horizon| horizon > 0), late(&YEAR.learned, |horizon| horizon > 0));
    assert_eq!((YEAR.delivered, YEAR.stuck), (YEAR.consignments, 0));
    for (within, nominal) in learned.within.into_iter().zip([0.5, 0.8, 0.95]) {
        assert!((within - nominal).abs() < 0.06, "{learned:?}");
    }
    assert!(published.within[1] < 0.6, "the truth is not what is published: {published:?}");
    assert!(learned.mean_error_s < 0.7 * published.mean_error_s, "{learned:?} {published:?}");
    assert!(learned.pinball_s < 0.5 * published.pinball_s, "{learned:?} {published:?}");
}

/// On the last day many deliveries take the same few minutes, so that an interval holds more than it promises, never less.
#[test]
fn the_last_day_is_never_too_sure() {
    let learned = late(&YEAR.learned, |horizon| horizon == 0);
    for (within, nominal) in learned.within.into_iter().zip([0.5, 0.8, 0.95]) {
        assert!(within > nominal - 0.06, "{learned:?}");
    }
    assert!(learned.mean_error_s < 6.0 * 3_600.0, "{learned:?}");
}

#[test]
fn changes_of_the_truth_are_found_and_much_was_measured() {
    assert!((2..150).contains(&YEAR.drifts), "{}", YEAR.drifts);
    let now = YEAR.start + SignedDuration::from_hours(365 * 24);
    let pages = YEAR.book.list(&YEAR.parameters.learning, now);
    // Rides measured often lie near the truth, published ones that were wrong among them.
    let close = pages.iter().filter(|page| page.figure.measured() >= 30).filter_map(|page| {
        let truth = YEAR.truths.get(&page.key)?;
        let typical = (truth.min().get() + 4 * truth.typ().get() + truth.max().get()) as f64 / 6.0;
        Some((page.figure.quantile(0.5) / typical - 1.0).abs())
    });
    let off: Vec<f64> = close.collect();
    let far = off.iter().filter(|off| **off > 0.2).count();
    assert!(off.len() >= 10 && far * 5 <= off.len(), "{off:?}");
    assert!(YEAR.estimates > 2_000);
}

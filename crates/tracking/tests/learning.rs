//! Learned figures: published without data, the truth with much of it, unmoved by outliers, and quick to see a change.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::{SignedDuration, Timestamp};
use kervan_tracking::{FigureKey, Learned, Measure, Parameters};
use kervan_units::{Estimate, Pert, Seconds};
use proptest::prelude::*;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::sync::LazyLock;

static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/tracking/");
    Parameters::load(|name| std::fs::read_to_string(format!("{folder}{name}")).ok()).unwrap()
});

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn hours(least: u64, typical: u64, most: u64) -> Estimate<Seconds> {
    let [least, typical, most] = [least, typical, most].map(Seconds::from_hours);
    Estimate::new(least, typical, most).unwrap()
}

fn key() -> FigureKey {
    "stay:KZAAU:border+transfer:S020".parse().unwrap()
}

/// Measurements, one every six hours.
fn learn(book: &mut Learned, published: &[Estimate<Seconds>], first: usize, hours: &[f64]) -> usize {
    let mut drifts = 0;
    for (number, hours) in (first..).zip(hours) {
        let measure = Measure {
            key: key(),
            instance: number.to_string(),
            at: start() + SignedDuration::from_hours(6 * number as i64),
            seconds: Seconds::from_hours_f64(*hours),
            published: published.to_vec(),
        };
        drifts += usize::from(book.take(&measure, &PARAMETERS.learning).is_some());
    }
    drifts
}

fn quantiles(book: &Learned, published: &[Estimate<Seconds>], number: usize) -> [f64; 5] {
    let now = start() + SignedDuration::from_hours(6 * number as i64);
    let figure = book.figure(&key(), published, &PARAMETERS.learning, now);
    [0.05, 0.25, 0.5, 0.75, 0.95].map(|chance| figure.quantile(chance) / 3_600.0)
}

fn draws(seed: u64, count: usize, pert: Pert) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..count).map(|_| pert.sample(&mut random)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn without_measurements_a_figure_is_the_published_one(least in 1_u64..40, more in 0_u64..60, most in 1_u64..200) {
        let published = hours(least, least + more, least + more + most);
        let figure = Learned::default().figure(&key(), &[published], &PARAMETERS.learning, start());
        prop_assert_eq!((figure.measured(), figure.published_share()), (0, 1.0));
        prop_assert_eq!(figure.estimate(), published);
        let pert = Pert::from(published);
        for chance in [0.025, 0.3, 0.5, 0.9, 0.975] {
            prop_assert_eq!(figure.quantile(chance), pert.quantile(chance));
        }
    }

    #[test]
    fn with_many_measurements_a_figure_is_the_truth(seed in 0_u64..1_000, factor in 0.5_f64..2.5) {
        let published = [hours(10, 24, 70)];
        let truth = Pert::fit(10.0 * factor, 24.0 * factor, 70.0 * factor);
        let mut book = Learned::default();
        learn(&mut book, &published, 0, &draws(seed, 350, truth));
        let found = quantiles(&book, &published, 350);
        for (chance, found) in [0.05, 0.25, 0.5, 0.75, 0.95].into_iter().zip(found) {
            let truly = truth.quantile(chance);
            prop_assert!((found / truly - 1.0).abs() < 0.18, "{}: {} instead of {}", chance, found, truly);
        }
    }

    #[test]
    fn a_figure_lies_between_the_published_one_and_the_truth(count in 1_usize..60) {
        let published = [hours(20, 30, 50)];
        let mut book = Learned::default();
        learn(&mut book, &published, 0, &draws(5, count, Pert::fit(40.0, 50.0, 60.0)));
        let [_, _, middle, _, _] = quantiles(&book, &published, count);
        prop_assert!((30.0..=52.0).contains(&middle), "{} after {}", middle, count);
    }
}

#[test]
fn few_measurements_move_a_figure_little_and_many_much() {
    let published = [hours(20, 30, 50)];
    let medians: Vec<f64> = [0, 2, 8, 40]
        .into_iter()
        .map(|count| {
            let mut book = Learned::default();
            learn(&mut book, &published, 0, &vec![60.0; count]);
            quantiles(&book, &published, count)[2]
        })
        .collect();
    assert!(medians.is_sorted() && medians[1] < 36.0 && medians[3] > 55.0, "{medians:?}");
}

#[test]
fn an_outlier_moves_nothing_but_the_tail() {
    let published = [hours(10, 24, 70)];
    let truth = draws(3, 60, Pert::fit(10.0, 24.0, 70.0));
    let (mut clean, mut dirty) = (Learned::default(), Learned::default());
    learn(&mut clean, &published, 0, &truth);
    learn(&mut dirty, &published, 0, &truth);
    // A month, and a minute: a report that came late, and one that was typed wrong.
    let drifts = learn(&mut dirty, &published, 60, &[720.0, 0.02]);
    let (clean, dirty) = (quantiles(&clean, &published, 62), quantiles(&dirty, &published, 62));
    for (one, other) in clean.iter().zip(dirty).skip(1).take(3) {
        assert!((one / other - 1.0).abs() < 0.06, "{clean:?} {dirty:?}");
    }
    assert_eq!(drifts, 0);
}

#[test]
fn a_change_is_found_soon_and_what_was_before_is_forgotten() {
    let published = [hours(10, 24, 70)];
    let mut book = Learned::default();
    assert_eq!(learn(&mut book, &published, 0, &draws(8, 200, Pert::fit(10.0, 24.0, 70.0))), 0);
    let mut drifted = None;
    for (number, hours) in draws(9, 60, Pert::fit(30.0, 55.0, 110.0)).into_iter().enumerate() {
        if learn(&mut book, &published, 200 + number, &[hours]) > 0 {
            drifted.get_or_insert(number);
        }
    }
    assert!(drifted.is_some_and(|number| number < 30), "{drifted:?}");
    let [_, _, middle, _, _] = quantiles(&book, &published, 260);
    assert!((50.0..68.0).contains(&middle), "{middle}");
    let page = book.list(&PARAMETERS.learning, start()).remove(0);
    let since = page.drifted.unwrap().since.as_second() - start().as_second();
    assert!((190..=215).contains(&(since / 21_600)), "{since}");
}

/// How often a change is told where there is none.
#[test]
fn a_true_figure_hardly_ever_drifts() {
    let published = [hours(10, 24, 70)];
    let drifts: usize = (0..10)
        .map(|seed| {
            let mut book = Learned::default();
            learn(&mut book, &published, 0, &draws(100 + seed, 300, Pert::from(published[0])))
        })
        .sum();
    assert!(drifts <= 7, "{drifts} in 3,000 measurements");
}

#[test]
fn the_same_departure_is_measured_once() {
    let mut book = Learned::default();
    let published = [hours(10, 24, 70)];
    for _ in 0..5 {
        learn(&mut book, &published, 0, &[30.0, 31.0]);
    }
    assert_eq!(book.count(&key()), 2);
}

#[test]
fn measurements_grow_old() {
    let published = [hours(20, 30, 50)];
    let mut book = Learned::default();
    learn(&mut book, &published, 0, &[60.0; 40]);
    let share = |days: i64| {
        let now = start() + SignedDuration::from_hours(24 * days);
        book.figure(&key(), &published, &PARAMETERS.learning, now).published_share()
    };
    assert!(share(10) < 0.4 && share(2_000) > 0.95, "{} {}", share(10), share(2_000));
}

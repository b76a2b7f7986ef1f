//! Training on synthetic controls whose truth the model does not see, explanations, and choices within a capacity.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use kervan_risk::{
    Candidate, Capacity, DrawSeed, Example, Model, Selected, Training, assess_quality, choose_controls,
    fit_threshold, train,
};
use proptest::prelude::*;

const FEATURES: [&str; 6] = ["mass_tonnes", "value_per_kg", "first_time", "weekend", "distance", "noise"];

/// A plain generator of numbers (SplitMix64), so that the examples are the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) % below).unwrap()
    }
}

/// The truth: heavy goods of little value by parties that come for the first time are found wanting; the rest is noise.
fn examples(seed: u64, count: usize) -> Vec<Example> {
    let mut numbers = Numbers(seed);
    let mut make = || {
        let values = vec![
            numbers.next(60),
            numbers.next(200),
            numbers.next(2),
            numbers.next(2),
            numbers.next(5_000),
            numbers.next(100),
        ];
        let mut chance = 20;
        if values[0] > 40 && values[1] < 50 {
            chance += 350
        }
        if values[2] == 1 {
            chance += 80
        }
        if values[2] == 1 && values[1] < 20 {
            chance += 200
        }
        let found = numbers.next(1_000) < chance;
        Example { values, found }
    };
    (0..count).map(|_| make()).collect()
}

fn model(seed: u64) -> Model {
    train("m", &FEATURES, &examples(seed, 6_000), &Training { trees: 40, ..Training::default() }).unwrap()
}

#[test]
fn a_model_finds_what_the_truth_has_and_chance_has_not() {
    let model = model(1);
    let quality = assess_quality(&model, &examples(2, 6_000));
    assert!(quality.auc > 0.72, "{quality:?}");
    assert!(quality.hit_rate_of_top_tenth > 2.5 * quality.hit_rate_of_all, "{quality:?}");
    // Labels that have nothing to do with the features cannot be learned.
    let mut shuffled = examples(3, 4_000);
    let mut numbers = Numbers(9);
    shuffled.iter_mut().for_each(|example| example.found = numbers.next(10) == 0);
    let blind = train("blind", &FEATURES, &shuffled, &Training::default()).unwrap();
    let quality = assess_quality(&blind, &examples(4, 4_000));
    assert!((0.40..0.60).contains(&quality.auc), "{quality:?}");
}

#[test]
fn the_same_examples_give_the_same_model_and_hash() {
    let first = model(5);
    assert_eq!(first, model(5));
    let again: Model = serde_json::from_str(&serde_json::to_string(&first).unwrap()).unwrap();
    assert_eq!(again.clone().check().unwrap().hash().unwrap(), first.hash().unwrap());
    let mut other = again;
    other.base += 1;
    assert_ne!(other.hash().unwrap(), first.hash().unwrap());
}

#[test]
fn examples_that_cannot_teach_are_refused() {
    let none: Vec<Example> =
        examples(1, 50).into_iter().map(|example| Example { found: false, ..example }).collect();
    assert_eq!(train("m", &FEATURES, &none, &Training::default()).unwrap_err().code, "risk.examples");
    assert!(train("m", &FEATURES[..2], &examples(1, 50), &Training::default()).is_err());
}

#[test]
fn a_model_that_points_outside_is_not_read() {
    let text = r#"{"model":"m","features":["a"],"base":0,"threshold_permille":0,"examples":1,"found":1,
        "trees":[{"nodes":[{"feature":0,"at_most":1,"low":0,"high":1,"cover":2},{"value":1,"cover":1}]}]}"#;
    let model: Model = serde_json::from_str(text).unwrap();
    assert_eq!(model.check().unwrap_err().code, "risk.model");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// The parts of an explanation and the average make the score, and a feature that no tree asks about adds nothing.
    #[test]
    fn explanations_add_up(values in prop::collection::vec(0i64..5_000, 6)) {
        static MODEL: std::sync::LazyLock<Model> = std::sync::LazyLock::new(|| model(7));
        let explained = MODEL.explain(&values);
        let sum: i64 = explained.parts.iter().map(|part| part.adds).sum();
        prop_assert_eq!(explained.average + sum, explained.score);
        prop_assert_eq!(explained.score, MODEL.score(&values));
        prop_assert!(explained.parts.windows(2).all(|pair| pair[0].adds.abs() >= pair[1].adds.abs() - 50));
    }

    /// The capacity is never exceeded by scores and lots, and what rules ask for is always there.
    #[test]
    fn a_team_is_never_asked_for_more_than_it_can(chances in prop::collection::vec((0u32..1_000, 0u64..50, any::<bool>()), 0..60), controls in 0usize..20, share in 0u32..1_001) {
        let candidates: Vec<Candidate> = chances.iter().enumerate().map(|(number, (chance, worth, asked))| Candidate {
            case: format!("M/{number}"), chance_permille: *chance, worth: *worth, asked_by_rules: *asked,
        }).collect();
        let capacity = Capacity { controls, by_lot_permille: share, threshold_permille: 300 };
        let chosen = choose_controls(&candidates, capacity, &DrawSeed::new([1; 32]));
        let of = |why: Selected| chosen.iter().filter(|chosen| chosen.why == why).count();
        prop_assert_eq!(of(Selected::ByRules), candidates.iter().filter(|it| it.asked_by_rules).count());
        prop_assert!(of(Selected::ByScore) + of(Selected::ByLot) <= controls.saturating_sub(of(Selected::ByRules)));
        let mut names: Vec<_> = chosen.iter().map(|chosen| chosen.case.clone()).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), chosen.len());
        for chosen in chosen.iter().filter(|chosen| chosen.why == Selected::ByScore) {
            let candidate = candidates.iter().find(|it| it.case == chosen.case).unwrap();
            prop_assert!(candidate.chance_permille >= 300);
        }
    }
}

#[test]
fn a_threshold_lets_through_what_a_team_can_control() {
    let chances: Vec<u32> = (0..1_000).collect();
    let threshold = fit_threshold(&chances, 10, 5);
    assert_eq!(chances.iter().filter(|chance| **chance >= threshold).count(), 50);
    assert_eq!(
        fit_threshold(&chances, 10, 1_000),
        0,
        "a team that can control everything needs no threshold"
    );
}

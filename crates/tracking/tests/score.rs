//! Scores: known cases, what is said of few journeys, and intervals that are mended.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::{SignedDuration, Timestamp};
use kervan_tracking::{ArrivalBand, Calibration, Given, Parameters, Scored, assess, score, state};
use kervan_units::Seconds;
use std::sync::LazyLock;

static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/tracking/");
    Parameters::load(|name| std::fs::read_to_string(format!("{folder}{name}")).ok()).unwrap()
});

fn at(hours: f64) -> Timestamp {
    let start: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs((hours * 3_600.0) as i64)
}

/// A band around a median, so many hours wide.
fn band(median: f64, hours: f64) -> ArrivalBand {
    ArrivalBand::of([-2.0, -1.3, -0.7, 0.0, 0.7, 1.3, 2.0].map(|share| at(median + share * hours)))
}

fn scored(median: f64, hours: f64, actual: f64) -> Scored {
    let (route, given) = ("CNXIA>TRIST".to_owned(), at(0.0));
    Scored { horizon: 3, route, given, band: band(median, hours), levels: None, actual: at(actual) }
}

#[test]
fn known_cases_have_known_scores() {
    let cases = [scored(100.0, 10.0, 104.0), scored(100.0, 10.0, 90.0), scored(100.0, 10.0, 130.0)];
    let score = assess(&cases).unwrap();
    assert_eq!(score.journeys, 3);
    assert!((score.mean_error_s / 3_600.0 - 44.0 / 3.0).abs() < 1e-6, "{score:?}");
    assert!((score.bias_s / 3_600.0 - 8.0).abs() < 1e-6, "{score:?}");
    for (within, cases) in score.within.into_iter().zip([1.0, 2.0, 2.0]) {
        assert!((within - cases / 3.0).abs() < 1e-9, "{score:?}");
    }
    assert!(assess(&[]).is_none());
    let sure = assess(&[scored(100.0, 0.0, 100.0)]).unwrap();
    assert_eq!((sure.pinball_s, sure.within), (0.0, [1.0; 3]));
}

/// Being wide cannot win: the pinball loss has its least where the quantiles are true.
#[test]
fn the_pinball_loss_wants_true_quantiles() {
    let truth: Vec<f64> = (1..400).map(|rank| 100.0 + 20.0 * (f64::from(rank) / 400.0 - 0.5)).collect();
    let loss = |width: f64| {
        let cases: Vec<_> = truth.iter().map(|actual| scored(100.0, width, *actual)).collect();
        assess(&cases).unwrap().pinball_s
    };
    assert!(loss(5.0) < loss(1.0) && loss(5.0) < loss(20.0));
}

#[test]
fn each_class_counts_one_forecast_of_a_journey() {
    let given: Vec<Given> = [0.0, 10.0, 20.0, 150.0, 190.0]
        .into_iter()
        .map(|hours| Given { at: at(hours), band: band(200.0, 10.0), levels: None })
        .collect();
    let classes: Vec<(u8, Timestamp)> = score(&PARAMETERS.scoring, "A>B", &given, at(195.0))
        .iter()
        .map(|one| (one.horizon, one.given))
        .collect();
    assert_eq!(classes, [(0, at(190.0)), (2, at(150.0)), (4, at(0.0))]);
}

#[test]
fn few_journeys_allow_no_statement() {
    let scoring = &PARAMETERS.scoring;
    let say = |journeys: usize| {
        let cases: Vec<_> = (0..journeys).map(|n| scored(100.0, 10.0, 100.0 + n as f64)).collect();
        state(scoring, &cases, "CNXIA>TRIST", Seconds::from_hours(100))
    };
    assert_eq!(say(0).words(), "no journey was scored at this point yet");
    assert_eq!(say(5).words(), "too few journeys to say how good this is (n=5)");
    let enough = say(30);
    // Rank 28 of errors from 0 to 29 hours.
    assert_eq!(enough.nine_of_ten, Some(Seconds::from_hours(27)));
    assert_eq!(
        enough.words(),
        "at this point we were within 1.1 days nine times of ten (n=30 on this route)"
    );
    let other = state(scoring, &[scored(1.0, 1.0, 1.0)], "A>B", Seconds::from_hours(100));
    assert_eq!((other.journeys, other.route), (1, None));
}

#[test]
fn intervals_that_are_too_narrow_are_widened_once_enough_is_known() {
    let scoring = &PARAMETERS.scoring;
    // What happens is spread three times as wide as what was said.
    let cases = |count: usize| -> Vec<Scored> {
        (0..count)
            .map(|n| scored(100.0, 10.0, 100.0 + 60.0 * ((n * 37 % count) as f64 / count as f64 - 0.5)))
            .collect()
    };
    let few = Calibration::of(scoring, &cases(scoring.calibrate_from - 1));
    assert_eq!(few.find(Seconds::from_hours(100)), None);
    let many = Calibration::of(scoring, &cases(400));
    let levels = many.find(Seconds::from_hours(100)).unwrap().shares();
    assert!(levels[0] < 0.01 && levels[1] < 0.05 && levels[5] > 0.95 && levels[6] > 0.99, "{levels:?}");
    assert!((levels[3] - 0.5).abs() < 0.05 && levels.is_sorted(), "{levels:?}");
    assert_eq!(many.find(Seconds::from_hours(1)), None, "another class was never scored");
}

#[test]
fn true_intervals_are_left_as_they_are() {
    let normal: Vec<Scored> = (1..600)
        .map(|rank| {
            // The inverse of the band's own distribution.
            let rank = f64::from(rank) / 600.0;
            let (mut low, mut high) = (0.0, 200.0);
            for _ in 0..50 {
                let middle = (low + high) / 2.0;
                if band(100.0, 10.0).rank(at(middle)) < rank { low = middle } else { high = middle }
            }
            scored(100.0, 10.0, low)
        })
        .collect();
    let levels =
        Calibration::of(&PARAMETERS.scoring, &normal).find(Seconds::from_hours(100)).unwrap().shares();
    for (level, share) in levels.into_iter().zip(kervan_tracking::SHARES) {
        assert!((level - share).abs() < 0.01, "{levels:?}");
    }
}

#[test]
fn kept_estimates_of_an_older_version_can_be_read() {
    let old = r#"{"at":"2026-12-01T00:00:00Z","odds":{"p10":"2026-12-02T00:00:00Z","p50":"2026-12-03T00:00:00Z",
        "p90":"2026-12-04T00:00:00Z"},"because":"first estimate, from the plan","remaining":[],
        "basis":{"reached":null,"holds":[],"position_permille":null,"overrun":false}}"#;
    let eta: kervan_tracking::Eta = serde_json::from_str(old).unwrap();
    assert!(eta.band.is_none() && eta.levels.is_none() && eta.basis.closures.is_empty());
    let again: kervan_tracking::Eta = serde_json::from_str(&serde_json::to_string(&eta).unwrap()).unwrap();
    assert_eq!(again, eta);
}

//! The explanation of a plan holds what it says.

use crate::shared::{network, request};
use kervan_network::Network;
use kervan_planning::{
    Explained, Insight, Learned, LearnedFigure, LearnedKey, PlanOptions, Preferences, Reason, explain,
};
use kervan_units::{Money, Seconds};

fn explained(network: &Network, from: &str, to: &str, preferences: &Preferences) -> (Explained, Insight) {
    let options = PlanOptions { samples: 4_000, ..PlanOptions::default() };
    let explained = explain(network, &request(from, to), &options, preferences, &Learned::default()).unwrap();
    let insight = explained.insight.clone().unwrap();
    (explained, insight)
}

fn usd(amount: i64) -> Option<Money> {
    Some(Money::from_minor(amount * 100, "USD".parse().unwrap()))
}

#[test]
fn what_an_explanation_says_is_consistent() {
    let network = network();
    for (from, to) in [("CNXIA", "TRIST"), ("CNLYG", "DEDUI"), ("UZTAS", "BGBOJ"), ("GEPTI", "KZALA")] {
        for value in [None, usd(0), usd(2_000)] {
            let deadline = Some("2027-01-05T00:00:00Z".parse().unwrap());
            let preferences = Preferences { value_of_day: value, deadline, ..Preferences::default() };
            let (explained, insight) = explained(&network, from, to, &preferences);
            let case = format!("{from} {to} {value:?}");
            assert_eq!(insight.outlooks.len(), explained.plan.alternatives.len(), "{case}");
            assert_eq!(insight.rivals.len() + 1, insight.outlooks.len(), "{case}");
            assert_eq!(insight.value_assumed, value.is_none());
            for (outlook, alternative) in insight.outlooks.iter().zip(&explained.plan.alternatives) {
                let sum: f64 = outlook.risks.iter().map(|risk| risk.share).sum();
                assert!((sum - 1.0).abs() < 1e-9, "{case} {}: {sum}", outlook.id);
                assert!(outlook.risks.is_sorted_by(|one, other| one.share >= other.share));
                let (least, most) = outlook.expected_between;
                assert!(least <= outlook.expected && outlook.expected <= most, "{case}");
                let chance = outlook.on_time.unwrap();
                assert!(chance.least <= chance.chance + 1e-9 && chance.chance <= chance.most + 1e-9);
                // A right-skewed arrival: its mean lies between the median and the late end.
                let odds = alternative.itinerary.arrives;
                assert!(odds.p10 < outlook.expected && outlook.expected < odds.p90, "{case}");
                assert!(outlook.connections.iter().all(|catch| (0.0..=1.0).contains(&catch.missed)));
            }
            check_rivals(&insight, &case);
            check_fallbacks(&insight, &case);
            assert!(!insight.swings.is_empty() && insight.swings.len() <= 12, "{case}");
            for swing in &insight.swings {
                assert!(swing.least.value < swing.most.value, "{case} {swing:?}");
                assert!(swing.least.arrival <= swing.most.arrival + 1e-6, "{case} {swing:?}");
                assert!(swing.least.cost.minor() <= swing.most.cost.minor(), "{case} {swing:?}");
            }
            let turns = insight.swings.iter().any(|one| one.least.flips_to.or(one.most.flips_to).is_some());
            let cautioned = insight.reasons.iter().any(|reason| matches!(reason, Reason::NotRobust { .. }));
            assert_eq!(turns, cautioned, "{case}");
        }
    }
}

/// At the price or the value of a day that is named, both ways cost the same.
fn check_rivals(insight: &Insight, case: &str) {
    for rival in &insight.rivals {
        let sooner = rival.price_down.minor() < 0;
        assert!(
            !sooner || rival.misses_deadline || rival.unpriced || {
                // Where none meets the deadline, the likeliest is recommended whatever it costs.
                insight.reasons.iter().any(|reason| matches!(reason, Reason::NearestToDeadline { .. }))
            },
            "{case}: {rival:?}"
        );
        assert!(rival.value_above.is_none() || rival.value_below.is_none(), "{case}");
        if !sooner {
            assert!(
                rival.value_above.is_none_or(|value| value.minor() >= insight.value_of_day.minor() - 1),
                "{case}: {rival:?}"
            );
            assert!(
                rival.value_below.is_none_or(|value| value.minor() <= insight.value_of_day.minor() + 1),
                "{case}: {rival:?}"
            );
        }
    }
    for pair in insight.days.windows(2) {
        assert_eq!(pair[0].to, pair[1].from, "{case}");
    }
    for price in &insight.days {
        assert!(price.days > 0.0 && price.costs.minor() >= 0, "{case}");
    }
}

fn check_fallbacks(insight: &Insight, case: &str) {
    let fallbacks = insight.fallbacks.as_ref().unwrap();
    // The earliest of all is not later than the others, but for what arrives beyond the horizon.
    let minute = jiff::SignedDuration::from_mins(1);
    for other in [fallbacks.with_fallbacks, fallbacks.waiting] {
        assert!(fallbacks.best.mean <= other.mean.checked_add(minute).unwrap(), "{case}");
    }
    // Waiting is the recommended way itself, on a coarser grid.
    let outlook = insight.outlooks.iter().find(|outlook| outlook.id == insight.recommended).unwrap();
    let apart = outlook.expected.as_second() - fallbacks.waiting.mean.as_second();
    assert!(apart.unsigned_abs() < 8 * 3_600, "{case}: {apart}");
    for fallback in &fallbacks.fallbacks {
        assert!(
            fallback.net.minor() > 0 && fallback.chance > 0.0 && fallback.chance <= 1.0,
            "{case} {fallback:?}"
        );
        assert!(
            !fallback.instead.is_empty() && fallback.instead.first() != Some(&fallback.planned),
            "{case}"
        );
    }
}

#[test]
fn a_day_that_is_worth_more_makes_a_quicker_way_win() {
    let network = network();
    let days = |value: i64| {
        let preferences = Preferences { value_of_day: usd(value), ..Preferences::default() };
        let (_, insight) = explained(&network, "CNXIA", "TRIST", &preferences);
        let chosen = insight.outlooks.iter().find(|outlook| outlook.id == insight.recommended).unwrap();
        chosen.expected
    };
    let expected: Vec<_> = [0, 50, 200, 1_000, 5_000, 100_000].map(days).into();
    assert!(expected.is_sorted_by(|one, other| one >= other), "{expected:?}");
    assert!(expected.first() > expected.last());
}

#[test]
fn learned_figures_take_the_place_of_published_ones() {
    let network = network();
    let (options, request) =
        (PlanOptions { samples: 2_000, ..PlanOptions::default() }, request("CNXIA", "TRIST"));
    let with =
        |learned: &Learned| explain(&network, &request, &options, &Preferences::default(), learned).unwrap();
    let published = with(&Learned::default());
    let first = &published.plan.alternatives[0];
    let leg = first.itinerary.legs().next().unwrap();
    let longer = leg.running.max().get() as f64 * 2.0;
    let figure = LearnedFigure::of_quantiles(&[(0.0, longer), (1.0, longer + 3_600.0)], 40, 0.05);
    let learned: Learned = [(LearnedKey::Ride(leg.service.clone()), figure)].into_iter().collect();
    let again = with(&learned);
    let same = again.plan.alternatives.iter().find(|one| {
        one.itinerary.legs().map(|leg| &leg.service).eq(first.itinerary.legs().map(|leg| &leg.service))
    });
    // Either it is beaten now, or it is later by more than a day.
    let day = Seconds::from_hours(24).get() as i64;
    let later = |one: &kervan_planning::Alternative| {
        one.itinerary.arrives.p50.as_second() - first.itinerary.arrives.p50.as_second()
    };
    assert!(same.is_none_or(|same| later(same) > day));
    assert_ne!(again.plan.alternatives, published.plan.alternatives);
}

#[test]
#[expect(clippy::print_stdout, reason = "for whoever runs it with --nocapture")]
fn an_explanation_can_be_read() {
    let network = network();
    let deadline = Some("2026-12-28T00:00:00Z".parse().unwrap());
    let (_, insight) =
        explained(&network, "CNXIA", "TRIST", &Preferences { deadline, ..Preferences::default() });
    println!("{insight:#?}");
    assert!(insight.reasons.len() > 1);
    assert!(
        insight
            .reasons
            .iter()
            .all(|reason| reason.code().chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    );
}

/// A place with hours and a service with a timetable: what was played and what was computed speak of the same hours and trains.
#[test]
fn computed_and_played_arrivals_agree_where_there_are_timetables_and_hours() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/network/");
    let extra = |name: &str| match name {
        "schedules.csv" => {
            "X1,S020,forward,timetable,tue;fri,23:00,12,,,,,,,,,,,,,a timetable,2026,high,\n\
             X2,S032B,both,timetable,wed,05:00,6,,,,,,,,,,,,,a timetable,2026,high,\n"
        }
        "opening_hours.csv" => {
            "Y1,GEPTI,,,mon;tue;wed;thu;fri,09:00,13:00,,,,,a notice,2026,high,\n\
             Y2,KZAAU,,,daily,10:00,14:00,,,,,a notice,2026,high,\n"
        }
        _ => "",
    };
    let read = |name: &str| {
        let text = std::fs::read_to_string(format!("{data}{name}")).ok()?;
        Some(format!("{}\n{}", text.trim_end(), extra(name)))
    };
    let (network, findings) = Network::load(read).unwrap();
    assert!(!kervan_model::has_errors(&findings), "{findings:#?}");
    let mut with_hours = 0;
    for (from, to) in [("CNXIA", "TRIST"), ("UZTAS", "BGBOJ"), ("KZAAU", "GEPTI")] {
        let (explained, insight) = explained(&network, from, to, &Preferences::default());
        for (outlook, alternative) in insight.outlooks.iter().zip(&explained.plan.alternatives) {
            let odds = alternative.itinerary.arrives;
            let stops = |code: &str| alternative.itinerary.stays().any(|stay| stay.place.as_str() == code);
            with_hours += usize::from(stops("GEPTI") || stops("KZAAU"));
            // The mean of the samples is not shown; the middle of the computed ones must lie where the samples lie.
            let day = jiff::SignedDuration::from_hours(24);
            let early = odds.p10.checked_sub(day).unwrap();
            assert!(early < outlook.expected && outlook.expected < odds.p90, "{from} {to} {}", outlook.id);
            let width = (odds.p90.as_second() - odds.p10.as_second()) as f64 / 3_600.0;
            assert!((0.2..0.7).contains(&(outlook.deviation / width)), "{} {width}", outlook.deviation);
        }
    }
    assert!(with_hours > 4);
}

//! The estimate of arrival: honest odds, moved only by facts, explained in words.

use crate::fixture::{after, captured, instant, itinerary, report_of, reports};
use jiff::{SignedDuration, Timestamp};
use kervan_codes::PlaceCode;
use kervan_events::{MilestoneCode, Progress, assess_progress};
use kervan_model::{Confidence, Provenance, Step};
use kervan_tracking::{
    Eta, EtaInputs, Hold, Known, Learned, LegPosition, Parameters, Queues, estimate_arrival,
};
use kervan_units::{Estimate, Pert, Seconds};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde_json::Value;
use std::sync::LazyLock;

fn name(place: &PlaceCode) -> String {
    place.as_str().to_owned()
}

pub(crate) static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/tracking/");
    Parameters::load(|name| std::fs::read_to_string(format!("{folder}{name}")).ok()).unwrap()
});
static NOTHING: LazyLock<(Learned, Queues)> = LazyLock::new(Default::default);

/// Nothing but the parameters is known.
pub(crate) fn unknown() -> Known<'static> {
    Known {
        learned: &NOTHING.0,
        parameters: &PARAMETERS,
        closures: &[],
        queues: &NOTHING.1,
        missed: None,
        calibration: None,
    }
}

struct Case<'a> {
    reports: Vec<Value>,
    holds: Vec<Hold>,
    position: Option<LegPosition>,
    now: Timestamp,
    previous: Option<&'a Eta>,
}

fn estimate(case: &Case<'_>) -> Eta {
    let itinerary = itinerary();
    let progress: Progress = assess_progress(&itinerary, &captured(&case.reports));
    estimate_arrival(&EtaInputs {
        itinerary: &itinerary,
        progress: &progress,
        holds: &case.holds,
        position: case.position,
        now: case.now,
        seed: 5,
        samples: 4_000,
        previous: case.previous,
        known: unknown(),
        place_name: &name,
    })
}

fn plain(count: usize, late: i64, now: i64) -> Eta {
    estimate(&Case {
        reports: reports(count, late),
        holds: Vec::new(),
        position: None,
        now: after(now),
        previous: None,
    })
}

fn hours_after_start(at: Timestamp) -> f64 {
    (at.as_second() - after(0).as_second()) as f64 / 3_600.0
}

#[test]
fn before_the_start_the_figures_of_the_plan_speak() {
    let eta = plain(0, 0, -48);
    let mean: f64 = itinerary()
        .steps
        .iter()
        .map(|step| match step {
            Step::Stay(stay) => {
                stay.processes.iter().map(|process| Pert::from(process.duration).mean()).sum()
            }
            Step::Leg(leg) => Pert::from(leg.running).mean(),
        })
        .sum::<f64>()
        / 3_600.0;
    assert!((hours_after_start(eta.odds.p50) - mean).abs() < 5.0, "{eta:?} {mean}");
    assert!(eta.odds.p10 < eta.odds.p50 && eta.odds.p50 < eta.odds.p90);
    assert_eq!(eta.remaining.len(), 15);
    assert!(eta.remaining.windows(2).all(|pair| pair[0].1.p50 <= pair[1].1.p50), "{:?}", eta.remaining);
    assert_eq!(eta.because, "first estimate, from the plan");
}

#[test]
fn the_same_inputs_give_the_same_estimate() {
    assert_eq!(plain(4, 2, 90), plain(4, 2, 90));
}

#[test]
fn a_step_done_at_its_median_hardly_moves_the_rest() {
    let before = plain(6, 0, 90);
    let (index, arrived) = before.remaining[0];
    assert_eq!(index, 6);
    let mut reports = reports(6, 0);
    reports.push(report_of(MilestoneCode::Arrived, &"KZAAU".parse().unwrap(), arrived.p50));
    let now = arrived.p50;
    let eta = estimate(&Case { reports, holds: Vec::new(), position: None, now, previous: Some(&before) });
    let moved = hours_after_start(eta.odds.p50) - hours_after_start(before.odds.p50);
    assert!(moved.abs() < 3.0, "{moved}");
    let spread = |eta: &Eta| Seconds::between(eta.odds.p10, eta.odds.p90);
    assert!(spread(&eta) < spread(&before));
}

#[test]
fn time_without_news_moves_it_later_and_says_so() {
    let first = plain(6, 0, 95);
    let reports = reports(6, 0);
    let eta = |hour, previous| {
        estimate(&Case {
            reports: reports.clone(),
            holds: Vec::new(),
            position: None,
            now: after(hour),
            previous,
        })
    };
    let later = eta(185, Some(&first));
    assert!(later.odds.p50 > first.odds.p50 && later.odds.p10 > after(185));
    assert!(
        later.because.starts_with("time passed without news before `arrived KZAAU`; expected "),
        "{}",
        later.because
    );
    // 120 hours are the greatest figure for the leg, which began at hour 90.
    let overrun = eta(215, Some(&later));
    assert!(overrun.basis.overrun);
    assert!(
        overrun.remaining[0].1.p10 > after(215) && overrun.remaining[0].1.p50 < after(250),
        "{:?}",
        overrun.remaining[0]
    );
    assert!(
        overrun.because.starts_with("no news for longer than any figure for `arrived KZAAU`; "),
        "{}",
        overrun.because
    );
}

#[test]
fn a_late_departure_is_named_and_carried_on() {
    let before = plain(5, 0, 89);
    let mut reports = reports(5, 0);
    reports.push(report_of(MilestoneCode::Departed, &"KZ-ALTYN".parse().unwrap(), after(120)));
    let eta = estimate(&Case {
        reports,
        holds: Vec::new(),
        position: None,
        now: after(120),
        previous: Some(&before),
    });
    let start = "departed KZ-ALTYN 1d 6h later than planned; expected 1d";
    assert!(eta.because.starts_with(start) && eta.because.ends_with("later than before"), "{}", eta.because);
}

fn hold(place: &str, since: i64) -> Hold {
    Hold {
        place: place.parse().unwrap(),
        movement: Some("KRV-2026-0001/1".parse().unwrap()),
        since: after(since),
        duration: Estimate::new(Seconds::from_hours(24), Seconds::from_hours(72), Seconds::from_hours(240))
            .unwrap(),
        reason: "the gross mass of the invoice differs".into(),
        provenance: Provenance {
            source: "judgement".into(),
            period: "2026".into(),
            confidence: Confidence::Low,
        },
    }
}

#[test]
fn a_hold_keeps_the_goods_and_its_release_lets_them_go() {
    let free = plain(3, 0, 75);
    let case = |holds, now, previous| {
        estimate(&Case { reports: reports(3, 0), holds, position: None, now: after(now), previous })
    };
    let held = case(vec![hold("KZ-ALTYN", 74)], 75, Some(&free));
    assert!(Seconds::between(free.odds.p50, held.odds.p50) > Seconds::from_hours(40), "{free:?} {held:?}");
    assert!(
        held.because.starts_with("held at KZ-ALTYN: the gross mass of the invoice differs; expected 3d"),
        "{}",
        held.because
    );
    let released = case(Vec::new(), 80, Some(&held));
    assert!(released.because.contains("no longer held: the gross mass"), "{}", released.because);
    assert!(released.odds.p50 < held.odds.p50);
    // A hold far longer than its figures still lies ahead, and one at a place already passed binds at the next stay.
    assert!(case(vec![hold("KZ-ALTYN", 74)], 500, None).remaining[0].1.p10 > after(500));
    assert!(case(vec![hold("CNXIA", 74)], 75, None).odds.p50 > free.odds.p50);
}

#[test]
fn a_position_narrows_the_leg() {
    let case = |position, now: i64| {
        estimate(&Case {
            reports: reports(6, 0),
            holds: Vec::new(),
            position,
            now: after(now),
            previous: None,
        })
    };
    let blind = case(None, 150);
    // 60 of 72 typical hours have passed. Nine tenths done is fast, a third done is slow.
    let seen = |share_permille| case(Some(LegPosition { share_permille, at: after(150) }), 150);
    let (fast, slow) = (seen(900), seen(333));
    assert!(
        fast.remaining[0].1.p50 < blind.remaining[0].1.p50
            && slow.remaining[0].1.p50 > blind.remaining[0].1.p50
    );
    let spread = |eta: &Eta| Seconds::between(eta.remaining[0].1.p10, eta.remaining[0].1.p90);
    assert!(spread(&fast) < spread(&blind));
    assert_eq!(fast.because, "first estimate: departed KZ-ALTYN as planned; seen 90 % along the leg");
}

#[test]
fn delivered_is_certain() {
    let eta = plain(15, 4, 2_000);
    let delivered = after(342 + 4);
    assert_eq!((eta.odds.p10, eta.odds.p50, eta.odds.p90), (delivered, delivered, delivered));
    assert_eq!(
        (eta.remaining.len(), eta.because.as_str()),
        (0, "first estimate: delivered TRIST 4h later than planned")
    );
}

#[test]
fn medians_are_written_into_the_milestones_ahead() {
    let itinerary = itinerary();
    let mut progress = assess_progress(&itinerary, &captured(&reports(6, 0)));
    plain(6, 0, 90).note_into(&mut progress.milestones);
    for milestone in &progress.milestones {
        assert_eq!(milestone.estimated.is_some(), milestone.actual.is_none(), "{milestone:?}");
    }
}

/// Journeys whose truth is drawn from the same figures, estimated at several moments: eight in ten must end within the
/// interval, whatever is known by then.
#[test]
fn eight_in_ten_journeys_end_within_the_interval() {
    let itinerary = itinerary();
    let planned = kervan_events::plan_milestones(&itinerary);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(99);
    let (mut within, mut below, mut whole) = (0, 0, 0);
    for journey in 0..150 {
        let truth = draw_truth(&mut random);
        let end = truth.last().unwrap().1;
        for part in [5, 30, 55, 80] {
            let now = instant(crate::fixture::START)
                + SignedDuration::from_secs((end.as_second() - after(0).as_second()) * part / 100);
            let known = truth.iter().filter(|(_, at)| *at <= now);
            let reports: Vec<Value> = known
                .map(|(index, at)| report_of(planned[*index].code, &planned[*index].place, *at))
                .collect();
            let progress = assess_progress(&itinerary, &captured(&reports));
            let eta = estimate_arrival(&EtaInputs {
                itinerary: &itinerary,
                progress: &progress,
                holds: &[],
                position: None,
                now,
                seed: journey,
                samples: 200,
                previous: None,
                known: unknown(),
                place_name: &name,
            });
            whole += 1;
            below += usize::from(end < eta.odds.p10);
            within += usize::from((eta.odds.p10..=eta.odds.p90).contains(&end));
        }
    }
    let share = within as f64 / whole as f64;
    let early = below as f64 / whole as f64;
    assert!((0.74..0.86).contains(&share) && (0.06..0.15).contains(&early), "{share} {early}");
}

/// Number and true time of every milestone of a journey.
fn draw_truth(random: &mut Xoshiro256PlusPlus) -> Vec<(usize, Timestamp)> {
    let itinerary = itinerary();
    let planned = kervan_events::plan_milestones(&itinerary);
    let mut clock = after(0);
    let mut truth = vec![(0, clock)];
    let mut index = 1;
    for step in &itinerary.steps {
        match step {
            Step::Stay(stay) => {
                for process in &stay.processes {
                    clock += SignedDuration::from_secs(Pert::from(process.duration).sample(random) as i64);
                    if matches!(planned[index].code, MilestoneCode::Released | MilestoneCode::GaugeChanged) {
                        truth.push((index, clock));
                        index += 1;
                    }
                }
            }
            Step::Leg(leg) => {
                while planned[index].code != MilestoneCode::Arrived {
                    truth.push((index, clock));
                    index += 1;
                }
                clock += SignedDuration::from_secs(Pert::from(leg.running).sample(random) as i64);
                while matches!(planned[index].code, MilestoneCode::Arrived | MilestoneCode::Unloaded) {
                    truth.push((index, clock));
                    index += 1;
                }
            }
        }
    }
    truth.push((index, clock));
    truth
}

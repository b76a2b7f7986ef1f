//! What is known around a consignment moves its estimate, with the reason: closures, queues, missed departures, measurements.

use crate::arrival::{PARAMETERS, unknown};
use crate::fixture::{after, captured, itinerary, reports};
use kervan_codes::PlaceCode;
use kervan_events::assess_progress;
use kervan_tracking::{
    Closed, Closure, ClosureNow, Eta, EtaInputs, FigureKey, Known, Learned, Measure, Missed, Queues,
    estimate_arrival,
};
use kervan_units::{Estimate, Seconds};

fn estimate(count: usize, now: i64, known: Known<'_>, previous: Option<&Eta>) -> Eta {
    let itinerary = itinerary();
    let progress = assess_progress(&itinerary, &captured(&reports(count, 0)));
    estimate_arrival(&EtaInputs {
        itinerary: &itinerary,
        progress: &progress,
        holds: &[],
        position: None,
        now: after(now),
        seed: 5,
        samples: 2_000,
        previous,
        known,
        place_name: &|place: &PlaceCode| place.to_string(),
    })
}

fn later(one: &Eta, other: &Eta) -> f64 {
    (other.odds.p50.as_second() - one.odds.p50.as_second()) as f64 / 3_600.0
}

fn closure(what: Closed, from: i64, until: [i64; 3], lifted: Option<i64>) -> ClosureNow {
    let [least, typical, most] = until.map(after);
    let services = match &what {
        Closed::Service(id) => [id.clone()].into(),
        Closed::Place(_) | Closed::Link(_) => Default::default(),
    };
    ClosureNow {
        closure: Closure {
            id: "closure-1".into(),
            what,
            from: after(from),
            until: Estimate::new(least, typical, most).unwrap(),
            reason: "wind".into(),
            lifted: lifted.map(after),
        },
        services,
        name: "Aktau".into(),
    }
}

#[test]
fn a_closure_on_the_way_keeps_the_goods_and_is_named() {
    // Departed at hour 90 for Aktau, arriving about hour 162; the ferry would leave about hour 225.
    let free = estimate(6, 100, unknown(), None);
    let place: PlaceCode = "KZAAU".parse().unwrap();
    let port = [closure(Closed::Place(place.clone()), 99, [300, 320, 400], None)];
    let shut = estimate(6, 101, Known { closures: &port, ..unknown() }, Some(&free));
    assert!(later(&free, &shut) > 80.0, "{}", shut.because);
    assert!(
        shut.because.starts_with("Aktau closed until about 2026-12-14 16:00Z: wind; expected"),
        "{}",
        shut.because
    );
    let lifted = [closure(Closed::Place(place), 99, [300, 320, 400], Some(110))];
    let open = estimate(6, 111, Known { closures: &lifted, ..unknown() }, Some(&shut));
    assert!(later(&free, &open).abs() < 6.0);
    assert!(open.because.contains("no longer: Aktau closed"), "{}", open.because);
    let elsewhere = [closure(Closed::Service("S999".parse().unwrap()), 99, [300, 320, 400], None)];
    let same = estimate(6, 100, Known { closures: &elsewhere, ..unknown() }, None);
    assert_eq!(same.odds, free.odds);
    // Over before the goods come there: nothing changes.
    let early = [closure(Closed::Service("S003".parse().unwrap()), 99, [110, 120, 130], None)];
    assert_eq!(estimate(6, 100, Known { closures: &early, ..unknown() }, None).odds, free.odds);
}

fn measures(book: &mut Learned, key: &str, count: i64, hours: u64) {
    let published = vec![Estimate::new(24, 48, 168).unwrap().map(Seconds::from_hours)];
    for number in 0..count {
        let measure = Measure {
            key: key.parse().unwrap(),
            instance: number.to_string(),
            at: after(-24 * 30 + number * 12),
            seconds: Seconds::from_hours(hours),
            published: published.clone(),
        };
        book.take(&measure, &PARAMETERS.learning);
    }
}

const QUAY: &str = "stay:KZAAU:transfer:S003";

#[test]
fn measurements_move_it_and_are_counted() {
    let published = estimate(6, 100, unknown(), None);
    let mut book = Learned::default();
    measures(&mut book, QUAY, 40, 120);
    let learned = estimate(6, 100, Known { learned: &book, ..unknown() }, Some(&published));
    assert!((35.0..75.0).contains(&later(&published, &learned)), "{}", later(&published, &learned));
    assert_eq!((published.basis.measured, learned.basis.measured), (0, 40));
    assert!(learned.because.starts_with("40 measured legs and dwells instead of 0; "), "{}", learned.because);
}

#[test]
fn a_queue_that_is_longer_than_usual_lengthens_the_stay() {
    let mut book = Learned::default();
    // Two a day, each there for two days: four are usual.
    measures(&mut book, QUAY, 40, 48);
    let key: FigureKey = QUAY.parse().unwrap();
    let queues = |count: usize| Queues::count(vec![&key; count], &book, &PARAMETERS, after(165));
    // Goods that arrived at Aktau at hour 162.
    let estimate_with = |count| {
        let queues = queues(count);
        estimate(7, 165, Known { learned: &book, queues: &queues, ..unknown() }, None)
    };
    let (usual, long) = (estimate_with(3), estimate_with(20));
    assert!(later(&usual, &long) > 10.0, "{}", later(&usual, &long));
    assert!(long.because.contains("a queue at KZAAU: stays there take about"), "{}", long.because);
    assert!(!usual.because.contains("queue"), "{}", usual.because);
    let little = Queues::count(vec![&key; 50], &Learned::default(), &PARAMETERS, after(165));
    assert_eq!(little, Queues::default(), "nothing was measured, so nothing is usual");
}

#[test]
fn a_missed_departure_leaves_the_next_one() {
    let free = estimate(7, 190, unknown(), None);
    let missed = Missed {
        service: "S003".parse().unwrap(),
        name: "the ferry".into(),
        at: after(189),
        every: Some(Seconds::from_hours(96)),
    };
    let eta = estimate(7, 190, Known { missed: Some(&missed), ..unknown() }, Some(&free));
    assert!(later(&free, &eta) > 10.0, "{}", later(&free, &eta));
    assert!(eta.because.starts_with("missed the departure of the ferry at "), "{}", eta.because);
}

#[test]
fn the_band_holds_the_odds() {
    let eta = estimate(3, 80, unknown(), None);
    let band = eta.band.unwrap();
    assert!(band.quantiles().is_sorted() && band.p2_5 < band.p10 && band.p90 < band.p97_5);
    assert_eq!(band.odds(), eta.odds);
}

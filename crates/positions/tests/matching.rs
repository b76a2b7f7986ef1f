//! Positions drawn along a course come back to it.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::Timestamp;
use kervan_events::course::{nearest_on_course, position_on_course};
use kervan_model::LinkId;
use kervan_network::{Link, Network};
use kervan_positions::route::{PlannedWay, assess_deviation, assess_route};
use kervan_positions::{Figures, Fix, Matcher, Observation};
use kervan_units::GeoPoint;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static GROUND: LazyLock<(Network, Figures, Matcher)> = LazyLock::new(|| {
    let find = |path: &str| std::fs::read_to_string(format!("../../data/{path}")).ok();
    let (network, _) = Network::load(|name| find(&format!("network/{name}"))).unwrap();
    let figures = Figures::load(find).unwrap();
    let matcher = Matcher::new(&network, &figures);
    (network, figures, matcher)
});

fn instant(minute: i64) -> Timestamp {
    Timestamp::from_second(1_796_000_000 + minute * 60).unwrap()
}

/// A ride along a whole link, with the noise of a device. `noise` are metres north and east.
fn ride(link: &Link, noise: &[(f64, f64)]) -> Vec<Fix> {
    let last = (noise.len() - 1).max(1) as f64;
    let moved = noise.iter().enumerate().map(|(step, (north, east))| {
        let point = position_on_course(&link.course, step as f64 / last).unwrap();
        let lon = east / 111_195.0 / point.lat().to_radians().cos();
        let point = GeoPoint::from_degrees(point.lat() + north / 111_195.0, point.lon() + lon).unwrap();
        Fix { at: instant(step as i64 * 30), point }
    });
    moved.collect()
}

/// Whether a point of one link is on the other as well: lines share stations and more.
fn is_shared(one: &Link, other: &Link, point: GeoPoint, within_m: f64) -> bool {
    let off = |link: &Link| nearest_on_course(&link.course, point).unwrap().off_m;
    one.mode == other.mode && (off(one) - off(other)).abs() <= within_m
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The noise is up to 400 m to each side; a position in ten may fall to a line that runs beside it.
    #[test]
    fn positions_along_a_link_come_back_to_it(
        number in 0_usize..1_000,
        noise in prop::collection::vec((-400.0_f64..400.0, -400.0_f64..400.0), 30..60),
    ) {
        let (network, figures, matcher) = &*GROUND;
        let links: Vec<_> = network.list_links().collect();
        let link = links[number % links.len()];
        let fixes = ride(link, &noise);
        let matched = matcher.match_track(&fixes, &BTreeSet::new());
        prop_assert_eq!(matched.len(), fixes.len());
        let last = (fixes.len() - 1) as f64;
        let mut right = 0;
        for (step, (found, fix)) in matched.iter().zip(&fixes).enumerate() {
            let found = found.as_ref().unwrap();
            let other = network.find_link(&found.link).unwrap();
            // What cannot be told apart: another course that is not a sigma farther off; 566 m is the longest of the noise.
            let sigma = f64::from(figures.find_motion(other.mode).unwrap().sigma_m);
            let off = nearest_on_course(&other.course, fix.point).unwrap().off_m;
            prop_assert!(off < sigma + 600.0, "{} {found:?}", link.id);
            let same = found.link == link.id;
            let tolerance = (1_500.0 / link.course_length_m()).max(0.002);
            // A line can come back near itself: then the noise may put a position nearer to its other stretch.
            let elsewhere = found.off_m < noise[step].0.hypot(noise[step].1);
            if same && !elsewhere {
                prop_assert!((found.share - step as f64 / last).abs() < tolerance.max(0.02), "{} {step} {found:?}", link.id);
            }
            right += usize::from(same || is_shared(link, other, fix.point, sigma.min(4_000.0)));
        }
        prop_assert!(right * 10 >= fixes.len() * 9, "{}: {right} of {}", link.id, fixes.len());
    }

    #[test]
    fn the_same_positions_give_the_same_answer(points in prop::collection::vec((35.0_f64..45.0, 40.0_f64..80.0), 1..30)) {
        let matcher = &GROUND.2;
        let fixes: Vec<_> = points
            .iter()
            .enumerate()
            .map(|(step, (lat, lon))| Fix { at: instant(step as i64), point: GeoPoint::from_degrees(*lat, *lon).unwrap() })
            .collect();
        let once = matcher.match_track(&fixes, &BTreeSet::new());
        prop_assert_eq!(&once, &matcher.match_track(&fixes, &BTreeSet::new()));
        // What is near by brute force is near by the grid.
        for fix in &fixes {
            let near: BTreeSet<_> = matcher.links_near(fix.point).into_iter().map(|on| on.link).collect();
            for link in GROUND.0.list_links().filter(|link| !link.id.as_str().ends_with('R')) {
                let off_m = nearest_on_course(&link.course, fix.point).unwrap().off_m;
                let reach = f64::from(GROUND.1.find_motion(link.mode).unwrap().reach_m);
                if off_m < reach * 0.97 && near.len() < 12 {
                    prop_assert!(near.contains(&link.id), "{} {off_m}", link.id);
                }
            }
        }
    }
}

#[test]
fn nothing_is_near_in_the_middle_of_nowhere() {
    let fixes = [Fix { at: instant(0), point: GeoPoint::from_degrees(-60.0, -120.0).unwrap() }];
    assert_eq!(GROUND.2.match_track(&fixes, &BTreeSet::new()), [None]);
    assert!(GROUND.2.match_track(&[], &BTreeSet::new()).is_empty());
}

fn still(link: &LinkId) -> Vec<Fix> {
    ride(GROUND.0.find_link(link).unwrap(), &[(0.0, 0.0); 40])
}

#[test]
fn the_way_of_the_plan_makes_no_observation_and_another_does() {
    let (network, figures, matcher) = &*GROUND;
    let id = |text: &str| text.parse::<LinkId>().unwrap();
    // From Xi'an: to Khorgos by L001, to Alashankou by L003.
    let plan = PlannedWay::along(&[id("L001")], network);
    for (taken, instead) in [("L001", None), ("L003", Some("L001"))] {
        let fixes = still(&id(taken));
        let matched = matcher.match_track(&fixes, &plan.links());
        let found = assess_route(&fixes, &matched, &plan, network, matcher);
        match instead {
            None => {
                assert!(found.is_empty(), "{found:?}");
                assert!(assess_deviation(&fixes, &plan, figures).is_empty());
            }
            Some(planned) => {
                let Some(Observation::RouteNotTaken {
                    planned: Some(found_planned), taken: found_taken, ..
                }) = found.first()
                else {
                    panic!("{found:?}")
                };
                assert_eq!((found_planned, found_taken), (&id(planned), &id(taken)));
            }
        }
    }
}

#[test]
fn a_deviation_has_its_duration_and_its_farthest_point() {
    let (network, figures, _) = &*GROUND;
    let id: LinkId = "L001".parse().unwrap();
    let link = network.find_link(&id).unwrap();
    let noise: Vec<_> =
        (0..40).map(|step| if (10..20).contains(&step) { (60_000.0, 0.0) } else { (0.0, 0.0) }).collect();
    let fixes = ride(link, &noise);
    let found = assess_deviation(&fixes, &PlannedWay::along(&[id], network), figures);
    let [Observation::Deviated(deviation)] = found.as_slice() else { panic!("{found:?}") };
    // Where the line runs north, a position north of it is on it.
    assert!(deviation.since >= fixes[10].at && deviation.since <= fixes[12].at, "{deviation:?}");
    assert_eq!(deviation.until, Some(fixes[20].at));
    assert!(deviation.farthest_m > 30_000 && deviation.farthest_m <= 61_000, "{deviation:?}");
}

//! Lines that come back near themselves: a track is put onto the stretch on which it is, not onto the nearest one.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::Timestamp;
use kervan_events::course::position_on_course;
use kervan_model::LinkId;
use kervan_network::{Link, Network};
use kervan_positions::{Figures, Fix, Matcher};
use kervan_units::GeoPoint;
use rand_xoshiro::Xoshiro256StarStar;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;
use std::fmt::Write;

const METRES_PER_DEGREE: f64 = 111_195.0;

fn find(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("../../data/{path}")).ok()
}

/// The network with another course for one link: a comb of stretches 40 km long and `apart_m` apart, as a line that climbs.
fn with_comb(link: &str, apart_m: f64) -> Network {
    let load = |name: &str| {
        let text = find(&format!("network/{name}"))?;
        if !name.starts_with("courses") {
            return Some(text);
        }
        let others = text.lines().filter(|line| !line.starts_with(&format!("{link},")));
        let mut text: String = others.flat_map(|line| [line, "\n"]).collect();
        if name == "courses.csv" {
            comb(apart_m).iter().enumerate().for_each(|(at, (lat, lon))| {
                writeln!(text, "{link},{},{lat:.5},{lon:.5}", at + 1).unwrap();
            });
        }
        Some(text)
    };
    Network::load(load).unwrap().0
}

/// The ends of the link that is given the comb, and the comb between them.
fn comb(apart_m: f64) -> Vec<(f64, f64)> {
    let (lat, lon) = (44.5, 84.0);
    let mut points = vec![(34.3, 108.9)];
    for tooth in 0..6 {
        let lat = lat - f64::from(tooth) * apart_m / METRES_PER_DEGREE;
        let ends = [lon + 0.5, lon];
        let ends = if tooth % 2 == 0 { ends } else { [ends[1], ends[0]] };
        points.extend(ends.map(|lon| (lat, lon)));
    }
    points.push((44.2, 80.4));
    points
}

fn noisy(draws: &mut Xoshiro256StarStar, point: GeoPoint, sigma_m: f64) -> GeoPoint {
    let mut uniform = || (draws.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let (radius, angle) =
        ((-2.0 * (1.0 - uniform()).ln()).sqrt() * sigma_m, uniform() * std::f64::consts::TAU);
    let lon = radius * angle.cos() / METRES_PER_DEGREE / point.lat().to_radians().cos();
    GeoPoint::from_degrees(point.lat() + radius * angle.sin() / METRES_PER_DEGREE, point.lon() + lon).unwrap()
}

/// What became of positions drawn along links.
#[derive(Debug, Default)]
struct Count {
    positions: usize,
    /// More than ten kilometres along the line from where they were, although on the right line.
    misplaced: usize,
    /// In the wrong direction.
    backwards: usize,
}

/// Rides along a link there and back, with a position every `step_m`.
fn ride(
    link: &Link,
    matcher: &Matcher,
    draws: &mut Xoshiro256StarStar,
    (step_m, sigma_m): (f64, f64),
    count: &mut Count,
) {
    let length_m = link.course_length_m();
    let steps = (length_m / step_m).ceil().max(2.0) as usize;
    let there = (0..=steps).map(|step| step as f64 / steps as f64);
    let shares: Vec<f64> = there.clone().chain(there.rev()).collect();
    let fixes: Vec<Fix> = shares
        .iter()
        .enumerate()
        .map(|(at, share)| {
            let point = noisy(draws, position_on_course(&link.course, *share).unwrap(), sigma_m);
            Fix { at: Timestamp::from_second(1_796_000_000 + at as i64 * 600).unwrap(), point }
        })
        .collect();
    let matched = matcher.match_track(&fixes, &BTreeSet::new());
    let back: LinkId = format!("{}R", link.id.as_str()).parse().unwrap();
    for (at, (found, share)) in matched.iter().zip(&shares).enumerate() {
        count.positions += 1;
        let Some(found) = found else { continue };
        let (is_forth, is_back) = (found.link == link.id, found.link == back);
        if !is_forth && !is_back {
            continue;
        }
        let along = if is_back { 1.0 - found.share } else { found.share };
        count.misplaced += usize::from((along - share).abs() * length_m > 10_000.0);
        // Near its turn a track has no direction that could be told.
        let turn_m = (shares.len() / 2).abs_diff(at) as f64 * step_m;
        count.backwards += usize::from(turn_m > 20_000.0 && is_back != (at > shares.len() / 2));
    }
}

#[test]
fn a_track_on_a_line_that_climbs_in_hairpins_is_on_the_stretch_where_it_is() {
    let figures = Figures::load(find).unwrap();
    for (apart_m, sigma_m) in [(2_000.0, 300.0), (2_000.0, 1_000.0), (4_000.0, 1_500.0)] {
        let network = with_comb("L001", apart_m);
        let matcher = Matcher::new(&network, &figures);
        let link = network.find_link(&"L001".parse().unwrap()).unwrap();
        let (mut draws, mut count) = (Xoshiro256StarStar::seed_from_u64(7), Count::default());
        ride(link, &matcher, &mut draws, (5_000.0, sigma_m), &mut count);
        // With one foot for each line, 0, 26 and 19 of some 1,190 were on another stretch, and half of all in the wrong direction.
        assert!(
            count.positions > 1_000 && count.misplaced == 0 && count.backwards == 0,
            "{apart_m} {sigma_m} {count:?}"
        );
    }
}

#[test]
fn tracks_along_every_link_and_back_are_where_they_were() {
    let (network, _) = Network::load(|name| find(&format!("network/{name}"))).unwrap();
    let figures = Figures::load(find).unwrap();
    let matcher = Matcher::new(&network, &figures);
    for sigma_m in [300.0, 1_500.0] {
        let (mut draws, mut count) = (Xoshiro256StarStar::seed_from_u64(11), Count::default());
        for link in network.list_links().filter(|link| !link.id.as_str().ends_with('R')) {
            ride(link, &matcher, &mut draws, (5_000.0, sigma_m), &mut count);
        }
        assert!(count.positions > 90_000 && count.backwards == 0, "{sigma_m} {count:?}");
        assert!(count.misplaced * 10_000 <= count.positions, "{sigma_m} {count:?}");
    }
}

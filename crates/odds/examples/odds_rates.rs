//! How long odds take: one JSON row per line on standard output, words on standard error.
//!
//! `cargo xtask bench odds`
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "an example measures time and prints; what cannot be built ends it"
)]

use kervan_odds::{
    Departures, Grid, Hours, Luck, Node, Onward, Part, Question, Spread, Way, find_policy, play, solve,
};
use kervan_units::{Estimate, Seconds};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

/// Milliseconds that 10,000 samples of a way with six connections may take.
const BAR_PLAY_MS: f64 = 50.0;

/// Times that each case is measured.
const TIMES: usize = 40;

fn main() {
    eprintln!(
        "10,000 samples of a way, its odds on a grid, and policies; milliseconds, the median and the 99 % quantile"
    );
    for connections in [2, 6, 12] {
        let way = way(connections);
        let bar = (connections == 6).then_some(BAR_PLAY_MS);
        // A new luck each time: nothing that was drawn before is used again.
        measure("play_10000", connections, bar, || {
            black_box(play(&way, &mut Luck::new(7, 10_000)).course.mean())
        });
    }
    for samples in [1_000, 100_000] {
        let way = way(6);
        measure("play_six_connections", samples as usize, None, || {
            black_box(play(&way, &mut Luck::new(7, samples)).course.mean())
        });
    }
    for connections in [2, 6, 12] {
        let way = way(connections);
        measure("solve", connections, None, || black_box(solve(&way, Grid::for_way(&way)).mean));
    }
    for places in [10, 40, 160] {
        let question = question(places);
        measure("policy_60_days", places * 3, None, || {
            find_policy(question.clone()).unwrap().expected(0, Seconds::ZERO).unwrap()
        });
    }
}

fn hours(min: u64, typ: u64, max: u64) -> Spread {
    let points = [min, typ, max].map(Seconds::from_hours);
    Spread::Pert(Estimate::new(points[0], points[1], points[2]).unwrap())
}

fn weekly(first: u64) -> Departures {
    let sailings = (0..18).map(|week| (first + 168 * week) * 3_600).collect();
    Departures::timetable(sailings, Seconds::from_hours(6), Seconds::from_hours(168))
}

fn departures(number: usize) -> Departures {
    match number % 3 {
        0 => weekly(40 + 3 * number as u64),
        1 => Departures::headway(Seconds::from_hours(24)),
        _ => Departures::when_full(&hours(2, 24, 96)),
    }
}

/// A stay, a departure and a ride for each connection.
fn way(connections: usize) -> Way {
    let part = |number: usize| {
        let figure = 3 * number as u64;
        [
            Part::pass(figure, &hours(4, 12, 48)),
            Part::board(figure + 1, departures(number)),
            Part::pass(figure + 2, &hours(20, 30, 60)),
        ]
    };
    Way::new((0..connections).flat_map(part).collect())
}

/// Places in a row with three options each: to the next one by two services, and past it by a third.
fn question(places: usize) -> Question {
    let curve = |min, typ, max| Arc::new(hours(min, typ, max).curve());
    let node = |place: usize| {
        let onward = |kind: usize| Onward {
            opens: Hours::default(),
            stay: curve(2, 6, 24),
            departures: departures(place + kind),
            ride: if kind == 2 { curve(30, 40, 90) } else { curve(10, 20, 40) },
            to: (place + 1 + usize::from(kind == 2)).min(places),
            toll: 0.0,
        };
        Node { onward: (0..3).map(onward).collect(), planned: None }
    };
    let nodes = (0..places).map(node).chain([Node::default()]).collect();
    let (grid, horizon) = (Grid::new(Seconds::from_hours(3)), Seconds::from_hours(60 * 24));
    Question { nodes, may_turn: true, turning: 0.0, grid, horizon }
}

fn measure(case: &str, size: usize, bar: Option<f64>, run: impl Fn() -> f64) {
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (median, late) = (times[TIMES / 2], times[TIMES * 99 / 100]);
    for (name, value) in [(case.to_owned(), median), (format!("{case}_p99"), late)] {
        let met = bar.map_or("null".to_owned(), |bar| (value <= bar).to_string());
        let better = bar.map_or("null", |_| "\"lower\"");
        let bar = bar.map_or("null".to_owned(), |bar| bar.to_string());
        println!(
            r#"{{"case":"{name}","size":{size},"unit":"ms","value":{value:.4},"bar":{bar},"better":{better},"met":{met}}}"#
        );
    }
}

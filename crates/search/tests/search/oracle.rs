//! The search against `vulture`, a RAPTOR by others, on what both know: arrival, a fare per ride, the number of rides.

use crate::random::Dice;
use kervan_search::{
    Criteria, Departure, End, Line, LineStop, Network, Parts, Query, Runs, Stay, Stop, When, find_front,
};
use vulture::labels::{ArrivalAndFare, FareTable};
use vulture::manual::SimpleTimetable;
use vulture::{SecondOfDay, Timetable};

const RIDES: u8 = 8;

/// A line: its stops with the times at which it arrives and departs, its starts, its fare.
type CaseLine = (Vec<(u32, u32, u32)>, Vec<u32>, u32);

/// A random timetable.
struct Case {
    stops: u32,
    lines: Vec<CaseLine>,
}

fn case(dice: &mut Dice) -> Case {
    let stops = 4 + dice.below(12);
    let lines = (0..4 + dice.below(16)).map(|_| {
        let mut clock = 0;
        let mut sequence: Vec<(u32, u32, u32)> = Vec::new();
        for _ in 0..2 + dice.below(4) {
            let stop = dice.below(stops);
            if sequence.iter().any(|(other, ..)| *other == stop) {
                continue;
            }
            let arrives = clock;
            clock += if sequence.is_empty() { 0 } else { dice.below(5) };
            sequence.push((stop, arrives, clock));
            clock += 1 + dice.below(20);
        }
        let mut starts: Vec<u32> = (0..1 + dice.below(6)).map(|_| dice.below(120)).collect();
        starts.sort_unstable();
        starts.dedup();
        (sequence, starts, dice.below(12))
    });
    Case { stops, lines: lines.filter(|(sequence, ..)| sequence.len() > 1).collect() }
}

fn ours(case: &Case) -> Network {
    let stop = Stop { stay: Some(Stay::default()), ..Stop::default() };
    let lines = case.lines.iter().map(|(sequence, starts, fare)| Line {
        stops: sequence
            .iter()
            .map(|(stop, arrives, departs)| LineStop {
                boarding: [*fare, 0, 0, 0, 0],
                ..LineStop::at(*stop, *arrives, *departs)
            })
            .collect(),
        segments: vec![kervan_search::WEIGHTLESS; sequence.len() - 1],
        runs: Runs::Timetable(starts.iter().map(|start| Departure::at(*start)).collect()),
    });
    Network::new(Parts {
        stops: vec![stop; case.stops as usize],
        lines: lines.collect(),
        changes: Vec::new(),
    })
    .unwrap()
}

fn theirs(case: &Case) -> (SimpleTimetable, FareTable) {
    let mut timetable = SimpleTimetable::new();
    for stop in 0..case.stops {
        timetable = timetable.register_stop(stop);
    }
    let mut fares = Vec::new();
    for (number, (sequence, starts, fare)) in case.lines.iter().enumerate() {
        let stops: Vec<u32> = sequence.iter().map(|(stop, ..)| *stop).collect();
        let times: Vec<Vec<(SecondOfDay, SecondOfDay)>> = starts
            .iter()
            .map(|start| {
                let at = |(_, arrives, departs): &(u32, u32, u32)| {
                    (SecondOfDay(start + arrives), SecondOfDay(start + departs))
                };
                sequence.iter().map(at).collect()
            })
            .collect();
        let trips: Vec<(u32, &[(SecondOfDay, SecondOfDay)])> = times
            .iter()
            .enumerate()
            .map(|(trip, times)| (number as u32 * 1_000 + trip as u32, times.as_slice()))
            .collect();
        timetable = timetable.route(number as u32, &stops, &trips);
        fares.push((timetable.route_idx_of(&(number as u32)), *fare));
    }
    (timetable, fares.into_iter().collect())
}

fn unbeaten(mut all: Vec<[u32; 3]>) -> Vec<[u32; 3]> {
    all.sort_unstable();
    all.dedup();
    let no_worse = |one: &[u32; 3], other: &[u32; 3]| one.iter().zip(other).all(|(a, b)| a <= b);
    let beaten = |one: &[u32; 3]| all.iter().any(|other| other != one && no_worse(other, one));
    all.iter().filter(|one| !beaten(one)).copied().collect()
}

#[test]
fn fronts_equal_another_engine() {
    let mut dice = Dice::new(24);
    let mut with_choice = 0;
    for number in 0..1_500 {
        let case = case(&mut dice);
        let begin = dice.below(30);
        let (timetable, fares) = theirs(&case);
        let journeys = timetable
            .query_with_label::<ArrivalAndFare>()
            .with_context(fares)
            .from(timetable.stop_idx_of(&0))
            .to(timetable.stop_idx_of(&1))
            .max_transfers(RIDES)
            .depart_at(SecondOfDay(begin))
            .run();
        let expected = unbeaten(
            journeys.iter().map(|way| [way.label.arrival.0, way.label.fare, way.plan.len() as u32]).collect(),
        );
        let network = ours(&case);
        let mut query = Query::new(End::at(0), End::at(1), When::DepartAfter(begin), 10_000);
        query.criteria = Criteria { legs: true, ..Criteria::TIME_AND_COST };
        query.most_legs = Some(u32::from(RIDES));
        let front = find_front(&network, &query).unwrap();
        let found = front.journeys.iter().map(|way| [way.arrives, way.weights[0], way.legs.len() as u32]);
        assert_eq!(unbeaten(found.collect()), expected, "case {number}");
        with_choice += usize::from(expected.len() > 1);
    }
    assert!(with_choice > 300, "{with_choice}");
}

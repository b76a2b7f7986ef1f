//! Thousands of random small networks: the front is the one that trying everything gives.

use crate::brute::{Brute, Way, compared, unbeaten};
use crate::random::{Dice, Kind, network, stay};
use kervan_search::{Avoid, Criteria, End, Journey, Query, When, find_front, list_fronts};

fn end(dice: &mut Dice, kind: Kind, stop: u32, lines: u32) -> End {
    if dice.one_in(2) {
        return End::at(stop);
    }
    let own = (!dice.one_in(6)).then(|| stay(dice, kind));
    let by_line = (0..dice.below(3)).map(|_| {
        let other = (!dice.one_in(3)).then(|| stay(dice, kind));
        (dice.below(lines), other)
    });
    let by_line = by_line.collect();
    End { stop, stay: own, by_line }
}

fn query(dice: &mut Dice, kind: Kind, stops: u32, lines: u32) -> Query {
    let when =
        if dice.one_in(3) { When::ArriveBy(75 + dice.below(25)) } else { When::DepartAfter(dice.below(20)) };
    let mut query =
        Query::new(end(dice, kind, 0, lines), end(dice, kind, 1, lines), when, 50 + dice.below(40));
    if dice.one_in(6) {
        query.from.push(end(dice, kind, 2, lines));
    }
    if stops > 3 && dice.one_in(6) {
        query.to.push(end(dice, kind, 3, lines));
    }
    let mut on = || dice.one_in(2);
    query.criteria = Criteria {
        time: on() || on(),
        weights: [on() || on(), on(), on(), on(), on() && on()],
        legs: on() && on(),
    };
    query.most_legs = dice.one_in(4).then(|| 2 + dice.below(4));
    query.demand = dice.below(4);
    for _ in 0..if dice.one_in(6) { 1 + dice.below(2) } else { 0 } {
        query.required.push(dice.below(stops));
    }
    if dice.one_in(7) {
        query.avoid = Avoid {
            lines: vec![dice.below(lines)],
            stops: if stops > 4 { vec![4] } else { vec![] },
            changes_at: vec![dice.below(stops)],
        };
    }
    query
}

fn as_way(journey: &Journey) -> Way {
    Way {
        departs: journey.departs,
        arrives: journey.arrives,
        weights: journey.weights.map(u64::from),
        rides: journey.legs.iter().map(|leg| (leg.line, leg.boards, leg.alights, leg.departs)).collect(),
    }
}

#[test]
fn fronts_equal_brute_force() {
    let mut dice = Dice::new(20_261_122);
    let (mut with_choice, mut without_way, mut back_with_choice) = (0, 0, 0);
    for case in 0..6_000 {
        let kind = Kind::of(&mut dice);
        let network = network(&mut dice, kind);
        let parts = network.parts();
        let query = query(&mut dice, kind, parts.stops.len() as u32, parts.lines.len() as u32);
        let every = Brute::new(parts, &query).run();
        let front = find_front(&network, &query).unwrap();
        let ways: Vec<Way> = front.journeys.iter().map(as_way).collect();
        let mut found: Vec<Vec<u64>> = ways.iter().map(|way| compared(&query, way)).collect();
        found.sort();
        let expected = unbeaten(&query, &every);
        assert_eq!(found, expected, "case {case}: {kind:?} {query:#?} {parts:#?}");
        for way in &ways {
            assert!(every.contains(way), "case {case}: {way:?} is no way; {query:#?} {parts:#?}");
        }
        with_choice += usize::from(expected.len() > 1);
        back_with_choice += usize::from(expected.len() > 1 && matches!(query.when, When::ArriveBy(_)));
        without_way += usize::from(expected.is_empty());
    }
    assert!(
        with_choice > 1_200 && back_with_choice > 300 && without_way > 200,
        "{with_choice} with a choice, {back_with_choice} of them back, {without_way} without a way"
    );
}

#[test]
fn a_shorter_list_covers_every_way() {
    let mut dice = Dice::new(7);
    let mut shorter = 0;
    for case in 0..2_000 {
        let kind = Kind { spread: 400, ..Kind::of(&mut dice) };
        let network = network(&mut dice, kind);
        let parts = network.parts();
        let mut query = query(&mut dice, kind, parts.stops.len() as u32, parts.lines.len() as u32);
        let exact = unbeaten(&query, &Brute::new(parts, &query).run());
        query.epsilon = [1, 10, 50, 300][dice.below(4) as usize];
        let front = find_front(&network, &query).unwrap();
        let found: Vec<Vec<u64>> = front.journeys.iter().map(|way| compared(&query, &as_way(way))).collect();
        let within = |one: &u64, exact: &u64| one * 1_000 <= exact * u64::from(1_000 + query.epsilon);
        for point in &exact {
            let covered =
                found.iter().any(|one| one.iter().zip(point).all(|(one, exact)| within(one, exact)));
            assert!(covered, "case {case}: {point:?} is not covered by {found:?}; {query:#?}");
        }
        assert!(found.len() <= exact.len());
        shorter += usize::from(found.len() < exact.len());
    }
    assert!(shorter > 100, "{shorter} shorter");
}

#[test]
fn fronts_of_many_destinations_are_the_fronts_of_each() {
    let mut dice = Dice::new(99);
    let mut several = 0;
    for case in 0..1_500 {
        let kind = Kind::of(&mut dice);
        let network = network(&mut dice, kind);
        let parts = network.parts();
        let mut query = query(&mut dice, kind, parts.stops.len() as u32, parts.lines.len() as u32);
        query.to = (1..parts.stops.len() as u32).map(End::at).collect();
        query.from.truncate(1);
        if let When::ArriveBy(instant) = query.when {
            query.when = When::DepartAfter(instant - 75);
        }
        let fronts = list_fronts(&network, &query).unwrap();
        assert_eq!(fronts.len(), query.to.len());
        for (end, front) in query.to.iter().zip(&fronts) {
            let alone = Query { to: vec![end.clone()], ..query.clone() };
            let expected = unbeaten(&alone, &Brute::new(parts, &alone).run());
            let mut found: Vec<Vec<u64>> =
                front.journeys.iter().map(|way| compared(&query, &as_way(way))).collect();
            found.sort();
            assert_eq!(found, expected, "case {case} to {}: {query:#?} {parts:#?}", end.stop);
        }
        several += usize::from(fronts.iter().filter(|front| !front.journeys.is_empty()).count() > 1);
    }
    assert!(several > 300, "{several}");
}

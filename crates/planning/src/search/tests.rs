//! The search against every simple path there is.

use super::{Graph, PlaceSet, Revisits, Ride, Search, Way, Weight, find_front, visits_once};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random whole numbers for building cases.
struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    fn below(&mut self, sides: u64) -> u64 {
        self.0.next_u64() % sides
    }

    /// Small numbers, so that ties and zeros are frequent; now and then a large one.
    fn weight(&mut self, spread: u64) -> Weight {
        let unknown = u64::from(self.below(9) == 0);
        let mut part = || if self.below(8) == 0 { self.below(40 * spread) } else { self.below(spread) };
        Weight { seconds: part(), cents: part(), grams: part(), unknown }
    }

    /// A graph from place 0 to place 1, with parallel rides and stays that depend on both rides.
    fn graph(&mut self) -> Graph {
        let places = 3 + self.below(5) as usize;
        let spread = [1, 3, 12, 1_000][self.below(4) as usize];
        let mut graph = Graph { places, ..Graph::default() };
        for _ in 0..(places as u64 + self.below(3 * places as u64)) {
            let (from, to) = (self.below(places as u64) as usize, self.below(places as u64) as usize);
            if from != to {
                graph.rides.push(Ride { from, to });
            }
        }
        for (ride, Ride { from, to }) in graph.rides.iter().enumerate() {
            if *from == 0 {
                graph.starts.push((ride, self.weight(spread)));
            }
            graph.ends.push((*to == 1).then(|| self.weight(spread)));
            let next = graph.rides.iter().enumerate().filter(|(_, next)| next.from == *to);
            // Some changes are not possible at all.
            let next: Vec<usize> = next.map(|(index, _)| index).collect();
            let next = next.into_iter().filter(|_| self.below(10) > 0).collect::<Vec<_>>();
            graph.follows.push(next.into_iter().map(|index| (index, self.weight(spread))).collect());
        }
        graph
    }
}

/// Every chain of rides that visits no place twice and ends at the destination.
fn every_simple_way(graph: &Graph) -> Vec<Way> {
    fn extend(graph: &Graph, way: &Way, visited: &PlaceSet, found: &mut Vec<Way>) {
        let last = way.rides[way.rides.len() - 1];
        if let Some(end) = graph.ends[last] {
            found.push(Way { weight: way.weight.plus(end), rides: way.rides.clone() });
            return;
        }
        for (next, weight) in &graph.follows[last] {
            let mut visited = visited.clone();
            if visited.insert(graph.rides[*next].to) {
                let mut rides = way.rides.clone();
                rides.push(*next);
                extend(graph, &Way { weight: way.weight.plus(*weight), rides }, &visited, found);
            }
        }
    }
    let mut found = Vec::new();
    for (ride, weight) in &graph.starts {
        let mut visited = PlaceSet::new(graph.places);
        visited.insert(graph.rides[*ride].from);
        visited.insert(graph.rides[*ride].to);
        extend(graph, &Way { weight: *weight, rides: vec![*ride] }, &visited, &mut found);
    }
    found
}

fn unbeaten_weights(ways: &[Way]) -> Vec<Weight> {
    let mut front: Vec<Weight> = ways
        .iter()
        .map(|way| way.weight)
        .filter(|weight| !ways.iter().any(|other| other.weight.beats(*weight)))
        .collect();
    front.sort();
    front.dedup();
    front
}

/// What the rides of a way take, added up anew.
fn weigh(graph: &Graph, way: &Way) -> Option<Weight> {
    let first = way.rides.first()?;
    let mut weight = graph.starts.iter().find(|(ride, _)| ride == first)?.1;
    for pair in way.rides.windows(2) {
        weight = weight.plus(graph.follows[pair[0]].iter().find(|(next, _)| *next == pair[1])?.1);
    }
    Some(weight.plus(graph.ends[*way.rides.last()?]?))
}

#[test]
fn the_front_equals_brute_force_on_random_graphs() {
    let (mut dice, mut with_walks, mut ways_seen) = (Dice::new(20_261_122), 0, 0);
    for case in 0..6_000 {
        let graph = dice.graph();
        let expected = unbeaten_weights(&every_simple_way(&graph));
        let front = find_front(&graph).unwrap();
        let weights: Vec<Weight> = front.iter().map(|way| way.weight).collect();
        assert_eq!(weights, expected, "case {case}: {graph:?}");
        for way in &front {
            assert!(visits_once(&graph, way), "case {case}: {way:?}");
            assert_eq!(weigh(&graph, way), Some(way.weight), "case {case}: {way:?}");
        }
        let walks = Search::new(&graph, Revisits::Allowed).run().unwrap();
        with_walks += usize::from(!walks.iter().all(|way| visits_once(&graph, way)));
        ways_seen += front.len();
    }
    // The cases must reach both branches, and fronts of more than one way.
    assert!(with_walks > 100, "only {with_walks} cases needed the second search");
    assert!(ways_seen > 6_000, "only {ways_seen} ways in all");
}

#[test]
fn both_searches_agree_where_no_walk_helps() {
    let mut dice = Dice::new(7);
    for case in 0..2_000 {
        let graph = dice.graph();
        let walks = Search::new(&graph, Revisits::Allowed).run().unwrap();
        if walks.iter().all(|way| visits_once(&graph, way)) {
            let simple = Search::new(&graph, Revisits::Forbidden).run().unwrap();
            let weights = |ways: &[Way]| ways.iter().map(|way| way.weight).collect::<Vec<_>>();
            assert_eq!(weights(&walks), weights(&simple), "case {case}");
        }
    }
}

#[test]
fn a_place_is_not_visited_twice_to_avoid_a_dear_change() {
    // Rides 0: A-B, 1: B-C, 2: A-B by another mode is not there; changing at B costs 100, by C and back only 4.
    let ride = |from, to| Ride { from, to };
    let step = |seconds| Weight { seconds, ..Weight::default() };
    let graph = Graph {
        places: 4,
        rides: vec![ride(0, 2), ride(2, 1), ride(2, 3), ride(3, 2)],
        starts: vec![(0, step(1))],
        follows: vec![vec![(1, step(100)), (2, step(1))], vec![], vec![(3, step(1))], vec![(1, step(2))]],
        ends: vec![None, Some(step(0)), None, None],
    };
    let front = find_front(&graph).unwrap();
    assert_eq!(front, vec![Way { weight: step(101), rides: vec![0, 1] }]);
}

//! Graphs without times, against every simple path.

use crate::random::Dice;
use kervan_search::{Arc, Graph, GraphQuery, WEIGHTS, find_paths};

fn extend(arcs: &[Arc], way: &[u32], weights: [u64; WEIGHTS], to: u32, found: &mut Vec<[u64; WEIGHTS]>) {
    let last = way[way.len() - 1];
    if last == to {
        found.push(weights);
        return;
    }
    for arc in arcs.iter().filter(|arc| arc.from == last && !way.contains(&arc.to)) {
        let mut sum = weights;
        sum.iter_mut().zip(arc.weights).for_each(|(sum, part)| *sum += u64::from(part));
        extend(arcs, &[way, &[arc.to]].concat(), sum, to, found);
    }
}

#[test]
fn paths_equal_every_simple_path_and_a_shorter_list_covers_them() {
    let mut dice = Dice::new(3);
    let (mut with_choice, mut shorter) = (0, 0);
    for case in 0..3_000 {
        let nodes = 3 + dice.below(6);
        let spread = [2, 6, 60, 900][dice.below(4) as usize];
        let arcs: Vec<Arc> = (0..nodes + dice.below(3 * nodes))
            .map(|_| {
                let mut weights = [0; WEIGHTS];
                weights.iter_mut().for_each(|part| *part = dice.below(spread));
                Arc { from: dice.below(nodes), to: dice.below(nodes), weights }
            })
            .collect();
        let mut criteria = [true; WEIGHTS];
        criteria.iter_mut().for_each(|on| *on = !dice.one_in(3));
        criteria[dice.below(4) as usize] = true;
        let pick = |weights: &[u64; WEIGHTS]| -> Vec<u64> {
            weights.iter().zip(criteria).filter(|(_, on)| *on).map(|(part, _)| *part).collect()
        };
        let mut all = Vec::new();
        extend(&arcs, &[0], [0; WEIGHTS], 1, &mut all);
        let mut all: Vec<Vec<u64>> = all.iter().map(pick).collect();
        all.sort();
        all.dedup();
        let no_worse = |one: &[u64], other: &[u64]| one.iter().zip(other).all(|(a, b)| a <= b);
        let front: Vec<&Vec<u64>> =
            all.iter().filter(|one| !all.iter().any(|other| other != *one && no_worse(other, one))).collect();
        let graph = Graph::new(nodes as usize, &arcs);
        let query = GraphQuery { from: 0, to: 1, criteria, epsilon: 0, most_labels: 100_000 };
        let found = find_paths(&graph, &query).unwrap().paths;
        let weights: Vec<Vec<u64>> = found.iter().map(|path| pick(&path.weights)).collect();
        assert_eq!(weights.iter().collect::<Vec<_>>(), front, "case {case}");
        for path in &found {
            let joined = path
                .nodes
                .windows(2)
                .all(|pair| arcs.iter().any(|arc| (arc.from, arc.to) == (pair[0], pair[1])));
            assert!(joined && path.nodes.first() == Some(&0) && path.nodes.last() == Some(&1), "case {case}");
        }
        let query = GraphQuery { epsilon: [1, 20, 150, 500][dice.below(4) as usize], ..query };
        let list = find_paths(&graph, &query).unwrap().paths;
        for point in &front {
            let covered = list.iter().any(|path| {
                let within =
                    |(one, exact): (&u64, &u64)| one * 1_000 <= exact * u64::from(1_000 + query.epsilon);
                pick(&path.weights).iter().zip(point.iter()).all(within)
            });
            assert!(covered, "case {case}: {point:?} with epsilon {}", query.epsilon);
        }
        for path in &list {
            assert!(all.contains(&pick(&path.weights)), "case {case}: no path weighs that");
        }
        with_choice += usize::from(front.len() > 1);
        shorter += usize::from(list.len() < front.len());
    }
    assert!(with_choice > 500 && shorter > 60, "{with_choice} with a choice, {shorter} shorter");
}

/// A grid whose weights pull against each other by `strain`: nothing makes the front nearly convex.
fn grid(side: u32, strain: u32, dice: &mut Dice) -> Graph {
    let mut arcs = Vec::new();
    for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
        for (u, v) in [(x + 1, y), (x, y + 1)] {
            if u < side && v < side {
                let quick = dice.below(strain);
                let weights = [40 + quick, 40 + strain - quick, 1 + dice.below(6), dice.below(90), 0];
                let (from, to) = (y * side + x, v * side + u);
                arcs.push(Arc { from, to, weights });
                arcs.push(Arc { from: to, to: from, weights });
            }
        }
    }
    Graph::new((side * side) as usize, &arcs)
}

#[test]
fn shorter_lists_of_grids_cover_every_path_of_the_exact_front() {
    let mut dice = Dice::new(11);
    let (mut exact_paths, mut shown, mut from_labels) = (0, 0, 0);
    for case in 0..60 {
        let side = 4 + case % 7;
        let graph = grid(side, [8, 60, 400][dice.below(3) as usize], &mut dice);
        let fourth = side < 6;
        let criteria = [true, true, case % 4 != 0, fourth, false];
        let query = GraphQuery { from: 0, to: side * side - 1, criteria, epsilon: 0, most_labels: 2_000_000 };
        let exact = find_paths(&graph, &query).unwrap().paths;
        for epsilon in [1, 10, 50] {
            let list = find_paths(&graph, &GraphQuery { epsilon, ..query }).unwrap();
            let compared = |path: &kervan_search::Path| -> Vec<u64> {
                path.weights.iter().zip(criteria).filter(|(_, on)| *on).map(|(part, _)| *part).collect()
            };
            for path in &exact {
                let point = compared(path);
                let within = |(one, exact): (u64, &u64)| one * 1_000 <= exact * u64::from(1_000 + epsilon);
                let covered =
                    list.paths.iter().any(|path| compared(path).into_iter().zip(&point).all(within));
                assert!(covered, "case {case}, epsilon {epsilon}: {point:?}");
            }
            for path in &list.paths {
                let mut passed = path.nodes.clone();
                passed.sort_unstable();
                passed.dedup();
                assert_eq!(passed.len(), path.nodes.len(), "case {case}: a node twice");
            }
            shown += list.paths.len();
            exact_paths += exact.len();
            from_labels += usize::from(list.progress.labels > 0);
        }
    }
    assert!(
        shown * 2 < exact_paths && from_labels > 10,
        "{shown} of {exact_paths}, {from_labels} with labels"
    );
}

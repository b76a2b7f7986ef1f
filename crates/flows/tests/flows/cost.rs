//! Flows of least cost.

use crate::plain::{self, Dice};
use kervan_flows::{
    Arc, Graph, MinCostError, NotOptimal, Problem, check_min_cost, limits, min_cost_flow, read_dimacs,
    write_dimacs,
};

#[test]
fn equal_to_shortest_ways_one_after_the_other() {
    let (mut solved, mut short) = (0, 0);
    for seed in 0..6_000 {
        let mut dice = Dice::new(seed);
        let costs = if seed % 2 == 0 { (0, 9) } else { (-6, 9) };
        let graph = plain::network(&mut dice, costs);
        let supply = plain::supply(&mut dice, graph.vertices(), 6);
        match (min_cost_flow(&graph, &supply), plain::least_cost(&graph, &supply)) {
            (Ok(best), Ok(cost)) => {
                assert_eq!(best.cost, cost, "seed {seed}");
                assert_eq!(check_min_cost(&graph, &supply, &best), Ok(()), "seed {seed}");
                solved += 1;
            }
            (Err(MinCostError::Infeasible(shortage)), Err(_)) => {
                let inside = |vertex: usize| shortage.inside.contains(&vertex);
                let leaves = |arc: &&Arc| inside(arc.from) && !inside(arc.to);
                let capacity: i64 = graph.arcs().iter().filter(leaves).map(|arc| arc.capacity).sum();
                let supplied: i64 = shortage.inside.iter().map(|vertex| supply[*vertex]).sum();
                assert_eq!(i128::from(supplied - capacity), shortage.unsent, "seed {seed}");
                assert!(shortage.unsent > 0, "seed {seed}");
                let unmet: i64 = shortage.unmet.iter().map(|(_, lacking)| lacking).sum();
                assert_eq!(i128::from(unmet), shortage.unsent, "seed {seed}");
                short += 1;
            }
            (ours, plain) => panic!("seed {seed}: {ours:?} but {plain:?}"),
        }
    }
    assert!(solved > 1_500 && short > 1_000, "{solved} solved, {short} short");
}

#[test]
fn large_networks_carry_their_proof() {
    for (seed, vertices, arcs) in [(1, 300, 2_400), (2, 1_000, 8_000), (3, 2_000, 3_000), (4, 50, 5_000)] {
        let mut dice = Dice::new(seed);
        let ring = (0..vertices).map(|from| (from, (from + 1) % vertices));
        let ring: Vec<(i64, i64)> = ring.collect();
        let chords: Vec<(i64, i64)> =
            (vertices..arcs).map(|_| (dice.roll(0, vertices - 1), dice.roll(0, vertices - 1))).collect();
        let arcs = ring.iter().map(|ends| (ends, 1_000_000)).chain(chords.iter().map(|ends| (ends, 200)));
        let arcs: Vec<Arc> = arcs
            .map(|((from, to), capacity)| Arc {
                from: *from as usize,
                to: *to as usize,
                capacity: dice.roll(1, capacity).max(capacity / 2),
                cost: dice.roll(-20, 10_000),
            })
            .collect();
        let graph = Graph::new(vertices as usize, arcs).unwrap();
        let mut supply = vec![0; vertices as usize];
        for pair in 0..vertices as usize / 8 {
            let units = dice.roll(1, 100);
            supply[pair] += units;
            supply[vertices as usize - 1 - pair] -= units;
        }
        let best = min_cost_flow(&graph, &supply).unwrap();
        assert_eq!(check_min_cost(&graph, &supply, &best), Ok(()), "seed {seed}");
    }
}

#[test]
fn the_largest_figures_do_not_overflow() {
    let (most, dear) = (limits::MOST_CAPACITY, limits::MOST_COST);
    let chain: Vec<Arc> =
        (0..1_000).map(|from| Arc { from, to: from + 1, capacity: most, cost: dear }).collect();
    let graph = Graph::new(1_001, chain).unwrap();
    let mut supply = vec![0; 1_001];
    (supply[0], supply[1_000]) = (most, -most);
    let best = min_cost_flow(&graph, &supply).unwrap();
    assert_eq!(best.cost, i128::from(most) * i128::from(dear) * 1_000);
    assert_eq!(check_min_cost(&graph, &supply, &best), Ok(()));
}

#[test]
fn a_false_proof_does_not_pass() {
    let arc = |from, to, capacity, cost| Arc { from, to, capacity, cost };
    let graph = Graph::new(3, vec![arc(0, 2, 4, 5), arc(0, 1, 9, 1), arc(1, 2, 3, 1)]).unwrap();
    let supply = [6, 0, -6];
    let best = min_cost_flow(&graph, &supply).unwrap();
    let mut cases = vec![(best.clone(), Ok(())); 6];
    (cases[1].0.flow[1], cases[1].1) = (10, Err(NotOptimal::Capacity(1)));
    (cases[2].0.flow[1], cases[2].1) = (2, Err(NotOptimal::Balance(0)));
    (cases[3].0.potential[1], cases[3].1) = (best.potential[1] + 3, Err(NotOptimal::Slackness(1)));
    (cases[4].0.cost, cases[4].1) = (20, Err(NotOptimal::Cost));
    cases[5].0.flow.pop();
    cases[5].1 = Err(NotOptimal::Length);
    for (number, (claimed, verdict)) in cases.into_iter().enumerate() {
        assert_eq!(check_min_cost(&graph, &supply, &claimed), verdict, "case {number}");
    }
    // Dearer by a unit on the other way, with the true potentials.
    let mut dearer = best.clone();
    (dearer.flow, dearer.cost) = (vec![4, 2, 2], 24);
    assert_eq!(check_min_cost(&graph, &supply, &dearer), Err(NotOptimal::Slackness(2)));
}

#[test]
fn supplies_that_make_no_sense_are_refused() {
    let graph = Graph::new(2, vec![Arc { from: 0, to: 1, capacity: 5, cost: 1 }]).unwrap();
    let too_much = limits::MOST_CAPACITY + 1;
    let cases: &[(&[i64], MinCostError)] = &[
        (&[1], MinCostError::Length { given: 1, vertices: 2 }),
        (&[2, -1], MinCostError::Unbalanced(1)),
        (&[too_much, -too_much], MinCostError::Supply { vertex: 0, supply: too_much }),
    ];
    for (supply, expected) in cases {
        assert_eq!(min_cost_flow(&graph, supply).as_ref(), Err(expected), "{supply:?}");
    }
}

#[test]
fn problems_are_written_and_read_as_dimacs() {
    let mut dice = Dice::new(7);
    for _ in 0..50 {
        let graph = plain::network(&mut dice, (-5, 5));
        let supply = plain::supply(&mut dice, graph.vertices(), 6);
        let problem = Problem::MinCost { graph, supply };
        assert_eq!(read_dimacs(&write_dimacs(&problem)), Ok(problem));
        let problem = Problem::MaxFlow { graph: plain::network(&mut dice, (0, 0)), source: 1, sink: 0 };
        assert_eq!(read_dimacs(&write_dimacs(&problem)), Ok(problem));
    }
    let cases = [
        ("", "there is no line `p min` or `p max`"),
        ("p max 2 1\na 1 2 3", "source `n ... s` or sink `n ... t` is missing"),
        ("p min 2 1\na 0 2 0 3 1", "line 2: vertices are numbered from 1"),
        ("p min 2 1\na 1 2 1 3 1", "line 2: a lower bound other than 0 is not taken"),
        ("p min 2 1\na 1 3 0 3 1", "arc 0 has an end at vertex 2, which is not there"),
        ("p min 2 1\na 1 2 0 -3 1", "arc 0 has the capacity -3"),
        ("c x\np asn 2 1", "line 2: only `p min` and `p max` are read"),
    ];
    for (text, message) in cases {
        assert_eq!(read_dimacs(text).unwrap_err().to_string(), message, "{text}");
    }
}

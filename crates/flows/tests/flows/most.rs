//! The greatest flow and the smallest cut.

use crate::plain::{self, Dice};
use kervan_flows::{EndsError, max_flow};

#[test]
fn equal_to_the_smallest_of_all_cuts() {
    for seed in 0..4_000 {
        let graph = plain::network(&mut Dice::new(seed), (0, 0));
        let sink = graph.vertices() - 1;
        let most = max_flow(&graph, 0, sink).unwrap();
        assert_eq!(most.value, plain::smallest_cut(&graph, 0, sink), "seed {seed}");
        for cut in [&most.cut, &most.last_cut] {
            let capacity: i64 = cut.iter().map(|arc| graph.arcs()[*arc].capacity).sum();
            assert_eq!(capacity, most.value, "seed {seed}");
        }
        let mut balance = vec![0; graph.vertices()];
        for (arc, units) in graph.arcs().iter().zip(&most.flow) {
            assert!((0..=arc.capacity).contains(units), "seed {seed}");
            balance[arc.from] -= units;
            balance[arc.to] += units;
        }
        (balance[0], balance[sink]) = (balance[0] + most.value, balance[sink] - most.value);
        assert!(balance.iter().all(|rest| *rest == 0), "seed {seed}: {balance:?}");
    }
}

#[test]
fn ends_that_make_no_sense_are_refused() {
    let graph = plain::network(&mut Dice::new(1), (0, 0));
    assert_eq!(max_flow(&graph, 0, 99), Err(EndsError::NoVertex(99)));
    assert_eq!(max_flow(&graph, 1, 1), Err(EndsError::Same));
}

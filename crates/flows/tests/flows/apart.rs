//! Routes that share nothing, and networks with something removed.

use crate::plain::{self, Dice};
use kervan_flows::{
    Apart, Arc, CostLoss, EndsError, Graph, MinCostError, Route, RoutesError, cheapest_routes,
    disjoint_routes, max_flow, max_flow_without, min_cost_flow, min_cost_without,
};
use std::collections::BTreeSet;

/// Every route without a circle, by trying all arcs.
fn every_route(graph: &Graph, vertex: usize, sink: usize, arcs: &mut Vec<usize>, found: &mut Vec<Route>) {
    if vertex == sink {
        found.push(Route { arcs: arcs.clone(), cost: arcs.iter().map(|arc| graph.arcs()[*arc].cost).sum() });
        return;
    }
    for (number, arc) in
        graph.arcs().iter().enumerate().filter(|(_, arc)| arc.from == vertex && arc.capacity > 0)
    {
        let seen = arcs.iter().any(|one| graph.arcs()[*one].from == arc.to);
        if !seen && arc.to != vertex {
            arcs.push(number);
            every_route(graph, arc.to, sink, arcs, found);
            arcs.pop();
        }
    }
}

/// What a route uses that no other may.
fn uses(graph: &Graph, route: &Route, apart: Apart) -> BTreeSet<usize> {
    match apart {
        Apart::Arcs => route.arcs.iter().copied().collect(),
        // Vertices between the ends, and a direct arc by a number beyond the vertices.
        Apart::Vertices if route.arcs.len() == 1 => {
            route.arcs.iter().map(|arc| graph.vertices() + arc).collect()
        }
        Apart::Vertices => route.arcs.iter().skip(1).map(|arc| graph.arcs()[*arc].from).collect(),
    }
}

/// The cheapest pair of routes apart, or the cheapest route if there is no pair.
fn cheapest_pair(graph: &Graph, routes: &[Route], apart: Apart) -> Option<(usize, i64)> {
    let pairs = routes.iter().enumerate().flat_map(|(number, one)| {
        let others = routes.iter().skip(number + 1);
        others
            .filter(|other| uses(graph, one, apart).is_disjoint(&uses(graph, other, apart)))
            .map(|other| one.cost + other.cost)
    });
    let single = routes.iter().map(|route| route.cost).min()?;
    Some(pairs.min().map_or((1, single), |cost| (2, cost)))
}

#[test]
fn pairs_are_the_cheapest_of_all_pairs() {
    let (mut pairs, mut singles) = (0, 0);
    for seed in 0..3_000 {
        let graph = plain::network(&mut Dice::new(seed), (0, 9));
        let sink = graph.vertices() - 1;
        let mut routes = Vec::new();
        every_route(&graph, 0, sink, &mut Vec::new(), &mut routes);
        let count = 5.min(routes.len());
        let mut costs: Vec<i64> = routes.iter().map(|route| route.cost).collect();
        costs.sort_unstable();
        let cheapest = cheapest_routes(&graph, 0, sink, 5).unwrap();
        let cheapest_costs: Vec<i64> = cheapest.iter().map(|route| route.cost).collect();
        assert_eq!(cheapest_costs, costs[..count], "seed {seed}");
        assert!(cheapest.iter().all(|route| routes.contains(route)), "seed {seed}");
        for apart in [Apart::Arcs, Apart::Vertices] {
            let found = disjoint_routes(&graph, 0, sink, 2, apart).unwrap();
            let cost: i64 = found.routes.iter().map(|route| route.cost).sum();
            let (count, least) = cheapest_pair(&graph, &routes, apart).unwrap_or((0, 0));
            assert_eq!((found.routes.len(), cost), (count, least), "seed {seed} {apart:?}");
            for route in &found.routes {
                let mut ends = route.arcs.iter().map(|arc| graph.arcs()[*arc]);
                let chained = ends.clone().zip(ends.clone().skip(1)).all(|(one, next)| one.to == next.from);
                assert!(chained && ends.clone().next().unwrap().from == 0, "seed {seed}");
                assert_eq!(ends.next_back().unwrap().to, sink, "seed {seed}");
            }
            let shared = found.shared_arcs.len() + found.shared_vertices.len();
            assert_eq!(shared, if count == 2 { 0 } else { count }, "seed {seed} {apart:?}");
            pairs += usize::from(count == 2);
            singles += usize::from(count == 1);
        }
    }
    assert!(pairs > 500 && singles > 500, "{pairs} pairs, {singles} singles");
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let arc = |cost| Arc { from: 0, to: 1, capacity: 1, cost };
    let cases = [
        (1, 0, 1, 1, RoutesError::Count(0)),
        (1, 0, 1, 1_000, RoutesError::Count(1_000)),
        (-1, 0, 1, 1, RoutesError::NegativeCost(0)),
        (1, 0, 0, 1, RoutesError::Ends(EndsError::Same)),
        (1, 0, 7, 1, RoutesError::Ends(EndsError::NoVertex(7))),
    ];
    for (number, (cost, source, sink, count, expected)) in cases.into_iter().enumerate() {
        let count = if number == 0 { 0 } else { count };
        let graph = Graph::new(2, vec![arc(cost)]).unwrap();
        assert_eq!(disjoint_routes(&graph, source, sink, count, Apart::Arcs), Err(expected), "case {number}");
    }
}

/// Every arc on its own, and some groups of several.
fn groups(dice: &mut Dice, arcs: usize) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..arcs).map(|arc| vec![arc]).collect();
    for _ in 0..if arcs > 0 { 6 } else { 0 } {
        groups.push((0..dice.roll(2, 4)).map(|_| dice.roll(0, arcs as i64 - 1) as usize).collect());
    }
    groups
}

fn without(graph: &Graph, group: &[usize]) -> Graph {
    let arcs = graph.arcs().iter().enumerate().map(|(number, arc)| Arc {
        capacity: if group.contains(&number) { 0 } else { arc.capacity },
        ..*arc
    });
    Graph::new(graph.vertices(), arcs.collect()).unwrap()
}

#[test]
fn a_removal_is_what_a_new_computation_says() {
    for seed in 0..1_500 {
        let mut dice = Dice::new(seed);
        let graph = plain::network(&mut dice, if seed % 2 == 0 { (0, 9) } else { (-4, 9) });
        let sink = graph.vertices() - 1;
        let groups = groups(&mut dice, graph.arcs().len());
        let losses = max_flow_without(&graph, 0, sink, &groups).unwrap();
        for (group, loss) in groups.iter().zip(losses) {
            let anew = max_flow(&without(&graph, group), 0, sink).unwrap().value;
            assert_eq!(loss.value, anew, "seed {seed} {group:?}");
        }
        let supply = plain::supply(&mut dice, graph.vertices(), 4);
        let Ok(best) = min_cost_flow(&graph, &supply) else { continue };
        for (group, loss) in groups.iter().zip(min_cost_without(&graph, &supply, &best, &groups)) {
            let expected = match min_cost_flow(&without(&graph, group), &supply) {
                Ok(anew) => CostLoss::Dearer { by: anew.cost - best.cost },
                Err(MinCostError::Infeasible(shortage)) => CostLoss::Unsent { units: shortage.unsent as i64 },
                Err(other) => panic!("{other}"),
            };
            assert_eq!(loss, expected, "seed {seed} {group:?}");
        }
    }
}

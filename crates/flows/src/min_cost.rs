//! Flows of least cost, with the proof that nothing is cheaper, or with the cut that shows why there is none.

use crate::residual::Residual;
use crate::{Graph, limits, max_flow, simplex};

/// A flow that no other beats on cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinCostFlow {
    /// Units on each arc, by number.
    pub flow: Vec<i64>,
    /// The proof: with these prices per vertex no arc with room is worth more use, and none in use is worth less. Only
    /// differences count. [`check_min_cost`] holds it against the flow.
    pub potential: Vec<i64>,
    /// Sum over all arcs of flow times cost.
    pub cost: i128,
    /// Steps of the simplex method.
    pub pivots: u64,
}

/// Why there is no flow for what is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MinCostError {
    /// There is not one supply for each vertex.
    #[error("{given} supplies for {vertices} vertices")]
    Length {
        /// Supplies given.
        given: usize,
        /// Vertices of the graph.
        vertices: usize,
    },
    /// A supply beyond the limit.
    #[error("vertex {vertex} has the supply {supply}")]
    Supply {
        /// The vertex.
        vertex: usize,
        /// Its supply.
        supply: i64,
    },
    /// What is supplied is not what is demanded.
    #[error("supply and demand differ by {0}")]
    Unbalanced(i128),
    /// Some of the supply finds no way.
    #[error("{} of {} units find no way", .0.unsent, .0.supply)]
    Infeasible(Box<Shortage>),
}

/// The certificate that a demand cannot be met: a set of vertices with more supply than its outgoing arcs take.
///
/// Invariant: `supply - capacity == unsent`, and `unsent` is more than zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The vertices of the set, in order.
    pub inside: Vec<usize>,
    /// The arcs that leave the set, in order; all of them are full in every flow that sends as much as possible.
    pub cut: Vec<usize>,
    /// What the cut takes.
    pub capacity: i128,
    /// Supply less demand inside of the set.
    pub supply: i128,
    /// Units that cannot leave it.
    pub unsent: i128,
    /// Vertices outside of the set whose demand is not met in one flow that sends as much as possible, and the units each
    /// lacks.
    pub unmet: Vec<(usize, i64)>,
}

/// The flow of least cost that brings every supply (positive) to the demands (negative).
///
/// Exact: integers throughout. Errors: what is wrong with the supplies, or that there is no such flow, with the cut.
///
/// ```
/// use kervan_flows::{Arc, Graph, min_cost_flow};
///
/// let arc = |from, to, capacity, cost| Arc { from, to, capacity, cost };
/// let graph = Graph::new(3, vec![arc(0, 2, 4, 5), arc(0, 1, 9, 1), arc(1, 2, 3, 1)]).unwrap();
/// let best = min_cost_flow(&graph, &[6, 0, -6]).unwrap();
/// assert_eq!((best.flow, best.cost), (vec![3, 3, 3], 21));
/// ```
pub fn min_cost_flow(graph: &Graph, supply: &[i64]) -> Result<MinCostFlow, MinCostError> {
    check_supply(graph, supply)?;
    let outcome = simplex::solve(graph, supply);
    if outcome.unsent > 0 {
        return Err(MinCostError::Infeasible(Box::new(find_shortage(graph, supply))));
    }
    let cost = cost_of(graph, &outcome.flow);
    Ok(MinCostFlow { flow: outcome.flow, potential: outcome.potential, cost, pivots: outcome.pivots })
}

/// Sum over all arcs of flow times cost.
pub(crate) fn cost_of(graph: &Graph, flow: &[i64]) -> i128 {
    graph.arcs().iter().zip(flow).map(|(arc, units)| i128::from(*units) * i128::from(arc.cost)).sum()
}

fn check_supply(graph: &Graph, supply: &[i64]) -> Result<(), MinCostError> {
    if supply.len() != graph.vertices() {
        return Err(MinCostError::Length { given: supply.len(), vertices: graph.vertices() });
    }
    let range = -limits::MOST_CAPACITY..=limits::MOST_CAPACITY;
    if let Some((vertex, units)) = supply.iter().enumerate().find(|(_, units)| !range.contains(units)) {
        return Err(MinCostError::Supply { vertex, supply: *units });
    }
    let sum: i128 = supply.iter().map(|units| i128::from(*units)).sum();
    if sum == 0 { Ok(()) } else { Err(MinCostError::Unbalanced(sum)) }
}

/// The cut that keeps some supply from its demand: between one source before all supplies and one sink after all demands.
fn find_shortage(graph: &Graph, supply: &[i64]) -> Shortage {
    let (source, sink) = (graph.vertices(), graph.vertices() + 1);
    let arcs = graph.arcs().iter().map(|arc| (arc.from, arc.to, arc.capacity));
    let ends = supply
        .iter()
        .enumerate()
        .map(|(vertex, units)| if *units > 0 { (source, vertex, *units) } else { (vertex, sink, -units) });
    let mut residual = Residual::of(sink + 1, arcs.chain(ends));
    max_flow::augment(&mut residual, source, sink);
    let reached = residual.reached_from([source]);
    let inside: Vec<usize> = (0..graph.vertices()).filter(|vertex| reached[*vertex]).collect();
    let cut: Vec<usize> = cut_arcs(graph, &reached);
    let capacity = cut.iter().map(|arc| i128::from(graph.arcs()[*arc].capacity)).sum();
    let supplied: i128 = inside.iter().map(|vertex| i128::from(supply[*vertex])).sum();
    let unmet = (0..graph.vertices())
        .filter(|vertex| supply[*vertex] < 0)
        .map(|vertex| (vertex, residual.room[2 * (graph.arcs().len() + vertex)]))
        .filter(|(_, lacking)| *lacking > 0)
        .collect();
    Shortage { inside, cut, capacity, supply: supplied, unsent: supplied - capacity, unmet }
}

/// The arcs from marked vertices to others; closed ones are not named.
pub(crate) fn cut_arcs(graph: &Graph, inside: &[bool]) -> Vec<usize> {
    let leaves = |arc: &crate::Arc| arc.capacity > 0 && inside[arc.from] && !inside[arc.to];
    graph.arcs().iter().enumerate().filter(|(_, arc)| leaves(arc)).map(|(number, _)| number).collect()
}

/// What is wrong with a flow that claims to be one of least cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOptimal {
    /// There is not one figure for each arc and vertex.
    #[error("not one figure for each arc and vertex")]
    Length,
    /// An arc carries less than nothing or more than it takes.
    #[error("arc {0} carries what it cannot")]
    Capacity(usize),
    /// What flows out of a vertex less what flows in is not its supply.
    #[error("vertex {0} is not in balance")]
    Balance(usize),
    /// An arc with room would make it cheaper, or one in use makes it dearer.
    #[error("arc {0} shows that there is something cheaper")]
    Slackness(usize),
    /// The cost is not the sum over the arcs.
    #[error("the cost is not the sum over the arcs")]
    Cost,
}

/// Holds a flow against its proof: capacities, balances, and for each arc that its reduced cost fits what it carries.
///
/// Who trusts this function needs to trust nothing else: a flow and potentials that pass are optimal by duality.
pub fn check_min_cost(graph: &Graph, supply: &[i64], best: &MinCostFlow) -> Result<(), NotOptimal> {
    if best.flow.len() != graph.arcs().len()
        || best.potential.len() != graph.vertices()
        || supply.len() != graph.vertices()
    {
        return Err(NotOptimal::Length);
    }
    let mut balance: Vec<i128> = supply.iter().map(|units| i128::from(*units)).collect();
    for (number, (arc, units)) in graph.arcs().iter().zip(&best.flow).enumerate() {
        if !(0..=arc.capacity).contains(units) {
            return Err(NotOptimal::Capacity(number));
        }
        balance[arc.from] -= i128::from(*units);
        balance[arc.to] += i128::from(*units);
        let reduced =
            i128::from(arc.cost) + i128::from(best.potential[arc.from]) - i128::from(best.potential[arc.to]);
        if (reduced < 0 && *units < arc.capacity) || (reduced > 0 && *units > 0) {
            return Err(NotOptimal::Slackness(number));
        }
    }
    if let Some(vertex) = balance.iter().position(|rest| *rest != 0) {
        return Err(NotOptimal::Balance(vertex));
    }
    if cost_of(graph, &best.flow) == best.cost { Ok(()) } else { Err(NotOptimal::Cost) }
}

//! Routes that share nothing: what is left when one of them breaks.

use crate::max_flow::{EndsError, check_ends};
use crate::min_cost::min_cost_flow;
use crate::{Arc, Graph, limits, max_flow};

/// What routes must not share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// No arc, in neither direction of a way between the same two vertices that has equal costs both ways.
    Arcs,
    /// No arc and no vertex but the two ends.
    Vertices,
}

/// A way from one vertex to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Numbers of its arcs, in order.
    pub arcs: Vec<usize>,
    /// Sum of the costs of its arcs.
    pub cost: i64,
}

/// Routes that share nothing, together as cheap as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisjointRoutes {
    /// The routes, cheapest first.
    pub routes: Vec<Route>,
    /// Why there are no more than these, if more were asked for: every route goes over one of these arcs ...
    pub shared_arcs: Vec<usize>,
    /// ... or through one of these vertices, and together they are as many as the routes.
    pub shared_vertices: Vec<usize>,
}

/// Why no routes were looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoutesError {
    /// The ends are not two vertices.
    #[error(transparent)]
    Ends(#[from] EndsError),
    /// An arc with a negative cost: there may be no cheapest route without a circle.
    #[error("arc {0} has a negative cost")]
    NegativeCost(usize),
    /// None or too many were asked for.
    #[error("{0} routes asked for; ask for 1 to {most}", most = limits::MOST_ROUTES)]
    Count(usize),
}

/// The requirements that every search for routes has.
pub(crate) fn check_routes(
    graph: &Graph,
    source: usize,
    sink: usize,
    count: usize,
) -> Result<(), RoutesError> {
    check_ends(graph, source, sink)?;
    if let Some(arc) = graph.arcs().iter().position(|arc| arc.cost < 0) {
        return Err(RoutesError::NegativeCost(arc));
    }
    if (1..=limits::MOST_ROUTES).contains(&count) { Ok(()) } else { Err(RoutesError::Count(count)) }
}

/// As many as `count` routes that share no arc, or no vertex either, whose costs add up to the least possible.
///
/// After Suurballe and Bhandari: a flow of least cost over arcs that take one unit. An arc of capacity 0 is closed, other
/// capacities do not count. Taking the cheapest route first and then the cheapest of the rest can miss a pair that exists;
/// this does not.
pub fn disjoint_routes(
    graph: &Graph,
    source: usize,
    sink: usize,
    count: usize,
    apart: Apart,
) -> Result<DisjointRoutes, RoutesError> {
    check_routes(graph, source, sink, count)?;
    let arcs = graph.arcs().len();
    let units = unit_graph(graph, source, sink, count, apart)?;
    let (start, end) = match apart {
        Apart::Arcs => (source, sink),
        Apart::Vertices => (2 * source, 2 * sink + 1),
    };
    let most = max_flow(&units, start, end)?;
    let found = most.value.min(count as i64);
    let mut supply = vec![0; units.vertices()];
    (supply[start], supply[end]) = (found, -found);
    // What the greatest flow shows to be possible cannot be refused.
    let mut used: Vec<bool> = match min_cost_flow(&units, &supply) {
        Ok(best) => best.flow.iter().take(arcs).map(|units| *units > 0).collect(),
        Err(_) => vec![false; arcs],
    };
    drop_opposites(graph, &mut used);
    let mut routes: Vec<Route> = (0..found).map(|_| take_route(graph, source, sink, &mut used)).collect();
    routes.sort_by(|one, other| (one.cost, &one.arcs).cmp(&(other.cost, &other.arcs)));
    let (mut shared_arcs, mut shared_vertices) = (Vec::new(), Vec::new());
    if most.value < count as i64 {
        shared_arcs = most.cut.iter().copied().filter(|arc| *arc < arcs).collect();
        shared_vertices = most.cut.iter().filter(|arc| **arc >= arcs).map(|arc| arc - arcs).collect();
    }
    Ok(DisjointRoutes { routes, shared_arcs, shared_vertices })
}

/// The graph in which every arc takes one unit, and every vertex but the ends too where they must not be shared: a vertex
/// is then the arc from `2v` to `2v + 1`, after the arcs of the graph.
fn unit_graph(
    graph: &Graph,
    source: usize,
    sink: usize,
    count: usize,
    apart: Apart,
) -> Result<Graph, RoutesError> {
    let one = |arc: &Arc, from, to| Arc { from, to, capacity: arc.capacity.min(1), cost: arc.cost };
    let made = match apart {
        Apart::Arcs => {
            let arcs = graph.arcs().iter().map(|arc| one(arc, arc.from, arc.to)).collect();
            Graph::new(graph.vertices(), arcs)
        }
        Apart::Vertices => {
            let arcs = graph.arcs().iter().map(|arc| one(arc, 2 * arc.from + 1, 2 * arc.to));
            let inner = (0..graph.vertices()).map(|vertex| {
                let capacity = if vertex == source || vertex == sink { count as i64 } else { 1 };
                Arc { from: 2 * vertex, to: 2 * vertex + 1, capacity, cost: 0 }
            });
            Graph::new(2 * graph.vertices(), arcs.chain(inner).collect())
        }
    };
    // Only the number of vertices can be too large, when each is split in two.
    made.map_err(|_| RoutesError::Ends(EndsError::NoVertex(graph.vertices())))
}

/// One route forth and one back over the same way cancel out: both are better off without it.
fn drop_opposites(graph: &Graph, used: &mut [bool]) {
    let mut by_ends: std::collections::BTreeMap<(usize, usize), Vec<usize>> =
        std::collections::BTreeMap::new();
    for (number, arc) in graph.arcs().iter().enumerate().filter(|(number, _)| used[*number]) {
        by_ends.entry((arc.from, arc.to)).or_default().push(number);
    }
    let pairs: Vec<(usize, usize)> = by_ends.keys().copied().filter(|(from, to)| from <= to).collect();
    for (from, to) in pairs {
        let forth = by_ends.get(&(from, to)).cloned().unwrap_or_default();
        let back =
            if from == to { forth.clone() } else { by_ends.get(&(to, from)).cloned().unwrap_or_default() };
        for (one, other) in forth.into_iter().zip(back) {
            used[one] = false;
            used[other] = false;
        }
    }
}

/// Follows used arcs to the sink and takes them out; circles on the way cost nothing and are left behind.
fn take_route(graph: &Graph, source: usize, sink: usize, used: &mut [bool]) -> Route {
    let mut arcs: Vec<usize> = Vec::new();
    let mut vertex = source;
    while vertex != sink {
        let leaves = |number: &usize| used[*number] && graph.arcs()[*number].from == vertex;
        let Some(number) = (0..used.len()).find(leaves) else { break };
        used[number] = false;
        vertex = graph.arcs()[number].to;
        arcs.push(number);
        if let Some(first) = arcs.iter().position(|arc| graph.arcs()[*arc].from == vertex) {
            arcs.truncate(first);
        }
    }
    let cost = arcs.iter().map(|arc| graph.arcs()[*arc].cost).sum();
    Route { arcs, cost }
}

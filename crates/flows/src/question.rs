//! Questions to a layer: its bottleneck, routes apart, what each removal does, the cheapest way for a volume.

use crate::{
    Apart, CostLoss, DisjointRoutes, EndsError, Layer, MinCostError, Part, Route, RoutesError,
    disjoint_routes, limits, max_flow, max_flow_without, min_cost_flow, min_cost_without,
};

/// The most that flows between two places of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bottleneck {
    /// Units; `None` if some way has no known limit.
    pub value: Option<i64>,
    /// What bounds it, nearest to the start, with what each takes; empty if nothing is known to.
    pub cut: Vec<(Part, i64)>,
    /// What bounds it, nearest to the end; the same if there is one bottleneck only.
    pub last_cut: Vec<(Part, i64)>,
}

/// What the removal of one link or place does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// What is gone: a link in both directions, or a place.
    pub part: Part,
    /// Units that still flow at most; `None` if no limit is known.
    pub left: Option<i64>,
    /// Units that flow less; `None` if no limit was known before.
    pub lost: Option<i64>,
    /// What it does to the cheapest flow of the volume asked for; `None` if that cannot flow to begin with.
    pub cost: Option<CostLoss>,
}

/// The cheapest flow of a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cheapest {
    /// Sum of volume times cost.
    pub cost: i128,
    /// What carries something, and how much.
    pub carried: Vec<(Part, i64)>,
    /// Ways that the volume takes, largest first, with the units of each.
    pub ways: Vec<(Route, i64)>,
}

/// A figure, unless it is as large as what stands for no limit.
fn known(units: i64) -> Option<i64> {
    (units < limits::MOST_CAPACITY).then_some(units)
}

/// The vertices between which a flow runs: the ends themselves are not limited.
fn ends(layer: &Layer, from: usize, to: usize) -> Result<(usize, usize), EndsError> {
    crate::max_flow::check_ends(&layer.plain, from, to)?;
    Ok((2 * from + 1, 2 * to))
}

/// The most that flows from one place to another, and what bounds it.
pub fn find_bottleneck(layer: &Layer, from: usize, to: usize) -> Result<Bottleneck, EndsError> {
    let (source, sink) = ends(layer, from, to)?;
    let most = max_flow(&layer.split, source, sink)?;
    let Some(value) = known(most.value) else {
        return Ok(Bottleneck { value: None, cut: Vec::new(), last_cut: Vec::new() });
    };
    let named = |cut: &[usize]| -> Vec<(Part, i64)> {
        cut.iter().map(|arc| (layer.parts[*arc], layer.split.arcs()[*arc].capacity)).collect()
    };
    Ok(Bottleneck { value: Some(value), cut: named(&most.cut), last_cut: named(&most.last_cut) })
}

/// Routes between two places that share no link, or no place either.
pub fn find_apart(
    layer: &Layer,
    from: usize,
    to: usize,
    count: usize,
    apart: Apart,
) -> Result<DisjointRoutes, RoutesError> {
    disjoint_routes(&layer.plain, from, to, count, apart)
}

fn supply(layer: &Layer, source: usize, sink: usize, units: i64) -> Vec<i64> {
    let mut supply = vec![0; layer.split.vertices()];
    (supply[source], supply[sink]) = (units, -units);
    supply
}

/// What the removal of each link and each place between does to the greatest flow, and to the cost of `units`; only removals
/// that do something, the worst first.
pub fn assess_removals(layer: &Layer, from: usize, to: usize, units: i64) -> Result<Vec<Removal>, EndsError> {
    let (source, sink) = ends(layer, from, to)?;
    let (parts, groups): (Vec<Part>, Vec<Vec<usize>>) = layer.list_groups(from, to).into_iter().unzip();
    let losses = max_flow_without(&layer.split, source, sink, &groups)?;
    let supply = supply(layer, source, sink, units);
    let best = min_cost_flow(&layer.split, &supply).ok();
    let costs = best.map(|best| min_cost_without(&layer.split, &supply, &best, &groups));
    let mut removals: Vec<Removal> = parts
        .into_iter()
        .zip(losses)
        .enumerate()
        .map(|(number, (part, loss))| Removal {
            part,
            left: known(loss.value),
            lost: known(loss.value + loss.lost).map(|_| loss.lost),
            cost: costs.as_ref().and_then(|costs| costs.get(number).copied()),
        })
        .collect();
    let dearer = |cost: Option<CostLoss>| match cost {
        Some(CostLoss::Unsent { units }) => (units, i128::MAX),
        Some(CostLoss::Dearer { by }) => (0, by),
        None => (0, 0),
    };
    let bounded_by_it = |removal: &Removal| removal.lost.is_none() && removal.left.is_some();
    removals.retain(|removal| {
        removal.lost.is_some_and(|lost| lost > 0) || bounded_by_it(removal) || dearer(removal.cost) > (0, 0)
    });
    removals.sort_by_key(|removal| {
        (std::cmp::Reverse((dearer(removal.cost), removal.lost.unwrap_or(0))), removal.left, removal.part)
    });
    Ok(removals)
}

/// The cheapest flow of a volume between two places. Errors: that it cannot flow, with the cut.
pub fn find_cheapest(layer: &Layer, from: usize, to: usize, units: i64) -> Result<Cheapest, MinCostError> {
    let (source, sink) = (2 * from + 1, 2 * to);
    let best = min_cost_flow(&layer.split, &supply(layer, source, sink, units))?;
    let mut sums: std::collections::BTreeMap<Part, i64> = std::collections::BTreeMap::new();
    for (part, units) in layer.parts.iter().zip(&best.flow).filter(|(_, units)| **units > 0) {
        *sums.entry(*part).or_default() += units;
    }
    let ways = list_ways(layer, best.flow, source, sink);
    Ok(Cheapest { cost: best.cost, carried: sums.into_iter().collect(), ways })
}

/// A flow as ways with a volume each: follows what flows from the source until nothing is left.
fn list_ways(layer: &Layer, mut flow: Vec<i64>, source: usize, sink: usize) -> Vec<(Route, i64)> {
    let arcs = layer.split.arcs();
    let mut ways = Vec::new();
    loop {
        let (mut way, mut vertex): (Vec<usize>, usize) = (Vec::new(), source);
        while vertex != sink {
            let Some(arc) = (0..arcs.len()).find(|arc| flow[*arc] > 0 && arcs[*arc].from == vertex) else {
                break;
            };
            vertex = arcs[arc].to;
            way.push(arc);
            if let Some(first) = way.iter().position(|arc| arcs[*arc].from == vertex) {
                // A circle of no cost: it carries nothing from the source to the sink.
                let units = way[first..].iter().map(|arc| flow[*arc]).min().unwrap_or(0);
                way.drain(first..).for_each(|arc| flow[arc] -= units);
            }
        }
        let units = way.iter().map(|arc| flow[*arc]).min().unwrap_or(0);
        if vertex != sink || units == 0 {
            break;
        }
        way.iter().for_each(|arc| flow[*arc] -= units);
        let cost = way.iter().map(|arc| arcs[*arc].cost).sum();
        way.retain(|arc| matches!(layer.parts[*arc], Part::Link(_)));
        ways.push((Route { arcs: way, cost }, units));
    }
    ways.sort_by(|one, other| (other.1, one.0.cost).cmp(&(one.1, other.0.cost)));
    ways
}

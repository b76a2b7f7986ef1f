//! A short list with its proof, from shortest paths alone.
//!
//! For each zone that is left a shortest path is sought by the rates of the plane through the points that made its corner.
//! It lies in the zone and splits it, or its plane closes the zone, or neither: then the front is not convex there, and
//! paths that no sum finds are made by going like one of the points at first and like another one later. The front of a
//! large graph is nearly convex, so that some dozens of such searches often leave no zone at all. What they leave is for
//! the search with labels to look into, with the planes that come nearest to closing it.

use super::sums::{Grow, Plane, Rates, Sums, Tree, join, sum};
use super::zones::{Zone, Zones, round};
use super::{Graph, GraphQuery, Path};
use crate::limits::{MOST_PLANES, MOST_SUMS, NEAR_PLANES};
use crate::network::NONE;
use crate::weights::{WEIGHTS, Weights, plus};
use std::collections::BTreeMap;

/// The paths that cover, and what they leave. `bounds`: the least that is still to come from each node.
///
/// Invariant: the query's nodes are there, and a path joins them.
pub(super) fn cover(graph: &Graph, query: &GraphQuery, bounds: &[Weights]) -> (Vec<Path>, Zones) {
    let mut cover = Cover::new(graph, query, bounds);
    cover.fill();
    cover.look_ahead();
    (cover.paths, cover.zones)
}

struct Cover<'a> {
    graph: &'a Graph,
    query: &'a GraphQuery,
    sums: Sums<'a>,
    /// Rates that make the criteria alike, for when nothing is known yet.
    alike: Rates,
    planes: Vec<Plane>,
    zones: Zones,
    paths: Vec<Path>,
    /// The rates that each of them was found by.
    found_by: BTreeMap<Weights, Rates>,
}

impl<'a> Cover<'a> {
    fn new(graph: &'a Graph, query: &'a GraphQuery, bounds: &'a [Weights]) -> Self {
        let least = bounds[query.from as usize];
        let plane = |side: usize| Plane {
            rates: std::array::from_fn(|other| u64::from(other == side)),
            least: u64::from(least[side]),
        };
        let alike =
            |side: usize| if query.criteria[side] { 1.0 / f64::from(least[side].max(1)) } else { 0.0 };
        Self {
            graph,
            query,
            sums: Sums::new(graph, bounds, query.criteria),
            alike: round(&std::array::from_fn(alike)),
            planes: (0..WEIGHTS).map(plane).collect(),
            zones: Zones::new(query.epsilon, vec![Zone::whole()]),
            paths: Vec::new(),
            found_by: BTreeMap::new(),
        }
    }

    /// Tries each zone in three ways, until none is left that was not tried.
    fn fill(&mut self) {
        for _ in 0..MOST_SUMS {
            let Some(zone) = self.zones.zones.iter_mut().find(|zone| zone.tries < 3) else { return };
            zone.tries += 1;
            let (zone, through) = (zone.clone(), zone.rates_through().unwrap_or(self.alike));
            match zone.tries {
                1 => self.shorten_by(&through),
                2 => self.shorten_by(&zone.rates_leaning().unwrap_or(self.alike)),
                _ => self.bend(&zone, &through),
            }
        }
    }

    /// Shows the shortest path by some rates, and closes what lies below its plane.
    fn shorten_by(&mut self, rates: &Rates) {
        if let Some((plane, path)) = self.sums.find(self.query.from, self.query.to, rates) {
            self.planes.push(plane);
            self.zones.close(&[plane]);
            self.show(path, rates);
        }
    }

    fn show(&mut self, path: Path, rates: &Rates) {
        if let Some(weights) = self.narrow(&path.weights)
            && self.zones.show(&weights)
        {
            self.zones.close(&self.planes);
            self.found_by.insert(weights, *rates);
            self.paths.push(path);
        }
    }

    /// Shows paths of a zone that follow one of its points at first and another one later, those nearest to a plane first.
    fn bend(&mut self, zone: &Zone, rates: &Rates) {
        let by = |point| self.found_by.get(point);
        let points: Vec<&Rates> = zone.made_by.iter().flatten().filter_map(by).collect();
        let grow = |root: u32, grow: Grow| -> Vec<Tree> {
            points.iter().map(|rates| Tree::grow(self.graph, root, rates, grow)).collect()
        };
        let (ahead, back) = (grow(self.query.from, Grow::Ahead), grow(self.query.to, Grow::Back));
        let here = Zones::new(self.query.epsilon, vec![zone.clone()]);
        let mut bends = Vec::new();
        for (one, other) in (0..points.len()).flat_map(|one| (0..points.len()).map(move |other| (one, other)))
        {
            let (ahead, back) = (&ahead[one], &back[other]);
            for over in
                (0..self.graph.len()).filter(|over| one != other && ahead.has(*over) && back.has(*over))
            {
                let weights = self.compared(plus(ahead.weights[over], back.weights[over]));
                if here.hold(&weights) {
                    bends.push((sum(rates, &weights), one, other, over as u32, weights));
                }
            }
        }
        bends.sort_unstable();
        for (_, one, other, over, weights) in bends {
            if self.zones.hold(&weights) {
                self.show(join(self.graph, &ahead[one], &back[other], self.query.from, over), rates);
            }
        }
    }

    /// Finds the planes that are nearest to closing each zone, and what they say at each node.
    fn look_ahead(&mut self) {
        let mut chosen: Vec<usize> = Vec::new();
        for zone in &mut self.zones.zones {
            let short = |(index, plane): (usize, &Plane)| {
                let most = zone.most(&plane.rates)?;
                // How far it is from closing the zone, in millionths.
                let short = u128::from(most.checked_sub(plane.least)?) * 1_000_000;
                Some((short.checked_div(u128::from(plane.least))?, index))
            };
            // The planes of single criteria are held against every label already.
            let mut near: Vec<_> = self.planes.iter().enumerate().skip(WEIGHTS).filter_map(short).collect();
            near.sort_unstable();
            for (_, plane) in near.into_iter().take(NEAR_PLANES) {
                let place = chosen.iter().position(|other| *other == plane).unwrap_or(chosen.len());
                if place == MOST_PLANES {
                    continue;
                }
                if place == chosen.len() {
                    chosen.push(plane);
                }
                zone.near.push(place);
            }
        }
        let ahead = |plane: &usize| {
            let rates = self.planes[*plane].rates;
            (rates, Tree::grow(self.graph, self.query.to, &rates, Grow::Back).least)
        };
        self.zones.ahead = chosen.iter().map(ahead).collect();
    }

    /// The criteria that are compared; the others are nothing.
    fn compared(&self, weights: Weights) -> Weights {
        std::array::from_fn(|side| if self.query.criteria[side] { weights[side] } else { 0 })
    }

    /// The criteria that are compared, as labels hold them; nothing if one is too large for that.
    fn narrow(&self, weights: &[u64; WEIGHTS]) -> Option<Weights> {
        let mut narrow = [0; WEIGHTS];
        for side in (0..WEIGHTS).filter(|side| self.query.criteria[*side]) {
            narrow[side] = u32::try_from(weights[side]).ok().filter(|part| *part < NONE)?;
        }
        Some(narrow)
    }
}

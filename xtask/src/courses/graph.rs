//! The net of lines and the shortest way through it.

use super::geometry::Point;
use super::sources::Line;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A bridged gap counts as so many times its length, so that a way along a line wins where there is one.
const BRIDGE_FACTOR: f64 = 4.0;
/// The way from a place to the line counts as so many times its length.
const ACCESS_FACTOR: f64 = 3.0;
/// Lines farther from a place than this are not taken for its lines. Unit: metre.
const ACCESS_M: f64 = 60_000.0;
/// All vertices within this distance beyond the nearest may be the place's own. Unit: metre.
const ACCESS_MORE_M: f64 = 6_000.0;
/// Size of a cell of the search grid. Unit: degree.
const CELL: f64 = 0.05;

struct Edge {
    to: u32,
    length_m: f64,
    bridge: bool,
    open_database: bool,
}

/// Vertices and edges, with a grid to find vertices by.
pub(super) struct Graph {
    points: Vec<Point>,
    edges: Vec<Vec<Edge>>,
    cells: BTreeMap<(i32, i32), Vec<u32>>,
}

/// A way through the net.
#[derive(Default)]
pub(super) struct Way {
    pub(super) points: Vec<Point>,
    pub(super) end: u32,
    pub(super) bridged_m: f64,
    pub(super) open_database: bool,
}

impl Way {
    /// Goes on where this way ended.
    pub(super) fn append(&mut self, next: Way) {
        let joined = self.points.last().is_some_and(|last| next.points.first() == Some(last));
        self.points.extend(next.points.into_iter().skip(usize::from(joined)));
        self.end = next.end;
        self.bridged_m += next.bridged_m;
        self.open_database |= next.open_database;
    }
}

impl Graph {
    /// The net of the lines: equal points are one vertex, and loose ends are bridged to what lies near.
    pub(super) fn build<'l>(lines: impl Iterator<Item = &'l Line>) -> Self {
        let mut graph = Graph { points: Vec::new(), edges: Vec::new(), cells: BTreeMap::new() };
        let mut index: BTreeMap<(i64, i64), u32> = BTreeMap::new();
        let mut line_of: Vec<(usize, f64)> = Vec::new();
        for (number, line) in lines.enumerate() {
            let mut previous = None;
            for point in &line.points {
                let key = ((point.lat * 1e4).round() as i64, (point.lon * 1e4).round() as i64);
                let vertex = *index.entry(key).or_insert_with(|| {
                    line_of.push((number, line.bridge_m()));
                    graph.add_vertex(*point)
                });
                if let Some(previous) = previous
                    && previous != vertex
                {
                    graph.add_edge(previous, vertex, false, line.open_database());
                }
                previous = Some(vertex);
            }
        }
        graph.bridge_loose_ends(&line_of);
        graph
    }

    fn add_vertex(&mut self, point: Point) -> u32 {
        let vertex = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
        self.points.push(point);
        self.edges.push(Vec::new());
        self.cells.entry(cell(point)).or_default().push(vertex);
        vertex
    }

    fn add_edge(&mut self, a: u32, b: u32, bridge: bool, open_database: bool) {
        let length_m = self.points[a as usize].distance_m(self.points[b as usize]);
        self.edges[a as usize].push(Edge { to: b, length_m, bridge, open_database });
        self.edges[b as usize].push(Edge { to: a, length_m, bridge, open_database });
    }

    /// Joins every vertex with one edge to the nearest vertices of other lines within reach.
    fn bridge_loose_ends(&mut self, line_of: &[(usize, f64)]) {
        let loose: Vec<u32> =
            (0..self.points.len() as u32).filter(|v| self.edges[*v as usize].len() == 1).collect();
        let mut bridges = Vec::new();
        for vertex in loose {
            let (own, bridge_m) = line_of[vertex as usize];
            let here = self.points[vertex as usize];
            let mut by_line: BTreeMap<usize, (f64, u32)> = BTreeMap::new();
            for other in self.within(here, bridge_m) {
                let (line, _) = line_of[other as usize];
                if line == own {
                    continue;
                }
                let far = here.distance_m(self.points[other as usize]);
                let best = by_line.entry(line).or_insert((far, other));
                if far < best.0 {
                    *best = (far, other);
                }
            }
            bridges.extend(by_line.into_values().map(|(_, other)| (vertex, other)));
        }
        for (a, b) in bridges {
            self.add_edge(a, b, true, false);
        }
    }

    /// Vertices within a distance.
    fn within(&self, point: Point, radius_m: f64) -> Vec<u32> {
        let rows = (radius_m / 111_000.0 / CELL).ceil() as i32;
        let columns = (radius_m / 111_000.0 / point.lat.to_radians().cos().max(0.1) / CELL).ceil() as i32;
        let (row, column) = cell(point);
        (row - rows..=row + rows)
            .flat_map(|r| (column - columns..=column + columns).map(move |c| (r, c)))
            .filter_map(|key| self.cells.get(&key))
            .flatten()
            .copied()
            .filter(|vertex| point.distance_m(self.points[*vertex as usize]) <= radius_m)
            .collect()
    }

    /// The vertices that may be a place's own, with what it costs to get there.
    pub(super) fn near(&self, point: Point) -> Vec<(u32, f64)> {
        let mut radius = 2_000.0;
        while radius <= ACCESS_M * 8.0 {
            let nearest = self
                .within(point, radius)
                .iter()
                .map(|v| point.distance_m(self.points[*v as usize]))
                .fold(f64::MAX, f64::min);
            if nearest < f64::MAX {
                let found = self.within(point, nearest + ACCESS_MORE_M);
                return found
                    .into_iter()
                    .map(|v| (v, point.distance_m(self.points[v as usize]) * ACCESS_FACTOR))
                    .collect();
            }
            radius *= 2.0;
        }
        Vec::new()
    }

    /// The shortest way from any of the starts to any of the ends (Dijkstra).
    pub(super) fn shortest(&self, starts: &[(u32, f64)], ends: &[(u32, f64)]) -> Option<Way> {
        let mut best = vec![u64::MAX; self.points.len()];
        let mut came: Vec<Option<(u32, usize)>> = vec![None; self.points.len()];
        let extra: BTreeMap<u32, f64> = ends.iter().copied().collect();
        let mut queue = BinaryHeap::new();
        for (vertex, cost) in starts {
            let cost = millimetres(*cost);
            if cost < best[*vertex as usize] {
                best[*vertex as usize] = cost;
                queue.push(Reverse((cost, *vertex)));
            }
        }
        let mut goal: Option<(u64, u32)> = None;
        while let Some(Reverse((cost, vertex))) = queue.pop() {
            if goal.is_some_and(|(found, _)| cost >= found) {
                break;
            }
            if cost > best[vertex as usize] {
                continue;
            }
            if let Some(access) = extra.get(&vertex) {
                let total = cost + millimetres(*access);
                if goal.is_none_or(|(found, _)| total < found) {
                    goal = Some((total, vertex));
                }
            }
            for (number, edge) in self.edges[vertex as usize].iter().enumerate() {
                let factor = if edge.bridge { BRIDGE_FACTOR } else { 1.0 };
                let next = cost + millimetres(edge.length_m * factor);
                if next < best[edge.to as usize] {
                    best[edge.to as usize] = next;
                    came[edge.to as usize] = Some((vertex, number));
                    queue.push(Reverse((next, edge.to)));
                }
            }
        }
        goal.map(|(_, end)| self.way_back(end, &came))
    }

    fn way_back(&self, end: u32, came: &[Option<(u32, usize)>]) -> Way {
        let mut way =
            Way { points: vec![self.points[end as usize]], end, bridged_m: 0.0, open_database: false };
        let mut here = end;
        while let Some((before, number)) = came[here as usize] {
            let edge = &self.edges[before as usize][number];
            way.open_database |= edge.open_database;
            if edge.bridge {
                way.bridged_m += edge.length_m;
            }
            way.points.push(self.points[before as usize]);
            here = before;
        }
        way.points.reverse();
        way
    }
}

fn cell(point: Point) -> (i32, i32) {
    ((point.lat / CELL).floor() as i32, (point.lon / CELL).floor() as i32)
}

fn millimetres(metres: f64) -> u64 {
    (metres * 1e3) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64)]) -> Line {
        let points = points.iter().map(|(lat, lon)| Point { lat: *lat, lon: *lon }).collect();
        Line { points, layer: "ne", name: String::new() }
    }

    #[test]
    fn the_shorter_of_two_ways_is_taken_and_a_gap_is_bridged() {
        let lines = [
            line(&[(40.0, 50.0), (40.0, 50.5)]),
            line(&[(40.0, 50.51), (40.0, 51.0)]),
            line(&[(40.0, 50.0), (41.0, 50.5), (40.0, 51.0)]),
        ];
        let graph = Graph::build(lines.iter());
        let (from, to) = (Point { lat: 40.0, lon: 50.0 }, Point { lat: 40.0, lon: 51.0 });
        let way = graph.shortest(&graph.near(from), &graph.near(to)).unwrap();
        assert!(way.bridged_m > 500.0 && way.bridged_m < 1_000.0);
        assert!(way.points.iter().all(|point| point.lat < 40.1));
        let farther = [line(&[(40.0, 50.0), (40.0, 50.5)]), line(&[(40.0, 50.6), (40.0, 51.0)])];
        let apart = Graph::build(farther.iter());
        assert!(apart.shortest(&apart.near(from), &apart.near(to)).is_none());
    }
}

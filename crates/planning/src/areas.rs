//! The ground that is reached, as polygons.
//!
//! Around a place that is reached lies a disc that grows with the time that is left, as far as a truck gets on its last miles;
//! along a ride as far as it is done lies a strip. Their union is traced on a grid of degrees by marching squares over the
//! distance to its edge, so that the outline is smooth and holes stay holes. It says where goods can be, not that a road
//! leads everywhere in it.

use crate::limits::{AREA_REACH_KM, AREA_STEP_DEGREES, AREA_STRIP_KM, MOST_AREA_CELLS, ROAD_KM_PER_DAY};
use std::collections::BTreeMap;

/// Kilometres of a degree of latitude.
const DEGREE_KM: f64 = 111.2;

/// Longitude and latitude. Unit: degree.
pub type Position = [f64; 2];

/// A closed line: the first position is the last as well. Outer rings run against the clock, holes with it (RFC 7946).
pub type Ring = Vec<Position>;

/// An outer ring and its holes.
pub type Polygon = Vec<Ring>;

/// What lies within reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// A place, with the days that are left there.
    Place(Position, f64),
    /// A ride between two positions.
    Strip(Position, Position),
}

impl Reach {
    fn ends(&self) -> (Position, Position) {
        match *self {
            Self::Place(at, _) => (at, at),
            Self::Strip(from, to) => (from, to),
        }
    }

    fn radius_km(&self) -> f64 {
        match *self {
            Self::Place(_, days) => (days * ROAD_KM_PER_DAY).clamp(AREA_STRIP_KM, AREA_REACH_KM),
            Self::Strip(..) => AREA_STRIP_KM,
        }
    }

    /// How far a position lies outside; less than zero within. Unit: kilometre.
    fn outside_km(&self, at: Position) -> f64 {
        let (from, to) = self.ends();
        let narrow = at[1].to_radians().cos();
        let flat = |[lon, lat]: Position| [(lon - at[0]) * narrow * DEGREE_KM, (lat - at[1]) * DEGREE_KM];
        let ([x, y], [u, v]) = (flat(from), flat(to));
        let (dx, dy) = (u - x, v - y);
        let square = dx * dx + dy * dy;
        let along = if square > 0.0 { (-(x * dx + y * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        (x + along * dx).hypot(y + along * dy) - self.radius_km()
    }
}

/// The union of what lies within reach. Nothing within reach has no polygons.
pub fn draw_areas(reached: &[Reach]) -> Vec<Polygon> {
    let Some(mut grid) = Grid::around(reached) else { return Vec::new() };
    reached.iter().for_each(|reach| grid.mark(reach));
    assemble(grid.trace())
}

/// How far the union's edge is from the knots of a grid.
struct Grid {
    /// South-western knot.
    origin: Position,
    step: f64,
    columns: usize,
    rows: usize,
    outside: Vec<f64>,
}

impl Grid {
    /// A grid with a margin, so that nothing reaches its edge.
    fn around(reached: &[Reach]) -> Option<Self> {
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for reach in reached {
            let (from, to) = reach.ends();
            for at in [from, to] {
                let margin = margin(at, reach.radius_km());
                for axis in 0..2 {
                    low[axis] = low[axis].min(at[axis] - margin[axis]);
                    high[axis] = high[axis].max(at[axis] + margin[axis]);
                }
            }
        }
        if reached.is_empty() || !low.iter().chain(&high).all(|part| part.is_finite()) {
            return None;
        }
        let mut step = AREA_STEP_DEGREES;
        loop {
            let knots = |axis: usize| ((high[axis] - low[axis]) / step).ceil() as usize + 5;
            let (columns, rows) = (knots(0), knots(1));
            if columns * rows <= MOST_AREA_CELLS {
                let origin = low.map(|part| part - 2.0 * step);
                return Some(Self { origin, step, columns, rows, outside: vec![f64::MAX; columns * rows] });
            }
            step *= 2.0;
        }
    }

    fn position(&self, column: usize, row: usize) -> Position {
        [self.origin[0] + column as f64 * self.step, self.origin[1] + row as f64 * self.step]
    }

    fn mark(&mut self, reach: &Reach) {
        let (from, to) = reach.ends();
        let range = |axis: usize, most: usize| {
            let margin = |at: Position| margin(at, reach.radius_km())[axis] + 2.0 * self.step;
            let low = (from[axis] - margin(from)).min(to[axis] - margin(to)) - self.origin[axis];
            let high = (from[axis] + margin(from)).max(to[axis] + margin(to)) - self.origin[axis];
            (
                (low / self.step).floor().max(0.0) as usize,
                ((high / self.step).ceil().max(0.0) as usize + 1).min(most),
            )
        };
        let (columns, rows) = (range(0, self.columns), range(1, self.rows));
        for row in rows.0..rows.1 {
            for column in columns.0..columns.1 {
                let outside = reach.outside_km(self.position(column, row));
                let knot = &mut self.outside[row * self.columns + column];
                *knot = knot.min(outside);
            }
        }
    }

    /// The edge's pieces: from which edge of the grid to which, the area on the left.
    fn trace(&self) -> BTreeMap<Edge, (Edge, Position)> {
        let mut next = BTreeMap::new();
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                self.trace_cell(column, row, &mut next);
            }
        }
        next
    }

    fn trace_cell(&self, column: usize, row: usize, next: &mut BTreeMap<Edge, (Edge, Position)>) {
        let corner = |dx: usize, dy: usize| self.outside[(row + dy) * self.columns + column + dx];
        // Against the clock, from the south-west.
        let corners = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
        let within = corners.map(|outside| outside < 0.0);
        if within.iter().all(|one| *one) || !within.iter().any(|one| *one) {
            return;
        }
        let sides =
            [(column, row, false), (column + 1, row, true), (column, row + 1, false), (column, row, true)];
        let middle = corners.iter().map(|outside| outside.clamp(-1e3, 1e3)).sum::<f64>() < 0.0;
        // Walking against the clock around a cell, the edge of the area enters where it is left and leaves where it begins.
        let ends: Vec<usize> = (0..4).filter(|side| within[*side] && !within[(side + 1) % 4]).collect();
        let starts: Vec<usize> = (0..4).filter(|side| !within[*side] && within[(side + 1) % 4]).collect();
        for end in &ends {
            // Of two, a saddle joins the corners that are within if its middle is.
            let near = |start: &&usize| (**start + 4 - end) % 4;
            let partner =
                if middle { starts.iter().min_by_key(near) } else { starts.iter().max_by_key(near) };
            if let Some(start) = partner {
                next.insert(sides[*end], (sides[*start], self.crossing(sides[*end])));
            }
        }
    }

    /// Where the edge of the area crosses a side of the grid.
    fn crossing(&self, (column, row, upright): Edge) -> Position {
        let (dx, dy) = if upright { (0, 1) } else { (1, 0) };
        let at = |column: usize, row: usize| self.outside[row * self.columns + column].clamp(-1e3, 1e3);
        let (one, other) = (at(column, row), at(column + dx, row + dy));
        let share = (one / (one - other)).clamp(0.0, 1.0);
        let ([x, y], [u, v]) = (self.position(column, row), self.position(column + dx, row + dy));
        [x + share * (u - x), y + share * (v - y)].map(|part| (part * 1e3).round() / 1e3)
    }
}

/// A side between two knots: column, row, and whether it runs north.
type Edge = (usize, usize, bool);

/// Degrees that a distance spans at a position.
fn margin(at: Position, km: f64) -> [f64; 2] {
    let narrow = (at[1].abs() + km / DEGREE_KM).min(85.0).to_radians().cos();
    [km / DEGREE_KM / narrow, km / DEGREE_KM]
}

/// Pieces joined to rings, and holes given to the rings that hold them.
fn assemble(mut next: BTreeMap<Edge, (Edge, Position)>) -> Vec<Polygon> {
    let (mut outer, mut holes): (Vec<Polygon>, Vec<Ring>) = (Vec::new(), Vec::new());
    while let Some((first, (mut edge, at))) = next.pop_first() {
        let mut ring = vec![at];
        while edge != first {
            let Some((onward, at)) = next.remove(&edge) else { break };
            if ring.last() != Some(&at) {
                ring.push(at);
            }
            edge = onward;
        }
        ring.push(at);
        if ring.len() < 4 {
            continue;
        }
        if area(&ring) > 0.0 { outer.push(vec![ring]) } else { holes.push(ring) }
    }
    for hole in holes {
        let holding = outer.iter_mut().filter(|polygon| hole.first().is_some_and(|at| holds(polygon, *at)));
        let least = holding.min_by(|a, b| area_of(a).total_cmp(&area_of(b)));
        if let Some(polygon) = least {
            polygon.push(hole);
        }
    }
    outer
}

fn area_of(polygon: &Polygon) -> f64 {
    polygon.first().map_or(0.0, |ring| area(ring))
}

/// Twice the area on the left of a ring.
fn area(ring: &[Position]) -> f64 {
    ring.iter().zip(ring.iter().skip(1)).map(|([x, y], [u, v])| x * v - u * y).sum()
}

fn holds(polygon: &Polygon, at: Position) -> bool {
    let Some(ring) = polygon.first() else { return false };
    let crossings = ring.iter().zip(ring.iter().skip(1)).filter(|([x, y], [u, v])| {
        (*y > at[1]) != (*v > at[1]) && at[0] < (u - x) * (at[1] - y) / (v - y) + x
    });
    crossings.count() % 2 == 1
}

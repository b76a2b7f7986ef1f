//! The pieces of all courses, by the cell of a grid of half degrees that they may be in reach of.
//!
//! Own and not a tree of a package: some thousand pieces that never change need no balancing, and a cell is found by two divisions.

use kervan_units::GeoPoint;

/// Side of a cell. Unit: degree.
const CELL: f64 = 0.5;
/// Cells around the globe and from pole to pole.
const COLUMNS: usize = 720;
const ROWS: usize = 360;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// Longest piece. Longer ones are cut: on a flat map the foot of a perpendicular of a short one is exact enough. Unit: metre.
const LONGEST_M: f64 = 60_000.0;

/// A piece of a course.
#[derive(Clone, Copy, Debug)]
struct Piece {
    track: usize,
    from: GeoPoint,
    to: GeoPoint,
    /// Length of the course before it. Unit: metre.
    behind_m: f64,
    length_m: f64,
}

/// A point of a course near a position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near {
    pub(super) track: usize,
    /// Length of the course before it. Unit: metre.
    pub(super) along_m: f64,
    pub(super) off_m: f64,
    pub(super) point: GeoPoint,
}

/// Pieces by cell.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pieces: Vec<Piece>,
    /// For each cell where its pieces begin in `members`; one more at the end.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Grid {
    /// Makes the grid from courses, each with how far it reaches to the sides. Unit: metre.
    pub(super) fn new<'c>(courses: impl Iterator<Item = (&'c [GeoPoint], f64)>) -> Self {
        let mut pieces = Vec::new();
        let mut cells: Vec<(u32, u32)> = Vec::new();
        for (track, (course, reach_m)) in courses.enumerate() {
            let mut behind_m = 0.0;
            for (a, b) in course.iter().zip(course.iter().skip(1)) {
                let whole_m = a.great_circle_m(*b);
                let parts = (whole_m / LONGEST_M).ceil().max(1.0);
                for part in 0..parts as u32 {
                    let share = |at: u32| a.towards(*b, f64::from(at) / parts);
                    let (from, to) = (share(part), share(part + 1));
                    let length_m = whole_m / parts;
                    let number = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
                    cells.extend(cells_of(from, to, reach_m).map(|cell| (cell, number)));
                    pieces.push(Piece { track, from, to, behind_m, length_m });
                    behind_m += length_m;
                }
            }
        }
        cells.sort_unstable();
        let mut starts = vec![0_u32; COLUMNS * ROWS + 1];
        for (cell, _) in &cells {
            if let Some(count) = starts.get_mut(*cell as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { pieces, starts, members: cells.into_iter().map(|(_, piece)| piece).collect() }
    }

    /// The nearest point of every piece that may be in reach of a position.
    pub(super) fn near(&self, point: GeoPoint) -> impl Iterator<Item = Near> + '_ {
        let cell = row_of(point.lat()) * COLUMNS + column_of(point.lon());
        let start = self.starts.get(cell).copied().unwrap_or(0) as usize;
        let end = self.starts.get(cell + 1).copied().unwrap_or(0) as usize;
        let members = self.members.get(start..end).unwrap_or_default();
        let narrowing = point.lat().to_radians().cos();
        members
            .iter()
            .filter_map(move |member| Some(self.pieces.get(*member as usize)?.near(point, narrowing)))
    }
}

impl Piece {
    fn near(&self, point: GeoPoint, narrowing: f64) -> Near {
        let flat = |other: GeoPoint| ((other.lon() - point.lon()) * narrowing, other.lat() - point.lat());
        let ((ax, ay), (bx, by)) = (flat(self.from), flat(self.to));
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let share = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + dx * share, ay + dy * share);
        Near {
            track: self.track,
            along_m: self.behind_m + self.length_m * share,
            off_m: x.hypot(y) * DEGREE_M,
            point: self.from.towards(self.to, share),
        }
    }
}

fn row_of(lat: f64) -> usize {
    (((lat + 90.0) / CELL) as usize).min(ROWS - 1)
}

fn column_of(lon: f64) -> usize {
    (((lon + 180.0) / CELL) as usize).min(COLUMNS - 1)
}

/// The cells that a piece may be in reach of: those of its box, made wider by the reach.
fn cells_of(from: GeoPoint, to: GeoPoint, reach_m: f64) -> impl Iterator<Item = u32> {
    let up = reach_m / DEGREE_M;
    let (south, north) = (from.lat().min(to.lat()) - up, from.lat().max(to.lat()) + up);
    // Nobody ships over the poles; near them the box would go around the globe.
    let aside = up / south.abs().max(north.abs()).min(85.0).to_radians().cos();
    let (west, east) = (from.lon().min(to.lon()) - aside, from.lon().max(to.lon()) + aside);
    let rows = row_of(south.max(-90.0))..=row_of(north.min(90.0));
    let columns = column_of(west.max(-180.0))..=column_of(east.min(180.0));
    rows.flat_map(move |row| columns.clone().map(move |column| (row * COLUMNS + column) as u32))
}

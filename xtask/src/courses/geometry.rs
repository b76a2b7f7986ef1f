//! Points, distances and the simplification of lines.

use std::collections::BTreeSet;

/// A point in WGS 84, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) lat: f64,
    pub(super) lon: f64,
}

impl Point {
    /// Great-circle distance on the mean sphere. Unit: metre.
    pub(super) fn distance_m(self, other: Self) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_dlat = (lat2 - lat1) / 2.0;
        let half_dlon = (other.lon - self.lon).to_radians() / 2.0;
        let chord = half_dlat.sin().powi(2) + lat1.cos() * lat2.cos() * half_dlon.sin().powi(2);
        2.0 * 6_371_008.8 * chord.sqrt().min(1.0).asin()
    }
}

/// Length of a line. Unit: metre.
pub(super) fn length_m(line: &[Point]) -> f64 {
    line.iter().zip(line.iter().skip(1)).map(|(a, b)| a.distance_m(*b)).sum()
}

/// Area of the triangle of three points, with longitudes shrunk by the latitude. Unit: square metre.
fn triangle_m2(a: Point, b: Point, c: Point) -> f64 {
    let shrink = b.lat.to_radians().cos();
    let flat = |p: Point| (p.lon * 111_320.0 * shrink, p.lat * 111_320.0);
    let ((ax, ay), (bx, by), (cx, cy)) = (flat(a), flat(b), flat(c));
    ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).abs() / 2.0
}

/// Leaves out the points that matter least (Visvalingam): down to `most`, and on to `least` while nothing is lost
/// that a map of the corridor could show.
pub(super) fn simplify(line: &[Point], least: usize, most: usize) -> Vec<Point> {
    /// A triangle that no map of the corridor shows: half a kilometre high over a kilometre. Unit: square metre.
    const UNSEEN_M2: f64 = 0.25e6;
    let n = line.len();
    if n <= 2 {
        return line.to_vec();
    }
    let mut before: Vec<usize> = (0..n).map(|i| i.saturating_sub(1)).collect();
    let mut after: Vec<usize> = (1..=n).collect();
    let mut area = vec![f64::INFINITY; n];
    // Areas are not negative, so their bits sort as they do; the index tells equal ones apart.
    let mut queue = BTreeSet::new();
    for i in 1..n - 1 {
        area[i] = triangle_m2(line[i - 1], line[i], line[i + 1]);
        queue.insert((area[i].to_bits(), i));
    }
    let mut left = n;
    while let Some((bits, i)) = queue.pop_first() {
        if left <= least || (left <= most && f64::from_bits(bits) > UNSEEN_M2) {
            queue.insert((bits, i));
            break;
        }
        let (p, q) = (before[i], after[i]);
        after[p] = q;
        before[q] = p;
        left -= 1;
        for neighbour in [p, q] {
            if neighbour == 0 || neighbour == n - 1 {
                continue;
            }
            queue.remove(&(area[neighbour].to_bits(), neighbour));
            let fresh = triangle_m2(line[before[neighbour]], line[neighbour], line[after[neighbour]]);
            // Never less than what was just removed, or a slow bend would vanish step by step.
            area[neighbour] = fresh.max(f64::from_bits(bits));
            queue.insert((area[neighbour].to_bits(), neighbour));
        }
    }
    let mut kept: Vec<usize> = queue.into_iter().map(|(_, i)| i).chain([0, n - 1]).collect();
    kept.sort_unstable();
    kept.into_iter().map(|i| line[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_keeps_the_least_and_a_bend_stays() {
        let straight: Vec<Point> =
            (0..100).map(|i| Point { lat: 40.0, lon: 50.0 + f64::from(i) / 100.0 }).collect();
        assert_eq!(simplify(&straight, 20, 80).len(), 20);
        let mut bent = straight;
        bent[50].lat = 40.5;
        let kept = simplify(&bent, 20, 80);
        assert!(kept.iter().any(|point| point.lat == 40.5));
        assert_eq!((kept.first(), kept.last()), (bent.first(), bent.last()));
    }

    #[test]
    fn a_degree_of_latitude_is_111_kilometres() {
        let (a, b) = (Point { lat: 40.0, lon: 50.0 }, Point { lat: 41.0, lon: 50.0 });
        assert!((a.distance_m(b) / 1e3 - 111.2).abs() < 0.1);
    }
}

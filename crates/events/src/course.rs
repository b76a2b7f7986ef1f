//! Courses: the line that a leg follows on the map, from one end to the other.
//!
//! Good between the points of our courses, some tens of kilometres apart. Not made for lines across the 180th meridian.

use kervan_units::GeoPoint;

/// The point nearest to a position on a course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// How far along the course it lies. Range: 0 to 1, by length.
    pub share: f64,
    /// How far off the course the position is. Unit: metre.
    pub off_m: f64,
    /// The point itself.
    pub point: GeoPoint,
}

/// Length of a course. Unit: metre.
pub fn length_m(course: &[GeoPoint]) -> f64 {
    segments(course).map(|(a, b)| a.great_circle_m(b)).sum()
}

/// The point at `share` (0 to 1) of a course, by length; nothing if the course is empty.
///
/// ```
/// use kervan_events::course::position_on_course;
/// use kervan_units::GeoPoint;
///
/// let course = [GeoPoint::from_degrees(40.0, 50.0).unwrap(), GeoPoint::from_degrees(40.0, 52.0).unwrap()];
/// let middle = position_on_course(&course, 0.5).unwrap();
/// assert!((middle.lon() - 51.0).abs() < 1e-6);
/// ```
pub fn position_on_course(course: &[GeoPoint], share: f64) -> Option<GeoPoint> {
    let wanted = length_m(course) * share.clamp(0.0, 1.0);
    let mut behind = 0.0;
    for (a, b) in segments(course) {
        let length = a.great_circle_m(b);
        if length > 0.0 && behind + length >= wanted {
            return Some(a.towards(b, (wanted - behind) / length));
        }
        behind += length;
    }
    course.last().copied()
}

/// The point of a course nearest to a position; nothing if the course is empty.
pub fn nearest_on_course(course: &[GeoPoint], position: GeoPoint) -> Option<Nearest> {
    let whole = length_m(course);
    let first = *course.first()?;
    let mut best = Nearest { share: 0.0, off_m: first.great_circle_m(position), point: first };
    let mut behind = 0.0;
    for (a, b) in segments(course) {
        let length = a.great_circle_m(b);
        let along = foot(a, b, position);
        let point = a.towards(b, along);
        let off_m = point.great_circle_m(position);
        if off_m < best.off_m {
            let share = if whole > 0.0 { ((behind + length * along) / whole).clamp(0.0, 1.0) } else { 0.0 };
            best = Nearest { share, off_m, point };
        }
        behind += length;
    }
    Some(best)
}

fn segments(course: &[GeoPoint]) -> impl Iterator<Item = (GeoPoint, GeoPoint)> + '_ {
    course.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
}

/// How far along from `a` to `b` (0 to 1) the foot of the perpendicular from `position` lies, on a flat map at its latitude.
fn foot(a: GeoPoint, b: GeoPoint, position: GeoPoint) -> f64 {
    let narrowing = position.lat().to_radians().cos();
    let flat = |point: GeoPoint| ((point.lon() - a.lon()) * narrowing, point.lat() - a.lat());
    let ((bx, by), (px, py)) = (flat(b), flat(position));
    let square = bx * bx + by * by;
    if square > 0.0 { ((px * bx + py * by) / square).clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lat: f64, lon: f64) -> GeoPoint {
        GeoPoint::from_degrees(lat, lon).unwrap()
    }

    #[test]
    fn a_share_and_its_point_find_each_other() {
        let course = [point(43.6, 51.2), point(43.0, 51.0), point(41.5, 50.1), point(40.0, 49.5)];
        for step in 0..=20 {
            let share = f64::from(step) / 20.0;
            let nearest = nearest_on_course(&course, position_on_course(&course, share).unwrap()).unwrap();
            assert!((nearest.share - share).abs() < 1e-3 && nearest.off_m < 50.0, "{share}: {nearest:?}");
        }
    }

    #[test]
    fn a_position_off_the_course_is_told_how_far() {
        let course = [point(40.0, 50.0), point(40.0, 52.0)];
        let nearest = nearest_on_course(&course, point(40.09, 51.0)).unwrap();
        assert!((nearest.off_m - 10_007.0).abs() < 20.0 && (nearest.share - 0.5).abs() < 1e-3, "{nearest:?}");
    }

    #[test]
    fn short_courses_have_answers() {
        assert_eq!(position_on_course(&[], 0.5), None);
        assert!(nearest_on_course(&[], point(0.0, 0.0)).is_none());
        let one = [point(40.0, 50.0)];
        assert_eq!(position_on_course(&one, 0.5), Some(one[0]));
        assert_eq!(nearest_on_course(&one, one[0]).unwrap().share, 0.0);
        let twice = [one[0], one[0]];
        assert_eq!(position_on_course(&twice, 0.7), Some(one[0]));
        assert_eq!(nearest_on_course(&twice, one[0]).unwrap().share, 0.0);
    }
}

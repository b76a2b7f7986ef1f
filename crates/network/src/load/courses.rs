//! Courses of the links.

use super::Loading;
use super::places::read_lat_lon;
use crate::CourseLicence;
use crate::table::Row;
use kervan_model::{Finding, LinkId};
use kervan_units::GeoPoint;
use std::collections::BTreeMap;
use std::str::FromStr;

const COLUMNS: &[&str] = &["link", "seq", "lat", "lon"];

/// A line that comes no nearer to its place than this needs a look. Unit: metre.
const FAR_M: f64 = 40_000.0;

/// A gap between place and course that is not worth a point of its own. Unit: metre.
const JOINED_M: f64 = 50.0;

pub(super) fn load(loading: &mut Loading) {
    for (file, licence) in
        [("courses.csv", CourseLicence::Free), ("courses_odbl.csv", CourseLicence::OpenDatabase)]
    {
        let Some(table) = loading.table(file, COLUMNS) else { continue };
        // By the text of the id, which is parsed once for a course and not for each of its points.
        let mut courses: BTreeMap<&str, (Row<'_>, BTreeMap<u32, GeoPoint>)> = BTreeMap::new();
        for row in table.rows() {
            let findings = &mut loading.findings;
            let (seq, point) = (row.parse("seq", findings), read_lat_lon(&row, findings));
            let (Some(seq), Some(point)) = (seq, point) else { continue };
            let (_, points) = courses.entry(row.text("link")).or_insert_with(|| (row, BTreeMap::new()));
            if points.insert(seq, point).is_some() {
                findings.push(super::duplicate(&row, "seq", &seq));
            }
        }
        for (row, points) in courses.into_values() {
            let Some(link) = row.parse::<LinkId>("link", &mut loading.findings) else { continue };
            if !loading.links_with_row.contains(&link) {
                loading.findings.push(
                    Finding::error("network.unknown-link", format!("`{link}` is not in links.csv"))
                        .at(row.path("link"))
                        .remedy("derive the courses again: `cargo xtask courses`"),
                );
            }
            attach(loading, &link, &points.into_values().collect::<Vec<_>>(), licence);
        }
    }
}

/// Gives a link and its opposite direction their course, joined to the points of the places at both ends.
fn attach(loading: &mut Loading, id: &LinkId, points: &[GeoPoint], licence: CourseLicence) {
    let Some(link) = loading.links.get_mut(id) else { return };
    let (Some(start), Some(end)) = (link.course.first().copied(), link.course.last().copied()) else {
        return;
    };
    for (place, gap_m) in [
        (&link.from, points.first().map_or(0.0, |first| first.great_circle_m(start))),
        (&link.to, points.last().map_or(0.0, |last| last.great_circle_m(end))),
    ] {
        if gap_m > FAR_M {
            let message = format!("the course of {id} comes no nearer than {:.0} km to {place}", gap_m / 1e3);
            loading.findings.push(
                Finding::info("network.course-far-from-end", message)
                    .at(format!("{}:id", link.at))
                    .remedy("correct the point of the place, or give a point on the way in course_via.csv"),
            );
        }
    }
    let mut course = Vec::with_capacity(points.len() + 2);
    if points.first().is_none_or(|first| first.great_circle_m(start) > JOINED_M) {
        course.push(start);
    }
    course.extend_from_slice(points);
    if points.last().is_none_or(|last| last.great_circle_m(end) > JOINED_M) {
        course.push(end);
    }
    link.course = course.clone();
    link.course_licence = Some(licence);
    let back = LinkId::from_str(&format!("{id}R")).ok().and_then(|back| loading.links.get_mut(&back));
    if let Some(back) = back {
        course.reverse();
        back.course = course;
        back.course_licence = Some(licence);
    }
}

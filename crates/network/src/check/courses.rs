//! Lengths and courses of links.

use super::is_opposite;
use crate::{Link, Network};
use kervan_model::Finding;

/// A published length may fall this share below the great circle, because points are not exact.
const GREAT_CIRCLE_SLACK: f64 = 0.995;
/// Course length as a share of the typical length that raises no question.
const PLAUSIBLE_RATIO: std::ops::RangeInclusive<f64> = 0.70..=1.30;
/// Courses shorter than this follow their ends, not a line; their ratio says nothing. Unit: kilometre.
const SHORT_KM: f64 = 60.0;

pub(super) fn check(network: &Network, findings: &mut Vec<Finding>) {
    for link in network.list_links().filter(|link| !is_opposite(link.id.as_str())) {
        let (Some(from), Some(to)) = (network.find_place(&link.from), network.find_place(&link.to)) else {
            continue;
        };
        let great_circle_km = from.point.great_circle_m(to.point) / 1e3;
        lengths(link, great_circle_km, findings);
        drawn(link, great_circle_km, findings);
        let (first, last) = (link.countries.first(), link.countries.last());
        if first != Some(&from.country) || last != Some(&to.country) {
            findings.push(
                Finding::error(
                    "network.countries-of-ends",
                    "the countries do not begin and end with those of the ends",
                )
                .at(format!("{}:countries", link.at))
                .remedy("list the countries in travel order, ends included"),
            );
        }
    }
}

fn lengths(link: &Link, great_circle_km: f64, findings: &mut Vec<Finding>) {
    let typical = link.distance.typ().as_kilometres_f64();
    let least = link.distance.min().as_kilometres_f64();
    let limit = great_circle_km * GREAT_CIRCLE_SLACK;
    let message = |what: &str, km: f64| {
        format!("{} {what} {km:.1} km, the great circle alone is {great_circle_km:.1} km", link.id)
    };
    if typical < limit {
        findings.push(
            Finding::error("network.shorter-than-great-circle", message("is given", typical))
                .at(format!("{}:km_typ", link.at))
                .remedy("correct the length or the points of its ends"),
        );
    } else if least < limit {
        findings.push(
            Finding::warning("network.least-below-great-circle", message("has as its least length", least))
                .at(format!("{}:km_min", link.at))
                .remedy("raise the least value"),
        );
    }
}

fn drawn(link: &Link, great_circle_km: f64, findings: &mut Vec<Finding>) {
    if link.course_licence.is_none() {
        findings.push(
            Finding::warning(
                "network.course-missing",
                format!("{} has no course, only a straight line", link.id),
            )
            .at(format!("{}:id", link.at))
            .remedy("derive it with `cargo xtask courses`"),
        );
        return;
    }
    let course_km = link.course_length_m() / 1e3;
    let typical = link.distance.typ().as_kilometres_f64();
    let ratio = course_km / typical.max(0.1);
    if course_km < great_circle_km * GREAT_CIRCLE_SLACK {
        let message = format!(
            "the course of {} is {course_km:.1} km, the great circle {great_circle_km:.1} km",
            link.id
        );
        findings.push(
            Finding::error("network.course-shorter-than-great-circle", message)
                .at(format!("{}:id", link.at))
                .remedy("derive the courses again; the points do not belong to this link"),
        );
    } else if course_km > SHORT_KM && !PLAUSIBLE_RATIO.contains(&ratio) {
        let message = format!("the course of {} is {course_km:.0} km, its length {typical:.0} km", link.id);
        findings.push(
            Finding::warning("network.course-length", message)
                .at(format!("{}:km_typ", link.at))
                .remedy("give points on the way in course_via.csv, or look at the length again"),
        );
    }
}

//! Links, each direction one.

use super::places::read_known_place;
use super::{Loading, duplicate, read_status};
use crate::table::{Row, scaled};
use crate::{Link, Traction};
use kervan_codes::CountryCode;
use kervan_model::{Finding, LinkId, Mode};
use kervan_units::Distance;
use std::str::FromStr;

const COLUMNS: &[&str] = &[
    "id",
    "from",
    "to",
    "both_ways",
    "mode",
    "km_min",
    "km_typ",
    "km_max",
    "gauge_mm",
    "traction",
    "countries",
    "status",
    "opens",
    "since",
    "reason",
    "operator",
    "source",
    "period",
    "confidence",
    "note",
];

pub(super) fn load(loading: &mut Loading) {
    let Some(table) = loading.table("links.csv", COLUMNS) else { return };
    for row in table.rows() {
        let Some(link) = read_link(&row, loading) else { continue };
        if loading.links.contains_key(&link.id) {
            loading.findings.push(duplicate(&row, "id", &link.id));
            continue;
        }
        if link.two_way
            && let Some(back) = reversed(&link)
        {
            loading.links.insert(back.id.clone(), back);
        }
        loading.links.insert(link.id.clone(), link);
    }
}

fn read_link(row: &Row<'_>, loading: &mut Loading) -> Option<Link> {
    let from = read_known_place(row, "from", loading);
    let to = read_known_place(row, "to", loading);
    let findings = &mut loading.findings;
    let id: Option<LinkId> = read_row_id(row, findings);
    loading.links_with_row.extend(id.clone());
    let two_way = row.yes("both_ways", findings);
    let mode = read_mode(row, "mode", findings);
    let distance = row.estimate("km", |text| scaled(text, 1e3).map(Distance::from_metres), findings);
    let gauge_mm = row.parse_optional("gauge_mm", findings);
    let traction = row.word_optional("traction", Traction::WORDS, findings);
    let countries = read_countries(row, findings);
    let status = read_status(row, findings);
    let provenance = row.provenance(findings);
    let operator = row.required("operator", findings);
    let (from, to) = (from?, to?);
    let course = [&from, &to].iter().filter_map(|code| Some(loading.places.get(*code)?.point)).collect();
    Some(Link {
        id: id?,
        from,
        to,
        mode: mode?,
        distance: distance?,
        gauge_mm: gauge_mm?,
        traction: traction?,
        countries: countries?,
        course,
        course_licence: None,
        status: status?,
        operator: operator?.to_owned(),
        two_way: two_way?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}

fn read_countries(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<Vec<CountryCode>> {
    let text = row.required("countries", findings)?;
    text.split(';')
        .map(|code| {
            CountryCode::from_str(code.trim())
                .map_err(|error| findings.push(row.bad("countries", error)))
                .ok()
        })
        .collect()
}

/// Reads a mode by its word.
pub(super) fn read_mode(row: &Row<'_>, column: &str, findings: &mut Vec<Finding>) -> Option<Mode> {
    let words: Vec<(&str, Mode)> = Mode::ALL.iter().map(|mode| (mode.word(), *mode)).collect();
    row.word(column, &words, findings)
}

/// Reads an id of a row. A final `R` is refused: it marks the opposite direction.
pub(super) fn read_row_id<T: FromStr<Err: std::fmt::Display + 'static>>(
    row: &Row<'_>,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    if row.text("id").ends_with('R') {
        findings.push(row.bad("id", "the final R is kept for the opposite direction"));
        return None;
    }
    row.parse("id", findings)
}

fn reversed(link: &Link) -> Option<Link> {
    let mut back = link.clone();
    back.id = LinkId::from_str(&format!("{}R", link.id)).ok()?;
    std::mem::swap(&mut back.from, &mut back.to);
    back.countries.reverse();
    back.course.reverse();
    Some(back)
}

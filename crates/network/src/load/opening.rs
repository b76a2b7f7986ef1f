//! Opening hours of places.

use super::places::read_known_place;
use super::schedules::{read_calendar, read_time};
use super::{Loading, rows_by_place};
use crate::OpeningHours;
use crate::table::Row;
use jiff::tz::TimeZone;
use kervan_codes::PlaceCode;
use kervan_model::{Mode, ProcessKind};
use std::collections::BTreeMap;

const COLUMNS: &[&str] = &[
    "id",
    "place",
    "process",
    "mode",
    "days",
    "opens",
    "closes",
    "closed_on",
    "also",
    "valid_from",
    "valid_to",
    "source",
    "period",
    "confidence",
    "note",
];

pub(super) fn load(loading: &mut Loading) -> BTreeMap<PlaceCode, Vec<OpeningHours>> {
    rows_by_place(loading, "opening_hours.csv", COLUMNS, read_hours, |hours| (&hours.id, &hours.place))
}

fn read_hours(row: &Row<'_>, loading: &mut Loading) -> Option<OpeningHours> {
    let kinds: Vec<(&str, ProcessKind)> = ProcessKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect();
    let modes: Vec<(&str, Mode)> = Mode::ALL.iter().map(|mode| (mode.word(), *mode)).collect();
    let place = read_known_place(row, "place", loading);
    let findings = &mut loading.findings;
    let id = row.required("id", findings);
    let process = row.word_optional("process", &kinds, findings);
    let mode = row.word_optional("mode", &modes, findings);
    let calendar = read_calendar(row, "closed_on", findings);
    let opens = read_time(row, "opens", findings);
    let closes = match row.text("closes") {
        "24:00" => Some(None),
        _ => read_time(row, "closes", findings).map(Some),
    };
    let provenance = row.provenance(findings);
    let place = place?;
    let zone = loading.places.get(&place).map(|place| place.zone.as_str()).unwrap_or_default();
    Some(OpeningHours {
        id: id?.to_owned(),
        process: process?,
        mode: mode?,
        calendar: calendar?,
        opens: opens?,
        closes: closes?,
        // A place with a zone that does not exist is reported with the place.
        zone: TimeZone::get(zone).ok()?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
        place,
    })
}

//! Places and their points.

use super::{Loading, duplicate, read_status, unknown_place};
use crate::table::Row;
use crate::{Place, PlaceKind};
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Finding, Provenance};
use kervan_units::GeoPoint;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

const PLACE_COLUMNS: &[&str] = &[
    "code",
    "name",
    "country",
    "zone",
    "kinds",
    "status",
    "opens",
    "since",
    "reason",
    "source",
    "period",
    "confidence",
    "note",
];
const POINT_COLUMNS: &[&str] = &["place", "lat", "lon", "licence", "source", "period", "confidence"];

struct Point {
    point: GeoPoint,
    licence: String,
    provenance: Provenance,
    used: bool,
    path: String,
}

pub(super) fn load(loading: &mut Loading) {
    let mut points = BTreeMap::new();
    for file in ["points.csv", "points_odbl.csv"] {
        let Some(table) = loading.table(file, POINT_COLUMNS) else { continue };
        for row in table.rows() {
            let Some((code, point)) = read_point(&row, &mut loading.findings) else { continue };
            match points.entry(code) {
                Entry::Occupied(taken) => loading.findings.push(duplicate(&row, "place", taken.key())),
                Entry::Vacant(free) => {
                    free.insert(point);
                }
            }
        }
    }
    let Some(table) = loading.table("places.csv", PLACE_COLUMNS) else { return };
    for row in table.rows() {
        let Some(place) = read_place(&row, &mut points, &mut loading.findings) else { continue };
        if loading.places.contains_key(&place.code) {
            loading.findings.push(duplicate(&row, "code", &place.code));
        } else {
            loading.places.insert(place.code.clone(), place);
        }
    }
    for (code, point) in points.into_iter().filter(|(_, point)| !point.used) {
        loading.findings.push(
            Finding::warning(
                "network.point-unused",
                format!("`{code}` has a point but is not in places.csv"),
            )
            .at(point.path)
            .remedy("add the place, or remove its point"),
        );
    }
}

fn read_point(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<(PlaceCode, Point)> {
    let code: Option<PlaceCode> = row.parse("place", findings);
    let point = read_lat_lon(row, findings);
    let licence = row.required("licence", findings);
    let provenance = row.provenance(findings);
    let point = Point {
        point: point?,
        licence: licence?.to_owned(),
        provenance: provenance?,
        used: false,
        path: row.path("place"),
    };
    Some((code?, point))
}

/// Reads the cells `lat` and `lon`.
pub(super) fn read_lat_lon(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<GeoPoint> {
    let (lat, lon) = (row.parse("lat", findings), row.parse("lon", findings));
    GeoPoint::from_degrees(lat?, lon?).map_err(|error| findings.push(row.bad("lat", error))).ok()
}

fn read_place(
    row: &Row<'_>,
    points: &mut BTreeMap<PlaceCode, Point>,
    findings: &mut Vec<Finding>,
) -> Option<Place> {
    let code: Option<PlaceCode> = row.parse("code", findings);
    let name = row.required("name", findings);
    let country: Option<CountryCode> = row.parse("country", findings);
    let zone = row.required("zone", findings);
    let kinds = row.words("kinds", PlaceKind::WORDS, findings);
    let status = read_status(row, findings);
    let provenance = row.provenance(findings);
    let code = code?;
    let Some(point) = points.get_mut(&code) else {
        findings.push(
            Finding::error("network.point-missing", format!("`{code}` has no point"))
                .at(row.path("code"))
                .remedy("add its row to points.csv, or to points_odbl.csv if it comes from OpenStreetMap"),
        );
        return None;
    };
    // Marked before the row may be refused below: a broken place is one problem, not two.
    point.used = true;
    Some(Place {
        name: name?.to_owned(),
        country: country?,
        zone: zone?.to_owned(),
        point: point.point,
        kinds: kinds?,
        status: status?,
        processes: Vec::new(),
        provenance: provenance?,
        point_provenance: point.provenance.clone(),
        point_licence: point.licence.clone(),
        note: row.text("note").to_owned(),
        at: row.at(),
        code,
    })
}

/// Reads a place code that must be in the places table.
pub(super) fn read_known_place(row: &Row<'_>, column: &str, loading: &mut Loading) -> Option<PlaceCode> {
    let code: PlaceCode = row.parse(column, &mut loading.findings)?;
    if !loading.places.contains_key(&code) {
        loading.findings.push(unknown_place(row, column, &code));
        return None;
    }
    Some(code)
}

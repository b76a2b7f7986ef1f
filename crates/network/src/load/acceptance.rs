//! What services and places take.

use super::links::read_mode;
use super::places::read_known_place;
use super::prices::read_directions;
use super::services::read_class;
use super::{Loading, duplicate};
use crate::table::{Row, scaled};
use crate::{Acceptance, DangerClass, DangerousAccepted, Scope};
use kervan_model::Finding;
use kervan_units::Mass;
use std::collections::BTreeSet;

const COLUMNS: &[&str] = &[
    "id",
    "service",
    "direction",
    "place",
    "mode",
    "class",
    "dangerous",
    "reefer",
    "reefer_plugs",
    "longest_ft",
    "heaviest_t",
    "source",
    "period",
    "confidence",
    "note",
];

/// Most classes of dangerous goods in one cell: there are 9 classes with 20 divisions.
const MOST_CLASSES: usize = 29;

pub(super) fn load(loading: &mut Loading) -> Vec<Acceptance> {
    let Some(table) = loading.table("acceptance.csv", COLUMNS) else { return Vec::new() };
    let mut acceptances = Vec::new();
    let mut ids = BTreeSet::new();
    for row in table.rows() {
        let scopes = read_scopes(&row, loading);
        let Some(read) = scopes.first().and_then(|scope| read_acceptance(&row, scope, &mut loading.findings))
        else {
            continue;
        };
        if !ids.insert(read.id.clone()) {
            loading.findings.push(duplicate(&row, "id", &read.id));
            continue;
        }
        acceptances.extend(scopes.into_iter().map(|scope| Acceptance { scope, ..read.clone() }));
    }
    acceptances
}

fn read_acceptance(row: &Row<'_>, scope: &Scope, findings: &mut Vec<Finding>) -> Option<Acceptance> {
    let id = row.required("id", findings);
    let dangerous = match row.text("dangerous") {
        "" => Some(None),
        "all" => Some(Some(DangerousAccepted::All)),
        "none" => Some(Some(DangerousAccepted::None)),
        _ => row
            .list::<DangerClass>("dangerous", MOST_CLASSES, findings)
            .map(|held| Some(DangerousAccepted::Only(held))),
    };
    let reefer = row.word_optional("reefer", &[("yes", true), ("no", false)], findings);
    let reefer_plugs = row.parse_optional("reefer_plugs", findings);
    let longest_ft = row.parse_optional("longest_ft", findings);
    let heaviest = match row.text("heaviest_t") {
        "" => Some(None),
        text => {
            let mass = scaled(text, 1e6).filter(|grams| *grams > 0).map(Mass::from_grams);
            if mass.is_none() {
                findings.push(row.bad("heaviest_t", format!("`{text}` is not a number above zero")));
            }
            mass.map(Some)
        }
    };
    let provenance = row.provenance(findings);
    Some(Acceptance {
        id: id?.to_owned(),
        scope: scope.clone(),
        dangerous: dangerous?,
        reefer: reefer?,
        reefer_plugs: reefer_plugs?,
        longest_ft: longest_ft?,
        heaviest: heaviest?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}

/// Reads what a row is about: a service in one direction or both, a place, or a mode and class. Empty if that is not clear.
pub(super) fn read_scopes(row: &Row<'_>, loading: &mut Loading) -> Vec<Scope> {
    let given =
        [!row.text("service").is_empty(), !row.text("place").is_empty(), !row.text("mode").is_empty()];
    match given {
        [true, false, false] => read_directions(row, loading).into_iter().map(Scope::Service).collect(),
        [false, true, false] => {
            read_known_place(row, "place", loading).map(Scope::Place).into_iter().collect()
        }
        [false, false, true] => {
            let mode = read_mode(row, "mode", &mut loading.findings);
            let class = read_class(row, &mut loading.findings);
            mode.zip(class).map(|(mode, class)| Scope::Class { mode, class }).into_iter().collect()
        }
        _ => {
            loading.findings.push(
                Finding::error(
                    "network.scope",
                    "a row is about one service, one place, or one mode with its class",
                )
                .at(row.path("service"))
                .remedy("fill `service` and `direction`, or `place`, or `mode` and `class`"),
            );
            Vec::new()
        }
    }
}

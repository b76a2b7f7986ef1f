//! Processes at places.

use super::Loading;
use super::places::read_known_place;
use super::prices::{read_amount, read_basis};
use super::services::hours;
use crate::table::Row;
use crate::{Process, ProcessCost, TariffUnit, When};
use kervan_model::{Finding, Mode, ProcessKind, Provenance, TrafficClass};
use std::collections::BTreeSet;

const COLUMNS: &[&str] = &[
    "id",
    "place",
    "kind",
    "from_mode",
    "to_mode",
    "class",
    "towards",
    "at_origin",
    "at_destination",
    "hours_min",
    "hours_typ",
    "hours_max",
    "includes_waiting",
    "cost_per",
    "cost_min",
    "cost_typ",
    "cost_max",
    "currency",
    "cost_basis",
    "cost_source",
    "source",
    "period",
    "confidence",
    "note",
];

pub(super) fn load(loading: &mut Loading) {
    let Some(table) = loading.table("processes.csv", COLUMNS) else { return };
    let mut ids = BTreeSet::new();
    for row in table.rows() {
        let place = read_known_place(&row, "place", loading);
        let process = read_process(&row, &mut loading.findings);
        let (Some(place), Some(process)) = (place, process) else { continue };
        if !ids.insert(process.id.clone()) {
            loading.findings.push(super::duplicate(&row, "id", &process.id));
            continue;
        }
        let Some(place) = loading.places.get_mut(&place) else { continue };
        let twin =
            place.processes.iter().find(|other| other.kind == process.kind && other.when == process.when);
        if let Some(twin) = twin {
            loading.findings.push(
                Finding::error(
                    "network.dwell-twice",
                    format!(
                        "`{}` happens in the same case as `{}`; a dwell counts once",
                        process.id, twin.id
                    ),
                )
                .at(row.path("kind"))
                .remedy("join the two rows, or tell their cases apart"),
            );
            continue;
        }
        place.processes.push(process);
    }
}

fn read_process(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<Process> {
    let kinds: Vec<(&str, ProcessKind)> = ProcessKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect();
    let id = row.required("id", findings);
    let kind = row.word("kind", &kinds, findings);
    let when = read_when(row, findings);
    let duration = row.estimate("hours", hours, findings);
    let includes_waiting = row.yes("includes_waiting", findings);
    // Columns that a table need not have.
    let without_wait = match row.text("without_wait_h_typ") {
        "" => Some(None),
        _ => row.estimate("without_wait_h", hours, findings).map(Some),
    };
    let provenance = row.provenance(findings);
    let cost = match (row.text("cost_per"), &provenance) {
        ("", _) => Some(None),
        (_, Some(provenance)) => read_cost(row, provenance, findings).map(Some),
        (_, None) => None,
    };
    Some(Process {
        id: id?.to_owned(),
        kind: kind?,
        when: when?,
        duration: duration?,
        includes_waiting: includes_waiting?,
        without_wait: without_wait?,
        cost: cost?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}

fn read_when(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<When> {
    let modes: Vec<(&str, Mode)> = Mode::ALL.iter().map(|mode| (mode.word(), *mode)).collect();
    let classes: Vec<(&str, TrafficClass)> =
        TrafficClass::ALL.iter().map(|class| (class.word(), *class)).collect();
    let from_mode = row.word_optional("from_mode", &modes, findings);
    let to_mode = row.word_optional("to_mode", &modes, findings);
    let class = row.word_optional("class", &classes, findings);
    let towards = row.parse_optional("towards", findings);
    let at_origin = row.yes("at_origin", findings);
    let at_destination = row.yes("at_destination", findings);
    Some(When {
        from_mode: from_mode?,
        to_mode: to_mode?,
        class: class?,
        towards: towards?,
        at_origin: at_origin?,
        at_destination: at_destination?,
    })
}

fn read_cost(row: &Row<'_>, duration: &Provenance, findings: &mut Vec<Finding>) -> Option<ProcessCost> {
    let per = row.word("cost_per", TariffUnit::WORDS, findings);
    let priced = read_amount(row, "cost", findings);
    let basis = read_basis(row, "cost_basis", findings);
    let source = row.text("cost_source");
    if source.is_empty() {
        findings.push(
            Finding::error("network.source-missing", "the price of the process names no source")
                .at(row.path("cost_source"))
                .remedy("name publication and date, or write `judgement: ` and the reason"),
        );
        return None;
    }
    let (amount, currency) = priced?;
    let provenance = Provenance { source: source.to_owned(), ..duration.clone() };
    Some(ProcessCost { per: per?, amount, currency, basis: basis?, provenance })
}

//! Services, each direction one.

use super::links::{read_mode, read_row_id};
use super::places::read_known_place;
use super::{Loading, duplicate, read_status};
use crate::table::{Row, scaled};
use crate::{Filling, Runs, Service};
use kervan_model::{Finding, LinkId, ServiceId, TrafficClass};
use kervan_units::{Estimate, Seconds};
use std::str::FromStr;

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "name_back",
    "operator",
    "class",
    "mode",
    "from",
    "to",
    "both_ways",
    "links",
    "running_h_min",
    "running_h_typ",
    "running_h_max",
    "runs",
    "every_h",
    "wait_h_min",
    "wait_h_typ",
    "wait_h_max",
    "capacity_teu",
    "status",
    "opens",
    "since",
    "reason",
    "source",
    "period",
    "confidence",
    "note",
];

pub(super) fn load(loading: &mut Loading) {
    let Some(table) = loading.table("services.csv", COLUMNS) else { return };
    for row in table.rows() {
        let Some((service, two_way)) = read_service(&row, loading) else { continue };
        if loading.services.contains_key(&service.id) {
            loading.findings.push(duplicate(&row, "id", &service.id));
            continue;
        }
        if two_way {
            add_reversed(&row, &service, loading);
        }
        loading.services.insert(service.id.clone(), service);
    }
}

fn read_service(row: &Row<'_>, loading: &mut Loading) -> Option<(Service, bool)> {
    let from = read_known_place(row, "from", loading);
    let to = read_known_place(row, "to", loading);
    let links = read_chain(row, loading);
    let findings = &mut loading.findings;
    let id: Option<ServiceId> = read_row_id(row, findings);
    let name = row.required("name", findings);
    let operator = row.required("operator", findings);
    let class = read_class(row, findings);
    let mode = read_mode(row, "mode", findings);
    let two_way = row.yes("both_ways", findings);
    let running = row.estimate("running_h", hours, findings);
    let capacity_teu = row.parse_optional("capacity_teu", findings);
    let filling = read_filling(row, capacity_teu.flatten(), findings);
    let runs = read_runs(row, filling.flatten(), findings);
    let status = read_status(row, findings);
    let provenance = row.provenance(findings);
    let service = Service {
        id: id?,
        name: name?.to_owned(),
        operator: operator?.to_owned(),
        class: class?,
        mode: mode?,
        from: from?,
        to: to?,
        links: links?,
        running: running?,
        runs: runs?,
        capacity_teu: capacity_teu?,
        filling: filling?,
        part_of: None,
        status: status?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    };
    Some((service, two_way?))
}

fn read_chain(row: &Row<'_>, loading: &mut Loading) -> Option<Vec<LinkId>> {
    let text = row.required("links", &mut loading.findings)?;
    let mut chain = Vec::new();
    for id in text.split(';') {
        let known = LinkId::from_str(id.trim()).ok().filter(|id| loading.links.contains_key(id));
        match known {
            Some(id) => chain.push(id),
            None => loading.findings.push(
                Finding::error("network.unknown-link", format!("`{id}` is no usable link of links.csv"))
                    .at(row.path("links"))
                    .remedy(
                        "correct the id, or repair the link's own row; a link ridden backwards ends in R",
                    ),
            ),
        }
    }
    (chain.len() == text.split(';').count()).then_some(chain)
}

/// Reads a class of traffic by its word.
pub(super) fn read_class(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<TrafficClass> {
    let words: Vec<(&str, TrafficClass)> =
        TrafficClass::ALL.iter().map(|class| (class.word(), *class)).collect();
    row.word("class", &words, findings)
}

/// Hours as a decimal.
pub(super) fn hours(text: &str) -> Option<Seconds> {
    scaled(text, 3_600.0).map(Seconds::new)
}

/// Reads `fills_teu_per_day_*`, columns that a table need not have.
pub(super) fn read_filling(
    row: &Row<'_>,
    capacity_teu: Option<u32>,
    findings: &mut Vec<Finding>,
) -> Option<Option<Filling>> {
    if row.text("fills_teu_per_day_typ").is_empty() {
        return Some(None);
    }
    let above_zero = |text: &str| text.parse::<u32>().ok().filter(|rate| *rate > 0);
    let arrivals_per_day: Estimate<u32> = row.estimate("fills_teu_per_day", above_zero, findings)?;
    let Some(capacity_teu) = capacity_teu.filter(|capacity| *capacity > 0) else {
        findings.push(row.bad("capacity_teu", "what fills needs the size of what is filled"));
        return None;
    };
    Some(Some(Filling { capacity_teu, arrivals_per_day }))
}

/// Reads `runs` with `every_h` or `wait_h_*`; a wait that is not given follows from how the service fills.
pub(super) fn read_runs(
    row: &Row<'_>,
    filling: Option<Filling>,
    findings: &mut Vec<Finding>,
) -> Option<Runs> {
    #[derive(Clone, Copy)]
    enum Word {
        Headway,
        WhenFull,
        OnDemand,
    }
    let words =
        [("headway", Word::Headway), ("leaves_when_full", Word::WhenFull), ("on_demand", Word::OnDemand)];
    match row.word("runs", &words, findings)? {
        Word::OnDemand => Some(Runs::OnDemand),
        Word::WhenFull => {
            let derived = filling.filter(|_| row.text("wait_h_typ").is_empty()).map(|filling| filling.wait());
            let wait = derived.or_else(|| row.estimate("wait_h", hours, findings))?;
            Some(Runs::LeavesWhenFull { wait })
        }
        Word::Headway => {
            let text = row.required("every_h", findings)?;
            match hours(text).filter(|every| *every > Seconds::ZERO) {
                Some(every) => Some(Runs::Headway { every }),
                None => {
                    findings.push(row.bad("every_h", format!("`{text}` is not a number above zero")));
                    None
                }
            }
        }
    }
}

/// Adds the opposite direction; a link of the chain that goes one way only makes it impossible.
fn add_reversed(row: &Row<'_>, service: &Service, loading: &mut Loading) {
    let opposite = |id: &LinkId| {
        let text = id.as_str();
        let other = text.strip_suffix('R').map_or_else(|| format!("{text}R"), str::to_owned);
        LinkId::from_str(&other).ok().filter(|other| loading.links.contains_key(other))
    };
    let chain: Option<Vec<LinkId>> = service.links.iter().rev().map(opposite).collect();
    let id = ServiceId::from_str(&format!("{}R", service.id)).ok();
    let (Some(links), Some(id)) = (chain, id) else {
        loading.findings.push(
            Finding::error(
                "network.no-way-back",
                format!("`{}` runs both ways, a link of it only one", service.id),
            )
            .at(row.path("both_ways"))
            .remedy("write `no`, or let the link go both ways"),
        );
        return;
    };
    let mut back = service.clone();
    std::mem::swap(&mut back.from, &mut back.to);
    back.links = links;
    let name_back = row.text("name_back");
    if !name_back.is_empty() {
        back.name = name_back.to_owned();
    }
    back.id = id;
    loading.services.insert(back.id.clone(), back);
}

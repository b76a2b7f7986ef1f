//! From tables to the network: lenient, so that every problem of every table is reported at once.

mod acceptance;
mod calls;
mod charges;
mod courses;
mod links;
mod opening;
mod places;
mod prices;
mod processes;
mod reference;
mod schedules;
mod services;

use crate::table::Table;
use crate::{Link, Network, Place, Service, Status};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, LinkId, ServiceId};
use kervan_units::Seconds;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Why no network could be built at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// A table that nothing works without is not there.
    #[error("the table {file} is missing")]
    Missing {
        /// File name.
        file: &'static str,
    },
    /// The tables hold no usable place, link or service.
    #[error("the tables hold no usable {what}{}", first_of(findings))]
    Nothing {
        /// What is lacking.
        what: &'static str,
        /// Every finding of reading the tables, so that nothing has to be repaired one by one.
        findings: Vec<Finding>,
    },
}

fn first_of(findings: &[Finding]) -> String {
    findings.first().map_or(String::new(), |finding| {
        format!(
            "; the first of {} findings: {} ({})",
            findings.len(),
            finding.message,
            finding.path.as_deref().unwrap_or("")
        )
    })
}

/// How much a table is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Without it there is no network.
    Indispensable,
    /// Every network has it; where it is missing, that is said.
    Usual,
    /// It says more than a network must: without it services run at their frequency, and nothing is known of the rest.
    Welcome,
}

/// Every table of the network in name order; the version is the hash over them in this order.
const FILES: &[(&str, Need)] = &[
    ("acceptance.csv", Need::Welcome),
    ("attributions.csv", Need::Usual),
    ("border_times.csv", Need::Usual),
    ("calls.csv", Need::Welcome),
    ("courses.csv", Need::Usual),
    ("courses_odbl.csv", Need::Usual),
    ("customs_unions.csv", Need::Usual),
    ("day_values.csv", Need::Welcome),
    ("emission_factors.csv", Need::Usual),
    ("exchange_rates.csv", Need::Welcome),
    ("handling.csv", Need::Welcome),
    ("links.csv", Need::Indispensable),
    ("opening_hours.csv", Need::Welcome),
    ("places.csv", Need::Indispensable),
    ("points.csv", Need::Indispensable),
    ("points_odbl.csv", Need::Usual),
    ("processes.csv", Need::Usual),
    ("schedules.csv", Need::Welcome),
    ("services.csv", Need::Indispensable),
    ("storage.csv", Need::Welcome),
    ("surcharges.csv", Need::Welcome),
    ("tariffs.csv", Need::Usual),
];

/// What is being built: the texts, the findings so far, and the things that stand.
pub(crate) struct Loading {
    texts: BTreeMap<&'static str, String>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) places: BTreeMap<PlaceCode, Place>,
    pub(crate) links: BTreeMap<LinkId, Link>,
    /// Links that have a row, usable or not: what hangs on a broken row is not a second problem.
    pub(crate) links_with_row: BTreeSet<LinkId>,
    pub(crate) services: BTreeMap<ServiceId, Service>,
    /// How long after the whole service a part of it starts.
    pub(crate) part_starts: BTreeMap<ServiceId, Seconds>,
}

impl Loading {
    /// Reads one table; an optional one that is absent gives no rows.
    pub(crate) fn table(&mut self, file: &'static str, columns: &[&str]) -> Option<Table> {
        let text = self.texts.remove(file)?;
        Table::read(file, &text, columns, &mut self.findings)
    }
}

/// The texts by file, with their version and what is missing among them.
type Texts = (BTreeMap<&'static str, String>, String, Vec<Finding>);

fn read_texts(read: impl Fn(&str) -> Option<String>) -> Result<Texts, LoadError> {
    let mut findings = Vec::new();
    let mut texts = BTreeMap::new();
    let mut hash = Sha256::new();
    for (file, need) in FILES.iter().copied() {
        match read(file) {
            Some(text) => {
                // Length first, so that moving a row from one table to the next changes the version.
                hash.update(format!("{file}\n{}\n", text.len()));
                hash.update(text.as_bytes());
                texts.insert(file, text);
            }
            None if need == Need::Indispensable => return Err(LoadError::Missing { file }),
            None if need == Need::Welcome => {}
            None => findings.push(
                Finding::warning("network.table-missing", format!("the table {file} is not there"))
                    .at(file)
                    .remedy("add it, with its header line alone if it has no rows"),
            ),
        }
    }
    let version: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok((texts, version, findings))
}

/// Builds the network. See [`Network::load`].
pub(crate) fn load(read: impl Fn(&str) -> Option<String>) -> Result<Network, LoadError> {
    let (texts, version, findings) = read_texts(read)?;
    let mut loading = Loading {
        texts,
        findings,
        places: BTreeMap::new(),
        links: BTreeMap::new(),
        links_with_row: BTreeSet::new(),
        services: BTreeMap::new(),
        part_starts: BTreeMap::new(),
    };
    places::load(&mut loading);
    processes::load(&mut loading);
    links::load(&mut loading);
    courses::load(&mut loading);
    services::load(&mut loading);
    calls::load(&mut loading);
    let schedules = schedules::load(&mut loading);
    let opening_hours = opening::load(&mut loading);
    let tariffs = prices::load_tariffs(&mut loading);
    let exchange_rates = charges::load_exchange_rates(&mut loading);
    let surcharges = charges::load_surcharges(&mut loading);
    let handling_rates = charges::load_handling_rates(&mut loading);
    let storage_rates = charges::load_storage_rates(&mut loading);
    let acceptances = acceptance::load(&mut loading);
    let emission_factors = prices::load_emission_factors(&mut loading);
    let attributions = reference::load_attributions(&mut loading);
    let customs_unions = reference::load_customs_unions(&mut loading);
    let day_values = reference::load_day_values(&mut loading);
    let border_indicators = reference::load_border_indicators(&mut loading);
    let stands = [
        ("place", !loading.places.is_empty()),
        ("link", !loading.links.is_empty()),
        ("service", !loading.services.is_empty()),
    ];
    if let Some((what, _)) = stands.into_iter().find(|(_, stands)| !stands) {
        return Err(LoadError::Nothing { what, findings: loading.findings });
    }
    let mut services_from: BTreeMap<PlaceCode, Vec<ServiceId>> = BTreeMap::new();
    for service in loading.services.values() {
        services_from.entry(service.from.clone()).or_default().push(service.id.clone());
    }
    Ok(Network {
        version,
        places: loading.places,
        links: loading.links,
        services: loading.services,
        services_from,
        schedules,
        opening_hours,
        tariffs,
        exchange_rates,
        surcharges,
        handling_rates,
        storage_rates,
        acceptances,
        emission_factors,
        attributions,
        customs_unions,
        day_values,
        border_indicators,
        load_findings: loading.findings,
    })
}

/// Reads `status`, `opens`, `since` and `reason` of a row.
pub(crate) fn read_status(row: &crate::table::Row<'_>, findings: &mut Vec<Finding>) -> Option<Status> {
    #[derive(Clone, Copy)]
    enum Word {
        Open,
        Planned,
        Disrupted,
    }
    let words = [("open", Word::Open), ("planned", Word::Planned), ("disrupted", Word::Disrupted)];
    match row.word("status", &words, findings)? {
        Word::Open => Some(Status::Open),
        Word::Planned => {
            if row.text("opens").is_empty() {
                findings.push(
                    Finding::error("network.opening-year-missing", "planned, but without a year of opening")
                        .at(row.path("opens"))
                        .remedy("give the latest year announced"),
                );
                return None;
            }
            let opens = row.parse("opens", findings)?;
            Some(Status::Planned { opens })
        }
        Word::Disrupted => {
            if row.text("reason").is_empty() {
                findings.push(
                    Finding::warning("network.reason-missing", "disrupted, but without a reason")
                        .at(row.path("reason"))
                        .remedy("say why in a few words; people see it beside the service"),
                );
            }
            let since = row.text("since");
            let since = (!since.is_empty()).then(|| since.to_owned());
            Some(Status::Disrupted { since, reason: row.text("reason").to_owned() })
        }
    }
}

/// Rows that belong to places, each id once; `named` gives the id and the place of what was read.
pub(crate) fn rows_by_place<T>(
    loading: &mut Loading,
    file: &'static str,
    columns: &[&str],
    read: impl Fn(&crate::table::Row<'_>, &mut Loading) -> Option<T>,
    named: impl Fn(&T) -> (&str, &PlaceCode),
) -> BTreeMap<PlaceCode, Vec<T>> {
    let mut of_places: BTreeMap<PlaceCode, Vec<T>> = BTreeMap::new();
    let Some(table) = loading.table(file, columns) else { return of_places };
    let mut ids = BTreeSet::new();
    for row in table.rows() {
        let Some(found) = read(&row, loading) else { continue };
        let (id, place) = named(&found);
        if !ids.insert(id.to_owned()) {
            loading.findings.push(duplicate(&row, "id", &id));
            continue;
        }
        of_places.entry(place.clone()).or_default().push(found);
    }
    of_places
}

/// A finding that something of this id already stands.
pub(crate) fn duplicate(row: &crate::table::Row<'_>, column: &str, id: &dyn std::fmt::Display) -> Finding {
    Finding::error("network.duplicate-id", format!("`{id}` stands twice; the first row counts"))
        .at(row.path(column))
        .remedy("give the row an id of its own, or remove it")
}

/// A finding that a place is named that the places table does not have.
pub(crate) fn unknown_place(row: &crate::table::Row<'_>, column: &str, code: &PlaceCode) -> Finding {
    Finding::error("network.unknown-place", format!("`{code}` is not in places.csv"))
        .at(row.path(column))
        .remedy("correct the code, or add the place with its point")
}

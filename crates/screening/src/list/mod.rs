//! Reading lists of denied parties in the shapes in which they are published.
//!
//! No list comes with the program: the operator loads the current ones. The shape is recognized by the content. A row or
//! record that cannot be read is a finding with its line; a file that is not well-formed is refused as a whole.

mod csv_lists;
mod ods;
mod own_csv;
mod unknown;
mod xml;
mod xml_lists;

pub use ods::{is_spreadsheet, read_spreadsheet};

use crate::entity::{Entity, List, hash_lines};
use crate::limits::{LONGEST_LIST_FILE, LONGEST_REMARK, MOST_ENTITIES, MOST_FINDINGS, MOST_NAMES};
use kervan_model::{Finding, has_errors};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The shapes of lists that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Specially Designated Nationals, `sdn.xml`. Source: US Treasury, OFAC.
    OfacXml,
    /// The same as `sdn.csv` with its companions `alt.csv` and `add.csv`.
    OfacCsv,
    /// Consolidated financial sanctions list of the European Union, XML 1.1.
    EuXml,
    /// The same as CSV 1.1.
    EuCsv,
    /// Consolidated list of the Security Council of the United Nations.
    UnXml,
    /// Consolidated list of the Office of Financial Sanctions Implementation, `ConList.csv`.
    UkConListCsv,
    /// UK Sanctions List, XML.
    UkXml,
    /// UK Sanctions List, CSV.
    UkCsv,
    /// `targets.simple.csv` of names, aliases and identifiers in the manner of OpenSanctions.
    TargetsCsv,
    /// Our own: `id,kind,name,aliases,country,born,identifiers,programme,remark`.
    OwnCsv,
}

impl Format {
    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OfacXml => "ofac-xml",
            Self::OfacCsv => "ofac-csv",
            Self::EuXml => "eu-xml",
            Self::EuCsv => "eu-csv",
            Self::UnXml => "un-xml",
            Self::UkConListCsv => "uk-con-list-csv",
            Self::UkXml => "uk-xml",
            Self::UkCsv => "uk-csv",
            Self::TargetsCsv => "targets-csv",
            Self::OwnCsv => "own-csv",
        }
    }
}

/// What a reader fills.
#[derive(Default)]
pub(crate) struct Reading {
    file: String,
    entities: BTreeMap<String, Entity>,
    order: Vec<String>,
    findings: Vec<Finding>,
    unsaid: usize,
    published: Option<String>,
}

impl Reading {
    /// Adds a finding at a line; beyond the limit it is only counted.
    fn fault(&mut self, line: usize, message: impl Into<String>) {
        if self.findings.len() >= MOST_FINDINGS {
            self.unsaid += 1;
            return;
        }
        let finding = Finding::warning("screening.list-row", message.into())
            .at(format!("{}:{line}", self.file))
            .remedy("tell the publisher, or correct the row; the rest of the list is read");
        self.findings.push(finding);
    }

    /// The entity of an id, made at its first mention.
    fn entity(&mut self, id: &str) -> Option<&mut Entity> {
        if !self.entities.contains_key(id) {
            if self.entities.len() >= MOST_ENTITIES {
                self.unsaid += 1;
                return None;
            }
            self.order.push(id.to_owned());
        }
        Some(self.entities.entry(id.to_owned()).or_insert_with(|| Entity::new(id)))
    }
}

/// Adds a name unless it is empty or known; returns whether the entity has a name now.
pub(crate) fn add_name(entity: &mut Entity, name: &str) {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = entity.names.contains(&name);
    if !name.is_empty() && !known && entity.names.len() < MOST_NAMES {
        entity.names.push(name);
    }
}

/// Adds a text to a list of texts once.
pub(crate) fn add_once(texts: &mut Vec<String>, text: &str) {
    let text = text.trim();
    if !text.is_empty() && text != "-0-" && !texts.iter().any(|known| known == text) {
        texts.push(text.to_owned());
    }
}

/// A remark within its limit.
pub(crate) fn remark(text: &str) -> String {
    text.trim().chars().take(LONGEST_REMARK).collect()
}

/// Recognizes the shape of a list by its root element or its header.
pub fn find_format(text: &str) -> Option<Format> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return match xml::find_root(text)?.as_str() {
            "sdnList" => Some(Format::OfacXml),
            "export" => Some(Format::EuXml),
            "CONSOLIDATED_LIST" => Some(Format::UnXml),
            "Designations" => Some(Format::UkXml),
            _ => None,
        };
    }
    csv_lists::find_format(text)
}

/// Reads a list. `companions` are further files of the same list, by name: `alt.csv` and `add.csv` of OFAC.
///
/// # Errors
/// Findings when the shape is unknown, the file is too long or not well-formed, or nobody is on it.
pub fn read_list(
    name: &str,
    text: &str,
    companions: &[(&str, &str)],
) -> Result<(List, Vec<Finding>), Vec<Finding>> {
    let refuse = |code: &str, message: String, remedy: &str| {
        Err(vec![Finding::error(code, message).at(name).remedy(remedy)])
    };
    if text.len() > LONGEST_LIST_FILE {
        let message = format!("the file has {} bytes and may have {LONGEST_LIST_FILE}", text.len());
        return refuse("screening.list-too-long", message, "split the list");
    }
    let Some(format) = find_format(text) else {
        return Err(vec![unknown::tell(name, text)]);
    };
    let mut reading = Reading { file: name.to_owned(), ..Reading::default() };
    match format {
        Format::OfacXml => xml_lists::read_ofac(text, &mut reading),
        Format::EuXml => xml_lists::read_eu(text, &mut reading),
        Format::UnXml => xml_lists::read_un(text, &mut reading),
        Format::UkXml => xml_lists::read_uk(text, &mut reading),
        Format::OfacCsv => csv_lists::read_ofac(text, companions, &mut reading),
        Format::EuCsv => csv_lists::read_eu(text, &mut reading),
        Format::UkConListCsv => csv_lists::read_con_list(text, &mut reading),
        Format::UkCsv => csv_lists::read_uk(text, &mut reading),
        Format::TargetsCsv => own_csv::read_targets(text, &mut reading),
        Format::OwnCsv => own_csv::read_own(text, &mut reading),
    }
    finish(name, format, reading)
}

fn finish(name: &str, format: Format, mut reading: Reading) -> Result<(List, Vec<Finding>), Vec<Finding>> {
    let mut entities: Vec<Entity> = Vec::with_capacity(reading.order.len());
    for id in &reading.order {
        match reading.entities.remove(id) {
            Some(entity) if !entity.names.is_empty() => entities.push(entity),
            _ => {
                let message = format!("the entity `{id}` has no name and is left out");
                reading.findings.push(Finding::warning("screening.list-nameless", message).at(name));
            }
        }
    }
    if reading.unsaid > 0 {
        let message = format!("{} further faults or entities beyond the limit are not shown", reading.unsaid);
        reading.findings.push(Finding::warning("screening.list-more", message).at(name));
    }
    if has_errors(&reading.findings) {
        return Err(reading.findings);
    }
    if entities.is_empty() {
        let empty = Finding::error("screening.list-empty", "nobody is on the list").at(name);
        reading.findings.push(empty.remedy("load the whole file, not its description"));
        return Err(reading.findings);
    }
    let lines = entities.iter().map(|entity| format!("{} {}", entity.id, entity.material_hash()));
    let version = hash_lines(lines);
    let (name, published) = (name.to_owned(), reading.published);
    Ok((List { name, format, version, published, entities }, reading.findings))
}

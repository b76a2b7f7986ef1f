//! Which particulars a contract of carriage rests on, and whose consent their amendment needs. It is data.

use crate::Entry;
use crate::facts::{Change, Fact, group_of};
use crate::pointer::overlaps_pattern;
use kervan_model::{Confidence, Finding, Role};
use serde::Deserialize;
use std::collections::BTreeSet;

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ConsentRow {
    /// JSON pointer into the consignment; `*` stands for any one member or item.
    pub path: String,
    /// The role whose consent is needed, once a party in that role has accepted the goods.
    pub role: Role,
    /// Why: law, convention or our own rule.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
}

/// Reads the table: CSV with the columns `path`, `role`, `source`, `confidence`.
///
/// Errors: all findings, if a row cannot be read, is no pointer, has no source or stands twice.
pub(crate) fn read_rows(text: &str) -> Result<Vec<ConsentRow>, Vec<Finding>> {
    let (mut rows, mut findings): (Vec<ConsentRow>, Vec<Finding>) = (Vec::new(), Vec::new());
    for (index, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<ConsentRow>().enumerate() {
        let wrong = match &row {
            Err(error) => Some(format!("the row cannot be read: {}", kervan_model::in_plain_words(&error))),
            Ok(row) if !row.path.starts_with('/') => Some(format!("`{}` is no JSON pointer", row.path)),
            Ok(row) if row.source.trim().is_empty() => Some("the row has no source".to_owned()),
            Ok(row) if rows.iter().any(|other| (&other.path, other.role) == (&row.path, row.role)) => {
                Some(format!("`{}` stands here twice", row.path))
            }
            Ok(_) => None,
        };
        let at = format!("consent.csv:{}", index + 2);
        findings.extend(wrong.map(|message| Finding::error("authority.consent-row", message).at(at)));
        rows.extend(row.ok());
    }
    if findings.is_empty() { Ok(rows) } else { Err(findings) }
}

/// The roles whose consent an amendment needs. A group of changes that this copy withholds may hold anything that has its
/// place there.
pub(crate) fn list_roles(rows: &[ConsentRow], entry: &Entry) -> BTreeSet<Role> {
    let changes: &[Change] = match entry.fact() {
        Ok(Fact::ConsignmentAmended { changes, .. }) => changes,
        _ => &[],
    };
    let withheld = |row: &ConsentRow| {
        let group = group_of(&row.path);
        entry.header().groups.contains_key(group) && !entry.body().contains_key(group)
    };
    let touched = |row: &ConsentRow| changes.iter().any(|change| overlaps_pattern(&row.path, &change.path));
    rows.iter().filter(|row| touched(row) || withheld(row)).map(|row| row.role).collect()
}

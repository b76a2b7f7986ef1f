//! How far the same fact may differ between two documents.

use kervan_model::{Finding, Severity};
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../../../data/documents/tolerances.csv");

/// The facts that the check compares; the table has one row for each.
pub(crate) const FACTS: [&str; 22] = [
    "gross_mass",
    "net_mass",
    "packages",
    "total",
    "currency",
    "amounts",
    "container",
    "wagon",
    "size_type",
    "tare",
    "verified_mass",
    "seal",
    "commodity",
    "origin",
    "term",
    "consignor",
    "consignee",
    "notify",
    "vessel",
    "dangerous",
    "pages",
    "reference",
];

/// How far one fact may differ, and what it means if it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// Allowed difference as a share of our figure. Unit: 1/1000.
    pub per_mille: u64,
    /// A difference up to this is allowed whatever the share. Unit: that of the fact (gram, package, minor unit).
    pub floor: u64,
    /// How much a larger difference weighs.
    pub severity: Severity,
    /// What to do.
    pub remedy: String,
    /// Where the tolerance comes from.
    pub source: String,
}

impl Tolerance {
    /// The largest difference that passes for a figure of ours.
    pub fn allowed(&self, ours: u64) -> u64 {
        let share = u128::from(ours) * u128::from(self.per_mille) / 1_000;
        u64::try_from(share).unwrap_or(u64::MAX).max(self.floor)
    }
}

/// Tolerances by fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerances {
    by_fact: BTreeMap<String, Tolerance>,
}

impl Tolerances {
    /// The tolerances of `data/documents/tolerances.csv`, as built in.
    ///
    /// Errors: as [`Tolerances::load`].
    pub fn built_in() -> Result<Self, Vec<Finding>> {
        Self::load(TABLE)
    }

    /// Reads a table with the columns `fact`, `per_mille`, `floor`, `unit`, `severity`, `remedy`, `source`.
    ///
    /// Errors: a finding for each row that cannot be read and for each fact that has none.
    pub fn load(text: &str) -> Result<Self, Vec<Finding>> {
        let finding = |line: usize, message: String| {
            Finding::error("documents.tolerance-unreadable", message)
                .at(format!("data/documents/tolerances.csv:{line}"))
                .remedy("correct the row; data/documents/README.md explains the columns")
        };
        let mut by_fact = BTreeMap::new();
        let mut findings = Vec::new();
        for (index, record) in csv::Reader::from_reader(text.as_bytes()).records().enumerate() {
            match record
                .map_err(|error| kervan_model::in_plain_words(&error))
                .and_then(|record| read_row(&record))
            {
                Ok((fact, tolerance)) => drop(by_fact.insert(fact, tolerance)),
                Err(message) => findings.push(finding(index + 2, message)),
            }
        }
        for fact in FACTS.iter().filter(|fact| !by_fact.contains_key(**fact)) {
            findings.push(finding(1, format!("there is no row for {fact}")));
        }
        if findings.is_empty() { Ok(Self { by_fact }) } else { Err(findings) }
    }

    /// The tolerance of a fact.
    pub fn find(&self, fact: &str) -> Option<&Tolerance> {
        self.by_fact.get(fact)
    }
}

fn read_row(record: &csv::StringRecord) -> Result<(String, Tolerance), String> {
    let cell = |index: usize, name: &str| record.get(index).ok_or_else(|| format!("there is no {name}"));
    let number = |index: usize, name: &str| {
        let text = cell(index, name)?;
        text.parse::<u64>().map_err(|_| format!("{name} is not a whole number: {text}"))
    };
    let fact = cell(0, "fact")?;
    if !FACTS.contains(&fact) {
        return Err(format!("{fact} is not a fact that is compared"));
    }
    let severity = match cell(4, "severity")? {
        "info" => Severity::Info,
        "warning" => Severity::Warning,
        "error" => Severity::Error,
        other => return Err(format!("severity is none of info, warning, error: {other}")),
    };
    let tolerance = Tolerance {
        per_mille: number(1, "per_mille")?,
        floor: number(2, "floor")?,
        severity,
        remedy: cell(5, "remedy")?.to_owned(),
        source: cell(6, "source")?.to_owned(),
    };
    Ok((fact.to_owned(), tolerance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_of_share_and_floor_is_allowed() {
        let tolerances = Tolerances::built_in().unwrap();
        let gross = tolerances.find("gross_mass").unwrap();
        assert_eq!(gross.allowed(18_420_000), 184_200);
        assert_eq!(gross.allowed(100_000), 10_000);
        assert_eq!(gross.allowed(u64::MAX), u64::MAX / 100);
    }

    #[test]
    fn bad_tables_are_refused_with_the_line() {
        let header = "fact,per_mille,floor,unit,severity,remedy,source\n";
        let findings = Tolerances::load(&format!("{header}gross_mass,one,0,gram,error,x,y\n")).unwrap_err();
        assert_eq!(findings.len(), 1 + FACTS.len());
        assert!(findings[0].message.contains("per_mille"), "{:?}", findings[0]);
    }
}

//! Reading the tables of `data/customs`: every fault of every row is a finding with file and line.

use crate::StateKind;
use jiff::civil::Date;
use kervan_model::{Confidence, Finding, Provenance};
use std::fmt::Display;
use std::str::FromStr;

/// One table while it is read.
pub(crate) struct Table<'a> {
    file: &'static str,
    rows: Vec<(u64, csv::StringRecord)>,
    head: csv::StringRecord,
    findings: &'a mut Vec<Finding>,
}

/// One row while it is read; a field that cannot be read is a finding and `None`.
pub(crate) struct Row<'a> {
    file: &'static str,
    line: u64,
    record: &'a csv::StringRecord,
    head: &'a csv::StringRecord,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Table<'a> {
    /// Opens a table; a missing or unreadable file is a finding and an empty table.
    pub(crate) fn open(
        file: &'static str,
        read: &impl Fn(&str) -> Option<String>,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let mut table = Self { file, rows: Vec::new(), head: csv::StringRecord::new(), findings };
        let Some(text) = read(file) else {
            table.findings.push(Finding::error("customs.table-missing", "the table is missing").at(file));
            return table;
        };
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        if let Ok(head) = reader.headers() {
            table.head = head.clone();
        }
        for record in reader.into_records() {
            match record {
                Ok(record) => table.rows.push((record.position().map_or(0, csv::Position::line), record)),
                Err(error) => {
                    table
                        .findings
                        .push(Finding::error("customs.row", kervan_model::in_plain_words(&error)).at(file));
                }
            }
        }
        table
    }

    /// Reads every row with `one`; rows that cannot be read are left out (their findings stay).
    pub(crate) fn read<T>(mut self, one: impl Fn(&mut Row) -> Option<T>) -> Vec<T> {
        let rows = std::mem::take(&mut self.rows);
        let mut values = Vec::with_capacity(rows.len());
        for (line, record) in &rows {
            let mut row =
                Row { file: self.file, line: *line, record, head: &self.head, findings: self.findings };
            values.extend(one(&mut row));
        }
        values
    }
}

impl Row<'_> {
    pub(crate) fn fault(&mut self, column: &str, message: impl Into<String>) {
        let path = format!("{}:{}", self.file, self.line);
        let message = format!("{column}: {}", message.into());
        self.findings.push(Finding::error("customs.field", message).at(path).remedy("correct the row"));
    }

    /// The text of a column; a missing column is a finding.
    pub(crate) fn text(&mut self, column: &str) -> Option<String> {
        let position = self.head.iter().position(|name| name == column);
        let Some(text) = position.and_then(|at| self.record.get(at)) else {
            self.fault(column, "the column is missing");
            return None;
        };
        Some(text.trim().to_owned())
    }

    /// The text of a column that must not be empty.
    pub(crate) fn full(&mut self, column: &str) -> Option<String> {
        let text = self.text(column)?;
        if text.is_empty() {
            self.fault(column, "the field is empty");
            return None;
        }
        Some(text)
    }

    /// A parsed column.
    pub(crate) fn parse<T: FromStr<Err: Display + 'static>>(&mut self, column: &str) -> Option<T> {
        let text = self.text(column)?;
        text.parse().map_err(|error: T::Err| self.fault(column, kervan_model::words_of(&error))).ok()
    }

    /// A parsed column that may be empty: `Some(None)` if it is.
    pub(crate) fn optional<T: FromStr<Err: Display + 'static>>(&mut self, column: &str) -> Option<Option<T>> {
        if self.text(column)?.is_empty() {
            return Some(None);
        }
        self.parse(column).map(Some)
    }

    /// Parsed parts of a column, separated by semicolons; empty is none.
    pub(crate) fn list<T: FromStr<Err: Display + 'static>>(&mut self, column: &str) -> Option<Vec<T>> {
        let text = self.text(column)?;
        let mut values = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(value) => values.push(value),
                Err(error) => {
                    self.fault(column, kervan_model::words_of::<T::Err>(&error));
                    return None;
                }
            }
        }
        Some(values)
    }

    /// A value of a closed list of words.
    pub(crate) fn word<T: Copy>(&mut self, column: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(column)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.fault(column, format!("`{text}` is none of {}", known.join(", ")));
        }
        found
    }

    /// States of a movement, separated by semicolons.
    pub(crate) fn states(&mut self, column: &str) -> Option<Vec<StateKind>> {
        let words: Vec<String> = self.list(column)?;
        let mut states = Vec::new();
        for word in words {
            match StateKind::find(&word) {
                Some(state) => states.push(state),
                None => {
                    self.fault(column, format!("`{word}` is no state of a movement"));
                    return None;
                }
            }
        }
        Some(states)
    }

    /// The columns `since` and `until`.
    pub(crate) fn period(&mut self) -> Option<Period> {
        let since = self.parse("since")?;
        let until = self.optional("until")?;
        if until.is_some_and(|until| until < since) {
            self.fault("until", "it is before `since`");
            return None;
        }
        Some(Period { since, until })
    }

    /// The columns `source`, `period` and `confidence`.
    pub(crate) fn provenance(&mut self) -> Option<Provenance> {
        let words = [("low", Confidence::Low), ("medium", Confidence::Medium), ("high", Confidence::High)];
        let (source, period) = (self.full("source"), self.full("period"));
        let confidence = self.word("confidence", &words);
        Some(Provenance { source: source?, period: period?, confidence: confidence? })
    }
}

/// The days on which a row is in force, both ends included; no end means until further notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub since: Date,
    /// Last day.
    pub until: Option<Date>,
}

impl Period {
    /// Whether a day lies in it.
    pub fn contains(&self, day: Date) -> bool {
        self.since <= day && self.until.is_none_or(|until| day <= until)
    }
}

//! Reading the tables of `data/screening`: every fault of every row is a finding with file and line.

use kervan_model::Finding;
use std::collections::BTreeMap;

/// The rows of one table as records of named columns.
pub(crate) struct Table<'a> {
    file: &'static str,
    head: BTreeMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
    findings: &'a mut Vec<Finding>,
}

/// One row while it is read.
pub(crate) struct Row<'a> {
    file: &'static str,
    line: u64,
    head: &'a BTreeMap<String, usize>,
    record: &'a csv::StringRecord,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Table<'a> {
    /// Opens a table; a missing or unreadable one is a finding and has no rows.
    pub(crate) fn open(
        file: &'static str,
        read: &impl Fn(&str) -> Option<String>,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let mut table = Self { file, head: BTreeMap::new(), rows: Vec::new(), findings };
        let Some(text) = read(file) else {
            table.findings.push(Finding::error("screening.table-missing", "the table is missing").at(file));
            return table;
        };
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        if let Ok(head) = reader.headers() {
            table.head = head.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
        }
        for record in reader.into_records() {
            match record {
                Ok(record) => table.rows.push((record.position().map_or(0, csv::Position::line), record)),
                Err(error) => {
                    table.findings.push(
                        Finding::error("screening.table-row", kervan_model::in_plain_words(&error)).at(file),
                    );
                }
            }
        }
        table
    }

    /// Hands every row to `one`.
    pub(crate) fn each(mut self, mut one: impl FnMut(&mut Row)) {
        let rows = std::mem::take(&mut self.rows);
        for (line, record) in &rows {
            let mut row =
                Row { file: self.file, line: *line, head: &self.head, record, findings: self.findings };
            row.filled("source");
            one(&mut row);
        }
    }
}

impl Row<'_> {
    /// Says that a column of this row is wrong.
    pub(crate) fn fault(&mut self, column: &str, message: impl AsRef<str>) {
        let message = format!("column {column}: {}", message.as_ref());
        let path = format!("{}:{}", self.file, self.line);
        self.findings
            .push(Finding::error("screening.table-field", message).at(path).remedy("correct the row"));
    }

    /// The text of a column; empty where the column is missing, which is a finding.
    pub(crate) fn text(&mut self, column: &str) -> String {
        let found = self.head.get(column).and_then(|at| self.record.get(*at));
        match found {
            Some(text) => text.trim().to_owned(),
            None => {
                self.fault(column, "the column is missing");
                String::new()
            }
        }
    }

    /// The text of a column that must not be empty.
    pub(crate) fn filled(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_empty() {
            self.fault(column, "the field is empty");
            return None;
        }
        Some(text)
    }

    /// A whole number of a column.
    pub(crate) fn number(&mut self, column: &str) -> Option<u32> {
        let text = self.text(column);
        let read = text.parse().ok();
        if read.is_none() {
            self.fault(column, format!("`{text}` is not a whole number"));
        }
        read
    }

    /// A value of a closed list of words.
    pub(crate) fn word<T: Copy>(&mut self, column: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(column);
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.fault(column, format!("`{text}` is none of {}", known.join(", ")));
        }
        found
    }
}

//! Reading the tables of freight: every problem of every row becomes a finding, and reading goes on.

use kervan_model::{Confidence, Finding, Provenance};
use std::fmt::Display;
use std::str::FromStr;

/// One row with its header.
pub(crate) struct Row {
    file: &'static str,
    line: u64,
    cells: Vec<(String, String)>,
}

/// The rows of a table; a table that is none gives none and a finding.
pub(crate) fn read_rows(file: &'static str, text: &str, findings: &mut Vec<Finding>) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => {
            findings.push(unreadable(file, &error));
            return Vec::new();
        }
    };
    let mut rows = Vec::new();
    for record in reader.records().take(crate::limits::MOST_ROWS) {
        match record {
            Ok(record) => rows.push(Row {
                file,
                line: record.position().map_or(0, csv::Position::line),
                cells: header.iter().cloned().zip(record.iter().map(str::to_owned)).collect(),
            }),
            Err(error) => findings.push(unreadable(file, &error)),
        }
    }
    rows
}

fn unreadable(file: &str, error: &csv::Error) -> Finding {
    Finding::error(
        "flows.not-a-table",
        format!("{file} cannot be read: {}", kervan_model::in_plain_words(&error)),
    )
    .at(file)
    .remedy("save it as UTF-8 text with commas, one header line and as many cells in every row")
}

impl Row {
    /// A cell; empty if there is no such column.
    pub(crate) fn text(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell)
    }

    /// Where a cell stands.
    pub(crate) fn path(&self, column: &str) -> String {
        format!("{}:{}:{column}", self.file, self.line)
    }

    /// A finding about a cell.
    pub(crate) fn bad(&self, column: &str, reason: impl Display) -> Finding {
        Finding::error("flows.bad-value", format!("`{column}`: {reason}"))
            .at(self.path(column))
            .remedy(format!("correct `{column}`; the columns are described beside the tables"))
    }

    /// A cell that holds a value of `T`.
    pub(crate) fn parse<T: FromStr<Err: Display + 'static>>(
        &self,
        column: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let text = self.text(column);
        text.parse()
            .map_err(|error: T::Err| {
                findings.push(self.bad(column, format!("`{text}`: {}", kervan_model::words_of(&error))))
            })
            .ok()
    }

    /// A number within a range.
    pub(crate) fn number(
        &self,
        column: &str,
        range: std::ops::RangeInclusive<f64>,
        findings: &mut Vec<Finding>,
    ) -> Option<f64> {
        let value: f64 = self.parse(column, findings)?;
        if value < 0.0 && column == "teu" {
            findings.push(
                Finding::error("flows.negative-demand", format!("{value} TEU is less than nothing"))
                    .at(self.path(column))
                    .remedy("give a volume of zero or more; the opposite direction is a row of its own"),
            );
            return None;
        }
        if !range.contains(&value) {
            findings
                .push(self.bad(column, format!("{value} is not from {} to {}", range.start(), range.end())));
            return None;
        }
        Some(value)
    }

    /// Words parted by semicolons.
    pub(crate) fn words(&self, column: &str) -> Vec<String> {
        self.text(column)
            .split(';')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Source, period and confidence; `year` may stand for the period.
    pub(crate) fn provenance(&self, findings: &mut Vec<Finding>) -> Option<Provenance> {
        let source = self.text("source");
        if source.is_empty() {
            findings.push(
                Finding::error("flows.source-missing", "the row names no source")
                    .at(self.path("source"))
                    .remedy("name publication and date, or write `judgement: ` and the reason"),
            );
            return None;
        }
        let confidence = match self.text("confidence") {
            "high" => Confidence::High,
            "medium" => Confidence::Medium,
            "low" => Confidence::Low,
            other => {
                findings.push(self.bad("confidence", format!("`{other}` is none of high, medium, low")));
                return None;
            }
        };
        let period = if self.text("period").is_empty() { self.text("year") } else { self.text("period") };
        Some(Provenance { source: source.to_owned(), period: period.to_owned(), confidence })
    }
}

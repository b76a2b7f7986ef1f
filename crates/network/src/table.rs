//! Reading one CSV table leniently: every problem of every row becomes a finding, and reading goes on.

use crate::limits::MOST_ROWS;
use crate::{RowAt, Validity};
use kervan_model::{Confidence, Finding, Provenance};
use kervan_units::Estimate;
use std::fmt::Display;
use std::str::FromStr;

/// A table with its header.
pub(crate) struct Table {
    file: &'static str,
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    /// Reads a table that needs `columns`. `None` if it cannot be used at all; the reason is among the findings.
    pub(crate) fn read(
        file: &'static str,
        text: &str,
        columns: &[&str],
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                findings.push(
                    Finding::error(
                        "network.not-a-table",
                        format!("{file} cannot be read as CSV: {}", kervan_model::in_plain_words(&error)),
                    )
                    .at(format!("{file}:1"))
                    .remedy("save it as UTF-8 text with commas and one header line"),
                );
                return None;
            }
        };
        let missing: Vec<&str> =
            columns.iter().copied().filter(|column| !header.iter().any(|name| name == *column)).collect();
        if !missing.is_empty() {
            findings.push(
                Finding::error(
                    "network.column-missing",
                    format!("{file} lacks the columns {}", missing.join(", ")),
                )
                .at(format!("{file}:1"))
                .remedy(
                    "add the columns to the header line, empty cells are fine where the value is optional",
                ),
            );
            return None;
        }
        let mut rows = Vec::new();
        for record in reader.records().take(MOST_ROWS) {
            match record {
                Ok(record) if record.len() == header.len() => rows.push(record),
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    let message = format!("the row has {} cells, the header {}", record.len(), header.len());
                    findings.push(
                        Finding::error("network.row-length", message)
                            .at(format!("{file}:{line}"))
                            .remedy("quote cells that hold a comma, and keep empty cells"),
                    );
                }
                Err(error) => findings.push(
                    Finding::error(
                        "network.not-a-table",
                        format!("a row of {file} cannot be read: {}", kervan_model::in_plain_words(&error)),
                    )
                    .at(file)
                    .remedy("save it as UTF-8 text"),
                ),
            }
        }
        Some(Self { file, header, rows })
    }

    /// The rows in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }
}

/// One row, with the means to read its cells into typed values.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    table: &'t Table,
    record: &'t csv::StringRecord,
}

impl<'t> Row<'t> {
    /// Where the row stands.
    pub(crate) fn at(&self) -> RowAt {
        RowAt { file: self.table.file, line: self.record.position().map_or(0, csv::Position::line) }
    }

    /// The path of a cell for a finding: `links.csv:12:from`.
    pub(crate) fn path(&self, column: &str) -> String {
        format!("{}:{column}", self.at())
    }

    /// A cell; empty if it is empty or the table has no such column.
    pub(crate) fn text(&self, column: &str) -> &'t str {
        let index = self.table.header.iter().position(|name| name == column);
        index.and_then(|index| self.record.get(index)).unwrap_or("")
    }

    /// A cell that must not be empty.
    pub(crate) fn required(&self, column: &str, findings: &mut Vec<Finding>) -> Option<&'t str> {
        let text = self.text(column);
        if text.is_empty() {
            findings.push(
                Finding::error("network.value-missing", format!("`{column}` is empty"))
                    .at(self.path(column))
                    .remedy(format!("fill `{column}`")),
            );
            return None;
        }
        Some(text)
    }

    /// A cell that must hold a value of `T`.
    pub(crate) fn parse<T: FromStr<Err: Display + 'static>>(
        &self,
        column: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let text = self.required(column, findings)?;
        text.parse()
            .map_err(|error: T::Err| findings.push(self.bad(column, kervan_model::words_of(&error))))
            .ok()
    }

    /// A cell that may be empty. Outer `None`: it holds something that is no `T`.
    pub(crate) fn parse_optional<T: FromStr<Err: Display + 'static>>(
        &self,
        column: &str,
        findings: &mut Vec<Finding>,
    ) -> Option<Option<T>> {
        if self.text(column).is_empty() { Some(None) } else { self.parse(column, findings).map(Some) }
    }

    /// A cell that must hold one of the words.
    pub(crate) fn word<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let text = self.required(column, findings)?;
        self.word_of(column, text, words, findings)
    }

    /// A cell that may be empty or holds one of the words. Outer `None`: it holds something else.
    pub(crate) fn word_optional<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        findings: &mut Vec<Finding>,
    ) -> Option<Option<T>> {
        if self.text(column).is_empty() { Some(None) } else { self.word(column, words, findings).map(Some) }
    }

    /// Words parted by semicolons.
    pub(crate) fn words<T: Copy>(
        &self,
        column: &str,
        words: &[(&str, T)],
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<T>> {
        let text = self.required(column, findings)?;
        text.split(';').map(|word| self.word_of(column, word.trim(), words, findings)).collect()
    }

    fn word_of<T: Copy>(
        &self,
        column: &str,
        text: &str,
        words: &[(&str, T)],
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            findings.push(self.bad(column, format!("`{text}` is none of {}", known.join(", "))));
        }
        found
    }

    /// Values parted by semicolons, at most `most`; none if the cell is empty.
    pub(crate) fn list<T: FromStr<Err: Display + 'static>>(
        &self,
        column: &str,
        most: usize,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<T>> {
        let text = self.text(column);
        if text.is_empty() {
            return Some(Vec::new());
        }
        if text.split(';').count() > most {
            findings.push(self.bad(column, format!("more than {most} values")));
            return None;
        }
        text.split(';')
            .map(|value| {
                value
                    .trim()
                    .parse()
                    .map_err(|error: T::Err| findings.push(self.bad(column, kervan_model::words_of(&error))))
                    .ok()
            })
            .collect()
    }

    /// `yes` or `no`; empty counts as `no`.
    pub(crate) fn yes_or_empty(&self, column: &str, findings: &mut Vec<Finding>) -> Option<bool> {
        if self.text(column).is_empty() { Some(false) } else { self.yes(column, findings) }
    }

    /// `yes` or `no`.
    pub(crate) fn yes(&self, column: &str, findings: &mut Vec<Finding>) -> Option<bool> {
        self.word(column, &[("yes", true), ("no", false)], findings)
    }

    /// Three cells `prefix_min`, `prefix_typ`, `prefix_max`, each converted; `None` from `convert` means not a value.
    pub(crate) fn estimate<T: Copy + Ord>(
        &self,
        prefix: &str,
        convert: impl Fn(&str) -> Option<T>,
        findings: &mut Vec<Finding>,
    ) -> Option<Estimate<T>> {
        let mut read = |end: &str| -> Option<(T, &'t str)> {
            let column = format!("{prefix}_{end}");
            let text = self.required(&column, findings)?;
            let value = convert(text);
            if value.is_none() {
                findings.push(self.bad(&column, format!("`{text}` is not a number that is zero or more")));
            }
            value.map(|value| (value, text))
        };
        let (min, typ, max) = (read("min"), read("typ"), read("max"));
        let ((min, min_text), (typ, typ_text), (max, max_text)) = (min?, typ?, max?);
        Estimate::new(min, typ, max)
            .map_err(|_| {
                let (code, column) =
                    if min > typ { ("min-above-typ", "min") } else { ("typ-above-max", "max") };
                let message = format!("`{prefix}` is not in order: {min_text}, {typ_text}, {max_text}");
                findings.push(
                    Finding::error(format!("network.{code}"), message)
                        .at(self.path(&format!("{prefix}_{column}")))
                        .remedy("the least value comes first, then the typical, then the most"),
                );
            })
            .ok()
    }

    /// `valid_from` and `valid_to`, each of which may be empty.
    pub(crate) fn validity(&self, findings: &mut Vec<Finding>) -> Option<Validity> {
        let (from, to) =
            (self.parse_optional("valid_from", findings), self.parse_optional("valid_to", findings));
        let validity = Validity { from: from?, to: to? };
        if matches!((validity.from, validity.to), (Some(from), Some(to)) if to < from) {
            findings.push(self.bad("valid_to", "the last day is before the first"));
            return None;
        }
        Some(validity)
    }

    /// Source, period and confidence of the row.
    pub(crate) fn provenance(&self, findings: &mut Vec<Finding>) -> Option<Provenance> {
        let source = self.text("source");
        if source.is_empty() {
            findings.push(
                Finding::error("network.source-missing", "the row names no source")
                    .at(self.path("source"))
                    .remedy("name publication and date, or write `judgement: ` and the reason"),
            );
        }
        let period = self.required("period", findings);
        let words = [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];
        let confidence = self.word("confidence", &words, findings)?;
        if source.is_empty() {
            return None;
        }
        let unproved = source.starts_with("judgement") || source.starts_with("general knowledge");
        if unproved && confidence != Confidence::Low {
            findings.push(
                Finding::warning(
                    "network.judgement-too-sure",
                    "a judgement is given more than low confidence",
                )
                .at(self.path("confidence"))
                .remedy("write `low`, or name the source that makes it more"),
            );
        }
        Some(Provenance { source: source.to_owned(), period: period?.to_owned(), confidence })
    }

    /// A finding that a cell holds no value of its kind.
    pub(crate) fn bad(&self, column: &str, reason: impl Display) -> Finding {
        Finding::error("network.bad-value", format!("`{column}`: {reason}"))
            .at(self.path(column))
            .remedy(format!("correct `{column}`; the columns are described beside the tables"))
    }
}

/// A decimal that is zero or more, times `scale`, rounded.
pub(crate) fn scaled(text: &str, scale: f64) -> Option<u64> {
    let value: f64 = text.parse().ok()?;
    let value = (value * scale).round();
    (value.is_finite() && (0.0..=1e15).contains(&value)).then_some(value as u64)
}

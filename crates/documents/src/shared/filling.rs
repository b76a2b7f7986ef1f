//! What is to stand in a form, by box; brought together with the form's table.

use crate::layout_table::{Placement, PlacementKind};
use crate::words::Speech;
use crate::{Column, DocumentKind, Form, FormBox, FormMark, FormTable, Row};
use kervan_model::Finding;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Texts by box and rows by table, with what was found while they were written.
#[derive(Default)]
pub(crate) struct Filling {
    boxes: BTreeMap<Cow<'static, str>, Vec<String>>,
    tables: BTreeMap<Cow<'static, str>, Vec<Row>>,
    pub(crate) findings: Vec<Finding>,
    /// The data of the document, where it came of the same work as the boxes.
    pub(crate) data: Option<Value>,
    languages: Vec<String>,
}

impl Filling {
    /// Writes lines into a box; blank ones are left out.
    pub(crate) fn put(&mut self, id: impl Into<Cow<'static, str>>, lines: impl IntoIterator<Item = String>) {
        let lines = lines.into_iter().filter(|line| !line.trim().is_empty());
        self.boxes.entry(id.into()).or_default().extend(lines);
    }

    /// Adds a row to a table.
    pub(crate) fn push(&mut self, table: impl Into<Cow<'static, str>>, row: Row) {
        self.tables.entry(table.into()).or_default().push(row);
    }

    /// The form, and the findings: those of the filling and one for each required box that is empty.
    pub(crate) fn into_form(
        mut self,
        kind: DocumentKind,
        speech: &Speech,
        placements: &[Placement],
    ) -> (Form, Vec<Finding>) {
        self.languages = speech.languages.clone();
        let mut form = Form {
            official: speech.official,
            languages: speech.languages.clone(),
            sheets: crate::sheets::list_sheets(kind, &speech.languages),
            ..Form::default()
        };
        for row in placements {
            match row.kind {
                PlacementKind::Title | PlacementKind::Note => {
                    form.titles.push(self.form_box(row, Vec::new()));
                }
                PlacementKind::Box => form.boxes.push(self.take_box(kind, row)),
                PlacementKind::Closing => form.closing.push(self.take_box(kind, row)),
                PlacementKind::Table => form.tables.push(self.take_table(kind, row, placements)),
                PlacementKind::Reverse => form.reverse.push(self.take_box(kind, row)),
                PlacementKind::Mark(style) => form.marks.push(FormMark {
                    style,
                    place: row.place,
                    labels: row.labels_in(&self.languages),
                    strong: row.strong,
                    size: row.size,
                }),
                PlacementKind::Column => {}
            }
        }
        for id in self.boxes.keys().chain(self.tables.keys()) {
            let message =
                format!("the {} has a text for box {id}, but its table has no such box", kind.title());
            self.findings.push(
                Finding::warning("documents.box-unknown", message)
                    .at(format!("data/documents/{kind}.csv"))
                    .remedy("add the box to the table"),
            );
        }
        (form, self.findings)
    }

    fn take_box(&mut self, kind: DocumentKind, row: &Placement) -> FormBox {
        let lines = self.boxes.remove(row.id.as_str()).unwrap_or_default();
        if row.required && lines.is_empty() {
            self.findings.push(empty(kind, row, None));
        }
        self.form_box(row, lines)
    }

    fn form_box(&self, row: &Placement, lines: Vec<String>) -> FormBox {
        FormBox {
            id: row.id.clone(),
            labels: row.labels_in(&self.languages),
            lines,
            place: row.place,
            align: row.align,
            strong: row.strong,
        }
    }

    fn take_table(&mut self, kind: DocumentKind, row: &Placement, placements: &[Placement]) -> FormTable {
        let rows = self.tables.remove(row.id.as_str()).unwrap_or_default();
        if row.required && !rows.iter().any(|row| row.numbered) {
            self.findings.push(empty(kind, row, None));
        }
        let columns: Vec<&Placement> = placements
            .iter()
            .filter(|column| column.kind == PlacementKind::Column && column.table == row.id)
            .collect();
        // Rows that are neither totals nor continued from the one above carry every required column.
        for (place, column) in columns.iter().enumerate().filter(|(_, column)| column.required) {
            let is_empty = |cells: &Row| cells.cells.get(place).is_none_or(Vec::is_empty);
            let lines = rows.iter().enumerate().filter(|(_, cells)| !cells.strong && cells.numbered);
            let blank: Vec<usize> =
                lines.filter(|(_, cells)| is_empty(cells)).map(|(line, _)| line).collect();
            self.findings.extend(blank.into_iter().map(|line| empty(kind, column, Some(line))));
        }
        FormTable {
            id: row.id.clone(),
            area: row.place,
            heading: columns.first().map_or(0.0, |column| column.place.height),
            columns: columns.into_iter().map(|column| self.form_column(column)).collect(),
            rows,
        }
    }

    fn form_column(&self, row: &Placement) -> Column {
        Column {
            id: row.id.clone(),
            labels: row.labels_in(&self.languages),
            x: row.place.x,
            width: row.place.width,
            align: row.align,
        }
    }
}

/// A required box that nothing stands in.
fn empty(kind: DocumentKind, row: &Placement, line: Option<usize>) -> Finding {
    let label = row.labels.first().map_or(row.id.as_str(), |label| label.text.as_str());
    let of_line = line.map(|line| format!(" in line {}", line + 1)).unwrap_or_default();
    let message = format!("box {} ({label}) of the {} is empty{of_line}", row.id, kind.title());
    let path = line.map_or_else(|| row.path.clone(), |line| format!("{}/{line}", row.path));
    Finding::error("documents.box-empty", message)
        .at(path)
        .rule(format!("required box {} of data/documents/{kind}.csv", row.id))
        .source(row.source.clone())
        .remedy(row.remedy.clone())
}

//! Reads the table of a form: which boxes it has, where they stand, what they are called, which must be filled.

use crate::words::Speech;
use crate::{Align, DocumentKind, Label, MarkStyle, Rect};
use kervan_model::Finding;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a row of the table describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlacementKind {
    /// The title.
    Title,
    /// A note beside the title.
    Note,
    /// A box of the first sheet.
    Box,
    /// The area of a table.
    Table,
    /// A column of a table.
    Column,
    /// A box after the last table.
    Closing,
    /// A box on the other side of the sheet.
    Reverse,
    /// A part of the form that nobody fills in.
    Mark(MarkStyle),
}

/// One row of a form's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// What it describes.
    pub kind: PlacementKind,
    /// The table that a column belongs to.
    pub table: String,
    /// Number or name.
    pub id: String,
    /// Where it stands.
    pub place: Rect,
    /// How its text is aligned.
    pub align: Align,
    /// Whether its text is set in bold.
    pub strong: bool,
    /// Whether the document may not be made while it is empty.
    pub required: bool,
    /// Where in the consignment the fact comes from. Shape: JSON pointer, or empty.
    pub path: String,
    /// What to do when it is empty.
    pub remedy: String,
    /// Who fills it in on paper, where the dossier has no fact for it: `carrier`, `consignor`. Empty if the dossier does.
    pub filled_by: String,
    /// Who says that the form has this box.
    pub source: String,
    /// Labels in every language of the table: those of the form first, in their order.
    pub labels: Vec<Label>,
    /// Languages of this row's label, where they are not those of the form.
    pub languages: Vec<String>,
    /// Size of the text of a mark. Unit: point.
    pub size: f32,
}

impl Placement {
    /// The labels to print in the languages of a form, or in those of the row itself.
    pub(crate) fn labels_in(&self, languages: &[String]) -> Vec<Label> {
        let languages = if self.languages.is_empty() { languages } else { &self.languages };
        let find = |language: &String| self.labels.iter().find(|label| label.language == *language);
        languages.iter().filter_map(find).cloned().collect()
    }
}

/// The rows of a form's table, in order.
///
/// Errors: every row that cannot be read, as a finding with file and line.
pub fn list_placements(kind: DocumentKind) -> Result<&'static [Placement], Vec<Finding>> {
    match TABLES.get(&kind) {
        Some(Ok(placements)) => Ok(placements),
        Some(Err(findings)) => Err(findings.clone()),
        None => Ok(&[]),
    }
}

/// The rows of a table, or what is wrong with them.
type Table = Result<Vec<Placement>, Vec<Finding>>;

/// Every table, read once: reading takes longer than filling a form.
static TABLES: LazyLock<BTreeMap<DocumentKind, Table>> = LazyLock::new(|| {
    let table = |kind: DocumentKind| {
        let languages = &Speech::load(kind)?.languages;
        read(kind.slug(), kind.definition().layout, languages)
    };
    DocumentKind::ALL.into_iter().map(|kind| (kind, table(kind))).collect()
});

fn read(name: &str, text: &str, languages: &[String]) -> Result<Vec<Placement>, Vec<Finding>> {
    let finding = |line: u64, message: String| {
        Finding::error("documents.layout-unreadable", message)
            .at(format!("data/documents/{name}.csv:{line}"))
            .remedy("correct the row; data/documents/README.md explains the columns")
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header =
        reader.headers().map_err(|error| vec![finding(1, kervan_model::in_plain_words(&error))])?.clone();
    let mut placements = Vec::new();
    let mut findings = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let line = index as u64 + 2;
        match record
            .map_err(|error| kervan_model::in_plain_words(&error))
            .and_then(|record| read_row(&header, &record, languages))
        {
            Ok(placement) => placements.push(placement),
            Err(message) => findings.push(finding(line, message)),
        }
    }
    if findings.is_empty() { Ok(placements) } else { Err(findings) }
}

fn read_row(
    header: &csv::StringRecord,
    record: &csv::StringRecord,
    languages: &[String],
) -> Result<Placement, String> {
    let cell = |name: &str| {
        let column = header.iter().position(|column| column == name);
        column.and_then(|column| record.get(column)).ok_or_else(|| format!("there is no column {name}"))
    };
    let number = |name: &str| {
        let text = cell(name)?;
        text.parse::<f32>().map_err(|_| format!("{name} is not a number: {text}"))
    };
    let yes = |name: &str| match cell(name)? {
        "yes" => Ok(true),
        "no" => Ok(false),
        other => Err(format!("{name} is neither yes nor no: {other}")),
    };
    let optional = |name: &str| cell(name).unwrap_or_default();
    let kind = match cell("kind")? {
        "title" => PlacementKind::Title,
        "note" => PlacementKind::Note,
        "box" => PlacementKind::Box,
        "table" => PlacementKind::Table,
        "column" => PlacementKind::Column,
        "closing" => PlacementKind::Closing,
        "reverse" => PlacementKind::Reverse,
        "text" => PlacementKind::Mark(MarkStyle::Text),
        "turned" => PlacementKind::Mark(MarkStyle::Turned),
        "frame" => PlacementKind::Mark(MarkStyle::Frame),
        "shade" => PlacementKind::Mark(MarkStyle::Shade),
        other => return Err(format!("kind is not known: {other}")),
    };
    let mut labels: Vec<Label> = header
        .iter()
        .zip(record)
        .filter_map(|(column, text)| Some((column.strip_prefix("label_")?, text)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(language, text)| Label { language: language.to_owned(), text: text.to_owned() })
        .collect();
    let rank = |label: &Label| languages.iter().position(|language| *language == label.language);
    labels.sort_by_key(|label| rank(label).unwrap_or(usize::MAX));
    Ok(Placement {
        kind,
        table: cell("table")?.to_owned(),
        id: cell("id")?.to_owned(),
        place: Rect {
            x: number("x_mm")?,
            y: number("y_mm")?,
            width: number("w_mm")?,
            height: number("h_mm")?,
        },
        align: match cell("align")? {
            "left" => Align::Left,
            "right" => Align::Right,
            other => return Err(format!("align is neither left nor right: {other}")),
        },
        strong: yes("strong")?,
        required: yes("required")?,
        path: cell("path")?.to_owned(),
        remedy: cell("remedy")?.to_owned(),
        filled_by: optional("filled_by").to_owned(),
        source: cell("source")?.to_owned(),
        labels,
        languages: optional("languages").split_whitespace().map(str::to_owned).collect(),
        size: match optional("size_pt") {
            "" => 5.0,
            text => text.parse().map_err(|_| format!("size_pt is not a number: {text}"))?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_reads_and_names_each_box_once() {
        for kind in DocumentKind::ALL {
            let placements = list_placements(kind).unwrap();
            let mut seen = BTreeSet::new();
            for row in placements {
                let key = (format!("{:?}", row.kind), row.table.clone(), row.id.clone());
                assert!(seen.insert(key), "{kind}: {} stands twice", row.id);
                assert!(!row.required || !row.remedy.is_empty(), "{kind}: {} needs a remedy", row.id);
                let needs_no_label = matches!(
                    row.kind,
                    PlacementKind::Table | PlacementKind::Mark(MarkStyle::Frame | MarkStyle::Shade)
                );
                assert!(needs_no_label || !row.labels.is_empty(), "{kind}: {}", row.id);
            }
        }
    }

    #[test]
    fn boxes_stay_on_the_sheet_and_do_not_overlap() {
        for kind in DocumentKind::ALL {
            let rows = list_placements(kind).unwrap();
            let front = rows.iter().filter(|row| row.kind == PlacementKind::Box).collect::<Vec<_>>();
            let reverse = rows.iter().filter(|row| row.kind == PlacementKind::Reverse).collect::<Vec<_>>();
            for boxes in [front, reverse] {
                for (index, row) in boxes.iter().enumerate() {
                    let a = row.place;
                    assert!(a.x >= 8.0 && a.right() <= 202.0 && a.bottom() <= 266.0, "{kind}: {}", row.id);
                    for other in boxes.iter().skip(index + 1) {
                        let b = other.place;
                        let apart =
                            a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
                        assert!(apart, "{kind}: {} overlaps {}", row.id, other.id);
                    }
                }
            }
        }
    }

    #[test]
    fn each_box_of_a_note_by_rail_is_from_a_fact_or_left_to_somebody() {
        for kind in [DocumentKind::Smgs, DocumentKind::CimSmgs] {
            let rows = list_placements(kind).unwrap();
            let boxes =
                rows.iter().filter(|row| matches!(row.kind, PlacementKind::Box | PlacementKind::Reverse));
            for row in boxes {
                assert_ne!(row.path.is_empty(), row.filled_by.is_empty(), "{kind}: {}", row.id);
                assert!(!row.required || row.filled_by.is_empty(), "{kind}: {}", row.id);
            }
        }
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        let good = DocumentKind::CimSmgs.definition().layout;
        let bad = good.replacen(",yes,no,", ",perhaps,no,", 1);
        let findings = read("cim-smgs", &bad, &[]).unwrap_err();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.as_deref(), Some("data/documents/cim-smgs.csv:2"));
    }
}

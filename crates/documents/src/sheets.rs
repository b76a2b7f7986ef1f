//! The sheets that a form is printed in: which, in what colour, for whom.

use crate::{DocumentKind, FormSheet, Label};
use std::sync::LazyLock;

/// By slug of the form; labels in every language of the table.
static SHEETS: LazyLock<Vec<(String, FormSheet)>> =
    LazyLock::new(|| read(include_str!("../../../data/documents/sheets.csv")));

/// The sheets of a form in order, with labels in its languages; none if it is printed once.
pub(crate) fn list_sheets(kind: DocumentKind, languages: &[String]) -> Vec<FormSheet> {
    let of_kind = SHEETS.iter().filter(|(form, _)| form == kind.slug());
    let speaking = of_kind.map(|(_, sheet)| {
        let find = |language: &String| sheet.labels.iter().find(|label| label.language == *language);
        FormSheet { labels: languages.iter().filter_map(find).cloned().collect(), ..sheet.clone() }
    });
    speaking.collect()
}

fn read(text: &str) -> Vec<(String, FormSheet)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let rows = reader.records().filter_map(|row| {
        let row = row.ok()?;
        let cell = |name: &str| row.get(header.iter().position(|column| column == name)?);
        let labels = header.iter().zip(&row).filter_map(|(column, text)| {
            let language = column.strip_prefix("label_")?.to_owned();
            (!text.is_empty()).then(|| Label { language, text: text.to_owned() })
        });
        let shade = |name: &str| cell(name)?.parse::<u8>().ok();
        let sheet = FormSheet {
            number: cell("number")?.to_owned(),
            labels: labels.collect(),
            ink: (shade("red")?, shade("green")?, shade("blue")?),
            reverse: cell("reverse")? == "yes",
        };
        Some((cell("form")?.to_owned(), sheet))
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let text = include_str!("../../../data/documents/sheets.csv");
        assert_eq!(SHEETS.len(), text.lines().count() - 1);
        for (form, sheet) in SHEETS.iter() {
            assert!(DocumentKind::find(form).is_none_or(|kind| !list_sheets(kind, &[]).is_empty()), "{form}");
            assert!(sheet.labels.len() >= 2, "{form} {}", sheet.number);
        }
    }
}

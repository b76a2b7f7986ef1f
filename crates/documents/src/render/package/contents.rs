//! The contents: every document with its number, date and pages, each a link.

use super::super::boxes::{Look, set_lines, wrap_all};
use super::super::fonts::Weight;
use super::super::layout::SHEET;
use super::super::sheet::{DARK, Mark, Sheet, Style};
use super::super::table::{Sheets, row_height, set_heading, set_row};
use super::super::text::Typesetter;
use super::{MARGIN, Own, Package, Part};
use crate::shared::text::utc_date;
use crate::words::Speech;
use crate::{Align, Column, FormTable, Label, Rect, Row};

/// Columns: word, width in millimetres, alignment.
const COLUMNS: [(&str, f32, Align); 5] = [
    ("line_number", 12.0, Align::Left),
    ("document", 88.0, Align::Left),
    ("number", 42.0, Align::Left),
    ("date", 22.0, Align::Left),
    ("page", 16.0, Align::Right),
];

/// Sets the contents; `last` is the page of the verification, counted from 0.
pub(super) fn lay_out(
    package: &Package<'_>,
    speech: &Speech,
    parts: &[Part],
    last: usize,
    setter: &mut Typesetter<'_>,
) -> Vec<Sheet> {
    let heading = speech.word("contents");
    let mut own = Own { heading: &heading, sheets: Vec::new() };
    let table = table(speech, &COLUMNS);
    let top = own.next();
    let mut y = set_heading(own.current(), setter, Look::FREE, &table, top);
    let mut lines: Vec<(Row, usize)> =
        parts.iter().enumerate().map(|(index, part)| row(index, part)).collect();
    let pages = |page: usize| vec![(page + 1).to_string()];
    let cells = vec![Vec::new(), vec![speech.word("verification")], Vec::new(), Vec::new(), pages(last)];
    lines.push((Row { cells, ..Row::default() }, last));
    for (row, page) in lines {
        let height = row_height(setter, Look::FREE, &table, &row);
        if y + height > own.bottom() {
            let top = own.next();
            y = set_heading(own.current(), setter, Look::FREE, &table, top);
        }
        let rect = Rect { x: MARGIN, y, width: SHEET.0 - 2.0 * MARGIN, height };
        own.current().marks.push(Mark::Link { rect, page });
        y = set_row(own.current(), setter, Look::FREE, &table, &row, y);
    }
    set_missing(&mut own, package, speech, setter, y + 6.0);
    own.sheets
}

fn row(index: usize, part: &Part) -> (Row, usize) {
    let first = part.page + 1;
    let pages =
        if part.pages == 1 { first.to_string() } else { format!("{first}–{}", part.page + part.pages) };
    let cells = vec![
        vec![(index + 1).to_string()],
        vec![part.title.clone()],
        vec![part.number.clone()],
        vec![utc_date(part.issued).to_string()],
        vec![pages],
    ];
    (Row { cells, ..Row::default() }, part.page)
}

/// What should be in the package and is not: said, never left out silently.
fn set_missing(
    own: &mut Own<'_>,
    package: &Package<'_>,
    speech: &Speech,
    setter: &mut Typesetter<'_>,
    mut y: f32,
) {
    if package.missing.is_empty() {
        return;
    }
    let style = Style::new(7.5, Weight::Regular, DARK);
    let width = SHEET.0 - 2.0 * MARGIN;
    let heading = [format!("{}:", speech.word("missing_documents"))];
    let lines = package.missing.iter().map(|(title, reason)| format!("{title}: {reason}"));
    let lines: Vec<String> = heading.into_iter().chain(lines).collect();
    for line in wrap_all(setter, &lines, style, width) {
        if y + style.leading() > own.bottom() {
            y = own.next();
        }
        let room = Rect { x: MARGIN, y, width, height: 0.0 };
        set_lines(own.current(), setter, &[line], Align::Left, style, room);
        y += style.leading();
    }
}

/// A table of the package's own, over the width of the sheet.
pub(super) fn table(speech: &Speech, columns: &[(&str, f32, Align)]) -> FormTable {
    let mut x = MARGIN;
    let columns = columns.iter().map(|(key, width, align)| {
        let label = Label { language: String::new(), text: speech.word(key) };
        let column = Column { id: (*key).to_owned(), labels: vec![label], x, width: *width, align: *align };
        x += width;
        column
    });
    FormTable {
        id: String::new(),
        area: Rect { x: MARGIN, y: 0.0, width: SHEET.0 - 2.0 * MARGIN, height: 0.0 },
        heading: 11.0,
        columns: columns.collect(),
        rows: Vec::new(),
    }
}

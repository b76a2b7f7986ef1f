//! The last pages: who signed what, the hashes of the documents, and how to check them without asking anyone.

use super::super::boxes::{Look, set_lines, wrap_all};
use super::super::fonts::Weight;
use super::super::layout::SHEET;
use super::super::sheet::{BLACK, Sheet, Style};
use super::super::table::{Sheets, set_heading, set_rows};
use super::super::text::Typesetter;
use super::{MARGIN, Own, Package, contents};
use crate::words::Speech;
use crate::{Align, Rect, Row, Stamp};

const ENTRIES: [(&str, f32, Align); 5] = [
    ("entry", 52.0, Align::Left),
    ("says", 34.0, Align::Left),
    ("signed_by", 40.0, Align::Left),
    ("signature", 32.0, Align::Left),
    ("standing", 22.0, Align::Left),
];
const DOCUMENTS: [(&str, f32, Align); 3] = [
    ("document", 62.0, Align::Left),
    ("data_hash", 66.0, Align::Left),
    ("issued_by_entry", 52.0, Align::Left),
];

pub(super) fn lay_out(package: &Package<'_>, speech: &Speech, setter: &mut Typesetter<'_>) -> Vec<Sheet> {
    let heading = speech.word("verification");
    let mut own = Own { heading: &heading, sheets: Vec::new() };
    let mut y = own.next();
    let style = Style::new(8.0, Weight::Regular, BLACK);
    for text in speech.texts("how_to_verify") {
        let lines = wrap_all(setter, &[text], style, SHEET.0 - 2.0 * MARGIN);
        let room = Rect { x: MARGIN, y, width: SHEET.0 - 2.0 * MARGIN, height: 0.0 };
        set_lines(own.current(), setter, &lines, Align::Left, style, room);
        y += (lines.len() as f32 + 0.5) * style.leading();
    }
    let rows: Vec<Row> =
        package.documents.iter().map(|document| document_row(&Stamp::of(document))).collect();
    y = set_table(&mut own, setter, speech, &DOCUMENTS, &rows, y + 2.0);
    let rows: Vec<Row> = package.entries.iter().map(entry_row).collect();
    set_table(&mut own, setter, speech, &ENTRIES, &rows, y + 6.0);
    own.sheets
}

fn set_table(
    own: &mut Own<'_>,
    setter: &mut Typesetter<'_>,
    speech: &Speech,
    columns: &[(&str, f32, Align)],
    rows: &[Row],
    y: f32,
) -> f32 {
    let table = contents::table(speech, columns);
    let top = if y + 24.0 > own.bottom() { own.next() } else { y };
    let y = set_heading(own.current(), setter, Look::FREE, &table, top);
    set_rows(own, setter, Look::FREE, &table, rows, y)
}

fn document_row(stamp: &Stamp) -> Row {
    let cells = vec![
        vec![format!("{} {}", stamp.slug, stamp.number)],
        vec![stamp.data_sha256.clone()],
        vec![stamp.entry.clone()],
    ];
    Row { cells, ..Row::default() }
}

fn entry_row(entry: &super::PackageEntry) -> Row {
    let cells = vec![
        vec![entry.id.clone()],
        vec![entry.kind.clone(), entry.authored.to_string()],
        vec![entry.author.clone()],
        vec![entry.signature.clone(), entry.key.clone()],
        vec![entry.standing.clone()],
    ];
    Row { cells, ..Row::default() }
}

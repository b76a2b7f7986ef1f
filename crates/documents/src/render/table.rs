//! Sets tables: rows one under the other, over as many sheets as they need.

use super::boxes::{Look, fit_label, set_lines, wrap_all};
use super::fonts::Weight;
use super::sheet::{BLACK, DARK, LIGHT, Sheet, Style};
use super::text::Typesetter;
use crate::{Align, Column, FormTable, Rect, Row};

/// Space between a row's line and its text. Unit: millimetre.
const ROW_PADDING: f32 = 0.9;
/// Space between two columns. Unit: millimetre.
const GUTTER: f32 = 2.0;

/// Where a table goes on when a sheet is full.
pub(super) trait Sheets {
    /// The sheet that is being set.
    fn current(&mut self) -> &mut Sheet;
    /// Starts another sheet; returns where its content begins. Unit: millimetre.
    fn next(&mut self) -> f32;
    /// Where content must end. Unit: millimetre.
    fn bottom(&self) -> f32;
}

/// Sets the heading of a table; returns where the first row begins.
pub(super) fn set_heading(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
    top: f32,
) -> f32 {
    let main = Style::new(6.6, Weight::Bold, BLACK);
    let small = if look.official { look.label } else { Style::new(5.6, Weight::Regular, DARK) };
    let bottom = top + table.heading;
    for column in &table.columns {
        let mut room = cell_room(look, column, top + 0.7);
        if look.official {
            let number = Style::new(6.0, Weight::Bold, look.ink);
            sheet.text(room.x, top + 0.6 + number.ascent(), number, column.id.clone());
            let width = setter.width(&column.id, number.size, number.weight) + 1.0;
            room = Rect { x: room.x + width, width: room.width - width, ..room };
        }
        if look.official {
            let height = table.heading - 0.8;
            let fitted = fit_label(setter, small, &column.labels, "\n", room.width, height);
            if let Some((style, lines)) = fitted {
                set_lines(sheet, setter, &lines, Align::Left, style, room);
            }
            continue;
        }
        for (index, label) in column.labels.iter().enumerate() {
            let style = if index == 0 { main } else { small };
            let lines = wrap_all(setter, std::slice::from_ref(&label.text), style, room.width);
            set_lines(sheet, setter, &lines, column.align, style, room);
            room.y += lines.len() as f32 * style.leading();
        }
    }
    let (left, right) = (table.area.x, table.area.right());
    if look.official {
        sheet.line((left, top), (right, top), 0.2, look.ink);
    }
    sheet.line((left, bottom), (right, bottom), if look.official { 0.2 } else { 0.35 }, look.ink);
    bottom
}

/// The vertical lines of an official table, over a height.
pub(super) fn set_rules(sheet: &mut Sheet, look: Look, table: &FormTable, top: f32, bottom: f32) {
    sheet.frame(Rect { y: top, height: bottom - top, ..table.area }, 0.2, look.ink);
    for column in table.columns.iter().skip(1) {
        sheet.line((column.x, top), (column.x, bottom), 0.2, look.ink);
    }
}

fn cell_room(look: Look, column: &Column, top: f32) -> Rect {
    let padding = if look.official { look.padding } else { 0.0 };
    let gutter = match (look.official, column.align) {
        (true, _) => 0.0,
        (false, Align::Left) => GUTTER,
        (false, Align::Right) => GUTTER / 2.0,
    };
    Rect {
        x: column.x + padding,
        y: top,
        width: (column.width - 2.0 * padding - gutter).max(1.0),
        height: 0.0,
    }
}

fn row_style(look: Look, row: &Row) -> Style {
    Style::new(look.row, if row.strong { Weight::Bold } else { Weight::Regular }, BLACK)
}

/// The lines of each cell of a row, broken to the columns.
fn cells(setter: &mut Typesetter<'_>, look: Look, table: &FormTable, row: &Row) -> Vec<Vec<String>> {
    let style = row_style(look, row);
    let columns = table.columns.iter().zip(&row.cells);
    columns.map(|(column, cell)| wrap_all(setter, cell, style, cell_room(look, column, 0.0).width)).collect()
}

/// Height of a row. Unit: millimetre.
pub(super) fn row_height(setter: &mut Typesetter<'_>, look: Look, table: &FormTable, row: &Row) -> f32 {
    let cells = cells(setter, look, table, row);
    height_of(most_lines(&cells), row_style(look, row))
}

fn most_lines(cells: &[Vec<String>]) -> usize {
    cells.iter().map(Vec::len).max().unwrap_or(0)
}

fn height_of(lines: usize, style: Style) -> f32 {
    lines as f32 * style.leading() + 2.0 * ROW_PADDING
}

/// Sets a row at a height; returns where the next one begins.
pub(super) fn set_row(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
    row: &Row,
    top: f32,
) -> f32 {
    let cells = cells(setter, look, table, row);
    set_cells(sheet, setter, look, table, row, &cells, top)
}

fn set_cells(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
    row: &Row,
    cells: &[Vec<String>],
    top: f32,
) -> f32 {
    let style = row_style(look, row);
    let bottom = top + height_of(most_lines(cells), style);
    let (left, right) = (table.area.x, table.area.right());
    if row.strong {
        sheet.line((left, top), (right, top), if look.official { 0.2 } else { 0.35 }, look.ink);
    }
    for (column, lines) in table.columns.iter().zip(cells) {
        set_lines(sheet, setter, lines, column.align, style, cell_room(look, column, top + ROW_PADDING));
    }
    if !row.strong {
        sheet.line((left, bottom), (right, bottom), 0.1, LIGHT);
    }
    bottom
}

/// Sets rows from a height on, with a new sheet and heading whenever one is full; returns where they end.
///
/// A row that is longer than what is left moves to the next sheet, unless it is longer than half a sheet: then it is cut
/// between two lines.
pub(super) fn set_rows(
    sheets: &mut dyn Sheets,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
    rows: &[Row],
    mut y: f32,
) -> f32 {
    for row in rows {
        let style = row_style(look, row);
        let mut cells = cells(setter, look, table, row);
        loop {
            let left = sheets.bottom() - y;
            let height = height_of(most_lines(&cells), style);
            if height <= left {
                y = set_cells(sheets.current(), setter, look, table, row, &cells, y);
                break;
            }
            let fitting = ((left - 2.0 * ROW_PADDING) / style.leading()).floor().max(0.0) as usize;
            if height > sheets.bottom() / 2.0 && fitting >= 2 {
                let rest: Vec<Vec<String>> =
                    cells.iter_mut().map(|cell| cell.split_off(fitting.min(cell.len()))).collect();
                set_cells(sheets.current(), setter, look, table, row, &cells, y);
                cells = rest;
            }
            let top = sheets.next();
            y = set_heading(sheets.current(), setter, look, table, top);
        }
    }
    y
}

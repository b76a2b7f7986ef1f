//! The foot of every sheet: the dossier, its head, how to check them, the code and the page.

use super::boxes::wrap_all;
use super::fonts::Weight;
use super::layout::SHEET;
use super::qr;
use super::sheet::{BLACK, DARK, Mark, Sheet, Style};
use super::text::Typesetter;
use crate::words::Speech;
use crate::{Document, RenderError};

/// Where the foot begins. Unit: millimetre.
const TOP: f32 = 268.0;
/// Side of the code without its margin. Unit: millimetre.
const CODE: f32 = 21.0;

/// Sets the foot of every sheet.
pub(super) fn set_footers(
    sheets: &mut [Sheet],
    document: &Document,
    speech: &Speech,
    setter: &mut Typesetter<'_>,
    code: &str,
) -> Result<(), RenderError> {
    let pattern = qr::pattern(code).ok_or(RenderError::CodeTooLong)?;
    let left = super::layout::left_edge(&document.form);
    let right = SHEET.0 - left;
    let count = sheets.len();
    let unprintable = !document.form.texts().all(|text| setter.fonts().covers(text));
    for (index, sheet) in sheets.iter_mut().enumerate() {
        sheet.line((left, TOP), (right - CODE - 3.0, TOP), 0.2, BLACK);
        set_code(sheet, &pattern, right - CODE, TOP);
        let width = right - CODE - 5.0 - left;
        let mut y = TOP + 1.2;
        for (key, hash) in [("dossier", &document.dossier), ("head", &document.head)] {
            let style = Style::new(6.2, Weight::Regular, DARK);
            let strong = Style::new(6.2, Weight::Regular, BLACK);
            sheet.text(left, y + style.ascent(), style, speech.word(key));
            sheet.text(left + 26.0, y + strong.ascent(), strong, hash.clone());
            y += style.leading();
        }
        y += 0.8;
        let small = Style::new(5.8, Weight::Regular, DARK);
        let mut notes = speech.texts("verify");
        if unprintable {
            notes.extend(speech.texts("unprintable"));
        }
        for line in wrap_all(setter, &notes, small, width) {
            sheet.text(left, y + small.ascent(), small, line);
            y += small.leading();
        }
        let style = Style::new(7.0, Weight::Bold, BLACK);
        let page = format!("{} {} / {count}", speech.word("page"), index + 1);
        let issued = format!("{}   ·   {} {}", document.number, speech.word("issued"), document.issued);
        sheet.text(left, TOP + CODE, style, page.clone());
        let after = left + setter.width(&page, style.size, style.weight) + 5.0;
        sheet.text(after, TOP + CODE, Style::new(7.0, Weight::Regular, DARK), issued);
    }
    Ok(())
}

fn set_code(sheet: &mut Sheet, pattern: &[Vec<bool>], x: f32, y: f32) {
    let side = CODE / pattern.len().max(1) as f32;
    let dark = pattern.iter().enumerate().flat_map(|(row, squares)| {
        let columns = squares.iter().enumerate().filter(|(_, dark)| **dark);
        columns.map(move |(column, _)| (x + column as f32 * side, y + row as f32 * side))
    });
    sheet.marks.push(Mark::Squares { side, corners: dark.collect() });
}

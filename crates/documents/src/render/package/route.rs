//! The way as a line: places with dates, legs drawn by their mode.

use super::super::boxes::{set_lines, wrap_all};
use super::super::fonts::Weight;
use super::super::layout::SHEET;
use super::super::sheet::{BLACK, DARK, Mark, Sheet, Style};
use super::super::text::Typesetter;
use super::{MARGIN, Package};
use crate::shared::text::utc_date;
use crate::words::Speech;
use crate::{Align, Rect};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Leg, Mode};

/// Most places on one line; a longer way goes on below.
const MOST: usize = 6;
/// Height of a line with its texts. Unit: millimetre.
const HEIGHT: f32 = 30.0;
const NAME: Style = Style::new(8.0, Weight::Bold, BLACK);
const DATE: Style = Style::new(6.5, Weight::Regular, DARK);

/// Sets the way from a height on; returns where it ends.
pub(super) fn set(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    package: &Package<'_>,
    speech: &Speech,
    top: f32,
) -> f32 {
    let legs: Vec<&Leg> = package.itinerary.into_iter().flat_map(|itinerary| itinerary.legs()).collect();
    if legs.is_empty() {
        return set_ends(sheet, package, top);
    }
    let mut y = top;
    for row in legs.chunks(MOST - 1) {
        set_row(sheet, setter, package, speech, row, y);
        y += HEIGHT;
    }
    y
}

/// Only the ends of the way are known.
fn set_ends(sheet: &mut Sheet, package: &Package<'_>, top: f32) -> f32 {
    let name = |code| (package.place_name)(code);
    let text = format!("{} → {}", name(&package.consignment.from), name(&package.consignment.to));
    sheet.text(MARGIN, top + NAME.ascent(), NAME, text);
    top + 2.0 * NAME.leading()
}

fn set_row(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    package: &Package<'_>,
    speech: &Speech,
    legs: &[&Leg],
    top: f32,
) {
    let step = (SHEET.0 - 2.0 * MARGIN - 14.0) / legs.len() as f32;
    let axis = top + 14.0;
    for (index, leg) in legs.iter().enumerate() {
        let x = MARGIN + index as f32 * step;
        set_leg(sheet, leg.mode, (x, axis), x + step);
        let label = format!("{} · {}", speech.word(&format!("mode:{}", leg.mode.word())), leg.operator);
        let room = Rect { x: x + 3.0, y: top, width: step - 5.0, height: 12.0 };
        let mut lines = wrap_all(setter, &[label], DATE, room.width);
        let most = (room.height / DATE.leading()) as usize;
        let place = Rect { y: axis - 2.5 - lines.len().min(most) as f32 * DATE.leading(), ..room };
        // The cover is a picture of the way; the operators stand in full in the documents.
        lines.truncate(most);
        set_lines(sheet, setter, &lines, Align::Left, DATE, place);
        set_place(sheet, setter, package, &leg.from, leg.departs, (x, axis), step);
    }
    if let Some(last) = legs.last() {
        let x = MARGIN + legs.len() as f32 * step;
        set_place(sheet, setter, package, &last.to, last.arrives, (x, axis), 16.0);
    }
}

/// Rails have sleepers, water is a broken line, a road is a plain one.
fn set_leg(sheet: &mut Sheet, mode: Mode, (x, axis): (f32, f32), end: f32) {
    match mode {
        Mode::Rail => {
            sheet.line((x, axis), (end, axis), 0.5, BLACK);
            let mut at = x + 3.0;
            while at < end - 2.0 {
                sheet.line((at, axis - 0.9), (at, axis + 0.9), 0.25, BLACK);
                at += 2.0;
            }
        }
        Mode::Sea | Mode::Ferry | Mode::InlandWater => {
            let mut at = x;
            while at < end {
                sheet.line((at, axis), ((at + 1.6).min(end), axis), 0.5, DARK);
                at += 2.8;
            }
        }
        Mode::Road => sheet.line((x, axis), (end, axis), 1.0, DARK),
    }
}

fn set_place(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    package: &Package<'_>,
    code: &PlaceCode,
    at: Timestamp,
    (x, axis): (f32, f32),
    room: f32,
) {
    let rect = Rect { x: x - 1.1, y: axis - 1.1, width: 2.2, height: 2.2 };
    sheet.marks.push(Mark::Ground { rect, ink: BLACK });
    let date = utc_date(at).to_string();
    let room = Rect { x, y: axis + 2.0, width: room - 1.5, height: 0.0 };
    let names = wrap_all(setter, &[(package.place_name)(code)], NAME, room.width);
    set_lines(sheet, setter, &names, Align::Left, NAME, room);
    let below = Rect { y: room.y + names.len() as f32 * NAME.leading(), ..room };
    set_lines(sheet, setter, &[date], Align::Left, DATE, below);
}

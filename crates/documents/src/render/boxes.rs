//! Sets boxes: the label small, the text under it as large as the box allows.

use super::fonts::Weight;
use super::sheet::{BLACK, DARK, LIGHT, Sheet, Style};
use super::text::Typesetter;
use crate::{Align, FormBox, Label, Rect};

/// Sizes that a text is tried in, from large to small. Unit: point.
const OFFICIAL_SIZES: [f32; 6] = [8.0, 7.5, 7.0, 6.5, 6.0, 5.5];
const FREE_SIZES: [f32; 6] = [9.5, 9.0, 8.5, 8.0, 7.5, 7.0];
/// Size of a text that is set in bold, where it fits. Unit: point.
const STRONG_SIZES: [f32; 6] = [11.0, 10.0, 9.0, 8.0, 7.5, 7.0];

/// How the boxes of a kind of form look.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) official: bool,
    /// Space between a frame and its text. Unit: millimetre.
    pub(super) padding: f32,
    label: Style,
}

impl Look {
    pub(super) const OFFICIAL: Self =
        Self { official: true, padding: 0.9, label: Style::new(4.8, Weight::Regular, DARK) };
    pub(super) const FREE: Self =
        Self { official: false, padding: 0.0, label: Style::new(6.4, Weight::Regular, DARK) };

    const fn sizes(self, strong: bool) -> [f32; 6] {
        match (strong, self.official) {
            (true, _) => STRONG_SIZES,
            (false, true) => OFFICIAL_SIZES,
            (false, false) => FREE_SIZES,
        }
    }
}

/// Labels in parallel languages on one line: `Отправитель / Consignor`.
pub(super) fn joined(labels: &[Label], separator: &str) -> String {
    let texts: Vec<&str> = labels.iter().map(|label| label.text.as_str()).collect();
    texts.join(separator)
}

/// Sets a box at its place moved down by `shift`.
///
/// Returns whether all of its text fits; if not, the box refers to the supplementary sheet in the words of `see`.
pub(super) fn set_box(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    look: Look,
    form_box: &FormBox,
    shift: f32,
    see: &str,
) -> bool {
    let place = Rect { y: form_box.place.y + shift, ..form_box.place };
    if look.official {
        sheet.frame(place, 0.2);
    } else {
        sheet.line((place.x, place.y), (place.right(), place.y), 0.15, LIGHT);
    }
    let top = set_label(sheet, setter, look, form_box, place);
    let room = Rect {
        x: place.x + look.padding,
        y: top,
        width: place.width - 2.0 * look.padding,
        height: place.bottom() - top,
    };
    set_text(sheet, setter, look, form_box, room, see)
}

/// Sets the number and the label; returns where the text may start.
fn set_label(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    look: Look,
    form_box: &FormBox,
    place: Rect,
) -> f32 {
    let mut left = place.x + look.padding;
    let top = place.y + 0.6;
    if look.official {
        let number = Style::new(6.0, Weight::Bold, BLACK);
        sheet.text(left, top + number.ascent(), number, form_box.id.clone());
        left += setter.width(&form_box.id, number.size, number.weight) + 1.0;
    }
    let label = joined(&form_box.labels, if look.official { " / " } else { " · " });
    let width = place.right() - look.padding - left;
    let lines = setter.wrap(&label, look.label.size, look.label.weight, width);
    let mut y = top + if look.official { 0.25 } else { 0.3 };
    for line in &lines {
        sheet.text(left, y + look.label.ascent(), look.label, line.clone());
        y += look.label.leading();
    }
    y + if look.official { 0.2 } else { 0.5 }
}

/// Sets the text in the largest size that fits.
fn set_text(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    look: Look,
    form_box: &FormBox,
    room: Rect,
    see: &str,
) -> bool {
    let weight = if form_box.strong { Weight::Bold } else { Weight::Regular };
    let mut style = Style::new(look.sizes(form_box.strong)[0], weight, BLACK);
    let mut lines = Vec::new();
    for size in look.sizes(form_box.strong) {
        style = Style::new(size, weight, BLACK);
        lines = wrap_all(setter, &form_box.lines, style, room.width);
        if lines.len() as f32 * style.leading() <= room.height {
            set_lines(sheet, setter, &lines, form_box.align, style, room);
            return true;
        }
    }
    let most = (room.height / style.leading()).floor().max(1.0) as usize;
    lines.truncate(most.saturating_sub(1));
    lines.push(format!("→ {see}"));
    set_lines(sheet, setter, &lines, form_box.align, style, room);
    false
}

/// Breaks every line to a width.
pub(super) fn wrap_all(
    setter: &mut Typesetter<'_>,
    lines: &[String],
    style: Style,
    width: f32,
) -> Vec<String> {
    lines.iter().flat_map(|line| setter.wrap(line, style.size, style.weight, width)).collect()
}

/// Sets lines from the top of a rectangle.
pub(super) fn set_lines(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    lines: &[String],
    align: Align,
    style: Style,
    room: Rect,
) {
    let mut y = room.y;
    for line in lines {
        let x = match align {
            Align::Left => room.x,
            Align::Right => room.right() - setter.width(line, style.size, style.weight),
        };
        sheet.text(x, y + style.ascent(), style, line.clone());
        y += style.leading();
    }
}

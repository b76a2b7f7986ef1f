//! Sets boxes: the label small, the text under it as large as the box allows.

use super::fonts::Weight;
use super::sheet::{BLACK, DARK, LIGHT, Sheet, Style};
use super::text::{Typesetter, is_ideograph};
use crate::{Align, FormBox, FormSheet, Ink, Label, Rect};

/// Sizes that a text is tried in, from large to small. Unit: point.
const OFFICIAL_SIZES: [f32; 6] = [8.0, 7.5, 7.0, 6.5, 6.0, 5.5];
const FREE_SIZES: [f32; 6] = [9.5, 8.8, 8.0, 7.4, 6.8, 6.2];
/// Size of a text that is set in bold, where it fits. Unit: point.
const STRONG_SIZES: [f32; 6] = [11.0, 10.0, 9.0, 8.0, 7.5, 7.0];

/// How the boxes of a kind of form look.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) official: bool,
    /// Space between a frame and its text. Unit: millimetre.
    pub(super) padding: f32,
    pub(super) label: Style,
    /// Size of the rows of a table. Unit: point.
    pub(super) row: f32,
    /// Colour of lines and labels.
    pub(super) ink: Ink,
}

impl Look {
    pub(super) const OFFICIAL: Self = Self {
        official: true,
        padding: 0.9,
        label: Style::new(4.8, Weight::Regular, DARK),
        row: 7.2,
        ink: BLACK,
    };
    pub(super) const FREE: Self = Self {
        official: false,
        padding: 0.0,
        label: Style::new(6.4, Weight::Regular, DARK),
        row: 8.2,
        ink: BLACK,
    };

    /// As it looks on a sheet of a colour.
    pub(super) fn on(self, sheet: Option<&FormSheet>) -> Self {
        match sheet {
            Some(sheet) if sheet.ink != BLACK => {
                Self { label: Style { ink: sheet.ink, ..self.label }, ink: sheet.ink, ..self }
            }
            _ => self,
        }
    }

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
        sheet.frame(place, 0.2, look.ink);
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

/// Sizes that a label is tried in. Unit: point.
const LABEL_SIZES: [f32; 4] = [4.8, 4.4, 4.0, 3.6];

/// The label of a box by line, in the largest size and the most languages that leave room for the text.
fn label_lines(
    setter: &mut Typesetter<'_>,
    look: Look,
    form_box: &FormBox,
    width: f32,
    height: f32,
) -> (Style, Vec<String>) {
    let separator = if look.official { " / " } else { " · " };
    let wrap = |setter: &mut Typesetter<'_>, style: Style, labels: &[Label]| {
        setter.wrap(&joined(labels, separator), style.size, style.weight, width).to_vec()
    };
    let first = wrap(setter, look.label, &form_box.labels);
    if !look.official {
        let small = Style { size: 5.4, ..look.label };
        return if first.len() == 1 {
            (look.label, first)
        } else {
            (small, wrap(setter, small, &form_box.labels))
        };
    }
    let [largest, .., floor] = look.sizes(form_box.strong);
    let text = Style::new(floor, Weight::Regular, BLACK);
    let wanted = wrap_all(setter, &form_box.lines, text, width).len().max(1) as f32 * text.leading();
    let enough = height - wanted.min(height - 2.0 * look.label.leading()).max(largest / 4.0);
    fit_label(setter, look.label, &form_box.labels, separator, width, enough - 1.0)
        .unwrap_or((look.label, first))
}

/// Labels in the largest size and the most languages that fit a height without a word cut in two; the first language in the
/// smallest size where even that does not fit. `None` if there is no label.
pub(super) fn fit_label(
    setter: &mut Typesetter<'_>,
    style: Style,
    labels: &[Label],
    separator: &str,
    width: f32,
    height: f32,
) -> Option<(Style, Vec<String>)> {
    let mut smallest = None;
    for count in (1..=labels.len()).rev() {
        for size in LABEL_SIZES {
            let style = Style { size, ..style };
            let text = joined(labels.get(..count).unwrap_or_default(), separator);
            let whole = text.split_whitespace().all(|word| {
                word.chars().any(is_ideograph) || setter.width(word, size, style.weight) <= width
            });
            let mut lines = Vec::new();
            for line in text.split('\n') {
                lines.extend_from_slice(&setter.wrap(line, size, style.weight, width));
            }
            if whole && lines.len() as f32 * style.leading() <= height {
                return Some((style, lines));
            }
            smallest = Some((style, lines));
        }
    }
    smallest
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
    if look.official && form_box.is_numbered() {
        let number = Style::new(6.0, Weight::Bold, look.ink);
        sheet.text(left, top + number.ascent(), number, form_box.id.clone());
        left += setter.width(&form_box.id, number.size, number.weight) + 1.0;
    }
    let width = place.right() - look.padding - left;
    let (style, lines) = label_lines(setter, look, form_box, width, place.height);
    let mut y = top + if look.official { 0.25 } else { 0.3 };
    for line in &lines {
        sheet.text(left, y + style.ascent(), style, line.clone());
        y += style.leading();
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
    if form_box.lines.is_empty() {
        return true;
    }
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
    let words = format!("→ {see}");
    let fits = setter.width(&words, style.size, style.weight) <= room.width;
    lines.push(if fits { words } else { "→".to_owned() });
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
    let mut broken = Vec::with_capacity(lines.len());
    for line in lines {
        broken.extend_from_slice(&setter.wrap(line, style.size, style.weight, width));
    }
    broken
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

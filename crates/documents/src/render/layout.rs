//! Lays a document out on sheets of A4.

use super::Copies;
use super::boxes::{Look, joined, set_box, set_lines, wrap_all};
use super::fonts::Weight;
use super::sheet::{BLACK, DARK, GROUND, Mark, Sheet, Style};
use super::table::{Sheets, row_height, set_heading, set_row, set_rows, set_rules};
use super::text::{POINTS_PER_MM, Typesetter, is_ideograph};
use crate::words::Speech;
use crate::{
    Align, Document, Form, FormBox, FormMark, FormSheet, FormTable, Ink, Label, MarkStyle, Rect, Row,
};

/// Width and height of a sheet. Unit: millimetre. Source: ISO 216, A4.
pub(super) const SHEET: (f32, f32) = (210.0, 297.0);
/// Where content ends and the footer begins. Unit: millimetre.
pub(super) const CONTENT_BOTTOM: f32 = 266.0;
/// Where content begins on a supplementary sheet. Unit: millimetre.
const SUPPLEMENT_TOP: f32 = 26.0;
/// Space between a table and what follows. Unit: millimetre.
const GAP: f32 = 7.0;

/// Sheets of a document that is being laid out.
struct Stack<'d> {
    document: &'d Document,
    speech: &'d Speech,
    copy: Option<&'d FormSheet>,
    left: f32,
    sheets: Vec<Sheet>,
}

impl Sheets for Stack<'_> {
    fn current(&mut self) -> &mut Sheet {
        if self.sheets.is_empty() {
            self.sheets.push(Sheet::default());
        }
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    fn next(&mut self) -> f32 {
        let mut sheet = Sheet::default();
        let title = Style::new(10.0, Weight::Bold, BLACK);
        let small = Style::new(7.0, Weight::Regular, DARK);
        let titles = self.document.form.titles.first().map_or(&[][..], |title| &title.labels);
        let heading = format!("{} — {}", joined(titles, " / "), self.document.number);
        // A long heading is set smaller.
        let mut size = title.size;
        while size > 6.0 && estimate_width(&heading, size) > SHEET.0 - 2.0 * self.left {
            size -= 0.5;
        }
        sheet.text(self.left, 14.0, Style { size, ..title }, heading);
        let copy = self.copy.map(|copy| {
            format!("   ·   {} {}", copy.number, joined(copy.labels.get(..1).unwrap_or_default(), ""))
        });
        let note = format!("{}{}", self.speech.word("continuation"), copy.unwrap_or_default());
        sheet.text(self.left, 18.6, small, note);
        sheet.line((self.left, 21.0), (SHEET.0 - self.left, 21.0), 0.35, BLACK);
        self.sheets.push(sheet);
        SUPPLEMENT_TOP
    }

    fn bottom(&self) -> f32 {
        CONTENT_BOTTOM
    }
}

/// An upper bound of the width of a bold text, without a font at hand. Unit: millimetre.
fn estimate_width(text: &str, size: f32) -> f32 {
    let ems: f32 = text.chars().map(|letter| if is_ideograph(letter) { 1.0 } else { 0.64 }).sum();
    ems * size / POINTS_PER_MM
}

/// Where the content of a form begins at the left. Unit: millimetre.
pub(super) fn left_edge(form: &Form) -> f32 {
    let places = form.titles.iter().chain(&form.boxes).map(|form_box| form_box.place.x);
    places.chain(form.marks.iter().map(|mark| mark.place.x)).fold(15.0, f32::min)
}

/// Lays the form of a document out, once for each sheet that it is printed in. The foot is set afterwards, when the number
/// of pages is known.
pub(super) fn lay_out(
    document: &Document,
    speech: &Speech,
    setter: &mut Typesetter<'_>,
    copies: Copies,
) -> Vec<Sheet> {
    let sheets = &document.form.sheets;
    let wanted = match copies {
        Copies::All => sheets.len(),
        Copies::First => 1,
    };
    if sheets.is_empty() {
        return lay_out_copy(document, speech, setter, None);
    }
    sheets.iter().take(wanted).flat_map(|copy| lay_out_copy(document, speech, setter, Some(copy))).collect()
}

fn lay_out_copy(
    document: &Document,
    speech: &Speech,
    setter: &mut Typesetter<'_>,
    copy: Option<&FormSheet>,
) -> Vec<Sheet> {
    let form = &document.form;
    let look = if form.official { Look::OFFICIAL } else { Look::FREE }.on(copy);
    let left = left_edge(form);
    let mut stack = Stack { document, speech, copy, left, sheets: vec![Sheet::default()] };
    set_marks(stack.current(), setter, look, &form.marks, false);
    set_titles(stack.current(), setter, form, copy);
    let see = speech.word("see_supplement");
    let mut cut: Vec<&FormBox> = Vec::new();
    for form_box in &form.boxes {
        if !set_box(stack.current(), setter, look, form_box, 0.0, &see) {
            cut.push(form_box);
        }
    }
    let mut y = None;
    let official = form.tables.iter().take(usize::from(form.official));
    let placed: Vec<_> =
        official.map(|table| (table, set_in_place(&mut stack, setter, look, table))).collect();
    set_marks(stack.current(), setter, look, &form.marks, true);
    if copy.is_some_and(|copy| copy.reverse) {
        stack.sheets.push(Sheet::default());
        for form_box in &form.reverse {
            if !set_box(stack.current(), setter, look, form_box, 0.0, &see) {
                cut.push(form_box);
            }
        }
    }
    for (table, rest) in placed {
        y = Some(set_rest(&mut stack, setter, look, table, &rest));
    }
    let further = form.tables.iter().skip(usize::from(form.official));
    for table in further.filter(|table| !table.rows.is_empty()) {
        y = Some(set_free(&mut stack, setter, look, table, y));
    }
    let end = y.unwrap_or(SUPPLEMENT_TOP);
    let end = set_closing(&mut stack, setter, look, form, end, &see, &mut cut);
    set_cut_boxes(&mut stack, setter, &cut, end);
    stack.sheets
}

/// Grounds under the boxes, or texts and outlines over them.
fn set_marks(sheet: &mut Sheet, setter: &mut Typesetter<'_>, look: Look, marks: &[FormMark], over: bool) {
    for mark in marks {
        let weight = if mark.strong { Weight::Bold } else { Weight::Regular };
        let style = Style::new(mark.size, weight, if look.ink == BLACK { DARK } else { look.ink });
        match (mark.style, over) {
            (MarkStyle::Shade, false) => sheet.marks.push(Mark::Ground { rect: mark.place, ink: GROUND }),
            (MarkStyle::Frame, true) => sheet.frame(mark.place, 0.7, look.ink),
            (MarkStyle::Text, true) => {
                let fits = |setter: &mut Typesetter<'_>, labels: &[Label]| {
                    let wrap =
                        |label: &Label| setter.wrap(&label.text, style.size, style.weight, mark.place.width);
                    let lines: Vec<_> = labels.iter().map(wrap).collect();
                    let count = lines.iter().map(|lines| lines.len()).sum::<usize>() as f32
                        + 0.4 * labels.len() as f32;
                    (count * style.leading() <= mark.place.height).then_some(lines)
                };
                let languages = (1..=mark.labels.len()).rev();
                let found = languages
                    .filter_map(|count| fits(setter, mark.labels.get(..count).unwrap_or_default()))
                    .next();
                let mut room = mark.place;
                for lines in found.unwrap_or_default() {
                    set_lines(sheet, setter, &lines, Align::Left, style, room);
                    room.y += (lines.len() as f32 + 0.4) * style.leading();
                }
            }
            (MarkStyle::Turned, true) => {
                let Rect { x, y, height, .. } = mark.place;
                let texts = (1..=mark.labels.len())
                    .rev()
                    .map(|count| joined(mark.labels.get(..count).unwrap_or_default(), " / "));
                let measured = texts.map(|text| (setter.width(&text, style.size, style.weight), text));
                let Some((width, text)) = measured.into_iter().find(|(width, _)| *width <= height) else {
                    continue;
                };
                let bottom = y + (height + width) / 2.0;
                sheet.marks.push(Mark::Turned { x: x + style.ascent(), bottom, style, text });
            }
            (MarkStyle::Shade, true) | (MarkStyle::Frame | MarkStyle::Text | MarkStyle::Turned, false) => {}
        }
    }
}

/// Id of the note that says which of its sheets a form is.
const SHEET_NOTE: &str = "sheet";

/// The title in the first language large, in the others under it; notes at the right.
fn set_titles(sheet: &mut Sheet, setter: &mut Typesetter<'_>, form: &Form, copy: Option<&FormSheet>) {
    for title in &form.titles {
        let copy = copy.filter(|_| title.id == SHEET_NOTE);
        let large: f32 = if title.strong { if form.official { 11.0 } else { 20.0 } } else { 8.0 };
        let mut room = title.place;
        if let Some(copy) = copy {
            let style = Style::new(20.0, Weight::Bold, copy.ink);
            sheet.text(room.x, room.y + style.ascent() * 0.9, style, copy.number.clone());
            room = Rect { x: room.x + 7.0, width: room.width - 7.0, ..room };
        }
        let labels = copy.map_or(&title.labels, |copy| &copy.labels);
        let large = shrink_title(setter, form, labels, room, large);
        for (index, label) in labels.iter().enumerate() {
            let ink = copy.map_or(BLACK, |copy| copy.ink);
            let style = title_style(form, index, large, ink);
            let lines = setter.wrap(&label.text, style.size, style.weight, room.width);
            set_lines(sheet, setter, &lines, title.align, style, room);
            room.y += lines.len() as f32 * style.leading();
        }
    }
}

fn title_style(form: &Form, index: usize, large: f32, ink: Ink) -> Style {
    match (index, form.official) {
        (0, _) => Style::new(large, Weight::Bold, ink),
        (_, true) => Style::new(large * 0.75, Weight::Regular, ink),
        (_, false) => Style::new(10.0, Weight::Regular, DARK),
    }
}

/// The size in which a title and its translations fit the height of their place on an official form.
fn shrink_title(
    setter: &mut Typesetter<'_>,
    form: &Form,
    labels: &[Label],
    room: Rect,
    mut large: f32,
) -> f32 {
    let mut height = |large: f32| {
        let heights = labels.iter().enumerate().map(|(index, label)| {
            let style = title_style(form, index, large, BLACK);
            setter.wrap(&label.text, style.size, style.weight, room.width).len() as f32 * style.leading()
        });
        heights.sum::<f32>()
    };
    while form.official && large > 6.0 && height(large) > room.height {
        large -= 0.5;
    }
    large
}

/// Rows of a free document flow from the table's area on, or from the end of the table before.
fn set_free(
    stack: &mut Stack<'_>,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
    before: Option<f32>,
) -> f32 {
    let first = table.rows.first().map_or(0.0, |row| row_height(setter, look, table, row));
    let mut top = before.map_or(table.area.y, |end| end + GAP);
    if top + table.heading + first > stack.bottom() {
        top = stack.next();
    }
    let y = set_heading(stack.current(), setter, look, table, top);
    set_rows(stack, setter, look, table, &table.rows, y)
}

/// Rows of an official form stand in its area with the totals at the bottom; returns those that do not fit.
fn set_in_place(
    stack: &mut Stack<'_>,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
) -> Vec<Row> {
    let look = shrink_to_fit(setter, look, table);
    let (totals, lines): (Vec<&Row>, Vec<&Row>) = table.rows.iter().partition(|row| row.strong);
    let mut floor = table.area.bottom();
    for row in totals.iter().rev() {
        floor -= row_height(setter, look, table, row);
        set_row(stack.current(), setter, look, table, row, floor);
    }
    let mut y = set_heading(stack.current(), setter, look, table, table.area.y);
    let mut heights: Vec<f32> = Vec::new();
    for row in &lines {
        // What stands below the sheet need not be measured to know that it does not fit.
        heights.push(row_height(setter, look, table, row));
        if y + heights.iter().sum::<f32>() > floor {
            break;
        }
    }
    let fits = y + heights.iter().sum::<f32>() <= floor;
    let note = Style::new(6.5, Weight::Regular, BLACK);
    let limit = if fits { floor } else { floor - note.leading() - 1.0 };
    let mut set = 0;
    for (row, height) in lines.iter().zip(&heights) {
        if y + height > limit {
            break;
        }
        y = set_row(stack.current(), setter, look, table, row, y);
        set += 1;
    }
    set_rules(stack.current(), look, table, table.area.y, table.area.bottom());
    if !fits {
        let words = format!("→ {}", stack.speech.word("continued"));
        let baseline = floor - 1.2;
        stack.current().text(table.area.x + look.padding, baseline, note, words);
    }
    lines.into_iter().skip(set).cloned().collect()
}

/// Sizes that the rows of an official table are tried in. Unit: point.
const ROW_SIZES: [f32; 4] = [7.2, 6.8, 6.4, 6.0];

/// The largest size in which all rows fit the area; the usual one if none does, since what is left goes on another sheet.
fn shrink_to_fit(setter: &mut Typesetter<'_>, look: Look, table: &FormTable) -> Look {
    let room = table.area.height - table.heading;
    let sizes = ROW_SIZES.into_iter().map(|row| Look { row, ..look });
    let mut fitting = sizes.filter(|look| {
        // Of a thousand rows the first twenty tell that they do not fit.
        let heights = table.rows.iter().map(|row| row_height(setter, *look, table, row));
        let mut sums = heights.scan(0.0, |sum: &mut f32, height| {
            *sum += height;
            Some(*sum)
        });
        sums.all(|sum| sum <= room)
    });
    fitting.next().unwrap_or(look)
}

/// The rows that did not fit on the form, on supplementary sheets; returns where they end.
fn set_rest(
    stack: &mut Stack<'_>,
    setter: &mut Typesetter<'_>,
    look: Look,
    table: &FormTable,
    rest: &[Row],
) -> f32 {
    if rest.is_empty() {
        // Nothing follows on this sheet: the boxes under the table are part of the form.
        return CONTENT_BOTTOM;
    }
    let top = stack.next();
    let y = set_heading(stack.current(), setter, look, table, top);
    set_rows(stack, setter, look, table, rest, y)
}

/// The boxes that close a document, together on one sheet.
fn set_closing<'d>(
    stack: &mut Stack<'_>,
    setter: &mut Typesetter<'_>,
    look: Look,
    form: &'d Form,
    end: f32,
    see: &str,
    cut: &mut Vec<&'d FormBox>,
) -> f32 {
    if form.closing.is_empty() {
        return end;
    }
    let height = form.closing.iter().map(|form_box| form_box.place.bottom()).fold(0.0, f32::max);
    let top = if end + height > stack.bottom() { stack.next() } else { end };
    for form_box in &form.closing {
        if !set_box(stack.current(), setter, look, form_box, top, see) {
            cut.push(form_box);
        }
    }
    top + height
}

/// The full text of boxes that were too small for it.
fn set_cut_boxes(stack: &mut Stack<'_>, setter: &mut Typesetter<'_>, cut: &[&FormBox], end: f32) {
    let mut y = end + GAP;
    for form_box in cut {
        let width = SHEET.0 - 2.0 * stack.left;
        let style = Style::new(8.0, Weight::Regular, BLACK);
        let label = Style::new(7.0, Weight::Bold, BLACK);
        let number = if form_box.is_numbered() { format!("{}  ", form_box.id) } else { String::new() };
        let heading = format!("{number}{}", joined(&form_box.labels, " / "));
        let mut lines: Vec<(Style, String)> = vec![(label, heading)];
        lines.extend(wrap_all(setter, &form_box.lines, style, width).into_iter().map(|line| (style, line)));
        for (style, line) in lines {
            if y + style.leading() > stack.bottom() {
                y = stack.next();
            }
            let room = Rect { x: stack.left, y, width, height: 0.0 };
            set_lines(stack.current(), setter, &[line], Align::Left, style, room);
            y += style.leading();
        }
        y += 3.0;
    }
}

#[cfg(test)]
#[path = "../../tests/documents/sample/mod.rs"]
mod sample;

#[cfg(test)]
mod tests {
    use super::super::fonts::Fonts;
    use super::super::sheet::Mark;
    use super::*;
    use crate::DocumentKind;

    fn check(kind: DocumentKind, items: usize, attachments: usize) -> Vec<Sheet> {
        let consignment = if items == 0 { sample::consignment() } else { sample::large_consignment(items) };
        let itinerary = sample::itinerary();
        let attached: Vec<_> = (0..attachments)
            .map(|index| crate::AttachedDocument {
                number: format!("CO26-{index:04}"),
                ..sample::certificate_of_origin()
            })
            .collect();
        let document =
            sample::make(kind, &sample::inputs(&consignment, Some(&itinerary), &attached)).unwrap();
        let mut setter = Typesetter::new(Fonts::built_in());
        let speech = Speech::of_form(kind, &document.form).unwrap();
        let sheets = lay_out(&document, &speech, &mut setter, Copies::First);
        for (number, sheet) in sheets.iter().enumerate() {
            for mark in &sheet.marks {
                if let Mark::Text { x, baseline, style, text } = mark {
                    let right = x + setter.width(text, style.size, style.weight);
                    assert!(*x >= 7.0 && right <= 203.0, "{kind} sheet {number}: {x} to {right}: {text}");
                    assert!(*baseline <= CONTENT_BOTTOM + 0.5, "{kind} sheet {number}: {baseline}: {text}");
                }
            }
        }
        sheets
    }

    fn texts(sheets: &[Sheet]) -> String {
        let marks = sheets.iter().flat_map(|sheet| &sheet.marks);
        let texts = marks.filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_text_stays_on_its_sheet() {
        for kind in sample::always_kinds() {
            for items in [0, 1, 7, 40, 300] {
                check(kind, items, 2);
            }
        }
    }

    /// Kinds with a line for each goods item.
    const GOODS_KINDS: [DocumentKind; 5] = [
        DocumentKind::CommercialInvoice,
        DocumentKind::PackingList,
        DocumentKind::Smgs,
        DocumentKind::CimSmgs,
        DocumentKind::Cmr,
    ];

    #[test]
    fn an_ordinary_consignment_fits_one_sheet_without_cuts() {
        for kind in GOODS_KINDS {
            let sheets = check(kind, 0, 4);
            let sides = if kind == DocumentKind::Smgs { 2 } else { 1 };
            assert_eq!(sheets.len(), sides, "{kind}");
            assert!(!texts(&sheets).contains('→'), "{kind}");
        }
    }

    #[test]
    fn no_line_of_goods_is_lost_between_sheets() {
        for kind in GOODS_KINDS {
            let sheets = check(kind, 120, 2);
            let texts = texts(&sheets);
            for lot in [1, 50, 118] {
                assert!(
                    texts.contains(&format!("lot {lot} ")) || texts.contains(&format!("{lot} ")),
                    "{kind} {lot}"
                );
            }
            assert!(sheets.len() > 2, "{kind}");
        }
    }

    #[test]
    fn a_box_that_is_too_small_goes_on_at_the_end_in_full() {
        let sheets = check(DocumentKind::CimSmgs, 0, 60);
        assert_eq!(sheets.len(), 2);
        assert!(texts(&sheets[..1]).contains("→ см. дополнительный лист"));
        assert!(!texts(&sheets[..1]).contains("CO26-0059"));
        assert!(texts(&sheets[1..]).contains("CO26-0059"));
    }
}

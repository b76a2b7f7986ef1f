//! The foot of every sheet: the dossier, its head, how to check them, the code and the page.

use super::boxes::wrap_all;
use super::fonts::{Fonts, Weight};
use super::layout::SHEET;
use super::qr;
use super::sheet::{BLACK, DARK, Mark, Sheet, Style};
use super::text::Typesetter;
use crate::words::Speech;
use crate::{Document, RenderError, ReplacedDocument};
use jiff::Timestamp;

/// Where the foot begins. Unit: millimetre.
const TOP: f32 = 268.0;
/// Side of the code without its margin. Unit: millimetre.
pub(super) const CODE: f32 = 23.0;

/// What the foot of every sheet of a document says.
pub(super) struct Foot<'a> {
    pub(super) speech: &'a Speech,
    /// The text of the code.
    pub(super) code: &'a str,
    pub(super) number: &'a str,
    pub(super) issued: Timestamp,
    pub(super) dossier: &'a str,
    /// The entry that the code names.
    pub(super) entry: &'a str,
    /// Where the content begins at the left. Unit: millimetre.
    pub(super) left: f32,
    /// Whether the sheets are counted; those of a package are counted by the package.
    pub(super) counted: bool,
    /// The document whose place it takes, with its day.
    pub(super) replaces: Option<&'a ReplacedDocument>,
    /// Whether letters are missing from the fonts.
    pub(super) unprintable: bool,
}

impl<'a> Foot<'a> {
    /// The foot of a document's sheets.
    pub(super) fn of(document: &'a Document, speech: &'a Speech, code: &'a str, fonts: &Fonts) -> Self {
        Self {
            speech,
            code,
            number: &document.number,
            issued: document.issued,
            dossier: &document.dossier,
            entry: document.issue.as_ref().map_or(&document.head, |issue| &issue.entry),
            left: super::layout::left_edge(&document.form),
            counted: true,
            replaces: document.replaces.as_ref(),
            unprintable: !document.form.texts().all(|text| fonts.covers(text)),
        }
    }

    /// Sets the foot of every sheet.
    ///
    /// Errors: the text of the code is too long.
    pub(super) fn set(&self, sheets: &mut [Sheet], setter: &mut Typesetter<'_>) -> Result<(), RenderError> {
        let pattern = qr::pattern(self.code).ok_or(RenderError::CodeTooLong)?;
        let right = SHEET.0 - self.left;
        let count = sheets.len();
        for (index, sheet) in sheets.iter_mut().enumerate() {
            sheet.line((self.left, TOP), (right - CODE - 3.0, TOP), 0.2, BLACK);
            set_code(sheet, &pattern, right - CODE, TOP);
            let y = self.set_hashes(sheet);
            self.set_notes(sheet, setter, y, right - CODE - 5.0 - self.left);
            let style = Style::new(7.0, Weight::Bold, BLACK);
            let page = if self.counted {
                format!("{} {} / {count}", self.speech.word("page"), index + 1)
            } else {
                self.speech.word("package")
            };
            let issued = format!("{}   ·   {} {}", self.number, self.speech.word("issued"), self.issued);
            sheet.text(self.left, TOP + CODE, style, page.clone());
            let after = self.left + setter.width(&page, style.size, style.weight) + 5.0;
            let regular = Style::new(7.0, Weight::Regular, DARK);
            sheet.text(after, TOP + CODE, regular, issued.clone());
            if let Some(replaced) = self.replaces {
                let text =
                    format!("{} {}, {}", self.speech.word("replaces"), replaced.number, replaced.issued);
                let after = after + setter.width(&issued, regular.size, regular.weight) + 5.0;
                sheet.text(after, TOP + CODE, style, text);
            }
        }
        Ok(())
    }

    /// Dossier and entry in full; returns where the notes may start.
    fn set_hashes(&self, sheet: &mut Sheet) -> f32 {
        let mut y = TOP + 1.2;
        if self.dossier.is_empty() {
            return y;
        }
        for (key, hash) in [("dossier", self.dossier), ("head", self.entry)] {
            let style = Style::new(6.2, Weight::Regular, DARK);
            let strong = Style::new(6.2, Weight::Regular, BLACK);
            sheet.text(self.left, y + style.ascent(), style, self.speech.word(key));
            sheet.text(self.left + 26.0, y + strong.ascent(), strong, hash.to_owned());
            y += style.leading();
        }
        y + 0.8
    }

    fn set_notes(&self, sheet: &mut Sheet, setter: &mut Typesetter<'_>, mut y: f32, width: f32) {
        let small = Style::new(5.8, Weight::Regular, DARK);
        let unsigned = self.dossier.is_empty();
        let mut notes = self.speech.texts(if unsigned { "unsigned" } else { "verify" });
        if self.unprintable {
            notes.extend(self.speech.texts("unprintable"));
        }
        for line in wrap_all(setter, &notes, small, width) {
            if y + small.leading() > TOP + CODE - 3.0 {
                break;
            }
            sheet.text(self.left, y + small.ascent(), small, line);
            y += small.leading();
        }
    }
}

fn set_code(sheet: &mut Sheet, pattern: &[Vec<bool>], x: f32, y: f32) {
    let side = CODE / pattern.len().max(1) as f32;
    let dark = pattern.iter().enumerate().flat_map(|(row, squares)| {
        let columns = squares.iter().enumerate().filter(|(_, dark)| **dark);
        columns.map(move |(column, _)| (x + column as f32 * side, y + row as f32 * side))
    });
    sheet.marks.push(Mark::Squares { side, corners: dark.collect() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sheet::Mark;

    fn texts(speech: &Speech, dossier: &str, replaces: Option<&ReplacedDocument>) -> String {
        let (mut setter, mut sheets) = (Typesetter::new(Fonts::built_in()), vec![Sheet::default()]);
        let foot = Foot {
            speech,
            code: "KRV1:X",
            number: "K-722-R2",
            issued: "2026-12-01T07:30:00Z".parse().unwrap(),
            dossier,
            entry: dossier,
            left: 10.0,
            counted: true,
            replaces,
            unprintable: false,
        };
        foot.set(&mut sheets, &mut setter).unwrap();
        let marks = sheets.iter().flat_map(|sheet| &sheet.marks);
        let texts = marks.filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_foot_says_what_is_replaced_and_what_nobody_signed() {
        let speech = Speech::load(crate::DocumentKind::CimSmgs).unwrap();
        let replaced = ReplacedDocument { number: "K-722".into(), issued: "2026-11-30".parse().unwrap() };
        let signed = texts(speech, &"3f".repeat(32), Some(&replaced));
        assert!(signed.contains("Взамен / Replaces K-722, 2026-11-30"), "{signed}");
        assert!(signed.contains("kervan verify") && signed.contains("3f3f"), "{signed}");
        let unsigned = texts(speech, "", None);
        assert!(
            unsigned.contains("Draft from an unsigned file") && unsigned.contains("Проект"),
            "{unsigned}"
        );
        assert!(!unsigned.contains("kervan verify") && !unsigned.contains("Replaces"), "{unsigned}");
    }
}

//! Leaves out the languages that no font at hand can write: without a Chinese font a note still has its Russian labels.

use super::fonts::Fonts;
use crate::form::Label;
use crate::words::{Speech, find_sample};
use crate::{Document, Form, FormBox};
use std::borrow::Cow;

/// Whether the fonts have the script of a language, judged by a word of it.
fn is_printable(language: &str, fonts: &Fonts) -> bool {
    find_sample(language).is_none_or(|word| fonts.covers(word))
}

/// The languages of a speech that the fonts can write.
pub(super) fn printable_speech(speech: &Speech, fonts: &Fonts) -> Speech {
    let mut speech = speech.clone();
    speech.languages.retain(|language| is_printable(language, fonts));
    speech
}

/// A document without the labels that the fonts cannot write; as it is, if they can write all of its languages.
pub(super) fn printable_document<'d>(document: &'d Document, fonts: &Fonts) -> Cow<'d, Document> {
    if document.form.languages.iter().all(|language| is_printable(language, fonts)) {
        return Cow::Borrowed(document);
    }
    let mut document = document.clone();
    let form = &mut document.form;
    form.languages.retain(|language| is_printable(language, fonts));
    for labels in every_label(form) {
        if labels.iter().any(|label| fonts.covers(&label.text)) {
            labels.retain(|label| fonts.covers(&label.text));
        }
    }
    Cow::Owned(document)
}

fn every_label(form: &mut Form) -> impl Iterator<Item = &mut Vec<Label>> {
    let lists = [&mut form.reverse, &mut form.titles, &mut form.boxes, &mut form.closing];
    let boxes = lists.into_iter().flatten().map(|form_box: &mut FormBox| &mut form_box.labels);
    let columns =
        form.tables.iter_mut().flat_map(|table| &mut table.columns).map(|column| &mut column.labels);
    let sheets = form.sheets.iter_mut().map(|sheet| &mut sheet.labels);
    let marks = form.marks.iter_mut().map(|mark| &mut mark.labels);
    boxes.chain(columns).chain(sheets).chain(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_without_a_font_is_left_out_and_the_others_stay() {
        let speech = |languages: &[&str]| Speech {
            official: false,
            languages: languages.iter().map(|language| (*language).to_owned()).collect(),
            goods_languages: Vec::new(),
        };
        let fonts = Fonts::built_in();
        let kept = printable_speech(&speech(&["ru", "en", "zh", "no-such-language"]), fonts);
        assert_eq!(kept, speech(&["ru", "en", "no-such-language"]));
    }
}

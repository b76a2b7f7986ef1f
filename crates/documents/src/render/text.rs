//! Breaks text into lines of a width.

use super::fonts::{Fonts, Run, Weight};
use std::collections::BTreeMap;

/// Points in a millimetre.
pub(super) const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// Measures and breaks text, and remembers the words it has seen.
pub(super) struct Typesetter<'f> {
    fonts: &'f Fonts,
    widths: BTreeMap<(Weight, String), f32>,
}

impl<'f> Typesetter<'f> {
    pub(super) fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, widths: BTreeMap::new() }
    }

    pub(super) fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// Glyphs of a line.
    pub(super) fn shape(&self, text: &str, weight: Weight) -> Vec<Run> {
        self.fonts.shape(text, weight)
    }

    /// Width of a text. Unit: millimetre.
    pub(super) fn width(&mut self, text: &str, size: f32, weight: Weight) -> f32 {
        let mut width = 0.0;
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                width += self.word_width(" ", weight);
            }
            width += self.word_width(word, weight);
        }
        width * size / POINTS_PER_MM
    }

    /// Unit: em.
    fn word_width(&mut self, word: &str, weight: Weight) -> f32 {
        let key = (weight, word.to_owned());
        if let Some(width) = self.widths.get(&key) {
            return *width;
        }
        let width = self.fonts.shape(word, weight).iter().map(|run| run.width).sum();
        self.widths.insert(key, width);
        width
    }

    /// Breaks a text into lines of at most a width, at spaces and between ideographs, inside a word only if it is wider
    /// than a whole line. Unit of `width`: millimetre.
    pub(super) fn wrap(&mut self, text: &str, size: f32, weight: Weight, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for piece in pieces(text) {
            let joined = format!("{line}{piece}");
            if self.width(joined.trim_end(), size, weight) <= width {
                line = joined;
                continue;
            }
            if !line.trim().is_empty() {
                lines.push(line.trim_end().to_owned());
            }
            line = self.break_word(piece.trim_start(), size, weight, width, &mut lines);
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        lines
    }

    /// Cuts a word that is wider than a line; what is left of it starts the next one.
    fn break_word(
        &mut self,
        word: &str,
        size: f32,
        weight: Weight,
        width: f32,
        lines: &mut Vec<String>,
    ) -> String {
        let mut rest = word.to_owned();
        while self.width(rest.trim_end(), size, weight) > width && rest.chars().count() > 1 {
            let mut head = String::new();
            for letter in rest.chars() {
                head.push(letter);
                if self.width(&head, size, weight) > width && head.chars().count() > 1 {
                    head.pop();
                    break;
                }
            }
            rest = rest.get(head.len()..).unwrap_or_default().to_owned();
            lines.push(head);
        }
        rest
    }
}

/// Letters that stand for a word or a syllable, between which a line may break.
pub(super) fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}')
}

/// Closing signs, which do not start a line.
fn stays_with_the_one_before(letter: char) -> bool {
    matches!(
        letter,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '）'
            | '”'
            | '’'
            | '》'
            | '】'
            | ','
            | '.'
            | ';'
            | ':'
            | ')'
    )
}

/// Words with the spaces after them; an ideograph is a word of its own.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut start_new = true;
    for letter in text.chars() {
        let ideograph = is_ideograph(letter);
        match pieces.last_mut() {
            Some(piece) if !start_new && !ideograph => piece.push(letter),
            Some(piece) if letter == ' ' || stays_with_the_one_before(letter) => piece.push(letter),
            _ => pieces.push(letter.to_string()),
        }
        start_new = ideograph || letter == ' ';
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_and_lose_nothing() {
        let text =
            "Centrifugal pumps for water supply, with electric motors; центробежные насосы для водоснабжения";
        let mut setter = Typesetter::new(Fonts::built_in());
        for width in [8.0, 20.0, 40.0, 200.0] {
            let lines = setter.wrap(text, 8.0, Weight::Regular, width);
            for line in &lines {
                assert!(setter.width(line, 8.0, Weight::Regular) <= width, "{width}: {line}");
            }
            let joined: String = lines.concat().replace(' ', "");
            assert_eq!(joined, text.replace(' ', ""), "{width}");
        }
    }

    #[test]
    fn a_figure_with_no_break_spaces_stays_together() {
        let mut setter = Typesetter::new(Fonts::built_in());
        let lines = setter.wrap("gross 18\u{a0}420\u{a0}kg", 9.0, Weight::Regular, 19.0);
        assert_eq!(lines, ["gross", "18\u{a0}420\u{a0}kg"]);
    }

    #[test]
    fn ideographs_break_anywhere() {
        assert_eq!(pieces("西安 to"), ["西", "安 ", "to"]);
        assert_eq!(pieces("封号: 1"), ["封", "号: ", "1"]);
    }
}

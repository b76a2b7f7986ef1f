//! Breaks text into lines of a width.

use super::fonts::{Fonts, Run, Weight};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Points in a millimetre.
pub(super) const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// Texts with the lines that they were broken into.
type Broken = BTreeMap<String, Rc<[String]>>;

/// Measures, breaks and shapes text, and remembers what it has seen: a form is printed in six sheets that differ in a word.
pub(super) struct Typesetter<'f> {
    fonts: &'f Fonts,
    /// Widths of words in the regular and the bold weight. Unit: em.
    widths: [BTreeMap<String, f32>; 2],
    /// Glyphs of lines in the regular and the bold weight.
    lines: [BTreeMap<String, Rc<[Run]>>; 2],
    /// Texts broken into lines, by weight and the bits of size and width.
    broken: BTreeMap<(Weight, u32, u32), Broken>,
}

impl<'f> Typesetter<'f> {
    pub(super) fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, widths: Default::default(), lines: Default::default(), broken: BTreeMap::new() }
    }

    pub(super) fn fonts(&self) -> &'f Fonts {
        self.fonts
    }

    /// Glyphs of a line.
    pub(super) fn shape(&mut self, text: &str, weight: Weight) -> Rc<[Run]> {
        let lines = &mut self.lines[weight as usize];
        if let Some(line) = lines.get(text) {
            return Rc::clone(line);
        }
        let line: Rc<[Run]> = self.fonts.shape(text, weight).into();
        lines.insert(text.to_owned(), Rc::clone(&line));
        line
    }

    /// Width of a text. Unit: millimetre.
    pub(super) fn width(&mut self, text: &str, size: f32, weight: Weight) -> f32 {
        self.width_on(0.0, text, weight) * size / POINTS_PER_MM
    }

    /// Width of a text that goes on after a space, or begins a line, with what stands before it. Unit: em.
    fn width_on(&mut self, before: f32, text: &str, weight: Weight) -> f32 {
        let mut width = before;
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                width += self.word_width(" ", weight);
            }
            width += self.word_width(word, weight);
        }
        width
    }

    /// Unit: em.
    fn word_width(&mut self, word: &str, weight: Weight) -> f32 {
        let widths = &mut self.widths[weight as usize];
        if let Some(width) = widths.get(word) {
            return *width;
        }
        let width = self.fonts.shape(word, weight).iter().map(|run| run.width).sum();
        widths.insert(word.to_owned(), width);
        width
    }

    /// Breaks a text into lines of at most a width, at spaces and between ideographs, inside a word only if it is wider
    /// than a whole line. Unit of `width`: millimetre.
    pub(super) fn wrap(&mut self, text: &str, size: f32, weight: Weight, width: f32) -> Rc<[String]> {
        let key = (weight, size.to_bits(), width.to_bits());
        if let Some(lines) = self.broken.get(&key).and_then(|texts| texts.get(text)) {
            return Rc::clone(lines);
        }
        let lines: Rc<[String]> = self.break_lines(text, size, weight, width).into();
        self.broken.entry(key).or_default().insert(text.to_owned(), Rc::clone(&lines));
        lines
    }

    fn break_lines(&mut self, text: &str, size: f32, weight: Weight, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        // Width of the line with the spaces at its end, where the next piece begins a word: so a long line is measured once
        // and not again with each of its words. Unit: em.
        let mut before = Some(0.0);
        for piece in pieces(text) {
            let bare = match before.filter(|_| piece.trim_end() == piece.trim_end_matches(' ')) {
                Some(before) => self.width_on(before, piece.trim_end(), weight),
                None => self.width_on(0.0, format!("{line}{piece}").trim_end(), weight),
            };
            if bare * size / POINTS_PER_MM <= width {
                line.push_str(&piece);
                before = before.map(|before| self.width_on(before, &piece, weight));
            } else {
                if !line.trim().is_empty() {
                    lines.push(line.trim_end().to_owned());
                }
                line = self.break_word(piece.trim_start(), size, weight, width, &mut lines);
                before = Some(self.width_on(0.0, &line, weight));
            }
            before = before.filter(|_| line.is_empty() || line.ends_with(' '));
            if before.is_none() && line.ends_with(' ') {
                before = Some(self.width_on(0.0, &line, weight));
            }
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
            for line in lines.iter() {
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
        assert_eq!(*lines, ["gross", "18\u{a0}420\u{a0}kg"]);
    }

    #[test]
    fn ideographs_break_anywhere() {
        assert_eq!(pieces("西安 to"), ["西", "安 ", "to"]);
        assert_eq!(pieces("封号: 1"), ["封", "号: ", "1"]);
    }
}

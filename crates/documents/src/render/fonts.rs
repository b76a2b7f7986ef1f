//! Fonts: which glyph stands for which letter, and how wide a word is.

use crate::Form;
use kervan_model::Finding;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Script, ShapePlan, script, ttf_parser};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Scripts whose shaping plan is kept, since making one takes longer than shaping a line.
const SCRIPTS: [Script; 5] =
    [script::LATIN, script::CYRILLIC, script::GEORGIAN, script::ARMENIAN, script::GREEK];
/// Most characters named in one finding about missing glyphs.
const MOST_NAMED: usize = 12;
/// Shown for a character that no font has.
pub(super) const REPLACEMENT: char = '\u{fffd}';

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// One font file.
struct Face {
    font: Font,
    face: rustybuzz::Face<'static>,
    units_per_em: f32,
    plans: Vec<(Script, ShapePlan)>,
}

/// The fonts of printed forms: a family, and further ones for the letters it lacks.
///
/// The built-in fonts cover Latin, Greek, Cyrillic (Noto Sans), Georgian and Armenian (DejaVu Sans). A node that needs
/// more, such as Chinese, gives the bytes of a font to [`Fonts::with_fallback`].
pub struct Fonts {
    regular: Vec<Face>,
    bold: Vec<Face>,
}

/// A piece of text that one font can set, with its glyphs.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) font: Font,
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// Unit: em, so that it is multiplied by the size.
    pub(super) width: f32,
}

static BUILT_IN: LazyLock<Fonts> = LazyLock::new(|| Fonts {
    regular: faces([notosans::REGULAR_TTF, dejavu::sans::regular()]),
    bold: faces([notosans::BOLD_TTF, dejavu::sans::bold()]),
});

fn faces(files: [&'static [u8]; 2]) -> Vec<Face> {
    files.into_iter().filter_map(Face::read).collect()
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let face = rustybuzz::Face::from_slice(bytes, 0)?;
        let font = Font::new(bytes.into(), 0)?;
        let plan = |script| ShapePlan::new(&face, Direction::LeftToRight, Some(script), None, &[]);
        let plans = SCRIPTS.into_iter().map(|script| (script, plan(script))).collect();
        Some(Self { units_per_em: face.units_per_em() as f32, plans, face, font })
    }

    fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some_and(|glyph| glyph != ttf_parser::GlyphId(0))
    }
}

impl Fonts {
    /// The fonts that are built in.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// The built-in fonts and one more, for letters that they lack. `None` if the bytes are no font.
    ///
    /// Shape: a TrueType or OpenType file that lives as long as the program.
    pub fn with_fallback(bytes: &'static [u8]) -> Option<Self> {
        let mut regular = faces([notosans::REGULAR_TTF, dejavu::sans::regular()]);
        let mut bold = faces([notosans::BOLD_TTF, dejavu::sans::bold()]);
        regular.push(Face::read(bytes)?);
        bold.push(Face::read(bytes)?);
        Some(Self { regular, bold })
    }

    fn of(&self, weight: Weight) -> &[Face] {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Whether every letter of a text can be printed.
    pub fn covers(&self, text: &str) -> bool {
        text.chars().all(|letter| self.find_face(letter, Weight::Regular).is_some())
    }

    fn find_face(&self, letter: char, weight: Weight) -> Option<usize> {
        self.of(weight).iter().position(|face| face.has(letter))
    }

    /// One finding that names the letters of a form that no font has; none if all can be printed.
    pub(crate) fn missing_glyph_findings(&self, form: &Form) -> Vec<Finding> {
        let mut missing: BTreeMap<char, usize> = BTreeMap::new();
        for letter in form.texts().flat_map(str::chars) {
            if self.find_face(letter, Weight::Regular).is_none() {
                *missing.entry(letter).or_default() += 1;
            }
        }
        if missing.is_empty() {
            return Vec::new();
        }
        let named: Vec<String> = missing
            .keys()
            .take(MOST_NAMED)
            .map(|letter| format!("{letter} (U+{:04X})", u32::from(*letter)))
            .collect();
        let more = if missing.len() > MOST_NAMED { " and more" } else { "" };
        let message = format!(
            "{} characters have no glyph in the fonts of the printed form and appear as {REPLACEMENT}: {}{more}",
            missing.values().sum::<usize>(),
            named.join(", ")
        );
        vec![
            Finding::warning("documents.glyph-missing", message)
                .remedy("write the text in Latin, Cyrillic, Georgian or Armenian letters, or give the node a font that has them"),
        ]
    }

    /// Splits a text into runs of one font and shapes them. Letters without a glyph become the replacement mark.
    pub(super) fn shape(&self, text: &str, weight: Weight) -> Vec<Run> {
        let faces = self.of(weight);
        let mut pieces: Vec<(usize, String)> = Vec::new();
        for letter in text.chars() {
            // Spaces stay with the run before them, so that a line is not cut into words.
            let before = pieces.last().map(|(face, _)| *face);
            let keep =
                before.filter(|face| letter == ' ' && faces.get(*face).is_some_and(|face| face.has(' ')));
            let found = keep.or_else(|| self.find_face(letter, weight));
            let (face, letter) = match found {
                Some(face) => (face, letter),
                None => match self.find_face(REPLACEMENT, weight) {
                    Some(face) => (face, REPLACEMENT),
                    None => continue,
                },
            };
            match pieces.last_mut() {
                Some((last, piece)) if *last == face => piece.push(letter),
                _ => pieces.push((face, letter.to_string())),
            }
        }
        pieces.into_iter().filter_map(|(face, piece)| Some(shape_run(faces.get(face)?, piece))).collect()
    }
}

fn shape_run(face: &Face, text: String) -> Run {
    let mut buffer = rustybuzz::UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.guess_segment_properties();
    if !SCRIPTS.contains(&buffer.script()) && text.chars().all(|letter| !letter.is_alphabetic()) {
        // Figures and signs alone belong to no script.
        buffer.set_script(script::LATIN);
    }
    let plan = face.plans.iter().find(|(script, _)| *script == buffer.script());
    let shaped = match plan {
        Some((_, plan)) => {
            buffer.set_direction(Direction::LeftToRight);
            rustybuzz::shape_with_plan(&face.face, plan, buffer)
        }
        None => rustybuzz::shape(&face.face, &[], buffer),
    };
    let em = |units: i32| units as f32 / face.units_per_em;
    let infos = shaped.glyph_infos();
    let starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    let glyphs: Vec<KrillaGlyph> = infos
        .iter()
        .zip(shaped.glyph_positions())
        .enumerate()
        .map(|(index, (info, position))| KrillaGlyph {
            glyph_id: GlyphId::new(info.glyph_id),
            text_range: cluster(&starts, index, text.len()),
            x_advance: em(position.x_advance),
            x_offset: em(position.x_offset),
            y_offset: em(position.y_offset),
            y_advance: em(position.y_advance),
            location: None,
        })
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
    Run { font: face.font.clone(), text, glyphs, width }
}

/// The bytes that a glyph stands for: up to the next cluster. Text runs from left to right.
fn cluster(starts: &[usize], index: usize, end: usize) -> Range<usize> {
    let start = starts.get(index).copied().unwrap_or(0);
    let next = starts.iter().skip(index + 1).find(|next| **next > start).copied().unwrap_or(end);
    start..next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scripts_of_the_corridor_are_covered() {
        let fonts = Fonts::built_in();
        for text in [
            "İstanbul Şişli Çağrı ğ ı ö ü",
            "Bakı Ələt Gəncə",
            "Щёлково ЪЭЮЯ №",
            "Қазақстан Республикасы ұғүөіһ",
            "Тошкент ўқғҳ",
            "საქართველოს რკინიგზა",
            "Հայաստան",
            "Ελλάδα",
            "București Țărănesc",
            "Győr Łódź Žilina",
            "12 345.67 € × – — · ′ →",
        ] {
            assert!(fonts.covers(text), "{text}");
        }
        assert!(!fonts.covers("西安"));
    }

    #[test]
    fn runs_change_with_the_script_and_keep_the_text() {
        let runs = Fonts::built_in().shape("Tbilisi თბილისი Тбилиси", Weight::Bold);
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["Tbilisi ", "თბილისი ", "Тбилиси"]);
        assert!(runs.iter().all(|run| run.width > 1.0));
    }

    #[test]
    fn a_letter_without_a_glyph_becomes_the_replacement_mark() {
        let runs = Fonts::built_in().shape("西A", Weight::Regular);
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(text, format!("{REPLACEMENT}A"));
    }
}

//! Fonts: which glyph stands for which letter, and how wide a word is.

mod face;

use crate::Form;
use face::Face;
pub(super) use face::Run;
use kervan_model::Finding;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use unicode_bidi::BidiInfo;

/// Most characters named in one finding about missing glyphs.
const MOST_NAMED: usize = 12;
/// A letter that every Chinese font has.
const COMMON_HAN: &str = "中";
/// Shown for a character that no font has.
pub(super) const REPLACEMENT: char = '\u{fffd}';

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// The fonts of printed forms: a family, and further ones for the letters it lacks.
///
/// The built-in fonts cover Latin, Greek, Cyrillic (Noto Sans), Georgian, Armenian and the Arabic script (DejaVu Sans).
/// Whoever prints Chinese, or any other script, gives the font to [`Fonts::with_more`]; the program `kervan` brings a
/// Chinese one with its web page.
pub struct Fonts {
    regular: Vec<Face>,
    bold: Vec<Face>,
    /// One bit for each letter of the basic plane that a font was found for: fonts are slow to ask, and papers repeat few
    /// letters. It says nothing that the fonts do not say.
    covered: Vec<AtomicU64>,
}

static BUILT_IN: LazyLock<Fonts> = LazyLock::new(Fonts::read_built_in);

impl Fonts {
    /// The fonts that are built in.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    fn read_built_in() -> Self {
        let faces = |family: &'static [u8], others: &'static [u8]| {
            let files = [family, others];
            files.into_iter().filter_map(|bytes| Face::read(bytes, true)).collect()
        };
        Self {
            regular: faces(notosans::REGULAR_TTF, dejavu::sans::regular()),
            bold: faces(notosans::BOLD_TTF, dejavu::sans::bold()),
            covered: (0..=usize::from(u16::MAX) / 64).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// The built-in fonts and further ones, for letters that those before them lack. Their bold weight is the regular
    /// outline, thickened. `None` if the bytes of one are no font.
    ///
    /// Shape: TrueType or OpenType files that live as long as the program.
    pub fn with_more(files: &[&'static [u8]]) -> Option<Self> {
        let mut fonts = Self::read_built_in();
        for bytes in files {
            fonts.regular.push(Face::read(bytes, true)?);
            fonts.bold.push(Face::read(bytes, false)?);
        }
        Some(fonts)
    }

    fn of(&self, weight: Weight) -> &[Face] {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Whether every letter of a text can be printed.
    pub fn covers(&self, text: &str) -> bool {
        text.chars().all(|letter| self.covers_letter(letter))
    }

    fn covers_letter(&self, letter: char) -> bool {
        let (word, bit) = (letter as usize / 64, 1 << (letter as usize % 64));
        let mark = self.covered.get(word);
        if mark.is_some_and(|mark| mark.load(Ordering::Relaxed) & bit != 0) {
            return true;
        }
        let found = self.find_face(letter, Weight::Regular).is_some();
        if let Some(mark) = mark.filter(|_| found) {
            mark.fetch_or(bit, Ordering::Relaxed);
        }
        found
    }

    fn find_face(&self, letter: char, weight: Weight) -> Option<usize> {
        self.of(weight).iter().position(|face| face.has(letter))
    }

    /// One finding that names the letters of a form that no font has; none if all can be printed.
    pub(crate) fn missing_glyph_findings(&self, form: &Form) -> Vec<Finding> {
        let mut missing: BTreeMap<char, usize> = BTreeMap::new();
        for letter in form.texts().flat_map(str::chars).filter(|letter| !self.covers_letter(*letter)) {
            *missing.entry(letter).or_default() += 1;
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
        // With no Chinese at all it is the font that is missing, not the letter.
        let without_han = missing.keys().any(|letter| is_han(*letter)) && !self.covers(COMMON_HAN);
        let remedy = if without_han {
            "build the page with `cargo xtask ui` and the program after it, or give --font FILE"
        } else {
            "write the text in a script that the fonts have, or give a font that has the letters: --font FILE"
        };
        vec![Finding::warning("documents.glyph-missing", message).remedy(remedy)]
    }

    /// Splits a line into runs of one font and direction, from left to right as they are read on paper, and shapes them.
    ///
    /// Letters without a glyph become the replacement mark.
    pub(super) fn shape(&self, text: &str, weight: Weight) -> Vec<Run> {
        if !text.chars().any(is_leftward) {
            return self.shape_one_way(text, weight, false);
        }
        let bidi = BidiInfo::new(text, None);
        let mut runs = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, pieces) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for piece in pieces {
                let leftward = levels.get(piece.start).is_some_and(|level| level.is_rtl());
                let mut shaped = self.shape_one_way(text.get(piece).unwrap_or_default(), weight, leftward);
                if leftward {
                    shaped.reverse();
                }
                runs.append(&mut shaped);
            }
        }
        runs
    }

    fn shape_one_way(&self, text: &str, weight: Weight, leftward: bool) -> Vec<Run> {
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
        let shape = |(face, piece): (usize, String)| Some(faces.get(face)?.shape(piece, leftward));
        pieces.into_iter().filter_map(shape).collect()
    }
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

/// Letters of the scripts that run from right to left: Hebrew, Arabic and their extensions and presentation forms.
fn is_leftward(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample for each script of the corridor.
    const SAMPLES: [(&str, &str); 15] = [
        ("Turkish", "İstanbul Şişli Çağrı ğ ı ö ü"),
        ("Azerbaijani", "Bakı Ələt Gəncə ə"),
        ("Vietnamese", "Thành phố Hồ Chí Minh Đà Nẵng ỹ ữ ợ"),
        ("Russian", "Щёлково ЪЭЮЯ №"),
        ("Kazakh", "Қазақстан Республикасы ә ғ қ ң ө ұ ү һ і"),
        ("Uzbek", "Тошкент ўқғҳ"),
        ("Kyrgyz and Mongolian", "Бишкек ң ө ү"),
        ("Georgian", "საქართველოს რკინიგზა"),
        ("Armenian", "Հայաստան"),
        ("Greek", "Ελλάδα"),
        ("Romanian", "București Țărănesc"),
        ("Central European", "Győr Łódź Žilina"),
        ("signs", "12 345.67 € × – — · ′ →"),
        ("Persian", "بندر عباس چ پ ژ گ ک ی ۱۲۳"),
        ("Uyghur", "شىنجاڭ ئۇيغۇر قەشقەر ېۆۈۋھ"),
    ];
    const CHINESE: &str = "西安恒泰泵阀有限公司（陕西省西安市未央区凤城八路88号）、“集装箱”；臺灣貨櫃";
    /// Source: `data/fonts/README.md`.
    const COMMON: &str = include_str!("../../../../../data/fonts/common-characters.txt");
    const FURTHER: &str = include_str!("../../../../../data/fonts/further-characters.txt");

    #[test]
    fn no_sample_of_a_script_has_a_glyph_missing() {
        assert_prints(Fonts::built_in(), &SAMPLES);
        assert!(!Fonts::built_in().covers("ཐ"));
    }

    #[test]
    #[expect(clippy::print_stdout, reason = "whoever runs the tests must see what was not tried")]
    fn the_chinese_font_of_the_page_has_every_character_of_the_national_standard() {
        let characters =
            [COMMON, FURTHER].map(|list| list.chars().filter(|letter| !letter.is_whitespace()).count());
        assert_eq!(characters, [3_500, 1_404]);
        assert!(!Fonts::built_in().covers(COMMON_HAN), "the crate itself has no Chinese font");
        let Some(han) = find_han_font() else {
            println!("skipped: no Chinese font; `npm --prefix ui ci` or `cargo xtask ui` puts one there");
            return;
        };
        let fonts = Fonts::with_more(&[han]).unwrap();
        let lines: Vec<(&str, &str)> =
            COMMON.lines().chain(FURTHER.lines()).chain([CHINESE]).map(|line| ("Chinese", line)).collect();
        assert_prints(&fonts, &lines);
        assert_prints(&fonts, &SAMPLES);
    }

    /// Asserts that no letter becomes the replacement mark or the empty glyph, in either weight.
    fn assert_prints(fonts: &Fonts, samples: &[(&str, &str)]) {
        for (weight, (script, text)) in [Weight::Regular, Weight::Bold]
            .into_iter()
            .flat_map(|weight| samples.iter().map(move |sample| (weight, sample)))
        {
            let glyphs = fonts.shape(text, weight).into_iter().flat_map(|run| {
                assert!(!run.text.contains(REPLACEMENT), "{script}: {}", run.text);
                run.glyphs
            });
            let missing = glyphs.filter(|glyph| glyph.glyph_id.to_u32() == 0).count();
            assert_eq!(missing, 0, "{script}: {text}");
        }
    }

    /// The font that the build of the page makes, or the whole one of its package.
    fn find_han_font() -> Option<&'static [u8]> {
        let ui = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui");
        let package = "node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf";
        let read = |path: &str| std::fs::read(format!("{ui}/{path}")).ok();
        read("dist/fonts/han.ttf").or_else(|| read(package)).map(|bytes| &*bytes.leak())
    }

    #[test]
    fn text_from_right_to_left_is_shaped_and_stands_in_the_order_of_reading() {
        let runs = Fonts::built_in().shape("Port: بندر عباس 12", Weight::Regular);
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["Port: ", "12", "بندر عباس "]);
        // Joined letters have other glyphs than letters that stand alone.
        let joined = Fonts::built_in().shape("بب", Weight::Regular);
        let glyphs: Vec<u32> = joined[0].glyphs.iter().map(|glyph| glyph.glyph_id.to_u32()).collect();
        assert_ne!(glyphs[0], glyphs[1]);
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
        let runs = Fonts::built_in().shape("ཐA", Weight::Regular);
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(text, format!("{REPLACEMENT}A"));
    }
}

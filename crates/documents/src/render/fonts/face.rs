//! One font file: which letters it has, and how it shapes a run of them.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Script, ShapePlan, script, ttf_parser};
use std::ops::Range;

/// Scripts whose shaping plan is kept, since making one takes longer than shaping a line.
const SCRIPTS: [(Script, Direction); 7] = [
    (script::LATIN, Direction::LeftToRight),
    (script::CYRILLIC, Direction::LeftToRight),
    (script::GEORGIAN, Direction::LeftToRight),
    (script::ARMENIAN, Direction::LeftToRight),
    (script::GREEK, Direction::LeftToRight),
    (script::HAN, Direction::LeftToRight),
    (script::ARABIC, Direction::RightToLeft),
];

/// A font file that has been read.
pub(super) struct Face {
    font: Font,
    face: rustybuzz::Face<'static>,
    units_per_em: f32,
    plans: Vec<(Script, Direction, ShapePlan)>,
    /// Whether the file draws the weight that it stands for; else the outline is thickened.
    true_weight: bool,
}

/// A piece of text that one font can set, with its glyphs from left to right.
#[derive(Clone)]
pub(in crate::render) struct Run {
    pub(in crate::render) font: Font,
    pub(in crate::render) text: String,
    pub(in crate::render) glyphs: Vec<KrillaGlyph>,
    /// Unit: em, so that it is multiplied by the size.
    pub(in crate::render) width: f32,
    /// Whether the outline is to be thickened, since the font has no bold weight.
    pub(in crate::render) thicken: bool,
}

impl Face {
    /// Reads a font file. `None` if the bytes are no font.
    pub(super) fn read(bytes: &'static [u8], true_weight: bool) -> Option<Self> {
        let face = rustybuzz::Face::from_slice(bytes, 0)?;
        let font = Font::new(bytes.into(), 0)?;
        let plan = |script, direction| ShapePlan::new(&face, direction, Some(script), None, &[]);
        let plans = SCRIPTS
            .into_iter()
            .map(|(script, direction)| (script, direction, plan(script, direction)))
            .collect();
        Some(Self { units_per_em: face.units_per_em() as f32, plans, face, font, true_weight })
    }

    /// Whether the font has a glyph for a letter.
    pub(super) fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some_and(|glyph| glyph != ttf_parser::GlyphId(0))
    }

    /// Shapes a text of which the font has every letter.
    pub(super) fn shape(&self, text: String, leftward: bool) -> Run {
        let mut buffer = rustybuzz::UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        let is_known = SCRIPTS.iter().any(|(script, _)| *script == buffer.script());
        if !is_known && text.chars().all(|letter| !letter.is_alphabetic()) {
            // Figures and signs alone belong to no script.
            buffer.set_script(script::LATIN);
        }
        let direction = if leftward { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let plan = self.plans.iter().find(|(script, of, _)| *script == buffer.script() && *of == direction);
        let shaped = match plan {
            Some((_, _, plan)) => rustybuzz::shape_with_plan(&self.face, plan, buffer),
            None => rustybuzz::shape(&self.face, &[], buffer),
        };
        let em = |units: i32| units as f32 / self.units_per_em;
        let infos = shaped.glyph_infos();
        let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        let glyphs: Vec<KrillaGlyph> = infos
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| KrillaGlyph {
                glyph_id: GlyphId::new(info.glyph_id),
                text_range: cluster(&starts, info.cluster as usize, text.len()),
                x_advance: em(position.x_advance),
                x_offset: em(position.x_offset),
                y_offset: em(position.y_offset),
                y_advance: em(position.y_advance),
                location: None,
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Run { font: self.font.clone(), text, glyphs, width, thicken: !self.true_weight }
    }
}

/// The bytes that a glyph stands for: from its cluster up to the next one in the text.
fn cluster(starts: &[usize], start: usize, end: usize) -> Range<usize> {
    let after = starts.partition_point(|other| *other <= start);
    start..starts.get(after).copied().unwrap_or(end)
}

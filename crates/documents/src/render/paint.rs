//! Paints the marks of a sheet on a page.

use super::sheet::{Mark, Style};
use super::text::{POINTS_PER_MM, Typesetter};
use crate::{Ink, Rect};
use krilla::color::{luma, rgb};
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, Paint, Stroke};
use krilla::surface::Surface;

pub(super) fn points(millimetres: f32) -> f32 {
    millimetres * POINTS_PER_MM
}

/// Greys stay greys, so that a black sheet prints with black alone.
fn paint_of((red, green, blue): Ink) -> Paint {
    if red == green && green == blue {
        luma::Color::new(red).into()
    } else {
        rgb::Color::new(red, green, blue).into()
    }
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: paint_of(ink), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn rectangle(builder: &mut PathBuilder, rect: Rect) {
    let corner = krilla::geom::Rect::from_xywh(
        points(rect.x),
        points(rect.y),
        points(rect.width),
        points(rect.height),
    );
    if let Some(rect) = corner {
        builder.push_rect(rect);
    }
}

pub(super) fn paint_mark(surface: &mut Surface<'_>, setter: &mut Typesetter<'_>, mark: &Mark) {
    match mark {
        Mark::Text { x, baseline, style, text } => {
            paint_text(surface, setter, (points(*x), points(*baseline)), *style, text);
        }
        Mark::Turned { x, bottom, style, text } => {
            // A quarter turn against the clock: right becomes up.
            surface.push_transform(&Transform::from_row(0.0, -1.0, 1.0, 0.0, points(*x), points(*bottom)));
            paint_text(surface, setter, (0.0, 0.0), *style, text);
            surface.pop();
        }
        Mark::Ground { rect, ink } => {
            let mut builder = PathBuilder::new();
            rectangle(&mut builder, *rect);
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink)));
            draw(surface, builder.finish());
        }
        Mark::Line { from, to, width, ink } => {
            let mut builder = PathBuilder::new();
            builder.move_to(points(from.0), points(from.1));
            builder.line_to(points(to.0), points(to.1));
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: paint_of(*ink),
                width: points(*width),
                ..Stroke::default()
            }));
            draw(surface, builder.finish());
        }
        // Links are annotations of the page, not ink.
        Mark::Link { .. } => {}
        Mark::Squares { side, corners } => {
            let mut builder = PathBuilder::new();
            for (x, y) in corners {
                rectangle(&mut builder, Rect { x: *x, y: *y, width: *side, height: *side });
            }
            surface.set_stroke(None);
            surface.set_fill(Some(fill(super::sheet::BLACK)));
            draw(surface, builder.finish());
        }
    }
}

fn paint_text(
    surface: &mut Surface<'_>,
    setter: &mut Typesetter<'_>,
    (mut start, baseline): (f32, f32),
    style: Style,
    text: &str,
) {
    surface.set_fill(Some(fill(style.ink)));
    for run in setter.shape(text, style.weight).iter() {
        let origin = Point::from_xy(start, baseline);
        surface.set_stroke(run.thicken.then(|| thicken(style)));
        start += run.width * style.size;
        surface.draw_glyphs(origin, &run.glyphs, run.font.clone(), &run.text, style.size, false);
    }
}

/// The outline that stands for a bold weight.
fn thicken(style: Style) -> Stroke {
    Stroke { paint: paint_of(style.ink), width: style.size * 0.022, ..Stroke::default() }
}

fn draw(surface: &mut Surface<'_>, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

//! Paints sheets as pages of a PDF/A-3 file that carries the document's data.

use super::layout::SHEET;
use super::sheet::{Mark, Sheet, Style};
use super::text::{POINTS_PER_MM, Typesetter};
use crate::{Document, Ink, Rect, RenderError};
use jiff::tz::TimeZone;
use krilla::SerializeSettings;
use krilla::color::{luma, rgb};
use krilla::configure::{Archival, Configuration, ConfigurationBuilder};
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{Path, PathBuilder, Point, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Paint, Stroke};
use krilla::surface::Surface;

pub(super) fn paint(
    document: &Document,
    sheets: &[Sheet],
    setter: &Typesetter<'_>,
) -> Result<Vec<u8>, RenderError> {
    let pdf_error = |what: String| RenderError::Pdf(what);
    let configuration: Configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_U)
        .finish()
        .map_err(|error| pdf_error(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let issued = date_time(document);
    pdf.set_metadata(metadata(document, issued));
    embed_data(&mut pdf, document, issued)?;
    for sheet in sheets {
        let size = PageSettings::from_wh(SHEET.0 * POINTS_PER_MM, SHEET.1 * POINTS_PER_MM)
            .ok_or_else(|| pdf_error("the sheet has no size".into()))?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        for mark in &sheet.marks {
            paint_mark(&mut surface, setter, mark);
        }
        surface.finish();
        page.finish();
    }
    pdf.finish().map_err(|error| pdf_error(format!("{error:?}")))
}

fn date_time(document: &Document) -> DateTime {
    let issued = TimeZone::UTC.to_datetime(document.issued);
    let part = |value: i8| u8::try_from(value).unwrap_or(0);
    DateTime::new(u16::try_from(issued.year()).unwrap_or(0))
        .month(part(issued.month()))
        .day(part(issued.day()))
        .hour(part(issued.hour()))
        .minute(part(issued.minute()))
        .second(part(issued.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

fn metadata(document: &Document, issued: DateTime) -> Metadata {
    Metadata::new()
        .title(format!("{} {}", document.kind.title(), document.number))
        .description(format!("Dossier {} at head {}", document.dossier, document.head))
        .creator("Kervan".to_owned())
        .language("en".to_owned())
        .creation_date(issued)
        .document_id(format!("{}/{}/{}", document.dossier, document.head, document.file_stem()))
}

/// The data goes along inside the file, so that a machine need not read the sheet.
fn embed_data(pdf: &mut krilla::Document, document: &Document, issued: DateTime) -> Result<(), RenderError> {
    let mut data =
        serde_json::to_vec_pretty(&document.data).map_err(|error| RenderError::Pdf(error.to_string()))?;
    data.push(b'\n');
    let file = EmbeddedFile {
        path: format!("{}.json", document.file_stem()),
        mime_type: MimeType::new("application/json"),
        description: Some(match document.kind.find_schema() {
            Some(schema) => format!("{} in the shape of {schema}", document.kind.title()),
            None => document.kind.title().to_owned(),
        }),
        association_kind: AssociationKind::Data,
        data: data.into(),
        modification_date: Some(issued),
        compress: Some(true),
        location: None,
    };
    pdf.embed_file(file).ok_or_else(|| RenderError::Pdf("the data is embedded twice".into()))
}

fn points(millimetres: f32) -> f32 {
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

fn paint_mark(surface: &mut Surface<'_>, setter: &Typesetter<'_>, mark: &Mark) {
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
    setter: &Typesetter<'_>,
    (mut start, baseline): (f32, f32),
    style: Style,
    text: &str,
) {
    surface.set_fill(Some(fill(style.ink)));
    for run in setter.shape(text, style.weight) {
        let origin = Point::from_xy(start, baseline);
        surface.set_stroke(run.thicken.then(|| thicken(style)));
        start += run.width * style.size;
        surface.draw_glyphs(origin, &run.glyphs, run.font, &run.text, style.size, false);
    }
}

/// The outline that stands for a bold weight.
fn thicken(style: Style) -> Stroke {
    Stroke { paint: paint_of(style.ink), width: style.size * 0.03, ..Stroke::default() }
}

fn draw(surface: &mut Surface<'_>, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

//! Writes sheets as a PDF/A-3u file: metadata, attached data, pages, links and bookmarks.

use super::layout::SHEET;
use super::paint::{paint_mark, points};
use super::sheet::{Mark, Sheet};
use super::text::{POINTS_PER_MM, Typesetter};
use crate::{Document, RenderError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::SerializeSettings;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::configure::{Archival, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;

/// A file that is to be written. The same gives the same bytes.
pub(super) struct PdfFile<'a> {
    pub(super) title: String,
    pub(super) description: String,
    /// The texts of the codes that stand on the sheets.
    pub(super) codes: Vec<String>,
    /// What tells the file from every other.
    pub(super) id: String,
    pub(super) issued: Timestamp,
    /// Documents whose data goes along, so that a machine need not read the sheets.
    pub(super) documents: Vec<&'a Document>,
    /// Name and first page of each part; none for a single document.
    pub(super) outline: Vec<(String, usize)>,
}

impl PdfFile<'_> {
    /// Writes the file.
    ///
    /// Errors: what the writer refuses, such as a glyph without a letter.
    pub(super) fn write(
        &self,
        sheets: &[Sheet],
        setter: &mut Typesetter<'_>,
    ) -> Result<Vec<u8>, RenderError> {
        let configuration: Configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A3_U)
            .finish()
            .map_err(|error| pdf_error(format!("{error:?}")))?;
        let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
        let mut pdf = krilla::Document::new_with(settings);
        let issued = date_time(self.issued);
        pdf.set_metadata(self.metadata(issued));
        for document in &self.documents {
            embed_data(&mut pdf, document, issued)?;
        }
        for sheet in sheets {
            write_page(&mut pdf, sheet, setter)?;
        }
        if !self.outline.is_empty() {
            let mut outline = Outline::new();
            for (name, page) in &self.outline {
                let top = XyzDestination::new(*page, Point::from_xy(0.0, 0.0));
                outline.push_child(OutlineNode::new(name.clone(), top));
            }
            pdf.set_outline(outline);
        }
        pdf.finish().map_err(|error| pdf_error(format!("{error:?}")))
    }

    fn metadata(&self, issued: DateTime) -> Metadata {
        Metadata::new()
            .title(self.title.clone())
            .description(self.description.clone())
            .keywords(self.codes.clone())
            .creator("Kervan".to_owned())
            .language("en".to_owned())
            .creation_date(issued)
            .document_id(self.id.clone())
    }
}

fn pdf_error(what: String) -> RenderError {
    RenderError::Pdf(what)
}

fn write_page(
    pdf: &mut krilla::Document,
    sheet: &Sheet,
    setter: &mut Typesetter<'_>,
) -> Result<(), RenderError> {
    let size = PageSettings::from_wh(SHEET.0 * POINTS_PER_MM, SHEET.1 * POINTS_PER_MM)
        .ok_or_else(|| pdf_error("the sheet has no size".into()))?;
    let mut page = pdf.start_page_with(size);
    let mut surface = page.surface();
    for mark in &sheet.marks {
        paint_mark(&mut surface, setter, mark);
    }
    surface.finish();
    for mark in &sheet.marks {
        if let Mark::Link { rect, page: to } = mark
            && let Some(rect) =
                Rect::from_xywh(points(rect.x), points(rect.y), points(rect.width), points(rect.height))
        {
            let target = XyzDestination::new(*to, Point::from_xy(0.0, 0.0)).into();
            let link = LinkAnnotation::new(rect, Target::Destination(target));
            page.add_annotation(Annotation::new_link(link, Some(format!("page {}", to + 1))));
        }
    }
    page.finish();
    Ok(())
}

fn date_time(instant: Timestamp) -> DateTime {
    let issued = TimeZone::UTC.to_datetime(instant);
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
        // Uncompressed, so that the data can be read back without a PDF reader.
        compress: Some(false),
        location: None,
    };
    pdf.embed_file(file).ok_or_else(|| RenderError::Pdf("the data is embedded twice".into()))
}

//! Sets a form as a PDF: lay out on sheets, add the feet, paint.

mod boxes;
mod fonts;
mod footer;
mod languages;
mod layout;
mod package;
mod paint;
mod pdf;
mod qr;
mod sheet;
mod table;
mod text;

use crate::Document;
use crate::words::Speech;
pub use fonts::Fonts;
use footer::Foot;
use languages::printable_document;
pub use package::{Package, PackageEntry, render_package};
use pdf::PdfFile;
use text::Typesetter;

/// Why a form could not be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The text of the code is longer than any code holds.
    #[error("the text of the QR code is too long")]
    CodeTooLong,
    /// The words of the form are missing from `data/documents/forms.csv`.
    #[error("the form has no words")]
    NoWords,
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}

/// Which of its sheets a form is printed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Copies {
    /// Every sheet: the original, the duplicate and so on.
    #[default]
    All,
    /// The first sheet only.
    First,
}

/// Sets a document as PDF/A-3u with the built-in fonts. The same document gives the same bytes.
///
/// `code` is the text of the QR code at the foot of every sheet; [`Stamp`](crate::Stamp) makes it. The file
/// carries the document's data as an associated file.
///
/// Errors: [`RenderError`].
pub fn render_pdf(document: &Document, code: &str) -> Result<Vec<u8>, RenderError> {
    render_pdf_with(document, code, Fonts::built_in())
}

/// As [`render_pdf`], with other fonts.
///
/// Errors: [`RenderError`].
pub fn render_pdf_with(document: &Document, code: &str, fonts: &Fonts) -> Result<Vec<u8>, RenderError> {
    print_pdf(document, code, fonts, Copies::All)
}

/// As [`render_pdf`], with other fonts and a choice of sheets.
///
/// Errors: [`RenderError`].
pub fn print_pdf(
    document: &Document,
    code: &str,
    fonts: &Fonts,
    copies: Copies,
) -> Result<Vec<u8>, RenderError> {
    let document = &*printable_document(document, fonts);
    let speech = &Speech::of_form(document.kind, &document.form).map_err(|_| RenderError::NoWords)?;
    let mut setter = Typesetter::new(fonts);
    let mut sheets = layout::lay_out(document, speech, &mut setter, copies);
    Foot::of(document, speech, code, fonts).set(&mut sheets, &mut setter)?;
    let file = PdfFile {
        title: format!("{} {}", document.kind.title(), document.number),
        description: format!("Dossier {} at head {}", document.dossier, document.head),
        codes: vec![code.to_owned()],
        id: format!("{}/{}/{}", document.dossier, document.head, document.file_stem()),
        issued: document.issued,
        documents: vec![document],
        outline: Vec::new(),
    };
    file.write(&sheets, &mut setter)
}

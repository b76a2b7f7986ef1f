//! The whole package as one file: cover, contents, every document, and how to check it.

mod contents;
mod cover;
mod route;
mod verification;

use super::fonts::{Fonts, Weight};
use super::footer::{CODE, Foot};
use super::languages::{printable_document, printable_speech};
use super::layout::{CONTENT_BOTTOM, SHEET, lay_out};
use super::pdf::PdfFile;
use super::sheet::{BLACK, DARK, Sheet, Style};
use super::table::Sheets;
use super::text::Typesetter;
use super::{Copies, RenderError};
use crate::words::Speech;
use crate::{Document, Stamp};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_dossier::canonical;
use kervan_model::{Consignment, Itinerary};

/// Left and right margin of the sheets that are the package's own. Unit: millimetre.
const MARGIN: f32 = 15.0;
/// Name of the package's form in `data/documents/forms.csv` and the kind in its stamp.
const SLUG: &str = "package";

/// Everything that goes into one package. The same gives the same bytes.
pub struct Package<'a> {
    /// The consignment as it stands.
    pub consignment: &'a Consignment,
    /// The accepted itinerary, if there is one.
    pub itinerary: Option<&'a Itinerary>,
    /// The name of a place; the code itself if it is not known.
    pub place_name: &'a dyn Fn(&PlaceCode) -> String,
    /// When the youngest of the documents was issued.
    pub issued: Timestamp,
    /// Id of the dossier. Shape: hexadecimal digits.
    pub dossier: &'a str,
    /// Hash of the dossier's head. Shape: hexadecimal digits.
    pub head: &'a str,
    /// The documents, in order.
    pub documents: &'a [Document],
    /// Documents that the consignment needs and that could not be made, each with the reason.
    pub missing: &'a [(String, String)],
    /// The entries of the dossier, in order.
    pub entries: &'a [PackageEntry],
    /// Which sheets of each form are printed.
    pub copies: Copies,
}

/// An entry of the dossier, as the last page of a package lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageEntry {
    /// Its id. Shape: 64 hexadecimal digits.
    pub id: String,
    /// What it says, in a word or two.
    pub kind: String,
    /// When it was written, by its author's clock.
    pub authored: Timestamp,
    /// Who wrote it, and in which role.
    pub author: String,
    /// The key that signed it.
    pub key: String,
    /// The first bytes of the signature. Shape: hexadecimal digits.
    pub signature: String,
    /// Whether it is in force, or why it is not.
    pub standing: String,
}

/// A document's place in the package.
struct Part {
    title: String,
    number: String,
    issued: Timestamp,
    /// First page, counted from 0.
    page: usize,
    pages: usize,
}

/// Sheets of the package's own, with their heading.
struct Own<'a> {
    heading: &'a str,
    sheets: Vec<Sheet>,
}

impl Sheets for Own<'_> {
    fn current(&mut self) -> &mut Sheet {
        if self.sheets.is_empty() {
            self.next();
        }
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    fn next(&mut self) -> f32 {
        let mut sheet = Sheet::default();
        sheet.text(MARGIN, 20.0, Style::new(14.0, Weight::Bold, BLACK), self.heading);
        sheet.line((MARGIN, 24.0), (SHEET.0 - MARGIN, 24.0), 0.35, BLACK);
        self.sheets.push(sheet);
        28.0
    }

    fn bottom(&self) -> f32 {
        CONTENT_BOTTOM
    }
}

/// Sets a package as one PDF/A-3u file with contents, links and bookmarks. It carries the data of every document.
///
/// Errors: [`RenderError`].
pub fn render_package(package: &Package<'_>, fonts: &Fonts) -> Result<Vec<u8>, RenderError> {
    let speech = Speech::named(SLUG).ok_or(RenderError::NoWords)?.among_named(SLUG, package.consignment);
    let speech = &printable_speech(&speech, fonts);
    let mut setter = Typesetter::new(fonts);
    let stamps: Vec<Stamp> = package.documents.iter().map(Stamp::of).collect();
    let own = stamp_of(package, &stamps);
    let code = own.to_text();
    let mut bodies = Vec::new();
    for (document, stamp) in package.documents.iter().zip(&stamps) {
        bodies.push(lay_out_document(document, stamp, &mut setter, package.copies)?);
    }
    let lengths: Vec<usize> = bodies.iter().map(Vec::len).collect();
    // The contents name pages that come after them: their own length is found first.
    let length = contents::lay_out(package, speech, &list_parts(package, &lengths, 0), 0, &mut setter).len();
    let first = 1 + length;
    let parts = list_parts(package, &lengths, first);
    let last = first + lengths.iter().sum::<usize>();
    let mut front = vec![cover::lay_out(package, speech, &mut setter)];
    front.extend(contents::lay_out(package, speech, &parts, last, &mut setter));
    let mut back = verification::lay_out(package, speech, &mut setter);
    let foot = Foot {
        speech,
        code: &code,
        number: package.consignment.reference.as_str(),
        issued: package.issued,
        dossier: package.dossier,
        entry: package.head,
        left: MARGIN,
        counted: false,
        replaces: None,
        unprintable: false,
    };
    foot.set(&mut front, &mut setter)?;
    foot.set(&mut back, &mut setter)?;
    let mut sheets: Vec<Sheet> = front.into_iter().chain(bodies.into_iter().flatten()).chain(back).collect();
    number(&mut sheets, speech, package, &mut setter);
    let mut outline = vec![(speech.word("package"), 0), (speech.word("contents"), 1)];
    outline.extend(parts.iter().map(|part| (format!("{} {}", part.title, part.number), part.page)));
    outline.push((speech.word("verification"), last));
    let file = PdfFile {
        title: format!("Documents of consignment {}", package.consignment.reference),
        description: format!("Dossier {} at head {}", package.dossier, package.head),
        codes: [code].into_iter().chain(stamps.iter().map(Stamp::to_text)).collect(),
        id: format!("{}/{}/{}", package.dossier, package.head, own.data_sha256),
        issued: package.issued,
        documents: package.documents.iter().collect(),
        outline,
    };
    file.write(&sheets, &mut setter)
}

/// The package's own stamp: its data is the list of the stamps of its documents.
fn stamp_of(package: &Package<'_>, stamps: &[Stamp]) -> Stamp {
    let texts: Vec<String> = stamps.iter().map(Stamp::to_text).collect();
    Stamp {
        slug: SLUG.to_owned(),
        number: package.consignment.reference.to_string(),
        dossier: package.dossier.to_owned(),
        entry: package.head.to_owned(),
        data_sha256: canonical::sha256_hex(texts.join("\n").as_bytes()),
        signature: String::new(),
    }
}

fn lay_out_document(
    document: &Document,
    stamp: &Stamp,
    setter: &mut Typesetter<'_>,
    copies: Copies,
) -> Result<Vec<Sheet>, RenderError> {
    let document = &*printable_document(document, setter.fonts());
    let speech = Speech::of_form(document.kind, &document.form).map_err(|_| RenderError::NoWords)?;
    let mut sheets = lay_out(document, &speech, setter, copies);
    let code = stamp.to_text();
    Foot::of(document, &speech, &code, setter.fonts()).set(&mut sheets, setter)?;
    Ok(sheets)
}

fn list_parts(package: &Package<'_>, lengths: &[usize], first: usize) -> Vec<Part> {
    let mut page = first;
    let parts = package.documents.iter().zip(lengths).map(|(document, pages)| {
        let labels = document.form.titles.first().map(|title| title.labels.as_slice()).unwrap_or_default();
        let title = match labels {
            [] => document.kind.title().to_owned(),
            labels => super::boxes::joined(labels, " / "),
        };
        let part =
            Part { title, number: document.number.clone(), issued: document.issued, page, pages: *pages };
        page += pages;
        part
    });
    parts.collect()
}

/// The number of each page in the package, under the foot.
fn number(sheets: &mut [Sheet], speech: &Speech, package: &Package<'_>, setter: &mut Typesetter<'_>) {
    let count = sheets.len();
    let style = Style::new(6.0, Weight::Regular, DARK);
    for (index, sheet) in sheets.iter_mut().enumerate() {
        let text = format!(
            "{} · {} · {} / {count}",
            package.consignment.reference,
            speech.word("package"),
            index + 1
        );
        let width = setter.width(&text, style.size, style.weight);
        sheet.text((SHEET.0 - width) / 2.0, CONTENT_BOTTOM + CODE + 5.5, style, text);
    }
}

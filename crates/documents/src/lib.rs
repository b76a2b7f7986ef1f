//! The legal documents of a consignment: pure projections of its facts, as structured data and as a printed form.
//!
//! [`generate`] makes a [`Document`] of one [`DocumentKind`] from [`Inputs`]: `data` in the shape of the UN/CEFACT D23B
//! JSON schemas, `form` with numbered boxes and tables in parallel languages, and findings about what could be better.
//! A required box that stays empty is an error and no document is made. [`render_pdf`] sets the form as a PDF/A-3 file that
//! carries the data inside. [`check_consistency`] holds documents of others against the consignment.
//!
//! What is data and not code: the boxes of each form with their place on the sheet, labels, languages, requirement and
//! remedy (`data/documents/*.csv`), the words inside the boxes (`words.csv`) and the tolerances (`tolerances.csv`).
//!
//! Absent: clock, files, network, keys. The issue date, the number and the dossier's head are inputs, so the same inputs
//! give the same bytes.
//!
//! ```
//! use kervan_documents::{DocumentKind, Tolerances};
//!
//! assert_eq!(DocumentKind::find("cim-smgs"), Some(DocumentKind::CimSmgs));
//! assert_eq!(DocumentKind::CimSmgs.type_code(), "722");
//! assert!(Tolerances::built_in().is_ok());
//! ```
//!
//! To add a document: a variant in `kind.rs`, a table in `data/documents/`, a module in `generate/` that fills the boxes
//! and one in `format/` that writes the data.

#[cfg(test)]
extern crate self as kervan_documents;

mod consistency;
mod document;
mod form;
mod format;
mod generate;
mod kind;
mod layout_table;
mod render;
mod tolerances;
mod words;

pub use consistency::check_consistency;
pub use document::{Document, Inputs};
pub use form::{Align, Column, Form, FormBox, FormTable, Label, Rect, Row};
pub use generate::generate;
pub use kervan_model::{AttachedDocument, KeyFacts};
pub use kind::DocumentKind;
pub use layout_table::{Placement, PlacementKind, list_placements};
pub use render::{Fonts, RenderError, qr_text, render_pdf, render_pdf_with};
pub use tolerances::{Tolerance, Tolerances};

//! The legal documents of a consignment: pure projections of its facts, as structured data and as a printed form.
//!
//! [`list_applicable`] asks every [`DocumentKind`] which parts of the carriage need one and gives a [`DocumentRequest`] for
//! each. [`generate`] makes a [`Document`] of a request from [`Inputs`]: `data` in the shape of the UN/CEFACT D23B
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
//! To add a kind of document:
//!
//! 1. a folder in `kinds/` with `mod.rs` (the `DEFINITION`: names, number, and `list_parts`, which says what part of the
//!    carriage needs one), `form.rs` (`fill`: what stands in the boxes) and `data.rs` (`write`: the data);
//! 2. its line in `kinds/mod.rs` and in the list of `kind.rs`;
//! 3. a table `data/documents/<slug>.csv` of its boxes, with what is required, from where, and the remedy;
//! 4. a row in `data/documents/forms.csv`: the languages of the form.
//!
//! The tests run over [`DocumentKind::ALL`] and take it in by themselves: snapshots, encoding, the published schema.

#[cfg(test)]
extern crate self as kervan_documents;

mod carriage;
mod check;
mod codes;
mod consistency;
mod dataset;
mod definition;
mod document;
mod explain;
mod form;
mod generate;
mod kind;
mod kinds;
mod layout_table;
mod rail;
mod read_pdf;
mod render;
mod request;
mod run;
mod sea;
mod shared;
mod sheets;
mod stamp;
mod stations;
mod table;
mod tolerances;
mod words;

pub use carriage::{Section, check_carriage, list_sections};
pub use check::{CheckedDocument, PaperCheck, check_all};
pub use consistency::{
    CompareNames, Inconsistency, NameComparison, NameMatch, Papers, Place, Said, SealAct, SealSighting,
    StatedFact, Statement, check_consistency, check_papers, compare_names, compare_statements,
    read_statement, state_attached, state_consignment, state_document, state_invoice, state_itinerary,
    state_references, state_seals,
};
pub use dataset::{DataField, DataTable, generate_xml, list_data_tables};
pub use document::{Conveyance, Document, Inputs, Issue, MovementFacts, Options, SeaContract};
pub use explain::explain;
pub use form::{
    Align, Column, Form, FormBox, FormMark, FormSheet, FormTable, Ink, Label, MarkStyle, Rect, Row,
};
pub use generate::generate;
pub use kervan_model::{AttachedDocument, KeyFacts};
pub use kind::DocumentKind;
pub use layout_table::{Placement, PlacementKind, list_placements};
pub use read_pdf::{PdfContents, read_pdf};
pub use render::{
    Copies, Fonts, Package, PackageEntry, RenderError, print_pdf, render_package, render_pdf, render_pdf_with,
};
pub use request::{
    DocumentRequest, Part, PreviousDocument, ReplacedDocument, find_applicable, list_applicable,
};
pub use stamp::Stamp;
pub use tolerances::{Tolerance, Tolerances};

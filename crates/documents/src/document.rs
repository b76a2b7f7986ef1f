//! A generated document, and what it is generated from.

use crate::{AttachedDocument, DocumentKind, Form};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Consignment, Finding, Itinerary};

/// What a document is generated from. The same inputs give the same document.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The consignment as amended.
    pub consignment: &'a Consignment,
    /// The itinerary that was accepted, if there is one.
    pub itinerary: Option<&'a Itinerary>,
    /// The name of a place; the code itself if it is not known.
    pub place_name: &'a dyn Fn(&PlaceCode) -> String,
    /// Number of the document. The commercial invoice carries the number of its own facts instead.
    pub number: &'a str,
    /// When it is issued.
    pub issued: Timestamp,
    /// Hash of the dossier's head at that moment. Shape: hexadecimal digits.
    pub head: &'a str,
    /// Id of the dossier. Shape: hexadecimal digits.
    pub dossier: &'a str,
    /// Documents of others that travel with the consignment.
    pub attachments: &'a [AttachedDocument],
}

/// A document generated from a consignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued: Timestamp,
    /// Id of the dossier.
    pub dossier: String,
    /// Hash of the dossier's head.
    pub head: String,
    /// The facts in the shape of [`DocumentKind::schema`].
    pub data: serde_json::Value,
    /// The printed form.
    pub form: Form,
    /// Warnings and remarks; errors would have kept the document from being made.
    pub findings: Vec<Finding>,
}

impl Document {
    /// A file name without extension: slug and number, with letters, digits, hyphens and dots only.
    pub fn file_stem(&self) -> String {
        let number: String = self
            .number
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' })
            .collect();
        format!("{}-{number}", self.kind.slug())
    }
}

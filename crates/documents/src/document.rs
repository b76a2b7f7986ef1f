//! A generated document, and what it is generated from.

use crate::{AttachedDocument, DocumentKind, Fonts, Form, Part, PreviousDocument, ReplacedDocument};
use jiff::Timestamp;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Consignment, Finding, Itinerary};

/// What documents are generated from. The same inputs give the same documents.
///
/// [`Inputs::new`] gives the least; add what is known: `Inputs { itinerary: Some(&itinerary), ..Inputs::new(...) }`.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The consignment as amended.
    pub consignment: &'a Consignment,
    /// The itinerary that was accepted, if there is one.
    pub itinerary: Option<&'a Itinerary>,
    /// The name of a place; the code itself if it is not known.
    pub place_name: &'a dyn Fn(&PlaceCode) -> String,
    /// When the documents are issued.
    pub issued: Timestamp,
    /// Hash of the dossier's head at that moment. Shape: hexadecimal digits.
    pub head: &'a str,
    /// Id of the dossier. Shape: hexadecimal digits.
    pub dossier: &'a str,
    /// Documents of others that travel with the consignment.
    pub attachments: &'a [AttachedDocument],
    /// Its movements under customs procedures, in order of travel.
    pub movements: &'a [MovementFacts],
    /// What carries it on which leg, as far as it was reported.
    pub conveyances: &'a [Conveyance],
    /// Documents issued before, which keep their dates.
    pub previous: &'a [PreviousDocument],
    /// Other consignments of the same voyage, for lists of a whole vessel.
    pub companions: &'a [&'a Consignment],
    /// Choices that the facts leave open.
    pub options: Options,
    /// Languages of the printed form, in order, where it has parallel ones; empty for those of its table.
    pub languages: &'a [String],
    /// The fonts of the printed form: a letter that they lack is a finding. They do not change the data.
    pub fonts: &'a Fonts,
}

impl<'a> Inputs<'a> {
    /// Inputs of a consignment of which nothing more is known.
    pub fn new(
        consignment: &'a Consignment,
        place_name: &'a dyn Fn(&PlaceCode) -> String,
        issued: Timestamp,
    ) -> Self {
        Self {
            consignment,
            itinerary: None,
            place_name,
            issued,
            head: "",
            dossier: "",
            attachments: &[],
            movements: &[],
            conveyances: &[],
            previous: &[],
            companions: &[],
            options: Options::default(),
            languages: &[],
            fonts: Fonts::built_in(),
        }
    }
}

/// A movement of the consignment under a customs procedure, as the dossier holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementFacts {
    /// Its id in the dossier.
    pub id: String,
    /// The customs territory.
    pub territory: String,
    /// The procedure.
    pub regime: String,
    /// The reference number that customs gave it, once it is accepted.
    pub mrn: Option<String>,
    /// The declaration as it was lodged; null if none was.
    pub declaration: serde_json::Value,
}

/// What carries the consignment on a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conveyance {
    /// The leg, counted among the legs from 0.
    pub leg: usize,
    /// Wagon number, registration or IMO number.
    pub identification: String,
    /// Name of a vessel.
    pub name: Option<String>,
    /// Where it is registered.
    pub nationality: Option<CountryCode>,
    /// Voyage or train number.
    pub journey: Option<String>,
}

/// Choices that the facts leave open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which contract is made for carriage by sea.
    pub sea: SeaContract,
}

/// The contract of carriage by sea.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeaContract {
    /// A sea waybill: the goods are delivered to the named consignee.
    #[default]
    Waybill,
    /// A negotiable bill of lading: the goods are delivered to whoever holds it, to order.
    Negotiable,
}

/// A document generated from a consignment.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// What it covers.
    pub part: Part,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued: Timestamp,
    /// Id of the dossier; empty for a draft of a file that nobody signed.
    pub dossier: String,
    /// Hash of the dossier's head.
    pub head: String,
    /// The document whose place it takes.
    pub replaces: Option<ReplacedDocument>,
    /// The entry that issued it; none for a draft.
    pub issue: Option<Issue>,
    /// The facts in the shape of [`DocumentKind::find_schema`].
    pub data: serde_json::Value,
    /// The printed form.
    pub form: Form,
    /// Warnings and remarks; errors would have kept the document from being made.
    pub findings: Vec<Finding>,
}

/// The entry that issued a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its id. Shape: 64 hexadecimal digits.
    pub entry: String,
    /// Its signature.
    pub signature: Vec<u8>,
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

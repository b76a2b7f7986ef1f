//! What a kind of document is made of, and the draft that its functions work on.

use crate::shared::filling::Filling;
use crate::words::Speech;
use crate::{DocumentRequest, Inputs, Part};
use serde_json::Value;

/// A kind of document: its names and its functions, all pure.
///
/// The form and its required boxes are the table `data/documents/<slug>.csv`; its languages a row of `forms.csv`.
pub(crate) struct Definition {
    /// The name used in addresses and on the command line, and of the form's table.
    pub(crate) slug: &'static str,
    /// Type of document. Source: UNTDID 1001.
    pub(crate) type_code: &'static str,
    /// What stands after the consignment's reference in the number of the document; unique among the kinds.
    pub(crate) series: &'static str,
    /// English title.
    pub(crate) title: &'static str,
    /// File name of the published schema that the data follows.
    pub(crate) schema: Option<&'static str>,
    /// The table of the form.
    pub(crate) layout: &'static str,
    /// Whether it is a contract of carriage: the next one names it where the law of carriage changes.
    pub(crate) is_contract: bool,
    /// The parts of the carriage that need one; none if the kind does not apply.
    pub(crate) list_parts: fn(&Inputs<'_>) -> Vec<Part>,
    /// The number, where the facts give it; else it is made from the reference and the series.
    pub(crate) find_number: fn(&Inputs<'_>) -> Option<String>,
    /// What stands in the boxes, with findings about what is missing.
    pub(crate) fill: fn(&Draft<'_>, &Speech) -> Filling,
    /// The data.
    pub(crate) write: fn(&Draft<'_>) -> Value,
}

/// A document in the making: what is asked for, and what it is made from.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    /// What it is made from.
    pub(crate) inputs: &'a Inputs<'a>,
    /// Which document it is.
    pub(crate) request: &'a DocumentRequest,
}

impl Draft<'_> {
    /// What a form says about what it was made from: the words of `key`, or that nobody signed it.
    pub(crate) fn statement(&self, speech: &Speech, key: &str) -> Vec<String> {
        let mut texts = speech.texts(if self.inputs.dossier.is_empty() { "statement_unsigned" } else { key });
        // It is said in several languages, so one that the fonts cannot write is left out as the labels are.
        if texts.iter().any(|text| self.inputs.fonts.covers(text)) {
            texts.retain(|text| self.inputs.fonts.covers(text));
        }
        texts
    }

    /// Its number.
    pub(crate) fn number(&self) -> &str {
        &self.request.number
    }
}

/// The kind covers the whole consignment, and every consignment has one.
pub(crate) fn whole(_: &Inputs<'_>) -> Vec<Part> {
    vec![Part::Whole]
}

/// The number is made from the reference.
pub(crate) fn by_reference(_: &Inputs<'_>) -> Option<String> {
    None
}

//! Makes documents: fills the boxes of a form, asserts the required ones, adds the data.

mod cim_smgs;
mod commercial_invoice;
mod filling;
mod packing_list;
mod text;

use crate::render::Fonts;
use crate::words::Speech;
use crate::{Document, DocumentKind, Inputs, format, list_placements};
use kervan_model::{Finding, has_errors};

/// Makes a document from its inputs. Pure: the same inputs give the same document.
///
/// Errors: every finding, if a required box of the form stays empty (`documents.box-empty`) or the goods and their prices
/// do not fit each other (`documents.prices-do-not-fit`).
pub fn generate(kind: DocumentKind, inputs: &Inputs<'_>) -> Result<Document, Vec<Finding>> {
    let placements = list_placements(kind)?;
    let speech = Speech::load(kind)?;
    let (filling, number, data) = match kind {
        DocumentKind::CommercialInvoice => {
            let number = inputs.consignment.prices.as_ref().map_or("", |prices| &prices.invoice_number);
            (commercial_invoice::fill(inputs, &speech), number, format::commercial_invoice::write(inputs))
        }
        DocumentKind::PackingList => {
            (packing_list::fill(inputs, &speech), inputs.number, format::packing_list::write(inputs))
        }
        DocumentKind::CimSmgs => {
            (cim_smgs::fill(inputs, &speech), inputs.number, format::cim_smgs::write(inputs))
        }
    };
    let (form, mut findings) = filling.into_form(kind, speech.official, &placements);
    findings.extend(Fonts::built_in().missing_glyph_findings(&form));
    if has_errors(&findings) {
        return Err(findings);
    }
    Ok(Document {
        kind,
        number: number.to_owned(),
        issued: inputs.issued,
        dossier: inputs.dossier.to_owned(),
        head: inputs.head.to_owned(),
        data,
        form,
        findings,
    })
}

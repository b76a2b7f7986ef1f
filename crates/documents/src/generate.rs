//! Makes documents: fills the boxes of a form, asserts the required ones, adds the data.

use crate::definition::Draft;
use crate::words::Speech;
use crate::{Document, DocumentRequest, Inputs, list_placements};
use kervan_model::{Finding, has_errors};

/// Makes one document of those that [`list_applicable`](crate::list_applicable) names. Pure: the same inputs give the same
/// document.
///
/// Errors: every finding, if a required box of the form stays empty (`documents.box-empty`) or the facts contradict each
/// other, such as goods and their prices (`documents.prices-do-not-fit`), or a language is wanted that the form does not have
/// (`documents.language`).
pub fn generate(request: &DocumentRequest, inputs: &Inputs<'_>) -> Result<Document, Vec<Finding>> {
    let kind = request.kind;
    let definition = kind.definition();
    let placements = list_placements(kind)?;
    let speech = &Speech::load(kind)?.among(kind, inputs.consignment).in_languages(kind, inputs.languages)?;
    let draft = Draft { inputs, request };
    let mut filling = (definition.fill)(&draft, speech);
    let data = filling.data.take();
    let (form, mut findings) = filling.into_form(kind, speech, placements);
    findings.extend(inputs.fonts.missing_glyph_findings(&form));
    if has_errors(&findings) {
        return Err(findings);
    }
    Ok(Document {
        kind,
        part: request.part,
        number: request.number.clone(),
        issued: inputs.issued,
        dossier: inputs.dossier.to_owned(),
        head: inputs.head.to_owned(),
        replaces: request.replaces.clone(),
        issue: None,
        data: data.unwrap_or_else(|| (definition.write)(&draft)),
        form,
        findings,
    })
}

//! Legal documents of a consignment: issued as facts, generated anew from the dossier whenever they are asked for.

use crate::project::name;
use crate::scribe::Scribe;
use crate::{CaseFile, Desk, Refusal, Registered};
use kervan_codes::PlaceCode;
use kervan_documents::{Document, DocumentKind, Inputs, generate, qr_text, render_pdf};
use kervan_dossier::{DocumentIssued, Dossier, DossierState, Fact, canonical};
use kervan_model::{Finding, Role};

/// The documents that a consignment is given at acceptance.
pub const ISSUED: [DocumentKind; 3] =
    [DocumentKind::CommercialInvoice, DocumentKind::PackingList, DocumentKind::CimSmgs];

/// Issues the documents of a consignment: each as a fact with the hash of its data.
pub(crate) fn issue_documents(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    state: &DossierState,
    forwarder: &Registered,
) -> Result<(), Refusal> {
    for kind in ISSUED {
        let issued = scribe.call.now;
        let number = number_of(kind, state);
        let document = build(scribe.desk, dossier, state, kind, &number, issued)?;
        let bytes = canonical::jcs(&document.data).map_err(|error| Refusal::broken("a document", &error))?;
        let fact = Fact::DocumentIssued(DocumentIssued {
            slug: kind.slug().to_owned(),
            type_code: kind
                .type_code()
                .parse()
                .map_err(|error| Refusal::broken("a document type", &error))?,
            number: document.number.clone(),
            issued,
            data_sha256: canonical::sha256_hex(&bytes),
        });
        scribe.assert(dossier, forwarder, Role::Forwarder, None, &fact)?;
    }
    Ok(())
}

/// The number of a document: the invoice's own, or the reference with the document's code.
fn number_of(kind: DocumentKind, state: &DossierState) -> String {
    let reference =
        state.consignment.as_ref().map(|consignment| consignment.reference.to_string()).unwrap_or_default();
    format!("{reference}-{}", kind.type_code())
}

fn build(
    desk: &Desk,
    dossier: &Dossier,
    state: &DossierState,
    kind: DocumentKind,
    number: &str,
    issued: jiff::Timestamp,
) -> Result<Document, Refusal> {
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let heads = dossier.heads();
    let attachments: Vec<_> = state.list_attached().cloned().collect();
    let place_name = |code: &PlaceCode| name(&desk.network, code);
    let inputs = Inputs {
        consignment,
        itinerary: state.itinerary.as_ref().map(|stated| &stated.fact),
        place_name: &place_name,
        number,
        issued,
        head: heads.first().map_or("", |head| head.as_str()),
        dossier: dossier.id().as_str(),
        attachments: &attachments,
    };
    generate(kind, &inputs).map_err(Refusal::Invalid)
}

/// Generates a document from the dossier as it stands now.
///
/// Errors: it was not issued, or a required box stays empty.
pub fn document(desk: &Desk, case: &CaseFile, kind: DocumentKind) -> Result<Document, Refusal> {
    let issued =
        case.state.documents.iter().find(|stated| stated.fact.slug == kind.slug()).ok_or_else(|| {
            Refusal::conflict(
                Finding::error("node.not-issued", format!("the {} is not issued yet", kind.title()))
                    .remedy("accept an itinerary; the documents are issued with it"),
            )
        })?;
    build(desk, &case.dossier, &case.state, kind, &issued.fact.number, issued.fact.issued)
}

/// The printed form of a document.
pub fn render(document: &Document) -> Result<Vec<u8>, Refusal> {
    let qr = qr_text(&document.dossier, &document.head);
    render_pdf(document, &qr).map_err(|error| Refusal::broken("the printed form", &error))
}

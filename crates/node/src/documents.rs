//! Legal documents of a consignment: issued as facts, generated anew from the dossier whenever they are asked for.

use crate::project::name;
use crate::scribe::Scribe;
use crate::{CaseFile, Desk, Refusal, Registered};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_documents::{
    Document, DocumentRequest, Inputs, Issue, Stamp, generate, list_applicable, render_pdf,
};
use kervan_dossier::{DocumentIssued, Dossier, DossierState, Fact, canonical};
use kervan_model::{Finding, Role};
use kervan_network::Network;

/// Issues every document that the consignment needs: each as a fact with the hash of its data.
pub(crate) fn issue_documents(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    state: &DossierState,
    forwarder: &Registered,
) -> Result<(), Refusal> {
    let issued = scribe.call.now;
    let requests = with_inputs(&scribe.desk.network, dossier, state, issued, list_applicable)?;
    for request in requests {
        let document = build(scribe.desk, dossier, state, &request, issued)?;
        let bytes = canonical::jcs(&document.data).map_err(|error| Refusal::broken("a document", &error))?;
        let type_code = request.kind.type_code().parse();
        let fact = Fact::DocumentIssued(DocumentIssued {
            slug: request.kind.slug().to_owned(),
            type_code: type_code.map_err(|error| Refusal::broken("a document type", &error))?,
            number: document.number.clone(),
            issued,
            data_sha256: canonical::sha256_hex(&bytes),
        });
        scribe.assert(dossier, forwarder, Role::Forwarder, None, &fact)?;
    }
    Ok(())
}

/// Calls a function with what the documents of a dossier are made from.
pub(crate) fn with_inputs<T>(
    network: &Network,
    dossier: &Dossier,
    state: &DossierState,
    issued: Timestamp,
    function: impl FnOnce(&Inputs<'_>) -> T,
) -> Result<T, Refusal> {
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let heads = dossier.heads();
    let attachments: Vec<_> = state.list_attached().cloned().collect();
    let place_name = |code: &PlaceCode| name(network, code);
    let inputs = Inputs {
        itinerary: state.itinerary.as_ref().map(|stated| &stated.fact),
        head: heads.first().map_or("", |head| head.as_str()),
        dossier: dossier.id().as_str(),
        attachments: &attachments,
        ..Inputs::new(consignment, &place_name, issued)
    };
    Ok(function(&inputs))
}

fn build(
    desk: &Desk,
    dossier: &Dossier,
    state: &DossierState,
    request: &DocumentRequest,
    issued: Timestamp,
) -> Result<Document, Refusal> {
    with_inputs(&desk.network, dossier, state, issued, |inputs| generate(request, inputs))?
        .map_err(Refusal::Invalid)
}

/// Generates a document from the dossier as it stands now. Shape of `name`: as [`DocumentRequest::name`] gives it.
///
/// Errors: the consignment needs no such document, it was not issued, or a required box stays empty.
pub fn document(desk: &Desk, case: &CaseFile, name: &str) -> Result<Document, Refusal> {
    let now = case.state.documents.first().map_or(Timestamp::UNIX_EPOCH, |stated| stated.fact.issued);
    let requests = with_inputs(&desk.network, &case.dossier, &case.state, now, list_applicable)?;
    let request = requests.into_iter().find(|request| request.name() == name);
    let request = request.ok_or_else(|| Refusal::NotFound { what: "document", id: name.to_owned() })?;
    let mut of_kind = case.state.documents.iter().filter(|stated| stated.fact.slug == request.kind.slug());
    let issued = of_kind.nth(request.sequence.saturating_sub(1)).ok_or_else(|| {
        Refusal::conflict(
            Finding::error("node.not-issued", format!("the {} is not issued yet", request.kind.title()))
                .remedy("accept an itinerary; the documents are issued with it"),
        )
    })?;
    let request = DocumentRequest { number: issued.fact.number.clone(), ..request };
    let mut document = build(desk, &case.dossier, &case.state, &request, issued.fact.issued)?;
    let entry = case.dossier.find_entry(&issued.entry);
    document.issue = entry.map(|entry| Issue {
        entry: entry.id().to_string(),
        signature: entry.header().proof.signature().unwrap_or_default().to_vec(),
    });
    Ok(document)
}

/// The printed form of a document.
pub fn render(document: &Document) -> Result<Vec<u8>, Refusal> {
    render_pdf(document, &Stamp::of(document).to_text())
        .map_err(|error| Refusal::broken("the printed form", &error))
}

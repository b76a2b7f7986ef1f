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
use kervan_model::{EntryId, Finding, Role};
use kervan_network::Network;

/// Issues every document that the consignment needs: each as a fact with the hash of its data.
pub(crate) fn issue_documents(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    state: &DossierState,
    forwarder: &Registered,
) -> Result<(), Refusal> {
    let issued = scribe.call.now;
    let requests = with_inputs(&scribe.desk.network, dossier, state, (issued, ""), list_applicable)?;
    for request in requests {
        let heads = dossier.heads();
        let head = heads.first().map_or("", |head| head.as_str());
        let document = build(&scribe.desk.network, dossier, state, &request, (issued, head))?;
        let bytes = canonical::jcs(&document.data).map_err(|error| Refusal::broken("a document", &error))?;
        let type_code = request.kind.type_code().parse();
        let fact = Fact::DocumentIssued(DocumentIssued {
            slug: request.kind.slug().to_owned(),
            type_code: type_code.map_err(|error| Refusal::broken("a document type", &error))?,
            number: document.number.clone(),
            issued,
            data_sha256: canonical::sha256_hex(&bytes),
            replaces: None,
            carries: Vec::new(),
        });
        scribe.assert(dossier, forwarder, Role::Forwarder, None, &fact)?;
    }
    Ok(())
}

/// Calls a function with what the documents of a dossier are made from.
fn with_inputs<T>(
    network: &Network,
    dossier: &Dossier,
    state: &DossierState,
    (issued, head): (Timestamp, &str),
    function: impl FnOnce(&Inputs<'_>) -> T,
) -> Result<T, Refusal> {
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let attachments: Vec<_> = state.list_attached().cloned().collect();
    let place_name = |code: &PlaceCode| name(network, code);
    let inputs = Inputs {
        itinerary: state.itinerary.as_ref().map(|stated| &stated.fact),
        head,
        dossier: dossier.id().as_str(),
        attachments: &attachments,
        ..Inputs::new(consignment, &place_name, issued)
    };
    Ok(function(&inputs))
}

fn build(
    network: &Network,
    dossier: &Dossier,
    state: &DossierState,
    request: &DocumentRequest,
    issue: (Timestamp, &str),
) -> Result<Document, Refusal> {
    with_inputs(network, dossier, state, issue, |inputs| generate(request, inputs))?.map_err(Refusal::Invalid)
}

/// Every document that the consignment needs, in order, whether it is issued or not.
pub(crate) fn list_requests(
    network: &Network,
    dossier: &Dossier,
    state: &DossierState,
) -> Result<Vec<DocumentRequest>, Refusal> {
    let now = state.documents.first().map_or(Timestamp::UNIX_EPOCH, |stated| stated.fact.issued);
    with_inputs(network, dossier, state, (now, ""), list_applicable)
}

/// Generates a document from the dossier as it stands now. Shape of `name`: as [`DocumentRequest::name`] gives it.
///
/// Errors: the consignment needs no such document, it was not issued, or a required box stays empty.
pub fn document(desk: &Desk, case: &CaseFile, name: &str) -> Result<Document, Refusal> {
    let requests = list_requests(&desk.network, &case.dossier, &case.state)?;
    let request = requests.iter().find(|request| request.name() == name);
    let request = request.ok_or_else(|| Refusal::NotFound { what: "document", id: name.to_owned() })?;
    requested(&desk.network, &case.dossier, &case.state, request)
}

/// Generates the document that an entry issued, from a dossier that need not be in the store.
///
/// Errors: as for [`document`].
pub fn issued_by(
    network: &Network,
    dossier: &Dossier,
    state: &DossierState,
    entry: &EntryId,
) -> Result<Document, Refusal> {
    let unknown = || Refusal::NotFound { what: "document of the entry", id: entry.to_string() };
    let issued = state.documents.iter().find(|stated| stated.entry == *entry).ok_or_else(unknown)?;
    let of_kind = state.documents.iter().filter(|stated| stated.fact.slug == issued.fact.slug);
    let sequence = of_kind.take_while(|stated| stated.entry != *entry).count() + 1;
    let requests = list_requests(network, dossier, state)?;
    let fits =
        |request: &&DocumentRequest| request.kind.slug() == issued.fact.slug && request.sequence == sequence;
    requested(network, dossier, state, requests.iter().find(fits).ok_or_else(unknown)?)
}

/// While no fact has changed, the document has the very data whose hash was issued: the head that it names is the one on
/// which it was issued.
pub(crate) fn requested(
    network: &Network,
    dossier: &Dossier,
    state: &DossierState,
    request: &DocumentRequest,
) -> Result<Document, Refusal> {
    let mut of_kind = state.documents.iter().filter(|stated| stated.fact.slug == request.kind.slug());
    let issued = of_kind.nth(request.sequence.saturating_sub(1)).ok_or_else(|| {
        Refusal::conflict(
            Finding::error("node.not-issued", format!("the {} is not issued yet", request.kind.title()))
                .remedy("accept an itinerary; the documents are issued with it"),
        )
    })?;
    let request = DocumentRequest { number: issued.fact.number.clone(), ..request.clone() };
    let entry = dossier.find_entry(&issued.entry);
    let head = entry.and_then(|entry| entry.header().parents.first());
    let head = head.map_or("", |head| head.as_str());
    let mut document = build(network, dossier, state, &request, (issued.fact.issued, head))?;
    document.issue = entry.map(|entry| Issue {
        entry: entry.id().to_string(),
        signature: entry.header().proof.signature().map(Vec::from).unwrap_or_default(),
    });
    Ok(document)
}

/// The printed form of a document.
pub fn render(document: &Document) -> Result<Vec<u8>, Refusal> {
    render_pdf(document, &Stamp::of(document).to_text())
        .map_err(|error| Refusal::broken("the printed form", &error))
}

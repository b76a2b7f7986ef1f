//! Legal documents of a consignment: issued as facts, generated anew from the dossier whenever they are asked for.

use crate::case_file::load_events;
use crate::consistency::{compare_party_names, list_sightings};
use crate::project::name;
use crate::scribe::Scribe;
use crate::{CaseFile, Desk, MovementFile, Refusal, Registered, declaration_xml};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_codes::PlaceCode;
use kervan_documents::{
    Document, DocumentRequest, Fonts, Inputs, Issue, MovementFacts, PaperCheck, Part, PreviousDocument,
    Stamp, check_all, generate, generate_xml, list_applicable, render_pdf_with, state_seals,
};
use kervan_dossier::{DocumentIssued, Dossier, DossierState, Fact, MovementState, canonical};
use kervan_model::{EntryId, Finding, Role};
use kervan_network::Network;

/// What documents need beside the dossier.
#[derive(Clone, Copy)]
pub struct Press<'a> {
    /// The names of places.
    pub network: &'a Network,
    /// The fonts of the printed forms. They do not change the data of a document.
    pub fonts: &'a Fonts,
}

/// Issues every document that the consignment needs: each as a fact with the hash of its data.
pub(crate) fn issue_documents(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    state: &DossierState,
    forwarder: &Registered,
) -> Result<(), Refusal> {
    let issued = scribe.call.now;
    let requests = with_inputs(scribe.desk.press(), dossier, state, (issued, ""), list_applicable)?;
    for request in requests.into_iter().filter(|request| !request.kind.waits()) {
        let heads = dossier.heads();
        let head = heads.first().map_or("", |head| head.as_str());
        let document = build(scribe.desk.press(), dossier, state, &request, (issued, head))?;
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
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    (issued, head): (Timestamp, &str),
    function: impl FnOnce(&Inputs<'_>) -> T,
) -> Result<T, Refusal> {
    let consignment = state
        .consignment
        .as_ref()
        .ok_or_else(|| Refusal::Broken("the dossier holds no readable consignment".into()))?;
    let previous = list_previous(state);
    let attachments: Vec<_> = state.list_attached().cloned().collect();
    let place_name = |code: &PlaceCode| name(press.network, code);
    let movements: Vec<_> = state.movements.values().map(to_movement_facts).collect();
    let inputs = Inputs {
        movements: &movements,
        itinerary: state.itinerary.as_ref().map(|stated| &stated.fact),
        head,
        dossier: dossier.id().as_str(),
        attachments: &attachments,
        previous: &previous,
        fonts: press.fonts,
        ..Inputs::new(consignment, &place_name, issued)
    };
    Ok(function(&inputs))
}

/// What was issued before, so that documents which name it give its own day.
fn list_previous(state: &DossierState) -> Vec<PreviousDocument> {
    let previous = state.documents.iter().map(|stated| PreviousDocument {
        slug: stated.fact.slug.clone(),
        type_code: stated.fact.type_code.to_string(),
        number: stated.fact.number.clone(),
        issued: TimeZone::UTC.to_datetime(stated.fact.issued).date(),
        place: None,
    });
    previous.collect()
}

fn build(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    request: &DocumentRequest,
    issue: (Timestamp, &str),
) -> Result<Document, Refusal> {
    with_inputs(press, dossier, state, issue, |inputs| generate(request, inputs))?.map_err(Refusal::Invalid)
}

fn to_movement_facts(movement: &MovementState) -> MovementFacts {
    let declared = &movement.declared.fact;
    MovementFacts {
        id: declared.movement.to_string(),
        territory: declared.territory.to_string(),
        regime: declared.regime.clone(),
        mrn: movement.mrn.as_ref().map(ToString::to_string),
        declaration: declared.declaration.clone(),
    }
}

/// A document that waits for somebody, by its name: it is made when it is asked for, without having been issued.
fn find_waiting(desk: &Desk, case: &CaseFile, name: &str) -> Result<Option<DocumentRequest>, Refusal> {
    let all = with_inputs(desk.press(), &case.dossier, &case.state, unissued(case), list_applicable)?;
    Ok(all.into_iter().find(|request| request.kind.waits() && request.name() == name))
}

/// The day that documents bear which nobody issued: that of the others.
fn unissued(case: &CaseFile) -> (Timestamp, &'static str) {
    let issued = case.state.documents.first().map_or(Timestamp::UNIX_EPOCH, |stated| stated.fact.issued);
    (issued, "")
}

/// A document as XML, where a shape is published.
///
/// Errors: not found where no shape is published; a required field stays empty.
pub fn document_xml(desk: &Desk, case: &CaseFile, name: &str) -> Result<String, Refusal> {
    let unknown = || Refusal::NotFound { what: "XML shape of the document", id: name.to_owned() };
    let request = find_waiting(desk, case, name)?.ok_or_else(unknown)?;
    let make = |inputs: &Inputs<'_>| {
        let movement = match request.part {
            Part::Movement(index) => inputs.movements.get(index),
            _ => None,
        };
        let is_its =
            |file: &&MovementFile| movement.is_some_and(|facts| facts.id == file.movement.id.as_str());
        let cover = case.movements.iter().find(is_its).and_then(|file| file.guarantee.as_ref());
        // A declaration of common transit is the message that is lodged.
        match declaration_xml(&desk.rules.territories, &request, inputs, cover) {
            Some(made) => made.map(Some),
            None => generate_xml(&request, inputs),
        }
    };
    let made = with_inputs(desk.press(), &case.dossier, &case.state, unissued(case), make)?;
    made.map_err(Refusal::Invalid)?.ok_or_else(unknown)
}

/// Checks every paper of a dossier: what each lacks, and where they contradict each other, or what events saw of the seals.
///
/// Errors: the dossier holds no readable consignment, or a stored event cannot be read.
pub fn check_documents(desk: &Desk, case: &CaseFile) -> Result<PaperCheck, Refusal> {
    let events = load_events(desk, &case.row.reference)?;
    let network = desk.press().network;
    let place_name = |code: &PlaceCode| {
        network.find_place(code).map_or_else(|| code.to_string(), |place| place.name.clone())
    };
    let sealed = state_seals(&list_sightings(&events, place_name));
    let names = |ours: &str, theirs: &str| compare_party_names(&desk.rules.names, ours, theirs);
    let check = |inputs: &Inputs<'_>| check_all(inputs, &sealed, &desk.rules.tolerances, &names);
    with_inputs(desk.press(), &case.dossier, &case.state, unissued(case), check)
}

/// Every document that the consignment needs and that waits for nobody, in order, whether it is issued or not.
pub(crate) fn list_requests(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
) -> Result<Vec<DocumentRequest>, Refusal> {
    let now = state.documents.first().map_or(Timestamp::UNIX_EPOCH, |stated| stated.fact.issued);
    let all = with_inputs(press, dossier, state, (now, ""), list_applicable)?;
    Ok(all.into_iter().filter(|request| !request.kind.waits()).collect())
}

/// Generates a document from the dossier as it stands now. Shape of `name`: as [`DocumentRequest::name`] gives it.
///
/// Errors: the consignment needs no such document, it was not issued, or a required box stays empty.
pub fn document(desk: &Desk, case: &CaseFile, name: &str) -> Result<Document, Refusal> {
    if let Some(waiting) = find_waiting(desk, case, name)? {
        return build(desk.press(), &case.dossier, &case.state, &waiting, unissued(case));
    }
    let requests = list_requests(desk.press(), &case.dossier, &case.state)?;
    let request = requests.iter().find(|request| request.name() == name);
    let request = request.ok_or_else(|| Refusal::NotFound { what: "document", id: name.to_owned() })?;
    requested(desk.press(), &case.dossier, &case.state, request)
}

/// Generates the document that an entry issued, from a dossier that need not be in the store.
///
/// Errors: as for [`document`].
pub fn issued_by(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    entry: &EntryId,
) -> Result<Document, Refusal> {
    let unknown = || Refusal::NotFound { what: "document of the entry", id: entry.to_string() };
    let issued = state.documents.iter().find(|stated| stated.entry == *entry).ok_or_else(unknown)?;
    let of_kind = state.documents.iter().filter(|stated| stated.fact.slug == issued.fact.slug);
    let sequence = of_kind.take_while(|stated| stated.entry != *entry).count() + 1;
    let requests = list_requests(press, dossier, state)?;
    let fits =
        |request: &&DocumentRequest| request.kind.slug() == issued.fact.slug && request.sequence == sequence;
    requested(press, dossier, state, requests.iter().find(fits).ok_or_else(unknown)?)
}

/// While no fact has changed, the document has the very data whose hash was issued: the head that it names is the one on
/// which it was issued.
pub(crate) fn requested(
    press: Press<'_>,
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
    let mut document = build(press, dossier, state, &request, (issued.fact.issued, head))?;
    document.issue = entry.map(|entry| Issue {
        entry: entry.id().to_string(),
        signature: entry.header().proof.signature().map(Vec::from).unwrap_or_default(),
    });
    Ok(document)
}

/// The printed form of a document.
pub fn render(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    render_pdf_with(document, &Stamp::of(document).to_text(), fonts)
        .map_err(|error| Refusal::broken("the printed form", &error))
}

//! Legal documents of a consignment: issued as facts, generated anew from the dossier whenever they are asked for.

use crate::case_file::load_events;
use crate::consistency::{compare_party_names, list_sightings};
use crate::issued::{find_issued, reprint};
use crate::project::name;
use crate::{CaseFile, Desk, MovementFile, Refusal, declaration_xml};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_codes::PlaceCode;
use kervan_documents::{
    Document, DocumentRequest, Fonts, Inputs, MovementFacts, Options, PaperCheck, Part, PreviousDocument,
    SeaContract, Stamp, check_all, generate, generate_xml, list_applicable, render_pdf_with, state_seals,
};
use kervan_dossier::{AuthorityTable, Dossier, DossierState, MovementState};
use kervan_model::EntryId;
use kervan_network::Network;

/// What documents need beside the dossier.
#[derive(Clone, Copy)]
pub struct Press<'a> {
    /// The names of places.
    pub network: &'a Network,
    /// The fonts of the printed forms. They do not change the data of a document.
    pub fonts: &'a Fonts,
    /// Which entries count: documents are made from what their authors knew.
    pub authority: &'a AuthorityTable,
    /// Languages of the printed forms; empty for those of each form.
    pub languages: &'a [String],
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
    // Whoever issued a bill contracted for one: the voyage has no waybill beside it.
    let sea = if state.bills.is_empty() { SeaContract::Waybill } else { SeaContract::Negotiable };
    let inputs = Inputs {
        options: Options { sea },
        movements: &movements,
        itinerary: state.itinerary.as_ref().map(|stated| &stated.fact),
        head,
        dossier: dossier.id().as_str(),
        attachments: &attachments,
        previous: &previous,
        fonts: press.fonts,
        languages: press.languages,
        ..Inputs::new(consignment, &place_name, issued)
    };
    Ok(function(&inputs))
}

/// What is in force, so that documents which name it give its own day.
fn list_previous(state: &DossierState) -> Vec<PreviousDocument> {
    let previous = state.list_current().map(|stated| PreviousDocument {
        slug: stated.fact.slug.clone(),
        type_code: stated.fact.type_code.to_string(),
        number: stated.fact.number.clone(),
        issued: TimeZone::UTC.to_datetime(stated.fact.issued).date(),
        place: None,
    });
    previous.collect()
}

pub(crate) fn build(
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

/// A document of a consignment: the one in force under a name as [`DocumentRequest::name`] gives it, or any under its number,
/// each as it was issued; one that waits for somebody is generated from the dossier as it stands now.
///
/// Errors: the consignment needs no such document, it was not issued, or a required box stays empty.
pub fn document(desk: &Desk, case: &CaseFile, name: &str) -> Result<Document, Refusal> {
    if let Some(waiting) = find_waiting(desk, case, name)? {
        return build(desk.press(), &case.dossier, &case.state, &waiting, unissued(case));
    }
    document_of(desk.press(), &case.dossier, &case.state, name)
}

/// As [`document`], of a dossier that need not be in the store; documents that wait for somebody are not made.
///
/// Errors: as for [`document`].
pub fn document_of(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    name: &str,
) -> Result<Document, Refusal> {
    let entry = find_issued(press, dossier, state, name)?;
    issued_by(press, dossier, state, &entry)
}

/// The document that an entry issued, as it was issued, from a dossier that need not be in the store.
///
/// Errors: as for [`document`].
pub fn issued_by(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    entry: &EntryId,
) -> Result<Document, Refusal> {
    Ok(reprint(press, dossier, state, entry)?.document)
}

/// The printed form of a document.
pub fn render(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, Refusal> {
    render_pdf_with(document, &Stamp::of(document).to_text(), fonts)
        .map_err(|error| Refusal::broken("the printed form", &error))
}

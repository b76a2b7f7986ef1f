//! A carrier accepts the goods for carriage, and says whether it consents to what is amended after that.

use crate::case_file::load_events;
use crate::follow::{find_forwarder, follow_amendment};
use crate::guarantee::retry_on_shortfall;
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_codes::PlaceCode;
use kervan_dossier::{AmendmentAnswered, CarriageAccepted, Fact};
use kervan_model::{EntryId, Finding, Reference, Role};

/// Accepts the goods for carriage; the caller is the carrier. `document` is the number or the name of the document of
/// carriage. What is amended from now on, of what the contract rests on, waits for the carrier's consent.
///
/// Errors: the caller is no carrier here, or no such document is in force.
pub fn accept_carriage(
    desk: &Desk,
    mut call: Call<'_>,
    reference: &Reference,
    document: Option<&str>,
    place: Option<PlaceCode>,
) -> Result<CaseFile, Refusal> {
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    let carrier = desk.party(&call.actor)?;
    let find = |name: &str| crate::issued::find_issued(desk.press(), &case.dossier, &case.state, name);
    let document = document.map(find).transpose()?;
    let mut scribe = Scribe::new(desk, &mut call);
    let at = scribe.call.now;
    let fact = Fact::CarriageAccepted(CarriageAccepted { at, place, document });
    scribe.assert(&mut case.dossier, &carrier, Role::Carrier, None, &fact)?;
    save(scribe, reference, &case)
}

/// Answers an amendment that waits for the caller's consent. If it takes effect by that, documents and declarations follow.
/// `amendment` is the entry that amends, or the beginning of its id.
///
/// Errors: nothing waits for the caller under that id.
pub fn answer_amendment(
    desk: &Desk,
    mut call: Call<'_>,
    reference: &Reference,
    amendment: &str,
    (agreed, reason): (bool, &str),
) -> Result<CaseFile, Refusal> {
    retry_on_shortfall(|| answer_once(desk, &mut call, reference, (amendment, agreed, reason)))
}

fn answer_once(
    desk: &Desk,
    call: &mut Call<'_>,
    reference: &Reference,
    (amendment, agreed, reason): (&str, bool, &str),
) -> Result<CaseFile, Refusal> {
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    let carrier = desk.party(&call.actor)?;
    let amendment = find_amendment(&case, amendment)?;
    let why = case.state.proposals.iter().find(|stated| stated.entry == amendment);
    let why = why.map(|stated| stated.fact.amendment.reason.clone()).unwrap_or_default();
    let before = case.state.consignment.clone();
    let fact = Fact::AmendmentAnswered(AmendmentAnswered { amendment, agreed, reason: reason.to_owned() });
    let mut scribe = Scribe::new(desk, call);
    scribe.assert(&mut case.dossier, &carrier, Role::Carrier, None, &fact)?;
    let state = scribe.fold(&case.dossier)?;
    if state.consignment != before
        && let Some(forwarder) = find_forwarder(desk, &state)
    {
        follow_amendment(&mut scribe, &mut case, &forwarder, &why)?;
    }
    save(scribe, reference, &case)
}

fn find_amendment(case: &CaseFile, id: &str) -> Result<EntryId, Refusal> {
    let fits = |entry: &&EntryId| entry.as_str() == id || (id.len() >= 4 && entry.as_str().starts_with(id));
    let found: Vec<&EntryId> = case.state.proposals.iter().map(|stated| &stated.entry).filter(fits).collect();
    match found.as_slice() {
        [entry] => Ok((*entry).clone()),
        [] => Err(Refusal::NotFound { what: "proposed amendment", id: id.to_owned() }),
        _ => Err(Refusal::invalid(
            Finding::error("node.ambiguous-entry", format!("`{id}` begins {} entries", found.len()))
                .remedy("give more digits"),
        )),
    }
}

fn save(mut scribe: Scribe<'_, '_>, reference: &Reference, case: &CaseFile) -> Result<CaseFile, Refusal> {
    let desk = scribe.desk;
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, reference)
}

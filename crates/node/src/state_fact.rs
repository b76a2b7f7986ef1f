//! A party states a fact that has no use case of its own: it is signed, judged and kept. Only a bill of lading drives
//! something: the documents of carriage follow it.

use crate::case_file::load_events;
use crate::follow::{find_forwarder, follow_contract};
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_dossier::{find_author, find_kind, read_fact};
use kervan_model::{EntryKind, Finding, Reference, Role};
use serde_json::Value;

/// The request that states a kind, where stating it does more than adding an entry.
fn find_route(kind: EntryKind) -> Option<&'static str> {
    match kind {
        EntryKind::ConsignmentDeclared => Some("POST /api/consignments"),
        EntryKind::ConsignmentAmended => Some("POST /api/consignments/{id}/amendments"),
        EntryKind::ItineraryAccepted => Some("POST /api/consignments/{id}/itinerary"),
        EntryKind::TransitDeclared | EntryKind::TransitDecided => Some("POST /api/movements/{id}"),
        EntryKind::EventReported | EntryKind::ConsignmentDelivered => Some("POST /api/capture"),
        EntryKind::CarriageAccepted => Some("POST /api/consignments/{id}/carriage"),
        EntryKind::AmendmentAnswered => Some("POST /api/consignments/{id}/amendments/{entry}/answer"),
        EntryKind::KeyRotated => Some("kervan dossier add --kind key_rotated"),
        _ => None,
    }
}

/// States a fact in a dossier with the caller's key.
///
/// Errors: the kind has a request of its own, the body does not fit it, or the entry would not count; the finding says why.
pub fn state_fact(
    desk: &Desk,
    mut call: Call<'_>,
    reference: &Reference,
    kind: &str,
    role: Option<Role>,
    body: &Value,
) -> Result<CaseFile, Refusal> {
    let kind = find_kind(kind).map_err(Refusal::invalid)?;
    if let Some(route) = find_route(kind) {
        let message = format!("`{kind}` is not stated here: it does more than add an entry");
        return Err(Refusal::invalid(
            Finding::error("node.own-route", message).at("/kind").remedy(format!("use {route}")),
        ));
    }
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    let party = desk.party(&call.actor)?;
    let author = find_author(&case.state, party.did(), role).map_err(Refusal::invalid)?;
    let fact = read_fact(kind, body, &case.state).map_err(Refusal::invalid)?;
    let mut scribe = Scribe::new(desk, &mut call);
    scribe.assert(&mut case.dossier, &party, author.role, author.territory.as_ref(), &fact)?;
    let mut state = scribe.fold(&case.dossier)?;
    if kind == EntryKind::BillIssued
        && let Some(forwarder) = find_forwarder(desk, &state)
    {
        follow_contract(&mut scribe, &mut case, &forwarder, "a bill of lading is issued")?;
        state = scribe.fold(&case.dossier)?;
    }
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, reference)
}

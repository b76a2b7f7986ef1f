//! A forwarder declares a consignment: the first entry of its dossier.

use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal, Registry};
use kervan_dossier::{Fact, Participant};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, Finding, PartyRole, Reference, Role};

/// Declares a consignment; the caller must be its forwarder.
///
/// Errors: every finding of the file at once; the reference is taken; the caller is not the forwarder of the file.
pub fn declare_consignment(
    desk: &Desk,
    mut call: Call<'_>,
    file: &ConsignmentFile,
) -> Result<CaseFile, Refusal> {
    let consignment = file.read().map_err(Refusal::Invalid)?;
    let reference = consignment.reference.clone();
    let _held = desk.hold(&reference);
    if desk.store.find_consignment(&reference)?.is_some() {
        return Err(Refusal::conflict(reference_taken(&reference)));
    }
    let forwarder = desk.party(&call.actor)?;
    check_forwarder(&consignment, &forwarder.record.id)?;
    check_places(desk, &consignment)?;
    check_dangerous(desk, &consignment)?;
    let participants = desk.with_registry(|registry| list_participants(registry, &consignment));
    let fact = Fact::ConsignmentDeclared { consignment, participants };
    let mut scribe = Scribe::new(desk, &mut call);
    let dossier = scribe.start(&forwarder, Role::Forwarder, &fact)?;
    let state = scribe.fold(&dossier)?;
    project(&mut scribe, &reference, &dossier, &state, &[], &[], None)?;
    scribe.save()?;
    CaseFile::load(desk, &reference)
}

/// What to say of a reference that another consignment has.
pub(crate) fn reference_taken(reference: &Reference) -> Finding {
    Finding::error("node.reference-taken", format!("there is a consignment `{reference}` already"))
        .at("/reference")
        .remedy("choose another reference, or amend the consignment that is there")
}

fn check_forwarder(consignment: &Consignment, actor: &kervan_model::PartyId) -> Result<(), Refusal> {
    let named = consignment.find_party(PartyRole::Forwarder).map(|party| &party.id);
    if named == Some(actor) {
        return Ok(());
    }
    let named = named.map_or_else(|| "nobody".to_owned(), ToString::to_string);
    Err(Refusal::NotAllowed(format!("{actor} cannot declare a consignment whose forwarder is {named}")))
}

/// Dangerous goods that are not what the regulations list are refused before anybody plans with them.
fn check_dangerous(desk: &Desk, consignment: &Consignment) -> Result<(), Refusal> {
    let findings = desk.rules.dangerous.check(consignment);
    if kervan_model::has_errors(&findings) { Err(Refusal::Invalid(findings)) } else { Ok(()) }
}

fn check_places(desk: &Desk, consignment: &Consignment) -> Result<(), Refusal> {
    let findings = list_unknown_places(desk, consignment);
    if findings.is_empty() { Ok(()) } else { Err(Refusal::Invalid(findings)) }
}

/// The ends of the way that are no places of the network, with those that are meant perhaps.
pub(crate) fn list_unknown_places(desk: &Desk, consignment: &Consignment) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, code) in [("/from", &consignment.from), ("/to", &consignment.to)] {
        if desk.network.find_place(code).is_none() {
            let near: Vec<_> = desk
                .network
                .suggest_places(code.as_str(), 3)
                .iter()
                .map(|place| format!("{} ({})", place.code, place.name))
                .collect();
            findings.push(
                Finding::error("node.unknown-place", format!("{code} is no place of the network"))
                    .at(path)
                    .remedy(format!("did you mean {}?", near.join(", "))),
            );
        }
    }
    findings
}

/// The parties of the consignment that this node knows, once each.
fn list_participants(registry: &Registry, consignment: &Consignment) -> Vec<Participant> {
    let mut participants: Vec<Participant> = Vec::new();
    for party in &consignment.parties {
        if let Some(registered) = registry.find(&party.id)
            && participants.iter().all(|known| known.party != party.id)
        {
            participants.push(registered.to_participant());
        }
    }
    participants
}

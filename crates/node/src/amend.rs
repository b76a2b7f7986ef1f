//! Corrections and attachments: new entries, never overwritten ones.

use crate::case_file::load_events;
use crate::follow::follow_amendment;
use crate::guarantee::retry_on_shortfall;
use crate::limits::{MOST_ATTACHMENTS, MOST_CHANGES_IN_AMENDMENT};
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_dossier::canonical::jcs_of_integers;
use kervan_dossier::{AttachedDocument, Change, Fact};
use kervan_model::{Finding, Reference, Role};
use serde_json::Value;

/// A wanted change: where, and the new value as it stands in the consignment's serialization.
#[derive(Clone, Debug)]
pub struct WantedChange {
    /// JSON pointer into the consignment, such as `/goods/0/gross_mass`.
    pub path: String,
    /// The new value.
    pub value: Value,
}

/// Amends a consignment; documents that say what has changed are issued anew, movements that are not released yet are decided
/// anew. After a carrier has accepted the goods, what its contract rests on is only proposed: nothing follows until it
/// consents.
///
/// Errors: a change does not fit the consignment, or the caller is not its forwarder.
pub fn amend_consignment(
    desk: &Desk,
    mut call: Call<'_>,
    reference: &Reference,
    reason: &str,
    wanted: &[WantedChange],
) -> Result<CaseFile, Refusal> {
    retry_on_shortfall(|| amend_once(desk, &mut call, reference, (reason, wanted)))
}

fn amend_once(
    desk: &Desk,
    call: &mut Call<'_>,
    reference: &Reference,
    (reason, wanted): (&str, &[WantedChange]),
) -> Result<CaseFile, Refusal> {
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    let forwarder = desk.party(&call.actor)?;
    if wanted.is_empty() || wanted.len() > MOST_CHANGES_IN_AMENDMENT {
        let message = format!(
            "an amendment needs 1 to {MOST_CHANGES_IN_AMENDMENT} changes, this one has {}",
            wanted.len()
        );
        return Err(Refusal::invalid(Finding::error("node.changes", message).at("/changes")));
    }
    check_values(wanted)?;
    let current = serde_json::to_value(&case.state.consignment)
        .map_err(|error| Refusal::broken("the consignment", &error))?;
    let changes = wanted
        .iter()
        .map(|change| Change {
            path: change.path.clone(),
            value: change.value.clone(),
            was: current.pointer(&change.path).cloned().unwrap_or(Value::Null),
        })
        .collect();
    let fact = Fact::ConsignmentAmended { reason: reason.to_owned(), changes };
    let mut scribe = Scribe::new(desk, call);
    scribe.assert(&mut case.dossier, &forwarder, Role::Forwarder, None, &fact)?;
    let mut state = scribe.fold(&case.dossier)?;
    if state.consignment != case.state.consignment {
        follow_amendment(&mut scribe, &mut case, &forwarder, reason)?;
        state = scribe.fold(&case.dossier)?;
    }
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, reference)
}

/// What is signed holds integers only, and is not deep. Errors: every value that cannot be signed.
fn check_values(wanted: &[WantedChange]) -> Result<(), Refusal> {
    let unsigned = wanted.iter().enumerate().filter_map(|(index, change)| {
        let error = jcs_of_integers(&change.value).err()?;
        let finding = Finding::error("node.change-value", format!("the value cannot be signed: {error}"));
        let remedy = "write masses in grams and money in its smallest unit, as integers, or as text";
        Some(finding.at(format!("/changes/{index}/value")).remedy(remedy))
    });
    let unsigned: Vec<Finding> = unsigned.collect();
    if unsigned.is_empty() { Ok(()) } else { Err(Refusal::Invalid(unsigned)) }
}

/// Attaches a document of the caller's own, with its hash and key facts.
pub fn attach_document(
    desk: &Desk,
    mut call: Call<'_>,
    reference: &Reference,
    document: AttachedDocument,
) -> Result<CaseFile, Refusal> {
    let _held = desk.hold(reference);
    let mut case = CaseFile::load(desk, reference)?;
    if case.state.attachments.len() >= MOST_ATTACHMENTS {
        let message = format!("the dossier holds {MOST_ATTACHMENTS} attached documents already");
        return Err(Refusal::conflict(Finding::error("node.attachments", message)));
    }
    let party = desk.party(&call.actor)?;
    let role = [Role::Consignor, Role::Forwarder, Role::Consignee, Role::Carrier]
        .into_iter()
        .find(|role| party.has_role(*role))
        .ok_or_else(|| {
            Refusal::NotAllowed(format!("{} has no role that attaches documents", party.record.name))
        })?;
    let mut scribe = Scribe::new(desk, &mut call);
    scribe.assert(&mut case.dossier, &party, role, None, &Fact::DocumentAttached(document))?;
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, reference)
}

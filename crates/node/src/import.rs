//! A dossier comes from another node, or comes back: checked whole, then merged with what is here.

use crate::case_file::{load_dossier, load_events};
use crate::follow::{find_forwarder, follow_amendment};
use crate::project::project;
use crate::scribe::{Scribe, entry_row};
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_dossier::{Dossier, Entry, Inserted, Reader, fold, is_package, verify_for, verify_package};
use kervan_model::{Finding, Reference, Severity};
use kervan_store::Write;

/// What became of a dossier that was brought in.
pub struct Imported {
    /// The consignment as it is now.
    pub case: CaseFile,
    /// How many entries were new.
    pub added: usize,
    /// Of how many known entries more is disclosed now.
    pub disclosed: usize,
}

/// Brings in an exported dossier or a package. The same file again changes nothing.
///
/// Errors: the findings of the check, if any byte is not what was signed or any signer not who it says; the reference is that
/// of another dossier. Nothing is changed then.
pub fn import_dossier(desk: &Desk, mut call: Call<'_>, bytes: &[u8]) -> Result<Imported, Refusal> {
    desk.party(&call.actor)?;
    let incoming = check(desk, &call, bytes)?;
    let reference = find_reference(desk, &incoming)?;
    let _held = desk.hold(&reference);
    let row = desk.store.find_consignment(&reference)?;
    if let Some(row) = row.as_ref().filter(|row| row.dossier != *incoming.id()) {
        let message = format!("`{reference}` is here the reference of dossier {}", row.dossier);
        return Err(Refusal::conflict(
            Finding::error("node.reference-taken", message)
                .at("/dossier")
                .remedy("ask who declared it: one reference stands for one consignment"),
        ));
    }
    let mut dossier = match &row {
        Some(row) => load_dossier(desk, &row.dossier)?,
        None => Dossier::new(incoming.id().clone()),
    };
    let mut scribe = Scribe::new(desk, &mut call);
    let (mut added, mut disclosed) = (0, 0);
    for entry in incoming.list_entries() {
        let inserted = dossier.insert(entry.clone()).map_err(Refusal::Invalid)?;
        match inserted {
            Inserted::Known => {}
            Inserted::Added => {
                added += 1;
                scribe.writes.push(Write::Entry(entry_row(&dossier, entry)?));
            }
            Inserted::Disclosed => {
                disclosed += 1;
                let known: &Entry = dossier.find_entry(entry.id()).unwrap_or(entry);
                scribe.writes.push(Write::Disclosed(entry_row(&dossier, known)?));
            }
        }
    }
    if added + disclosed > 0 {
        match row {
            Some(_) => take_in(scribe, &reference, dossier)?,
            None => {
                let state = fold(&dossier, &desk.rules.authority);
                project(&mut scribe, &reference, &dossier, &state, &[], &[], None)?;
                scribe.save()?;
            }
        }
    }
    Ok(Imported { case: CaseFile::load(desk, &reference)?, added, disclosed })
}

/// Saves a dossier that has grown. Where another node brought what the consignment waited for, such as a carrier's consent,
/// the forwarder's node does what follows.
fn take_in(mut scribe: Scribe<'_, '_>, reference: &Reference, dossier: Dossier) -> Result<(), Refusal> {
    let desk = scribe.desk;
    let mut case = CaseFile::load(desk, reference)?;
    let mut state = fold(&dossier, &desk.rules.authority);
    case.dossier = dossier;
    if state.consignment != case.state.consignment
        && let Some(forwarder) = find_forwarder(desk, &state)
    {
        follow_amendment(&mut scribe, &mut case, &forwarder, "the amendment came from another node")?;
        state = fold(&case.dossier, &desk.rules.authority);
    }
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()
}

/// The dossier of a file that verifies.
fn check(desk: &Desk, call: &Call<'_>, bytes: &[u8]) -> Result<Dossier, Refusal> {
    let reader = Reader { now: Some(call.now), ..Reader::default() };
    let authority = &desk.rules.authority;
    let (report, dossier) = if is_package(bytes) {
        let unpacked = verify_package(bytes, authority, &reader);
        (unpacked.report, unpacked.dossier)
    } else {
        verify_for(bytes, authority, &reader)
    };
    match dossier {
        Some(dossier) if report.verified => Ok(dossier),
        _ => {
            let errors = report.findings.into_iter().filter(|finding| finding.severity == Severity::Error);
            Err(Refusal::Invalid(errors.collect()))
        }
    }
}

fn find_reference(desk: &Desk, dossier: &Dossier) -> Result<Reference, Refusal> {
    if let Some(row) = desk.store.find_consignment_of(dossier.id())? {
        return Ok(row.reference);
    }
    let state = fold(dossier, &desk.rules.authority);
    state.consignment.map(|consignment| consignment.reference).ok_or_else(|| {
        Refusal::invalid(
            Finding::error(
                "node.withheld",
                "the file does not disclose the consignment, and this node does not know it",
            )
            .at("/entries/0/body")
            .remedy("ask for a copy that discloses it"),
        )
    })
}

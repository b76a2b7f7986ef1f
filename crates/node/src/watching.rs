//! The watch over the corridor: estimates and alarms of consignments that nobody reported on for a while.

use crate::case_file::load_events;
use crate::limits::{MOST_WATCHED, WATCH_AGAIN};
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_model::Reference;

/// Looks again at consignments that were not looked at for some hours, at most [`MOST_WATCHED`] of them. Returns how many.
///
/// Errors: the store fails, or something of our own cannot be read.
pub fn watch_corridor(desk: &Desk, call: &mut Call<'_>) -> Result<usize, Refusal> {
    let before = call.now.checked_sub(WATCH_AGAIN.to_duration()).unwrap_or(call.now);
    let references = desk.store.list_stale_consignments(before, MOST_WATCHED)?;
    for reference in &references {
        look_again(desk, call, reference)?;
    }
    Ok(references.len())
}

pub(crate) fn look_again(desk: &Desk, call: &mut Call<'_>, reference: &Reference) -> Result<(), Refusal> {
    let _held = desk.hold(reference);
    let case = CaseFile::load(desk, reference)?;
    let events = load_events(desk, reference)?;
    let mut scribe = Scribe::new(desk, call);
    let before = Some(&case.summary);
    project(&mut scribe, reference, &case.dossier, &case.state, &case.movements, &events, before)?;
    scribe.save()
}

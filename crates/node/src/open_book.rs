//! What the board and the list of what waits read of a consignment under way, kept until the consignment is saved again.
//!
//! A dossier is read, folded and withheld once for each caller who asks, and not with every look: what is asked for again costs as
//! much as what has changed since. What a caller may see follows from the dossier, the movements and the circle, which are saved
//! with the consignment, and from who the caller is, which is part of the key.

use crate::board::calls_of;
use crate::limits::{MOST_OPEN_CASES, MOST_OPEN_FACTS_REMEMBERED};
use crate::waiting::{consents_of, of_forwarder};
use crate::{BoardCall, ConsignmentState, Refusal, Sight, Waiting};
use kervan_model::{PartyId, Reference};
use kervan_rights::{Action, Caller};
use kervan_store::{ConsignmentRow, Write};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a caller may know of a consignment under way, as far as lists of all of them need it.
#[derive(Debug)]
pub(crate) struct OpenFacts {
    pub(crate) reference: Reference,
    pub(crate) forwarder: PartyId,
    pub(crate) participants: Vec<PartyId>,
    pub(crate) calls: Vec<BoardCall>,
    /// What waits for whoever declared it.
    pub(crate) of_forwarder: Vec<Waiting>,
    /// What waits for the consent of others, and of whom.
    pub(crate) consents: Vec<(Vec<PartyId>, Waiting)>,
}

/// The facts that were asked for; those of a consignment are forgotten whenever it is saved.
#[derive(Debug, Default)]
pub(crate) struct OpenBook(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Counts saves: what was read before one may be old.
    saves: u64,
    kept: usize,
    facts: BTreeMap<Reference, BTreeMap<Option<Caller>, Arc<OpenFacts>>>,
}

impl OpenBook {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what was saved.
    pub(crate) fn forget(&self, references: &[Reference]) {
        let mut known = self.lock();
        for reference in references {
            known.saves += 1;
            let gone = known.facts.remove(reference).map_or(0, |callers| callers.len());
            known.kept = known.kept.saturating_sub(gone);
        }
    }

    /// What is known, and the count to give back with what is read instead.
    fn find(&self, reference: &Reference, caller: Option<&Caller>) -> (u64, Option<Arc<OpenFacts>>) {
        let known = self.lock();
        let found = known.facts.get(reference).and_then(|callers| callers.get(&caller.cloned())).cloned();
        (known.saves, found)
    }

    /// Remembers what was read, unless something was saved since the count was taken.
    fn remember(&self, saves: u64, caller: Option<&Caller>, facts: &Arc<OpenFacts>) {
        let mut known = self.lock();
        if known.saves != saves {
            return;
        }
        if known.kept >= MOST_OPEN_FACTS_REMEMBERED {
            known.facts.clear();
            known.kept = 0;
        }
        let callers = known.facts.entry(facts.reference.clone()).or_default();
        if callers.insert(caller.cloned(), Arc::clone(facts)).is_none() {
            known.kept += 1;
        }
    }
}

/// The consignments that a batch changes, as far as lists of those under way see it.
pub(crate) fn touched_by(writes: &[Write]) -> Vec<Reference> {
    let of = |write: &Write| match write {
        Write::Consignment(row) => Some(row.reference.clone()),
        Write::Eta(row) => Some(row.reference.clone()),
        Write::Event(row) => row.reference.clone(),
        _ => None,
    };
    writes.iter().filter_map(of).collect()
}

/// What the caller may know of the consignments that are not delivered, at most [`MOST_OPEN_CASES`].
///
/// Errors: the store fails; a dossier cannot be read.
pub(crate) fn list_open_facts(sight: Sight<'_>) -> Result<Vec<Arc<OpenFacts>>, Refusal> {
    list_open_rows(sight)?.iter().map(|row| facts_of(sight, row)).collect()
}

fn facts_of(sight: Sight<'_>, row: &ConsignmentRow) -> Result<Arc<OpenFacts>, Refusal> {
    let book = &sight.desk.open_book;
    let (saves, known) = book.find(&row.reference, sight.caller());
    if let Some(known) = known {
        return Ok(known);
    }
    let case = sight.open_case(&row.reference)?;
    let facts = Arc::new(OpenFacts {
        reference: row.reference.clone(),
        forwarder: case.summary.forwarder.clone(),
        participants: case.state.participants.iter().map(|stated| stated.fact.party.clone()).collect(),
        calls: calls_of(sight.desk, &case)?,
        of_forwarder: of_forwarder(&case),
        consents: consents_of(&case),
    });
    book.remember(saves, sight.caller(), &facts);
    Ok(facts)
}

/// The rows of what is under way. Who sees everything reads them by their states; others go through their circle once.
fn list_open_rows(sight: Sight<'_>) -> Result<Vec<ConsignmentRow>, Refusal> {
    let delivered = ConsignmentState::Delivered;
    let mut rows: Vec<ConsignmentRow> = Vec::new();
    if sight.permits_always(Action::GetConsignment) {
        for state in ConsignmentState::ALL.into_iter().filter(|state| *state != delivered) {
            let room = MOST_OPEN_CASES.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            rows.extend(sight.list_consignments(Some(state.word()), None, room)?);
        }
        return Ok(rows);
    }
    let mut after: Option<Reference> = None;
    while rows.len() < MOST_OPEN_CASES as usize {
        let page = sight.list_consignments(None, after.as_ref(), MOST_OPEN_CASES)?;
        let Some(last) = page.last() else { break };
        after = Some(last.reference.clone());
        rows.extend(page.into_iter().filter(|row| row.state != delivered.word()));
    }
    rows.truncate(MOST_OPEN_CASES as usize);
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::{OpenBook, OpenFacts};
    use kervan_model::Reference;
    use kervan_rights::Caller;
    use std::sync::Arc;

    fn facts(reference: &str) -> Arc<OpenFacts> {
        Arc::new(OpenFacts {
            reference: reference.parse().unwrap(),
            forwarder: "silkline".parse().unwrap(),
            participants: Vec::new(),
            calls: Vec::new(),
            of_forwarder: Vec::new(),
            consents: Vec::new(),
        })
    }

    #[test]
    fn what_was_saved_meanwhile_is_read_again() {
        let (book, one): (OpenBook, Reference) = (OpenBook::default(), "KRV-2026-0001".parse().unwrap());
        let (before, none) = book.find(&one, None);
        assert!(none.is_none());
        book.forget(std::slice::from_ref(&one));
        book.remember(before, None, &facts("KRV-2026-0001"));
        assert!(book.find(&one, None).1.is_none(), "what was read before the save is old");
        book.remember(book.find(&one, None).0, None, &facts("KRV-2026-0001"));
        assert!(book.find(&one, None).1.is_some());
        book.forget(std::slice::from_ref(&one));
        assert!(book.find(&one, None).1.is_none());
    }

    #[test]
    fn one_caller_is_not_given_what_another_may_see() {
        let (book, one): (OpenBook, Reference) = (OpenBook::default(), "KRV-2026-0001".parse().unwrap());
        let visitor = Caller::visitor();
        book.remember(0, None, &facts("KRV-2026-0001"));
        assert!(book.find(&one, Some(&visitor)).1.is_none());
        book.remember(0, Some(&visitor), &facts("KRV-2026-0001"));
        book.forget(std::slice::from_ref(&one));
        assert!(book.find(&one, None).1.is_none() && book.find(&one, Some(&visitor)).1.is_none());
    }
}

//! Closures reach those whose way they cross: at once for a few, within seconds for many, and also after a restart.
//!
//! Which consignment goes over what stands in the store as an index, so that a closure asks for those concerned and for no
//! others. They are looked at page by page, in order of reference; where a closure has got to is forgotten with the process,
//! and what was not looked at since it was entered is then looked for again.

use crate::closure::{SignedClosure, in_force};
use crate::limits::MOST_UNFINISHED_CLOSURES;
use crate::watching::look_again;
use crate::{Call, Desk, Refusal};
use jiff::{SignedDuration, Timestamp};
use kervan_model::{Itinerary, Reference};
use kervan_network::Network;
use kervan_store::{ClosureRow, Store};
use kervan_tracking::{Closed, ClosureNow};
use std::collections::{BTreeSet, VecDeque};
use std::sync::PoisonError;

/// A closure on its way to the consignments whose way it crosses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crossings {
    things: Vec<String>,
    /// The last one that was looked at.
    after: Option<Reference>,
    /// Only those that nobody looked at since then; all without it.
    before: Option<Timestamp>,
}

/// The places and services of a way, as the index names them.
pub(crate) fn things_of_way(itinerary: &Itinerary) -> Vec<String> {
    let mut things = BTreeSet::new();
    for leg in itinerary.legs() {
        things.insert(format!("service:{}", leg.service));
        things.extend([&leg.from, &leg.to].map(|place| format!("place:{place}")));
    }
    things.into_iter().collect()
}

fn things_of_closure(closure: &ClosureNow) -> Vec<String> {
    match &closure.closure.what {
        Closed::Place(code) => vec![format!("place:{code}")],
        Closed::Link(_) | Closed::Service(_) => {
            closure.services.iter().map(|service| format!("service:{service}")).collect()
        }
    }
}

/// The closures of a store whose consignments may not all have been looked at when the node stopped.
pub(crate) fn unfinished(store: &Store, network: &Network) -> Result<VecDeque<Crossings>, Refusal> {
    let latest = store.list_closures(false)?.into_iter().take(MOST_UNFINISHED_CLOSURES);
    latest
        .map(|row| {
            let mut crossings = of_row(&row, network)?;
            // Times stand as text there, which is in order up to the second.
            let after = row.entered.saturating_add(SignedDuration::from_secs(1));
            crossings.before = Some(after.unwrap_or(row.entered));
            Ok(crossings)
        })
        .collect()
}

fn of_row(row: &ClosureRow, network: &Network) -> Result<Crossings, Refusal> {
    let signed: SignedClosure =
        serde_json::from_str(&row.closure).map_err(|error| Refusal::broken("a stored closure", &error))?;
    let things = things_of_closure(&in_force(network, signed.closure));
    Ok(Crossings { things, after: None, before: None })
}

/// Looks again at consignments whose way a closure crosses that was entered or lifted since, at most so many. Returns how many.
///
/// Errors: the store fails, or something of our own cannot be read; the others were looked at nevertheless.
pub fn follow_closures(desk: &Desk, call: &mut Call<'_>, most: u32) -> Result<u32, Refusal> {
    let (mut looked_at, mut failed) = (0, None);
    while looked_at < most {
        let references = desk.take_crossing(most - looked_at)?;
        if references.is_empty() {
            break;
        }
        for reference in &references {
            if let Err(refusal) = look_again(desk, call, reference) {
                failed = Some(refusal);
            }
            looked_at += 1;
        }
    }
    failed.map_or(Ok(looked_at), Err)
}

impl Desk {
    /// Notes that a closure was entered or lifted.
    pub(crate) fn note_closure(&self, row: &ClosureRow) {
        // It was written a moment ago; what cannot be read now could not be read then.
        if let Ok(crossings) = of_row(row, &self.network) {
            self.crossings.lock().unwrap_or_else(PoisonError::into_inner).push_back(crossings);
        }
    }

    /// The next consignments in the way of the first closure that has any left; none once all were looked at.
    fn take_crossing(&self, most: u32) -> Result<Vec<Reference>, Refusal> {
        let mut waiting = self.crossings.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(first) = waiting.front_mut() {
            let found = self.store.list_crossing(&first.things, first.after.as_ref(), first.before, most)?;
            if let Some(last) = found.last() {
                first.after = Some(last.clone());
                return Ok(found);
            }
            waiting.pop_front();
        }
        Ok(Vec::new())
    }
}

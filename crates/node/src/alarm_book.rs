//! The open alarms of the node and who stands how to their consignments, held in memory.
//!
//! A list of alarms shows each caller its own, and whether a new alarm makes a storm with others is asked with every change: both go
//! through all that are open. What a save touches is read again when it is next asked for.

use crate::limits::MOST_OPEN_ALARMS;
use crate::{Desk, Refusal};
use kervan_model::Reference;
use kervan_store::{CircleRow, MOST_LISTED, TrackingWrite, Write};
use kervan_tracking::alarm::Alarm;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The open alarms of a consignment, at least one, and its circle.
#[derive(Debug)]
pub(crate) struct OpenAlarms {
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) circle: CircleRow,
}

/// The open alarms that were asked for.
#[derive(Debug, Default)]
pub(crate) struct AlarmBook(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Whether the store was read; before, nothing has to be noted.
    is_read: bool,
    /// Whether there were more than are held.
    is_cut: bool,
    of: BTreeMap<Reference, Arc<OpenAlarms>>,
    /// Consignments that were saved since they were read.
    stale: BTreeSet<Reference>,
}

/// What a batch changes of the alarms: the consignment, and whether it is an alarm that changes.
pub(crate) fn watched_by(writes: &[Write]) -> Vec<(Reference, bool)> {
    let of = |write: &Write| match write {
        Write::Tracking(TrackingWrite::Alarm(row)) => Some((row.reference.clone(), true)),
        Write::Circle(row) => Some((row.reference.clone(), false)),
        _ => None,
    };
    writes.iter().filter_map(of).collect()
}

impl AlarmBook {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what was saved. A circle matters only where there are alarms.
    pub(crate) fn note(&self, watched: &[(Reference, bool)]) {
        if watched.is_empty() {
            return;
        }
        let mut known = self.lock();
        if !known.is_read {
            return;
        }
        for (reference, is_alarm) in watched {
            if *is_alarm || known.of.contains_key(reference) {
                known.stale.insert(reference.clone());
            }
        }
    }

    /// The open alarms by consignment, in the order of references; the earliest [`MOST_OPEN_ALARMS`].
    ///
    /// Errors: the store fails, or an alarm cannot be read.
    pub(crate) fn list(&self, desk: &Desk) -> Result<Vec<Arc<OpenAlarms>>, Refusal> {
        let mut known = self.lock();
        loop {
            if !known.is_read {
                known.read(desk)?;
                known.stale.clear();
            }
            let Some(reference) = known.stale.first().cloned() else { break };
            known.renew(desk, &reference)?;
            known.stale.remove(&reference);
        }
        Ok(known.of.values().cloned().collect())
    }
}

impl Known {
    fn read(&mut self, desk: &Desk) -> Result<(), Refusal> {
        let mut of: BTreeMap<Reference, Vec<Alarm>> = BTreeMap::new();
        let (mut after, mut count) = (None, 0);
        while count < MOST_OPEN_ALARMS {
            let at = after.as_ref().map(|(raised, id): &(_, String)| (*raised, id.as_str()));
            let alarms = read_all(&desk.store.list_open_alarms(at, MOST_LISTED)?)?;
            let Some(last) = alarms.last() else { break };
            after = Some((last.raised, last.id.clone()));
            count += alarms.len();
            for alarm in alarms {
                of.entry(alarm.reference.clone()).or_default().push(alarm);
            }
        }
        self.of.clear();
        for (reference, alarms) in of {
            let circle = desk.store.find_circle(&reference)?;
            self.of.insert(reference, Arc::new(OpenAlarms { alarms, circle }));
        }
        self.is_cut = count >= MOST_OPEN_ALARMS;
        self.is_read = true;
        Ok(())
    }

    fn renew(&mut self, desk: &Desk, reference: &Reference) -> Result<(), Refusal> {
        let mut alarms = read_all(&desk.store.list_alarms_of(reference)?)?;
        alarms.retain(Alarm::is_open);
        if alarms.is_empty() {
            self.of.remove(reference);
            // When there is room again, those that were left out are read.
            self.is_read = !self.is_cut || self.of.len() > MOST_OPEN_ALARMS / 2;
        } else if self.of.contains_key(reference) || self.of.len() < MOST_OPEN_ALARMS {
            let circle = desk.store.find_circle(reference)?;
            self.of.insert(reference.clone(), Arc::new(OpenAlarms { alarms, circle }));
        } else {
            self.is_cut = true;
        }
        Ok(())
    }
}

/// Alarms as the store keeps them.
pub(crate) fn read_all(texts: &[String]) -> Result<Vec<Alarm>, Refusal> {
    texts
        .iter()
        .map(|text| serde_json::from_str(text).map_err(|error| Refusal::broken("a stored alarm", &error)))
        .collect()
}

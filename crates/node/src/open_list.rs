//! What is open at the node, by consignment, held in memory: alarms, and movements that wait for an officer.
//!
//! A list shows each caller its own and so goes through all that are open, with every question. What a save touches is read again
//! when it is next asked for.

use crate::{Desk, Refusal};
use kervan_model::Reference;
use kervan_store::{CircleRow, Write};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Things of a consignment that can be open, and are held while they are.
pub(crate) trait Open: Sized {
    /// The most consignments of which they are held.
    const MOST: usize;

    /// An order of all of them that lists begin from; nothing where none serves them all.
    type Order: std::fmt::Debug;

    /// Puts all of them in that order.
    fn order(all: &[Held<Self>]) -> Self::Order;

    /// Reads what is open, of at most [`Open::MOST`] consignments, and whether more is.
    ///
    /// Errors: the store fails, or something in it cannot be read.
    fn read_all(desk: &Desk) -> Result<(BTreeMap<Reference, Self>, bool), Refusal>;

    /// Reads what is open of one consignment; nothing if nothing is.
    ///
    /// Errors: the store fails, or something in it cannot be read.
    fn read(desk: &Desk, reference: &Reference) -> Result<Option<Self>, Refusal>;

    /// The consignment of which a write may open or close something.
    fn touched(write: &Write) -> Option<&Reference>;
}

/// What is open of a consignment, and who stands how to it.
#[derive(Debug)]
pub(crate) struct OpenOf<T> {
    pub(crate) things: T,
    pub(crate) circle: CircleRow,
}

/// It, shared by those who read it: another one, once something of the consignment was saved.
pub(crate) type Held<T> = Arc<OpenOf<T>>;

/// What is open of all consignments at a moment.
#[derive(Debug)]
pub(crate) struct Snapshot<T: Open> {
    /// In the order of references; of at most [`Open::MOST`] consignments.
    pub(crate) all: Vec<Held<T>>,
    pub(crate) order: T::Order,
}

/// What is open of all consignments.
#[derive(Debug)]
pub(crate) struct OpenList<T: Open>(Mutex<Known<T>>);

#[derive(Debug)]
struct Known<T: Open> {
    /// Whether the store was read; before, nothing has to be noted.
    is_read: bool,
    /// With how many left the store is read again, since it holds more than are held here.
    again_at: Option<usize>,
    of: BTreeMap<Reference, Held<T>>,
    /// All of them, as they were last given.
    last: Option<Arc<Snapshot<T>>>,
    /// Consignments that were saved since they were read.
    stale: BTreeSet<Reference>,
}

impl<T: Open> Default for OpenList<T> {
    fn default() -> Self {
        let (of, stale) = (BTreeMap::new(), BTreeSet::new());
        Self(Mutex::new(Known { is_read: false, again_at: None, of, last: None, stale }))
    }
}

impl<T: Open> OpenList<T> {
    fn lock(&self) -> MutexGuard<'_, Known<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a batch may change here: the consignment, and whether it is more than its circle.
    #[expect(clippy::unused_self, reason = "which list it is says what is of interest")]
    pub(crate) fn watched_by(&self, writes: &[Write]) -> Vec<(Reference, bool)> {
        let of = |write: &Write| match write {
            Write::Circle(row) => Some((row.reference.clone(), false)),
            other => T::touched(other).map(|reference| (reference.clone(), true)),
        };
        writes.iter().filter_map(of).collect()
    }

    /// Notes what was saved. A circle matters only where something is open.
    pub(crate) fn note(&self, watched: &[(Reference, bool)]) {
        if watched.is_empty() {
            return;
        }
        let mut known = self.lock();
        if !known.is_read {
            return;
        }
        for (reference, is_more) in watched {
            if *is_more || known.of.contains_key(reference) {
                known.stale.insert(reference.clone());
            }
        }
    }

    /// What is open.
    ///
    /// Errors: the store fails, or something in it cannot be read.
    pub(crate) fn list(&self, desk: &Desk) -> Result<Arc<Snapshot<T>>, Refusal> {
        let mut known = self.lock();
        loop {
            if !known.is_read {
                known.last = None;
                known.read(desk)?;
                known.stale.clear();
            }
            let Some(reference) = known.stale.first().cloned() else { break };
            known.last = None;
            known.renew(desk, &reference)?;
            known.stale.remove(&reference);
        }
        let Known { of, last, .. } = &mut *known;
        let snapshot = last.get_or_insert_with(|| {
            let all: Vec<Held<T>> = of.values().cloned().collect();
            Arc::new(Snapshot { order: T::order(&all), all })
        });
        Ok(Arc::clone(snapshot))
    }
}

impl<T: Open> Known<T> {
    fn read(&mut self, desk: &Desk) -> Result<(), Refusal> {
        let (all, is_cut) = T::read_all(desk)?;
        let references: Vec<Reference> = all.keys().cloned().collect();
        let circles = desk.store.find_circles(&references)?;
        let held = all.into_iter().zip(circles).map(|((reference, things), circle)| {
            let of = Arc::new(OpenOf { things, circle });
            (reference, of)
        });
        self.of = held.collect();
        self.again_at = is_cut.then_some(self.of.len() / 2);
        self.is_read = true;
        Ok(())
    }

    fn renew(&mut self, desk: &Desk, reference: &Reference) -> Result<(), Refusal> {
        match T::read(desk, reference)? {
            None => {
                self.of.remove(reference);
                self.is_read = self.again_at.is_none_or(|least| self.of.len() > least);
            }
            Some(things) if self.of.contains_key(reference) || self.of.len() < T::MOST => {
                let circle = desk.store.find_circle(reference)?;
                self.of.insert(reference.clone(), Arc::new(OpenOf { things, circle }));
            }
            Some(_) => self.again_at = Some(T::MOST / 2),
        }
        Ok(())
    }
}

//! The desk: the parts that use cases work with.

use crate::limits::{LOCKS, MOST_REMEMBERED};
use crate::positions::Tracking;
use crate::risk_book::RiskBook;
use crate::tracking_book::TrackingBook;
use crate::{Denied, OfficerRecord, Press, Refusal, Registered, Registry, Rules};
use jiff::Timestamp;
use kervan_documents::Fonts;
use kervan_dossier::{Entry, ResolvedKeys};
use kervan_model::{EntryId, Finding, PartyId, Reference};
use kervan_network::Network;
use kervan_store::{Store, TrackingWrite, Write};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

/// The parts of a node. Use cases are functions that take a desk, a [`Call`] and their own arguments.
pub struct Desk {
    /// Where everything is kept.
    pub store: Store,
    /// Places, links, services.
    pub network: Network,
    /// What decisions rest on.
    pub rules: Rules,
    /// Figures and words of tracking, with the network made ready for matching.
    pub tracking: Tracking,
    /// The lists of denied parties, if any is loaded.
    pub denied: Option<Denied>,
    fonts: Option<Fonts>,
    registry: RwLock<Registry>,
    risk: RwLock<RiskBook>,
    book: RwLock<TrackingBook>,
    closures_changed: AtomicBool,
    locks: [Mutex<()>; LOCKS],
    device_locks: [Mutex<()>; LOCKS],
    moved: Mutex<BTreeSet<String>>,
    signed: Mutex<BTreeSet<EntryId>>,
    saved: Box<dyn Fn() + Send + Sync>,
}

/// What a use case takes from the outside world.
pub struct Call<'a> {
    /// The instant now.
    pub now: Timestamp,
    /// Who calls.
    pub actor: PartyId,
    /// Fresh random bytes for each group of an entry that is signed.
    pub salts: &'a mut dyn FnMut() -> [u8; 16],
}

impl Desk {
    /// Puts the parts together, without lists of denied parties; `saved` is called after every batch that was saved.
    pub fn new(
        store: Store,
        network: Network,
        rules: Rules,
        saved: Box<dyn Fn() + Send + Sync>,
    ) -> Result<Self, Refusal> {
        let registry = RwLock::new(Registry::load(&store)?);
        let risk = RwLock::new(RiskBook::load(&store, &rules.territories)?);
        let book = RwLock::new(TrackingBook::load(&store, &network, &rules.tracking)?);
        let closures_changed = AtomicBool::new(false);
        let locks = std::array::from_fn(|_| Mutex::new(()));
        let device_locks = std::array::from_fn(|_| Mutex::new(()));
        let (signed, moved) = (Mutex::default(), Mutex::default());
        let tracking = Tracking::new(&network, rules.figures.clone(), rules.words.clone());
        Ok(Self {
            store,
            network,
            rules,
            tracking,
            denied: None,
            fonts: None,
            registry,
            risk,
            book,
            closures_changed,
            locks,
            device_locks,
            moved,
            signed,
            saved,
        })
    }

    /// With other fonts for printed forms than those that are built in.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Fonts) -> Self {
        self.fonts = Some(fonts);
        self
    }

    /// What documents need beside the dossier.
    pub fn press(&self) -> Press<'_> {
        Press {
            network: &self.network,
            fonts: self.fonts.as_ref().unwrap_or_else(|| Fonts::built_in()),
            authority: &self.rules.authority,
            languages: &[],
        }
    }

    /// Reads the registry.
    pub fn with_registry<T>(&self, read: impl FnOnce(&Registry) -> T) -> T {
        read(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the seeds and models of administrations.
    pub(crate) fn with_risk<T>(&self, read: impl FnOnce(&RiskBook) -> T) -> T {
        read(&self.risk.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts the seeds and models as they are stored in the place of those in use.
    pub(crate) fn reload_risk(&self) -> Result<(), Refusal> {
        let book = RiskBook::load(&self.store, &self.rules.territories)?;
        *self.risk.write().unwrap_or_else(PoisonError::into_inner) = book;
        Ok(())
    }

    /// Reads what the node knows of its corridor.
    pub(crate) fn with_tracking<T>(&self, read: impl FnOnce(&TrackingBook) -> T) -> T {
        read(&self.book.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a closure was entered or lifted since the last time this was asked.
    pub(crate) fn take_closures_changed(&self) -> bool {
        self.closures_changed.swap(false, Ordering::AcqRel)
    }

    /// Registers parties.
    pub fn register(&self, parties: Vec<Registered>) -> Result<(), Refusal> {
        self.registry.write().unwrap_or_else(PoisonError::into_inner).register(&self.store, parties)
    }

    /// Registers officers of an administration.
    pub fn put_officers(&self, party: &PartyId, officers: Vec<OfficerRecord>) -> Result<(), Refusal> {
        let mut registry = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        registry.put_officers(&self.store, party, officers)
    }

    /// The registered party with an id.
    pub fn party(&self, id: &PartyId) -> Result<Registered, Refusal> {
        self.with_registry(|registry| registry.find(id).cloned())
            .ok_or_else(|| Refusal::NotFound { what: "party", id: id.to_string() })
    }

    /// Holds a consignment until the guard is dropped, so that two requests never decide on the same state of it.
    pub(crate) fn hold(&self, reference: &Reference) -> MutexGuard<'_, ()> {
        self.lock(lock_of(reference))
    }

    /// Holds several consignments. Locks are taken in one order, so that two callers never wait for each other.
    pub(crate) fn hold_all(&self, references: &[&Reference]) -> Vec<MutexGuard<'_, ()>> {
        let numbers: BTreeSet<usize> = references.iter().map(|reference| lock_of(reference)).collect();
        numbers.into_iter().map(|number| self.lock(number)).collect()
    }

    fn lock(&self, number: usize) -> MutexGuard<'_, ()> {
        let [first, ..] = &self.locks;
        self.locks.get(number).unwrap_or(first).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds devices until the guards are dropped, so that two batches never judge a device by the same past. The locks are
    /// taken in order, so that no two wait for each other.
    pub(crate) fn hold_devices(&self, names: &[&str]) -> Vec<MutexGuard<'_, ()>> {
        let number = |name: &str| {
            name.bytes().fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
        };
        let wanted: BTreeSet<usize> = names.iter().map(|name| number(name) % LOCKS).collect();
        let locks = wanted.iter().filter_map(|at| self.device_locks.get(*at));
        locks.map(|lock| lock.lock().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// Notes devices that said something new.
    pub(crate) fn note_moved(&self, mut devices: BTreeSet<String>) {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner).append(&mut devices);
    }

    /// Takes the devices that are to be followed, at most `most`, and says how many are left.
    pub(crate) fn take_moved(&self, most: usize) -> (BTreeSet<String>, usize) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(after) = moved.iter().nth(most).cloned() else { return (std::mem::take(&mut moved), 0) };
        let left = moved.split_off(&after);
        let waiting = left.len();
        (std::mem::replace(&mut moved, left), waiting)
    }

    /// Checks an entry from the store, which others may have written to. The signature of each is checked once while the node
    /// runs; its hash and the commitments to its groups are checked every time.
    ///
    /// Errors: the entry is not what its author signed.
    pub(crate) fn check_stored(&self, entry: Entry) -> Result<Entry, Refusal> {
        let id = entry.id().clone();
        let known = self.signed.lock().unwrap_or_else(PoisonError::into_inner).contains(&id);
        let checked = if known { entry.check_groups() } else { entry.check(&ResolvedKeys::default()) };
        let broken = |findings: Vec<Finding>| {
            let lines: Vec<_> = findings.into_iter().map(|finding| finding.message).collect();
            Refusal::Broken(format!(
                "entry {id} in the store is not what its author signed: {}",
                lines.join("; ")
            ))
        };
        let checked = checked.map_err(broken)?;
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if signed.len() >= MOST_REMEMBERED {
            signed.clear();
        }
        signed.insert(id);
        Ok(checked)
    }

    /// Saves a batch and tells those who follow.
    pub fn save(&self, writes: Vec<Write>) -> Result<(), Refusal> {
        let noted: Vec<TrackingWrite> = writes
            .iter()
            .filter_map(|write| if let Write::Tracking(write) = write { Some(write.clone()) } else { None })
            .collect();
        self.store.save(writes)?;
        if !noted.is_empty() {
            let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
            for write in &noted {
                book.note(write, &self.network, &self.rules.tracking);
            }
            if noted.iter().any(|write| matches!(write, TrackingWrite::Closure(_))) {
                self.closures_changed.store(true, Ordering::Release);
            }
        }
        (self.saved)();
        Ok(())
    }
}

/// Which of the locks a consignment has; others may share it.
fn lock_of(reference: &Reference) -> usize {
    let digest = Sha256::digest(reference.as_str().as_bytes());
    digest.iter().fold(0_usize, |sum, byte| sum.wrapping_add(usize::from(*byte))) % LOCKS
}

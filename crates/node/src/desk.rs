//! The desk: the parts that use cases work with.

use crate::claim::take_claim;
use crate::crossing::{Crossings, unfinished};
use crate::custody::{Custody, KeyCounts};
use crate::figure_version::PlanBook;
use crate::limits::{LOCKS, MOST_REMEMBERED};
use crate::open_alarms::OpenAlarms;
use crate::open_book::{OpenBook, touched_by};
use crate::people::{Attempt, records_of};
use crate::plan_cache::PlanCache;
use crate::positions::Tracking;
use crate::risk_book::RiskBook;
use crate::tracking_book::TrackingBook;
use crate::work_order::OpenWork;
use crate::work_told::WorkTold;
use crate::{Denied, Press, Refusal, Registered, Registry, Rules};
use jiff::Timestamp;
use kervan_documents::Fonts;
use kervan_dossier::{Entry, ResolvedKeys};
use kervan_events::PrefixLengths;
use kervan_model::{EntryId, Finding, PartyId, Reference};
use kervan_network::Network;
use kervan_store::{Store, TrackingWrite, Write};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

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
    /// How long company prefixes are, if a list that says it is loaded.
    pub prefix_lengths: Arc<PrefixLengths>,
    fonts: Option<Fonts>,
    registry: RwLock<Registry>,
    custody: RwLock<Custody>,
    /// How many keys are kept how, until one of them changes.
    key_counts: Mutex<Option<KeyCounts>>,
    risk: RwLock<RiskBook>,
    book: RwLock<TrackingBook>,
    pub(crate) crossings: Mutex<VecDeque<Crossings>>,
    closing: Mutex<()>,
    pub(crate) plan_book: PlanBook,
    pub(crate) plan_cache: PlanCache,
    locks: [Mutex<()>; LOCKS],
    device_locks: [Mutex<()>; LOCKS],
    moved: Mutex<BTreeSet<String>>,
    pub(crate) open_work: OpenWork,
    pub(crate) work_told: WorkTold,
    pub(crate) open_book: OpenBook,
    pub(crate) open_alarms: OpenAlarms,
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
    /// Puts the parts together, without lists of denied parties, with keys in the clear; `saved` is called after every batch that
    /// was saved.
    pub fn new(
        store: Store,
        network: Network,
        rules: Rules,
        saved: Box<dyn Fn() + Send + Sync>,
    ) -> Result<Self, Refusal> {
        Self::with_custody(store, network, rules, Custody::default(), saved)
    }

    /// As [`Self::new`], with the custody in which keys are kept.
    pub fn with_custody(
        store: Store,
        network: Network,
        rules: Rules,
        custody: Custody,
        saved: Box<dyn Fn() + Send + Sync>,
    ) -> Result<Self, Refusal> {
        let registry = RwLock::new(Registry::load(&store, &custody)?);
        let risk = RwLock::new(RiskBook::load(&store, &rules.territories, &custody)?);
        let custody = RwLock::new(custody);
        let book = RwLock::new(TrackingBook::load(&store, &network, &rules.tracking)?);
        let crossings = Mutex::new(unfinished(&store, &network)?);
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
            prefix_lengths: Arc::default(),
            fonts: None,
            registry,
            custody,
            key_counts: Mutex::default(),
            risk,
            book,
            crossings,
            closing: Mutex::default(),
            plan_book: PlanBook::default(),
            plan_cache: PlanCache::default(),
            locks,
            device_locks,
            moved,
            open_work: OpenWork::default(),
            work_told: WorkTold::default(),
            open_book: OpenBook::default(),
            open_alarms: OpenAlarms::default(),
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
        let book = self.with_keys(|custody| RiskBook::load(&self.store, &self.rules.territories, custody))?;
        *self.risk.write().unwrap_or_else(PoisonError::into_inner) = book;
        Ok(())
    }

    /// Reads what the node knows of its corridor.
    pub(crate) fn with_tracking<T>(&self, read: impl FnOnce(&TrackingBook) -> T) -> T {
        read(&self.book.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Registers parties with no word in the audit log: the cast of a play.
    pub fn register(&self, parties: Vec<Registered>) -> Result<(), Refusal> {
        self.register_with(parties, Vec::new())
    }

    /// Registers a party. Who did, and the key that it was given, stand in the audit log.
    pub fn register_by(&self, by: &Attempt<'_>, party: Registered) -> Result<(), Refusal> {
        let records = records_of(by, &party);
        self.register_with(vec![party], records)
    }

    fn register_with(&self, parties: Vec<Registered>, records: Vec<Write>) -> Result<(), Refusal> {
        let mut registry = self.registry.write().unwrap_or_else(PoisonError::into_inner);
        let registered = self.with_keys(|custody| registry.register(&self.store, custody, parties, records));
        drop(registry);
        self.forget_key_counts();
        registered
    }

    /// How many keys are kept how; counted if it is not known. Nobody who holds the registry or the custody asks.
    pub(crate) fn count_keys_once(
        &self,
        count: impl FnOnce() -> Result<KeyCounts, Refusal>,
    ) -> Result<KeyCounts, Refusal> {
        // Whoever counts holds this, so that a change that comes meanwhile is forgotten after and not before.
        let mut known = self.key_counts.lock().unwrap_or_else(PoisonError::into_inner);
        match *known {
            Some(counts) => Ok(counts),
            None => Ok(*known.insert(count()?)),
        }
    }

    /// Says that a key has changed, after it has.
    pub(crate) fn forget_key_counts(&self) {
        *self.key_counts.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads how keys are kept. Whoever holds the registry as well took it first.
    pub(crate) fn with_keys<T>(&self, read: impl FnOnce(&Custody) -> T) -> T {
        read(&self.custody.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another custody in the place of the one in use.
    pub(crate) fn put_custody(&self, custody: Custody) {
        *self.custody.write().unwrap_or_else(PoisonError::into_inner) = custody;
        self.forget_key_counts();
    }

    /// Changes who is known. What is written is on the disk before anybody is told of it.
    pub(crate) fn with_registry_to_change<T>(
        &self,
        change: impl FnOnce(&mut Registry) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        change(&mut self.registry.write().unwrap_or_else(PoisonError::into_inner))
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

    /// Holds the list of closures until the guard is dropped.
    pub(crate) fn hold_closures(&self) -> MutexGuard<'_, ()> {
        self.closing.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// How far what follows from facts is behind them: devices that are to be followed, closures that are to be looked at.
    pub fn count_behind(&self) -> (usize, usize) {
        let devices = self.moved.lock().unwrap_or_else(PoisonError::into_inner).len();
        (devices, self.crossings.lock().unwrap_or_else(PoisonError::into_inner).len())
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

    /// Reads what is open into memory, so that nobody who asks waits for it.
    ///
    /// Errors: the store fails, or something in it cannot be read; whoever asks next tries again.
    pub fn read_open(&self) -> Result<(), Refusal> {
        self.open_alarms.list(self)?;
        self.open_work.list(self)?;
        Ok(())
    }

    /// Saves a batch and tells those who follow.
    pub fn save(&self, mut writes: Vec<Write>) -> Result<(), Refusal> {
        let noted: Vec<TrackingWrite> = writes
            .iter()
            .filter_map(|write| if let Write::Tracking(write) = write { Some(write.clone()) } else { None })
            .collect();
        let touched = touched_by(&writes);
        let (alarms, work) = (self.open_alarms.watched_by(&writes), self.open_work.watched_by(&writes));
        writes.extend(take_claim());
        let saved = self.store.save(writes);
        self.open_book.forget(&touched);
        self.open_alarms.note(&alarms);
        self.open_work.note(&work);
        saved?;
        if !noted.is_empty() {
            let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
            for write in &noted {
                book.note(write, &self.network, &self.rules.tracking);
            }
            drop(book);
            for write in &noted {
                if let TrackingWrite::Closure(row) = write {
                    self.note_closure(row);
                }
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

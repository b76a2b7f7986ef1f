//! The desk: the parts that use cases work with.

use crate::limits::{LOCKS, MOST_REMEMBERED};
use crate::risk_book::RiskBook;
use crate::{Denied, Press, Refusal, Registered, Registry, Rules};
use jiff::Timestamp;
use kervan_documents::Fonts;
use kervan_dossier::{Entry, ResolvedKeys};
use kervan_model::{EntryId, Finding, PartyId, Reference};
use kervan_network::Network;
use kervan_store::{Store, Write};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

/// The parts of a node. Use cases are functions that take a desk, a [`Call`] and their own arguments.
pub struct Desk {
    /// Where everything is kept.
    pub store: Store,
    /// Places, links, services.
    pub network: Network,
    /// What decisions rest on.
    pub rules: Rules,
    /// The lists of denied parties, if any is loaded.
    pub denied: Option<Denied>,
    fonts: Option<Fonts>,
    registry: RwLock<Registry>,
    risk: RwLock<RiskBook>,
    locks: [Mutex<()>; LOCKS],
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
        let locks = std::array::from_fn(|_| Mutex::new(()));
        let signed = Mutex::default();
        Ok(Self { store, network, rules, denied: None, fonts: None, registry, risk, locks, signed, saved })
    }

    /// With other fonts for printed forms than those that are built in.
    #[must_use]
    pub fn with_fonts(mut self, fonts: Fonts) -> Self {
        self.fonts = Some(fonts);
        self
    }

    /// What documents need beside the dossier.
    pub fn press(&self) -> Press<'_> {
        Press { network: &self.network, fonts: self.fonts.as_ref().unwrap_or_else(|| Fonts::built_in()) }
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

    /// Registers parties.
    pub fn register(&self, parties: Vec<Registered>) -> Result<(), Refusal> {
        self.registry.write().unwrap_or_else(PoisonError::into_inner).register(&self.store, parties)
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
        self.store.save(writes)?;
        (self.saved)();
        Ok(())
    }
}

/// Which of the locks a consignment has; others may share it.
fn lock_of(reference: &Reference) -> usize {
    let digest = Sha256::digest(reference.as_str().as_bytes());
    digest.iter().fold(0_usize, |sum, byte| sum.wrapping_add(usize::from(*byte))) % LOCKS
}

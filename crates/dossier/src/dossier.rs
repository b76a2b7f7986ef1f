//! A dossier: a set of entries that forms a graph by their parents.

use crate::did::ResolvedKeys;
use crate::entry::Entry;
use crate::graph::Graph;
use crate::groups::GroupName;
use crate::limits::MOST_ENTRIES;
use kervan_model::{DossierId, EntryId, Finding, PartyId};
use std::collections::BTreeMap;

/// What became of an entry that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is new.
    Added,
    /// It was there already.
    Known,
    /// It was there, and this copy discloses more of its body.
    Disclosed,
}

/// The entries of one dossier.
///
/// Invariant: every entry belongs to this dossier, its signature fits its key and its disclosed groups fit its header.
/// Whether the key is its author's, and whether the author may say what it says, is judged by the [fold](crate::fold).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    id: DossierId,
    entries: BTreeMap<EntryId, Entry>,
}

impl Dossier {
    /// A dossier of which nothing is here yet, to be filled in any order.
    pub fn new(id: DossierId) -> Self {
        Self { id, entries: BTreeMap::new() }
    }

    /// The dossier that begins with this entry.
    ///
    /// Errors: findings, if the entry does not check or is not a first one.
    pub fn start(first: Entry) -> Result<Self, Vec<Finding>> {
        let id: DossierId = first.id().as_str().parse().map_err(|_| vec![replay(&first)])?;
        let mut dossier = Self::new(id);
        dossier.insert(first)?;
        Ok(dossier)
    }

    /// Adds an entry, whether or not its parents are here. Adding it again changes nothing; a copy that discloses more of
    /// its body adds that.
    ///
    /// Errors: findings, if the entry is not of this dossier, does not check, or is one too many. A `did:web` author's entry
    /// must have been checked before, with [`Entry::check`] and its resolved key.
    pub fn insert(&mut self, entry: Entry) -> Result<Inserted, Vec<Finding>> {
        let belongs = match &entry.header().dossier {
            Some(dossier) => *dossier == self.id,
            None => entry.id().as_str() == self.id.as_str(),
        };
        if !belongs {
            return Err(vec![replay(&entry)]);
        }
        let entry = entry.check(&ResolvedKeys::default())?;
        if let Some(known) = self.entries.get_mut(entry.id()) {
            return Ok(if known.disclose(&entry) { Inserted::Disclosed } else { Inserted::Known });
        }
        if self.entries.len() >= MOST_ENTRIES {
            let message = format!("the dossier holds {MOST_ENTRIES} entries, the most it may");
            return Err(vec![Finding::error("dossier.too-many-entries", message)]);
        }
        self.entries.insert(entry.id().clone(), entry);
        Ok(Inserted::Added)
    }

    /// Adds what another copy of the dossier holds. Gives how many entries were added or disclosed further.
    ///
    /// Errors: findings, if it is another dossier or would grow too large; what fits is added.
    pub fn merge(&mut self, other: &Self) -> Result<usize, Vec<Finding>> {
        let (mut changed, mut findings) = (0, Vec::new());
        for entry in other.entries.values() {
            match self.insert(entry.clone()) {
                Ok(Inserted::Known) => {}
                Ok(Inserted::Added | Inserted::Disclosed) => changed += 1,
                Err(more) => findings.extend(more),
            }
        }
        if findings.is_empty() { Ok(changed) } else { Err(findings) }
    }

    /// The id: that of its first entry.
    pub fn id(&self) -> &DossierId {
        &self.id
    }

    /// How many entries are here.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is here yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An entry, if it is here.
    pub fn find_entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// The entries in causal order: parents first, ties by entry id.
    pub fn list_entries(&self) -> Vec<&Entry> {
        self.graph().entries
    }

    /// The entries that no other one cites, ascending: the parents of the next one.
    pub fn heads(&self) -> Vec<EntryId> {
        self.graph().list_heads()
    }

    /// The dossier as the author of an entry knew it: everything that the entry builds on, without itself.
    #[must_use]
    pub fn past_of(&self, id: &EntryId) -> Self {
        let mut entries = BTreeMap::new();
        let parents = |id: &EntryId| self.entries.get(id).map(|entry| entry.header().parents.clone());
        let mut open = parents(id).unwrap_or_default();
        while let Some(next) = open.pop() {
            if let Some(entry) = self.entries.get(&next)
                && entries.insert(next.clone(), entry.clone()).is_none()
            {
                open.extend(entry.header().parents.iter().cloned());
            }
        }
        Self { id: self.id.clone(), entries }
    }

    /// Parents that entries cite and that are not here, ascending: what to ask another node for.
    pub fn list_missing(&self) -> Vec<EntryId> {
        let mut missing: Vec<EntryId> = self
            .entries
            .values()
            .flat_map(|entry| &entry.header().parents)
            .filter(|id| !self.entries.contains_key(*id))
            .cloned()
            .collect();
        missing.sort();
        missing.dedup();
        missing
    }

    /// The copy that a party may have: every header, and the bodies of whose audience it is.
    #[must_use]
    pub fn copy_for(&self, party: &PartyId) -> Self {
        let entries = self.entries.iter().map(|(id, entry)| (id.clone(), entry.copy_for(party))).collect();
        Self { id: self.id.clone(), entries }
    }

    /// A copy without these groups. It verifies as before; groups that name keys stay.
    #[must_use]
    pub fn withhold(&self, groups: &[GroupName]) -> Self {
        let entries = self.entries.iter().map(|(id, entry)| (id.clone(), entry.withhold(groups))).collect();
        Self { id: self.id.clone(), entries }
    }

    /// A copy that shows of each entry the groups that are chosen. It verifies as before; groups that name keys stay.
    #[must_use]
    pub fn disclose(&self, chosen: impl Fn(&Entry, &GroupName) -> bool) -> Self {
        let entries =
            self.entries.iter().map(|(id, entry)| (id.clone(), entry.disclose_only(&chosen))).collect();
        Self { id: self.id.clone(), entries }
    }

    pub(crate) fn graph(&self) -> Graph<'_> {
        Graph::new(&self.entries)
    }
}

/// Two copies of a dossier as one: every entry of either, and of each every group that either discloses.
///
/// It does not matter which comes first, nor in which order three are merged, nor how often.
///
/// Errors: findings, if they are two dossiers or would be too large together.
pub fn merge(left: &Dossier, right: &Dossier) -> Result<Dossier, Vec<Finding>> {
    if left.id() != right.id() {
        let message =
            format!("{} and {} are two dossiers; only copies of one can be merged", left.id(), right.id());
        return Err(vec![Finding::error("dossier.other-dossier", message).at("/dossier")]);
    }
    let mut merged = left.clone();
    merged.merge(right)?;
    Ok(merged)
}

/// An entry of one dossier was shown as one of another.
pub(crate) fn replay(entry: &Entry) -> Finding {
    let of = match &entry.header().dossier {
        Some(dossier) => format!("of dossier {dossier}"),
        None => "the first one of another dossier".to_owned(),
    };
    Finding::error("dossier.replay", format!("entry {} is {of}, not of this one", entry.id()))
        .at("/header/dossier")
        .remedy("remove it; it was signed for something else")
}

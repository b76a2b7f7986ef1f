//! What two copies of a dossier do not have in common.

use crate::dossier::Dossier;
use crate::groups::GroupName;
use kervan_model::{DossierId, EntryId};
use serde::Serialize;

/// The difference of two copies. Entries are in causal order of the copy that has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The dossiers, if they are not the same one; then nothing else is compared.
    pub other_dossier: Option<(DossierId, DossierId)>,
    /// Entries that only the first copy holds.
    pub only_left: Vec<EntryId>,
    /// Entries that only the second copy holds.
    pub only_right: Vec<EntryId>,
    /// Entries of both, with the groups that only the first copy discloses.
    pub disclosed_left: Vec<(EntryId, Vec<GroupName>)>,
    /// Entries of both, with the groups that only the second copy discloses.
    pub disclosed_right: Vec<(EntryId, Vec<GroupName>)>,
}

impl Difference {
    /// Whether the copies are the same.
    pub fn is_empty(&self) -> bool {
        self.other_dossier.is_none()
            && self.only_left.is_empty()
            && self.only_right.is_empty()
            && self.disclosed_left.is_empty()
            && self.disclosed_right.is_empty()
    }
}

/// Compares two copies.
pub fn diff(left: &Dossier, right: &Dossier) -> Difference {
    let (mut difference, only_left, disclosed_left) =
        (Difference::none(), missing(left, right), more(left, right));
    if left.id() != right.id() {
        difference.other_dossier = Some((left.id().clone(), right.id().clone()));
        return difference;
    }
    Difference {
        only_left,
        only_right: missing(right, left),
        disclosed_left,
        disclosed_right: more(right, left),
        ..difference
    }
}

impl Difference {
    fn none() -> Self {
        Self {
            other_dossier: None,
            only_left: Vec::new(),
            only_right: Vec::new(),
            disclosed_left: Vec::new(),
            disclosed_right: Vec::new(),
        }
    }
}

fn missing(of: &Dossier, in_other: &Dossier) -> Vec<EntryId> {
    of.list_entries()
        .into_iter()
        .map(|entry| entry.id())
        .filter(|id| in_other.find_entry(id).is_none())
        .cloned()
        .collect()
}

fn more(of: &Dossier, than: &Dossier) -> Vec<(EntryId, Vec<GroupName>)> {
    let mut found = Vec::new();
    for entry in of.list_entries() {
        let Some(other) = than.find_entry(entry.id()) else { continue };
        let groups: Vec<GroupName> =
            entry.body().keys().filter(|group| !other.body().contains_key(*group)).cloned().collect();
        if !groups.is_empty() {
            found.push((entry.id().clone(), groups));
        }
    }
    found
}

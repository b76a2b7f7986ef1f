//! What is different between two loads of a list, so that only that is screened again.

use crate::entity::{Entity, List};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The difference of two versions of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// Who is new.
    pub added: Vec<Entity>,
    /// Who is gone.
    pub removed: Vec<Entity>,
    /// Who is another in substance: before and after.
    pub changed: Vec<(Entity, Entity)>,
}

impl Delta {
    /// Whether nothing that matters is different.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// A list of only those who must be screened again.
    pub fn to_list(&self, newer: &List) -> List {
        let changed = self.changed.iter().map(|(_, after)| after.clone());
        let entities = self.added.iter().cloned().chain(changed).collect();
        List { entities, ..newer.clone() }
    }
}

/// Compares two versions of a list by the ids of their entities.
pub fn diff_lists(older: &List, newer: &List) -> Delta {
    let index = |list: &List| -> BTreeMap<String, Entity> {
        list.entities.iter().map(|entity| (entity.id.clone(), entity.clone())).collect()
    };
    let (before, after) = (index(older), index(newer));
    let mut delta = Delta::default();
    for (id, entity) in &after {
        match before.get(id) {
            None => delta.added.push(entity.clone()),
            Some(old) if old.material_hash() != entity.material_hash() => {
                delta.changed.push((old.clone(), entity.clone()));
            }
            Some(_) => {}
        }
    }
    delta.removed =
        before.into_iter().filter(|(id, _)| !after.contains_key(id)).map(|(_, entity)| entity).collect();
    delta
}

//! Whether a caller may do something, for a list that asks of many.

use crate::Sight;
use kervan_rights::{Action, Relations};
use std::collections::BTreeMap;

/// Whether a caller may do something: each way to stand to a thing is decided once.
pub(crate) struct Permitted<'a> {
    sight: Sight<'a>,
    action: Action,
    known: BTreeMap<Relations, bool>,
}

impl<'a> Permitted<'a> {
    pub(crate) const fn of(sight: Sight<'a>, action: Action) -> Self {
        Self { sight, action, known: BTreeMap::new() }
    }

    /// Whether it is permitted to who stands so.
    pub(crate) fn to(&mut self, relations: Relations) -> bool {
        let (sight, action) = (&self.sight, self.action);
        *self.known.entry(relations).or_insert_with(|| sight.permits(action, relations))
    }
}

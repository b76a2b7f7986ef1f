//! Movements of the work list as they were told, in a language, until they are saved again.
//!
//! A case is read, decided again in the language and hashed once, and not with every look at the list.

use crate::limits::MOST_WORK_TOLD;
use crate::open_list::Held;
use crate::work_order::OpenMovement;
use kervan_customs::WorkItem;
use kervan_model::MovementId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A movement, with its version.
pub(crate) type Line = (WorkItem, String);

/// The lines that were asked for.
#[derive(Debug, Default)]
pub(crate) struct WorkTold(Mutex<Lines>);

/// Lines by movement and language, each with what was held when it was made.
type Lines = BTreeMap<(MovementId, String), (Held<Vec<OpenMovement>>, Arc<Line>)>;

impl WorkTold {
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line, if it was told of what is held now.
    pub(crate) fn find(
        &self,
        held: &Held<Vec<OpenMovement>>,
        id: &MovementId,
        language: &str,
    ) -> Option<Arc<Line>> {
        let lines = self.lock();
        let (of, line) = lines.get(&(id.clone(), language.to_owned()))?;
        Arc::ptr_eq(of, held).then(|| Arc::clone(line))
    }

    /// Remembers a line that was made after this was held.
    pub(crate) fn remember(&self, held: &Held<Vec<OpenMovement>>, language: &str, line: &Arc<Line>) {
        let mut lines = self.lock();
        if lines.len() >= MOST_WORK_TOLD {
            lines.clear();
        }
        let key = (line.0.movement.clone(), language.to_owned());
        lines.insert(key, (Arc::clone(held), Arc::clone(line)));
    }
}

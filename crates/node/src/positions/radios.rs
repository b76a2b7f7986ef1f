//! What the sources of sentences left unfinished: a message of a ship's radio may begin in one request and end in the next.

use crate::limits::MOST_RADIOS;
use kervan_positions::Awaiting;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Unfinished messages by source. Lost with the process: what a ship says of its place is one sentence, and it says it again.
#[derive(Default)]
pub struct Radios {
    by_source: Mutex<BTreeMap<String, Awaiting>>,
}

impl Radios {
    /// What a source left unfinished.
    pub fn find(&self, source: &str) -> Awaiting {
        let by_source = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        by_source.get(source).cloned().unwrap_or_default()
    }

    /// Keeps what a source leaves unfinished now. Call it when its text is kept, so that one that is sent again finds it as it was.
    pub fn keep(&self, source: &str, awaiting: Awaiting) {
        let mut by_source = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        if awaiting.is_empty() {
            by_source.remove(source);
        } else if by_source.len() < MOST_RADIOS || by_source.contains_key(source) {
            by_source.insert(source.to_owned(), awaiting);
        }
    }
}

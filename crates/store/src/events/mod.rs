//! The repository of events: rows in the order in which they came, and an index of what they name.
//!
//! A row is one insert at the end of one table, so its cost does not grow with the table. What an event names is not put
//! into a tree of the database: names come in random order, and a tree of a hundred million random keys would be written
//! all over with each commit. It goes into *runs* instead: sorted lists over stretches of the sequence, first in memory,
//! then in files of their own, and neighbouring runs are merged into longer ones by a thread beside the writer. The files
//! are a projection: what is missing or damaged is made again from the keys that stand in the rows.

mod append;
#[cfg(test)]
#[path = "../../tests/shared/event_list.rs"]
mod event_list;
mod index;
mod jobs;
mod keys;
mod pack;
mod posting;
mod read;
mod row;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use append::{Appender, find_captured};
pub(crate) use index::Index;
pub use jobs::{CaptureJobRow, NamedQueryRow, SubscriptionRow, VocabularyRow};
pub(crate) use jobs::{add_query, add_subscription, put_job, put_vocabulary, remove_query};
pub(crate) use pack::Packed;
pub(crate) use read::Contexts;
pub use row::{EventKey, EventMark, EventQuery, EventRole, EventRow, EventWord, Roles, WordKind};

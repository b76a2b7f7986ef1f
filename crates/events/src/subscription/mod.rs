//! Subscriptions: what is agreed with a receiver, when there is something to do, and how far deliveries have come.
//!
//! Everything here is a decision on values: [`Progress::step`] says what to do next, and the methods of [`Progress`] say what
//! came of it. Whoever acts on a step saves the progress before it acts, and again when it has an answer. Then every event
//! reaches the receiver at least once whatever fails in between; a delivery that is repeated has the same id and the same
//! events; and what was acknowledged is never sent again.

mod progress;
mod schedule;
mod terms;

pub use progress::{Progress, Sending, Step};
pub use schedule::Schedule;
pub use terms::{Destination, Terms, Trigger, read_socket_terms, read_terms};

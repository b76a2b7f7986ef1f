//! The event words of others: shipping lines (DCSA), UN/CEFACT, railways. Tables that are data say what each means here.
//!
//! [`WordBook`] holds the tables, both ways where a word is the only one. [`read_dcsa`] reads events of DCSA Track & Trace 2,
//! [`read_status_report`] the UN/CEFACT status report; both give [`Told`] milestones: planned and estimated ones beside those
//! that happened, of which only the last are events.

mod dcsa;
mod status;
mod table;
mod told;

pub use dcsa::read_dcsa;
pub use status::read_status_report;
pub use table::{Word, WordBook, WordList};
pub use told::{Classifier, Reading, Told};

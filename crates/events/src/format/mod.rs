//! EPCIS 2.0 JSON-LD: documents and events as others write them, checked and read.
//!
//! Nothing is thrown away: the JSON as captured stays in the event, and the fields beside it are an index.

mod checker;
mod document;
mod extract;
mod fields;
mod rules;
mod shapes;
mod syntax;

pub use document::{check_capture, read_capture, read_each};
pub use extract::restore_event;
pub(crate) use syntax::{is_uri, parse_instant};

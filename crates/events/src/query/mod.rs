//! Questions about events: every parameter of the standard's SimpleEventQuery, and what it means for one event.
//!
//! [`read_query`] takes parameters as they come, from a query string or from the JSON of a named query, and refuses every one
//! that it does not know or cannot read, by its name. [`Query::matches`] is the meaning: whatever finds candidates faster must
//! come to the same. [`Query::entry`] says by which names candidates can be found.
//!
//! Source: GS1 EPCIS 2.0, section 8.2.7.1.
//!
//! ```
//! use kervan_events::query::{Given, read_query};
//!
//! let query = read_query(&[Given::text("EQ_bizStep", "departing|arriving")]).unwrap();
//! assert_eq!(query.entry().unwrap().names.len(), 2);
//! let findings = read_query(&[Given::text("EQ_bizStp", "departing")]).unwrap_err();
//! assert_eq!(findings[0].remedy.as_deref(), Some("write `EQ_bizStep`"));
//! ```

mod custom;
mod entry;
mod matches;
mod parameter;
mod pattern;
mod places;
mod read;
mod test;
mod units;

pub use entry::Entry;
pub use parameter::Given;
pub use pattern::Pattern;
pub use read::read_query;
pub use units::{UnitTable, comparable};

use test::Test;

/// A question about events.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    tests: Vec<Test>,
    /// By what the answer is ordered; by place in the sequence of captures if nothing is said.
    pub order: Option<Order>,
    /// Only the first so many of the order.
    pub limit: Option<u64>,
    /// The question fails if the answer has more than this.
    pub most: Option<u64>,
}

/// The order of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: OrderBy,
    /// Whether the greatest comes first, which is so if nothing is said.
    pub descending: bool,
}

/// What an answer is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderBy {
    /// When events happened.
    EventTime,
    /// When they were captured.
    RecordTime,
    /// A field of an extension, by its qualified name.
    Extension(String),
}

//! Events: what happened, as EPCIS 2.0 says it, and what it means for the itinerary.
//!
//! A capture is read by [`read_capture`]: checked against the standard with every finding at once, kept as it came, and
//! identified by its [`event_hash`]. [`assess_progress`] holds the events of a consignment against its itinerary; when it will
//! arrive is the matter of the room of tracking. [`report`] builds the events that a carrier, a terminal or an authority
//! sends, in the words of [`mapping`]. [`course`] deals with the lines that things move on, [`containment`] with what is in
//! what.
//!
//! [`query`] says what a question about events means, [`subscription`] when a receiver is told what.
//!
//! Pure: no clock, no randomness of its own; `now` and seeds are arguments. Absent here: storage, HTTP.
//!
//! ```
//! use kervan_events::{read_capture, report};
//!
//! let sighting = report::Sighting {
//!     consignment: &"KRV-2026-0001".parse().unwrap(),
//!     containers: &["CSQU3054383".parse().unwrap()],
//!     place: &"KZAAU".parse().unwrap(),
//!     at: "2026-12-09T10:00:00Z".parse().unwrap(),
//!     offset: jiff::tz::offset(5),
//! };
//! let capture = report::document(&[report::arriving(&sighting)], sighting.at);
//! let events = read_capture(&capture, sighting.at).unwrap();
//! assert_eq!(events[0].biz_step.as_deref(), Some("arriving"));
//! assert_eq!(events[0].consignments()[0].as_str(), "KRV-2026-0001");
//! ```

mod event;
mod format;
mod hash;
mod identifier;
mod milestone;
mod names;
mod standing;
mod vocabulary;
mod xml;

pub mod containment;
pub mod course;
pub mod limits;
pub mod mapping;
pub mod master_data;
pub mod query;
pub mod report;
pub mod subscription;

pub use event::{Action, ErrorDeclaration, Event, EventHash, EventType};
pub use format::{check_capture, read_capture, read_each, restore_event};
pub use hash::{HashError, event_hash, event_hash_in};
pub use identifier::{
    CompanyPrefixes, EpcFormat, NotTranslated, PrefixLengths, PrefixListFault, canonical_digital_link,
    company_prefix, epc_urn, shown_prefixes, translate_event, translate_identifier,
};
pub use milestone::{Milestone, MilestoneCode, Progress, assess_progress, fold_milestones, plan_milestones};
pub use names::{Name, NameRole, canonical_name, has_name, list_names, step_name};
pub use standing::{Standing, assess_standing};
pub use vocabulary::Vocabulary;
pub use xml::{WordForm, json_of_xml, xml_of_json, xml_of_json_in, xpath_of};

/// Code of the finding that marks an event or a position reported with a clock that is ahead.
pub const CLOCK_AHEAD: &str = "events.clock-ahead";

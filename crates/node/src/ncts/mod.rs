//! Messages of common transit as XML: taken from outside, and written from what a movement holds.

mod choices;
mod content;
mod declaration;
mod incident;
mod paper;
mod refuse;
mod take;
mod write;
mod writer;

pub use declaration::office_number;
pub use paper::declaration_xml;
pub use take::{XmlAnswer, XmlOutcome, take_xml};
pub use write::{MessageRow, list_messages, write_xml};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Name of the message set that these messages belong to. Source: `data/customs/messages.csv`.
pub(crate) const SET: &str = "ncts";

/// The day and time of an instant as messages have it: the exchange here speaks UTC.
fn civil(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::UTC).datetime()
}

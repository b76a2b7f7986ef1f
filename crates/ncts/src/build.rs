//! Building messages from plain values: the order, the numbering and the layout of dates come from here, the facts from the caller.
//!
//! A builder never refuses: what it was given is what stands in the message, and `check_message` says what is wrong with it. Where a
//! list of groups is given, sequence numbers are set; where two messages share groups, [`project`] takes over what the other knows.

mod arrange;
mod declaration;
mod departure;
mod destination;
mod export;
mod goods;
mod guarantee;
mod parts;
mod refusal;

pub use arrange::{arrange, project, project_all};
pub use declaration::{
    Amendment, Authorisation, Declaration, Guarantee, GuaranteeReference, TransitOffice, amendment,
    declaration, presentation,
};
pub use departure::{Answer, Control, ControlResult, InvalidGuarantee, Invalidation};
pub use destination::{Arrival, ArrivalCase, UnloadingRemarks, arrival_notification, unloading_remarks};
pub use export::{ExportAnswer, ExportCase};
pub use goods::{ConsignmentItem, Equipment, HouseConsignment, Packaging, PreviousDocument};
pub use guarantee::{EndedGuarantee, liberation};
pub use parts::{
    Contact, Document, Holder, Location, Means, Note, Party, Place, PostalAddress, Representative,
    SupplyChainActor,
};
pub use refusal::{FunctionalError, Named, Rejection, refusal, report_refusal};

use crate::element::Element;
use crate::message::Message;
use crate::message_type::{MessageType, Phase};
use jiff::civil::{Date, DateTime};

/// What every message begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Who sends it. Shape: 1 to 35 characters.
    pub sender: String,
    /// Who receives it. Shape: 1 to 35 characters.
    pub recipient: String,
    /// When it was prepared, in the local time of the sender as the exchange has it.
    pub prepared: DateTime,
    /// The sender's identification of the message. Shape: 1 to 35 characters.
    pub identification: String,
    /// The identification of the message that this one answers.
    pub correlation: Option<String>,
    /// The phase that it is written for.
    pub phase: Phase,
}

/// Builds a message of the kind from its groups, in whatever order they come.
pub fn build(kind: MessageType, envelope: &Envelope, groups: impl IntoIterator<Item = Element>) -> Message {
    let root = Element::group(kind.code())
        .field("messageSender", &envelope.sender)
        .field("messageRecipient", &envelope.recipient)
        .field("preparationDateAndTime", moment(envelope.prepared))
        .field("messageIdentification", &envelope.identification)
        .field("messageType", kind.code())
        .field_if("correlationIdentifier", envelope.correlation.as_ref())
        .with_all(groups);
    let mut message = Message { kind, phase: Some(envelope.phase), root };
    arrange(&mut message);
    message
}

/// A day and time as messages have it.
pub(crate) fn moment(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A day as messages have it.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%Y-%m-%d").to_string()
}

/// A flag as messages have it.
pub(crate) fn flag(set: bool) -> &'static str {
    if set { "1" } else { "0" }
}

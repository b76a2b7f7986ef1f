//! Messages of a movement, named after what they are, with the NCTS number of those that have one.

use jiff::Timestamp;
use kervan_codes::Mrn;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A message about a movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The sender's own id of the message; the same id again is a duplicate. Shape: 1 to 64 characters.
    pub id: String,
    /// When the sender wrote it.
    pub sent: Timestamp,
    /// What it says.
    pub content: Content,
}

macro_rules! contents {
    ($($(#[$doc:meta])* $variant:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? })?
        => $word:literal, $number:expr, $title:literal);+ $(;)?) => {
        /// What a message says.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "message")]
        pub enum Content {
            $($(#[$doc])* #[serde(rename = $word)] $variant $({ $($(#[$field_doc])* $field: $type),+ })?),+
        }

        /// The kind of a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum MessageKind {
            $($(#[$doc])* #[serde(rename = $word)] $variant),+
        }

        impl MessageKind {
            /// Every kind, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data and on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The NCTS message number, such as `CC015C`, if NCTS has such a message.
            pub const fn ncts(self) -> Option<&'static str> {
                match self { $(Self::$variant => $number),+ }
            }

            /// What people call it.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The kind of a word, if it is one.
            pub fn find(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }

        impl Content {
            /// The kind of the message.
            pub const fn kind(&self) -> MessageKind {
                match self { $(Self::$variant $({ $($field: _),+ })? => MessageKind::$variant),+ }
            }
        }
    };
}

contents! {
    /// The declaration is lodged. It begins the movement, so it fits no state of one that exists.
    Declaration => "declaration", Some("CC015C"), "declaration";
    /// The declaration has arrived and is readable.
    Acknowledgement => "acknowledgement", Some("CC928C"), "positive acknowledgement";
    /// The declaration, an amendment or an invalidation request is rejected.
    Rejection {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "rejection", Some("CC056C"), "rejection from the office of departure";
    /// The declaration is accepted under a reference number.
    MrnAllocated {
        /// The number.
        mrn: Mrn,
    } => "mrn_allocated", Some("CC028C"), "reference number allocated";
    /// The goods of a pre-lodged declaration are at the office of departure.
    Presentation => "presentation", Some("CC170C"), "presentation of the goods";
    /// The declarant asks to amend the declaration.
    Amendment {
        /// Why.
        reason: String,
    } => "amendment", Some("CC013C"), "amendment";
    /// The amendment is accepted; the movement is decided anew.
    AmendmentAccepted => "amendment_accepted", Some("CC004C"), "amendment accepted";
    /// The office asks the declarant to amend.
    RequestToAmend {
        /// What is to be amended.
        findings: Vec<Finding>,
    } => "request_to_amend", Some("CC022C"), "notification to amend";
    /// The guarantee does not cover the movement.
    GuaranteeNotValid {
        /// Why.
        reason: String,
    } => "guarantee_not_valid", Some("CC055C"), "guarantee not valid";
    /// The goods or documents are to be controlled.
    ControlDecision {
        /// Why.
        findings: Vec<Finding>,
    } => "control_decision", Some("CC060C"), "control decision";
    /// What the control at departure found. NCTS keeps it between offices and has no message to the trader.
    ControlResult {
        /// Whether the goods agree with the declaration.
        satisfactory: bool,
        /// What was found.
        findings: Vec<Finding>,
    } => "control_result", None, "control result";
    /// The goods are released for transit.
    Release => "release", Some("CC029C"), "release";
    /// The goods are not released.
    NoRelease {
        /// Why.
        findings: Vec<Finding>,
    } => "no_release", Some("CC051C"), "no release";
    /// The declarant asks to invalidate the declaration.
    InvalidationRequest {
        /// Why.
        reason: String,
    } => "invalidation_request", Some("CC014C"), "invalidation request";
    /// The office grants the invalidation, or invalidates by itself.
    Invalidation => "invalidation", Some("CC009C"), "invalidation";
    /// The office does not grant the invalidation (the same NCTS message with the other answer).
    InvalidationRefused => "invalidation_refused", Some("CC009C"), "invalidation refused";
    /// Something happened on the way.
    Incident {
        /// What.
        description: String,
    } => "incident", Some("CC182C"), "forwarded incident";
    /// The goods are at the office of destination.
    Arrival => "arrival", Some("CC007C"), "arrival notification";
    /// The arrival notification is rejected.
    ArrivalRejected {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "arrival_rejected", Some("CC057C"), "rejection from the office of destination";
    /// The goods may be unloaded.
    UnloadingPermission => "unloading_permission", Some("CC043C"), "unloading permission";
    /// What was found at unloading.
    UnloadingRemarks {
        /// Whether the goods agree with the declaration.
        conform: bool,
    } => "unloading_remarks", Some("CC044C"), "unloading remarks";
    /// Declaration and goods differ at destination.
    Discrepancies {
        /// How.
        findings: Vec<Finding>,
    } => "discrepancies", Some("CC019C"), "discrepancies";
    /// The goods are released at destination.
    GoodsRelease => "goods_release", Some("CC025C"), "goods release";
    /// The movement is discharged and the guarantee is free.
    WriteOff => "write_off", Some("CC045C"), "write-off";
    /// The debt is to be recovered.
    Recovery {
        /// Why.
        reason: String,
    } => "recovery", Some("CC035C"), "recovery";
}

impl fmt::Display for MessageKind {
    /// For people: `release (CC029C)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ncts() {
            Some(number) => write!(f, "{} ({number})", self.title()),
            None => f.write_str(self.title()),
        }
    }
}

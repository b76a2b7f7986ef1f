//! Messages of a movement, named after what they are. Which of them a regime has, and under which code, is data:
//! `data/customs/messages.csv`, read as [`MessageSet`](crate::MessageSet).

use crate::Incident;
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
    ($($(#[$doc:meta])* $variant:ident $({ $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)? })?
        => $word:literal, $title:literal);+ $(;)?) => {
        /// What a message says.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "message")]
        pub enum Content {
            $($(#[$doc])* #[serde(rename = $word)] $variant $({ $($(#[$field_meta])* $field: $type),+ })?),+
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
    Declaration => "declaration", "declaration";
    /// The declaration has arrived and is readable.
    Acknowledgement => "acknowledgement", "positive acknowledgement";
    /// The declaration is rejected.
    Rejection {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "rejection", "rejection from the office of departure";
    /// An amendment, an invalidation request or a presentation is rejected; the declaration stands.
    RequestRejected {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "request_rejected", "rejection of a request";
    /// The declaration is accepted under a reference number.
    MrnAllocated {
        /// The number.
        mrn: Mrn,
    } => "mrn_allocated", "reference number allocated";
    /// The goods of a pre-lodged declaration are at the office of departure.
    Presentation => "presentation", "presentation of the goods";
    /// The declarant asks to amend the declaration.
    Amendment {
        /// Why.
        reason: String,
    } => "amendment", "amendment";
    /// The amendment is accepted; the movement is decided anew.
    AmendmentAccepted => "amendment_accepted", "amendment accepted";
    /// The office asks the declarant to amend.
    RequestToAmend {
        /// What is to be amended.
        findings: Vec<Finding>,
    } => "request_to_amend", "notification to amend";
    /// The guarantee does not cover the movement.
    GuaranteeNotValid {
        /// Why, by the code of the message set.
        #[serde(default)] code: String,
        /// Why, in words.
        reason: String,
    } => "guarantee_not_valid", "guarantee not valid";
    /// The goods or documents are to be controlled.
    ControlDecision {
        /// Why.
        findings: Vec<Finding>,
    } => "control_decision", "control decision";
    /// What the control at departure found.
    ControlResult {
        /// Whether the goods agree with the declaration.
        satisfactory: bool,
        /// What was found.
        findings: Vec<Finding>,
    } => "control_result", "control result";
    /// After minor discrepancies the declarant says whether it asks for the release.
    ReleaseRequest {
        /// Whether it asks for it.
        agreed: bool,
    } => "release_request", "request of release";
    /// The goods are released for transit.
    Release => "release", "release";
    /// The goods are not released.
    NoRelease {
        /// Why.
        findings: Vec<Finding>,
    } => "no_release", "no release";
    /// The declarant asks to invalidate the declaration.
    InvalidationRequest {
        /// Why.
        reason: String,
    } => "invalidation_request", "invalidation request";
    /// The office grants the invalidation, or invalidates by itself.
    Invalidation => "invalidation", "invalidation";
    /// The office does not grant the invalidation (the same NCTS message with the other answer).
    InvalidationRefused => "invalidation_refused", "invalidation refused";
    /// Goods of an export declaration are presented to begin the transit.
    ExportPresentation => "export_presentation", "transit presentation notification";
    /// The export system answers the presentation.
    ExportPresentationAnswer {
        /// Whether the goods may go on under transit.
        accepted: bool,
    } => "export_presentation_answer", "answer to the transit presentation notification";
    /// The export system is told that the transit does not take place.
    ExportInvalidated => "export_invalidated", "transit invalidation notification to export";
    /// Something happened on the way.
    Incident {
        /// What, in words.
        description: String,
        /// What is known of it beside; none where only words are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        incidents: Vec<Incident>,
    } => "incident", "forwarded incident";
    /// A navigation seal raised an alarm.
    SealAlarm {
        /// What.
        description: String,
    } => "seal_alarm", "alarm of a navigation seal";
    /// The goods are at the office of destination.
    Arrival => "arrival", "arrival notification";
    /// The arrival notification is rejected.
    ArrivalRejected {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "arrival_rejected", "rejection from the office of destination";
    /// The goods may be unloaded.
    UnloadingPermission => "unloading_permission", "unloading permission";
    /// What was found at unloading.
    UnloadingRemarks {
        /// Whether the goods agree with the declaration.
        conform: bool,
    } => "unloading_remarks", "unloading remarks";
    /// The unloading remarks are rejected.
    RemarksRejected {
        /// What is wrong with them.
        findings: Vec<Finding>,
    } => "remarks_rejected", "rejection of the unloading remarks";
    /// Declaration and goods differ at destination.
    Discrepancies {
        /// How.
        findings: Vec<Finding>,
    } => "discrepancies", "discrepancies";
    /// The goods are released at destination.
    GoodsRelease => "goods_release", "goods release";
    /// The export system is told what was found at destination.
    ExportDestinationResult => "export_destination_result", "destination control results to export";
    /// The movement is discharged and the guarantee is free.
    WriteOff => "write_off", "write-off";
    /// Nothing is known of the arrival: the office asks the holder.
    EnquiryRequest {
        /// Why.
        reason: String,
    } => "enquiry_request", "request on a movement that has not arrived";
    /// The holder answers the enquiry.
    EnquiryResponse {
        /// What it says.
        information: String,
    } => "enquiry_response", "information about a movement that has not arrived";
    /// The debt is to be recovered.
    Recovery {
        /// Why.
        reason: String,
    } => "recovery", "recovery";
    /// The guarantor is told that the movement is not discharged.
    GuarantorNotification {
        /// What it is told.
        reason: String,
    } => "guarantor_notification", "guarantor notification";
    /// The export system is told of the recovery.
    ExportRecovery => "export_recovery", "recovery communication to export";
    /// A message of ours was refused for what it says.
    FunctionalErrors {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "functional_errors", "functional errors";
    /// A message of ours could not be read.
    XmlErrors {
        /// What is wrong with it.
        findings: Vec<Finding>,
    } => "xml_errors", "XML errors";
}

impl Content {
    /// The reference number that it gives.
    pub const fn mrn(&self) -> Option<&Mrn> {
        match self {
            Self::MrnAllocated { mrn } => Some(mrn),
            _ => None,
        }
    }

    /// What it finds, as findings; a reason in words becomes one.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Rejection { findings }
            | Self::RequestRejected { findings }
            | Self::RequestToAmend { findings }
            | Self::ControlDecision { findings }
            | Self::ControlResult { findings, .. }
            | Self::NoRelease { findings }
            | Self::ArrivalRejected { findings }
            | Self::RemarksRejected { findings }
            | Self::Discrepancies { findings }
            | Self::FunctionalErrors { findings }
            | Self::XmlErrors { findings } => findings.clone(),
            Self::GuaranteeNotValid { reason, .. } => {
                vec![
                    Finding::error("customs.guarantee-not-valid", reason.clone())
                        .remedy("give a valid guarantee"),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// Why, in words, where it says so.
    pub fn reason(&self) -> String {
        match self {
            Self::Amendment { reason }
            | Self::InvalidationRequest { reason }
            | Self::GuaranteeNotValid { reason, .. }
            | Self::EnquiryRequest { reason }
            | Self::Recovery { reason }
            | Self::GuarantorNotification { reason } => reason.clone(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for MessageKind {
    /// For people: `release`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.title())
    }
}

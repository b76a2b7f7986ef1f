//! The published set of messages, as a closed type.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! message_types {
    ($($(#[$doc:meta])* $variant:ident => $code:literal),+ $(,)?) => {
        /// A message of the published set. Shown and serialized by its code, such as `CC015C`; its structure stands in the schema.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum MessageType {
            $($(#[$doc])* #[serde(rename = $code)] $variant),+
        }

        impl MessageType {
            /// Every message of the set, in order of code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code, which is also the name of the root element.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

message_types! {
    /// Amendment acceptance.
    Cc004c => "CC004C",
    /// Arrival notification.
    Cc007c => "CC007C",
    /// Invalidation decision.
    Cc009c => "CC009C",
    /// Declaration amendment.
    Cc013c => "CC013C",
    /// Declaration invalidation request.
    Cc014c => "CC014C",
    /// Declaration data.
    Cc015c => "CC015C",
    /// Departure control results.
    Cc017c => "CC017C",
    /// Discrepancies.
    Cc019c => "CC019C",
    /// Notification to amend the declaration.
    Cc022c => "CC022C",
    /// Guarantor notification.
    Cc023c => "CC023C",
    /// Goods release notification.
    Cc025c => "CC025C",
    /// MRN allocated.
    Cc028c => "CC028C",
    /// Release for transit.
    Cc029c => "CC029C",
    /// Recovery notification.
    Cc035c => "CC035C",
    /// Transit invalidation notification to the export system.
    Cc040c => "CC040C",
    /// Destination control results to the export system.
    Cc042c => "CC042C",
    /// Unloading permission.
    Cc043c => "CC043C",
    /// Unloading remarks.
    Cc044c => "CC044C",
    /// Write-off notification.
    Cc045c => "CC045C",
    /// Recovery communication to the export system.
    Cc048c => "CC048C",
    /// No release for transit.
    Cc051c => "CC051C",
    /// Guarantee not valid.
    Cc055c => "CC055C",
    /// Rejection from the office of departure.
    Cc056c => "CC056C",
    /// Rejection from the office of destination.
    Cc057c => "CC057C",
    /// Control decision notification.
    Cc060c => "CC060C",
    /// Presentation notification for the pre-lodged declaration.
    Cc170c => "CC170C",
    /// Forwarded incident notification.
    Cc182c => "CC182C",
    /// Transit presentation notification to the export system.
    Cc190c => "CC190C",
    /// Response to the transit presentation notification.
    Cc191c => "CC191C",
    /// Comprehensive guarantee: cancellation, liability, liberation.
    Cc228c => "CC228C",
    /// Functional refusal: rules are broken.
    Cc906c => "CC906C",
    /// Refusal of the XML: the schema is broken.
    Cc917c => "CC917C",
    /// Positive acknowledgement.
    Cc928c => "CC928C",
}

impl MessageType {
    /// The type of a code, if it is of the set.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The text is no code of the published set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no message of the published set")]
pub struct UnknownMessageType(String);

impl FromStr for MessageType {
    type Err = UnknownMessageType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shown = || text.chars().take(crate::limits::SHOWN_CHARS).collect();
        Self::find(text).ok_or_else(|| UnknownMessageType(shown()))
    }
}

/// The phase of the system that a message says it is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Phase 5.0.
    #[serde(rename = "NCTS5.0")]
    Ncts50,
    /// Phase 5.1.
    #[serde(rename = "NCTS5.1")]
    Ncts51,
    /// Phase 6.
    #[serde(rename = "NCTS6")]
    Ncts6,
}

impl Phase {
    /// Every phase that the published schemas accept.
    pub const ALL: &'static [Self] = &[Self::Ncts50, Self::Ncts51, Self::Ncts6];

    /// The value of the attribute `PhaseID`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ncts50 => "NCTS5.0",
            Self::Ncts51 => "NCTS5.1",
            Self::Ncts6 => "NCTS6",
        }
    }

    /// The phase of a word, if the schemas accept it.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|phase| phase.word() == word)
    }
}

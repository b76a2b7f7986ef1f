//! Alarms: what somebody should look at, each once, with a reason and an owner.
//!
//! [`watch`] looks at one consignment and says which conditions hold. [`Alarms::take`] is the state machine: a condition that is
//! new raises an alarm, one that no longer holds resolves it, an alarm that nobody acknowledged in time goes to the next owner.
//! An alarm has a name made of its kind, consignment and occasion, and a name is raised once, whatever comes after: later by
//! another mark, a dwell at another place or another broken seal are occasions of their own.

mod digest;
mod found;
mod order;
mod state;
mod watch;

pub use digest::{Digest, Gathered, gather};
pub use found::find_conditions;
pub use order::{AlarmOrder, Ranked, place};
pub use state::{Alarm, AlarmChange, AlarmState, Alarms};
pub use watch::{Condition, Watched, watch};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Closed lists of words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data, on the wire and on screen.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// What an alarm is about.
    AlarmKind {
        /// Expected later than planned.
        Late => "late",
        /// A stay beyond its 95th percentile.
        Dwell => "dwell",
        /// The goods are where the itinerary does not lead, or took another way.
        Deviation => "deviation",
        /// A seal that was broken, missing or changed by nobody who may.
        Seal => "seal",
        /// A temperature outside of what was agreed.
        Temperature => "temperature",
        /// No event came in when one was due.
        Silence => "silence",
    }
}

words! {
    /// Who answers for an alarm, as a role at the consignment.
    Owner {
        /// Who has the goods in charge now.
        Carrier => "carrier",
        /// Who ordered the transport.
        Forwarder => "forwarder",
        /// Who receives the goods.
        Consignee => "consignee",
        /// Who sends them.
        Consignor => "consignor",
    }
}

//! A movement and the states it can be in.

use crate::{Message, MessageKind, MovementPlan, OfficeAt, Procedure, RegimeCode};
use jiff::Timestamp;
use kervan_codes::Mrn;
use kervan_model::{Finding, MovementId, TerritoryId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One consignment under one regime from office of departure to office of destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Movement {
    /// Its id: the consignment's reference, a slash, and the number in the plan.
    pub id: MovementId,
    /// What was planned.
    pub plan: MovementPlan,
    /// When it was planned.
    pub planned: Timestamp,
    /// How the declaration was filed.
    pub filing: Filing,
    /// Where it stands.
    pub state: State,
    /// When the goods were presented at the office of departure, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presented: Option<Timestamp>,
    /// Everything that has happened to it, in the order in which it was sent.
    pub history: Vec<Step>,
    /// Every message taken in, in the order in which they were sent; the ids recognise duplicates. Those that wait for
    /// an earlier one have done nothing yet.
    #[serde(default)]
    pub messages: Vec<Taken>,
}

/// A message that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// The message.
    pub message: Message,
    /// When it came in.
    pub received: Timestamp,
    /// Whether it has done what it says; if not, it waits for one that was sent before it.
    pub applied: bool,
}

/// How a declaration is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filing {
    /// With the goods at the office of departure (NCTS additional type A).
    Present,
    /// Before they are there (NCTS additional type D); they must be presented before they are released.
    Prelodged,
}

/// Where a movement stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// The declaration is derived and waits for the day on which it may be lodged.
    Planned {
        /// Since when.
        at: Timestamp,
    },
    /// The declaration is lodged.
    Declared {
        /// Since when.
        at: Timestamp,
    },
    /// The declaration is accepted and has its reference number.
    Accepted {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
    },
    /// Held: goods or documents are to be controlled or corrected.
    UnderControl {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
        /// Why.
        findings: Vec<Finding>,
    },
    /// Released for the way.
    Released {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
        /// When the goods must be at the office of destination, if the regime limits the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrive_by: Option<Timestamp>,
    },
    /// At the office of destination.
    Arrived {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
        /// When the goods had to be there, if the regime limits the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrive_by: Option<Timestamp>,
    },
    /// At the office of destination, being unloaded.
    Unloading {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
        /// When the goods had to be there, if the regime limits the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrive_by: Option<Timestamp>,
    },
    /// Its end is not known in time; the office asks where the goods are.
    UnderEnquiry {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
        /// When the goods had to be there, if the regime limits the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrive_by: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// The debt is being recovered.
    UnderRecovery {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
        /// When the goods had to be there, if the regime limits the time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        arrive_by: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// Ended as it should.
    Discharged {
        /// Since when.
        at: Timestamp,
        /// The reference number.
        mrn: Mrn,
    },
    /// Ended without a release.
    Refused {
        /// Since when.
        at: Timestamp,
        /// The reference number, if one was issued.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mrn: Option<Mrn>,
        /// In which way.
        refusal: Refusal,
        /// Why.
        findings: Vec<Finding>,
    },
}

/// In which way a movement was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The declaration was rejected before it was accepted.
    Rejected,
    /// The goods were not released.
    NotReleased,
    /// The declaration was invalidated.
    Invalidated,
}

macro_rules! state_kinds {
    ($($(#[$doc:meta])* $variant:ident => $word:literal),+ $(,)?) => {
        /// A state without its data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum StateKind { $($(#[$doc])* $variant),+ }

        impl StateKind {
            /// Every state, in the order in which they are passed.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data and on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl State {
            /// The state without its data.
            pub const fn kind(&self) -> StateKind {
                match self { $(Self::$variant { .. } => StateKind::$variant),+ }
            }

            /// Since when.
            pub const fn at(&self) -> Timestamp {
                match self { $(Self::$variant { at, .. } => *at),+ }
            }
        }
    };
}

state_kinds! {
    /// See [`State::Planned`].
    Planned => "planned",
    /// See [`State::Declared`].
    Declared => "declared",
    /// See [`State::Accepted`].
    Accepted => "accepted",
    /// See [`State::UnderControl`].
    UnderControl => "under_control",
    /// See [`State::Released`].
    Released => "released",
    /// See [`State::Arrived`].
    Arrived => "arrived",
    /// See [`State::Unloading`].
    Unloading => "unloading",
    /// See [`State::UnderEnquiry`].
    UnderEnquiry => "under_enquiry",
    /// See [`State::UnderRecovery`].
    UnderRecovery => "under_recovery",
    /// See [`State::Discharged`].
    Discharged => "discharged",
    /// See [`State::Refused`].
    Refused => "refused",
}

impl StateKind {
    /// The state of a word, if it is one.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether nothing leads on from here.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Discharged | Self::Refused)
    }

    /// Whether the goods are on their way or behind it: they were released.
    pub const fn is_released(self) -> bool {
        match self {
            Self::Planned | Self::Declared | Self::Accepted | Self::UnderControl | Self::Refused => false,
            Self::Released
            | Self::Arrived
            | Self::Unloading
            | Self::UnderEnquiry
            | Self::UnderRecovery
            | Self::Discharged => true,
        }
    }
}

impl fmt::Display for StateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// One thing that happened to a movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When its sender wrote it.
    pub at: Timestamp,
    /// Id of the message.
    pub message_id: String,
    /// What message it was.
    pub message: MessageKind,
    /// Its code in the regime's message set, if it has one there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The state after it.
    pub state: StateKind,
    /// Which message and which rule, in a sentence.
    pub because: String,
}

impl State {
    /// The reference number, once one is issued.
    pub const fn mrn(&self) -> Option<&Mrn> {
        match self {
            Self::Planned { .. } | Self::Declared { .. } => None,
            Self::Accepted { mrn, .. }
            | Self::UnderControl { mrn, .. }
            | Self::Released { mrn, .. }
            | Self::Arrived { mrn, .. }
            | Self::Unloading { mrn, .. }
            | Self::UnderEnquiry { mrn, .. }
            | Self::UnderRecovery { mrn, .. }
            | Self::Discharged { mrn, .. } => Some(mrn),
            Self::Refused { mrn, .. } => mrn.as_ref(),
        }
    }

    /// When the goods must be, or had to be, at the office of destination, if the regime limits the time.
    pub const fn arrive_by(&self) -> Option<Timestamp> {
        match self {
            Self::Released { arrive_by, .. }
            | Self::Arrived { arrive_by, .. }
            | Self::Unloading { arrive_by, .. }
            | Self::UnderEnquiry { arrive_by, .. }
            | Self::UnderRecovery { arrive_by, .. } => *arrive_by,
            Self::Planned { .. }
            | Self::Declared { .. }
            | Self::Accepted { .. }
            | Self::UnderControl { .. }
            | Self::Discharged { .. }
            | Self::Refused { .. } => None,
        }
    }
}

impl Step {
    /// What happened, for people: title and code of the message.
    pub fn title(&self) -> String {
        match &self.code {
            Some(code) => format!("{} ({code})", self.message.title()),
            None => self.message.title().to_owned(),
        }
    }
}

impl Movement {
    /// A movement whose declaration is not lodged yet.
    pub const fn plan(id: MovementId, plan: MovementPlan, filing: Filing, now: Timestamp) -> Self {
        let state = State::Planned { at: now };
        Self {
            id,
            plan,
            planned: now,
            filing,
            state,
            presented: None,
            history: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// The territory whose administration decides.
    pub const fn territory(&self) -> &TerritoryId {
        &self.plan.territory
    }

    /// The regime.
    pub const fn regime(&self) -> &RegimeCode {
        &self.plan.regime
    }

    /// What kind of procedure it is.
    pub const fn procedure(&self) -> Procedure {
        self.plan.procedure
    }

    /// Where it begins; the administration of this office's country decides and issues the reference number.
    pub const fn departure(&self) -> &OfficeAt {
        &self.plan.departure
    }

    /// Where it ends; the administration of this office's country notes arrival and discharge.
    pub const fn destination(&self) -> &OfficeAt {
        &self.plan.destination
    }

    /// The reference number, once one is issued.
    pub const fn mrn(&self) -> Option<&Mrn> {
        self.state.mrn()
    }

    /// When the declaration was lodged, or amended last.
    pub fn lodged(&self) -> Option<Timestamp> {
        let lodging =
            |step: &&Step| matches!(step.message, MessageKind::Declaration | MessageKind::Amendment);
        self.history.iter().rev().find(lodging).map(|step| step.at)
    }
}

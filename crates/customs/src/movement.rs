//! A movement and the states it can be in.

use crate::{MessageKind, MovementPlan, OfficeAt, Procedure, RegimeCode};
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
    /// How the declaration was filed.
    pub filing: Filing,
    /// Where it stands.
    pub state: State,
    /// When the goods were presented at the office of departure, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presented: Option<Timestamp>,
    /// Everything that has happened to it, in order; the ids recognise duplicates.
    pub history: Vec<Step>,
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
    /// See [`State::Discharged`].
    Discharged => "discharged",
    /// See [`State::Refused`].
    Refused => "refused",
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
    /// When it was taken in.
    pub at: Timestamp,
    /// Id of the message.
    pub message_id: String,
    /// What message it was.
    pub message: MessageKind,
    /// The state after it.
    pub state: StateKind,
    /// Which message and which rule, in a sentence.
    pub because: String,
}

impl State {
    /// The reference number, once one is issued.
    pub const fn mrn(&self) -> Option<&Mrn> {
        match self {
            Self::Declared { .. } => None,
            Self::Accepted { mrn, .. }
            | Self::UnderControl { mrn, .. }
            | Self::Released { mrn, .. }
            | Self::Arrived { mrn, .. }
            | Self::Discharged { mrn, .. } => Some(mrn),
            Self::Refused { mrn, .. } => mrn.as_ref(),
        }
    }
}

impl Movement {
    /// A movement begins with its declaration (CC015C).
    ///
    /// `message_id` is the declarant's id of the declaration message.
    pub fn declare(
        id: MovementId,
        plan: MovementPlan,
        filing: Filing,
        message_id: &str,
        now: Timestamp,
    ) -> Self {
        let because = format!(
            "{}; rule declared-begins: a movement begins with its declaration",
            MessageKind::Declaration
        );
        let first = Step {
            at: now,
            message_id: message_id.to_owned(),
            message: MessageKind::Declaration,
            state: StateKind::Declared,
            because,
        };
        Self { id, plan, filing, state: State::Declared { at: now }, presented: None, history: vec![first] }
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
}

//! Every hit is decided once and remembered.

use crate::screen::Hit;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an officer has found out about a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Somebody else.
    Cleared,
    /// The denied party.
    Confirmed,
}

impl Verdict {
    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Confirmed => "confirmed",
        }
    }
}

/// A decision about a hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Hash of the question that the hit answered.
    pub query_hash: String,
    /// The list.
    pub list: String,
    /// The version of the list that the officer saw.
    pub list_version: String,
    /// The entity on it.
    pub entity: String,
    /// What the entity was; a material change of it opens the hit again.
    pub material: String,
    /// What was found out.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl Decision {
    /// The decision of a hit.
    pub fn of(
        hit: &Hit,
        verdict: Verdict,
        by: impl Into<String>,
        reason: impl Into<String>,
        at: Timestamp,
    ) -> Self {
        Self {
            query_hash: hit.question.clone(),
            list: hit.list.clone(),
            list_version: hit.version.clone(),
            entity: hit.entity.clone(),
            material: hit.material.clone(),
            verdict,
            by: by.into(),
            reason: reason.into(),
            at,
        }
    }
}

/// How a hit stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has decided it.
    Open,
    /// It was decided, and since then the entity has changed in what says who it is.
    Changed {
        /// What was decided.
        decision: Decision,
    },
    /// It was decided, and that holds.
    Decided {
        /// What was decided.
        decision: Decision,
    },
}

impl Standing {
    /// Whether goods may go on: only a hit that is cleared lets them.
    pub fn lets_pass(&self) -> bool {
        matches!(self, Self::Decided { decision } if decision.verdict == Verdict::Cleared)
    }
}

/// How a hit stands by all decisions: the latest about the same question and entity counts.
///
/// A new version of the list changes nothing as long as the entity is the same in substance; another spelling, country or
/// number of the party is another question.
pub fn standing_of(hit: &Hit, decisions: &[Decision]) -> Standing {
    let about = decisions.iter().filter(|decision| {
        decision.query_hash == hit.question && decision.list == hit.list && decision.entity == hit.entity
    });
    match about.max_by(|a, b| a.at.cmp(&b.at).then_with(|| a.verdict.cmp(&b.verdict))) {
        None => Standing::Open,
        Some(decision) if decision.material == hit.material => {
            Standing::Decided { decision: decision.clone() }
        }
        Some(decision) => Standing::Changed { decision: decision.clone() },
    }
}

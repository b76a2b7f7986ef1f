//! What an authority decides.

use jiff::Timestamp;
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The outcome of a decision. The order is from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The goods may go.
    Release,
    /// Somebody has to look first.
    Control,
    /// The goods must not go.
    Refuse,
}

impl Outcome {
    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Control => "control",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The exact rules a decision was taken by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackRef {
    /// Id of the pack.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its canonical content, in hexadecimal digits.
    pub hash: String,
}

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What is decided: the strongest outcome of any rule that fired.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// By which rules.
    pub rule_pack: PackRef,
    /// Why: one finding per rule that fired and per thing it fired for, in the order of the pack.
    pub findings: Vec<Finding>,
}

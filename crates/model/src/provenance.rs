//! Where a figure comes from.

use serde::{Deserialize, Serialize};

/// How far a figure can be trusted. The order is from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A judgement, or general knowledge that nobody looked up.
    Low,
    /// One secondary source, or sources that differ a little.
    Medium,
    /// An official or named source that no other contradicts.
    High,
}

/// Source, period and confidence of a figure. Every figure of the network has one, on the screen too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Provenance {
    /// The publication and its date, or `judgement` with the reason.
    pub source: String,
    /// The period that the figure speaks of, such as `2024` or `2022-05`.
    pub period: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

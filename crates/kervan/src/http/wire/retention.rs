//! How long what is kept, on the wire.

use super::Confidence;
use kervan_node::{RetentionLine, RetentionRule};
use serde::Serialize;
use utoipa::ToSchema;

/// What the table of retention says of a kind of record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Retention {
    /// `positions`, `readings` (of sensors), `estimates`, `entries`, `events`, `messages`, `audit`.
    pub kind: &'static str,
    /// How long it is kept at least; 0 if no row asks for it. Unit: month.
    pub least_months: u32,
    /// After how long it is removed; absent if it stays. Unit: month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goes_after_months: Option<u32>,
    /// Why it stays though it may be old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stays_because: Option<&'static str>,
    /// The rows of the table that say so.
    pub laws: Vec<RetentionLaw>,
}

/// A row of the table of retention.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RetentionLaw {
    /// `least`: it must be kept so long; `most`: it must not be kept longer.
    pub rule: &'static str,
    /// What asks for it, in words.
    pub law: String,
    /// How long. Unit: month.
    pub months: u32,
    /// The text of the law with its article, or `judgement:` and why.
    pub source: String,
    /// How sure that is.
    pub confidence: Confidence,
    /// Whether no law says this number: it is the judgement of whoever wrote the row.
    pub judgement: bool,
}

impl From<&RetentionLine> for Retention {
    fn from(line: &RetentionLine) -> Self {
        let law = |row: &kervan_node::RetentionRow| RetentionLaw {
            rule: if row.rule == RetentionRule::Least { "least" } else { "most" },
            law: row.law.clone(),
            months: row.months,
            source: row.source.clone(),
            confidence: row.confidence.into(),
            judgement: row.is_judgement(),
        };
        Self {
            kind: line.kind.word(),
            least_months: line.least,
            goes_after_months: line.goes_after,
            stays_because: line.stays_because,
            laws: line.laws.iter().map(law).collect(),
        }
    }
}

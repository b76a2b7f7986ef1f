//! Reports on messages of common transit, on the wire.

use super::finding::Finding;
use kervan_ncts::{Fault, Layer, Report, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

/// What a check of a message found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageReport {
    /// Whether it is valid by the published schema of its type.
    pub valid: bool,
    /// How it stands: `valid`, `breaks_rules`, `invalid`.
    #[schema(example = "breaks_rules")]
    pub verdict: &'static str,
    /// Which message it is, if its root says so.
    #[schema(example = "CC015C")]
    pub message: Option<String>,
    /// The phase that it says it is written for.
    #[schema(example = "NCTS6")]
    pub phase: Option<String>,
    /// Elements in it.
    pub elements: usize,
    /// Every fault, in the order of the message.
    pub faults: Vec<MessageFault>,
    /// Faults beyond the limit, counted only.
    pub more: usize,
}

/// A fault of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageFault {
    /// Which check found it: `xml`, `schema`, `rule`.
    #[schema(example = "rule")]
    pub layer: &'static str,
    /// What is wrong, where, by which rule.
    pub finding: Finding,
    /// Line of the text, from 1.
    pub line: Option<u32>,
    /// Character in the line, from 1.
    pub column: Option<u32>,
    /// What would be right.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
}

impl From<&Report> for MessageReport {
    fn from(report: &Report) -> Self {
        Self {
            valid: report.is_schema_valid(),
            verdict: match report.verdict {
                Verdict::Valid => "valid",
                Verdict::BreaksRules => "breaks_rules",
                Verdict::Invalid => "invalid",
            },
            message: report.message.map(|kind| kind.to_string()),
            phase: report.phase.map(|phase| phase.word().to_owned()),
            elements: report.elements,
            faults: report.faults.iter().map(MessageFault::from).collect(),
            more: report.more,
        }
    }
}

impl From<&Fault> for MessageFault {
    fn from(fault: &Fault) -> Self {
        Self {
            layer: match fault.layer {
                Layer::Xml => "xml",
                Layer::Schema => "schema",
                Layer::Rule => "rule",
            },
            finding: Finding::from(&fault.finding),
            line: fault.line,
            column: fault.column,
            expected: fault.expected.clone(),
            found: fault.found.clone(),
        }
    }
}

//! What a check says: every fault, with its path, line and what would be right.

use crate::message_type::{MessageType, Phase};
use kervan_model::{Finding, Severity};
use serde::Serialize;

/// Which of the three checks found a fault. The first two are certain; the third needs facts of an office as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// The text is not XML as the exchange allows it. An office answers with CC917C.
    Xml,
    /// The published schema of the message is broken. An office answers with CC917C.
    Schema,
    /// A rule or condition of the procedure is broken. An office answers with CC906C, CC056C or CC057C.
    Rule,
}

/// A fault of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Which check found it.
    pub layer: Layer,
    /// Code, weight, sentence, path (`/CC015C/Consignment/grossMass`), rule, source, remedy.
    #[serde(flatten)]
    pub finding: Finding,
    /// Line of the file, from 1; absent for a message that was built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Character in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// How a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No fault; warnings and remarks at most.
    Valid,
    /// Valid by the published schema, and rules of the procedure are broken: an office would refuse it.
    BreaksRules,
    /// Not valid by the published schema, or not XML.
    Invalid,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How the message stands.
    pub verdict: Verdict,
    /// Which message it is, if its root says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageType>,
    /// The phase that it says it is written for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Elements in it.
    pub elements: usize,
    /// Every fault, in the order of the message.
    pub faults: Vec<Fault>,
    /// Faults beyond the limit, counted only.
    pub more: usize,
}

impl Report {
    /// Whether the message is valid by the published schema, whatever the rules say.
    pub fn is_schema_valid(&self) -> bool {
        self.verdict != Verdict::Invalid
    }

    /// The faults of one check.
    pub fn list_faults(&self, layer: Layer) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(move |fault| fault.layer == layer)
    }
}

/// The verdict on faults.
pub(crate) fn verdict(faults: &[Fault]) -> Verdict {
    let errors = || faults.iter().filter(|fault| fault.finding.severity == Severity::Error);
    if errors().any(|fault| fault.layer != Layer::Rule) {
        Verdict::Invalid
    } else if errors().next().is_some() {
        Verdict::BreaksRules
    } else {
        Verdict::Valid
    }
}

//! Reports on messages of common transit, on the wire.

use super::finding::Finding;
use kervan_customs::SenderRole;
use kervan_ncts::{Fault, Layer, Report, Verdict};
use kervan_node::{MessageRow, XmlAnswer};
use kervan_store::ReceivedRow;
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

/// What became of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageTaken {
    /// What became of it: `applied`, `waiting`, `duplicate`, `refused`.
    #[schema(example = "applied")]
    pub outcome: &'static str,
    /// Which message it was, by its code.
    #[schema(example = "CC028C")]
    pub message: Option<String>,
    /// The movement.
    #[schema(example = "KRV-2026-0001/2")]
    pub movement: Option<String>,
    /// Where the movement stands after it.
    #[schema(example = "accepted")]
    pub state: Option<String>,
    /// What it did, or why not.
    pub findings: Vec<Finding>,
}

impl From<&XmlAnswer> for MessageTaken {
    fn from(answer: &XmlAnswer) -> Self {
        Self {
            outcome: answer.outcome.word(),
            message: answer.message.clone(),
            movement: answer.movement.as_ref().map(ToString::to_string),
            state: answer.state.clone(),
            findings: answer.findings.iter().map(Finding::from).collect(),
        }
    }
}

/// A message of a movement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MovementMessage {
    /// Its number in the movement, from 1, in the order of sending.
    pub number: usize,
    /// What it says.
    #[schema(example = "release")]
    pub kind: &'static str,
    /// The same for people.
    pub title: &'static str,
    /// Its code in the message set of the regime, if one is published.
    #[schema(example = "CC029C")]
    pub code: Option<String>,
    /// `to_office` or `from_office`.
    #[schema(example = "from_office")]
    pub direction: &'static str,
    /// Who sends it.
    #[schema(example = "departure")]
    pub sender: Option<&'static str>,
    /// The sender's id of it.
    pub id: String,
    /// When it was sent.
    pub sent: String,
    /// When it came in.
    pub received: String,
    /// Whether it has done what it says; if not, it waits for one that was sent before it.
    pub applied: bool,
    /// Where the XML is, below the list, for a message of common transit that can be written.
    #[schema(example = "3.xml")]
    pub xml: Option<String>,
    /// SHA-256 of the bytes that it was read from, if it came as XML; `/api/messages/{hash}` gives them.
    pub original: Option<String>,
}

/// A message as it came in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReceivedMessage {
    /// SHA-256 of its bytes, under which they can be had.
    pub hash: String,
    /// Who sent it.
    #[schema(example = "customs-ge")]
    pub party: String,
    /// The sender's id of it, if it could be read.
    pub identification: Option<String>,
    /// Which message it is, by its code, if it could be read.
    #[schema(example = "CC028C")]
    pub message: Option<String>,
    /// The movement that it is about, if one is known.
    #[schema(example = "KRV-2026-0001/2")]
    pub movement: Option<String>,
    /// What became of it: `applied`, `waiting`, `duplicate`, `refused`, or `received` where that is not known.
    #[schema(example = "refused")]
    pub outcome: String,
    /// When it came in.
    pub received: String,
    /// Whether a message refuses it; `/api/messages/{hash}/refusal` gives that.
    pub has_refusal: bool,
}

impl From<&ReceivedRow> for ReceivedMessage {
    fn from(row: &ReceivedRow) -> Self {
        Self {
            hash: row.hash.clone(),
            party: row.party.to_string(),
            identification: row.identification.clone(),
            message: row.code.clone(),
            movement: row.movement.as_ref().map(ToString::to_string),
            outcome: row.outcome.clone(),
            received: row.received.to_string(),
            has_refusal: row.refusal.is_some(),
        }
    }
}

impl From<&MessageRow> for MovementMessage {
    fn from(row: &MessageRow) -> Self {
        Self {
            number: row.number,
            kind: row.kind.word(),
            title: row.kind.title(),
            code: row.code.clone(),
            direction: if row.to_office { "to_office" } else { "from_office" },
            sender: row.sender.map(SenderRole::word),
            id: row.id.clone(),
            sent: row.sent.to_string(),
            received: row.received.to_string(),
            applied: row.applied,
            xml: row.has_xml.then(|| format!("{}.xml", row.number)),
            original: row.original.clone(),
        }
    }
}

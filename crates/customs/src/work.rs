//! What needs an officer: which movement, why, until when, and what the officer may do.

use crate::{Act, CONTROL_CLEAN, Decision, MessageKind, MessageSet, Movement, StateKind, list_deadlines};
use jiff::Timestamp;
use kervan_model::{Finding, MovementId, TerritoryId};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// A movement that needs an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkItem {
    /// The movement.
    pub movement: MovementId,
    /// The territory whose officers it waits for.
    pub territory: TerritoryId,
    /// Where the goods are presented.
    pub office: String,
    /// Since when it waits.
    pub since: Timestamp,
    /// Until when somebody should have acted.
    pub until: Timestamp,
    /// Why until then.
    pub because: String,
    /// The law or judgement that sets the time; none where only the arrival of the goods does.
    pub source: Option<String>,
    /// Whether the goods are there and wait.
    pub goods_wait: bool,
    /// Why it needs an officer.
    pub why: Vec<Finding>,
    /// What the rules ask for, strongest last.
    pub asked: Vec<Act>,
    /// How urgent it is by risk. Range: 0 to 1000.
    pub risk: u32,
    /// Whether the acts that end it need a second officer.
    pub four_eyes: bool,
    /// What a first officer has proposed, if it waits for a second.
    pub proposal: Option<Proposal>,
    /// What an officer may do now, by the words of the acts.
    pub acts: Vec<&'static str>,
}

/// An act that a first officer has proposed and that waits for a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The officer who proposed it, by id.
    pub officer: String,
    /// The word of the act.
    pub act: String,
    /// What the officer said to it.
    pub remark: String,
    /// When.
    pub at: Timestamp,
}

/// Who decides at departure, as `deadlines.csv` names it.
const OFFICE: &str = "departure";

/// The item of a movement on the work list of its office, if it needs an officer. The set is that of its regime.
pub fn assess_work(
    set: &MessageSet,
    movement: &Movement,
    decision: Option<&Decision>,
    proposal: Option<&Proposal>,
) -> Option<WorkItem> {
    if movement.state.kind() != StateKind::UnderControl {
        return None;
    }
    let mut why = match &movement.state {
        crate::State::UnderControl { findings, .. } => findings.clone(),
        _ => Vec::new(),
    };
    // A control that found nothing waits for the goods, not for an officer.
    let controlled = why.last().is_some_and(|finding| finding.code == CONTROL_CLEAN);
    if controlled && movement.presented.is_none() && proposal.is_none() {
        return None;
    }
    // What weighs most stands first: a note is not why somebody has to act.
    why.sort_by_key(|finding| Reverse(finding.severity));
    let asked = decision.map(|decision| decision.acts.clone()).unwrap_or_default();
    let (until, because, source) = time_of(set, movement);
    Some(WorkItem {
        movement: movement.id.clone(),
        territory: movement.departure().territory.clone(),
        office: movement.departure().name.clone(),
        since: movement.state.at(),
        until,
        because,
        source,
        goods_wait: movement.presented.is_some(),
        why,
        risk: risk_of(&asked, decision),
        four_eyes: decision.is_some_and(|decision| decision.four_eyes),
        asked,
        proposal: proposal.cloned(),
        acts: acts_of(movement),
    })
}

/// Until when somebody should have acted, why, and by which law: the office's own deadline once the goods are there.
fn time_of(set: &MessageSet, movement: &Movement) -> (Timestamp, String, Option<String>) {
    let Some(presented) = movement.presented else {
        return (movement.plan.enters, "the goods are expected then".to_owned(), None);
    };
    let because = "the goods have come and wait".to_owned();
    let own = list_deadlines(set, movement).into_iter().find(|deadline| deadline.who == OFFICE);
    match own {
        Some(deadline) => (deadline.at, because, deadline.finding.source),
        None => (presented, because, None),
    }
}

/// What an officer may do with goods under control: what the machine would take and nothing else.
fn acts_of(movement: &Movement) -> Vec<&'static str> {
    let came = |kind| movement.history.iter().any(|step| step.message == kind);
    // Goods that have not come cannot be released, and only a control has a result.
    let offered = [
        ("release", movement.presented.is_some()),
        ("control_result", came(MessageKind::ControlDecision)),
        ("control", true),
        ("ask_documents", true),
        ("hold", true),
        ("no_release", true),
    ];
    offered.into_iter().filter(|(_, may)| *may).map(|(word, _)| word).collect()
}

/// The strongest act asked for, and the chance that the model sees, on one scale.
fn risk_of(asked: &[Act], decision: Option<&Decision>) -> u32 {
    let by_rules = asked.iter().map(|act| match act {
        Act::Note => 0,
        Act::Documents => 200,
        Act::Control => 400,
        Act::Hold => 700,
        Act::Refuse => 900,
    });
    let score = decision.and_then(|decision| decision.selection.as_ref()?.score.as_ref());
    by_rules.chain(score.map(|score| score.chance_permille)).max().unwrap_or(400)
}

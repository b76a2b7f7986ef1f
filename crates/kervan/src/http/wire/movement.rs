//! Transit movements on the wire.

use super::finding::Finding;
use super::guarantee::{MovementDeadline, MovementGuarantee, MovementRefusal};
use super::plan::name_of;
use kervan_customs::{CapacityRuling, ProfilePart, Profiled, State};
use kervan_node::{Desk, MovementFile, RefusedNote, version_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A transit movement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Movement {
    /// Id: the consignment's reference, a slash, its number.
    pub id: String,
    /// The consignment.
    pub consignment: String,
    /// `export` or `transit`.
    pub procedure: &'static str,
    /// The territory whose administration decides.
    pub territory: String,
    /// Its name.
    pub territory_name: String,
    /// Regime.
    pub regime: String,
    /// Name of the regime.
    pub regime_name: String,
    /// The law.
    pub law: String,
    /// Why it is planned like this.
    pub because: String,
    /// Office of departure.
    pub office_of_departure: String,
    /// Office of destination.
    pub office_of_destination: String,
    /// Where the goods are presented.
    pub entry_place: String,
    /// Name of that place.
    pub entry_place_name: String,
    /// Where the movement ends.
    pub exit_place: String,
    /// Name of that place.
    pub exit_place_name: String,
    /// `planned`, `declared`, `accepted`, `under_control`, `released`, `arrived`, `unloading`, `under_enquiry`, `under_recovery`,
    /// `discharged` or `refused`.
    pub state: &'static str,
    /// Reference number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
    /// Its version; an officer sends it back as `If-Match`, and is told if somebody else was quicker.
    pub version: String,
    /// What happened to it.
    pub history: Vec<MovementStep>,
    /// The latest decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<MovementDecision>,
    /// Why it is held or refused.
    pub findings: Vec<Finding>,
    /// Earliest time to lodge the declaration, if the regime limits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lodge_from: Option<String>,
    /// Latest time to lodge it.
    pub lodge_by: String,
    /// When the goods must be at the office of destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrive_by: Option<String>,
    /// What the regime asks for, such as `navigation_seal`.
    pub requirements: Vec<String>,
    /// The guarantee that covers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<MovementGuarantee>,
    /// Deadlines that run, and those that have passed.
    pub deadlines: Vec<MovementDeadline>,
    /// Messages that wait for one that was sent before them, by id.
    pub waiting: Vec<String>,
    /// Messages that were refused, the latest last.
    pub refused_messages: Vec<MovementRefusal>,
}

/// A step of a movement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MovementStep {
    /// When.
    pub at: String,
    /// The state after it.
    pub state: &'static str,
    /// The message.
    pub message: String,
    /// Which message and which rule.
    pub because: String,
}

/// A decision with its reasons.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MovementDecision {
    /// `release`, `control` or `refuse`.
    pub outcome: &'static str,
    /// When.
    pub at: String,
    /// By which rules.
    pub rule_pack: RulePack,
    /// Why.
    pub findings: Vec<Finding>,
    /// The risk profiles of which some condition held, with what each condition added.
    pub profiles: Vec<DecisionProfile>,
    /// What the control team of the day had room for, if risk selected the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<DecisionCapacity>,
}

/// What a risk profile said.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionProfile {
    /// The profile.
    pub profile: String,
    /// What it looks for.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// What it asks for from its threshold on.
    pub act: &'static str,
    /// Its points.
    pub points: i32,
    /// The points from which it asks.
    pub threshold: i32,
    /// What each condition added.
    pub parts: Vec<DecisionProfilePart>,
}

/// What a condition of a profile added.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionProfilePart {
    /// What it says.
    pub title: String,
    /// Points.
    pub points: i32,
    /// Whether it held; else it could not be told.
    pub held: bool,
}

/// What the control team of the day had room for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecisionCapacity {
    /// The office or territory.
    pub team: String,
    /// The day.
    pub day: String,
    /// Controls a day.
    pub controls: u32,
    /// How many were taken.
    pub taken: u32,
    /// How many cases of a higher value were ahead.
    pub ahead: u32,
    /// The value of this case, in thousandths.
    pub value: u32,
    /// Whether there was room.
    pub room: bool,
}

/// The exact rules of a decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RulePack {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
    /// SHA-256 of its content.
    pub hash: String,
}

/// An act of a customs officer, with who acts.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct OfficerRequest {
    /// The officer's id, if it should be checked against the token; whose token it is decides.
    #[serde(default)]
    pub officer: Option<String>,
    /// What the officer does.
    #[serde(flatten)]
    pub act: OfficerMessage,
}

/// An act of a customs officer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum OfficerMessage {
    /// The goods are to be looked at.
    Control {
        /// Why.
        reason: String,
    },
    /// The goods stay until the officer decides.
    Hold {
        /// Why.
        reason: String,
    },
    /// Documents are asked for; the goods wait.
    AskDocuments {
        /// Which.
        wanted: String,
    },
    /// The control was done.
    ControlResult {
        /// Whether the goods agree with the declaration.
        satisfactory: bool,
        /// What was found.
        remark: String,
    },
    /// The goods may go.
    Release {},
    /// The goods must not go.
    NoRelease {
        /// Why.
        reason: String,
    },
}

impl Movement {
    /// A movement with the names of its places.
    pub fn new(file: &MovementFile, desk: &Desk) -> Self {
        let movement = &file.movement;
        let plan = &movement.plan;
        let findings = match &movement.state {
            State::UnderControl { findings, .. } | State::Refused { findings, .. } => findings.as_slice(),
            _ => &[],
        };
        let consignment = movement.id.as_str().rsplit_once('/').map(|(reference, _)| reference);
        Self {
            id: movement.id.to_string(),
            consignment: consignment.unwrap_or_default().to_owned(),
            procedure: movement.procedure().word(),
            territory: movement.territory().to_string(),
            territory_name: plan.territory_name.clone(),
            regime: movement.regime().to_string(),
            regime_name: plan.regime_name.clone(),
            law: plan.law.clone(),
            because: plan.because.clone(),
            office_of_departure: format!("{} ({})", plan.departure.name, plan.departure.code),
            office_of_destination: format!("{} ({})", plan.destination.name, plan.destination.code),
            entry_place: file.entry_place.to_string(),
            entry_place_name: name_of(&desk.network, &file.entry_place),
            exit_place: file.exit_place.to_string(),
            exit_place_name: name_of(&desk.network, &file.exit_place),
            state: movement.state.kind().word(),
            mrn: movement.mrn().map(ToString::to_string),
            version: version_of(file).unwrap_or_default(),
            history: movement
                .history
                .iter()
                .map(|step| MovementStep {
                    at: step.at.to_string(),
                    state: step.state.word(),
                    message: step.title(),
                    because: step.because.clone(),
                })
                .collect(),
            decision: file.decision.as_ref().map(|decision| MovementDecision {
                outcome: decision.outcome.word(),
                at: decision.at.to_string(),
                rule_pack: RulePack {
                    id: decision.rule_pack.id.clone(),
                    version: decision.rule_pack.version.clone(),
                    hash: decision.rule_pack.hash.clone(),
                },
                findings: decision.findings.iter().map(Finding::from).collect(),
                profiles: decision.profiles.iter().map(DecisionProfile::from).collect(),
                capacity: decision
                    .selection
                    .as_ref()
                    .and_then(|selection| selection.capacity.as_ref())
                    .map(DecisionCapacity::from),
            }),
            findings: findings.iter().map(Finding::from).collect(),
            lodge_from: plan.lodge_from.map(|from| from.to_string()),
            lodge_by: plan.lodge_by.to_string(),
            arrive_by: movement.state.arrive_by().map(|by| by.to_string()),
            requirements: plan.requirements.iter().map(|requirement| requirement.code.to_string()).collect(),
            guarantee: file.guarantee.as_ref().map(MovementGuarantee::from),
            deadlines: list_deadlines(file, desk),
            waiting: movement
                .messages
                .iter()
                .filter(|taken| !taken.applied)
                .map(|taken| taken.message.id.clone())
                .collect(),
            refused_messages: file.refused.iter().map(to_refusal).collect(),
        }
    }
}

impl From<&Profiled> for DecisionProfile {
    fn from(said: &Profiled) -> Self {
        let part = |part: &ProfilePart| DecisionProfilePart {
            title: part.title.clone(),
            points: part.points,
            held: part.held,
        };
        Self {
            profile: said.profile.clone(),
            title: said.title.clone(),
            source: said.source.clone(),
            act: said.act.word(),
            points: said.points,
            threshold: said.threshold,
            parts: said.parts.iter().map(part).collect(),
        }
    }
}

impl From<&CapacityRuling> for DecisionCapacity {
    fn from(ruling: &CapacityRuling) -> Self {
        Self {
            team: ruling.team.clone(),
            day: ruling.day.to_string(),
            controls: ruling.controls,
            taken: ruling.taken,
            ahead: ruling.ahead,
            value: ruling.value,
            room: ruling.room,
        }
    }
}

/// Deadlines that have passed, and those that run.
fn list_deadlines(file: &MovementFile, desk: &Desk) -> Vec<MovementDeadline> {
    let set = desk.rules.territories.messages_of(file.movement.regime());
    let passed = file.overdue.iter().map(|event| MovementDeadline::new(event, true));
    let running = kervan_customs::list_deadlines(set, &file.movement).into_iter().filter(|event| {
        !file.overdue.iter().any(|told| told.deadline == event.deadline && told.at == event.at)
    });
    passed.chain(running.map(|event| MovementDeadline::new(&event, false))).collect()
}

fn to_refusal(note: &RefusedNote) -> MovementRefusal {
    MovementRefusal {
        at: note.at.to_string(),
        id: note.message_id.clone(),
        message: note.message.word(),
        error: note.error.clone(),
        finding: Finding::from(&note.finding),
    }
}

//! Facts about transit movements and about what happened on the way.

use jiff::Timestamp;
use kervan_codes::{Mrn, PlaceCode};
use kervan_model::{Finding, MovementId, TerritoryId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A transit declaration is lodged for a movement, or lodged again with corrected data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitDeclared {
    /// The movement.
    pub movement: MovementId,
    /// The customs territory in which it begins, whose administration decides.
    pub territory: TerritoryId,
    /// The territories it crosses after the first, whose administrations may note its progress: several under a common
    /// procedure, none under a national one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub onward: Vec<TerritoryId>,
    /// The customs procedure, by its word in the territory table.
    pub regime: String,
    /// The data set of the declaration; `null` where this copy withholds it. Integers only.
    pub declaration: Value,
    /// Where the movement begins.
    pub office_of_departure: String,
    /// Where it ends.
    pub office_of_destination: String,
}

/// The authority of a territory decides on a movement or notes its progress.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitDecided {
    /// The movement.
    pub movement: MovementId,
    /// The territory that decides.
    pub territory: TerritoryId,
    /// The message that moved the state, such as `acceptance` or `control_result`.
    pub message: String,
    /// The state before, by its word; must be the state in force, else the fact is ignored.
    pub from_state: String,
    /// The state after, by its word.
    pub to_state: String,
    /// The movement reference number, once it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrn: Option<Mrn>,
    /// The outcome of a decision: `release`, `control` or `refuse`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The reasons; empty where this copy withholds them.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// The rules that were applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_pack: Option<PackRef>,
    /// When it was decided, if a decision stands behind the message; it may be long before the goods were there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Timestamp>,
    /// The case that was decided on, so that anybody can decide it again; `null` where there is none or this copy
    /// withholds it. Integers only.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub case: Value,
    /// How the case was selected besides the rules: the draw and the score, with the hash of the model; `null` if it was
    /// not.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub selection: Value,
    /// The officers who stand behind it, by their ids at the administration; two where four eyes were needed, none where the
    /// administration's rules or system acted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<String>,
}

/// Which rules decided, so that anybody can run them again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackRef {
    /// The rule pack.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text. Shape: 64 lower-case hexadecimal digits.
    pub hash: String,
}

/// Something happened to the goods: an EPCIS event, by its hash id. The event itself is kept beside the dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventReported {
    /// The hash id of the event, `ni:///sha-256;...`.
    pub event_hash: String,
    /// Its type, such as `ObjectEvent`.
    pub event_type: String,
    /// Its business step, such as `departing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub biz_step: Option<String>,
    /// Where, if the event names a place of the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// When.
    pub at: Timestamp,
}

/// The consignment was delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsignmentDelivered {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub place: PlaceCode,
}

/// The group `movement` of a declaration.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MovementHead {
    movement: MovementId,
    territory: TerritoryId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    onward: Vec<TerritoryId>,
    regime: String,
    office_of_departure: String,
    office_of_destination: String,
}

impl TransitDeclared {
    pub(crate) fn to_head(&self) -> MovementHead {
        MovementHead {
            movement: self.movement.clone(),
            territory: self.territory.clone(),
            onward: self.onward.clone(),
            regime: self.regime.clone(),
            office_of_departure: self.office_of_departure.clone(),
            office_of_destination: self.office_of_destination.clone(),
        }
    }

    pub(crate) fn from_parts(head: MovementHead, declaration: Value) -> Self {
        let MovementHead { movement, territory, onward, regime, office_of_departure, office_of_destination } =
            head;
        Self { movement, territory, onward, regime, declaration, office_of_departure, office_of_destination }
    }
}

/// The group `decision` of a decision: all but its reasons.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionHead {
    movement: MovementId,
    territory: TerritoryId,
    message: String,
    from_state: String,
    to_state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mrn: Option<Mrn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule_pack: Option<PackRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decided: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    selection: Value,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    officers: Vec<String>,
}

impl TransitDecided {
    pub(crate) fn to_head(&self) -> DecisionHead {
        DecisionHead {
            movement: self.movement.clone(),
            territory: self.territory.clone(),
            message: self.message.clone(),
            from_state: self.from_state.clone(),
            to_state: self.to_state.clone(),
            mrn: self.mrn.clone(),
            outcome: self.outcome.clone(),
            rule_pack: self.rule_pack.clone(),
            decided: self.decided,
            selection: self.selection.clone(),
            officers: self.officers.clone(),
        }
    }

    pub(crate) fn from_parts(head: DecisionHead, findings: Vec<Finding>, case: Value) -> Self {
        Self {
            movement: head.movement,
            territory: head.territory,
            message: head.message,
            from_state: head.from_state,
            to_state: head.to_state,
            mrn: head.mrn,
            outcome: head.outcome,
            findings,
            rule_pack: head.rule_pack,
            decided: head.decided,
            case,
            selection: head.selection,
            officers: head.officers,
        }
    }
}

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

/// What a rule leads to. The order is from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Worth saying; decides nothing.
    Note,
    /// Documents are asked for; the goods wait until they are there.
    Documents,
    /// Somebody has to look at the goods.
    Control,
    /// The goods stay where they are until an officer decides.
    Hold,
    /// The goods must not go.
    Refuse,
}

impl Act {
    /// Every act, from weakest to strongest.
    pub const ALL: &'static [Self] = &[Self::Note, Self::Documents, Self::Control, Self::Hold, Self::Refuse];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Documents => "documents",
            Self::Control => "control",
            Self::Hold => "hold",
            Self::Refuse => "refuse",
        }
    }

    /// What becomes of the goods: a hold and a request for documents keep them under control.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Note => Outcome::Release,
            Self::Documents | Self::Control | Self::Hold => Outcome::Control,
            Self::Refuse => Outcome::Refuse,
        }
    }
}

impl fmt::Display for Act {
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
    /// What the rules that fired ask for, from weakest to strongest; notes are not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Act>,
    /// Whether a rule that fired wants a second officer for what is done about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub four_eyes: bool,
    /// The risk profiles of the pack of which some condition held, in the order of the pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<Profiled>,
    /// How the case was selected besides the rules; absent if only the rules decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Selection>,
}

/// What a risk profile said of a case, with what each of its conditions added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiled {
    /// The profile.
    pub profile: String,
    /// What it looks for.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// What it asks for from its threshold on; never a refusal.
    pub act: Act,
    /// The weights of the conditions that held, summed. Unit: point.
    pub points: i32,
    /// The points from which it asks. Unit: point.
    pub threshold: i32,
    /// The conditions that held or could not be evaluated.
    pub parts: Vec<ProfilePart>,
}

impl Profiled {
    /// Whether the points reach the threshold.
    pub const fn selects(&self) -> bool {
        self.points >= self.threshold
    }
}

/// What a condition of a profile added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePart {
    /// The condition, by its id.
    pub condition: String,
    /// What it says.
    pub title: String,
    /// What it added. Unit: point.
    pub points: i32,
    /// Whether it held; if it could not be evaluated, its weight counts where it speaks for a control.
    pub held: bool,
}

/// How a case was selected besides the rules: the draw, the score, the examination, and what the control team of the day can
/// do. None refuses anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// The draw, if the administration has committed to a seed for the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<Drawn>,
    /// The score, if a model is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Scored>,
    /// Whether the administration examines the case, so that it is held. What is examined is for the administration alone:
    /// readers of the decision learn that it is, and no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub examined: bool,
    /// What the control team of the day had room for when the case was decided; absent where no capacity is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<CapacityRuling>,
}

/// Whether the control team of a day has room for a case that rules do not demand to be controlled, with what was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapacityRuling {
    /// The office whose team it is, or the territory where the team serves all of its offices.
    pub team: String,
    /// The day on which the goods are expected.
    pub day: jiff::civil::Date,
    /// How many controls the team can do on that day.
    pub controls: u32,
    /// How many are taken: by rules, and by cases whose goods are there.
    pub taken: u32,
    /// How many other cases of a higher value wait for what is left.
    pub ahead: u32,
    /// The value of this case. Unit: a thousandth; a case that was drawn comes before all values.
    pub value: u32,
    /// Whether there is room.
    pub room: bool,
}

/// What the draw said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// The period whose seed was used.
    pub period: String,
    /// SHA-256 of the seed, published before the period began. Shape: 64 hexadecimal digits.
    pub commitment: String,
    /// The share of cases that is drawn. Unit: a thousandth.
    pub rate_permille: u32,
    /// Whether this case was drawn.
    pub drawn: bool,
}

/// What the model said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scored {
    /// Id of the model.
    pub model: String,
    /// SHA-256 of its canonical content.
    pub hash: String,
    /// The chance that a control finds something, as the model sees it. Unit: a thousandth.
    pub chance_permille: u32,
    /// The chance from which the model selects. Unit: a thousandth.
    pub threshold_permille: u32,
    /// Whether it selected the case.
    pub selected: bool,
}

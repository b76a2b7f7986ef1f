//! The state machine of alarms.

use super::watch::{Watched, is_still_late};
use super::{AlarmKind, Condition, Owner};
use crate::parameters::Marks;
use jiff::Timestamp;
use kervan_model::{PartyId, Reference, Severity};
use kervan_units::Seconds;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Its name. Shape: consignment, kind and occasion, joined by `!`.
    pub id: String,
    /// The consignment.
    pub reference: Reference,
    /// What it is about.
    pub kind: AlarmKind,
    /// How grave.
    pub severity: Severity,
    /// What many alarms at once may have in common.
    pub cause: String,
    /// Why it was raised.
    pub reason: String,
    /// When.
    pub raised: Timestamp,
    /// Who answers for it now.
    pub owner: Owner,
    /// Where it stands.
    pub state: AlarmState,
    /// Whether it went to the next owner because nobody acknowledged it.
    pub escalated: bool,
}

/// Where an alarm stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AlarmState {
    /// Nobody has said anything yet.
    Raised,
    /// Somebody has taken it on.
    Acknowledged {
        /// Who.
        by: PartyId,
        /// When.
        at: Timestamp,
        /// What they say.
        note: String,
    },
    /// What it spoke of is no longer so.
    Resolved {
        /// When.
        at: Timestamp,
    },
}

/// What became of an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlarmChange {
    /// It is new.
    Raised(Alarm),
    /// It went to the next owner.
    Escalated(Alarm),
    /// It is over.
    Resolved(Alarm),
}

impl AlarmChange {
    /// The alarm as it is now.
    pub fn alarm(&self) -> &Alarm {
        match self {
            Self::Raised(alarm) | Self::Escalated(alarm) | Self::Resolved(alarm) => alarm,
        }
    }

    /// The word on the wire.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Raised(_) => "raised",
            Self::Escalated(_) => "escalated",
            Self::Resolved(_) => "resolved",
        }
    }
}

impl Alarm {
    /// The name of an alarm.
    pub fn name(reference: &Reference, kind: AlarmKind, occasion: &str) -> String {
        format!("{reference}!{kind}!{occasion}")
    }

    /// Whether somebody should still look at it.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, AlarmState::Resolved { .. })
    }

    fn occasion(&self) -> &str {
        self.id.splitn(3, '!').nth(2).unwrap_or_default()
    }

    /// Takes it on. An alarm that is over, or was taken on before, stays as it is.
    #[must_use]
    pub fn acknowledge(mut self, by: PartyId, at: Timestamp, note: String) -> Self {
        if self.state == AlarmState::Raised {
            self.state = AlarmState::Acknowledged { by, at, note };
        }
        self
    }
}

/// Every alarm of one consignment, also those that are over, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    by_name: BTreeMap<String, Alarm>,
}

impl Alarms {
    /// From the alarms as they were kept.
    pub fn of(alarms: impl IntoIterator<Item = Alarm>) -> Self {
        Self { by_name: alarms.into_iter().map(|alarm| (alarm.id.clone(), alarm)).collect() }
    }

    /// Every alarm, by name.
    pub fn list(&self) -> impl Iterator<Item = &Alarm> {
        self.by_name.values()
    }

    /// The name of the alarm that a condition belongs to. As long as one of the same matter is open it goes on under its name,
    /// though the beginning that is seen now may be another: an event came late, or the positions that show it are old.
    fn name_of(&self, reference: &Reference, condition: &Condition) -> String {
        let name = Alarm::name(reference, condition.kind, &condition.occasion);
        let Some(matter) = matter(&condition.occasion) else { return name };
        let same = |alarm: &&Alarm| {
            alarm.is_open() && alarm.kind == condition.kind && self::matter(alarm.occasion()) == Some(matter)
        };
        if self.by_name.contains_key(&name) {
            return name;
        }
        self.by_name.values().find(same).map_or(name, |alarm| alarm.id.clone())
    }

    /// Holds the conditions of now against the alarms of before. Returns what has changed, and nothing for what stays.
    pub fn take(&mut self, watched: &Watched<'_>, conditions: &[Condition]) -> Vec<AlarmChange> {
        let marks = &watched.parameters.alarms;
        let mut changes = Vec::new();
        let mut holding = Vec::new();
        for condition in conditions {
            let id = self.name_of(watched.reference, condition);
            if !self.by_name.contains_key(&id)
                && let Some(alarm) = raise(watched, condition, id.clone(), marks)
            {
                self.by_name.insert(id.clone(), alarm.clone());
                changes.push(AlarmChange::Raised(alarm));
            }
            holding.push(id);
        }
        for alarm in self.by_name.values_mut().filter(|alarm| alarm.is_open()) {
            let late = alarm.kind == AlarmKind::Late
                && watched.progress.delivered().is_none()
                && is_still_late(watched.parameters, alarm.occasion(), watched.itinerary, watched.eta);
            if !late && !holding.contains(&alarm.id) {
                alarm.state = AlarmState::Resolved { at: watched.now };
                changes.push(AlarmChange::Resolved(alarm.clone()));
            } else if alarm.state == AlarmState::Raised
                && !alarm.escalated
                && Seconds::between(alarm.raised, watched.now) >= marks.escalate_after
                && let Some(ownership) = marks.owners.get(&alarm.kind)
            {
                (alarm.owner, alarm.escalated) = (ownership.escalates_to, true);
                changes.push(AlarmChange::Escalated(alarm.clone()));
            }
        }
        changes
    }
}

/// What an occasion is about, if it says since when: the part before that.
fn matter(occasion: &str) -> Option<&str> {
    occasion.rsplit_once('@').map(|(matter, _)| matter)
}

/// A new alarm; nothing if nobody answers for its kind.
fn raise(watched: &Watched<'_>, condition: &Condition, id: String, marks: &Marks) -> Option<Alarm> {
    let ownership = marks.owners.get(&condition.kind)?;
    Some(Alarm {
        id,
        reference: watched.reference.clone(),
        kind: condition.kind,
        severity: ownership.severity,
        cause: condition.cause.clone(),
        reason: condition.reason.clone(),
        raised: watched.now,
        owner: ownership.owner,
        state: AlarmState::Raised,
        escalated: false,
    })
}

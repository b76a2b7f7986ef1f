//! Digests: many alarms of one cause told as one.

use super::{Alarm, AlarmKind, Owner};
use crate::parameters::Marks;
use jiff::Timestamp;
use kervan_model::{Reference, Severity};
use kervan_units::Seconds;
use std::collections::{BTreeMap, BTreeSet};

/// Open alarms that are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// What they are about.
    pub kind: AlarmKind,
    /// What they have in common.
    pub cause: String,
    /// Who answers for them.
    pub owner: Owner,
    /// When the first of them was raised.
    pub since: Timestamp,
    /// The consignments, each once.
    pub consignments: Vec<Reference>,
    /// The alarms, the earliest first; more than one makes a storm.
    pub alarms: Vec<String>,
    /// The reason of the first.
    pub reason: String,
}

impl Digest {
    /// Whether it stands for many.
    pub fn is_storm(&self, marks: &Marks) -> bool {
        self.alarms.len() >= marks.digest_from
    }
}

/// Open alarms that are told together: the alarms themselves, the earliest first, at least one.
#[derive(Clone, Debug)]
pub struct Gathered<'a>(Vec<&'a Alarm>);

impl Gathered<'_> {
    /// How grave: as the first of them.
    pub fn severity(&self) -> Severity {
        self.0.first().map_or(Severity::Info, |alarm| alarm.severity)
    }

    /// When the first of them was raised.
    pub fn since(&self) -> Timestamp {
        self.0.first().map_or(Timestamp::UNIX_EPOCH, |alarm| alarm.raised)
    }

    /// They as one.
    pub fn to_digest(&self) -> Option<Digest> {
        together(&self.0)
    }
}

/// Puts open alarms of one kind, cause and owner together that were raised within one window, if they are many enough; the
/// others stand alone. In no order.
pub fn gather<'a>(alarms: impl IntoIterator<Item = &'a Alarm>, marks: &Marks) -> Vec<Gathered<'a>> {
    let mut groups: BTreeMap<(AlarmKind, &str, Owner), Vec<&Alarm>> = BTreeMap::new();
    for alarm in alarms.into_iter().filter(|alarm| alarm.is_open()) {
        groups.entry((alarm.kind, &alarm.cause, alarm.owner)).or_default().push(alarm);
    }
    let mut gathered = Vec::new();
    for (_, mut group) in groups {
        group.sort_by(|one, other| (one.raised, &one.id).cmp(&(other.raised, &other.id)));
        for storm in in_windows(&group, marks.digest_window) {
            if storm.len() >= marks.digest_from {
                gathered.push(Gathered(storm.to_vec()));
            } else {
                gathered.extend(storm.iter().map(|alarm| Gathered(vec![*alarm])));
            }
        }
    }
    gathered
}

/// What [`gather`] puts together, as digests: the earliest first.
pub fn digest<'a>(alarms: impl IntoIterator<Item = &'a Alarm>, marks: &Marks) -> Vec<Digest> {
    let mut digests: Vec<Digest> = gather(alarms, marks).iter().filter_map(Gathered::to_digest).collect();
    digests.sort_by(|one, other| (one.since, &one.alarms).cmp(&(other.since, &other.alarms)));
    digests
}

/// Cuts a group in order of time where more than a window lies between two alarms.
fn in_windows<'s, 'a>(group: &'s [&'a Alarm], window: Seconds) -> Vec<&'s [&'a Alarm]> {
    group.chunk_by(|one, next| Seconds::between(one.raised, next.raised) <= window).collect()
}

fn together(storm: &[&Alarm]) -> Option<Digest> {
    let first = storm.first()?;
    let consignments: BTreeSet<&Reference> = storm.iter().map(|alarm| &alarm.reference).collect();
    Some(Digest {
        kind: first.kind,
        cause: first.cause.clone(),
        owner: first.owner,
        since: first.raised,
        consignments: consignments.into_iter().cloned().collect(),
        alarms: storm.iter().map(|alarm| alarm.id.clone()).collect(),
        reason: first.reason.clone(),
    })
}

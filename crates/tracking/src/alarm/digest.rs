//! Digests: many alarms of one cause told as one.

use super::{Alarm, AlarmKind, Owner};
use crate::parameters::Marks;
use jiff::Timestamp;
use kervan_model::Reference;
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

/// Puts open alarms of one kind, cause and owner together that were raised within one window, if they are many enough; the
/// others stand alone. The earliest first.
pub fn digest<'a>(alarms: impl IntoIterator<Item = &'a Alarm>, marks: &Marks) -> Vec<Digest> {
    let mut groups: BTreeMap<(AlarmKind, &str, Owner), Vec<&Alarm>> = BTreeMap::new();
    for alarm in alarms.into_iter().filter(|alarm| alarm.is_open()) {
        groups.entry((alarm.kind, &alarm.cause, alarm.owner)).or_default().push(alarm);
    }
    let mut digests = Vec::new();
    for (_, mut group) in groups {
        group.sort_by(|one, other| (one.raised, &one.id).cmp(&(other.raised, &other.id)));
        for storm in in_windows(&group, marks.digest_window) {
            if storm.len() >= marks.digest_from {
                digests.extend(together(storm));
            } else {
                digests.extend(storm.chunks(1).filter_map(together));
            }
        }
    }
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

//! Digests: many alarms of one cause told as one.

use super::{Alarm, AlarmKind, Owner};
use crate::parameters::Marks;
use jiff::Timestamp;
use kervan_model::{Reference, Severity};
use kervan_units::Seconds;
use std::cmp::Ordering;
use std::collections::BTreeSet;

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
#[derive(Clone, Copy, Debug)]
pub struct Gathered<'s, 'a>(&'s [&'a Alarm]);

impl Gathered<'_, '_> {
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
        together(self.0)
    }
}

/// Puts open alarms of one kind, cause and owner together that were raised within one window, if they are many enough; the
/// others stand alone. Puts the alarms [by likeness](by_likeness), which costs little if they are, and
/// gives what stands together in no other order.
pub fn gather<'s, 'a>(alarms: &'s mut [&'a Alarm], marks: &Marks) -> Vec<Gathered<'s, 'a>> {
    alarms.sort_unstable_by(|one, other| by_likeness(one, other));
    let near = |one: &Alarm, next: &Alarm| Seconds::between(one.raised, next.raised) <= marks.digest_window;
    let storms = alarms.chunk_by(|one, next| alike(one) == alike(next) && near(one, next));
    let size = |storm: &[&Alarm]| if storm.len() >= marks.digest_from { storm.len() } else { 1 };
    storms.flat_map(|storm| storm.chunks(size(storm)).map(Gathered)).collect()
}

/// The order in which those stand side by side that [`gather`] may put together, the earliest first.
pub fn by_likeness(one: &Alarm, other: &Alarm) -> Ordering {
    alike(one).cmp(&alike(other)).then_with(|| (one.raised, &one.id).cmp(&(other.raised, &other.id)))
}

/// What alarms that are told together have in common.
fn alike(alarm: &Alarm) -> (AlarmKind, &str, Owner) {
    (alarm.kind, &alarm.cause, alarm.owner)
}

/// What [`gather`] puts together of those that are open, as digests: the earliest first.
pub fn digest<'a>(alarms: impl IntoIterator<Item = &'a Alarm>, marks: &Marks) -> Vec<Digest> {
    let mut open: Vec<&Alarm> = alarms.into_iter().filter(|alarm| alarm.is_open()).collect();
    let mut digests: Vec<Digest> = gather(&mut open, marks).iter().filter_map(Gathered::to_digest).collect();
    digests.sort_by(|one, other| (one.since, &one.alarms).cmp(&(other.since, &other.alarms)));
    digests
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

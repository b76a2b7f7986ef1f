//! Digests: many alarms of one cause told as one.

use super::order::Ranked;
use super::{Alarm, AlarmKind, Owner};
use crate::parameters::Marks;
use jiff::Timestamp;
use kervan_model::{Reference, Severity};
use kervan_units::Seconds;
use std::cmp::Reverse;

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

/// Open alarms that are told together, the earliest first, at least one.
#[derive(Clone, Copy, Debug)]
pub struct Gathered<'s>(&'s [Ranked]);

impl Gathered<'_> {
    /// Where they stand among others that were gathered: less is graver, then earlier.
    pub fn rank(&self) -> (Reverse<Severity>, Timestamp, usize) {
        let first = self.0.first();
        first.map_or((Reverse(Severity::Info), Timestamp::MAX, usize::MAX), |first| {
            (Reverse(first.severity), first.raised, first.at)
        })
    }

    /// They as one; each alarm by its place in what was put in order.
    pub fn to_digest<'a>(&self, alarm: impl Fn(usize) -> Option<&'a Alarm>) -> Option<Digest> {
        let alarms: Vec<&Alarm> = self.0.iter().filter_map(|ranked| alarm(ranked.at)).collect();
        let first = alarms.first()?;
        let mut consignments: Vec<&Reference> = alarms.iter().map(|alarm| &alarm.reference).collect();
        consignments.sort_unstable();
        consignments.dedup();
        Some(Digest {
            kind: first.kind,
            cause: first.cause.clone(),
            owner: first.owner,
            since: first.raised,
            consignments: consignments.into_iter().cloned().collect(),
            alarms: alarms.iter().map(|alarm| alarm.id.clone()).collect(),
            reason: first.reason.clone(),
        })
    }
}

/// Puts open alarms of one kind, cause and owner together that were raised within one window, if they are many enough; the
/// others stand alone. Takes alarms in the order of [`AlarmOrder::by_likeness`](super::AlarmOrder::by_likeness), all or some, and
/// gives what stands together in no other order.
pub fn gather<'s>(alarms: &'s [Ranked], marks: &Marks) -> Vec<Gathered<'s>> {
    let near = |one: &Ranked, next: &Ranked| Seconds::between(one.raised, next.raised) <= marks.digest_window;
    let storms = alarms.chunk_by(|one, next| one.likeness == next.likeness && near(one, next));
    let size = |storm: &[Ranked]| if storm.len() >= marks.digest_from { storm.len() } else { 1 };
    storms.flat_map(|storm| storm.chunks(size(storm)).map(Gathered)).collect()
}

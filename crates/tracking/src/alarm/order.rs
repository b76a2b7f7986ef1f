//! The orders in which open alarms are told. Made once for many lists: what one caller may see of them is drawn from here, gathered
//! and cut to a page without a look at a text.

use super::{Alarm, AlarmKind, Owner};
use jiff::Timestamp;
use kervan_model::Severity;

/// An alarm among others that were put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Its place in what was put in order.
    pub at: usize,
    /// Those of one kind, cause and owner have the same number.
    pub(super) likeness: usize,
    pub(super) raised: Timestamp,
    pub(super) severity: Severity,
}

/// Open alarms in the orders in which they are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmOrder {
    alike: Vec<Ranked>,
    by_age: Vec<usize>,
}

impl AlarmOrder {
    /// Puts open alarms in order.
    pub fn of(alarms: &[&Alarm]) -> Self {
        let mut by_age: Vec<(usize, &Alarm)> = alarms.iter().copied().enumerate().collect();
        by_age.sort_unstable_by(|(_, one), (_, other)| place(one).cmp(&place(other)));
        let mut by_likeness = by_age.clone();
        by_likeness.sort_unstable_by_key(|(_, alarm)| (alike(alarm), alarm.raised, &alarm.id));
        let groups = by_likeness.chunk_by(|(_, one), (_, next)| alike(one) == alike(next));
        let of = |(likeness, group): (usize, &[(usize, &Alarm)])| {
            let rank = |(at, alarm): &(usize, &Alarm)| Ranked {
                at: *at,
                likeness,
                raised: alarm.raised,
                severity: alarm.severity,
            };
            group.iter().map(rank).collect::<Vec<_>>()
        };
        let alike = groups.enumerate().flat_map(of).collect();
        Self { alike, by_age: by_age.into_iter().map(|(at, _)| at).collect() }
    }

    /// All of them, those side by side that [`gather`](super::gather) may put together, the earliest of them first.
    pub fn by_likeness(&self) -> &[Ranked] {
        &self.alike
    }

    /// Their places in what was put in order, by [`place`].
    pub fn by_age(&self) -> &[usize] {
        &self.by_age
    }
}

/// Where an alarm stands in a list of alarms, the earliest first: the second in which it was raised, and its name.
pub fn place(alarm: &Alarm) -> (i64, &str) {
    (alarm.raised.as_second(), alarm.id.as_str())
}

/// What alarms that are told together have in common.
fn alike(alarm: &Alarm) -> (AlarmKind, &str, Owner) {
    (alarm.kind, &alarm.cause, alarm.owner)
}

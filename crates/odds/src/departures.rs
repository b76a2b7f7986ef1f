//! When something leaves.

use crate::curve::Curve;
use crate::spread::Spread;
use kervan_units::Seconds;
use std::sync::Arc;

/// When a service leaves. Times are seconds since the start of the way.
#[derive(Clone, Debug, PartialEq)]
pub enum Departures {
    /// Whenever it is wanted.
    Anytime,
    /// At even intervals; nobody has said at which moments, so any moment of an interval is as likely as any other.
    Headway {
        /// Time from one departure to the next. Unit: second. Range: from 1 on; zero counts as 1.
        every: Seconds,
    },
    /// When it is full; whoever comes waits so long.
    WhenFull {
        /// The wait.
        wait: Arc<Curve>,
        /// Whether whoever comes is told how long it will be, as at a port that says which ship has room.
        announced: bool,
    },
    /// At moments that are known.
    Timetable {
        /// Departures: until when goods must be there, and when it leaves. Invariant: both rise from one to the next.
        listed: Arc<[Leaving]>,
        /// Time from one departure to the next after the last that is listed. Unit: second. Range: from 1 on.
        after_that_every: Seconds,
    },
}

/// One departure. Unit: second since the start of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The last moment at which goods may come.
    pub cut_off: u64,
    /// When it leaves.
    pub leaves: u64,
}

impl Departures {
    /// At even intervals, at moments that nobody has said.
    pub const fn headway(every: Seconds) -> Self {
        Self::Headway { every }
    }

    /// When it is full, after a wait.
    pub fn when_full(wait: &Spread) -> Self {
        Self::WhenFull { wait: wait.shared_curve(), announced: false }
    }

    /// After a wait that is told to whoever comes.
    pub const fn announced(wait: Arc<Curve>) -> Self {
        Self::WhenFull { wait, announced: true }
    }

    /// At moments that are known, in any order, all with one cut-off.
    pub fn timetable(at: Vec<u64>, cut_off: Seconds, after_that_every: Seconds) -> Self {
        let leaving = |leaves: u64| Leaving { cut_off: leaves.saturating_sub(cut_off.get()), leaves };
        // A departure whose cut-off lies before the start can be caught by nobody.
        let in_time = at.into_iter().filter(|leaves| *leaves >= cut_off.get());
        Self::listed(in_time.map(leaving).collect(), after_that_every)
    }

    /// At moments that are known, in any order, each with a cut-off of its own.
    pub fn listed(mut listed: Vec<Leaving>, after_that_every: Seconds) -> Self {
        listed.sort_unstable_by_key(|one| (one.leaves, std::cmp::Reverse(one.cut_off)));
        // Whoever is too late for the earlier departure needs a later one with a later cut-off.
        let mut latest = None;
        listed.retain(|one| {
            let later = latest.is_none_or(|latest| one.cut_off > latest);
            latest = latest.max(Some(one.cut_off));
            later
        });
        listed.truncate(crate::limits::MOST_DEPARTURES);
        Self::Timetable { listed: listed.into(), after_that_every: after_that_every.max(Seconds::new(1)) }
    }

    /// The first departure that goods catch which are there at `time`. `None` if its moments are not known.
    pub fn next(&self, time: u64) -> Option<u64> {
        let Self::Timetable { listed, after_that_every } = self else { return None };
        let first = listed.partition_point(|one| one.cut_off < time);
        listed.get(first).map(|one| one.leaves).or_else(|| {
            let every = after_that_every.get();
            let last = listed.last().copied().unwrap_or(Leaving { cut_off: 0, leaves: 0 });
            let times = time.saturating_sub(last.cut_off).div_ceil(every).max(u64::from(listed.is_empty()));
            Some(last.leaves.saturating_add(times.saturating_mul(every)))
        })
    }

    /// The departure after one of a timetable.
    pub(crate) fn after(&self, leaves: u64) -> Option<u64> {
        let Self::Timetable { listed, after_that_every } = self else { return None };
        let next = listed.partition_point(|one| one.leaves <= leaves);
        listed.get(next).map(|one| one.leaves).or(Some(leaves.saturating_add(after_that_every.get())))
    }

    /// The wait for one who comes at any moment, where it does not depend on the moment.
    pub(crate) fn wait(&self) -> Option<Arc<Curve>> {
        match self {
            Self::Anytime => Some(Arc::new(Curve::exactly(0.0))),
            Self::Headway { every } => Some(Arc::new(Curve::even(0.0, every.get().max(1) as f64))),
            Self::WhenFull { wait, .. } => Some(Arc::clone(wait)),
            Self::Timetable { .. } => None,
        }
    }

    /// Whether goods at the gate see when the next departure is.
    pub(crate) fn is_seen(&self) -> bool {
        match self {
            Self::Headway { .. } | Self::Timetable { .. } => true,
            Self::WhenFull { announced, .. } => *announced,
            Self::Anytime => false,
        }
    }

    /// The longest wait. Unit: second.
    pub(crate) fn longest_wait(&self) -> f64 {
        match self {
            Self::Anytime => 0.0,
            Self::Headway { every } => every.get() as f64,
            Self::WhenFull { wait, .. } => wait.most(),
            Self::Timetable { listed, after_that_every } => {
                let gaps = listed.windows(2).map(|pair| pair[1].leaves - pair[0].leaves);
                let longest = gaps.chain(listed.first().map(|one| one.leaves)).max().unwrap_or(0);
                let cut_off =
                    listed.iter().map(|one| one.leaves - one.cut_off.min(one.leaves)).max().unwrap_or(0);
                (longest.max(after_that_every.get()) + cut_off) as f64
            }
        }
    }

    /// The mean wait for one who comes at any moment. Unit: second.
    pub fn mean_wait(&self) -> f64 {
        match self {
            Self::Timetable { listed, after_that_every } => {
                let span =
                    listed.last().zip(listed.first()).map_or(0, |(last, first)| last.leaves - first.leaves);
                let every = match listed.len() {
                    0 | 1 => after_that_every.get() as f64,
                    count => span as f64 / (count - 1) as f64,
                };
                let cut_off = listed.first().map_or(0, |one| one.leaves - one.cut_off.min(one.leaves));
                cut_off as f64 + every / 2.0
            }
            _ => self.wait().map_or(0.0, |wait| wait.mean()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_arrival_takes_the_next_departure() {
        let table = Departures::timetable(vec![300, 100, 200], Seconds::new(10), Seconds::new(50));
        for (time, next) in
            [(0, 100), (90, 100), (91, 200), (190, 200), (191, 300), (290, 300), (291, 350), (341, 400)]
        {
            assert_eq!(table.next(time), Some(next), "{time}");
        }
        let empty = Departures::timetable(Vec::new(), Seconds::ZERO, Seconds::new(50));
        assert_eq!([empty.next(0), empty.next(50), empty.next(51)], [Some(50), Some(50), Some(100)]);
        assert_eq!(Departures::headway(Seconds::new(7)).next(3), None);
        assert_eq!(table.longest_wait(), 110.0);
    }
}

//! Whether measurements still fit the figure that they are held against.
//!
//! Each measurement is given its rank in the figure as it was before it: evenly spread between 0 and 1 if the figure is right,
//! whatever its shape, so that no single outlier weighs more than one half. The sums of the ranks above and below one half are
//! watched for a change (Page 1954, Hinkley 1971).

use crate::parameters::Learning;
use jiff::Timestamp;

/// A change that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drifted {
    /// Since when measurements differ, as far as they can say.
    pub since: Timestamp,
    /// When it was found.
    pub found: Timestamp,
    /// Whether things take longer than before, or shorter.
    pub longer: bool,
}

/// One direction of the watch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Side {
    sum: f64,
    since: Option<Timestamp>,
}

impl Side {
    /// The sum never falls below zero: that is where a change would begin.
    fn add(&mut self, step: f64, at: Timestamp) -> f64 {
        self.sum = (self.sum + step).max(0.0);
        if self.sum == 0.0 {
            self.since = None;
        } else {
            self.since.get_or_insert(at);
        }
        self.sum
    }
}

/// The watch over one figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Watch {
    longer: Side,
    shorter: Side,
}

impl Watch {
    /// Takes in the rank of a measurement; says if that makes a change certain enough, and begins anew then.
    pub(crate) fn take(&mut self, rank: f64, at: Timestamp, learning: &Learning) -> Option<Drifted> {
        let off = rank.clamp(0.0, 1.0) - 0.5;
        let longer = self.longer.add(off - learning.drift_slack, at) > learning.drift_threshold;
        let shorter = self.shorter.add(-off - learning.drift_slack, at) > learning.drift_threshold;
        if !longer && !shorter {
            return None;
        }
        let side = if longer { self.longer } else { self.shorter };
        *self = Self::default();
        Some(Drifted { since: side.since.unwrap_or(at), found: at, longer })
    }
}

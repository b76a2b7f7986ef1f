//! A way: durations that pass and departures that are waited for, in order.

use crate::curve::Curve;
use crate::departures::Departures;
use crate::spread::Spread;
use std::sync::Arc;

/// One part of a way.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Which figure it is: parts of several ways with the same number share their luck when they are played.
    pub figure: u64,
    /// What happens.
    pub what: What,
}

/// What happens in a part of a way.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Time passes.
    Pass(Arc<Curve>),
    /// Time passes, but it begins only when something is open.
    PassWithin {
        /// When that is.
        hours: Hours,
        /// How long it takes then.
        lasts: Arc<Curve>,
    },
    /// A departure is waited for.
    Board(Departures),
}

/// When something is open: stretches of seconds since the start of the way, in order and apart. After the last one it stays open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(Arc<[(u64, u64)]>);

impl Hours {
    /// The hours of these stretches; each opens before it closes.
    pub fn new(stretches: Vec<(u64, u64)>) -> Self {
        Self(stretches.into())
    }

    /// The stretches.
    pub fn list(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// When goods may begin that are there at `time`. Never earlier for who comes later.
    pub fn enter(&self, time: u64) -> u64 {
        let ahead = self.0.partition_point(|(_, closes)| *closes <= time);
        self.0.get(ahead).map_or(time, |(opens, _)| time.max(*opens))
    }

    /// The longest that it is shut. Unit: second.
    pub(crate) fn longest_wait(&self) -> u64 {
        let first = self.0.first().map(|(opens, _)| *opens);
        let gaps = self.0.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].1));
        gaps.chain(first).max().unwrap_or(0)
    }
}

impl Part {
    /// A duration that passes.
    pub fn pass(figure: u64, duration: &Spread) -> Self {
        Self { figure, what: What::Pass(duration.shared_curve()) }
    }

    /// A duration that passes, whose curve is known.
    pub fn pass_curve(figure: u64, curve: Arc<Curve>) -> Self {
        Self { figure, what: What::Pass(curve) }
    }

    /// A duration that begins only when something is open.
    pub const fn pass_within(figure: u64, hours: Hours, lasts: Arc<Curve>) -> Self {
        Self { figure, what: What::PassWithin { hours, lasts } }
    }

    /// A departure that is waited for.
    pub const fn board(figure: u64, departures: Departures) -> Self {
        Self { figure, what: What::Board(departures) }
    }

    /// The longest that it lasts. Unit: second.
    pub(crate) fn longest(&self) -> f64 {
        match &self.what {
            What::Pass(curve) => curve.most(),
            What::PassWithin { hours, lasts } => lasts.most() + hours.longest_wait() as f64,
            What::Board(departures) => departures.longest_wait(),
        }
    }
}

/// Parts in order of time. The figures of a way are independent of each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// The parts.
    pub parts: Vec<Part>,
}

impl Way {
    /// A way of these parts.
    pub const fn new(parts: Vec<Part>) -> Self {
        Self { parts }
    }
}

//! Durations that were measured, as another room learned them: they take the place of published figures in a plan.

use kervan_codes::PlaceCode;
use kervan_model::{Confidence, ProcessKind, Provenance, ServiceId};
use kervan_odds::{Curve, Spread};
use kervan_units::{Estimate, Seconds};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which leg or dwell a learned figure speaks of. The same cuts as those of tracking.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LearnedKey {
    /// The ride on a service, from departure to arrival.
    Ride(ServiceId),
    /// A part of a stay that begins and ends with something that is reported: it ends with a border, a change of gauge, or
    /// the stay.
    Stay {
        /// Where.
        place: PlaceCode,
        /// What happens there, in order, the wait among it.
        processes: Vec<ProcessKind>,
        /// The service on which goods go on; none at the destination.
        towards: Option<ServiceId>,
    },
}

/// A duration as it was learned.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedFigure {
    /// Its distribution.
    pub(crate) curve: Arc<Curve>,
    /// As three points, for people. Unit: second.
    pub estimate: Estimate<Seconds>,
    /// Measurements that it rests on.
    pub measured: u32,
    /// Share of the published figure in it. Range: 0 to 1.
    pub published_share: f64,
}

impl LearnedFigure {
    /// From quantiles: chances and seconds, both rising; some 40 of them, the first near 0 and the last near 1.
    pub fn of_quantiles(quantiles: &[(f64, f64)], measured: u32, published_share: f64) -> Self {
        let curve = Spread::of_quantiles(quantiles).curve();
        let at = |chance: f64| Seconds::new(curve.at(chance).max(0.0).round() as u64);
        let (low, middle, high) = (at(0.02), at(0.5), at(0.98));
        let estimate = Estimate::new(low, middle.max(low), high.max(middle).max(low));
        let estimate = estimate.unwrap_or(Estimate::exactly(middle));
        Self { curve: Arc::new(curve), estimate, measured, published_share }
    }

    /// Where it comes from.
    pub(crate) fn provenance(&self) -> Provenance {
        /// From so many measurements on a figure is sure, and from so many on fairly so. A judgement.
        const SURE: u32 = 30;
        const FAIRLY: u32 = 8;
        Provenance {
            source: format!(
                "measured {} times; the published figure counts {:.0} %",
                self.measured,
                self.published_share * 100.0
            ),
            period: "as learned".to_owned(),
            confidence: match self.measured {
                SURE.. => Confidence::High,
                FAIRLY.. => Confidence::Medium,
                _ => Confidence::Low,
            },
        }
    }

    /// The mean. Unit: second.
    pub fn mean(&self) -> f64 {
        self.curve.mean()
    }
}

/// What was learned, by leg and dwell. Empty: a plan rests on published figures alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    figures: BTreeMap<LearnedKey, LearnedFigure>,
}

impl Learned {
    /// Puts a figure in the place of the published one.
    pub fn insert(&mut self, key: LearnedKey, figure: LearnedFigure) {
        self.figures.insert(key, figure);
    }

    /// The figure of a leg or dwell, if there is one.
    pub fn find(&self, key: &LearnedKey) -> Option<&LearnedFigure> {
        self.figures.get(key)
    }

    /// Every figure, by key.
    pub fn list(&self) -> impl Iterator<Item = (&LearnedKey, &LearnedFigure)> {
        self.figures.iter()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }
}

impl FromIterator<(LearnedKey, LearnedFigure)> for Learned {
    fn from_iter<T: IntoIterator<Item = (LearnedKey, LearnedFigure)>>(figures: T) -> Self {
        Self { figures: figures.into_iter().collect() }
    }
}

//! The book of what was measured: one page for each leg and dwell.

use crate::chance::median;
use crate::drift::{Drifted, Watch};
use crate::figure::{Atom, Figure, FigureKey};
use crate::limits::{MOST_FIGURES, MOST_MEASURED};
use crate::parameters::Learning;
use crate::segment::segments;
use jiff::Timestamp;
use kervan_model::{Finding, Itinerary};
use kervan_units::{Estimate, Seconds};
use std::collections::{BTreeMap, VecDeque};

/// How long something took, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What.
    pub key: FigureKey,
    /// What took this time: one departure of a service, or one stay of one consignment. Ten containers on one ship are one
    /// measurement of its voyage.
    pub instance: String,
    /// When it was over.
    pub at: Timestamp,
    /// How long. Unit: second.
    pub seconds: Seconds,
    /// What is published for it. Unit: second. Shape: parts that add up.
    pub published: Vec<Estimate<Seconds>>,
}

/// Everything that was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    pages: BTreeMap<FigureKey, Page>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Page {
    measured: VecDeque<Measured>,
    watch: Watch,
    /// Measurements in all, also those that are no longer remembered.
    count: u32,
    drifted: Option<Drifted>,
    published: Vec<Estimate<Seconds>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Measured {
    at: Timestamp,
    seconds: f64,
    instance: String,
}

/// One page of the book, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedFigure {
    /// What it speaks of.
    pub key: FigureKey,
    /// The figure as it counts.
    pub figure: Figure,
    /// The last change that was found.
    pub drifted: Option<Drifted>,
}

impl Learned {
    /// Takes a measurement in. The same instance a second time changes nothing.
    ///
    /// Returns a finding if the measurements have drifted away from the figure. What was before the change, and the published
    /// figure with it, counts for little from then on.
    pub fn take(&mut self, measure: &Measure, learning: &Learning) -> Option<Finding> {
        if !self.pages.contains_key(&measure.key) && self.pages.len() >= MOST_FIGURES {
            return None;
        }
        let page = self.pages.entry(measure.key.clone()).or_default();
        if page.measured.iter().any(|known| known.instance == measure.instance) {
            return None;
        }
        let figure = page.figure(&measure.published, learning, measure.at);
        let seconds = (measure.seconds.get() as f64).max(1.0);
        let drifted = page.watch.take(figure.chance_below(seconds), measure.at, learning);
        let measured = Measured { at: measure.at, seconds, instance: measure.instance.clone() };
        // Events come in any order; measurements are kept in order of time.
        let place = page.measured.partition_point(|known| known.at <= measured.at);
        page.measured.insert(place, measured);
        if page.measured.len() > MOST_MEASURED {
            page.measured.pop_front();
        }
        page.count = page.count.saturating_add(1);
        page.published.clone_from(&measure.published);
        let drifted = drifted?;
        page.drifted = Some(drifted);
        let word = if drifted.longer { "longer" } else { "shorter" };
        let message = format!(
            "{} takes {word} than its figure since {}",
            measure.key,
            drifted.since.strftime("%Y-%m-%d")
        );
        let remedy = "look at the published figure: measurements replace it from now on";
        Some(Finding::warning("tracking.figure-drift", message).at(measure.key.to_string()).remedy(remedy))
    }

    /// The figure of a leg or dwell: the published parts and what was measured.
    pub fn figure(
        &self,
        key: &FigureKey,
        published: &[Estimate<Seconds>],
        learning: &Learning,
        now: Timestamp,
    ) -> Figure {
        match self.pages.get(key) {
            Some(page) => page.figure(published, learning, now),
            None => Figure::published(published),
        }
    }

    /// How many measurements there are of something.
    pub fn count(&self, key: &FigureKey) -> u32 {
        self.pages.get(key).map_or(0, |page| page.count)
    }

    /// The pages of the legs and dwells of an itinerary.
    #[must_use]
    pub fn of_itinerary(&self, itinerary: &Itinerary) -> Self {
        let mut keys: Vec<FigureKey> =
            itinerary.legs().map(|leg| FigureKey::Ride(leg.service.clone())).collect();
        keys.extend(itinerary.legs().map(|leg| FigureKey::Boarded(leg.service.clone())));
        keys.extend(
            (0..itinerary.steps.len()).flat_map(|step| segments(itinerary, step)).map(|part| part.key),
        );
        let pages = keys.into_iter().filter_map(|key| Some((key.clone(), self.pages.get(&key)?.clone())));
        Self { pages: pages.collect() }
    }

    /// Measurements of something since an instant.
    pub fn count_since(&self, key: &FigureKey, since: Timestamp) -> usize {
        self.pages.get(key).map_or(0, |page| {
            page.measured.len() - page.measured.partition_point(|measured| measured.at < since)
        })
    }

    /// When something was first measured, as far as is remembered.
    pub fn first(&self, key: &FigureKey) -> Option<Timestamp> {
        self.pages.get(key)?.measured.front().map(|measured| measured.at)
    }

    /// Every page, by key.
    pub fn list(&self, learning: &Learning, now: Timestamp) -> Vec<LearnedFigure> {
        let pages = self.pages.iter();
        pages
            .map(|(key, page)| LearnedFigure {
                key: key.clone(),
                figure: page.figure(&page.published, learning, now),
                drifted: page.drifted,
            })
            .collect()
    }
}

impl Page {
    fn figure(&self, published: &[Estimate<Seconds>], learning: &Learning, now: Timestamp) -> Figure {
        let figure = Figure::published(published);
        let mut counts_as = learning.published_counts_as;
        if self.drifted.is_some() {
            counts_as = (counts_as * learning.drift_remembers).max(0.5);
        }
        figure.clone().with(self.count, &self.atoms(&figure, learning, now), counts_as)
    }

    fn atoms(&self, published: &Figure, learning: &Learning, now: Timestamp) -> Vec<Atom> {
        /// The factor that makes the median of absolute deviations a deviation, for a normal distribution.
        const MAD: f64 = 1.4826;
        let mut logs: Vec<f64> = self.measured.iter().map(|measured| measured.seconds.ln()).collect();
        let middle = median(&mut logs);
        let mut apart: Vec<f64> = logs.iter().map(|log| (log - middle).abs()).collect();
        // Few measurements that agree by chance must not make the next one look like an outlier.
        let scale = (MAD * median(&mut apart)).max(published.log_deviation());
        self.measured
            .iter()
            .map(|measured| {
                let log = measured.seconds.ln();
                let age = Seconds::between(measured.at, now).get() as f64;
                let off = (log - middle).abs() / scale;
                let trust = if off > learning.suspect_beyond { learning.suspect_beyond / off } else { 1.0 };
                let before = self.drifted.is_some_and(|drifted| measured.at < drifted.since);
                let memory = if before { learning.drift_remembers } else { 1.0 };
                Atom { log, weight: (-age / learning.half_life_s).exp2() * trust * memory }
            })
            .collect()
    }
}

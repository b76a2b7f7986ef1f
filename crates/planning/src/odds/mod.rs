//! When goods will be where, with odds: the figures of a plan as distributions.
//!
//! What is drawn and computed stands in `kervan_odds`; here the figures of the network get their numbers. Every uncertain
//! figure (the ride of a service, the departures of one, a process at a place) has its own luck, so that alternatives which
//! share a figure share its luck (common random numbers).

mod learned;

pub use learned::{Learned, LearnedFigure, LearnedKey};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kervan_model::ProcessKind;
use kervan_network::{Frequency, Network, Opening, Runs, Service};
pub(crate) use kervan_odds::Course;
use kervan_odds::{Curve, Departures, Hours, Leaving, Luck, Spread};
use kervan_units::{Estimate, Seconds};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How far departures are listed; after that they are taken to go on as the last two did.
const HORIZON: Seconds = Seconds::from_hours(120 * 24);

/// An uncertain duration, by what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FigureId<'n> {
    /// The ride of a service.
    Ride(&'n str),
    /// The departures of a service.
    Wait(&'n str),
    /// A process at a place.
    Process(&'n str),
}

impl FigureId<'_> {
    /// The number of its luck: FNV-1a over the kind and the id.
    pub(crate) fn number(self) -> u64 {
        let (kind, id) = match self {
            Self::Ride(id) => (b'r', id),
            Self::Wait(id) => (b'w', id),
            Self::Process(id) => (b'p', id),
        };
        let bytes = std::iter::once(kind).chain(id.bytes());
        bytes
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// The luck of a plan, and the distributions of the figures that were asked for so far.
pub(crate) struct Odds<'n> {
    luck: Luck,
    learned: &'n Learned,
    curves: BTreeMap<(FigureId<'n>, [Seconds; 3]), Arc<Curve>>,
    /// The departures of a service for goods that are ready at an instant.
    departures: BTreeMap<(&'n str, Timestamp), Departures>,
}

impl<'n> Odds<'n> {
    pub(crate) fn new(seed: u64, samples: u32, learned: &'n Learned) -> Self {
        Self { luck: Luck::new(seed, samples), learned, curves: BTreeMap::new(), departures: BTreeMap::new() }
    }

    /// Lets a learned duration pass, if there is one; returns whether.
    pub(crate) fn pass_learned(
        &mut self,
        course: &mut Course,
        figure: FigureId<'_>,
        key: &LearnedKey,
    ) -> bool {
        let Some(learned) = self.learned.find(key) else { return false };
        self.luck.pass(course, figure.number(), &learned.curve);
        true
    }

    /// A course that has not begun.
    pub(crate) fn start(&self) -> Course {
        self.luck.start()
    }

    /// Lets a duration pass.
    pub(crate) fn pass(&mut self, course: &mut Course, figure: FigureId<'n>, duration: Estimate<Seconds>) {
        let curve = self
            .curves
            .entry((figure, [duration.min(), duration.typ(), duration.max()]))
            .or_insert_with(|| Spread::Pert(duration).shared_curve());
        self.luck.pass(course, figure.number(), curve);
    }

    /// Waits until a place is open.
    pub(crate) fn enter(&self, course: &mut Course, hours: &Hours) {
        self.luck.enter(course, hours);
    }

    /// Waits for the next departure of a service; who comes too late for one takes the next.
    pub(crate) fn board(
        &mut self,
        course: &mut Course,
        network: &Network,
        service: &'n Service,
        ready: Timestamp,
    ) {
        let id = service.id.as_str();
        let listed =
            self.departures.entry((id, ready)).or_insert_with(|| departures(network, service, ready));
        self.luck.board(course, FigureId::Wait(id).number(), listed);
    }
}

/// When something is open, for goods that start at an instant; `None` if it always is.
pub(crate) fn hours(opening: &Opening<'_>, start: Timestamp) -> Option<Hours> {
    if opening.rows().is_empty() {
        return None;
    }
    let until = start.checked_add(HORIZON.to_duration()).unwrap_or(Timestamp::MAX);
    let since = |at: Timestamp| Seconds::between(start, at).get();
    let stretches = opening.list_windows(start, until).into_iter();
    Some(Hours::new(stretches.map(|(opens, closes)| (since(opens), since(closes))).collect()))
}

/// The departures of a service for goods that start at an instant: its timetable, where it has one that holds then. What is
/// played and what is computed take them from here, so that both speak of the same ships.
pub(crate) fn departures(network: &Network, service: &Service, start: Timestamp) -> Departures {
    let zone = network.find_place(&service.from).and_then(|place| TimeZone::get(&place.zone).ok());
    let day = start.to_zoned(zone.unwrap_or(TimeZone::UTC)).date();
    match network.frequency_on(service, day) {
        Frequency::Runs(runs) => of_runs(runs),
        Frequency::Timetabled => {
            let until = start.checked_add(HORIZON.to_duration()).unwrap_or(Timestamp::MAX);
            let since = |at: Timestamp| Seconds::between(start, at).get();
            let listed: Vec<Leaving> = network
                .list_departures(service, start, until)
                .iter()
                .filter(|departure| departure.cut_off >= start)
                .map(|departure| Leaving {
                    cut_off: since(departure.cut_off),
                    leaves: since(departure.leaves),
                })
                .collect();
            let last_gap = listed.windows(2).last().map(|pair| pair[1].leaves - pair[0].leaves);
            Departures::listed(listed, Seconds::new(last_gap.unwrap_or(HORIZON.get())))
        }
    }
}

/// Departures at no known moments.
fn of_runs(runs: Runs) -> Departures {
    match runs {
        Runs::Headway { every } => Departures::headway(every),
        Runs::LeavesWhenFull { wait } => Departures::when_full(&Spread::Pert(wait)),
        Runs::OnDemand => Departures::Anytime,
    }
}

/// The parts of a stay of which each may be learned as a whole: a border and a change of gauge end one each.
pub(crate) fn learned_ranges(kinds: &[ProcessKind]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut first = 0;
    for (index, kind) in kinds.iter().enumerate() {
        if matches!(kind, ProcessKind::Border | ProcessKind::GaugeChange) {
            ranges.push(first..index + 1);
            first = index + 1;
        }
    }
    ranges.push(first..kinds.len());
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_luck_of_its_own() {
        let numbers = [
            FigureId::Ride("S1").number(),
            FigureId::Wait("S1").number(),
            FigureId::Process("S1").number(),
            FigureId::Ride("S2").number(),
        ];
        for (index, number) in numbers.iter().enumerate() {
            assert!(!numbers[..index].contains(number));
        }
    }
}

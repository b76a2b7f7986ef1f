//! From an itinerary to a way of figures: durations that pass, departures that are caught.

use super::{FigureFit, FigureOf};
use crate::Learned;
use crate::odds::{FigureId, LearnedKey, departures, hours, learned_ranges};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Itinerary, Leg, ProcessKind, ProcessStay, Provenance, ServiceId, Stay, Step};
use kervan_network::Network;
use kervan_odds::{Departures, Family, Part, Spread, Way, What, points_uncertainty};
use kervan_units::{Estimate, Seconds};
use std::sync::Arc;

/// One part of a way with what it is of.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Number of the step of the itinerary to which it belongs.
    pub(crate) step: usize,
    pub(crate) of: FigureOf,
    /// Least, typical and most, as they are swung. Unit: second.
    pub(crate) points: Estimate<Seconds>,
    pub(crate) provenance: Provenance,
    pub(crate) family: Family,
    pub(crate) fit: Option<FigureFit>,
}

/// A way with what its parts are of, part by part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traced {
    pub(crate) way: Way,
    pub(crate) figures: Vec<Figure>,
}

/// What the way of an itinerary is read from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) network: &'a Network,
    pub(crate) learned: &'a Learned,
    pub(crate) start: Timestamp,
}

impl Traced {
    /// The way of an itinerary.
    pub(crate) fn of_itinerary(itinerary: &Itinerary, source: Source<'_>) -> Self {
        let mut traced = Self::default();
        let mut came_on: Option<&ServiceId> = None;
        for (step, one) in itinerary.steps.iter().enumerate() {
            match one {
                Step::Stay(stay) => {
                    let next = itinerary.steps.get(step + 1).and_then(|step| match step {
                        Step::Leg(leg) => Some(&leg.service),
                        Step::Stay(_) => None,
                    });
                    traced.stay(step, stay, came_on, next, source);
                }
                Step::Leg(leg) => {
                    traced.ride(step, leg, source);
                    came_on = Some(&leg.service);
                }
            }
        }
        traced
    }

    /// Whether a departure or an opening depends on when goods come: otherwise a figure moves the arrival by as much as it moves itself.
    pub(crate) fn has_timetable(&self) -> bool {
        let depends =
            |what: &What| matches!(what, What::Board(Departures::Timetable { .. }) | What::PassWithin { .. });
        self.way.parts.iter().any(|part| depends(&part.what))
    }

    /// How long a part lasts on average. Unit: second.
    pub(crate) fn part_mean(&self, index: usize) -> f64 {
        match self.way.parts.get(index).map(|part| &part.what) {
            Some(What::Pass(curve) | What::PassWithin { lasts: curve, .. }) => curve.mean(),
            Some(What::Board(departures)) => departures.mean_wait(),
            None => 0.0,
        }
    }

    fn ride(&mut self, step: usize, leg: &Leg, source: Source<'_>) {
        let number = FigureId::Ride(leg.service.as_str()).number();
        let of = FigureOf::Ride { service: leg.service.clone() };
        let key = LearnedKey::Ride(leg.service.clone());
        if !self.learned(step, number, &key, &of, source) {
            self.pass(step, number, of, leg.running, &leg.provenance);
        }
    }

    fn stay(
        &mut self,
        step: usize,
        stay: &Stay,
        after: Option<&ServiceId>,
        next: Option<&ServiceId>,
        source: Source<'_>,
    ) {
        let kinds: Vec<ProcessKind> = stay.processes.iter().map(|process| process.kind).collect();
        for range in learned_ranges(&kinds) {
            let processes = stay.processes.get(range.clone()).unwrap_or_default();
            let Some(first) = processes.first() else { continue };
            let key = LearnedKey::Stay {
                place: stay.place.clone(),
                processes: kinds.get(range).unwrap_or_default().to_vec(),
                towards: next.cloned(),
            };
            let of = figure_of(&stay.place, first.kind, after, next);
            if self.learned(step, FigureId::Process(stay.place.as_str()).number(), &key, &of, source) {
                continue;
            }
            for process in processes {
                self.process(step, stay, process, after, next, source);
            }
        }
    }

    fn process(
        &mut self,
        step: usize,
        stay: &Stay,
        process: &ProcessStay,
        after: Option<&ServiceId>,
        next: Option<&ServiceId>,
        source: Source<'_>,
    ) {
        let of = figure_of(&stay.place, process.kind, after, next);
        let service = next.filter(|_| process.kind == ProcessKind::Wait);
        if let Some(service) = service.and_then(|id| source.network.find_service(id)) {
            let number = FigureId::Wait(service.id.as_str()).number();
            let leaves = departures(source.network, service, source.start);
            let family = match &leaves {
                Departures::WhenFull { .. } => Family::Pert,
                Departures::Anytime | Departures::Headway { .. } => Family::Even,
                Departures::Timetable { .. } => Family::Empirical,
            };
            self.way.parts.push(Part::board(number, leaves));
            let provenance = process.provenance.clone();
            self.figures.push(Figure { step, of, points: process.duration, provenance, family, fit: None });
            return;
        }
        let number = FigureId::Process(&format!("{}/{}", stay.place, process.kind.word())).number();
        self.pass(step, number, of, process.duration, &process.provenance);
        let mode = |id: Option<&ServiceId>| Some(source.network.find_service(id?)?.mode);
        let opening = source.network.opening_of(&stay.place, process.kind, [mode(after), mode(next)]);
        if let (Some(hours), Some(part)) = (hours(&opening, source.start), self.way.parts.last_mut())
            && let What::Pass(lasts) = &part.what
        {
            *part = Part::pass_within(number, hours, Arc::clone(lasts));
        }
    }

    fn pass(
        &mut self,
        step: usize,
        number: u64,
        of: FigureOf,
        points: Estimate<Seconds>,
        provenance: &Provenance,
    ) {
        let fit =
            (points.max() > points.min()).then(|| FigureFit::Points { distance: points_uncertainty(points) });
        self.way.parts.push(Part::pass(number, &Spread::Pert(points)));
        self.figures.push(Figure {
            step,
            of,
            points,
            provenance: provenance.clone(),
            family: Family::Pert,
            fit,
        });
    }

    /// Puts a learned figure in, if there is one.
    fn learned(
        &mut self,
        step: usize,
        number: u64,
        key: &LearnedKey,
        of: &FigureOf,
        source: Source<'_>,
    ) -> bool {
        let Some(learned) = source.learned.find(key) else { return false };
        self.way.parts.push(Part::pass_curve(number, Arc::clone(&learned.curve)));
        self.figures.push(Figure {
            step,
            of: of.clone(),
            points: learned.estimate,
            provenance: learned.provenance(),
            family: Family::Empirical,
            fit: Some(FigureFit::Learned {
                measured: learned.measured,
                published_share: learned.published_share,
            }),
        });
        true
    }
}

fn figure_of(
    place: &PlaceCode,
    kind: ProcessKind,
    after: Option<&ServiceId>,
    next: Option<&ServiceId>,
) -> FigureOf {
    match next.filter(|_| kind == ProcessKind::Wait) {
        Some(service) => FigureOf::Wait { service: service.clone() },
        None => FigureOf::Process { place: place.clone(), kind, after: after.cloned() },
    }
}

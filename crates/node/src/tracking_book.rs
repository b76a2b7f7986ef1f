//! What the node knows of its corridor: measurements, queues, departures, closures, scores. Kept in the store, held in memory.

use crate::Refusal;
use crate::closure::{SignedClosure, in_force};
use crate::crossing::things_of_way;
use crate::figure_version::read_measure;
use jiff::Timestamp;
use kervan_events::{MilestoneCode, Progress};
use kervan_model::{Finding, Itinerary, Reference, ServiceId, Step};
use kervan_network::{Network, Runs};
use kervan_store::{MeasuredRow, ScoredRow, Store, TrackingWrite};
use kervan_tracking::{
    Calibration, ClosureNow, FigureKey, Known, Learned, Missed, Parameters, Queues, Scored, find_open_dwell,
};
use std::collections::BTreeMap;

/// The book. What is saved is noted in it right after, so that the next estimate knows it.
#[derive(Default)]
pub(crate) struct TrackingBook {
    pub(crate) learned: Learned,
    dwelling: BTreeMap<Reference, (FigureKey, Timestamp)>,
    departed: BTreeMap<ServiceId, Timestamp>,
    pub(crate) closures: Vec<ClosureNow>,
    pub(crate) scored: Vec<Scored>,
    calibration: Calibration,
    /// Figures that were found to have drifted, the latest last.
    pub(crate) drifts: Vec<Finding>,
}

/// What an estimate of one consignment knows besides its own events.
pub(crate) struct Around {
    queues: Queues,
    missed: Option<Missed>,
}

impl TrackingBook {
    /// Reads the book. Errors: the store fails, or something of our own cannot be read.
    pub(crate) fn load(store: &Store, network: &Network, parameters: &Parameters) -> Result<Self, Refusal> {
        let mut book = Self::default();
        for row in store.list_measured()? {
            book.measured(&row, parameters);
        }
        for text in store.list_scored()? {
            let scored =
                serde_json::from_str(&text).map_err(|error| Refusal::broken("a stored score", &error))?;
            book.scored.push(scored);
        }
        for (reference, key, since) in store.list_dwelling()? {
            // A key of an older version says nothing any more.
            if let Ok(key) = key.parse() {
                book.dwelling.insert(reference, (key, since));
            }
        }
        for (service, at) in store.list_departed()? {
            book.departed.extend(service.parse().ok().map(|service| (service, at)));
        }
        for row in store.list_closures(true)? {
            let signed: SignedClosure = serde_json::from_str(&row.closure)
                .map_err(|error| Refusal::broken("a stored closure", &error))?;
            book.closures.push(in_force(network, signed.closure));
        }
        book.calibration = Calibration::of(&parameters.scoring, &book.scored);
        Ok(book)
    }

    /// Takes in what was saved.
    pub(crate) fn note(&mut self, write: &TrackingWrite, network: &Network, parameters: &Parameters) {
        match write {
            TrackingWrite::Measured(row) => self.measured(row, parameters),
            TrackingWrite::Scored(row) => self.score(row, parameters),
            TrackingWrite::Dwelling { reference, dwell } => {
                match dwell.as_ref().and_then(|(key, since)| Some((key.parse().ok()?, *since))) {
                    Some(dwell) => self.dwelling.insert(reference.clone(), dwell),
                    None => self.dwelling.remove(reference),
                };
            }
            TrackingWrite::Departed { service, at } => {
                if let Ok(service) = service.parse() {
                    let last = self.departed.entry(service).or_insert(*at);
                    *last = (*last).max(*at);
                }
            }
            TrackingWrite::Closure(row) => {
                self.closures.retain(|known| known.closure.id != row.id);
                if let (true, Ok(signed)) = (row.open, serde_json::from_str::<SignedClosure>(&row.closure)) {
                    self.closures.push(in_force(network, signed.closure));
                }
            }
            TrackingWrite::Alarm(_) | TrackingWrite::Way { .. } => {}
        }
    }

    fn measured(&mut self, row: &MeasuredRow, parameters: &Parameters) {
        /// Drifts that are remembered.
        const MOST_DRIFTS: usize = 100;
        let Some(measure) = read_measure(row) else { return };
        self.drifts.extend(self.learned.take(&measure, &parameters.learning));
        if self.drifts.len() > MOST_DRIFTS {
            self.drifts.remove(0);
        }
    }

    fn score(&mut self, row: &ScoredRow, parameters: &Parameters) {
        if let Ok(scored) = serde_json::from_str(&row.scored) {
            self.scored.push(scored);
            let most = kervan_tracking::limits::MOST_SCORED;
            let over = self.scored.len().saturating_sub(most);
            self.scored.drain(..over);
            self.calibration = Calibration::of(&parameters.scoring, &self.scored);
        }
    }

    /// What was measured of the legs and dwells of an itinerary.
    pub(crate) fn learned_of(&self, itinerary: &Itinerary) -> Learned {
        self.learned.of_itinerary(itinerary)
    }

    /// Queues as they are now.
    pub(crate) fn queues(&self, parameters: &Parameters, now: Timestamp) -> Queues {
        Queues::count(self.dwelling.values().map(|(key, _)| key), &self.learned, parameters, now)
    }

    /// What an estimate of one consignment knows besides its own events.
    pub(crate) fn around(
        &self,
        network: &Network,
        (itinerary, progress): (&Itinerary, &Progress),
        parameters: &Parameters,
        now: Timestamp,
    ) -> Around {
        let queues = self.queues(parameters, now);
        Around { queues, missed: self.missed(network, itinerary, progress) }
    }

    /// The last departure that left while the goods stood there waiting for it.
    fn missed(&self, network: &Network, itinerary: &Itinerary, progress: &Progress) -> Option<Missed> {
        let (FigureKey::Stay { towards: Some(service), .. }, since) = find_open_dwell(itinerary, progress)?
        else {
            return None;
        };
        let at = self.departed.get(&service).copied().filter(|at| *at > since)?;
        let known = network.find_service(&service);
        let every = known.and_then(|service| match service.runs {
            Runs::Headway { every } => Some(every),
            Runs::LeavesWhenFull { .. } | Runs::OnDemand => None,
        });
        let name = known.map_or_else(|| service.to_string(), |service| service.name.clone());
        // A train that leaves every day is no cut-off that anybody speaks of; a ship is.
        let afloat = itinerary.legs().any(|leg| {
            leg.service == service && !matches!(leg.mode, kervan_model::Mode::Rail | kervan_model::Mode::Road)
        });
        afloat.then_some(Missed { service, name, at, every })
    }

    /// Everything together.
    pub(crate) fn known<'a>(&'a self, around: &'a Around, parameters: &'a Parameters) -> Known<'a> {
        Known {
            learned: &self.learned,
            parameters,
            closures: &self.closures,
            queues: &around.queues,
            missed: around.missed.as_ref(),
            calibration: Some(&self.calibration),
        }
    }
}

/// What the progress of a consignment says of the corridor.
pub(crate) fn writes_of(
    reference: &Reference,
    itinerary: &Itinerary,
    progress: &Progress,
    parameters: &Parameters,
) -> Result<Vec<TrackingWrite>, Refusal> {
    let mut writes = Vec::new();
    for measure in kervan_tracking::list_measures(reference, itinerary, progress, parameters) {
        writes.push(TrackingWrite::Measured(MeasuredRow {
            key: measure.key.to_string(),
            instance: measure.instance,
            at: measure.at,
            seconds: measure.seconds.get(),
            published: crate::scribe::to_text(&measure.published)?,
        }));
    }
    let things = if progress.delivered().is_some() { Vec::new() } else { things_of_way(itinerary) };
    writes.push(TrackingWrite::Way { reference: reference.clone(), things });
    let dwell = find_open_dwell(itinerary, progress).map(|(key, since)| (key.to_string(), since));
    writes.push(TrackingWrite::Dwelling { reference: reference.clone(), dwell });
    for milestone in progress.milestones.iter().filter(|milestone| milestone.code == MilestoneCode::Departed)
    {
        if let (Some(Step::Leg(leg)), Some(at)) = (itinerary.steps.get(milestone.step), milestone.actual) {
            writes.push(TrackingWrite::Departed { service: leg.service.to_string(), at });
        }
    }
    Ok(writes)
}

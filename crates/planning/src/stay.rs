//! A stay between two rides: what happens, how long goods wait, and what no figure is known of.

use crate::price::{Charge, PriceInputs, price_process};
use crate::ride::{Ride, mean_seconds, mean_wait};
use crate::search::Weight;
use kervan_codes::PlaceCode;
use kervan_model::{Confidence, ProcessKind, Provenance};
use kervan_network::{Network, Place, Process, Runs};
use kervan_units::{Estimate, Seconds};

/// What happens to goods at a place between two rides, before the first one or after the last one.
#[derive(Clone, Debug)]
pub(crate) struct StayFacts<'n> {
    pub(crate) place: &'n Place,
    pub(crate) processes: Vec<&'n Process>,
    /// The wait for the next departure, unless a process contains it.
    pub(crate) wait: Option<Wait<'n>>,
    /// A process that is known for another mode only and is taken to last as long for this one.
    pub(crate) assumed: Option<&'n Process>,
    /// Processes that must happen here and have no figure.
    pub(crate) missing: Vec<ProcessKind>,
    /// Whether goods change mode or gauge here.
    pub(crate) is_transfer: bool,
}

/// A wait for a departure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait<'n> {
    /// The ride waited for.
    pub(crate) service: &'n str,
    pub(crate) runs: Runs,
    pub(crate) provenance: &'n Provenance,
}

impl Wait<'_> {
    /// The wait as three points; half of the interval is the middle of a wait for something that comes at even intervals.
    pub(crate) fn estimate(&self) -> Estimate<Seconds> {
        match self.runs {
            Runs::Headway { every } => Estimate::new(Seconds::ZERO, Seconds::new(every.get() / 2), every)
                .unwrap_or(Estimate::exactly(every)),
            Runs::LeavesWhenFull { wait } => wait,
            Runs::OnDemand => Estimate::exactly(Seconds::ZERO),
        }
    }
}

impl<'n> StayFacts<'n> {
    /// Looks up what happens at a place. `None` if there is no such place.
    pub(crate) fn new(
        network: &'n Network,
        place: &PlaceCode,
        arriving: Option<&Ride<'n>>,
        departing: Option<&Ride<'n>>,
    ) -> Option<Self> {
        let place = network.find_place(place)?;
        let before = arriving.map(|ride| ride.service);
        let after = departing.map(|ride| ride.service);
        let processes = network.processes_of_stay(&place.code, before, after);
        let mut facts =
            Self { place, processes, wait: None, assumed: None, missing: Vec::new(), is_transfer: false };
        facts.note_missing(network, arriving, departing);
        let waits = !facts.processes.iter().any(|process| process.includes_waiting);
        facts.wait = after.filter(|service| waits && service.runs != Runs::OnDemand).map(|service| Wait {
            service: service.id.as_str(),
            runs: service.runs,
            provenance: &service.provenance,
        });
        Some(facts)
    }

    /// Finds what has to happen here by the rides alone, and what of it has no figure.
    fn note_missing(&mut self, network: &Network, arriving: Option<&Ride<'_>>, departing: Option<&Ride<'_>>) {
        let mut needed = Vec::new();
        match (arriving, departing) {
            (Some(arriving), Some(departing)) => {
                let (end, start) =
                    (network.gauge_at_end(arriving.service), network.gauge_at_start(departing.service));
                if end.zip(start).is_some_and(|(end, start)| end != start) {
                    needed.push(ProcessKind::GaugeChange);
                }
                if arriving.service.mode != departing.service.mode {
                    needed.push(ProcessKind::Transfer);
                }
                self.is_transfer = !needed.is_empty();
            }
            (None, Some(_)) => needed.push(ProcessKind::Formation),
            (Some(_), None) => needed.push(ProcessKind::Delivery),
            (None, None) => {}
        }
        needed.retain(|kind| !self.has(*kind));
        needed.retain(|kind| !self.assume(*kind));
        self.missing = needed;
    }

    /// Takes the slowest known case of a process at an end of the journey for the case that has no figure.
    ///
    /// Otherwise a way would arrive earlier only because nobody wrote down how long its last step takes.
    fn assume(&mut self, kind: ProcessKind) -> bool {
        if !matches!(kind, ProcessKind::Formation | ProcessKind::Delivery) {
            return false;
        }
        let cases = self.place.processes.iter().filter(|process| process.kind == kind);
        self.assumed = cases.max_by_key(|process| (process.duration.typ(), &process.id));
        self.processes.extend(self.assumed);
        self.assumed.is_some()
    }

    /// Where the duration of a process of this stay comes from.
    pub(crate) fn provenance(&self, process: &Process) -> Provenance {
        let provenance = process.provenance.clone();
        if self.assumed.is_none_or(|assumed| assumed.id != process.id) {
            return provenance;
        }
        Provenance {
            source: format!("judgement: as long as in another case at this place ({})", provenance.source),
            confidence: Confidence::Low,
            ..provenance
        }
    }

    /// Whether a process of the kind happens here.
    pub(crate) fn has(&self, kind: ProcessKind) -> bool {
        self.processes.iter().any(|process| process.kind == kind)
    }

    /// Prices of what happens here, and what has no price, in words.
    pub(crate) fn price(&self, inputs: PriceInputs<'_>) -> (Vec<Charge<'n>>, Vec<String>) {
        let (mut charges, mut unknown) = (Vec::new(), Vec::new());
        for process in &self.processes {
            match process.cost.as_ref().and_then(|cost| price_process(cost, inputs)) {
                Some(priced) => charges.extend(priced),
                None => unknown.extend(charge_in_words(process.kind, &self.place.name)),
            }
        }
        unknown.extend(self.missing.iter().filter_map(|kind| charge_in_words(*kind, &self.place.name)));
        unknown.dedup();
        (charges, unknown)
    }

    /// What the stay takes on the criteria of the search. Charges without a figure are not weighed: nearly no terminal
    /// publishes its own, so counting them would only count stops. A change without a duration is: it looks too quick.
    pub(crate) fn weight(&self, inputs: PriceInputs<'_>) -> Weight {
        let processes: u64 = self.processes.iter().map(|process| mean_seconds(process.duration)).sum();
        let charges =
            self.processes.iter().filter_map(|process| price_process(process.cost.as_ref()?, inputs));
        Weight {
            seconds: processes + self.wait.map_or(0, |wait| mean_wait(wait.runs)),
            cents: charges.flatten().fold(0, |sum, charge| sum.saturating_add(charge.typical)),
            grams: 0,
            unknown: self.changes_without_duration(),
        }
    }

    /// Changes of mode or gauge that take an unknown time.
    pub(crate) fn changes_without_duration(&self) -> u64 {
        let change = |kind: &&ProcessKind| matches!(kind, ProcessKind::Transfer | ProcessKind::GaugeChange);
        self.missing.iter().filter(change).count() as u64
    }

    /// The least confidence of the figures used here, if there are any.
    pub(crate) fn confidence(&self) -> Option<Confidence> {
        let waits = self.wait.iter().map(|wait| wait.provenance.confidence);
        let assumed = self.assumed.map(|_| Confidence::Low);
        let known = self.processes.iter().map(|process| process.provenance.confidence);
        known.chain(waits).chain(assumed).min()
    }
}

/// How a charge without a figure is named; yard work and waiting belong to the price of the ride.
fn charge_in_words(kind: ProcessKind, place: &str) -> Option<String> {
    match kind {
        ProcessKind::Formation => Some(format!("loading at {place}")),
        ProcessKind::Delivery => Some(format!("unloading at {place}")),
        ProcessKind::Transfer => Some(format!("handling at {place}")),
        ProcessKind::GaugeChange => Some(format!("gauge change at {place}")),
        ProcessKind::Border => Some(format!("border charges at {place}")),
        ProcessKind::Yard | ProcessKind::Wait => None,
    }
}

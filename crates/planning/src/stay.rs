//! A stay between two rides: what happens, how long goods wait, and what no figure is known of.

use crate::price::{Charge, PriceInputs, price_moves, price_of_place, price_process, price_storage};
use crate::ride::{Ride, mean_seconds, mean_wait};
use crate::weight::Weight;
use jiff::civil::Date;
use kervan_codes::PlaceCode;
use kervan_model::{Confidence, Mode, ProcessKind, Provenance, ServiceId};
use kervan_network::{Frequency, Network, Opening, Pattern, Place, Process, Runs, Service};
use kervan_units::{Estimate, Seconds};

/// What happens to goods at a place between two rides, before the first one or after the last one.
#[derive(Clone, Debug)]
pub(crate) struct StayFacts<'n> {
    pub(crate) place: &'n Place,
    pub(crate) processes: Vec<Dwell<'n>>,
    /// The wait for the next departure, unless a process contains it.
    pub(crate) wait: Option<Wait<'n>>,
    /// A process that is known for another mode only and is taken to last as long for this one.
    pub(crate) assumed: Option<&'n Process>,
    /// Processes that must happen here and have no figure.
    pub(crate) missing: Vec<ProcessKind>,
    /// Whether goods change mode or gauge here.
    pub(crate) is_transfer: bool,
    /// The service on which goods go on; none at the destination.
    pub(crate) towards: Option<ServiceId>,
    /// Mode of the arriving and of the departing service.
    pub(crate) modes: [Option<Mode>; 2],
}

/// A process of a stay, with the duration that counts here.
#[derive(Clone, Debug)]
pub(crate) struct Dwell<'n> {
    pub(crate) process: &'n Process,
    /// Without the wait where the next departure is known.
    pub(crate) duration: Estimate<Seconds>,
    /// Whether the wait was taken out.
    pub(crate) without_wait: bool,
    /// When it can begin; `None` if no hours are known.
    pub(crate) opening: Option<Opening<'n>>,
}

/// A wait for a departure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait<'n> {
    /// The service waited for.
    pub(crate) service: &'n Service,
    pub(crate) departs: Departs,
    pub(crate) provenance: &'n Provenance,
}

/// How the departure is known that goods wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Departs {
    /// By its frequency.
    Runs(Runs),
    /// By a timetable with so many departures a week.
    Timetable { weekly: u32 },
}

impl Wait<'_> {
    /// The wait as three points; half of the interval is the middle of a wait for something that comes at even intervals.
    pub(crate) fn estimate(&self) -> Estimate<Seconds> {
        let even = |every: Seconds| {
            Estimate::new(Seconds::ZERO, Seconds::new(every.get() / 2), every)
                .unwrap_or(Estimate::exactly(every))
        };
        match self.departs {
            Departs::Runs(Runs::Headway { every }) => even(every),
            Departs::Runs(Runs::LeavesWhenFull { wait }) => wait,
            Departs::Runs(Runs::OnDemand) => Estimate::exactly(Seconds::ZERO),
            Departs::Timetable { weekly } => even(Seconds::new(7 * 86_400 / u64::from(weekly.max(1)))),
        }
    }

    /// The mean wait, for the search; a departure by timetable is the search's own matter. Unit: second.
    fn mean(&self) -> u64 {
        match self.departs {
            Departs::Runs(runs) => mean_wait(runs),
            Departs::Timetable { .. } => 0,
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
        day: Date,
    ) -> Option<Self> {
        let place = network.find_place(place)?;
        let before = arriving.map(|ride| ride.service);
        let after = departing.map(|ride| ride.service);
        let departs = after.map(|service| (service, departs(network, service, day)));
        let timetabled = matches!(departs, Some((_, (Departs::Timetable { .. }, _))));
        let modes = [before.map(|service| service.mode), after.map(|service| service.mode)];
        let found = network.processes_of_stay(&place.code, before, after);
        let processes =
            found.into_iter().map(|process| Dwell::new(network, place, process, modes, timetabled)).collect();
        let mut facts = Self {
            place,
            processes,
            wait: None,
            assumed: None,
            missing: Vec::new(),
            is_transfer: false,
            towards: after.map(|service| service.id.clone()),
            modes,
        };
        facts.note_missing(network, arriving, departing);
        let waits = timetabled || !facts.processes.iter().any(|dwell| dwell.process.includes_waiting);
        facts.wait = departs
            .filter(|(_, (departs, _))| waits && *departs != Departs::Runs(Runs::OnDemand))
            .map(|(service, (departs, provenance))| Wait { service, departs, provenance });
        Some(facts)
    }

    /// Finds what has to happen here by the rides alone, and what of it has no figure.
    fn note_missing(
        &mut self,
        network: &'n Network,
        arriving: Option<&Ride<'_>>,
        departing: Option<&Ride<'_>>,
    ) {
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
        needed.retain(|kind| !self.assume(network, *kind));
        self.missing = needed;
    }

    /// Takes the slowest known case of a process at an end of the journey for the case that has no figure.
    ///
    /// Otherwise a way would arrive earlier only because nobody wrote down how long its last step takes.
    fn assume(&mut self, network: &'n Network, kind: ProcessKind) -> bool {
        if !matches!(kind, ProcessKind::Formation | ProcessKind::Delivery) {
            return false;
        }
        let cases = self.place.processes.iter().filter(|process| process.kind == kind);
        self.assumed = cases.max_by_key(|process| (process.duration.typ(), &process.id));
        let (place, modes) = (self.place, self.modes);
        let found = self.assumed.map(|process| Dwell::new(network, place, process, modes, false));
        self.processes.extend(found);
        self.assumed.is_some()
    }

    /// Where the duration of a process of this stay comes from.
    pub(crate) fn provenance(&self, dwell: &Dwell<'_>) -> Provenance {
        let process = dwell.process;
        let provenance = process.provenance.clone();
        if dwell.without_wait {
            return Provenance {
                source: format!(
                    "judgement: the part without the wait, which the timetable says ({})",
                    provenance.source
                ),
                confidence: Confidence::Low,
                ..provenance
            };
        }
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
        self.processes.iter().any(|dwell| dwell.process.kind == kind)
    }

    /// The hours that the stay begins in: those of the first process that has any.
    pub(crate) fn opening(&self) -> Option<&Opening<'n>> {
        self.processes.iter().find_map(|dwell| dwell.opening.as_ref())
    }

    /// Whether containers are lifted here: at the ends, and where they change.
    fn is_handled(&self) -> bool {
        self.is_transfer || self.modes.contains(&None)
    }

    /// Whether lying here long enough costs anything.
    pub(crate) fn is_stored(&self, inputs: PriceInputs<'_, 'n>) -> bool {
        !price_storage(&self.place.code, &[crate::limits::LONGEST_STORAGE_DAYS], inputs).is_empty()
    }

    /// Prices of what happens here but storage, and what has no price, in words.
    pub(crate) fn price(&self, inputs: PriceInputs<'_, 'n>) -> (Vec<Charge<'n>>, Vec<String>) {
        let (mut charges, mut unknown) = (Vec::new(), Vec::new());
        let mut moves =
            if self.is_handled() { price_moves(&self.place.code, self.modes, inputs) } else { None };
        let kinds = self.processes.iter().map(|dwell| (dwell.process.kind, dwell.process.cost.as_ref()));
        for (kind, cost) in kinds.chain(self.missing.iter().map(|kind| (*kind, None))) {
            let is_move =
                matches!(kind, ProcessKind::Formation | ProcessKind::Delivery | ProcessKind::Transfer);
            match cost.and_then(|cost| price_process(cost, inputs)) {
                Some(priced) => charges.extend(priced),
                None if is_move && moves.is_some() => charges.extend(moves.take().unwrap_or_default()),
                None => unknown.extend(charge_in_words(kind, &self.place.name)),
            }
        }
        if self.is_handled() {
            charges.extend(price_of_place(self.place, inputs));
        }
        unknown.dedup();
        (charges, unknown)
    }

    /// What the stay takes on the criteria of the search. Charges without a figure are not weighed: nearly no terminal
    /// publishes its own, so counting them would only count stops. A change without a duration is: it looks too quick.
    pub(crate) fn weight(&self, inputs: PriceInputs<'_, 'n>) -> Weight {
        let processes: u64 = self.processes.iter().map(|dwell| mean_seconds(dwell.duration)).sum();
        Weight {
            seconds: processes + self.wait.map_or(0, |wait| wait.mean()),
            cents: self.price(inputs).0.iter().fold(0, |sum, charge| sum.saturating_add(charge.typical)),
            unknown: self.changes_without_duration(),
            ..Weight::default()
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
        let shortened = self.processes.iter().any(|dwell| dwell.without_wait).then_some(Confidence::Low);
        let known = self.processes.iter().map(|dwell| dwell.process.provenance.confidence).chain(shortened);
        known.chain(waits).chain(assumed).min()
    }
}

impl<'n> Dwell<'n> {
    fn new(
        network: &'n Network,
        place: &'n Place,
        process: &'n Process,
        modes: [Option<Mode>; 2],
        timetabled: bool,
    ) -> Self {
        let opening = network.opening_of(&place.code, process.kind, modes);
        let without_wait = timetabled && process.includes_waiting;
        let least = |duration: Estimate<Seconds>| {
            // The least of a figure with waiting has the least wait in it.
            Estimate::new(duration.min(), duration.min(), duration.typ()).unwrap_or(duration)
        };
        Self {
            process,
            duration: match process.without_wait {
                Some(part) if without_wait => part,
                None if without_wait => least(process.duration),
                Some(_) | None => process.duration,
            },
            without_wait,
            opening: (!opening.rows().is_empty()).then_some(opening),
        }
    }
}

/// How a service leaves on a day, and where that is said.
fn departs<'n>(network: &'n Network, service: &'n Service, day: Date) -> (Departs, &'n Provenance) {
    let row = network.frequency_row_on(service, day);
    let provenance = row.map_or(&service.provenance, |row| &row.provenance);
    let departs = match network.frequency_on(service, day) {
        Frequency::Runs(runs) => Departs::Runs(runs),
        Frequency::Timetabled => {
            let weekly = network.schedules_of_service(&service.id).map(|row| match &row.pattern {
                Pattern::Timetable(timetable) if timetable.calendar.validity.holds_on(day) => {
                    timetable.calendar.weekdays.count()
                }
                Pattern::Timetable(_) | Pattern::Frequency { .. } => 0,
            });
            Departs::Timetable { weekly: weekly.sum() }
        }
    };
    (departs, provenance)
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

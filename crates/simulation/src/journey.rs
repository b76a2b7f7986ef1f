//! The true journey of one consignment: one stage after the other.

use crate::act::Outcome;
use crate::choose::Chosen;
use crate::limits::{
    BEFORE_READY, BETWEEN_POSITIONS, BETWEEN_QUESTIONS, CUT_OFF, LONGEST_HOLD, LONGEST_ON_QUAY, MOST_NOTES,
    READY_LATE, SHORTEST_STAY, UNLOADING, UNTIL_ACCEPTED, UNTIL_ATTACHED,
};
use crate::luck::{Luck, after, before};
use crate::sailing::{Sailing, Sailings, is_afloat};
use crate::script::ScriptedConsignment;
use crate::timeline::{HeldSpan, TimelineOf};
use jiff::Timestamp;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_model::{Itinerary, Leg, ProcessKind, Reference, Stay, Step};
use kervan_units::Seconds;

/// What comes next for a consignment. Each stage is one act; `step` counts the steps of its itinerary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The forwarder declares it.
    Declare,
    /// The consignor attaches a document.
    Attach,
    /// The forwarder accepts an itinerary.
    Accept,
    /// The goods are ready.
    Ready,
    /// The gauge is changed; the number of the process.
    GaugeChanged { step: usize, process: usize },
    /// The forwarder asks for release: after a border process, or before the goods leave.
    Ask { step: usize, process: Option<usize>, tries: u32 },
    /// The border lets the goods go.
    Cleared { step: usize, process: usize },
    /// They are put on a ship.
    Load { step: usize },
    /// They depart.
    Depart { step: usize },
    /// They are somewhere on the leg.
    Position { step: usize, number: u32 },
    /// They arrive.
    Arrive { step: usize },
    /// They are taken off the ship.
    Unload { step: usize },
    /// The consignee receives them.
    Deliver { step: usize },
}

/// The true stay of a consignment at a place.
#[derive(Clone, Debug, Default)]
struct TrueStay {
    since: Option<Timestamp>,
    /// What each process still takes.
    durations: Vec<Seconds>,
    /// The last part of the stay, spent on the quay.
    lead: Seconds,
    released: Option<Timestamp>,
}

/// The true ride of a consignment on a leg.
#[derive(Clone, Debug)]
pub(crate) struct TrueRide {
    pub(crate) departs: Timestamp,
    pub(crate) arrives: Timestamp,
    /// The ship, if it is one.
    pub(crate) conveyance: Option<String>,
}

/// One consignment on its way.
#[derive(Clone, Debug)]
pub(crate) struct Journey {
    pub(crate) scripted: ScriptedConsignment,
    pub(crate) containers: Vec<ContainerNumber>,
    pub(crate) itinerary: Option<Itinerary>,
    pub(crate) due: Option<(Timestamp, Stage)>,
    pub(crate) amend_at: Option<Timestamp>,
    pub(crate) ride: Option<TrueRide>,
    pub(crate) line: TimelineOf,
    stay: TrueStay,
}

impl Journey {
    pub(crate) fn new(scripted: ScriptedConsignment, start: Timestamp, luck: Luck) -> Self {
        let consignment = &scripted.consignment;
        let (least, most) = BEFORE_READY;
        let ahead = luck.between(least, most, &[consignment.reference.as_str(), "declare"]);
        let declares = before(consignment.ready, ahead).max(start);
        Self {
            containers: consignment.equipment.iter().map(|item| item.number.clone()).collect(),
            line: TimelineOf::new(consignment),
            due: Some((declares, Stage::Declare)),
            scripted,
            itinerary: None,
            amend_at: None,
            ride: None,
            stay: TrueStay::default(),
        }
    }

    pub(crate) fn reference(&self) -> &Reference {
        &self.scripted.consignment.reference
    }

    fn step(&self, step: usize) -> Option<&Step> {
        self.itinerary.as_ref()?.steps.get(step)
    }

    /// The leg that is this step.
    pub(crate) fn leg(&self, step: usize) -> Option<&Leg> {
        match self.step(step)? {
            Step::Leg(leg) => Some(leg),
            Step::Stay(_) => None,
        }
    }

    fn stay_at(&self, step: usize) -> Option<&Stay> {
        match self.step(step)? {
            Step::Stay(stay) => Some(stay),
            Step::Leg(_) => None,
        }
    }

    /// The ship on which the goods are or will be.
    pub(crate) fn conveyance(&self) -> Option<&str> {
        self.ride.as_ref()?.conveyance.as_deref()
    }

    /// The place of a stay, or the end of a leg.
    pub(crate) fn place(&self, step: usize) -> Option<&PlaceCode> {
        self.step(step).map(|step| match step {
            Step::Stay(stay) => &stay.place,
            Step::Leg(leg) => &leg.to,
        })
    }

    pub(crate) fn note(&mut self, note: String) {
        if self.line.notes.len() < MOST_NOTES {
            self.line.notes.push(note);
        }
    }

    pub(crate) fn give_up(&mut self, because: String) {
        self.due = None;
        self.amend_at = None;
        self.line.stuck = Some(because);
    }

    /// The forwarder has corrected the consignment.
    pub(crate) fn amended(&mut self, at: Timestamp, outcome: &Outcome) {
        self.amend_at = None;
        match outcome {
            Outcome::Refused { message } => self.note(format!("the correction was refused: {message}")),
            Outcome::Done | Outcome::Accepted { .. } | Outcome::Released | Outcome::Held => {
                self.line.corrected = Some(at);
            }
        }
    }

    /// What the outcome of a stage leads to.
    pub(crate) fn advance(
        &mut self,
        sailings: &mut Sailings,
        luck: Luck,
        (at, stage): (Timestamp, Stage),
        outcome: Outcome,
        chosen: Option<Chosen>,
    ) {
        self.due = None;
        if let Outcome::Refused { message } = &outcome {
            // Without these two there is nothing to play; anything else a party gets over.
            if matches!(stage, Stage::Declare | Stage::Accept) {
                return self.give_up(format!("the node refused it: {message}"));
            }
            self.note(format!("{at}: an act was refused: {message}"));
        }
        match stage {
            Stage::Declare => {
                self.line.declared = Some(at);
                let attach = (after(at, UNTIL_ATTACHED), Stage::Attach);
                let accept = (after(at, UNTIL_ACCEPTED), Stage::Accept);
                self.due = Some(if self.scripted.attach.is_some() { attach } else { accept });
            }
            Stage::Attach => {
                self.due = Some((after(at, UNTIL_ACCEPTED - UNTIL_ATTACHED), Stage::Accept));
            }
            Stage::Accept => self.accepted(at, luck, outcome, chosen),
            Stage::Ready => {
                self.stay = self.true_stay(0, at, luck);
                self.pass(0, 0, at, sailings, luck);
            }
            Stage::GaugeChanged { step, process } | Stage::Cleared { step, process } => {
                self.pass(step, process + 1, at, sailings, luck);
            }
            Stage::Ask { step, process, tries } => match outcome {
                Outcome::Released => self.released(step, process, at, sailings, luck),
                Outcome::Held | Outcome::Done | Outcome::Accepted { .. } | Outcome::Refused { .. } => {
                    self.held(step, process, tries, at);
                }
            },
            Stage::Load { step } => {
                let departs = self.ride.as_ref().map_or(at, |ride| ride.departs);
                self.due = Some((departs, Stage::Depart { step }));
            }
            Stage::Depart { step } => {
                self.line.departed.get_or_insert(at);
                self.ride_on(step, 1);
            }
            Stage::Position { step, number } => self.ride_on(step, number + 1),
            Stage::Arrive { step } => self.arrived(step, at, luck, sailings),
            Stage::Unload { step } => self.pass(step + 1, 0, at, sailings, luck),
            Stage::Deliver { .. } => self.line.delivered = Some(at),
        }
    }

    fn accepted(&mut self, at: Timestamp, luck: Luck, outcome: Outcome, chosen: Option<Chosen>) {
        let own = chosen.map(|chosen| {
            chosen.note.into_iter().for_each(|note| self.note(note));
            chosen.itinerary
        });
        let itinerary = match outcome {
            Outcome::Accepted { itinerary } => Some(*itinerary),
            Outcome::Done | Outcome::Released | Outcome::Held | Outcome::Refused { .. } => own,
        };
        let Some(itinerary) = itinerary else {
            return self.give_up("no itinerary was accepted".to_owned());
        };
        if !is_walkable(&itinerary) {
            return self.give_up("the itinerary is no chain of stays with legs between".to_owned());
        }
        self.line.accepted = Some(at);
        self.line.planned_arrival = Some(itinerary.arrives.p50);
        let late = luck.between(Seconds::ZERO, READY_LATE, &[self.reference().as_str(), "ready"]);
        let ready = after(itinerary.departs, late).max(after(at, SHORTEST_STAY));
        self.itinerary = Some(itinerary);
        self.due = Some((ready, Stage::Ready));
    }

    /// Draws how long a stay takes.
    fn true_stay(&self, step: usize, at: Timestamp, luck: Luck) -> TrueStay {
        let Some(stay) = self.stay_at(step) else {
            return TrueStay { since: Some(at), ..TrueStay::default() };
        };
        let week = luck.week(stay.place.as_str(), at);
        let names = [self.reference().as_str(), stay.place.as_str(), "stay"];
        let mut durations: Vec<Seconds> = (0_u64..)
            .zip(&stay.processes)
            .map(|(number, process)| {
                luck.duration(process.duration, week, &names, (step as u64) << 32 | number)
            })
            .collect();
        let mut lead = Seconds::ZERO;
        if self.leg(step + 1).is_some_and(is_afloat) {
            let least: Seconds = stay.processes.iter().map(|process| process.duration.min()).sum();
            let whole: Seconds = durations.iter().copied().sum();
            lead = (whole - least).min(LONGEST_ON_QUAY);
            take_from(durations.iter_mut().rev(), lead);
        }
        TrueStay { since: Some(at), durations, lead, released: None }
    }

    /// Goes on with the processes of a stay, from the given one on, up to the next that somebody reports.
    fn pass(&mut self, step: usize, first: usize, at: Timestamp, sailings: &mut Sailings, luck: Luck) {
        let kinds: Vec<ProcessKind> = self
            .stay_at(step)
            .map(|stay| stay.processes.iter().map(|process| process.kind).collect())
            .unwrap_or_default();
        let mut ends = at;
        for (process, kind) in kinds.into_iter().enumerate().skip(first) {
            ends = after(ends, self.stay.durations.get(process).copied().unwrap_or_default());
            match kind {
                ProcessKind::Border => {
                    let ask = Stage::Ask { step, process: Some(process), tries: 0 };
                    self.due = Some((ends, ask));
                    return;
                }
                ProcessKind::GaugeChange => {
                    self.due = Some((ends, Stage::GaugeChanged { step, process }));
                    return;
                }
                ProcessKind::Transfer
                | ProcessKind::Yard
                | ProcessKind::Formation
                | ProcessKind::Delivery
                | ProcessKind::Wait => {}
            }
        }
        let ends = self.stay.since.map_or(ends, |since| ends.max(after(since, SHORTEST_STAY)));
        if self.stay.released == Some(ends) {
            return self.leave(step, ends, sailings, luck);
        }
        self.due = Some((ends, Stage::Ask { step, process: None, tries: 0 }));
    }

    fn released(
        &mut self,
        step: usize,
        process: Option<usize>,
        at: Timestamp,
        sailings: &mut Sailings,
        luck: Luck,
    ) {
        if let Some(span) = self.line.held.last_mut().filter(|span| span.until.is_none()) {
            span.until = Some(at);
        }
        self.stay.released = Some(at);
        match process {
            Some(process) => self.due = Some((at, Stage::Cleared { step, process })),
            None => self.leave(step, at, sailings, luck),
        }
    }

    /// Customs hold the goods: the correction is under way, and the question is asked again.
    fn held(&mut self, step: usize, process: Option<usize>, tries: u32, at: Timestamp) {
        let Some(place) = self.place(step).cloned() else { return };
        let since = match self.line.held.last().filter(|span| span.until.is_none()) {
            Some(span) => span.since,
            None => {
                self.line.held.push(HeldSpan { place: place.clone(), since: at, until: None });
                at
            }
        };
        if self.line.held.len() == 1 && tries == 0 {
            let correct = self.scripted.correct.as_ref();
            self.amend_at =
                correct.map(|correct| after(since, Seconds::from_hours(u64::from(correct.after_hours))));
        }
        if self.amend_at.is_none() && Seconds::between(since, at) >= LONGEST_HOLD {
            return self.give_up(format!("held at {place} since {since}, and nobody released it"));
        }
        let ask = Stage::Ask { step, process, tries: tries + 1 };
        self.due = Some((after(at, BETWEEN_QUESTIONS), ask));
    }

    /// The stay is over: the goods go on, or are delivered.
    fn leave(&mut self, step: usize, at: Timestamp, sailings: &mut Sailings, luck: Luck) {
        let next = step + 1;
        let Some(leg) = self.leg(next).cloned() else {
            self.due = Some((at, Stage::Deliver { step }));
            return;
        };
        if is_afloat(&leg) {
            let sailing = sailings.board(&leg, at, self.stay.lead.max(CUT_OFF), luck);
            self.due = Some((sailing.loads(at), Stage::Load { step: next }));
            self.board(&sailing);
            return;
        }
        let departs = sailings.opens(&leg.service, at);
        let week = luck.week(leg.service.as_str(), departs);
        let names = [self.reference().as_str(), leg.service.as_str(), "ride"];
        let running = luck.duration(leg.running, week, &names, next as u64);
        self.ride = Some(TrueRide { departs, arrives: after(departs, running), conveyance: None });
        self.due = Some((departs, Stage::Depart { step: next }));
    }

    fn board(&mut self, sailing: &Sailing) {
        self.line.sailings.push(sailing.name.clone());
        let (departs, arrives) = (sailing.departs, sailing.arrives);
        self.ride = Some(TrueRide { departs, arrives, conveyance: Some(sailing.conveyance.clone()) });
    }

    /// The next position on a leg, or its end.
    fn ride_on(&mut self, step: usize, number: u32) {
        let Some(ride) = &self.ride else { return };
        let wait = Seconds::new(BETWEEN_POSITIONS.get() * u64::from(number));
        let next = after(ride.departs, wait);
        let position = (next, Stage::Position { step, number });
        let arrival = (ride.arrives, Stage::Arrive { step });
        self.due = Some(if next < ride.arrives { position } else { arrival });
    }

    fn arrived(&mut self, step: usize, at: Timestamp, luck: Luck, sailings: &mut Sailings) {
        let next = step + 1;
        self.stay = self.true_stay(next, at, luck);
        if self.leg(step).is_some_and(is_afloat) {
            let whole: Seconds = self.stay.durations.iter().copied().sum();
            let unloading = UNLOADING.min(Seconds::from_minutes(whole.get() / 120));
            take_from(self.stay.durations.iter_mut(), unloading);
            self.due = Some((after(at, unloading), Stage::Unload { step }));
        } else {
            self.pass(next, 0, at, sailings, luck);
        }
    }
}

/// Whether stays and legs alternate, with a stay at both ends.
fn is_walkable(itinerary: &Itinerary) -> bool {
    let steps = itinerary.steps.iter().enumerate();
    itinerary.steps.len() % 2 == 1
        && steps.into_iter().all(|(index, step)| matches!(step, Step::Stay(_)) == (index % 2 == 0))
}

/// Shortens durations one after the other until this much is taken.
fn take_from<'d>(durations: impl Iterator<Item = &'d mut Seconds>, mut much: Seconds) {
    for duration in durations {
        let taken = much.min(*duration);
        *duration = *duration - taken;
        much = much - taken;
    }
}

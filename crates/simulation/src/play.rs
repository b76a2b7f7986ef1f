//! The play: acts in order of time, and what their outcomes lead to.

use crate::act::{Act, Outcome, What};
use crate::choose::{Chosen, plan_and_choose};
use crate::journey::{Journey, Stage};
use crate::luck::Luck;
use crate::report::{Reporter, Told};
use crate::sailing::{Sailings, Shut};
use crate::script::Script;
use crate::timeline::Timeline;
use jiff::Timestamp;
use kervan_model::{Itinerary, PartyId, Reference};
use kervan_network::Network;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A play under way: a state machine that gives the next act and is told what came of it.
///
/// Invariant: the same script, network, carriers, seed and outcomes give the same acts.
pub struct Play {
    network: Arc<Network>,
    carriers: BTreeMap<String, PartyId>,
    luck: Luck,
    now: Timestamp,
    journeys: Vec<Journey>,
    sailings: Sailings,
    pending: Option<Pending>,
}

/// An act whose outcome is not known yet.
struct Pending {
    journey: usize,
    doing: Doing,
    act: Act,
    chosen: Option<Chosen>,
}

#[derive(Clone, Copy)]
enum Doing {
    Stage(Stage),
    Amend,
}

/// How far a play is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When the last act was.
    pub now: Timestamp,
    /// Consignments in all.
    pub consignments: usize,
    /// How many of them are delivered.
    pub delivered: usize,
    /// Those that will not get on, and why.
    pub stuck: Vec<(Reference, String)>,
}

impl Play {
    /// A play that has not begun. `carriers` says which party runs what an operator of the network runs; where it says
    /// nothing, the forwarder reports.
    pub fn new(
        script: Script,
        network: Arc<Network>,
        carriers: impl Fn(&str) -> Option<PartyId>,
        seed: u64,
    ) -> Self {
        let luck = Luck { seed };
        let known = network
            .list_services()
            .filter_map(|service| Some((service.operator.clone(), carriers(&service.operator)?)));
        let carriers = known.collect();
        let now = script.start;
        let journeys =
            script.consignments.into_iter().map(|scripted| Journey::new(scripted, now, luck)).collect();
        Self { network, carriers, luck, now, journeys, sailings: Sailings::default(), pending: None }
    }

    /// With times in which services do not depart, whatever the figures say.
    #[must_use]
    pub fn with_shut(mut self, shut: Vec<Shut>) -> Self {
        self.sailings = Sailings::with_shut(shut);
        self
    }

    /// The itinerary that the act under way accepts, if it accepts one.
    pub fn proposed(&self) -> Option<&Itinerary> {
        self.pending.as_ref()?.chosen.as_ref().map(|chosen| &chosen.itinerary)
    }

    /// The next act in order of time; nothing once every consignment is delivered or stuck.
    ///
    /// Until its outcome is told, it is the same act again.
    pub fn next_act(&mut self) -> Option<Act> {
        if self.pending.is_none() {
            self.pending = self.find_next();
        }
        self.pending.as_ref().map(|pending| pending.act.clone())
    }

    /// Says what came of the last act. Told twice, the second time changes nothing.
    ///
    /// What does not fit: a question that is not answered with [`Outcome::Released`] counts as held, an itinerary that is
    /// accepted without being shown is the one of the plan.
    pub fn tell(&mut self, outcome: Outcome) {
        let Some(pending) = self.pending.take() else { return };
        let Some(journey) = self.journeys.get_mut(pending.journey) else { return };
        let at = pending.act.at;
        match pending.doing {
            Doing::Amend => journey.amended(at, &outcome),
            Doing::Stage(stage) => {
                journey.advance(&mut self.sailings, self.luck, (at, stage), outcome, pending.chosen);
            }
        }
    }

    /// Whether nothing more will happen.
    pub fn is_done(&self) -> bool {
        self.journeys.iter().all(|journey| journey.line.is_over())
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let lines = || self.journeys.iter().map(|journey| &journey.line);
        Progress {
            now: self.now,
            consignments: self.journeys.len(),
            delivered: lines().filter(|line| line.delivered.is_some()).count(),
            stuck: lines().filter_map(|line| Some((line.reference.clone(), line.stuck.clone()?))).collect(),
        }
    }

    /// What happened so far.
    pub fn timeline(&self) -> Timeline {
        Timeline { consignments: self.journeys.iter().map(|journey| journey.line.clone()).collect() }
    }

    fn find_next(&mut self) -> Option<Pending> {
        loop {
            let (at, index, doing) = self.find_due()?;
            let journey = self.journeys.get_mut(index)?;
            let chosen = match doing {
                Doing::Stage(Stage::Accept) => {
                    match plan_and_choose(&self.network, &journey.scripted, self.luck.seed) {
                        Ok(chosen) => Some(chosen),
                        Err(because) => {
                            journey.give_up(format!("there is no way: {because}"));
                            continue;
                        }
                    }
                }
                Doing::Stage(_) | Doing::Amend => None,
            };
            let told = match doing {
                Doing::Amend => amend(journey),
                Doing::Stage(stage) => {
                    let reporter =
                        Reporter { network: &self.network, carriers: &self.carriers, luck: self.luck };
                    reporter.act(journey, at, stage, chosen.as_ref())
                }
            };
            let Some((actor, name, what)) = told else {
                match doing {
                    Doing::Amend => journey.amend_at = None,
                    // A service without a course on the map: nothing to say of where it is.
                    Doing::Stage(stage @ Stage::Position { .. }) => {
                        journey.advance(&mut self.sailings, self.luck, (at, stage), Outcome::Done, None);
                    }
                    Doing::Stage(_) => journey.give_up("the itinerary lacks a step".to_owned()),
                }
                continue;
            };
            self.now = at;
            let reference = journey.reference().clone();
            let key = format!("{reference}-{name}");
            return Some(Pending {
                journey: index,
                doing,
                act: Act { at, actor, reference, key, what },
                chosen,
            });
        }
    }

    /// What is due first; ties go by reference, and a correction goes before what else its consignment does.
    fn find_due(&self) -> Option<(Timestamp, usize, Doing)> {
        let due = self.journeys.iter().enumerate().flat_map(|(index, journey)| {
            let amend = journey.amend_at.map(|at| (at, index, Doing::Amend));
            let stage = journey.due.map(|(at, stage)| (at, index, Doing::Stage(stage)));
            [amend, stage].into_iter().flatten()
        });
        due.min_by_key(|(at, index, _)| (*at, *index))
    }
}

fn amend(journey: &Journey) -> Option<Told> {
    let correct = journey.scripted.correct.as_ref()?;
    let what = What::Amend { reason: correct.reason.clone(), changes: correct.changes.clone() };
    Some((journey.scripted.actors.forwarder.clone(), "amend".to_owned(), what))
}

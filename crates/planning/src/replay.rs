//! A plan that was kept, computed again: the same inputs give the same plan, or else it is said which figures are others now.

use crate::cuts::Conditioned;
use crate::ground::Ground;
use crate::plan::{Plan, plan_currency, plan_learned};
use crate::ride::Ride;
use crate::{AlternativeId, Learned};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, Itinerary, Leg, ProcessKind, ServiceId, Stay, Step};
use kervan_network::Network;
use kervan_units::{Carbon, Estimate, Money, Seconds};
use std::collections::{BTreeMap, BTreeSet};

/// What came of computing a plan again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The plan as it is now.
    pub plan: Plan,
    /// Whether it is the same, value for value, but for the version of the tables.
    pub same: bool,
    /// Version of the network, then and now.
    pub versions: (String, String),
    /// The figures of its ways that are others now, each once, in order of travel.
    pub changed: Vec<Change>,
    /// Ways that are no longer shown, by their name then.
    pub gone: Vec<AlternativeId>,
    /// Ways that are shown now and were not, by their name now.
    pub new: Vec<AlternativeId>,
}

/// A figure that is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The service or place that it is of.
    pub of: ChangeOf,
    /// What of it.
    pub figure: ChangedFigure,
}

/// What a changed figure is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeOf {
    /// A service.
    Service {
        /// Its id.
        id: ServiceId,
        /// Its name.
        name: String,
    },
    /// A process at a place.
    Process {
        /// Where.
        place: PlaceCode,
        /// What.
        kind: ProcessKind,
    },
}

/// A figure, then and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangedFigure {
    /// The service is not in the tables any more.
    Gone,
    /// The service may not be used any more: it is closed, or a condition cuts it now.
    Unusable,
    /// How long it takes.
    Duration {
        /// Then.
        then: Estimate<Seconds>,
        /// Now; `None` if the process is not there any more.
        now: Option<Estimate<Seconds>>,
    },
    /// What it costs, typically.
    Price {
        /// Then; `None` if a part of it was not known.
        then: Option<Money>,
        /// Now.
        now: Option<Money>,
    },
    /// Its emissions.
    Emissions {
        /// Then.
        then: Carbon,
        /// Now.
        now: Carbon,
    },
}

/// Computes a kept plan again from its inputs and compares.
///
/// `learned` are the measurements that the plan rested on. Errors: the request cannot be planned any more, such as a place that
/// is not in the tables.
pub fn replay_plan(network: &Network, then: &Plan, learned: &Learned) -> Result<Replayed, Vec<Finding>> {
    let now = plan_learned(network, &then.request, &then.options(), learned)?;
    let same = is_same(then, &now);
    let changed = if same { Vec::new() } else { list_changes(network, then)? };
    let chain = |itinerary: &Itinerary| -> Vec<ServiceId> {
        itinerary.legs().map(|leg| leg.service.clone()).collect()
    };
    let chains = |plan: &Plan| -> BTreeSet<Vec<ServiceId>> {
        plan.alternatives.iter().map(|way| chain(&way.itinerary)).collect()
    };
    let missing = |plan: &Plan, others: &BTreeSet<Vec<ServiceId>>| -> Vec<AlternativeId> {
        let ways = plan.alternatives.iter().filter(|way| !others.contains(&chain(&way.itinerary)));
        ways.map(|way| way.id).collect()
    };
    Ok(Replayed {
        same,
        versions: (then.network_version.clone(), now.network_version.clone()),
        changed,
        gone: missing(then, &chains(&now)),
        new: missing(&now, &chains(then)),
        plan: now,
    })
}

/// Whether two plans say the same ways with the same figures; tables may have got rows that neither needs.
fn is_same(then: &Plan, now: &Plan) -> bool {
    let mut then = then.clone();
    then.network_version.clone_from(&now.network_version);
    let mut now = now.clone();
    for itinerary in then.alternatives.iter_mut().chain(&mut now.alternatives).map(|way| &mut way.itinerary) {
        itinerary.inputs.network_version.clear();
        // Which measurements a plan rested on is noted by whoever keeps them.
        itinerary.inputs.figures = None;
    }
    (then.alternatives, then.assumptions) == (now.alternatives, now.assumptions)
}

fn list_changes(network: &Network, then: &Plan) -> Result<Vec<Change>, Vec<Finding>> {
    let conditioned = Conditioned::new(&then.request);
    let Some(ground) = Ground::new(network, &then.request, &conditioned, 0, plan_currency()?) else {
        return Ok(Vec::new());
    };
    let numbers: BTreeMap<&ServiceId, usize> =
        ground.rides.iter().map(|ride| &ride.service.id).zip(0..).collect();
    let mut comparing = Comparing { ground: &ground, numbers, found: Vec::new() };
    for way in &then.alternatives {
        let mut came = None;
        for (index, step) in way.itinerary.steps.iter().enumerate() {
            match step {
                Step::Leg(leg) => {
                    comparing.leg(leg);
                    came = Some(&leg.service);
                }
                Step::Stay(stay) => {
                    let next = way.itinerary.steps.get(index + 1).and_then(|step| match step {
                        Step::Leg(leg) => Some(&leg.service),
                        Step::Stay(_) => None,
                    });
                    comparing.stay(stay, came, next);
                }
            }
        }
    }
    Ok(comparing.found)
}

struct Comparing<'g, 'n> {
    ground: &'g Ground<'n>,
    numbers: BTreeMap<&'n ServiceId, usize>,
    found: Vec<Change>,
}

impl Comparing<'_, '_> {
    fn note(&mut self, of: &ChangeOf, figure: ChangedFigure) {
        let change = Change { of: of.clone(), figure };
        if !self.found.contains(&change) {
            self.found.push(change);
        }
    }

    fn ride(&self, id: &ServiceId) -> Option<&Ride<'_>> {
        self.ground.rides.get(*self.numbers.get(id)?)
    }

    fn leg(&mut self, leg: &Leg) {
        let of = ChangeOf::Service { id: leg.service.clone(), name: leg.name.clone() };
        let Some(ride) = self.ride(&leg.service) else {
            let gone = self.ground.network.find_service(&leg.service).is_none();
            self.note(&of, if gone { ChangedFigure::Gone } else { ChangedFigure::Unusable });
            return;
        };
        let (running, carbon) = (ride.service.running, ride.carbon);
        let price = crate::assemble::leg_cost(ride, self.ground.currency).map(|cost| cost.typical);
        if running != leg.running {
            self.note(&of, ChangedFigure::Duration { then: leg.running, now: Some(running) });
        }
        let then = leg.cost.as_ref().map(|cost| cost.typical);
        if price != then {
            self.note(&of, ChangedFigure::Price { then, now: price });
        }
        if carbon != leg.carbon {
            self.note(&of, ChangedFigure::Emissions { then: leg.carbon, now: carbon });
        }
    }

    fn stay(&mut self, stay: &Stay, came: Option<&ServiceId>, next: Option<&ServiceId>) {
        let number = |id: Option<&ServiceId>| id.map(|id| self.numbers.get(id).copied());
        // Where a service is not there any more that has been said.
        let (Some(came), Some(next)) = (known(number(came)), known(number(next))) else { return };
        let Some(facts) = self.ground.stay(came, next) else { return };
        let now: BTreeMap<ProcessKind, Estimate<Seconds>> = crate::assemble::processes(&facts)
            .into_iter()
            .map(|process| (process.kind, process.duration))
            .collect();
        let then: BTreeMap<ProcessKind, Estimate<Seconds>> =
            stay.processes.iter().map(|process| (process.kind, process.duration)).collect();
        let of = |kind: ProcessKind| ChangeOf::Process { place: stay.place.clone(), kind };
        for (kind, duration) in &then {
            let is = now.get(kind).copied();
            if is != Some(*duration) {
                self.note(&of(*kind), ChangedFigure::Duration { then: *duration, now: is });
            }
        }
        for (kind, duration) in now.iter().filter(|(kind, _)| !then.contains_key(kind)) {
            let then = Estimate::exactly(Seconds::ZERO);
            self.note(&of(*kind), ChangedFigure::Duration { then, now: Some(*duration) });
        }
    }
}

/// Nothing where there is no service; `None` where there was one and it is not there any more.
fn known(number: Option<Option<usize>>) -> Option<Option<usize>> {
    match number {
        None => Some(None),
        Some(None) => None,
        Some(found) => Some(found),
    }
}

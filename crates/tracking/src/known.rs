//! What is known now besides the consignment's own events: closures, queues, departures that were missed.

use crate::figure::FigureKey;
use crate::learned::Learned;
use crate::parameters::{Parameters, Queueing};
use crate::score::Calibration;
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Leg, LinkId, ServiceId};
use kervan_units::{Estimate, Seconds};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What does not work for a time, as an operator entered it: wind closes a port, a landslide a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// Its id.
    pub id: String,
    /// What is closed.
    pub what: Closed,
    /// Since when.
    pub from: Timestamp,
    /// When it is expected to open again: earliest, most likely, latest.
    pub until: Estimate<Timestamp>,
    /// Why, in words that follow "Aktau is closed: ".
    pub reason: String,
    /// When it was lifted, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Timestamp>,
}

/// What a closure closes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Closed {
    /// A place: nothing leaves it or is let into it.
    Place(PlaceCode),
    /// A link: no service over it departs.
    Link(LinkId),
    /// A service: it does not depart.
    Service(ServiceId),
}

/// A closure with the services that it stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureNow {
    /// The closure.
    pub closure: Closure,
    /// Services over the link, or the service itself; empty for a place.
    pub services: BTreeSet<ServiceId>,
    /// Name of what is closed, for people.
    pub name: String,
}

impl ClosureNow {
    /// Whether it stops the departure of a leg.
    pub(crate) fn stops_departure(&self, leg: &Leg) -> bool {
        self.services.contains(&leg.service) || self.closure.what == Closed::Place(leg.from.clone())
    }

    /// Whether it keeps a leg from ending.
    pub(crate) fn stops_arrival(&self, leg: &Leg) -> bool {
        self.closure.what == Closed::Place(leg.to.clone())
    }

    /// When a leg as it is planned meets the closure: its departure or arrival that falls into it, up to the latest end that is
    /// expected.
    pub fn meets(&self, leg: &Leg) -> Option<Timestamp> {
        let lifted = self.closure.lifted.unwrap_or(Timestamp::MAX);
        let closed = self.closure.from..self.closure.until.max().min(lifted);
        let departs = self.stops_departure(leg).then_some(leg.departs);
        let arrives = self.stops_arrival(leg).then_some(leg.arrives);
        departs.into_iter().chain(arrives).find(|at| closed.contains(at))
    }

    /// Whether it is in force or to come, seen from an instant.
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        self.closure.lifted.is_none_or(|lifted| lifted > now)
    }

    pub(crate) fn words(&self) -> String {
        let until = self.closure.until.typ().strftime("%Y-%m-%d %H:%M");
        format!("{} closed until about {until}Z: {}", self.name, self.closure.reason)
    }
}

/// How many stand in a queue, and how many do usually.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    /// Now, the one that is asked for among them.
    pub waiting: u32,
    /// Usually: the rate of arrivals times the usual stay (Little's law).
    pub usual: f64,
}

impl Queue {
    /// How much longer a stay lasts because of it. Range: from 1 on; 1 as long as chance alone makes such queues, that is up to
    /// two deviations of a count above the usual one, and two more.
    pub fn factor(&self, queueing: &Queueing) -> f64 {
        let others = f64::from(self.waiting.saturating_sub(1));
        let by_chance = self.usual + 2.0 * self.usual.sqrt() + 2.0;
        if others <= by_chance {
            return 1.0;
        }
        (others / self.usual.max(1.0)).powf(queueing.exponent).clamp(1.0, queueing.most)
    }
}

/// Queues by what the goods in them wait for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queues {
    by_key: BTreeMap<FigureKey, Queue>,
}

impl Queues {
    /// Counts what is open now and holds it against what is usual. Where too little was measured, nothing is said.
    pub fn count<'k>(
        open: impl IntoIterator<Item = &'k FigureKey>,
        learned: &Learned,
        parameters: &Parameters,
        now: Timestamp,
    ) -> Self {
        /// Over how long the rate of arrivals is taken. Unit: second.
        const RATE_OVER_S: i64 = 60 * 86_400;
        let mut waiting: BTreeMap<&FigureKey, u32> = BTreeMap::new();
        for key in open {
            *waiting.entry(key).or_default() += 1;
        }
        let since =
            now.saturating_sub(jiff::SignedDuration::from_secs(RATE_OVER_S)).unwrap_or(Timestamp::MIN);
        let by_key = waiting
            .into_iter()
            .filter_map(|(key, waiting)| {
                let measured = learned.count_since(key, since);
                let begun = learned.first(key)?.max(since);
                if (measured as f64) < parameters.queues.least {
                    return None;
                }
                let over = Seconds::between(begun, now).get().max(1) as f64;
                let stay = learned.figure(key, &[], &parameters.learning, now).quantile(0.5);
                Some((key.clone(), Queue { waiting, usual: measured as f64 / over * stay }))
            })
            .collect();
        Self { by_key }
    }

    /// The queue for one thing.
    pub fn find(&self, key: &FigureKey) -> Option<Queue> {
        self.by_key.get(key).copied()
    }

    /// Every queue, by key.
    pub fn list(&self) -> impl Iterator<Item = (&FigureKey, Queue)> {
        self.by_key.iter().map(|(key, queue)| (key, *queue))
    }
}

/// A departure that left while the goods were there: its cut-off was missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The service.
    pub service: ServiceId,
    /// Its name for people.
    pub name: String,
    /// When it left.
    pub at: Timestamp,
    /// Time to the next departure, if it runs at even intervals. Unit: second.
    pub every: Option<Seconds>,
}

/// What an estimate knows besides the consignment's own events.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// What was measured.
    pub learned: &'a Learned,
    /// Parameters.
    pub parameters: &'a Parameters,
    /// Closures in force or to come.
    pub closures: &'a [ClosureNow],
    /// Queues.
    pub queues: &'a Queues,
    /// The last departure that the goods have missed, if they wait for one.
    pub missed: Option<&'a Missed>,
    /// What the score of earlier estimates says of the intervals.
    pub calibration: Option<&'a Calibration>,
}

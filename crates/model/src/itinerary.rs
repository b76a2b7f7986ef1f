//! The itinerary: the planned chain of legs and stays of one consignment. A value, with its inputs.

use crate::{Confidence, Mode, ProcessKind, Provenance, ServiceId, TrafficClass};
use jiff::Timestamp;
use kervan_codes::{CountryCode, PlaceCode, SizeType};
use kervan_units::{Carbon, Distance, Estimate, Mass, Money, Seconds};
use serde::{Deserialize, Serialize};

/// A planned chain of legs and stays, with what is known of its arrival, cost and emissions.
///
/// Invariant: steps alternate in time; each leg starts where the one before it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Itinerary {
    /// What it was computed from; the same inputs give the same itinerary.
    pub inputs: PlanInputs,
    /// When the goods are ready at the origin.
    pub departs: Timestamp,
    /// When they arrive, with odds.
    pub arrives: ArrivalOdds,
    /// Length of the way, typical. Unit: metre.
    pub distance: Distance,
    /// Countries crossed, in order, each once for each entry.
    pub countries: Vec<CountryCode>,
    /// The least confidence of any figure that it rests on.
    pub confidence: Confidence,
    /// What it costs.
    pub cost: Cost,
    /// Greenhouse gas, typical. Unit: gram of CO2e.
    pub carbon: Carbon,
    /// Stays and legs in order of travel.
    pub steps: Vec<Step>,
}

/// What a plan was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanInputs {
    /// Version of the network: the first 16 hexadecimal digits of the SHA-256 of its tables.
    pub network_version: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// Monte Carlo samples.
    pub samples: u32,
    /// Containers by size and type.
    pub equipment: Vec<(u32, SizeType)>,
    /// Mass of the goods. Unit: gram.
    pub gross_mass: Mass,
    /// Which measurements its odds rest on besides published figures, as the node that planned names them; nothing: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<String>,
}

/// Arrival at three quantiles: one in ten is earlier than `p10`, one in ten later than `p90`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalOdds {
    /// 10 % quantile.
    pub p10: Timestamp,
    /// Median.
    pub p50: Timestamp,
    /// 90 % quantile.
    pub p90: Timestamp,
}

/// The cost of an itinerary, with what is not known in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Sum of the typical amounts.
    pub total: Money,
    /// Sum of the least amounts.
    pub low: Money,
    /// Sum of the greatest amounts.
    pub high: Money,
    /// The part of `total` that rests on published prices.
    pub published: Money,
    /// The part of `total` that is judgement.
    pub judged: Money,
    /// What has no figure at all and is not in `total`, in words.
    pub unknown: Vec<String>,
}

/// One step of an itinerary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "an itinerary has tens of steps, and about half are legs")]
pub enum Step {
    /// A stay at a place.
    Stay(Stay),
    /// A ride on a service.
    Leg(Leg),
}

/// A stay at a place: the processes there, and the wait for the next departure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Where.
    pub place: PlaceCode,
    /// Arrival, median.
    pub arrives: Timestamp,
    /// Departure, median.
    pub leaves: Timestamp,
    /// What happens there.
    pub processes: Vec<ProcessStay>,
}

/// One process of a stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessStay {
    /// What it is.
    pub kind: ProcessKind,
    /// How long it takes. Unit: second.
    pub duration: Estimate<Seconds>,
    /// Whether the duration already contains the wait for the next departure.
    pub includes_waiting: bool,
    /// Where the figure comes from.
    pub provenance: Provenance,
}

/// A ride on a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// The service ridden.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Class of traffic.
    pub class: TrafficClass,
    /// Mode.
    pub mode: Mode,
    /// Where it is boarded.
    pub from: PlaceCode,
    /// Where it is left.
    pub to: PlaceCode,
    /// Departure, median.
    pub departs: Timestamp,
    /// Arrival, median.
    pub arrives: Timestamp,
    /// Time on the move. Unit: second.
    pub running: Estimate<Seconds>,
    /// Length. Unit: metre.
    pub distance: Estimate<Distance>,
    /// Countries crossed, in order.
    pub countries: Vec<CountryCode>,
    /// Price, if there is any figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<LegCost>,
    /// Greenhouse gas, typical. Unit: gram of CO2e.
    pub carbon: Carbon,
    /// Whether the service runs today.
    pub status: ServiceStatus,
    /// Where the running time comes from.
    pub provenance: Provenance,
}

/// The price of a leg for all the equipment of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegCost {
    /// Least amount.
    pub low: Money,
    /// Typical amount.
    pub typical: Money,
    /// Greatest amount.
    pub high: Money,
    /// What the amount rests on.
    pub basis: CostBasis,
    /// Where the figure comes from.
    pub provenance: Provenance,
}

/// What a price rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostBasis {
    /// A published tariff or index.
    Published,
    /// Computed from published figures of other lines.
    Derived,
    /// Our judgement.
    Judgement,
}

/// Whether a service can be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ServiceStatus {
    /// In use.
    Open,
    /// Not there yet.
    Planned {
        /// Calendar year of opening, the latest one announced.
        opens: i16,
    },
    /// There, but not to be relied on.
    Disrupted {
        /// Why.
        reason: String,
    },
}

impl Itinerary {
    /// The rides, in order.
    pub fn legs(&self) -> impl Iterator<Item = &Leg> {
        self.steps.iter().filter_map(|step| match step {
            Step::Leg(leg) => Some(leg),
            Step::Stay(_) => None,
        })
    }

    /// The stays, in order.
    pub fn stays(&self) -> impl Iterator<Item = &Stay> {
        self.steps.iter().filter_map(|step| match step {
            Step::Stay(stay) => Some(stay),
            Step::Leg(_) => None,
        })
    }
}

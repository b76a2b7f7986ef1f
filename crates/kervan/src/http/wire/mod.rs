//! The JSON of our API: what stands on the wire, kept apart from the domain types.

mod figures;
mod finding;
mod network;
mod plan;

pub use figures::{Confidence, Money, Provenance, ThreePoints};
pub use finding::Finding;
pub use network::{Attribution, Link, Network, Place, PlaceDetail, Process, Service, Status};
pub use plan::{
    Alternative, Assumption, Cost, EquipmentCount, HourOdds, Itinerary, Leg, LegCost, Odds, Plan, PlanRequest,
    ProcessStay, Stay, Step, name_of,
};

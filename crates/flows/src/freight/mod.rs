//! Freight demand on the routes of a corridor and its rivals.
//!
//! `data` reads the tables of `data/flows`, `scenario` what is changed, `ground` says what rides and stays take, `ways` finds the
//! routes of a pair of places in every corridor, `model` spreads demand over them, `compare` holds volumes against published ones
//! and says how they answer to prices and times, `table` reads rows.

mod compare;
mod data;
mod ground;
mod model;
mod scenario;
mod table;
mod ways;

pub use compare::{Elasticity, Held, compare_published, elasticities, elasticities_by_steps, fit_constants};
pub use data::{Capacity, Commodity, Corridor, DemandRow, FreightData, Published, Region, Spot};
pub use ground::layer_of_network;
pub use model::{Assignment, CorridorVolume, RouteVolume, Shift, SpotLoad, Unserved, assign, assign_both};
pub use scenario::{Change, Scenario, ScenarioText, read_scenario};
pub use ways::Way;

use crate::limits;
use kervan_model::Finding;
use kervan_network::Network;

/// A finding that a text is no place of the network, with the nearest ones.
pub fn unknown_place(network: &Network, text: &str, path: &str) -> Finding {
    let nearest: Vec<String> = network
        .suggest_places(text, limits::SUGGESTED_PLACES)
        .into_iter()
        .map(|place| format!("{} ({})", place.code, place.name))
        .collect();
    let remedy = match nearest.as_slice() {
        [] => "use a place of the network".to_owned(),
        places => format!("did you mean {}?", places.join(", ")),
    };
    Finding::error("flows.unknown-place", format!("`{text}` is no place of the network"))
        .at(path)
        .remedy(remedy)
}

//! What flows over a network, and what stops it.
//!
//! * Exact algorithms on integer graphs of any layer: [`min_cost_flow`] by the network simplex, with a proof that
//!   [`check_min_cost`] holds against it or the cut that shows why there is no flow; [`max_flow`] with the arcs that bound it;
//!   [`disjoint_routes`] that share no arc or no vertex; [`max_flow_without`] and [`min_cost_without`] for each link in turn.
//!
//! * [`Layer`] gives the numbers names: the open links of a corridor, or any graph that somebody wrote down, and answers questions.
//! * [`freight`] spreads the containers of a year over corridors that compete, at the equilibrium of [`find_equilibrium`].
//!
//! A vertex and an arc are numbers in the algorithms. Nothing here knows a place, a corridor or a kind of goods by name: that is
//! data, under `data/network` and `data/flows`.
//!
//! ```
//! use kervan_flows::freight::{FreightData, ScenarioText, assign_both, read_scenario};
//! use kervan_network::Network;
//!
//! let table = |name: &str| std::fs::read_to_string(format!("../../data/{name}")).ok();
//! let (network, _) = Network::load(|name| table(&format!("network/{name}"))).unwrap();
//! let (data, _) = FreightData::load(|name| table(&format!("flows/{name}")), &network);
//! let closed = ScenarioText { close: vec!["L020".to_owned()], ..ScenarioText::default() };
//! let shift = assign_both(&network, &data, &read_scenario(&closed, &network, &data).unwrap());
//! assert!(shift.after.corridors[0].teu < shift.before.corridors[0].teu);
//! ```

pub mod freight;
pub mod limits;

mod dimacs;
mod disjoint;
mod equilibrium;
mod graph;
mod layer;
mod linear;
mod max_flow;
mod min_cost;
mod question;
mod removal;
mod residual;
mod shortest;
mod simplex;

pub use dimacs::{DimacsError, Problem, read_dimacs, write_dimacs};
pub use disjoint::{Apart, DisjointRoutes, Route, RoutesError, disjoint_routes};
pub use equilibrium::{
    Delay, Demand, DemandRoute, Equilibrium, cost_at, find_equilibrium, path_sizes, respond,
};
pub use graph::{Arc, Graph, GraphError};
pub use layer::{Layer, LayerError, LayerFile, LayerLink, LayerPlace, Part};
pub use max_flow::{EndsError, MaxFlow, max_flow};
pub use min_cost::{MinCostError, MinCostFlow, NotOptimal, Shortage, check_min_cost, min_cost_flow};
pub use question::{
    Bottleneck, Cheapest, Removal, assess_removals, find_apart, find_bottleneck, find_cheapest,
};
pub use removal::{CostLoss, FlowLoss, max_flow_without, min_cost_without};
pub use shortest::cheapest_routes;

//! Every good way from A to B, with honest odds.
//!
//! [`plan`] searches the services of a network for the ways that no other way beats on arrival, cost and emissions, plays
//! each of them a few thousand times with its waits, borders and changes of gauge, and shows the ones that stay unbeaten
//! on the figures shown. A plan is a value: the same request, options and network give the same plan, on any machine of
//! the same build. Nothing here reads a clock, and no place, tariff or rule is known by name: that is the network's data.
//!
//! Files: `request` is the question and its checks, `ride` and `stay` say what a service and a stop take, `ground` makes
//! the graph of them, `search` finds the front, `odds` plays it, `assemble` writes the itinerary, `choose` what is shown,
//! `explain` why there is nothing to show.
//!
//! ```
//! use kervan_network::Network;
//! use kervan_planning::{PlanOptions, PlanRequest, plan};
//!
//! let table = |name: &str| std::fs::read_to_string(format!("../../data/network/{name}")).ok();
//! let (network, _) = Network::load(table).unwrap();
//! let request = PlanRequest {
//!     from: "CNXIA".parse().unwrap(),
//!     to: "TRIST".parse().unwrap(),
//!     ready: "2026-12-01T08:00:00Z".parse().unwrap(),
//!     equipment: vec![(2, "45G1".parse().unwrap())],
//!     gross_mass: None,
//!     allow_planned: false,
//!     allow_disrupted: false,
//! };
//! let plan = plan(&network, &request, &PlanOptions { samples: 500, ..PlanOptions::default() }).unwrap();
//! let first = &plan.alternatives[0];
//! assert_eq!(first.id.to_string(), "A1");
//! assert!(first.itinerary.arrives.p10 < first.itinerary.arrives.p90);
//! ```

mod alternative_id;
mod assemble;
mod boxes;
mod choose;
mod explain;
mod ground;
mod odds;
mod plan;
mod price;
mod request;
mod ride;
mod search;
mod stay;

pub mod limits;

pub use alternative_id::{AlternativeId, NoAlternativeId};
pub use plan::{Alternative, Assumption, Badge, Plan, find_alternative, plan, plan_alternative};
pub use request::{PlanOptions, PlanRequest, check_request};

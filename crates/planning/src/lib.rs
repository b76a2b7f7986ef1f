//! Every good way from A to B, with honest odds.
//!
//! [`plan`] searches the services of a network for the ways that no other way beats on arrival, cost and emissions, plays
//! each of them a few thousand times with its waits, borders and changes of gauge, and shows the ones that stay unbeaten
//! on the figures shown. A plan is a value: the same request, options and network give the same plan, on any machine of
//! the same build. Nothing here reads a clock, and no place, tariff or rule is known by name: that is the network's data.
//!
//! Files: `request` and `conditions` are the question, `cuts` says which condition keeps what out, `ride` and `stay` what a
//! service and a stop take, `price` what they cost, `ground` collects them, `adapt` hands them to the search and reads its
//! answer, `odds` plays it, `assemble` writes the itinerary, `choose` what is shown, `relax` why there is nothing to show,
//! `insight` why a way is recommended and what to do when it breaks, `reach` many places at once, `foresee` what an accepted
//! itinerary is held against, `replay` a kept plan computed again.
//!
//! ```
//! use kervan_network::Network;
//! use kervan_planning::{PlanOptions, PlanRequest, plan};
//!
//! let table = |name: &str| std::fs::read_to_string(format!("../../data/network/{name}")).ok();
//! let (network, _) = Network::load(table).unwrap();
//! let equipment = vec![(2, "45G1".parse().unwrap())];
//! let ready = "2026-12-01T08:00:00Z".parse().unwrap();
//! let request = PlanRequest::new("CNXIA".parse().unwrap(), "TRIST".parse().unwrap(), ready, equipment);
//! let plan = plan(&network, &request, &PlanOptions { samples: 500, ..PlanOptions::default() }).unwrap();
//! let first = &plan.alternatives[0];
//! assert_eq!(first.id.to_string(), "A1");
//! assert!(first.itinerary.arrives.p10 < first.itinerary.arrives.p90);
//! ```

mod adapt;
mod alternative_id;
mod areas;
mod assemble;
mod boxes;
mod check_conditions;
mod choose;
mod conditions;
mod cuts;
mod foresee;
mod ground;
mod insight;
mod odds;
mod plan;
mod price;
mod reach;
mod relax;
mod replay;
mod request;
mod ride;
mod stay;
mod weight;

pub mod limits;

pub use alternative_id::{AlternativeId, NoAlternativeId};
pub use areas::{Polygon, Position, Reach, Ring, draw_areas};
pub use conditions::{Conditions, Criterion, Exposure, Selection};
pub use foresee::{Band, Foreseen, Within, foresee, foresee_all};
pub use insight::{
    At, Catch, DayPrice, Expected, Explained, Fallback, FallbackPlan, FigureFit, FigureOf, Insight, OnTime,
    Outlook, Preferences, Reason, Risk, Rival, ServiceRef, Swing, SwingEnd, explain,
};
pub use odds::{Learned, LearnedFigure, LearnedKey};
pub use plan::{
    Alternative, Assumption, Badge, Plan, find_alternative, list_chains, plan, plan_alternative, plan_learned,
};
pub use reach::{Area, Isochrone, Reached, RiddenPart, plan_isochrone, plan_matrix};
pub use replay::{Change, ChangeOf, ChangedFigure, Replayed, replay_plan};
pub use request::{PlanOptions, PlanRequest, check_request, find_past};

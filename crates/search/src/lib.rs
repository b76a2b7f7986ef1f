//! The search of freight over timetables: every good way, exact, on whole numbers.
//!
//! The room knows no railway, no country, no file and no clock. A [`Network`] has *stops* and *lines*. A line is a sequence
//! of stops with running times and weights per segment; it leaves by a timetable or at any time after a wait. Between two
//! lines lies a *stay*, whose time and weights may depend on the pair of them. A [`Query`] says from where to where, when,
//! and what is compared: time, up to five criteria that add up, the number of rides. [`find_front`] gives every way that
//! no other way beats, one for each weight, in order of time and then of the weights; or, with an `epsilon`, a shorter
//! list that covers them.
//!
//! What a way is, exactly:
//!
//! * It begins with the stay at an origin, ends with the stay at a destination, and visits no stop twice; to visit is to
//!   begin, change or end there, to pass on board is not.
//! * Goods that arrive are free to be taken after the line's release time. The work of a stay begins when the stop is open,
//!   takes its duration, and must be done the line's cut-off before a departure.
//! * Storage is charged from when goods are free until they leave. Where it is charged, goods may wait on purpose for a later
//!   departure, or a later opening of a stop or line, so that cheaper ways are found; a line that runs at any time and is
//!   open is not kept waiting. Nothing is charged at the origin and the destination.
//! * Arriving by an instant is the mirror of departing after one: the same rules with time running back.
//!
//! How: a label-setting search in order of time (as in NAMOA\* and LTMOA\*), with lower bounds per criterion from a backward
//! pass, labels that keep one dimension fewer because they come up in order of time, and rides that share a departure
//! compared on board (as RAPTOR compares them per route). `search/mod.rs` says the rest; `network/risk.rs` says why
//! dominance stays exact under storage charges.
//!
//! ```
//! use kervan_search::{Departure, End, Line, LineStop, Network, Parts, Query, Runs, Stay, Stop, When, find_front};
//!
//! let stop = Stop { stay: Some(Stay { duration: 6, ..Stay::default() }), ..Stop::default() };
//! let line = |from, to, hours, cost, runs| Line {
//!     stops: vec![LineStop::at(from, 0, 0), LineStop::at(to, hours, hours)],
//!     segments: vec![[cost, 0, 0, 0, 0]],
//!     runs,
//! };
//! let anytime = Runs::Anytime { wait: 0, open: vec![], capacity: None };
//! let weekly = Runs::Timetable(vec![Departure::at(100), Departure::at(268)]);
//! let network = Network::new(Parts {
//!     stops: vec![stop.clone(), stop.clone(), stop],
//!     lines: vec![
//!         line(0, 1, 48, 900, anytime.clone()),
//!         line(1, 2, 20, 300, weekly),
//!         line(0, 2, 90, 2_500, anytime),
//!     ],
//!     changes: vec![],
//! })
//! .unwrap();
//! let front = find_front(&network, &Query::new(End::at(0), End::at(2), When::DepartAfter(10), 60 * 24)).unwrap();
//! let shown: Vec<_> = front.journeys.iter().map(|way| (way.arrives, way.weights[0], way.legs.len())).collect();
//! // The truck at once, or the truck to the port and the vessel that leaves at 100.
//! assert_eq!(shown, [(100, 2_500, 1), (120, 1_200, 2)]);
//! ```

mod bounds;
mod engine;
mod front;
mod graph;
mod journey;
mod network;
mod query;
mod search;
mod setting;
mod weights;

pub mod limits;

pub use engine::{Front, find_front, list_fronts};
pub use graph::{Arc, Graph, GraphFront, GraphQuery, Path, find_paths};
pub use journey::{Journey, Leg};
pub use network::{
    Change, Departure, Fault, Line, LineStop, Network, Parts, Runs, Stay, Stop, Storage, Window,
};
pub use query::{Avoid, End, Query, QueryFault, When};
pub use search::{Progress, Stopped};
pub use weights::{COST, Criteria, WEIGHTLESS, WEIGHTS, Weights};

//! The play: a scripted, seeded corridor whose parties do what real parties do, in the same words.
//!
//! A [`Script`] says who sends what where. [`Play::next_act`] gives the next [`Act`] of a party, ready to be sent to a node;
//! [`Play::tell`] takes in what came of it. Nothing here sends anything: no clock, no IO, no randomness but the seed. The
//! same script, network, seed and outcomes give the same acts with the same keys, so a play that was interrupted is played
//! again from the start, and what the node has already is recognized by its key. Acts that did not change the node, the
//! questions for release, must be answered again as they were at [`Act::at`].
//!
//! **The truth** of a journey is drawn from the estimates of its own itinerary, not from the plan's samples: each stay takes
//! the sum of its processes, each leg its running time. Luck comes in weeks: in one of eight everything at a place or on a
//! service takes the longer half of its figures, in another one the shorter half.
//!
//! **Ships leave when they are full**, and are shared. The last part of a stay before a ship, at most 18 hours and only what
//! exceeds the least time of the stay, is spent on the quay. The first consignment there fixes the sailing; whoever stands
//! on the quay one hour before it departs goes along, unless it would wait more than 18 hours. A consignment that is held
//! misses the ship and takes the next one. Our containers are a small part of a load, so none is too many.
//!
//! **Customs** are asked at the end of every border process and before the goods leave any place; a border that holds them
//! is asked again every three hours.
//!
//! ```
//! use kervan_simulation::{Outcome, Play, Script, What};
//! use std::sync::Arc;
//!
//! let read = |path: String| std::fs::read_to_string(format!("../../{path}"));
//! let (network, _) = kervan_network::Network::load(|name| read(format!("data/network/{name}")).ok()).unwrap();
//! let script = serde_norway::from_str(&read("scenarios/demo/play.yaml".to_owned()).unwrap()).unwrap();
//! let script = Script::read(&script, |name| {
//!     serde_norway::from_str(&read(format!("scenarios/demo/consignments/{name}.yaml")).ok()?).ok()
//! }).unwrap();
//!
//! let mut play = Play::new(script, Arc::new(network), |_operator| "carrier".parse().ok(), 7);
//! let first = play.next_act().unwrap();
//! assert!(matches!(first.what, What::Declare { .. }));
//! play.tell(Outcome::Done);
//! assert!(play.next_act().unwrap().at >= first.at);
//! ```

mod act;
mod choose;
mod journey;
mod luck;
mod play;
mod report;
mod sailing;
mod script;
mod timeline;

pub mod limits;

pub use act::{Act, Outcome, What};
pub use play::{Play, Progress};
pub use sailing::Shut;
pub use script::{
    Attach, AttachFacts, Choose, Correct, CorrectedField, Script, ScriptEntry, ScriptFile,
    ScriptedConsignment,
};
pub use timeline::{HeldSpan, Timeline, TimelineOf};

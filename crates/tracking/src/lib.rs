//! Tracking: when the goods will arrive, how sure that is, and what somebody should look at.
//!
//! [`estimate_arrival`] says with odds when every milestone ahead will be reached, and why that changed. It draws the rest of
//! the journey from figures ([`Figure`]): published ones, shrunk towards what was measured ([`Learned`], fed by
//! [`list_measures`]), with what is known now ([`Known`]: closures, queues, departures missed). What it said is scored against
//! what happened ([`score()`]), told beside the next estimate ([`state`]) and used to mend its intervals ([`Calibration`]).
//! [`alarm`] says what somebody should look at, [`corridor`] how a corridor does, from passages alone.
//!
//! Pure: no clock, no randomness of its own; `now` and seeds are arguments. Absent: storage, HTTP, what an event is.
//!
//! ```
//! use kervan_tracking::{FigureKey, Learned, Measure, Parameters};
//! use kervan_units::{Estimate, Seconds};
//!
//! let table = |name: &str| std::fs::read_to_string(format!("../../data/tracking/{name}")).ok();
//! let parameters = Parameters::load(table).unwrap();
//! let hours = Seconds::from_hours;
//! let published = vec![Estimate::new(hours(18), hours(24), hours(40)).unwrap()];
//! let key: FigureKey = "ride:S020".parse().unwrap();
//! let mut learned = Learned::default();
//! for day in 1..=28 {
//!     let at = format!("2026-12-{day:02}T08:00:00Z").parse().unwrap();
//!     let instance = format!("S020@{day}");
//!     let measure = Measure { key: key.clone(), instance, at, seconds: hours(44), published: published.clone() };
//!     learned.take(&measure, &parameters.learning);
//! }
//! let now = "2026-12-29T00:00:00Z".parse().unwrap();
//! let figure = learned.figure(&key, &published, &parameters.learning, now);
//! assert_eq!(figure.measured(), 28);
//! assert!(figure.quantile(0.5) > 40.0 * 3_600.0);
//! ```

pub mod alarm;
mod chance;
pub mod corridor;
mod drift;
mod eta;
mod figure;
mod known;
mod learned;
pub mod limits;
mod parameters;
mod score;
mod segment;
mod subject;

pub use drift::Drifted;
pub use eta::{Basis, Eta, EtaInputs, Hold, LegPosition, estimate_arrival};
pub use figure::{Figure, FigureKey, NoFigureKey};
pub use known::{Closed, Closure, ClosureNow, Known, Missed, Queue, Queues};
pub use learned::{Learned, LearnedFigure, Measure};
pub use parameters::{Learning, Marks, Ownership, Parameters, Queueing, Scoring};
pub use score::{
    ArrivalBand, Calibration, Given, Levels, SHARES, Score, Scored, Statement, assess, find_horizon_rows,
    horizon_of, score, state,
};
pub use segment::{find_open_dwell, list_figures, list_measures};
pub use subject::Subject;

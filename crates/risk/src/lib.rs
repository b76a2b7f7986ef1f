//! Selection for control besides rules: a fair draw that can be proved afterwards, and a score learned from results.
//!
//! The **draw** ([`DrawSeed`]): an administration publishes the hash of a secret seed before a period begins; whether a case
//! is drawn follows from the seed and the name of the case alone; when the seed is revealed, anybody can check every draw.
//!
//! The **score** ([`Model`]): gradient-boosted trees over whole numbers, trained from the results of controls ([`train`]). Each
//! score is explained by what each feature added to it ([`Model::explain`], exact Shapley values), and the parts add up to the
//! score. What a score may lead to is a type, [`Selected`], that holds a control and nothing stronger.
//!
//! The **capacity** of a control team bounds both: [`choose_controls`] takes the cases of highest expected value that it can
//! look at, and keeps a share for a draw among the rest, so that the model never stops learning about what it does not suspect.
//! A case that comes alone is ruled on against those that are known of its day ([`rule_on_day`]).
//!
//! Absent: what the features are (the room of customs says that), clocks, randomness, storage.
//!
//! ```
//! use kervan_risk::DrawSeed;
//!
//! let seed = DrawSeed::new([7; 32]);
//! let published = seed.commitment();
//! let drawn = seed.draws("KRV-2026-0001/2", 20);
//! // Later, with the seed revealed:
//! assert!(kervan_risk::check_draws(&seed, &published, 20, [("KRV-2026-0001/2", drawn)]).is_empty());
//! ```

mod arithmetic;
mod choose;
mod day;
mod draw;
pub mod limits;
mod measure;
mod model;
mod shapley;
mod train;

pub use choose::{Candidate, Capacity, Chosen, Selected, choose_controls, fit_threshold};
pub use day::{Claim, DayCase, DayRuling, rule_on_day};
pub use draw::{DrawSeed, check_draws};
pub use measure::{Quality, assess_quality};
pub use model::{Explained, Model, Node, Part, Tree};
pub use train::{Example, Training, train};

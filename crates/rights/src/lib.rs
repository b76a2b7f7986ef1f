//! Who may do what on which: policies in Cedar, as data, and decisions that name their policy.
//!
//! A [`Caller`] asks for an [`Action`] on something to which it stands in some [`Relations`]. [`Rights`] holds the policies
//! of a folder (`data/rights`), checked against the schema that [`schema`] writes from the closed table of actions, and
//! decides. What is not permitted is refused; every [`Decision`] names the policy that it rests on, for the operator and
//! the audit log and for nobody else.
//!
//! The facts that a decision rests on are few and closed (standing, roles, relations), so that every case can be written
//! into one table that people read: [`write_table`] makes `docs/rights.md`.
//!
//! Absent here: HTTP, the store, who a token belongs to. Relations are found by `node`, callers by the binary.
//!
//! ```
//! use kervan_rights::{Action, Answer, Caller, Relation, Relations, Rights};
//! use kervan_model::Role;
//!
//! let files = kervan_rights::embedded_for_tests();
//! let rights = Rights::load(&files).unwrap();
//! let carrier = Caller::party("rail-az".parse().unwrap(), vec![Role::Carrier], None);
//! let takes_part = Relations::of(&[Relation::Participant, Relation::Carrier]);
//! // A carrier reads it, but no prices.
//! assert_eq!(rights.answer(&carrier, Action::GetConsignment, takes_part), Answer::InPart);
//! assert_eq!(rights.answer(&carrier, Action::GetConsignment, Relations::NONE), Answer::NotFound);
//! let decision = rights.decide(&carrier, Action::GetConsignment, takes_part);
//! assert_eq!(decision.policy.as_deref(), Some("participants-read"));
//! ```

mod action;
mod caller;
mod files;
mod limits;
mod policy;
mod policy_tests;
mod relation;
mod schema;
mod table;

pub use action::{About, Action, Group, Thing};
pub use caller::{Caller, Standing};
pub use files::{FILES, RightsFiles, SmallCounts, embedded_for_tests};
pub use policy::{Answer, Decision, Rights};
pub use policy_tests::{PolicyTest, run_policy_tests};
pub use relation::{Relation, Relations};
pub use schema::schema;
pub use table::write_table;

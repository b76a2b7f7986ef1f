//! Rule packs: the conditions of administrations as data, and decisions taken by them.

mod check;
mod compile;
mod context;
mod decide;
mod effect;
mod expression;
mod file;
mod flatten;
mod pack;
mod pack_tests;
mod packs;
mod profile;
mod quick;
mod reading;
mod reads;
mod region;
mod render;
mod review;
pub mod schema;
mod scopes;
mod table;
mod table_file;
mod trace;
mod values;

pub use decide::{decide, decide_in};
pub use effect::{Changed, Effect, PastCase, RuleEffect, compare_packs};
pub use pack::{Rule, RulePack};
pub use pack_tests::{Coverage, PackTestReport, list_test_cases, run_pack_tests};
pub use packs::RulePacks;
pub use profile::{Profile, Weighed};
pub use review::review_pack;
pub use trace::{Asked, ProfileTrace, RuleTrace, WeighedTrace, trace, trace_profiles};

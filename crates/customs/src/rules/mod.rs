//! Rule packs: the conditions of administrations as data, and decisions taken by them.

mod check;
mod context;
mod decide;
mod expression;
mod file;
mod flatten;
mod pack;
mod pack_tests;
mod packs;
pub mod schema;
mod values;

pub use decide::decide;
pub use pack::{Rule, RulePack};
pub use pack_tests::{PackTestReport, run_pack_tests};
pub use packs::RulePacks;

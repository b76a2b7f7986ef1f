//! Rule packs: the conditions of administrations as data, and decisions taken by them.

mod check;
mod context;
mod decide;
mod expression;
mod file;
mod pack;
mod packs;
pub mod schema;
mod values;

pub use decide::decide;
pub use pack::{Rule, RulePack};
pub use packs::RulePacks;

//! Tests of the planner from outside: one program, so that it is linked once.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own inputs fails")]

mod conditions;
mod corridor;
mod insight;
mod invariants;
mod prices;
mod random_networks;
mod reach;
mod relaxations;
mod requests;
mod shared;

//! Clearance through the use cases of a node: guarantees, lodging, other itineraries, messages from outside, the clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it expects by failing, and what it could not look at in words"
)]

mod alarms;
mod capacity;
mod documents;
mod guarantees;
mod lodging;
mod messages;
mod plans;
mod positions;
mod states;
mod tracking;
mod twice;
mod work;
mod world;
mod xml;

//! The documents from outside: data, printed forms, consistency.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod awkward;
mod codes;
mod consistency;
mod data;
mod datasets;
mod forms;
mod pages;
mod papers;
mod published;
mod sample;
mod transport;

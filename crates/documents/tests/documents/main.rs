//! The documents from outside: data, printed forms, consistency.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod codes;
mod consistency;
mod data;
mod datasets;
mod forms;
mod pages;
mod papers;
mod sample;
mod transport;

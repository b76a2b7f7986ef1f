//! Tests of the dossier from outside: vectors, the fold, random graphs, tampering, disclosure.
#![allow(clippy::unwrap_used, reason = "in tests an error is a failure")]

mod adversary;
mod canonical;
mod codes;
mod consent;
mod control;
mod disclosure;
mod fold;
mod order;
mod package;
mod shared;
mod tamper;
mod vectors;
mod world;

//! The built binary, used as its users use it: the main job, a crash, a stranger's check.

#![expect(clippy::unwrap_used, reason = "what a test stands on may fail the test")]

mod access;
mod connections;
mod crash;
mod custody;
mod discreet;
mod edge;
mod epcis;
mod epcis_binding;
mod epcis_clients;
mod epcis_restart;
mod facts;
mod kills;
mod main_job;
mod mqtt;
mod node;
mod officers;
mod old_events;
#[path = "../../../store/tests/contract/postgres.rs"]
mod postgres;
mod program;
mod reload;
mod rights;
mod screening;
mod sign_in;
mod store;
mod store_journal;
mod stream;
mod verify;
mod verify_files;
mod verify_import;
mod verify_limits;

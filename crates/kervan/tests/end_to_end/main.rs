//! The built binary, used as its users use it: the main job, a crash, a stranger's check.

#![expect(clippy::unwrap_used, reason = "what a test stands on may fail the test")]

mod crash;
mod epcis;
mod main_job;
mod node;
mod officers;
mod program;
mod reload;
mod screening;
mod verify;
mod verify_files;
mod verify_import;
mod verify_limits;

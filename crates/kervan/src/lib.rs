//! The binary of Kervan as a library: command line, HTTP, configuration, clock. Its only user besides `main` are tests.

pub mod cli;
pub mod clock;
pub mod config;
pub mod custody;
pub mod facts;
pub mod findings;
pub mod http;
pub mod log;
pub mod meters;
pub mod mqtt;
pub mod names;
pub mod notifier;
pub mod papers;
pub mod player;
pub mod random;
pub mod running;
pub mod server;
pub mod setup;
pub mod sign_in;
pub mod ticker;
mod traces;

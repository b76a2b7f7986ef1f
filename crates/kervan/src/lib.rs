//! The binary of Kervan as a library: command line, HTTP, configuration, clock. Its only user besides `main` are tests.

pub mod cli;
pub mod clock;
pub mod facts;
pub mod findings;
pub mod http;
pub mod mqtt;
pub mod notifier;
pub mod papers;
pub mod player;
pub mod random;
pub mod setup;
pub mod ticker;

//! The binary of Kervan as a library: command line, HTTP, configuration, clock. Its only user besides `main` are tests.

/// The allocator of every program that serves: many small pieces of short life by many threads, for which that of the C library
/// takes a quarter of a busy node's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
mod pem;
pub mod player;
pub mod random;
pub mod running;
pub mod server;
pub mod setup;
pub mod sign_in;
pub mod ticker;
mod traces;

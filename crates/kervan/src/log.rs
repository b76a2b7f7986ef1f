//! The log: lines for people or JSON for programs, on standard error. No goods, owners, prices or tokens stand in it.

use tracing_subscriber::EnvFilter;

/// What a command logs unless told otherwise.
const QUIET: &str = "warn";

/// Starts the log. `RUST_LOG` says how much, where it is set; directives that cannot be read are as if there were none.
pub fn start(json: bool, level: Option<&str>) {
    let filter = EnvFilter::try_from_default_env().or_else(|_| EnvFilter::try_new(level.unwrap_or(QUIET)));
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(QUIET));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // One that is started already stays: tests run several commands.
    let _ = if json { log.json().flatten_event(true).try_init() } else { log.try_init() };
}

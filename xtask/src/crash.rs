//! `cargo xtask crash`: kills a serving node in the middle of writing, again and again, and looks for what was acknowledged.
//!
//! What is done stands in `crates/kervan/tests/end_to_end/kills.rs`, where the tests do it a few times.

use crate::progress::Progress;
use crate::shell::{Failure, run};
use crate::workspace::Workspace;
use std::process::ExitCode;

/// Arguments of `cargo xtask crash`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How often a node is killed on SQLite; on PostgreSQL half as often, and the server ten times.
    #[arg(long, default_value_t = 100)]
    times: usize,
    /// Draw as in an earlier run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Kills and looks.
pub(crate) fn run_crashes(args: &Args) -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    progress.say(format_args!("{} kills, drawn from {}", args.times, args.seed));
    let mut tests = workspace.cargo();
    tests.args(["test", "--package", "kervan", "--test", "end_to_end", "kills::", "--"]);
    tests.args(["--nocapture", "--test-threads", "1"]);
    tests.env("KERVAN_KILLS", args.times.to_string()).env("KERVAN_KILLS_SEED", args.seed.to_string());
    run(&mut tests)?;
    Ok(ExitCode::SUCCESS)
}

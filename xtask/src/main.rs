//! Tasks of the project, run as `cargo xtask TASK`. This file only says which tasks there are.

mod courses;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Tasks of the project.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Derive the courses of the links from railway lines and sea lanes.
    Courses(courses::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Courses(args) => courses::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        #[expect(clippy::print_stderr, reason = "a task speaks to the terminal")]
        {
            eprintln!("error: {error}");
        }
        ExitCode::FAILURE
    })
}

//! Tasks of the project, run as `cargo xtask TASK`. This file only says which tasks there are.

mod api_fuzz;
mod bench;
mod courses;
mod crash;
mod demo;
mod generate;
mod links;
mod load_tool;
mod package;
mod package_documents;
mod progress;
mod shell;
mod test;
mod tidy;
mod ui;
mod workspace;

use clap::{Parser, Subcommand};
use std::error::Error;
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
    /// Build what is needed, run the demo and say where to look.
    Demo(demo::Args),
    /// Run all tests, from a clean clone.
    Test(test::Args),
    /// Build the web page into ui/dist.
    Ui,
    /// Write openapi.json and the web page's types from the code.
    Gen(generate::Args),
    /// Check what a compiler does not: sizes, links, headers, words.
    Tidy,
    /// Measure a crate and keep the rows.
    Bench(bench::Args),
    /// Look with schemathesis for answers that the API's document does not name.
    ApiFuzz(api_fuzz::Args),
    /// Kill a serving node a hundred times and look for what was acknowledged.
    Crash(crash::Args),
    /// Build a Debian package.
    Package(package::Args),
    /// Derive the courses of the links from railway lines and sea lanes.
    Courses(courses::Args),
}

fn main() -> ExitCode {
    run(Cli::parse().task).unwrap_or_else(|error| {
        #[expect(clippy::print_stderr, reason = "a task speaks to the terminal")]
        {
            eprintln!("error: {error}");
        }
        ExitCode::FAILURE
    })
}

fn run(task: Task) -> Result<ExitCode, Box<dyn Error>> {
    Ok(match task {
        Task::Demo(args) => demo::run_demo(&args)?,
        Task::Test(args) => test::run_tests(&args)?,
        Task::Ui => ui::run()?,
        Task::Gen(args) => generate::run(&args)?,
        Task::Tidy => tidy::run()?,
        Task::Bench(args) => bench::run(&args)?,
        Task::ApiFuzz(args) => api_fuzz::run_minutes(&args)?,
        Task::Crash(args) => crash::run_crashes(&args)?,
        Task::Package(args) => package::run_package(&args)?,
        Task::Courses(args) => courses::run(&args)?,
    })
}

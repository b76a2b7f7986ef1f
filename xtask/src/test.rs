//! `cargo xtask test`: everything, from a clean clone on a fresh machine, and one table of what passed.
//!
//! Parts run one after the other and the rest runs on after a failure, so that one run shows all faults. The page is built first:
//! the tests build the binary around it, and the end-to-end part takes that very binary instead of building another.

mod counts;
mod debian;
mod end_to_end;

pub(crate) use end_to_end::Server;

use crate::api_fuzz;
use crate::generate;
use crate::progress::Progress;
use crate::shell::{Failure, print_line, run, run_seen};
use crate::ui;
use crate::workspace::Workspace;
use counts::Counts;
use std::process::ExitCode;

/// How schemathesis looks for faults in `cargo xtask test api`: always at the same values. `cargo xtask api-fuzz` draws others and
/// looks longer.
const API_SEARCH: api_fuzz::Search =
    api_fuzz::Search { phases: "examples,coverage", seconds: 35, seed: Some(1) };

/// Arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these parts; without a name all but `api`.
    parts: Vec<Part>,
}

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Types, style, unit tests and build of the web page.
    Ui,
    /// `cargo test --workspace`, with the independent conformance documents where they are there.
    Cargo,
    /// The built binary and a real Chromium.
    E2e,
    /// The built binary and schemathesis, where it can be had: a minute that not every run has to spare.
    Api,
}

/// One line of the table at the end.
struct Line {
    name: &'static str,
    result: Result<Counts, Failure>,
    took: String,
}

/// Runs the parts and prints the table.
pub(crate) fn run_tests(args: &Args) -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    let wanted = |part: Part| args.parts.is_empty() || args.parts.contains(&part);
    let mut lines = Vec::new();
    let mut part = |name: &'static str, work: &dyn Fn() -> Result<Counts, Failure>| {
        let own = Progress::start();
        let result = progress.step(name, work);
        if let Err(failure) = &result {
            progress.say(failure);
        }
        lines.push(Line { name, result, took: own.elapsed().to_string() });
    };
    // Programs may have to be fetched: that waits for the network, so the rest goes on meanwhile.
    std::thread::scope(|scope| {
        let server = wanted(Part::Cargo)
            .then(|| scope.spawn(|| debian::find_or_install_postgres(&workspace, &progress)));
        let browser = wanted(Part::E2e)
            .then(|| scope.spawn(|| debian::find_or_install_chromium(&workspace, &progress)));
        if wanted(Part::Ui) {
            part("web page: packages", &|| ui::install(&workspace).map(|()| Counts::default()));
            part("web page: types of the API", &|| types(&workspace, &progress));
            part("web page: check", &|| check(&workspace));
            part("web page: unit tests", &|| unit_tests(&workspace));
            part("web page: build", &|| ui::build(&workspace).map(|()| Counts::default()));
        }
        if wanted(Part::Cargo) {
            let server = server.map(|server| server.join());
            if let Some(Ok(Err(failure))) = server {
                progress.say(format_args!("the tests of the store on PostgreSQL are left out: {failure}"));
            }
            part("cargo test", &|| cargo_test(&workspace, &progress));
        }
        if let Some(browser) = browser {
            let browser =
                browser.join().unwrap_or_else(|_| Err(Failure::new("looking for Chromium broke off")));
            part("end to end", &|| match &browser {
                Ok(program) => end_to_end::run_tests(&workspace, &progress, program),
                Err(failure) => Err(Failure::new(failure.to_string())),
            });
        }
        if args.parts.contains(&Part::Api) {
            part("schemathesis", &|| {
                run(workspace.cargo().args(["build", "--package", "kervan", "--quiet"]))?;
                api_fuzz::fuzz(&workspace, &progress, &API_SEARCH).map(|_| Counts::default())
            });
        }
    });
    Ok(summarize(&progress, &lines))
}

fn types(workspace: &Workspace, progress: &Progress) -> Result<Counts, Failure> {
    if generate::check_types(workspace, progress)? {
        return Ok(Counts::default());
    }
    Err(Failure::new("ui/src/api/schema.ts is not what openapi.json gives").next("cargo xtask gen"))
}

fn check(workspace: &Workspace) -> Result<Counts, Failure> {
    run(&mut ui::npm(workspace, &["run", "check"])).map(|()| Counts::default())
}

fn unit_tests(workspace: &Workspace) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let done = run_seen(&mut ui::npm(workspace, &["test"]), |line| counts.add_vitest(line));
    done.map(|()| counts).map_err(|failure| Failure::new(format!("{counts}: {failure}")))
}

/// What is built for the tests: not the benchmarks, whose building alone would take minutes and which the lints look at anyway.
pub(crate) const KINDS: [&str; 3] = ["--lib", "--bins", "--tests"];

fn cargo_test(workspace: &Workspace, progress: &Progress) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let there = workspace.root.join("../shared/conformance").is_dir();
    let word = if there { "there, they are checked too" } else { "absent, only the committed cases are run" };
    progress.say(format_args!("independent conformance documents: {word}"));
    let mut run = |kinds: &[&str]| {
        let mut cargo = workspace.cargo();
        cargo.args(["test", "--workspace", "--no-fail-fast"]).args(kinds);
        run_seen(&mut cargo, |line| counts.add_cargo(line))
    };
    // Both are run, whatever comes of the first.
    let (tests, examples) = (run(&KINDS), run(&["--doc"]));
    let done = tests.and(examples);
    done.map(|()| counts).map_err(|failure| Failure::new(format!("{counts}: {failure}")))
}

fn summarize(progress: &Progress, lines: &[Line]) -> ExitCode {
    print_line("");
    let mut sum = Counts::default();
    for line in lines {
        let result = match &line.result {
            Ok(counts) if counts.is_empty() => "passed".to_owned(),
            Ok(counts) => format!("passed: {counts}"),
            Err(failure) => {
                let text = failure.to_string();
                format!("FAILED: {}", text.lines().next().unwrap_or_default())
            }
        };
        print_line(&format!("  {:<28} {:>6}  {result}", line.name, line.took));
        sum.add(line.result.as_ref().copied().unwrap_or_default());
    }
    let failed: Vec<_> = lines.iter().filter(|line| line.result.is_err()).map(|line| line.name).collect();
    if failed.is_empty() {
        print_line(&format!(
            "cargo xtask test: all {} parts passed ({sum}) in {}",
            lines.len(),
            progress.elapsed()
        ));
        return ExitCode::SUCCESS;
    }
    let (count, all) = (failed.len(), lines.len());
    print_line(&format!(
        "cargo xtask test: {count} of {all} parts FAILED ({}) in {}",
        failed.join(", "),
        progress.elapsed()
    ));
    ExitCode::FAILURE
}

//! `cargo xtask demo`: from a clean clone to a corridor on the screen.
//!
//! The page and the libraries are built at the same time; the binary is finished when both are there, because it holds the page.

use crate::progress::Progress;
use crate::shell::{Failure, is_there, run};
use crate::ui;
use crate::workspace::Workspace;
use std::process::{Command, ExitCode};

/// Arguments of `cargo xtask demo`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build without the web page; the binary then shows a page that says how to build it.
    #[arg(long)]
    no_ui: bool,
    /// Arguments of `kervan demo`, after `--`.
    #[arg(last = true)]
    demo: Vec<String>,
}

/// Builds what is needed and becomes the demo.
pub(crate) fn run_demo(args: &Args) -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    progress.say("building the demo; the first time takes some minutes, mostly for the libraries of others");
    let (page, libraries) = std::thread::scope(|scope| {
        let page = scope.spawn(|| build_page(&workspace, &progress, args.no_ui));
        let libraries = progress.step("libraries", || build(&workspace, &["--lib"]));
        (page.join(), libraries)
    });
    libraries?;
    match page {
        Ok(Ok(())) => {}
        Ok(Err(failure)) => return Err(failure.next("`cargo xtask demo --no-ui` runs without the page")),
        Err(_) => return Err(Failure::new("building the page broke off")),
    }
    progress.step("program", || build(&workspace, &[]))?;
    progress.say("ready; the demo says where to look, Ctrl-C ends it");
    let mut demo = Command::new(workspace.program("demo"));
    demo.current_dir(&workspace.root).arg("demo").args(&args.demo);
    become_program(demo)
}

fn build(workspace: &Workspace, arguments: &[&str]) -> Result<(), Failure> {
    run(workspace.cargo().args(["build", "--profile", "demo", "--package", "kervan"]).args(arguments))
}

fn build_page(workspace: &Workspace, progress: &Progress, without: bool) -> Result<(), Failure> {
    if without {
        progress.say("web page: left out, as asked");
        return Ok(());
    }
    if !is_there("npm") {
        progress.say(
            "web page: left out, because npm is not installed; install Node.js 20.19 or later to see it",
        );
        return Ok(());
    }
    progress.step("web page: packages", || ui::install(workspace))?;
    if ui::is_built(workspace) {
        progress.say("web page: built before, nothing changed since");
        return Ok(());
    }
    progress.step("web page: build", || ui::build(workspace))
}

/// Gives this process to the program, so that a signal meets it and nothing stays behind.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(Failure::new(format!("cannot start {}: {error}", command.get_program().display())))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<ExitCode, Failure> {
    let status = command.status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

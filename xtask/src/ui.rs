//! `cargo xtask ui`: the web page, from `ui/` to `ui/dist`, where the build of the binary finds it.

use crate::progress::Progress;
use crate::shell::{Failure, run_logged};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

/// What the built page is made of, below `ui/`.
const SOURCES: &[&str] = &[
    "src",
    "build",
    "../data/fonts",
    "../data/authority",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
];

/// Installs what the page needs and builds it.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    progress.step("web page: packages", || install(&workspace))?;
    progress.step("web page: build", || build(&workspace))?;
    Ok(ExitCode::SUCCESS)
}

/// `npm` with arguments, to be run in `ui/`, without colours.
pub(crate) fn npm(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = workspace.command("npm");
    command.current_dir(workspace.ui()).args(arguments).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command
}

/// Where the output of a step of the page goes.
pub(crate) fn log(workspace: &Workspace, step: &str) -> PathBuf {
    workspace.target.join("xtask").join(format!("ui-{step}.log"))
}

/// `npm ci`, if it was not run since the lock file changed.
pub(crate) fn install(workspace: &Workspace) -> Result<(), Failure> {
    let ui = workspace.ui();
    let locked = changed(&ui.join("package-lock.json"));
    let installed = changed(&ui.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    run_logged(&mut npm(workspace, &["ci", "--no-audit", "--no-fund"]), &log(workspace, "install"))
}

/// `npm run build`.
pub(crate) fn build(workspace: &Workspace) -> Result<(), Failure> {
    run_logged(&mut npm(workspace, &["run", "build"]), &log(workspace, "build"))
}

/// Whether the built page is newer than everything it is made of; then the binary need not be linked again.
pub(crate) fn is_built(workspace: &Workspace) -> bool {
    let ui = workspace.ui();
    let newest = SOURCES.iter().filter_map(|source| newest(&ui.join(source))).max();
    changed(&ui.join("dist/index.html")).is_some_and(|built| newest.is_none_or(|newest| newest <= built))
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// The last change of a file, or of a folder and all below it.
fn newest(path: &Path) -> Option<SystemTime> {
    let below = std::fs::read_dir(path).into_iter().flatten().flatten();
    below.filter_map(|entry| newest(&entry.path())).chain(changed(path)).max()
}

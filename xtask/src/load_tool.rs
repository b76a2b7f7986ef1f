//! The public load tool that a serving node is asked with: `oha`, fetched into a folder under `target` the first time.

use crate::shell::{is_there, print_line, run_logged};
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::Command;

/// The version whose answers `crates/kervan/examples/load/public.rs` reads.
const VERSION: &str = "1.16.0";

/// The tool; `None` where it cannot be had, which is said.
pub(crate) fn find_or_install(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.target.join(format!("xtask/oha-{VERSION}"));
    let program = folder.join("bin/oha");
    if is_there(&program) {
        return Some(program);
    }
    print_line("oha is fetched and built, once; this takes some minutes");
    let mut install = Command::new("cargo");
    install.args(["install", "oha", "--locked", "--version", VERSION, "--root"]).arg(&folder);
    // Not at the root of the workspace: its settings are not the tool's.
    install.current_dir(std::env::temp_dir());
    match run_logged(&mut install, &workspace.target.join("xtask/oha.log")) {
        Ok(()) => Some(program),
        Err(failure) => {
            print_line(&format!("oha is left out: {failure}"));
            None
        }
    }
}

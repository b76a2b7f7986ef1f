//! A real Chromium for the end-to-end tests: the one that is there, or Debian's.

use crate::progress::Progress;
use crate::shell::{Failure, is_there, output_of, run_logged};
use crate::workspace::Workspace;
use std::path::Path;
use std::process::Command;

/// Where Debian puts it.
const DEBIAN: &str = "/usr/bin/chromium";

/// Other names under which it may be found.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// The program, installed by apt-get if it is missing and this user may do that.
pub(crate) fn find_or_install(workspace: &Workspace, progress: &Progress) -> Result<String, Failure> {
    if Path::new(DEBIAN).exists() {
        return Ok(DEBIAN.to_owned());
    }
    if let Some(name) = NAMES.iter().find(|name| is_there(name)) {
        return output_of(Command::new("which").arg(name)).map(|path| path.trim().to_owned());
    }
    let missing = || {
        Failure::new("the end-to-end tests need Chromium")
            .next("apt-get install chromium, as root; then `cargo xtask test e2e`")
    };
    if !is_there("apt-get") {
        return Err(missing());
    }
    let as_root: &[&str] = match output_of(Command::new("id").arg("-u")) {
        Ok(id) if id.trim() == "0" => &[],
        _ if Command::new("sudo").args(["-n", "true"]).output().is_ok_and(|sudo| sudo.status.success()) => {
            &["sudo", "-n"]
        }
        _ => return Err(missing()),
    };
    progress.step("Chromium by apt-get", || {
        let log = workspace.target.join("xtask/chromium.log");
        apt_get(as_root, &["update"], &log)?;
        apt_get(as_root, &["install", "--yes", "--no-install-recommends", "chromium"], &log)
    })?;
    if Path::new(DEBIAN).exists() { Ok(DEBIAN.to_owned()) } else { Err(missing()) }
}

fn apt_get(as_root: &[&str], arguments: &[&str], log: &Path) -> Result<(), Failure> {
    let words: Vec<&str> =
        as_root.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]).collect();
    let Some((program, first)) = words.split_first() else { return Ok(()) };
    run_logged(Command::new(program).args(first).args(arguments), log)
}

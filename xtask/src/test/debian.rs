//! Programs of others that tests need: those that are there, or Debian's.

use crate::progress::Progress;
use crate::shell::{Failure, is_there, output_of, run_logged};
use crate::workspace::Workspace;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// A program that tests need.
struct Wanted {
    /// Its name for people.
    name: &'static str,
    /// The package that has it.
    package: &'static str,
    /// Where it may be found, as a path or as a name to look up.
    places: &'static [&'static str],
    /// What needs it.
    needed_by: &'static str,
}

const CHROMIUM: Wanted = Wanted {
    name: "Chromium",
    package: "chromium",
    places: &["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"],
    needed_by: "the end-to-end tests",
};

const POSTGRES: Wanted = Wanted {
    name: "PostgreSQL",
    package: "postgresql",
    places: &["/usr/lib/postgresql", "initdb"],
    needed_by: "the tests of the store on PostgreSQL",
};

/// A real browser, installed if it is missing and this user may do that.
pub(crate) fn find_or_install_chromium(
    workspace: &Workspace,
    progress: &Progress,
) -> Result<String, Failure> {
    find_or_install(&CHROMIUM, workspace, progress)
}

/// A PostgreSQL server, installed if it is missing and this user may do that.
pub(crate) fn find_or_install_postgres(
    workspace: &Workspace,
    progress: &Progress,
) -> Result<String, Failure> {
    find_or_install(&POSTGRES, workspace, progress)
}

fn find_or_install(wanted: &Wanted, workspace: &Workspace, progress: &Progress) -> Result<String, Failure> {
    if let Some(found) = find(wanted) {
        return Ok(found);
    }
    let missing = || {
        Failure::new(format!("{} need {}", wanted.needed_by, wanted.name))
            .next(format!("apt-get install {}, as root; then `cargo xtask test`", wanted.package))
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
    // Two of them at once keep each other out.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    progress.step(&format!("{} by apt-get", wanted.name), || {
        let log = workspace.target.join(format!("xtask/{}.log", wanted.package));
        apt_get(as_root, &["update"], &log)?;
        apt_get(as_root, &["install", "--yes", "--no-install-recommends", wanted.package], &log)
    })?;
    find(wanted).ok_or_else(missing)
}

fn find(wanted: &Wanted) -> Option<String> {
    wanted.places.iter().find_map(|place| match place.starts_with('/') {
        true => Path::new(place).exists().then(|| (*place).to_owned()),
        false => is_there(place)
            .then(|| output_of(Command::new("which").arg(place)).ok())?
            .map(|path| path.trim().to_owned()),
    })
}

fn apt_get(as_root: &[&str], arguments: &[&str], log: &Path) -> Result<(), Failure> {
    let words: Vec<&str> =
        as_root.iter().copied().chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]).collect();
    let Some((program, first)) = words.split_first() else { return Ok(()) };
    run_logged(Command::new(program).args(first).args(arguments), log)
}

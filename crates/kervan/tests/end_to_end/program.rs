//! Running the built binary.

use super::discreet::assert_discreet;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The built binary.
pub(crate) fn kervan() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kervan"))
}

/// Runs the binary to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    kervan().args(arguments).output().unwrap()
}

/// Registers the forwarder of the demo's consignments on a new node; its token.
pub(crate) fn register_forwarder(data: &str) -> String {
    let add = ["party", "add", "silkline", "--name", "Silkline", "--country", "KZ", "--role", "forwarder"];
    let printed = String::from_utf8(run(&[&add[..], &["--data", data]].concat()).stdout).unwrap();
    printed.lines().find_map(|line| line.strip_prefix("token: ")).unwrap().to_owned()
}

/// Plays the demo to its end in a data folder and gives its report.
pub(crate) fn play(data: &Path, seed: u64) -> Value {
    let data = data.to_str().unwrap();
    let arguments = ["demo", "--until-delivered", "--json", "--data", data, "--seed", &seed.to_string()];
    // Every play is logged in full: what must not stand in a log is looked for in each.
    let output = kervan().args(arguments).env("RUST_LOG", "debug").output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}", log.lines().rev().take(20).collect::<Vec<_>>().join("\n"));
    assert!(log.contains("answered"), "the log says nothing");
    assert_discreet(&log, seed);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The demo of the first seed, played to its end once for all tests, since a play takes half a minute: its report and, to each
/// test, a copy of its folder.
pub(crate) fn played() -> (TempDir, Value) {
    static PLAYED: OnceLock<(PathBuf, Value)> = OnceLock::new();
    let (whole, report) = PLAYED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("played");
        // What an earlier run left.
        drop(std::fs::remove_dir_all(&folder));
        let report = play(&folder, 1);
        (folder, report)
    });
    let own = tempfile::tempdir().unwrap();
    copy(whole, own.path());
    (own, report.clone())
}

/// A folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Exports a dossier and gives the bytes of the file.
pub(crate) fn export(data: &Path, id: &str, out: &Path) -> Vec<u8> {
    let output =
        run(&["dossier", "export", id, "--out", out.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(out).unwrap()
}

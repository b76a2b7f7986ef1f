//! Running the built binary.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// The built binary.
pub(crate) fn kervan() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kervan"))
}

/// Runs the binary to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    kervan().args(arguments).output().unwrap()
}

/// Plays the demo to its end in a data folder and gives its report.
pub(crate) fn play(data: &Path, seed: u64) -> Value {
    let data = data.to_str().unwrap();
    let output = run(&["demo", "--until-delivered", "--json", "--data", data, "--seed", &seed.to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exports a dossier and gives the bytes of the file.
pub(crate) fn export(data: &Path, id: &str, out: &Path) -> Vec<u8> {
    let output =
        run(&["dossier", "export", id, "--out", out.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(out).unwrap()
}

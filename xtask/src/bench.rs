//! `cargo xtask bench NAME`: runs `crates/NAME/examples/NAME_rates.rs` and keeps its rows in `target/bench/NAME.json`.
//!
//! A row is a line of JSON on the example's standard output: `{"case", "size", "unit", "value"}`, and `bar` where a promise was
//! made: the least value that keeps it. `met` is added here. Other lines are for people.

use crate::shell::{Failure, print_line, run_seen};
use crate::workspace::Workspace;
use serde_json::Value;
use std::fs;
use std::process::ExitCode;

/// Arguments of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A crate with an `examples/NAME_rates.rs`; without a name they are listed.
    name: Option<String>,
}

/// Runs one example, or lists them.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let workspace = Workspace::load()?;
    let there = list(&workspace)?;
    let Some(name) = &args.name else {
        there.iter().for_each(|name| print_line(name));
        return Ok(ExitCode::SUCCESS);
    };
    if !there.contains(name) {
        return Err(Failure::new(format!("there is no crates/{name}/examples/{name}_rates.rs"))
            .next(format!("one of: {}", there.join(", "))));
    }
    let mut rows = Vec::new();
    let package = format!("kervan-{name}");
    let mut cargo = workspace.cargo();
    let example = format!("{name}_rates");
    cargo.args(["run", "--release", "--package", &package, "--example", &example]);
    run_seen(&mut cargo, |line| rows.extend(read_row(line)))?;
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.json"));
    let missed = rows.iter().filter(|row| row.get("met") == Some(&Value::Bool(false))).count();
    let count = rows.len();
    fs::write(&file, format!("{:#}\n", Value::Array(rows)))?;
    print_line(&format!("{count} rows, {missed} below their bar, in {}", file.display()));
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn list(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.root.join("crates"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().join(format!("examples/{name}_rates.rs")).is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A row, with `met` beside its bar; any other line is none.
fn read_row(line: &str) -> Option<Value> {
    let mut row: Value = serde_json::from_str(line).ok()?;
    let value = row.get("value")?.as_f64()?;
    row.get("case")?;
    if let Some(bar) = row.get("bar").and_then(Value::as_f64) {
        row.as_object_mut()?.insert("met".into(), (value >= bar).into());
    }
    Some(row)
}

#[test]
fn rows_are_told_from_text() {
    let met = |line: &str| read_row(line).map(|row| row.get("met").cloned());
    for (line, expected) in [
        ("rules  decisions/s", None),
        ("{}", None),
        (r#"{"case":"a","size":1,"unit":"1/s","value":9}"#, Some(None)),
        (r#"{"case":"a","size":1,"unit":"1/s","value":9,"bar":9}"#, Some(Some(Value::Bool(true)))),
        (r#"{"case":"a","size":1,"unit":"1/s","value":8.5,"bar":9}"#, Some(Some(Value::Bool(false)))),
    ] {
        assert_eq!(met(line), expected, "{line}");
    }
}

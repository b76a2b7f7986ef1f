//! `cargo xtask bench NAME`: runs the example `NAME_rates.rs` of whichever crate has it and keeps its rows in `target/bench/NAME.json`.
//!
//! A row is a line of JSON on the example's standard output: `{"case", "size", "unit", "value"}`, and where a promise was made its
//! `bar`, with `better` saying which side of it is good (`higher`, if it is not said). `met` is added here. Other lines are for people.

use crate::load_tool;
use crate::shell::{Failure, print_line, run_read};
use crate::ui;
use crate::workspace::Workspace;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, ExitCode};

/// The name of the page's own benchmark: `ui/bench/ui_rates.mjs` in the Chromium that `KERVAN_CHROMIUM` names.
const PAGE: &str = "ui";

/// The name of the benchmark of a serving node, which a public tool asks as well.
const NODE: &str = "node";

/// Arguments of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What is measured; without a name all are listed.
    name: Option<String>,
    /// What is handed on, such as `short`: the head of the example says what it takes.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Runs one example, or lists them.
pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let workspace = Workspace::load()?;
    let there = list(&workspace)?;
    let Some(name) = &args.name else {
        there.keys().for_each(|name| print_line(name));
        return Ok(ExitCode::SUCCESS);
    };
    let Some(of) = there.get(name) else {
        let names: Vec<&str> = there.keys().map(String::as_str).collect();
        return Err(Failure::new(format!("there is no benchmark {name}"))
            .next(format!("one of: {}", names.join(", "))));
    };
    let mut rows = Vec::new();
    let mut command = command_of(&workspace, name, of)?;
    command.args(&args.rest);
    run_read(&mut command, |line| match read_row(line) {
        Some(row) => rows.push(row),
        None => print_line(line),
    })?;
    print_table(&rows);
    let folder = workspace.target.join("bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.json"));
    let missed = rows.iter().filter(|row| row.get("met") == Some(&Value::Bool(false))).count();
    let count = rows.len();
    fs::write(&file, format!("{:#}\n", Value::Array(rows)))?;
    print_line(&format!("{count} rows, {missed} below their bar, in {}", file.display()));
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What measures: an example in release, or for the page a real Chromium.
fn command_of(workspace: &Workspace, name: &str, of: &str) -> Result<Command, Failure> {
    if name == PAGE {
        ui::install(workspace)?;
        ui::build(workspace)?;
        let mut node = workspace.command("node");
        node.arg("ui/bench/ui_rates.mjs");
        return Ok(node);
    }
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--release", "--manifest-path", &format!("crates/{of}/Cargo.toml")]);
    cargo.args(["--example", &format!("{name}_rates"), "--"]);
    if name == NODE {
        cargo.args(load_tool::find_or_install(workspace).map(|tool| format!("oha={}", tool.display())));
    }
    Ok(cargo)
}

/// What can be measured, with the folder of the crate that has it.
fn list(workspace: &Workspace) -> Result<BTreeMap<String, String>, Failure> {
    let mut names = BTreeMap::from([(PAGE.to_owned(), String::new())]);
    for entry in fs::read_dir(workspace.root.join("crates"))? {
        let entry = entry?;
        let of = entry.file_name().to_string_lossy().into_owned();
        // A crate need not have any.
        let Ok(examples) = fs::read_dir(entry.path().join("examples")) else { continue };
        for example in examples {
            let file = example?.file_name().to_string_lossy().into_owned();
            if let Some(name) = file.strip_suffix("_rates.rs") {
                names.insert(name.to_owned(), of.clone());
            }
        }
    }
    Ok(names)
}

/// A row, with `met` beside its bar; any other line is none.
fn read_row(line: &str) -> Option<Value> {
    let mut row: Value = serde_json::from_str(line).ok()?;
    let value = row.get("value")?.as_f64()?;
    row.get("case")?;
    if let Some(bar) = row.get("bar").and_then(Value::as_f64) {
        let lower = row.get("better").and_then(Value::as_str) == Some("lower");
        let met = if lower { value <= bar } else { value >= bar };
        row.as_object_mut()?.insert("met".into(), met.into());
    }
    Some(row)
}

/// The rows as a table: case, size, value, bar, and a word for those that miss it.
fn print_table(rows: &[Value]) {
    let text = |row: &Value, key: &str| match row.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => figure(number.as_f64().unwrap_or_default()),
        _ => String::new(),
    };
    let width =
        |key: &str| rows.iter().map(|row| text(row, key).chars().count()).max().unwrap_or(0).max(key.len());
    let (case, size, unit) = (width("case"), width("size"), width("unit"));
    print_line(&format!(
        "{:case$}  {:>size$}  {:>12}  {:unit$}  {:>12}",
        "case", "size", "value", "unit", "bar"
    ));
    for row in rows {
        let verdict = match row.get("met").and_then(Value::as_bool) {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        let (name, count, value) = (text(row, "case"), text(row, "size"), text(row, "value"));
        let (measure, bar) = (text(row, "unit"), text(row, "bar"));
        print_line(&format!(
            "{name:case$}  {count:>size$}  {value:>12}  {measure:unit$}  {bar:>12}  {verdict}"
        ));
    }
}

/// A figure as people read it: whole from a hundred on, else with three digits that count.
fn figure(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 || v == v.trunc() => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
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
        (
            r#"{"case":"a","size":1,"unit":"ms","value":8.5,"bar":9,"better":"lower"}"#,
            Some(Some(Value::Bool(true))),
        ),
        (
            r#"{"case":"a","size":1,"unit":"ms","value":9.5,"bar":9,"better":"lower"}"#,
            Some(Some(Value::Bool(false))),
        ),
    ] {
        assert_eq!(met(line), expected, "{line}");
    }
}

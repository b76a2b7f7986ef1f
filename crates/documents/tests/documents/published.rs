//! The schemas as their publishers give them, if they are at hand. They are not part of this project.

use crate::datasets;
use kervan_documents::DocumentKind;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of schemas beside the project.
fn find_folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(name);
    folder.is_dir().then_some(folder)
}

/// What a schema says against data.
pub(crate) type Check = Box<dyn Fn(&Value) -> Vec<String>>;

/// What the schema of a kind says against data; none if there is no schema, or it is not at hand.
pub(crate) fn check_data(kind: DocumentKind) -> Option<Check> {
    let path = find_folder("uncefact-d23b")?.join(kind.find_schema()?);
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    if kind.waits() {
        datasets::widen(&mut schema);
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    Some(Box::new(move |data: &Value| {
        validator.iter_errors(data).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }))
}

/// Whether the schema of the declaration of common transit accepts a message, and what it says; none if the schema or
/// `xmllint` is not at hand.
pub(crate) fn lint_declaration(xml: &str) -> Option<(bool, String)> {
    let schema = find_folder("ncts")?.join("xsd/cc015c.xsd");
    let command = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut process = command.ok()?;
    std::io::Write::write_all(&mut process.stdin.take().unwrap(), xml.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    Some((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

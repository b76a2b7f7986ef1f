//! The schemas as their publishers give them, if they are at hand. They are not part of this project.

use crate::datasets;
use kervan_documents::DocumentKind;
use serde_json::Value;
use std::path::{Path, PathBuf};

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

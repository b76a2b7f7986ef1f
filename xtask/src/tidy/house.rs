//! The house: modules that say what they are, links that lead somewhere, crates that are on the map.

use super::{Finding, TextFile};
use crate::links::links_to_files;
use crate::shell::Failure;
use crate::workspace::Workspace;
use std::path::Path;

/// The map of the house.
const MAP: &str = "ARCHITECTURE.md";

/// The only host that a lock file of the page may name.
const PACKAGES: &str = "https://registry.npmjs.org/";

/// Checks of one file.
pub(super) fn check_file(file: &TextFile, root: &Path) -> Vec<Finding> {
    if file.ends_with(&[".rs"]) {
        return check_header(file).into_iter().collect();
    }
    if file.ends_with(&[".md"]) {
        return check_links(file, root);
    }
    if file.ends_with(&["package-lock.json"]) {
        return check_lock(file);
    }
    Vec::new()
}

fn check_header(file: &TextFile) -> Option<Finding> {
    let said = file.text.starts_with("//! ");
    (!said).then(|| file.finding(1, "no `//!` header; say in one sentence what is here"))
}

/// Links to files lead to one.
fn check_links(file: &TextFile, root: &Path) -> Vec<Finding> {
    let folder = root.join(Path::new(&file.path).parent().unwrap_or(Path::new("")));
    let dead = links_to_files(&file.text).into_iter().filter(|(_, path)| !folder.join(path).exists());
    dead.map(|(number, path)| {
        file.finding(number, format!("link to `{path}`, which is not there; mend or remove it"))
    })
    .collect()
}

fn check_lock(file: &TextFile) -> Vec<Finding> {
    let resolved =
        file.lines().filter_map(|(number, line)| Some((number, line.split("\"resolved\": \"").nth(1)?)));
    resolved
        .filter(|(_, address)| !address.starts_with(PACKAGES))
        .map(|(number, _)| {
            file.finding(number, "an address of a machine's own registry; leave `resolved` out (ui/.npmrc)")
        })
        .collect()
}

/// Every crate is named on the map.
pub(super) fn check_map(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let finding = |what: String| Finding { path: MAP.to_owned(), line: 1, what };
    let Ok(map) = std::fs::read_to_string(workspace.root.join(MAP)) else {
        return Ok(vec![finding("there is no map of the crates; write it".to_owned())]);
    };
    let mut findings = Vec::new();
    for entry in std::fs::read_dir(workspace.root.join("crates"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let named = ["crates/", "`", "kervan-"].iter().any(|before| map.contains(&format!("{before}{name}")));
        if !named {
            findings.push(finding(format!("crates/{name} is not named; say what it is for")));
        }
    }
    Ok(findings)
}

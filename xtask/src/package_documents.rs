//! What is written for the people who run a node, with all that it points to: a packaged page has no link that leads nowhere.

use crate::links::links_to_files;
use crate::shell::Failure;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Where reading begins; the program and the unit name documents of `docs`.
const FIRST: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// The documents of a package, by their places in the repository. Errors: one cannot be read; `cargo xtask tidy` names dead links.
pub(crate) fn documents(root: &Path) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut waiting: Vec<PathBuf> = FIRST.map(PathBuf::from).into();
    waiting.extend(pages_in(root, Path::new("docs"))?);
    let mut found = BTreeSet::new();
    while let Some(document) = waiting.pop() {
        if root.join(&document).is_dir() {
            waiting.extend(pages_in(root, &document)?);
            continue;
        }
        if !found.insert(document.clone()) || document.extension().is_none_or(|kind| kind != "md") {
            continue;
        }
        let page = fs::read_to_string(root.join(&document))
            .map_err(|error| Failure::new(format!("{}: {error}", document.display())))?;
        let folder = document.parent().unwrap_or(Path::new(""));
        waiting.extend(links_to_files(&page).into_iter().map(|(_, link)| normal(&folder.join(link))));
    }
    Ok(found)
}

/// The pages of a folder itself.
fn pages_in(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        let name = entry?.file_name();
        if Path::new(&name).extension().is_some_and(|kind| kind == "md") {
            pages.push(folder.join(name));
        }
    }
    Ok(pages)
}

/// A place without `.` and `..`.
fn normal(place: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in place.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::Normal(name) => plain.push(name),
            _ => {}
        }
    }
    plain
}

#[test]
fn places_are_told_without_dots() {
    assert_eq!(normal(Path::new("docs/../data/./a.md")), Path::new("data/a.md"));
}

#[test]
fn every_link_of_a_packaged_document_leads_to_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found = documents(&root).unwrap_or_else(|failure| panic!("{failure}"));
    for expected in ["README.md", "docs/identity.md", "docs/operations.md", "data/rules/README.md"] {
        assert!(found.contains(Path::new(expected)), "{expected}");
    }
}

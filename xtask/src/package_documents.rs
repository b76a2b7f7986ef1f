//! What is written for the people who run a node, with all that it points to: a packaged page has no link that leads nowhere.

use crate::shell::Failure;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Where reading begins; the program and the unit name documents of `docs`.
const FIRST: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// The documents of a package, by their places in the repository. Errors: a link leads to nothing.
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
        let text = fs::read_to_string(root.join(&document))?;
        let folder = document.parent().unwrap_or(Path::new(""));
        for link in links(&text) {
            let place = normal(&folder.join(link));
            if !root.join(&place).exists() {
                let told = format!("{}: the link `{link}` leads to nothing", document.display());
                return Err(Failure::new(told).next("mend the link"));
            }
            waiting.push(place);
        }
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

/// The links of a page to other files of the repository, without the place in them.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|after| {
        let link = after.split([')', '#', ' ', '\n']).next()?;
        (!link.is_empty() && !link.contains(':')).then_some(link)
    })
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
fn links_to_files_are_told_from_others() {
    let text = "[a](b.md) ![c](../d.png \"e\") [f](https://g.h/i.md) [j](#k) [l](m.md#n) (o.md)";
    assert_eq!(links(text).collect::<Vec<_>>(), ["b.md", "../d.png", "m.md"]);
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

#[test]
fn a_link_that_leads_nowhere_is_named() {
    let root = std::env::temp_dir().join(format!("kervan-links-{}", std::process::id()));
    fs::create_dir_all(root.join("docs")).unwrap();
    for name in FIRST {
        fs::write(root.join(name), "").unwrap();
    }
    fs::write(root.join("docs/a.md"), "[b](b.md)").unwrap();
    let told = documents(&root).unwrap_err().to_string();
    fs::remove_dir_all(&root).unwrap();
    assert!(told.contains("docs/a.md: the link `b.md` leads to nothing"), "{told}");
}

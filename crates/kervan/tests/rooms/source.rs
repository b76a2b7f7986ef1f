//! Rust files as lines of logic: without comments and without what is compiled only for tests.
//!
//! The files are laid out by rustfmt, so a block ends at the first closing brace that stands as far right as its beginning.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of a room.
pub(crate) struct SourceFile {
    /// Path below the root, with `/`.
    pub path: String,
    text: String,
}

impl SourceFile {
    /// All files below `crates/ROOM/src`, but for modules that are compiled only for tests.
    pub(crate) fn read_all(root: &Path, rooms: &[&str]) -> Vec<Self> {
        let mut paths = Vec::new();
        for room in rooms {
            collect(&root.join("crates").join(room).join("src"), &mut paths);
        }
        paths.sort();
        let files: Vec<Self> = paths
            .iter()
            .map(|path| Self {
                path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"),
                text: fs::read_to_string(path).unwrap(),
            })
            .collect();
        let tests: BTreeSet<String> = files.iter().flat_map(Self::modules_of_tests).collect();
        files.into_iter().filter(|file| !tests.contains(&file.path)).collect()
    }

    /// The numbered lines that are neither comment nor test.
    pub(crate) fn logic(&self) -> Vec<(usize, &str)> {
        let mut logic = Vec::new();
        let mut lines = self.text.lines().zip(1..);
        while let Some((line, number)) = lines.next() {
            if line.trim_start() != "#[cfg(test)]" {
                if !line.trim_start().starts_with("//") {
                    logic.push((number, line));
                }
                continue;
            }
            let indent = line.len() - line.trim_start().len();
            for (inner, _) in lines.by_ref() {
                let at_edge = inner.len() - inner.trim_start().len() == indent;
                if at_edge && (inner.trim() == "}" || inner.ends_with(';') || inner.ends_with("{}")) {
                    break;
                }
            }
        }
        logic
    }

    /// Paths of files that are modules behind `#[cfg(test)]`.
    fn modules_of_tests(&self) -> Vec<String> {
        let path = Path::new(&self.path);
        let stem = path.file_stem().unwrap().to_string_lossy();
        let folder = match &*stem {
            "lib" | "main" | "mod" => path.parent().unwrap().to_owned(),
            name => path.parent().unwrap().join(name),
        };
        let lines: Vec<_> = self.text.lines().map(str::trim).collect();
        let behind = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]").map(|pair| pair[1]);
        behind
            .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
            .map(|name| folder.join(format!("{name}.rs")).to_string_lossy().replace('\\', "/"))
            .collect()
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    // A room of the table that is not built yet has no folder.
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The texts between quotes of one line.
pub(crate) fn string_literals(line: &str) -> Vec<&str> {
    line.split('"').skip(1).step_by(2).collect()
}

/// The lines of logic are found in a file with everything that is none.
#[test]
fn logic_is_what_is_left() {
    let text = [
        "//! \"KZ\"",
        "fn a() {",
        "    // \"KZ\"",
        "    b(\"KZ\", \"x\");",
        "}",
        "#[cfg(test)]",
        "mod tests {",
        "    fn c() {",
        "        d(\"KZ\");",
        "    }",
        "}",
        "#[cfg(test)]",
        "mod more;",
        "fn e() {}",
    ]
    .join("\n");
    let file = SourceFile { path: "crates/x/src/one.rs".into(), text };
    let numbers: Vec<_> = file.logic().into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, [2, 4, 5, 14]);
    assert_eq!(string_literals(file.logic()[1].1), ["KZ", "x"]);
    assert_eq!(file.modules_of_tests(), ["crates/x/src/one/more.rs"]);
}

//! `cargo xtask tidy`: what a compiler does not check and a reader would. Every finding has its line and what to do.

mod house;
mod libraries;
mod text;

use crate::progress::Progress;
use crate::shell::{Failure, print_line};
use crate::workspace::Workspace;
use std::fmt;
use std::process::ExitCode;

/// Something to be mended.
struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// A text file of the repository.
struct TextFile {
    path: String,
    text: String,
}

impl TextFile {
    fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, what: what.into() }
    }

    fn ends_with(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// The lines with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// Reads every file once and hands it to every check.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    let paths = workspace.files()?;
    let mut findings = Vec::new();
    for path in &paths {
        // What is not text has nothing to tidy.
        let Ok(text) = std::fs::read_to_string(workspace.root.join(path)) else { continue };
        let file = TextFile { path: path.clone(), text };
        findings.extend(text::check(&file, &workspace.root));
        findings.extend(house::check_file(&file, &workspace.root));
        findings.extend(libraries::check(&file));
    }
    findings.extend(house::check_map(&workspace)?);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    findings.iter().for_each(|finding| print_line(&finding.to_string()));
    print_line(&format!(
        "cargo xtask tidy: {} files, {} findings in {}",
        paths.len(),
        findings.len(),
        progress.elapsed()
    ));
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

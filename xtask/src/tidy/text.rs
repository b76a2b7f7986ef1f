//! Lines: too many, too long, unfinished, with blanks at their end, with the paths of somebody's machine.

use super::{Finding, TextFile};
use std::path::Path;

/// Most lines of a file.
const MOST_LINES: usize = 600;

/// Most columns of a line of Rust; rustfmt breaks code earlier, this is for comments and texts.
const MOST_COLUMNS: usize = 140;

/// Files that are written by programs or taken over as a whole.
const NOT_BY_HAND: &[&str] =
    &["Cargo.lock", "package-lock.json", "openapi.json", "schema.ts", ".snap", "LICENSE-APACHE"];

/// What we write by hand.
const BY_HAND: &[&str] = &[
    ".rs", ".ts", ".svelte", ".mjs", ".js", ".css", ".html", ".md", ".toml", ".yaml", ".yml", ".sql", "run",
];

/// Marks of work that was left; a known gap is said in prose or is an issue.
const UNFINISHED: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];

/// Words that say nothing in a name of ours; see STYLE.md, 1.
const EMPTY_NAMES: &[&str] = &["Manager", "Helper", "Util", "Utils", "Handler"];

/// All checks of lines.
pub(super) fn check(file: &TextFile, root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.ends_with(NOT_BY_HAND) {
        return findings;
    }
    let data = ["data/", "scenarios/", "crates/screening/tests/labelled/"]
        .iter()
        .any(|folder| file.path.starts_with(folder));
    let count = file.text.lines().count();
    if count > MOST_LINES && !data {
        findings.push(
            file.finding(MOST_LINES + 1, format!("{count} lines, at most {MOST_LINES}; divide the file")),
        );
    }
    let foreign = machine_paths(root);
    for (number, line) in file.lines() {
        if let Some(path) = foreign.iter().find(|path| names_path(line, path)) {
            findings.push(
                file.finding(number, format!("`{path}` is a path of a machine; say it relative to the root")),
            );
        }
        if file.ends_with(BY_HAND) {
            findings.extend(check_line(line).into_iter().map(|what| file.finding(number, what)));
        }
        if file.ends_with(&[".rs"]) {
            // The tables of tests are data: a row is easier to read on one line than broken.
            let columns = if file.path.contains("/tests/") { usize::MAX } else { MOST_COLUMNS };
            findings.extend(check_rust(line, columns).into_iter().map(|what| file.finding(number, what)));
        }
    }
    findings
}

fn check_line(line: &str) -> Option<String> {
    if line.ends_with([' ', '\t', '\r']) {
        return Some("blanks at the end of the line; remove them".to_owned());
    }
    let word = words(line).find(|word| UNFINISHED.contains(word))?;
    Some(format!("`{word}`; do it, or file it and remove the mark"))
}

fn check_rust(line: &str, most: usize) -> Option<String> {
    let columns = line.chars().count();
    if columns > most {
        return Some(format!("{columns} columns, at most {most}; break the line"));
    }
    let name = defined_name(line)?;
    let empty = EMPTY_NAMES.iter().find(|empty| name.ends_with(**empty))?;
    Some(format!("`{name}`: `{empty}` says nothing; name what it is or does (STYLE.md, 1)"))
}

/// The name of the type that a line defines.
fn defined_name(line: &str) -> Option<&str> {
    let mut words = words(line).skip_while(|word| ["pub", "crate", "super"].contains(word));
    ["struct", "enum", "trait", "type"].contains(&words.next()?).then(|| words.next())?
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The homes of people, and where this clone happens to lie.
fn machine_paths(root: &Path) -> Vec<String> {
    let mut paths: Vec<String> =
        ["home", "Users", "root", "tmp"].iter().map(|folder| format!("/{folder}/")).collect();
    if let Some(parent) = root.parent().map(|parent| parent.display().to_string())
        && parent.len() > 1
    {
        paths.push(format!("{parent}/"));
    }
    paths
}

/// Whether a line names an absolute path that begins so; `a/home/b` and `https://x/home/` do not.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default().chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-}*~)$/".contains(c))
    })
}

#[test]
fn lines_are_told_apart() {
    let mark = UNFINISHED[0];
    for (line, found) in [
        ("let a = 1;".to_owned(), false),
        ("let a = 1; ".to_owned(), true),
        (format!("// {mark}: later"), true),
        (format!("let {mark}S = 1;"), false),
    ] {
        assert_eq!(check_line(&line).is_some(), found, "{line}");
    }
    for (line, found) in [
        (concat!("pub(crate) struct Route", "Manager {"), true),
        ("pub struct Route;", false),
        ("// a struct Manager", false),
        ("impl Handler<A> for B {", false),
    ] {
        assert_eq!(check_rust(line, MOST_COLUMNS).is_some(), found, "{line}");
    }
    for (line, found) in [
        (format!("see {}/x", ["", "home"].join("/")), true),
        (format!("https://a.example{}/x", ["", "home"].join("/")), false),
        (format!("ui{}/x", ["", "home"].join("/")), false),
    ] {
        assert_eq!(names_path(&line, &["", "home", ""].join("/")), found, "{line}");
    }
}

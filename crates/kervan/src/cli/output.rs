//! Writing to the terminal: text, tables, JSON, findings.

use super::serve::DATA;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use kervan_model::{Finding, Severity};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// Columns of a table that does not go to a terminal.
const WIDTH_WITHOUT_TERMINAL: u16 = 140;

/// Writes a line to standard output; a closed pipe ends quietly.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", tame(text));
}

/// Writes a line to standard error.
pub(super) fn error(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", tame(text));
}

/// Says which command comes next for the same folder of data, ready to be run, and what else is to be known.
pub(super) fn next(command: &str, data: &Path, more: &str) {
    line(&next_line(command, data, more));
}

fn next_line(command: &str, data: &Path, more: &str) -> String {
    let shown = data.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let folder = match shown.as_str() {
        DATA => String::new(),
        word if word.chars().all(plain) => format!(" --data {word}"),
        words => format!(" --data '{}'", words.replace('\'', r"'\''")),
    };
    let more = if more.is_empty() { String::new() } else { format!("; {more}") };
    format!("next: kervan {command}{folder}{more}")
}

/// Shows characters that steer a terminal or turn the direction of writing as their code: foreign text must not be able to
/// paint over what this program says of it.
fn tame(text: &str) -> std::borrow::Cow<'_, str> {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(steers) {
        return text.into();
    }
    let shown = |c: char| if steers(c) { format!("<U+{:04X}>", u32::from(c)) } else { c.to_string() };
    text.chars().map(shown).collect::<String>().into()
}

/// Writes a value as indented JSON.
pub(super) fn json<T: Serialize>(value: &T) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => line(&text),
        Err(reason) => error(&format!("error: the result cannot be written as JSON: {reason}")),
    }
}

/// A table that fits the terminal.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    if table.width().is_none() {
        table.set_width(WIDTH_WITHOUT_TERMINAL);
    }
    table
}

/// Writes findings, one paragraph each, and a count.
pub(super) fn findings(findings: &[Finding]) {
    for finding in findings {
        let word = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        line(&format!("{word}[{}] {}", finding.code, finding.message));
        for (label, text) in [
            ("at", &finding.path),
            ("rule", &finding.rule),
            ("source", &finding.source),
            ("remedy", &finding.remedy),
        ] {
            if let Some(text) = text {
                line(&format!("  {label}: {text}"));
            }
        }
    }
}

/// A warning on one line: what it says and what to do.
pub(super) fn sentence(finding: &Finding) -> String {
    let remedy = finding.remedy.as_deref().map_or_else(String::new, |remedy| format!(" ({remedy})"));
    format!("warning: {}{remedy}", finding.message)
}

/// `3 errors, 1 warning, 0 remarks`.
pub(super) fn count(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!(
        "{}, {}, {}",
        plural(of(Severity::Error), "error"),
        plural(of(Severity::Warning), "warning"),
        plural(of(Severity::Info), "remark")
    )
}

#[cfg(test)]
mod tests {
    use super::{next_line, tame};
    use std::path::Path;

    #[test]
    fn what_comes_next_is_ready_to_be_run_on_the_same_folder() {
        for (data, line) in [
            ("kervan-data", "next: kervan store check"),
            ("/var/lib/kervan", "next: kervan store check --data /var/lib/kervan"),
            ("my node", "next: kervan store check --data 'my node'"),
            ("it's", r"next: kervan store check --data 'it'\''s'"),
        ] {
            assert_eq!(next_line("store check", Path::new(data), ""), line);
        }
        let more = next_line("store check", Path::new("d"), "it takes a while");
        assert_eq!(more, "next: kervan store check --data d; it takes a while");
    }

    #[test]
    fn foreign_text_does_not_steer_the_terminal() {
        assert_eq!(tame("verifies\n\tyes"), "verifies\n\tyes");
        assert_eq!(tame("a\u{1b}[2Jb\u{202e}c\r"), "a<U+001B>[2Jb<U+202E>c<U+000D>");
    }
}

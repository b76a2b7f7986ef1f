//! The configuration of a serving node: one TOML file, the environment and flags, every key from one table (`keys`).
//!
//! A later source overrides an earlier one: default, file, environment (`KERVAN_LIMITS_BURST`), flag. Every fault of all of
//! them is found at once; an unknown key is one.

mod keys;
mod lines;
mod print;
mod settings;
mod value;
mod variables;

pub use keys::{KEYS, Key, Kind};
pub use print::{Shown, print, show};
pub use settings::{ConfiguredProvider, Limits, Settings};
pub use value::Value;
pub use variables::warn_of_variables;

use kervan_model::Finding;
use std::collections::BTreeMap;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The table of keys.
    Default,
    /// The file, by its name.
    File(String),
    /// An environment variable, by its name.
    Environment(String),
    /// A flag of the command line.
    Flag(String),
}

/// Every key with its value and where that came from.
#[derive(Clone, Debug)]
pub struct Config {
    values: BTreeMap<&'static str, (Value, Source)>,
}

impl Default for Config {
    fn default() -> Self {
        let of = |key: &Key| (key.name, (value::default_of(key), Source::Default));
        Self { values: KEYS.iter().map(of).collect() }
    }
}

impl Config {
    /// Takes what a file says. Gives every fault; what is right is taken.
    pub fn read_file(&mut self, name: &str, text: &str) -> Vec<Finding> {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                let place = error.span().map_or(1, |span| lines::line_at(text, span.start));
                let finding =
                    Finding::error("config.not-toml", kervan_model::in_plain_words(&error.message()));
                return vec![
                    finding
                        .at(format!("{name} line {place}"))
                        .remedy("kervan config --default prints a whole file"),
                ];
            }
        };
        let (mut findings, lines) = (Vec::new(), lines::Lines::of(text));
        let placed = |mut finding: Finding, section: &str, key: Option<&str>| {
            if let Some(line) = lines.find(section, key) {
                finding.path = finding.path.map(|path| format!("{name} line {line}: {path}"));
            }
            finding
        };
        for (section, content) in &table {
            let Some(section_table) = content.as_table() else {
                findings.push(placed(unknown(section), section, None));
                continue;
            };
            for (key, value) in section_table {
                let full = format!("{section}.{key}");
                let mut faults = Vec::new();
                match keys::find(&full) {
                    None => faults.push(unknown(&full)),
                    Some(key) => {
                        self.take(key, value::read(key, value), Source::File(name.to_owned()), &mut faults);
                    }
                }
                findings.extend(faults.into_iter().map(|fault| placed(fault, section, Some(key))));
            }
        }
        findings
    }

    /// What does not fit together, once everything was read. A half of a pair would be passed over, and the node be open where it
    /// was meant to be closed.
    pub fn check(&self) -> Vec<Finding> {
        let said = |name: &str| match keys::find(name).map(|key| self.get(key).0) {
            Some(Value::Text(text)) => !text.trim().is_empty(),
            _ => false,
        };
        let pairs = [
            ("tls.certificate", "tls.key"),
            ("tls.key", "tls.certificate"),
            ("sign_in.issuer", "server.origin"),
            ("sign_in.issuer", "sign_in.client"),
            ("sign_in.people", "sign_in.issuer"),
        ];
        let lacking = pairs.into_iter().filter(|(one, other)| said(one) && !said(other));
        let told = lacking.map(|(one, other)| {
            Finding::error("config.half", format!("{one} is set and {other} is not"))
                .at(other)
                .remedy(format!("set {other} as well, or remove {one}"))
        });
        told.collect()
    }

    /// Takes the variables of the environment that begin with `KERVAN_` and name a key. Gives every fault.
    pub fn read_environment(&mut self, find: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for key in KEYS {
            let variable = key.variable();
            if let Some(text) = find(&variable) {
                self.take(key, value::parse(key, &text), Source::Environment(variable), &mut findings);
            }
        }
        findings
    }

    /// Takes the value that a flag gives a key. Gives every fault.
    pub fn read_flag(&mut self, flag: &str, name: &str, text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        match keys::find(name) {
            None => findings.push(unknown(name)),
            Some(key) => {
                self.take(key, value::parse(key, text), Source::Flag(flag.to_owned()), &mut findings)
            }
        }
        findings
    }

    fn take(
        &mut self,
        key: &Key,
        value: Result<Value, Finding>,
        source: Source,
        findings: &mut Vec<Finding>,
    ) {
        match value {
            Ok(value) => {
                self.values.insert(key.name, (value, source));
            }
            Err(finding) => findings.push(finding),
        }
    }

    /// The value of a key, and where it came from.
    fn get(&self, key: &Key) -> (Value, Source) {
        self.values.get(key.name).cloned().unwrap_or_else(|| (value::default_of(key), Source::Default))
    }
}

fn unknown(name: &str) -> Finding {
    let shown: String = name.chars().take(60).collect();
    let remedy = keys::nearest(name).map_or_else(
        || "kervan config --default prints every key".to_owned(),
        |near| format!("did you mean {near}? kervan config --default prints every key"),
    );
    Finding::error("config.unknown-key", format!("there is no key {shown}")).at(shown).remedy(remedy)
}

#[cfg(test)]
mod tests;

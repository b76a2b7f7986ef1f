//! The configuration in print: a whole file with every key explained, and the same for programs.

use super::keys::{KEYS, Key};
use super::value::kind_in_words;
use super::{Config, Source, Value};
use serde::Serialize;
use std::fmt::Write as _;

/// A key as programs read it.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// Its name.
    pub key: &'static str,
    /// Its value.
    pub value: serde_json::Value,
    /// Where that came from: `default`, `file`, `environment`, `flag`.
    pub source: &'static str,
    /// Which file, variable or flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named: Option<String>,
    /// The value without any of them.
    pub default: &'static str,
    /// What it takes.
    pub takes: String,
    /// In what it is counted.
    pub unit: &'static str,
    /// The variable that overrides it.
    pub variable: String,
    /// The flag that overrides it.
    pub flag: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// A value as it may be shown: the password of an URL is left out.
fn discreet(value: Value) -> Value {
    let Value::Text(text) = &value else { return value };
    let hidden = text.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:***@{host}"))
    });
    hidden.map_or(value, Value::Text)
}

/// Every key for programs.
pub fn show(config: &Config) -> Vec<Shown> {
    let shown = |key: &'static Key| {
        let (value, source) = config.get(key);
        let value = match discreet(value) {
            Value::Text(text) => text.into(),
            Value::Whole(number) => number.into(),
            Value::Switch(on) => on.into(),
            Value::List(texts) => texts.into(),
        };
        let (source, named) = match source {
            Source::Default => ("default", None),
            Source::File(name) => ("file", Some(name)),
            Source::Environment(name) => ("environment", Some(name)),
            Source::Flag(name) => ("flag", Some(name)),
        };
        let (takes, variable) = (kind_in_words(key), key.variable());
        Shown {
            key: key.name,
            value,
            source,
            named,
            default: key.default,
            takes,
            unit: key.unit,
            variable,
            flag: key.flag,
            doc: key.doc,
        }
    };
    KEYS.iter().map(shown).collect()
}

/// A whole file in TOML that says the same as this configuration, every key explained.
pub fn print(config: &Config) -> String {
    let mut text = String::from(
        "# Configuration of a node: kervan serve --config kervan.toml\n\
         # A flag overrides the environment (KERVAN_SERVER_LISTEN), which overrides this file, which overrides the defaults.\n",
    );
    let mut table = "";
    for key in KEYS {
        let (of, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if of != table {
            let _ = write!(text, "\n[{of}]\n");
            table = of;
        }
        let (value, source) = config.get(key);
        let value = discreet(value);
        let from = match source {
            Source::Default => String::new(),
            Source::File(name) => format!(" From the file {name}."),
            Source::Environment(name) => format!(" From the environment: {name}."),
            Source::Flag(name) => format!(" From the flag {name}."),
        };
        let flag = if key.flag.is_empty() { String::new() } else { format!(" Flag: {}.", key.flag) };
        let unit = if key.unit.is_empty() { String::new() } else { format!(" Unit: {}.", key.unit) };
        let default = if key.default.is_empty() { "empty" } else { key.default };
        let takes = kind_in_words(key);
        let _ = write!(
            text,
            "# {}\n# Takes {takes}.{unit} Default: {default}.{flag}{from}\n{name} = {value}\n",
            key.doc
        );
    }
    text
}

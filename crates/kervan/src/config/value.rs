//! Values of keys: read from TOML, from a text, and printed.

use super::keys::{Key, Kind};
use kervan_model::Finding;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, path, address or word.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// On or off.
    Switch(bool),
    /// Texts.
    List(Vec<String>),
}

impl fmt::Display for Value {
    /// As it stands in the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", quoted(text)),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Switch(on) => write!(f, "{on}"),
            Self::List(texts) => {
                let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
                write!(f, "[{}]", texts.join(", "))
            }
        }
    }
}

/// A text as TOML writes it. JSON's escapes are TOML's as well.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The value of the table of keys. The table is tested, so the fallback is never taken.
pub(super) fn default_of(key: &Key) -> Value {
    match key.kind {
        Kind::List | Kind::IpAddresses => Value::List(Vec::new()),
        _ => parse(key, key.default).unwrap_or_else(|_| Value::Text(key.default.to_owned())),
    }
}

/// Reads a value from a text: of a flag or of the environment. Members of a list stand between commas.
///
/// Errors: it is not of the key's kind, or out of its range.
pub(super) fn parse(key: &Key, text: &str) -> Result<Value, Finding> {
    let value = match key.kind {
        Kind::Whole(..) => Value::Whole(text.trim().parse().map_err(|_| wrong_kind(key, text))?),
        Kind::Switch => Value::Switch(text.trim().parse().map_err(|_| wrong_kind(key, text))?),
        Kind::List | Kind::IpAddresses => {
            let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
            Value::List(texts.map(str::to_owned).collect())
        }
        Kind::Text | Kind::Path | Kind::Address | Kind::Choice(_) => Value::Text(text.to_owned()),
    };
    check(key, value)
}

/// Reads a value of a file.
///
/// Errors: it is not of the key's kind, or out of its range.
pub(super) fn read(key: &Key, value: &toml::Value) -> Result<Value, Finding> {
    let wrong = || wrong_kind(key, &value.to_string());
    let value = match (key.kind, value) {
        (Kind::Whole(..), toml::Value::Integer(number)) => {
            Value::Whole(u64::try_from(*number).map_err(|_| wrong())?)
        }
        (Kind::Switch, toml::Value::Boolean(on)) => Value::Switch(*on),
        (Kind::List | Kind::IpAddresses, toml::Value::Array(items)) => {
            let texts = items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong));
            Value::List(texts.collect::<Result<_, _>>()?)
        }
        (Kind::Text | Kind::Path | Kind::Address | Kind::Choice(_), toml::Value::String(text)) => {
            Value::Text(text.clone())
        }
        _ => return Err(wrong()),
    };
    check(key, value)
}

fn check(key: &Key, value: Value) -> Result<Value, Finding> {
    match (key.kind, &value) {
        (Kind::Whole(least, most), Value::Whole(number)) if !(least..=most).contains(number) => {
            let message = format!("{} is {number}; it must be from {least} to {most}", key.name);
            Err(Finding::error("config.range", message).at(key.name))
        }
        (Kind::Address, Value::Text(text)) if text.parse::<SocketAddr>().is_err() => {
            Err(wrong_kind(key, text))
        }
        (Kind::IpAddresses, Value::List(texts)) => {
            match texts.iter().find(|text| text.parse::<IpAddr>().is_err()) {
                Some(text) => Err(wrong_kind(key, text)),
                None => Ok(value),
            }
        }
        (Kind::Choice(words), Value::Text(text)) if !words.contains(&text.as_str()) => {
            Err(wrong_kind(key, text))
        }
        _ => Ok(value),
    }
}

fn wrong_kind(key: &Key, text: &str) -> Finding {
    let text: String = text.chars().take(60).collect();
    Finding::error("config.value", format!("{} cannot be {text}", key.name))
        .at(key.name)
        .remedy(format!("it takes {}", kind_in_words(key)))
}

/// What a key takes, in words.
pub(super) fn kind_in_words(key: &Key) -> String {
    match key.kind {
        Kind::Text => "a text".into(),
        Kind::Path => "a path".into(),
        Kind::Address => "an address and port, such as \"127.0.0.1:8080\"".into(),
        Kind::Whole(least, most) => format!("a whole number from {least} to {most}"),
        Kind::Switch => "true or false".into(),
        Kind::Choice(words) => {
            let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
            words.join(" or ")
        }
        Kind::List => "a list of texts".into(),
        Kind::IpAddresses => {
            "a list of IP addresses, such as [\"10.0.0.7\"]; no names, ports or networks".into()
        }
    }
}

//! Reading JSON that people or programs write by hand: any form, but nothing that two readers could take for two things.

use crate::limits::{MOST_DEPTH, MOST_FILE_BYTES};
use kervan_model::Finding;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Reads JSON: no member name twice, not nested deeper than 64 levels, UTF-8 without a byte order mark.
///
/// Errors: one finding with the place.
///
/// ```
/// use kervan_dossier::read_json;
/// assert!(read_json(br#"{ "a": 1.5 }"#).is_ok());
/// assert_eq!(read_json(br#"{"a": 1, "a": 2}"#).unwrap_err().code, "dossier.duplicate-member");
/// ```
pub fn read_json(bytes: &[u8]) -> Result<Value, Finding> {
    let text = check_text(bytes)?;
    check_depth(bytes)?;
    serde_json::from_str::<UniqueValue>(text).map(|unique| unique.0).map_err(|error| {
        let message = kervan_model::in_plain_words(&error);
        let code = if message.contains(TWICE) { "dossier.duplicate-member" } else { "dossier.not-json" };
        Finding::error(code, message).at(format!("line {} column {}", error.line(), error.column()))
    })
}

/// Checks what holds for JSON and YAML alike: length, UTF-8, no byte order mark.
///
/// Errors: one finding with the place.
pub fn check_text(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.len() > MOST_FILE_BYTES {
        let message = format!("the text has {} bytes, more than {MOST_FILE_BYTES}", bytes.len());
        return Err(Finding::error("dossier.file-too-long", message));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Finding::error("dossier.byte-order-mark", "the text begins with a byte order mark")
            .at("byte 0")
            .remedy("save the file as UTF-8 without a byte order mark"));
    }
    str::from_utf8(bytes).map_err(|error| {
        let message = format!("the text is not UTF-8 at byte {}", error.valid_up_to());
        Finding::error("dossier.not-utf-8", message)
            .at(format!("byte {}", error.valid_up_to()))
            .remedy("save the file as UTF-8")
    })
}

/// Counts brackets outside of strings, so that no reader has to recurse to find out.
fn check_depth(bytes: &[u8]) -> Result<(), Finding> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MOST_DEPTH {
            let message = format!("the value is nested more than {MOST_DEPTH} levels deep at byte {at}");
            return Err(Finding::error("dossier.too-deep", message).at(format!("byte {at}")));
        }
    }
    Ok(())
}

const TWICE: &str = "stands twice in one object";

/// A value whose objects have no name twice, from whatever format it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct UniqueValue(pub Value);

impl<'de> Deserialize<'de> for UniqueValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(UniqueValue(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("`{name}` {TWICE}")));
            }
            let UniqueValue(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_read_in_two_ways_is_refused() {
        let deep = "[".repeat(10_000);
        for (bytes, code) in [
            (&b"{\"a\":1,\"b\":[{\"c\":1,\"c\":1}]}"[..], "dossier.duplicate-member"),
            (b"{\"a\":1,\"\\u0061\":1}", "dossier.duplicate-member"),
            (deep.as_bytes(), "dossier.too-deep"),
            (b"\xef\xbb\xbf{}", "dossier.byte-order-mark"),
            (b"{\"a\":\"\xff\"}", "dossier.not-utf-8"),
            (b"{\"a\":}", "dossier.not-json"),
            (b"\"\\ud800\"", "dossier.not-json"),
            (b"{} {}", "dossier.not-json"),
            (b"", "dossier.not-json"),
        ] {
            let finding = read_json(bytes).unwrap_err();
            assert_eq!(finding.code, code, "{finding:?}");
            assert!(finding.path.is_some());
        }
        let text = r#"{"a": [1, -2, 1.5, true, null, "[[[\\\"{"], "b": {}}"#;
        assert_eq!(read_json(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }
}

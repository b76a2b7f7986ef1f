//! Canonical JSON (RFC 8785) and SHA-256: the bytes that are hashed and signed.

use crate::limits::MOST_DEPTH;
use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Greatest integer that every reader of JSON keeps exactly: 2^53 - 1. Source: RFC 7493 (I-JSON) section 2.2.
pub const MOST_INTEGER: i64 = (1 << 53) - 1;

/// A value that must not be hashed or signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A float: two systems may write it differently, or round it.
    #[error("the number at `{path}` is not an integer; what is signed holds integers only")]
    Float {
        /// JSON pointer.
        path: String,
    },
    /// An integer that a reader which knows only doubles would change.
    #[error("the integer at `{path}` is beyond 2^53 - 1 and would not survive every JSON reader")]
    IntegerRange {
        /// JSON pointer.
        path: String,
    },
    /// Nested too deep.
    #[error("the value is nested more than {MOST_DEPTH} levels deep at `{path}`")]
    Depth {
        /// JSON pointer.
        path: String,
    },
    /// The serializer refused.
    #[error("the value cannot be written as JSON: {0}")]
    Json(String),
}

/// The canonical form of any JSON value. Source: RFC 8785; numbers as ECMAScript writes doubles.
///
/// Errors: [`CanonicalError::Json`] if the value cannot be written.
pub fn jcs(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| CanonicalError::Json(error.to_string()))
}

/// The canonical form of a value that is to be hashed or signed here: no floats, no integer beyond 2^53 - 1, not too deep.
///
/// Errors: [`CanonicalError`] with the JSON pointer of the first offence.
pub fn jcs_of_integers(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    check_integers(value, &mut String::new(), 0)?;
    jcs(value)
}

fn check_integers(value: &Value, path: &mut String, depth: usize) -> Result<(), CanonicalError> {
    if depth > MOST_DEPTH {
        return Err(CanonicalError::Depth { path: path.clone() });
    }
    let length = path.len();
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => {}
        Value::Number(number) => match number.as_i128() {
            None => return Err(CanonicalError::Float { path: path.clone() }),
            Some(integer) if integer.unsigned_abs() > u128::from(MOST_INTEGER.unsigned_abs()) => {
                return Err(CanonicalError::IntegerRange { path: path.clone() });
            }
            Some(_) => {}
        },
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("/{index}"));
                check_integers(item, path, depth + 1)?;
                path.truncate(length);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                path.push('/');
                path.push_str(&key.replace('~', "~0").replace('/', "~1"));
                check_integers(member, path, depth + 1)?;
                path.truncate(length);
            }
        }
    }
    Ok(())
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of bytes as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha256(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(text: &str, canonical: &str) {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(String::from_utf8(jcs(&value).unwrap()).unwrap(), canonical, "{text}");
    }

    #[test]
    fn members_are_sorted_by_utf_16_units() {
        // U+FB33 sorts after U+1F600 in UTF-16 (0xFB33 > 0xD83D), and before it in UTF-8 and by code point.
        check(
            r#"{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"\r":4,"1":5,"\u0080":6,"\u00f6":7}"#,
            "{\"\\r\":4,\"1\":5,\"\u{80}\":6,\"ö\":7,\"€\":3,\"😀\":2,\"\u{fb33}\":1}",
        );
        check(r#"{"b":{"z":1,"y":[{"d":1,"c":2}]},"a":{}}"#, r#"{"a":{},"b":{"y":[{"c":2,"d":1}],"z":1}}"#);
        check(r#"{"aa":1,"a":2,"":3,"A":4}"#, r#"{"":3,"A":4,"a":2,"aa":1}"#);
    }

    #[test]
    fn strings_are_escaped_as_little_as_possible() {
        check(
            r#""\u0000\u0008\u0009\u000a\u000c\u000d\u001f\u0022\u005c\u002f\u007f""#,
            "\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\u{7f}\"",
        );
        check(r#""\u10e5\u10d0\u10e0\u2028""#, "\"ქარ\u{2028}\"");
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        for (text, canonical) in [
            ("-0", "0"),
            ("0.0", "0"),
            ("1.0", "1"),
            ("1e2", "100"),
            ("4.50", "4.5"),
            ("2e-3", "0.002"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("1e21", "1e+21"),
            ("999999999999999900000", "999999999999999900000"),
            ("333333333.33333329", "333333333.3333333"),
            ("9007199254740991", "9007199254740991"),
        ] {
            check(text, canonical);
        }
    }

    #[test]
    fn what_is_signed_holds_integers_only() {
        let deep = (0..70).fold(json!(1), |inner, _| json!([inner]));
        for (value, error) in [
            (json!({"a": [1, 1.5]}), Some("the number at `/a/1`")),
            (json!({"a/b": 1.0}), Some("the number at `/a~1b`")),
            (json!({"seed": 9_007_199_254_740_992_u64}), Some("the integer at `/seed`")),
            (json!([-9_007_199_254_740_992_i64]), Some("the integer at `/0`")),
            (json!([9_007_199_254_740_991_u64, -9_007_199_254_740_991_i64]), None),
            (deep, Some("nested more than 64")),
        ] {
            let result = jcs_of_integers(&value).err().map(|error| error.to_string());
            match error {
                None => assert_eq!(result, None),
                Some(part) => {
                    assert!(result.as_deref().is_some_and(|text| text.contains(part)), "{result:?}")
                }
            }
        }
    }
}

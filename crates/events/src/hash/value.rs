//! Canonical values: one spelling for every instant, number and identifier.

use super::Namespaces;
use crate::format::parse_instant;
use crate::identifier::canonical_digital_link;
use crate::vocabulary::Vocabulary;
use serde_json::Value;
use std::borrow::Cow;

/// CBV words as URNs, replaced by Web URIs wherever they stand.
const URN_PREFIXES: &[(&str, Vocabulary)] = &[
    ("urn:epcglobal:cbv:bizstep:", Vocabulary::BizStep),
    ("urn:epcglobal:cbv:disp:", Vocabulary::Disposition),
    ("urn:epcglobal:cbv:btt:", Vocabulary::BizTransactionType),
    ("urn:epcglobal:cbv:sdt:", Vocabulary::SourceDestinationType),
    ("urn:epcglobal:cbv:er:", Vocabulary::ErrorReason),
];

/// The text of a plain value; nothing for null, lists and objects.
pub(super) fn text_of<'v>(value: &'v Value, namespaces: &Namespaces) -> Option<Cow<'v, str>> {
    match value {
        Value::String(text) => Some(namespaces.expand(text)),
        Value::Bool(truth) => Some(truth.to_string().into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The canonical spelling of a value.
pub(super) fn canonical(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if let Some(number) = canonical_number(text) {
        return number.into();
    }
    if !text.contains(':') {
        return text.into();
    }
    for (urn, vocabulary) in URN_PREFIXES {
        if let Some(word) = text.strip_prefix(urn) {
            return format!("{}{word}", vocabulary.web_prefix()).into();
        }
    }
    canonical_digital_link(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// An instant in UTC with milliseconds, the fourth decimal rounded half up; another text comes back as it is.
pub(super) fn canonical_instant(text: &str) -> String {
    let text = text.trim();
    let rounded = parse_instant(text).and_then(|instant| {
        let milliseconds = (instant.as_nanosecond() + 500_000).div_euclid(1_000_000);
        jiff::Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()
    });
    match rounded {
        Some(instant) => instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        None => text.to_owned(),
    }
}

/// A decimal number without superfluous zeros and signs; nothing for a text that is no number.
///
/// Whole numbers are written with all digits, others in the shortest form that reads back as the same binary number,
/// with an exponent below 0.0001, which is how the reference implementation writes them.
fn canonical_number(text: &str) -> Option<String> {
    let looks_numeric =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
            && text.bytes().any(|b| b.is_ascii_digit());
    let number: f64 = if looks_numeric { text.parse().ok()? } else { return None };
    if !number.is_finite() {
        return None;
    }
    if number.fract() == 0.0 {
        // All digits of the binary number, as far as integers go; beyond that no quantity of this world lies.
        return Some(if number.abs() < 1e38 { format!("{}", number as i128) } else { format!("{number}") });
    }
    if number.abs() >= 1e-4 {
        return Some(format!("{number}"));
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once("e-")?;
    Some(format!("{digits}e-{exponent:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (text, canonical) in [
            ("1.0", Some("1")),
            ("007", Some("7")),
            ("0.3434000", Some("0.3434")),
            ("-12.50", Some("-12.5")),
            ("+3", Some("3")),
            ("1e3", Some("1000")),
            ("0.00001", Some("1e-05")),
            ("-0", Some("0")),
            ("12345678901234567890", Some("12345678901234567168")),
            ("1.2.3", None),
            ("", None),
            ("e", None),
            ("inf", None),
            ("2020-01-01", None),
        ] {
            assert_eq!(canonical_number(text).as_deref(), canonical, "{text}");
        }
    }

    #[test]
    fn instants_are_rounded_to_the_millisecond() {
        for (text, canonical) in [
            ("2020-03-04T11:00:30+01:00", "2020-03-04T10:00:30.000Z"),
            ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
            ("2023-02-02T11:04:03.1414999Z", "2023-02-02T11:04:03.141Z"),
            ("2023-12-31T23:59:59.9996-01:00", "2024-01-01T01:00:00.000Z"),
            ("yesterday", "yesterday"),
        ] {
            assert_eq!(canonical_instant(text), canonical, "{text}");
        }
    }
}

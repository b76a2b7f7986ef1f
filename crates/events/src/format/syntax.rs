//! The small languages inside texts: URIs, instants, offsets, units.

use jiff::Timestamp;

/// Whether a text is a URI with a scheme. Source: RFC 3986, its characters and percent escapes; no relative references.
///
/// A compact URI such as `example:myField` has the same syntax and passes.
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    let scheme_ok = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    scheme_ok && !rest.is_empty() && has_uri_characters(rest)
}

fn has_uri_characters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut fragment = false;
    bytes.iter().enumerate().all(|(index, byte)| match byte {
        b'%' => bytes.get(index + 1..index + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        b'#' => !std::mem::replace(&mut fragment, true),
        _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=[]".contains(byte),
    })
}

/// An instant with a date, a time of day and an offset, of any precision; what lies below a nanosecond is cut off.
///
/// Shape: `2026-12-01T08:00:00.000+06:00`. Source: RFC 3339, `xsd:dateTimeStamp`.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let shape = text.get(..19)?.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        10 => matches!(byte, b'T' | b't'),
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    if !shape {
        return None;
    }
    let rest = text.get(19..)?;
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(after) => {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            (after.get(..digits)?, after.get(digits..)?)
        }
        None => ("", rest),
    };
    let offset_ok = matches!(offset, "Z" | "z") || is_offset(offset, 23);
    if !offset_ok {
        return None;
    }
    const FINEST: usize = 9;
    if fraction.len() <= FINEST {
        return text.parse().ok();
    }
    format!("{}.{}{offset}", text.get(..19)?, fraction.get(..FINEST)?).parse().ok()
}

/// An offset such as `+06:00`, up to the given number of hours.
fn is_offset(text: &str, most_hours: u8) -> bool {
    let bytes = text.as_bytes();
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u8>().ok());
    bytes.len() == 6
        && matches!(bytes.first(), Some(b'+' | b'-'))
        && bytes.get(3) == Some(&b':')
        && [1, 2, 4, 5].iter().all(|index| bytes.get(*index).is_some_and(u8::is_ascii_digit))
        && number(1..3).is_some_and(|hours| hours <= most_hours)
        && number(4..6).is_some_and(|minutes| minutes < 60)
}

/// The `eventTimeZoneOffset`: `-14:00` to `+14:00`. Source: EPCIS 2.0 JSON schema.
pub(super) fn is_event_offset(text: &str) -> bool {
    is_offset(text, 13) || matches!(text, "+14:00" | "-14:00")
}

/// A unit of measure of UN/ECE Recommendation 20: two or three capitals or digits.
pub(super) fn is_unit(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// A version: numbers with dots.
pub(super) fn is_version(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_told_from_other_texts() {
        for text in [
            "urn:epc:id:sgtin:0614141.107346.2017",
            "https://id.gs1.org/01/70614141123451/21/2018",
            "example:myField",
            "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB",
            "geo:50.9,6.9",
            "ni:///sha-256;00ff?ver=CBV2.0",
        ] {
            assert!(is_uri(text), "{text}");
        }
        for text in
            ["", "departing", "a b:c", "1a:b", "urn:", "urn:x y", "urn:100%", "urn:a#b#c", "urn:\u{e9}"]
        {
            assert!(!is_uri(text), "{text}");
        }
    }

    #[test]
    fn instants_need_date_time_and_offset() {
        for (text, second) in [
            ("2026-12-01T08:00:00Z", Some(1_796_112_000)),
            ("2026-12-01T14:00:00.000+06:00", Some(1_796_112_000)),
            ("2026-12-01T08:00:00.1234567890123Z", Some(1_796_112_000)),
            ("2026-12-01T08:00:00", None),
            ("2026-12-01", None),
            ("2026-12-01T08:00Z", None),
            ("2026-13-01T08:00:00Z", None),
            ("2026-12-01 08:00:00Z", None),
            ("2026-12-01T08:00:00.Z", None),
            ("2026-12-01T08:00:00+6:00", None),
            ("2026-12-01T08:00:00[Asia/Almaty]", None),
            ("", None),
        ] {
            assert_eq!(parse_instant(text).map(|instant| instant.as_second()), second, "{text}");
        }
    }

    #[test]
    fn offsets_follow_the_pattern_of_the_standard() {
        for text in ["+00:00", "-06:00", "+13:59", "+14:00"] {
            assert!(is_event_offset(text), "{text}");
        }
        for text in ["00:00", "+6:00", "+14:01", "+15:00", "+05:60", "Z", "+0500", "+05:00 "] {
            assert!(!is_event_offset(text), "{text}");
        }
    }
}

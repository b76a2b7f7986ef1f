//! Shapes of single values, exactly as the published patterns have them. Every function takes the text as it counts, its white
//! space already treated.

use std::ops::RangeInclusive;

/// Whether the text is at least one ASCII digit and nothing else.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether Unicode counts the character as a separator (category Z).
pub(crate) fn is_separator(character: char) -> bool {
    // White space of Unicode without the control characters among it is the category Z.
    character.is_whitespace() && !character.is_control()
}

/// Whether the text is a decimal number without sign or leading zeros, within the digits. Zeros at the end of the fraction do not
/// count: XML Schema bounds the value, not the writing.
pub(crate) fn is_decimal(text: &str, digits: usize, fraction: usize, zero: bool) -> bool {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) if is_digits(decimals) => (whole, decimals),
        Some(_) => return false,
        None => (text, ""),
    };
    if !is_digits(whole) || (whole.len() > 1 && whole.starts_with('0')) {
        return false;
    }
    let counted = decimals.trim_end_matches('0');
    let is_zero = whole == "0" && counted.is_empty();
    if is_zero && !zero {
        return false;
    }
    let whole_digits = if whole == "0" { 0 } else { whole.len() };
    let significant = if whole_digits == 0 { counted.trim_start_matches('0').len() } else { counted.len() };
    counted.len() <= fraction && whole_digits + significant <= digits
}

fn number(text: &str, range: std::ops::Range<usize>) -> Option<u32> {
    let part = text.get(range)?;
    if is_digits(part) { part.parse().ok() } else { None }
}

/// Whether the text is a day of the calendar as `2026-11-30`.
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(text, 0..4), number(text, 5..7), number(text, 8..10))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    year > 0 && (1..=longest).contains(&day)
}

/// Whether the text is a day and time as `2026-11-30T14:00:00`; the end of a day may be written as 24:00:00.
pub(crate) fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let bytes = time.as_bytes();
    if !is_date(date) || bytes.len() != 8 || bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
        return false;
    }
    match (number(time, 0..2), number(time, 3..5), number(time, 6..8)) {
        (Some(24), Some(0), Some(0)) => true,
        (Some(hour), Some(minute), Some(second)) => hour < 24 && minute < 60 && second < 60,
        _ => false,
    }
}

fn capitals_and_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether the text has the shape of an MRN; `procedure` is the range of the 17th character since the year 24.
pub(crate) fn is_mrn(text: &str, procedure: RangeInclusive<u8>) -> bool {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 18
        && capitals_and_digits(text)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_uppercase)
        && bytes.last().is_some_and(u8::is_ascii_digit);
    let Some(year) = number(text, 0..2).filter(|_| shaped) else { return false };
    year <= 24 || bytes.get(16).is_some_and(|letter| procedure.contains(letter))
}

/// Whether the text has the shape of a GRN, of 17 or 24 characters.
pub(crate) fn is_grn(text: &str) -> bool {
    let bytes = text.as_bytes();
    let body = capitals_and_digits(text)
        && bytes.iter().take(2).all(u8::is_ascii_digit)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_uppercase)
        && bytes.get(16).is_some_and(u8::is_ascii_digit);
    let voucher =
        || bytes.get(17).is_some_and(u8::is_ascii_uppercase) && text.get(18..).is_some_and(is_digits);
    body && (bytes.len() == 17 || (bytes.len() == 24 && voucher()))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// Whether the text is exactly `degrees`, any one character, five to seven zeros: the pattern leaves its point unescaped.
fn is_pole(text: &str, degrees: &str) -> bool {
    let Some(rest) = text.strip_prefix(degrees) else { return false };
    let mut characters = rest.chars();
    characters.next().is_some()
        && (5..=7).contains(&characters.as_str().len())
        && characters.all(|zero| zero == '0')
}

fn is_degrees(text: &str, whole_is: impl Fn(&str) -> bool) -> bool {
    text.split_once('.').is_some_and(|(whole, decimals)| {
        is_digits(whole) && whole_is(whole) && is_digits(decimals) && (5..=7).contains(&decimals.len())
    })
}

/// Whether the text is a latitude with 5 to 7 decimals.
pub(crate) fn is_latitude(text: &str) -> bool {
    let text = unsigned(text);
    is_pole(text, "90")
        || is_degrees(text, |whole| whole.len() == 1 || (whole.len() == 2 && !whole.starts_with('9')))
}

/// Whether the text is a longitude with 5 to 7 decimals.
pub(crate) fn is_longitude(text: &str) -> bool {
    let text = unsigned(text);
    let whole_is = |whole: &str| match whole.len() {
        1 | 2 => true,
        3 => {
            whole.starts_with('0')
                || matches!(whole.get(..2), Some("10" | "11" | "12" | "13" | "14" | "15" | "16" | "17"))
        }
        _ => false,
    };
    is_pole(text, "180") || is_degrees(text, whole_is)
}

/// Whether the text is a TIR carnet number: plain up to 25,000,000, from there with two letters of which one is an X.
pub(crate) fn is_carnet(text: &str) -> bool {
    let plain = |digits: &str| {
        is_digits(digits)
            && !digits.starts_with('0')
            && (digits.len() <= 7 || (digits.len() == 8 && digits <= "25000000"))
    };
    let lettered = || {
        let (letters, digits) = text.split_at_checked(2)?;
        let pair = letters.bytes().all(|byte| byte.is_ascii_uppercase()) && letters.contains('X');
        let long = (digits.len() == 8 && digits >= "25") || digits.len() == 9;
        Some(pair && is_digits(digits) && !digits.starts_with('0') && long)
    };
    plain(text) || lettered().unwrap_or(false)
}

/// Whether the text is an address of electronic mail as loosely as the published pattern has it: ASCII, something, `@`, something
/// without a point, a point, something. `trimmed` refuses spaces at the ends.
pub(crate) fn is_email(text: &str, trimmed: bool) -> bool {
    if !text.is_ascii() || text.is_empty() {
        return false;
    }
    // The trimmed pattern lets its first character be an `@` as well.
    let from = usize::from(trimmed);
    let Some(at) = text.get(from..).and_then(|rest| rest.find('@')).map(|at| at + from) else { return false };
    let Some((host, end)) = text.get(at + 1..).and_then(|rest| rest.split_once('.')) else { return false };
    let edges = !trimmed || !(text.starts_with(' ') || text.ends_with(' '));
    at > 0 && !host.is_empty() && !end.is_empty() && edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_bounded_by_value() {
        let cases = [
            ("1", true),
            ("0", false),
            ("0.0", false),
            ("0.000001", true),
            ("0.0000001", false),
            ("1.0000000", true),
            ("01", false),
            ("1.", false),
            (".5", false),
            ("-1", false),
            ("+1", false),
            ("1e3", false),
            ("1234567890.123456", true),
            ("12345678901.123456", false),
            ("1234567890123456", true),
            ("12345678901234567", false),
            ("", false),
            ("0.10", true),
        ];
        for (text, good) in cases {
            assert_eq!(is_decimal(text, 16, 6, false), good, "{text}");
        }
        assert!(is_decimal("0", 16, 6, true));
    }

    #[test]
    fn days_are_of_the_calendar() {
        let cases = [
            ("2026-02-28", true),
            ("2026-02-29", false),
            ("2024-02-29", true),
            ("2000-02-29", true),
            ("1900-02-29", false),
            ("2026-13-01", false),
            ("2026-00-01", false),
            ("2026-01-00", false),
            ("2026-1-1", false),
            ("0000-01-01", false),
        ];
        for (text, good) in cases {
            assert_eq!(is_date(text), good, "{text}");
        }
        assert!(is_date_time("2026-11-30T24:00:00") && !is_date_time("2026-11-30T24:00:01"));
        assert!(!is_date_time("2026-11-30T12:00:60") && !is_date_time("2026-11-30T12:00:00Z"));
    }

    #[test]
    fn numbers_of_the_procedure_have_their_shape() {
        assert!(is_mrn("24GB000246J8NY33L7", b'J'..=b'M') && is_mrn("25GB000246J8NY33J7", b'J'..=b'M'));
        assert!(!is_mrn("25GB000246J8NY33A7", b'J'..=b'M') && is_mrn("25GB000246J8NY33A7", b'A'..=b'E'));
        assert!(is_grn("23GB0000010000163") && is_grn("23GB0000010000163A123456"));
        assert!(!is_grn("23GB0000010000163A12345") && !is_grn("23GB000001000016A"));
        for good in ["1", "9999999", "24999999", "25000000", "XA25000000", "AX999000000", "XX123456789"] {
            assert!(is_carnet(good), "{good}");
        }
        for bad in
            ["0", "25000001", "99999999", "AB25000000", "XA24000000", "XA2500000", "XA025000000", "Ä", "X"]
        {
            assert!(!is_carnet(bad), "{bad}");
        }
    }

    #[test]
    fn places_and_addresses_have_their_shape() {
        for good in ["1.12345", "+89.1234567", "-90.00000", "90.0000000", "90x00000"] {
            assert!(is_latitude(good), "{good}");
        }
        for bad in ["90.00001", "1.1234", "1.12345678", "100.00000", "90.0000", "90.00000000"] {
            assert!(!is_latitude(bad), "{bad}");
        }
        assert!(is_longitude("179.99999") && is_longitude("099.00000") && is_longitude("180.00000"));
        assert!(!is_longitude("180.00001") && !is_longitude("200.00000"));
        assert!(is_email("a@b.c", true) && is_email("a@b@c.d", true) && is_email("@a@b.c", true));
        assert!(!is_email("@a@b.c", false) && !is_email("a@b", false) && !is_email("a@.c", false));
        assert!(is_email(" a@b.c", false) && !is_email(" a@b.c", true));
    }
}

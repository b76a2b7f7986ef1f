//! Cells of tables that people open in a spreadsheet.

use std::borrow::Cow;

/// A text as a cell that no spreadsheet computes with: one that begins like a formula gets an apostrophe before it. Numbers stay.
///
/// Source: OWASP, CSV Injection.
pub fn harmless_cell(text: &str) -> Cow<'_, str> {
    let like_formula = text
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    // A sign before digits alone is a number. `inf` and `nan` are words.
    let is_number = text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        && text.parse::<f64>().is_ok();
    if like_formula && !is_number { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A harmless cell as it stands in a file of CSV: in quotes where it must be. Source: RFC 4180.
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let cell = harmless_cell(text);
    if cell.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_numbers_stay() {
        for (text, expected) in [
            ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
            ("+1+2", "'+1+2"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
            ("\t=1", "'\t=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("-12.5", "-12.5"),
            ("KZAAU>KZALA", "KZAAU>KZALA"),
            ("a=b", "a=b"),
            ("", ""),
            ("-", "'-"),
        ] {
            assert_eq!(harmless_cell(text), expected);
        }
        assert_eq!(csv_cell("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        assert_eq!(csv_cell("a,b"), "\"a,b\"");
        assert_eq!(csv_cell("\r=1"), "\"'\r=1\"");
    }
}

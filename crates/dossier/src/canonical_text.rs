//! Checks that foreign bytes are canonical JSON of integers, in one pass and without building anything.
//!
//! A reader that takes the last of two members with one name, or rounds a number, can be made to see another document
//! than the one that was signed. Here such bytes are refused: members must be strictly ascending, so a name cannot stand
//! twice, and every byte has exactly one way to be written. The error names the offset of the first byte that is wrong.

use crate::canonical::MOST_INTEGER;
use crate::limits::MOST_DEPTH;
use std::borrow::Cow;
use std::fmt;

/// Why bytes are not canonical JSON of integers, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at byte {offset}")]
pub struct NotCanonical {
    /// Offset of the first wrong byte. Unit: byte from the start.
    pub offset: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What can be wrong with bytes that should be canonical JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not UTF-8.
    Utf8,
    /// A byte order mark.
    Mark,
    /// Not JSON.
    Syntax,
    /// A space or line break between tokens.
    Space,
    /// Members out of order.
    Order,
    /// A member name that stands twice.
    Duplicate,
    /// A character that is escaped although it must not be, or the other way round.
    Escape,
    /// A number that is not a plain integer.
    Float,
    /// An integer beyond 2^53 - 1.
    IntegerRange,
    /// Nested too deep.
    Depth,
    /// The text ends in the middle of a value.
    End,
    /// Something follows after the value.
    Trailing,
}

impl Fault {
    /// The code of the finding.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Syntax | Self::End | Self::Trailing => "dossier.not-json",
            Self::Mark | Self::Space | Self::Order | Self::Escape => "dossier.not-canonical",
            Self::Duplicate => "dossier.duplicate-member",
            Self::Float | Self::IntegerRange => "dossier.not-an-integer",
            Self::Depth => "dossier.too-deep",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "the text is not UTF-8",
            Self::Mark => "the text begins with a byte order mark",
            Self::Syntax => "the text is not JSON",
            Self::Space => "there is a space or line break between two tokens",
            Self::Order => "the members of an object are not in canonical order",
            Self::Duplicate => "a member name stands twice in one object",
            Self::Escape => "a character is not written in its canonical form",
            Self::Float => "a number is not a plain integer",
            Self::IntegerRange => "an integer is beyond 2^53 - 1",
            Self::Depth => "the value is nested too deep",
            Self::End => "the text ends in the middle of a value",
            Self::Trailing => "something follows after the end of the value",
        })
    }
}

/// Checks that `bytes` are one JSON value in canonical form (RFC 8785), with integers as its only numbers.
///
/// Errors: [`NotCanonical`] with the offset of the first wrong byte.
///
/// ```
/// use kervan_dossier::canonical_text::{Fault, check_canonical};
/// assert!(check_canonical(br#"{"a":1,"b":[true,"x"]}"#).is_ok());
/// let twice = check_canonical(br#"{"a":1,"a":2}"#).unwrap_err();
/// assert_eq!((twice.offset, twice.fault), (7, Fault::Duplicate));
/// ```
pub fn check_canonical(bytes: &[u8]) -> Result<(), NotCanonical> {
    let text = str::from_utf8(bytes)
        .map_err(|error| NotCanonical { offset: error.valid_up_to(), fault: Fault::Utf8 })?;
    if text.starts_with('\u{feff}') {
        return Err(NotCanonical { offset: 0, fault: Fault::Mark });
    }
    let mut scanner = Scanner { text, bytes, at: 0 };
    scanner.value(0)?;
    if scanner.at < bytes.len() {
        return scanner.fail(if scanner.is_space() { Fault::Space } else { Fault::Trailing });
    }
    Ok(())
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

type Scanned<T> = Result<T, NotCanonical>;

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn is_space(&self) -> bool {
        matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn fail<T>(&self, fault: Fault) -> Scanned<T> {
        Err(NotCanonical { offset: self.at, fault })
    }

    /// Fails at a byte that no rule allows here.
    fn unexpected<T>(&self) -> Scanned<T> {
        self.fail(match self.peek() {
            None => Fault::End,
            Some(_) if self.is_space() => Fault::Space,
            Some(_) => Fault::Syntax,
        })
    }

    fn expect(&mut self, byte: u8) -> Scanned<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        self.unexpected()
    }

    fn value(&mut self, depth: usize) -> Scanned<()> {
        if depth > MOST_DEPTH {
            return self.fail(Fault::Depth);
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => self.unexpected(),
        }
    }

    fn word(&mut self, word: &str) -> Scanned<()> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Scanned<()> {
        self.expect(b'[')?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn object(&mut self, depth: usize) -> Scanned<()> {
        self.expect(b'{')?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let mut last: Option<Cow<'a, str>> = None;
        loop {
            let start = self.at;
            let name = self.string()?;
            if let Some(last) = &last {
                match compare_utf16(last, &name) {
                    std::cmp::Ordering::Less => {}
                    std::cmp::Ordering::Equal => {
                        return Err(NotCanonical { offset: start, fault: Fault::Duplicate });
                    }
                    std::cmp::Ordering::Greater => {
                        return Err(NotCanonical { offset: start, fault: Fault::Order });
                    }
                }
            }
            last = Some(name);
            self.expect(b':')?;
            self.value(depth + 1)?;
            if self.peek() == Some(b'}') {
                self.at += 1;
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// Scans a string and gives its characters; borrowed unless it holds an escape.
    fn string(&mut self) -> Scanned<Cow<'a, str>> {
        self.expect(b'"')?;
        let mut decoded: Option<String> = None;
        let mut plain_from = self.at;
        loop {
            self.skip_plain();
            match self.peek() {
                None => return self.fail(Fault::End),
                Some(b'"') => {
                    let plain = self.text.get(plain_from..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(match decoded {
                        None => Cow::Borrowed(plain),
                        Some(text) => Cow::Owned(text + plain),
                    });
                }
                Some(b'\\') => {
                    let text = decoded.get_or_insert_default();
                    text.push_str(self.text.get(plain_from..self.at).unwrap_or_default());
                    let character = self.escape()?;
                    decoded.get_or_insert_default().push(character);
                    plain_from = self.at;
                }
                Some(_) => return self.fail(Fault::Escape),
            }
        }
    }

    /// Skips characters of a string that stand for themselves.
    fn skip_plain(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        self.at += rest.iter().position(special).unwrap_or(rest.len());
    }

    /// Scans an escape. Only those that RFC 8785 writes are allowed.
    fn escape(&mut self) -> Scanned<char> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'b') => '\u{8}',
            Some(b't') => '\t',
            Some(b'n') => '\n',
            Some(b'f') => '\u{c}',
            Some(b'r') => '\r',
            Some(b'u') => {
                self.at += 1;
                return self.control(start);
            }
            None => return self.fail(Fault::End),
            Some(b'/') => return Err(NotCanonical { offset: start, fault: Fault::Escape }),
            Some(_) => return self.fail(Fault::Syntax),
        };
        self.at += 1;
        Ok(character)
    }

    /// Scans the four digits of `\u00xx`, which stands only for control characters without an escape of their own.
    fn control(&mut self, start: usize) -> Scanned<char> {
        let digits = self.bytes.get(self.at..self.at + 4);
        let Some(&[b'0', b'0', high @ (b'0' | b'1'), low]) = digits else {
            return Err(NotCanonical { offset: start, fault: Fault::Escape });
        };
        let low = match low {
            b'0'..=b'9' => low - b'0',
            b'a'..=b'f' => low - b'a' + 10,
            _ => return Err(NotCanonical { offset: start, fault: Fault::Escape }),
        };
        let code = (high - b'0') * 16 + low;
        if matches!(code, 0x08 | 0x09 | 0x0a | 0x0c | 0x0d) {
            return Err(NotCanonical { offset: start, fault: Fault::Escape });
        }
        self.at += 4;
        Ok(char::from(code))
    }

    fn integer(&mut self) -> Scanned<()> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let digits_from = self.at;
        let mut magnitude: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            magnitude = magnitude.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - digits_from;
        if digits == 0 {
            return self.unexpected();
        }
        let leading_zero = digits > 1 && self.bytes.get(digits_from) == Some(&b'0');
        if leading_zero || matches!(self.peek(), Some(b'.' | b'e' | b'E')) || (negative && magnitude == 0) {
            return Err(NotCanonical { offset: start, fault: Fault::Float });
        }
        if magnitude > MOST_INTEGER.unsigned_abs() {
            return Err(NotCanonical { offset: start, fault: Fault::IntegerRange });
        }
        Ok(())
    }
}

/// Compares as RFC 8785 sorts: by UTF-16 code units.
fn compare_utf16(left: &str, right: &str) -> std::cmp::Ordering {
    if left.is_ascii() && right.is_ascii() {
        return left.cmp(right);
    }
    left.encode_utf16().cmp(right.encode_utf16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_passes() {
        for text in [
            "null",
            "true",
            "0",
            "-1",
            "9007199254740991",
            "\"\"",
            "[]",
            "{}",
            "[1,[2,[]],{}]",
            "{\"\":3,\"A\":4,\"a\":{\"b\":false}}",
            "{\"\\r\":4,\"1\":5,\"\u{80}\":6,\"ö\":7,\"€\":3,\"😀\":2,\"\u{fb33}\":1}",
            "\"\\u0000\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\u{7f}\"",
        ] {
            assert_eq!(check_canonical(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn every_fault_is_named_with_its_byte() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let cases: &[(&[u8], usize, Fault)] = &[
            (b"", 0, Fault::End),
            (b"{\"a\":1", 6, Fault::End),
            (b"\"abc", 4, Fault::End),
            (b"[1, 2]", 3, Fault::Space),
            (b" 1", 0, Fault::Space),
            (b"1\n", 1, Fault::Space),
            (b"1x", 1, Fault::Trailing),
            (b"{\"b\":1,\"a\":2}", 7, Fault::Order),
            (b"{\"a\":1,\"a\":1}", 7, Fault::Duplicate),
            (b"\"\\u0061\"", 1, Fault::Escape),
            (b"\"\\/\"", 1, Fault::Escape),
            (b"\"\\u001F\"", 1, Fault::Escape),
            (b"\"\\u000a\"", 1, Fault::Escape),
            (b"\"\n\"", 1, Fault::Escape),
            (b"\"\\ud83d\\ude00\"", 1, Fault::Escape),
            (b"\"\\x\"", 2, Fault::Syntax),
            (b"[1.5]", 1, Fault::Float),
            (b"[1e3]", 1, Fault::Float),
            (b"-0", 0, Fault::Float),
            (b"[007]", 1, Fault::Float),
            (b"9007199254740992", 0, Fault::IntegerRange),
            (b"-", 1, Fault::End),
            (b"[1,]", 3, Fault::Syntax),
            (b"{1:2}", 1, Fault::Syntax),
            (b"nul", 3, Fault::End),
            (b"NaN", 0, Fault::Syntax),
            (b"\"\xff\"", 1, Fault::Utf8),
            (b"\xef\xbb\xbf{}", 0, Fault::Mark),
            (deep.as_bytes(), 65, Fault::Depth),
        ];
        for (bytes, offset, fault) in cases {
            let expected = NotCanonical { offset: *offset, fault: *fault };
            assert_eq!(check_canonical(bytes), Err(expected), "{}", String::from_utf8_lossy(bytes));
        }
    }
}

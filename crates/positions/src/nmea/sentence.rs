//! One sentence: tag block, start, fields, checksum.

use std::fmt;

/// A sentence whose checksum is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence<'t> {
    /// The type without the talker, such as `RMC`.
    pub(crate) kind: &'t str,
    /// What follows the type, up to the `*`.
    pub(crate) rest: &'t str,
    /// Seconds since 1970 of the tag block, if it has one.
    pub(crate) tag_time: Option<i64>,
}

impl<'t> Sentence<'t> {
    /// The field with a number, counted from 1 as in the standard; an empty text if there is none.
    pub(crate) fn field(&self, number: usize) -> &'t str {
        self.rest.split(',').nth(number.saturating_sub(1)).unwrap_or_default()
    }
}

/// What is wrong with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SentenceFault {
    NoStart,
    NoChecksum,
    Checksum { said: u8, is: u8 },
    NotPrintable,
    NoType,
}

impl fmt::Display for SentenceFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStart => f.write_str("no sentence begins here"),
            Self::NoChecksum => f.write_str("the sentence has no checksum"),
            Self::Checksum { said, is } => write!(f, "the checksum is {is:02X} and not {said:02X}"),
            Self::NotPrintable => f.write_str("the sentence has characters that are not printable ASCII"),
            Self::NoType => f.write_str("the sentence says no type"),
        }
    }
}

/// Splits a line. A proprietary sentence (`$P...`) has its whole name as its type.
pub(crate) fn split(line: &str) -> Result<Sentence<'_>, SentenceFault> {
    if !line.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err(SentenceFault::NotPrintable);
    }
    let (tag_time, line) = match line.strip_prefix('\\').and_then(|rest| rest.split_once('\\')) {
        Some((tag, rest)) => (read_tag_time(tag)?, rest),
        None => (None, line),
    };
    let body = line.strip_prefix(['$', '!']).ok_or(SentenceFault::NoStart)?;
    let body = checked(body)?;
    let (address, rest) = body.split_once(',').unwrap_or((body, ""));
    let kind = if address.starts_with('P') { Some(address) } else { address.get(2..) };
    match kind {
        Some(kind) if kind.len() >= 3 => Ok(Sentence { kind, rest, tag_time }),
        _ => Err(SentenceFault::NoType),
    }
}

/// What the checksum covers. Source: exclusive or of the bytes between the start and `*`.
fn checked(text: &str) -> Result<&str, SentenceFault> {
    let (body, said) = text.split_once('*').ok_or(SentenceFault::NoChecksum)?;
    let said = said.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let said = said.ok_or(SentenceFault::NoChecksum)?;
    let is = body.bytes().fold(0, |sum, byte| sum ^ byte);
    if is == said { Ok(body) } else { Err(SentenceFault::Checksum { said, is }) }
}

/// The time of a tag block. Some stations write milliseconds.
fn read_tag_time(tag: &str) -> Result<Option<i64>, SentenceFault> {
    /// Seconds beyond this year 5138 are milliseconds.
    const FIRST_MILLISECOND: i64 = 100_000_000_000;
    let body = checked(tag)?;
    let time = body.split(',').find_map(|item| item.strip_prefix("c:")?.parse::<i64>().ok());
    Ok(time.map(|time| if time >= FIRST_MILLISECOND { time / 1_000 } else { time }))
}

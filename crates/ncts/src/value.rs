//! Values: what a text must look like, said so that a person can mend it.

use crate::shape;
use std::borrow::Cow;

/// How white space is treated before a value is looked at, as XML Schema has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Tabs and line ends count as spaces.
    Replace,
    /// The same, and runs of spaces count as one, those at the ends as none.
    Collapse,
}

/// Which characters a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// Any that XML may hold.
    Any,
    /// Any, without a space at either end.
    Trimmed,
    /// Visible ASCII and the space.
    Printable,
    /// The same, without a space at either end.
    PrintableTrimmed,
    /// ASCII digits.
    Digits,
    /// ASCII letters.
    Letters,
    /// ASCII capitals.
    Capitals,
    /// ASCII capitals and digits.
    CapitalsDigits,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A text. Unit of the bounds: character, both included.
    Text {
        /// Which characters.
        characters: Characters,
        /// Least length.
        least: usize,
        /// Greatest length.
        most: usize,
    },
    /// A whole number without sign or leading zeros, both bounds included.
    Integer {
        /// Least value.
        least: u64,
        /// Greatest value.
        most: u64,
    },
    /// A decimal number without sign or leading zeros.
    Decimal {
        /// Most significant digits.
        digits: usize,
        /// Most digits after the point.
        fraction: usize,
        /// Whether zero is a value.
        zero: bool,
    },
    /// A day. Shape: `2026-11-30`.
    Date,
    /// A time of day without zone. Shape: `2026-11-30T14:00:00`.
    DateTime,
    /// One of a list that is part of the schema.
    List(Vec<String>),
    /// A movement reference number of transit. The check digit is not part of the schema: rule R0028 holds it.
    Mrn,
    /// A movement reference number of export.
    ExportMrn,
    /// A guarantee reference number.
    Grn,
    /// Degrees north, with 5 to 7 decimals.
    Latitude,
    /// Degrees east, with 5 to 7 decimals.
    Longitude,
    /// A TIR carnet number.
    Carnet,
    /// An address of electronic mail.
    Email {
        /// Greatest length. Unit: character.
        most: usize,
        /// Whether spaces at the ends are refused.
        trimmed: bool,
    },
    /// Eight characters of a customs office: country and 6 capitals or digits.
    Office,
    /// Country and up to 15 visible characters of an economic operator.
    Operator,
}

/// A type of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueType {
    /// Our name of it, such as `any-1-35-line`.
    pub name: String,
    /// How white space counts.
    pub space: Space,
    /// What the value is.
    pub kind: ValueKind,
}

impl ValueKind {
    /// Reads the cells of a row of `types.csv`.
    pub(crate) fn read(
        kind: &str,
        min: &str,
        max: &str,
        fraction: &str,
        values: Vec<String>,
    ) -> Option<Self> {
        let text =
            |characters| Some(Self::Text { characters, least: min.parse().ok()?, most: max.parse().ok()? });
        match kind {
            "any" => text(Characters::Any),
            "trimmed" => text(Characters::Trimmed),
            "printable" => text(Characters::Printable),
            "printable-trimmed" => text(Characters::PrintableTrimmed),
            "digits" => text(Characters::Digits),
            "letters" => text(Characters::Letters),
            "capitals" => text(Characters::Capitals),
            "capitals-digits" => text(Characters::CapitalsDigits),
            "integer" => Some(Self::Integer { least: min.parse().ok()?, most: max.parse().ok()? }),
            "decimal" => {
                let (digits, fraction) = (max.parse().ok()?, fraction.parse().ok()?);
                Some(Self::Decimal { digits, fraction, zero: min == "0" })
            }
            "date" => Some(Self::Date),
            "date-time" => Some(Self::DateTime),
            "list" if !values.is_empty() => Some(Self::List(values)),
            "mrn" => Some(Self::Mrn),
            "mrn-export" => Some(Self::ExportMrn),
            "grn" => Some(Self::Grn),
            "latitude" => Some(Self::Latitude),
            "longitude" => Some(Self::Longitude),
            "carnet" => Some(Self::Carnet),
            "email" => Some(Self::Email { most: max.parse().ok()?, trimmed: false }),
            "email-trimmed" => Some(Self::Email { most: max.parse().ok()?, trimmed: true }),
            "office" => Some(Self::Office),
            "party" => Some(Self::Operator),
            _ => None,
        }
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Text { characters, least, most } => {
                let length = text.chars().count();
                (*least..=*most).contains(&length) && characters.hold(text)
            }
            Self::Integer { least, most } => {
                let plain = shape::is_digits(text) && (text.len() == 1 || !text.starts_with('0'));
                plain && text.parse::<u64>().is_ok_and(|number| (*least..=*most).contains(&number))
            }
            Self::Decimal { digits, fraction, zero } => shape::is_decimal(text, *digits, *fraction, *zero),
            Self::Date => shape::is_date(text),
            Self::DateTime => shape::is_date_time(text),
            Self::List(values) => values.iter().any(|value| value == text),
            Self::Mrn => shape::is_mrn(text, b'J'..=b'M'),
            Self::ExportMrn => shape::is_mrn(text, b'A'..=b'E'),
            Self::Grn => shape::is_grn(text),
            Self::Latitude => shape::is_latitude(text),
            Self::Longitude => shape::is_longitude(text),
            Self::Carnet => shape::is_carnet(text),
            Self::Email { most, trimmed } => text.chars().count() <= *most && shape::is_email(text, *trimmed),
            Self::Office => {
                text.len() == 8
                    && text.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
                    && Characters::CapitalsDigits.hold(text)
            }
            Self::Operator => {
                (3..=17).contains(&text.len())
                    && text.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
                    && text.bytes().all(|byte| byte.is_ascii_graphic())
            }
        }
    }

    /// What is expected, for people.
    pub fn expected(&self) -> String {
        match self {
            Self::Text { characters, least, most } => {
                let length = if least == most { most.to_string() } else { format!("{least} to {most}") };
                format!("{length} {}", characters.words())
            }
            Self::Integer { least, most } => {
                format!("a whole number from {least} to {most}, without sign or leading zeros")
            }
            Self::Decimal { digits, fraction, zero } => format!(
                "a number {} with at most {digits} digits, {fraction} of them after a point, without sign or leading zeros",
                if *zero { "of 0 or more" } else { "above 0" }
            ),
            Self::Date => "a day of the calendar as 2026-11-30".into(),
            Self::DateTime => "a day and time as 2026-11-30T14:00:00, without zone or fraction".into(),
            Self::List(values) => {
                let shown: Vec<&str> = values.iter().take(12).map(String::as_str).collect();
                let more = if values.len() > shown.len() { ", ..." } else { "" };
                format!("one of {}{more}", shown.join(", "))
            }
            Self::Mrn => "an MRN of transit: year, country, 12 capitals or digits, J to M, check digit \
                (before 2025: 13 capitals or digits, check digit)"
                .into(),
            Self::ExportMrn => {
                "an MRN of export: year, country, 12 capitals or digits, A to E, check digit".into()
            }
            Self::Grn => "a GRN: year, country, 12 capitals or digits, check digit, \
                and for a voucher one letter and 6 digits"
                .into(),
            Self::Latitude => "degrees from -90 to 90 with 5 to 7 decimals".into(),
            Self::Longitude => "degrees from -180 to 180 with 5 to 7 decimals".into(),
            Self::Carnet => {
                "a TIR carnet number: up to 25000000, or two letters with an X and a number from 25000000"
                    .into()
            }
            Self::Email { most, .. } => {
                format!("an address of electronic mail of at most {most} ASCII characters")
            }
            Self::Office => "a customs office: country and 6 capitals or digits".into(),
            Self::Operator => "an identification: country and 1 to 15 visible characters".into(),
        }
    }
}

impl Characters {
    fn hold(self, text: &str) -> bool {
        let edges = |allowed: fn(char) -> bool| {
            text.chars().next().is_some_and(allowed) && text.chars().next_back().is_some_and(allowed)
        };
        match self {
            Self::Any => true,
            Self::Trimmed => edges(|character| !shape::is_separator(character)),
            Self::Printable => text.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            Self::PrintableTrimmed => Self::Printable.hold(text) && edges(|character| character != ' '),
            Self::Digits => text.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Letters => text.bytes().all(|byte| byte.is_ascii_alphabetic()),
            Self::Capitals => text.bytes().all(|byte| byte.is_ascii_uppercase()),
            Self::CapitalsDigits => {
                text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            }
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Any => "characters",
            Self::Trimmed => "characters, none of them a space at the beginning or end",
            Self::Printable => "visible ASCII characters or spaces",
            Self::PrintableTrimmed => "visible ASCII characters, spaces only inside",
            Self::Digits => "digits",
            Self::Letters => "letters A to Z or a to z",
            Self::Capitals => "capitals A to Z",
            Self::CapitalsDigits => "capitals A to Z or digits",
        }
    }
}

impl ValueType {
    /// The text as it counts, its white space treated.
    pub fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];
        match self.space {
            Space::Replace if !text.contains(['\t', '\n', '\r']) => Cow::Borrowed(text),
            Space::Replace => Cow::Owned(text.replace(['\t', '\n', '\r'], " ")),
            Space::Collapse => {
                let trimmed = text.trim_matches(SPACES);
                if !trimmed.contains(['\t', '\n', '\r']) && !trimmed.contains("  ") {
                    return Cow::Borrowed(trimmed);
                }
                let words: Vec<&str> = trimmed.split(SPACES).filter(|word| !word.is_empty()).collect();
                Cow::Owned(words.join(" "))
            }
        }
    }

    /// Whether the text is a value of the type.
    pub fn accepts(&self, text: &str) -> bool {
        self.kind.holds(&self.normalize(text))
    }
}

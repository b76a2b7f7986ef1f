//! Entities of a list: who is denied, under which names, with what else is known.

use crate::name::PartyKind;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A number that belongs to one party only.
///
/// Shape: `scheme` in lower case (`passport`, `tax`, `registration`, `lei`, `imo`, `mmsi`, `call-sign`, `other`); `value` in
/// upper case without what is neither letter nor digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// What kind of number.
    pub scheme: String,
    /// The number.
    pub value: String,
}

impl Identifier {
    /// An identifier from the words of a list; nothing if no letter or digit is left.
    ///
    /// A ship's number must have its check digit (IMO resolution A.1117(30)); without it it is of the scheme `other`.
    pub fn new(scheme: &str, value: &str) -> Option<Self> {
        let value: String =
            value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        let mut scheme = scheme_of(scheme);
        let value = match scheme {
            "imo" => value.strip_prefix("IMO").map_or(value.clone(), str::to_owned),
            _ => value,
        };
        if scheme == "imo" && !is_imo_number(&value) {
            scheme = "other";
        }
        (!value.is_empty()).then(|| Self { scheme: scheme.to_owned(), value })
    }

    /// Whether two numbers are the same; `other` agrees with every scheme if the number is long enough to be one.
    pub fn agrees(&self, other: &Self) -> bool {
        let loose = self.scheme == "other" || other.scheme == "other";
        self.value == other.value && (self.scheme == other.scheme || (loose && self.value.len() >= 6))
    }
}

fn scheme_of(words: &str) -> &'static str {
    let words = words.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    match () {
        () if has(&["mmsi", "maritime mobile"]) => "mmsi",
        () if has(&["call sign", "call-sign", "callsign"]) => "call-sign",
        () if has(&["imo", "vessel registration", "ship number"]) => "imo",
        () if has(&["lei", "legal entity identifier"]) && !has(&["uei"]) => "lei",
        () if has(&["passport"]) => "passport",
        () if has(&["tax", "inn", "bin", "vkn", "tin", "vat", "fiscal"]) => "tax",
        () if has(&[
            "registration",
            "company number",
            "ogrn",
            "kpp",
            "uscc",
            "credit code",
            "commercial registry",
        ]) =>
        {
            "registration"
        }
        () if has(&["national", "identity", "identification", "id card", "ssn"]) => "identity",
        () => "other",
    }
}

/// Whether seven digits have the check digit of a ship's number: the digits times 7 to 2, the last digit of the sum.
pub fn is_imo_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 7 || text.len() != 7 {
        return false;
    }
    let sum: u32 = digits.iter().zip([7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    digits.last().is_some_and(|check| sum % 10 == *check)
}

/// A day or a year of birth. Source: lists give one, the other, or an approximate year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Birth {
    /// Calendar year.
    pub year: u16,
    /// Month and day of the month, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<(u8, u8)>,
}

impl Birth {
    /// Reads `1965`, `1965-03-14`, `14 Mar 1965`, `14/03/1965`, `circa 1965`; the first year that is found counts.
    pub fn find(text: &str) -> Option<Self> {
        let parts: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
        let at = parts.iter().position(|part| part.len() == 4 && part.parse::<u16>().is_ok())?;
        let year: u16 = parts.get(at)?.parse().ok().filter(|year| (1800..=2100).contains(year))?;
        let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u8>().ok());
        let month = |at: usize| number(at).or_else(|| parts.get(at).and_then(|part| month_of(part)));
        let day = match at {
            0 => month(1).zip(number(2)),
            2 => month(1).zip(number(0)),
            _ => None,
        };
        let day = day.filter(|(month, day)| (1..=12).contains(month) && (1..=31).contains(day));
        Some(Self { year, day })
    }
}

fn month_of(word: &str) -> Option<u8> {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?.to_lowercase();
    months.iter().position(|month| *month == start).and_then(|at| u8::try_from(at + 1).ok())
}

/// One denied party, vessel or body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Its id on its list; stable from one version to the next.
    pub id: String,
    /// What it is; none if the list does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PartyKind>,
    /// All names, the main one first.
    pub names: Vec<String>,
    /// Countries as the list writes them: names or codes of ISO 3166.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// Possible births.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub births: Vec<Birth>,
    /// Numbers of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// Programmes or regulations that it is listed under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<String>,
    /// Remark of the list, cut to a limit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
}

impl Entity {
    /// An entity with its id and nothing else.
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind: None,
            names: Vec::new(),
            countries: Vec::new(),
            births: Vec::new(),
            identifiers: Vec::new(),
            programmes: Vec::new(),
            remark: String::new(),
        }
    }

    /// What a decision about a hit rests on: names, kind, births, countries and identifiers, whatever their order.
    ///
    /// Shape: 64 hexadecimal digits. The remark and the programmes are no part of it: they do not say who it is.
    pub fn material_hash(&self) -> String {
        let mut lines = BTreeSet::new();
        lines.extend(self.names.iter().map(|name| format!("name {}", name.trim())));
        lines.extend(self.countries.iter().map(|country| format!("country {country}")));
        lines.extend(self.births.iter().map(|birth| format!("birth {birth:?}")));
        lines.extend(self.identifiers.iter().map(|id| format!("identifier {} {}", id.scheme, id.value)));
        let kind = self.kind.map_or("unknown", PartyKind::word);
        hash_lines(std::iter::once(format!("kind {kind}")).chain(lines))
    }
}

/// SHA-256 over lines, as hexadecimal digits.
pub(crate) fn hash_lines(lines: impl Iterator<Item = String>) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// One list of denied parties as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The name that the operator gave it, usually the name of its file.
    pub name: String,
    /// The shape that it was recognized by.
    pub format: crate::list::Format,
    /// Hash of what was read: two lists of the same version are the same list. Shape: 64 hexadecimal digits.
    pub version: String,
    /// The day that the list itself says it is of, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Who is on it.
    pub entities: Vec<Entity>,
}

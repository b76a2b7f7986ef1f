//! How long company prefixes are, by their leading digits, as GS1 publishes it.

use super::company::{LONGEST, SHORTEST};
use crate::limits::MOST_PREFIX_LENGTHS;
use serde_json::Value;
use std::collections::BTreeMap;

/// Why a text is no list of lengths of company prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrefixListFault {
    /// It is no JSON, for this reason.
    NotJson(String),
    /// `GCPPrefixFormatList.entry` is no list, or too long a one.
    NoRows,
    /// This row, counted from one, has no leading digits, or no length of 0 or 6 to 12.
    WrongRow(usize),
}

impl std::fmt::Display for PrefixListFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotJson(why) => write!(f, "it is no JSON: {why}"),
            Self::NoRows => {
                write!(
                    f,
                    "`GCPPrefixFormatList.entry` has to be a list of at most {MOST_PREFIX_LENGTHS} rows"
                )
            }
            Self::WrongRow(row) => {
                write!(f, "row {row} has no `prefix` of digits with a `gcpLength` of 0 or 6 to 12")
            }
        }
    }
}

impl std::error::Error for PrefixListFault {}

/// Lengths of company prefixes by leading digits. Source of the rows: the list of GCP lengths that GS1 publishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrefixLengths(BTreeMap<String, usize>);

impl PrefixLengths {
    /// Reads GS1's list: JSON with `GCPPrefixFormatList`, an object whose `entry` is a list of `prefix` and `gcpLength`.
    /// A length of nought says that no company has a prefix that begins so.
    ///
    /// Errors: it is not such a list; its first row that is none.
    ///
    /// ```
    /// use kervan_events::PrefixLengths;
    ///
    /// let list = r#"{"GCPPrefixFormatList": {"date": "2026-11-01", "entry": [{"prefix": "40123", "gcpLength": 7}]}}"#;
    /// assert_eq!(PrefixLengths::read(list).unwrap().len(), 1);
    /// ```
    pub fn read(text: &str) -> Result<Self, PrefixListFault> {
        let list: Value = serde_json::from_str(text)
            .map_err(|error| PrefixListFault::NotJson(kervan_model::in_plain_words(&error)))?;
        let rows = list.pointer("/GCPPrefixFormatList/entry").and_then(Value::as_array);
        let rows = rows.filter(|rows| rows.len() <= MOST_PREFIX_LENGTHS).ok_or(PrefixListFault::NoRows)?;
        let mut lengths = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            let (digits, length) = read_row(row).ok_or(PrefixListFault::WrongRow(at + 1))?;
            lengths.insert(digits.to_owned(), length);
        }
        Ok(Self(lengths))
    }

    /// Rows of the list.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The length of the prefix with which digits begin: the row with the most leading digits says it.
    pub(super) fn find(&self, digits: &str) -> Option<usize> {
        let longest = digits.len().min(LONGEST);
        let row = (1..=longest).rev().find_map(|length| self.0.get(digits.get(..length)?));
        row.copied().filter(|length| *length > 0)
    }
}

fn read_row(row: &Value) -> Option<(&str, usize)> {
    let digits = row.get("prefix")?.as_str()?;
    let length = usize::try_from(row.get("gcpLength")?.as_u64()?).ok()?;
    let right = (1..=LONGEST).contains(&digits.len())
        && super::all_digits(digits)
        && (length == 0 || (SHORTEST..=LONGEST).contains(&length));
    right.then_some((digits, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CompanyPrefixes;
    use serde_json::json;
    use std::sync::Arc;

    fn list(rows: &[(&str, u64)]) -> String {
        let rows: Vec<Value> =
            rows.iter().map(|(prefix, length)| json!({"prefix": prefix, "gcpLength": length})).collect();
        json!({"GCPPrefixFormatList": {"date": "2026-11-01", "entry": rows}}).to_string()
    }

    #[test]
    fn the_longest_row_says_the_length_and_what_was_written_goes_before_it() {
        let text = list(&[("401", 7), ("4012", 9), ("40199", 0)]);
        let mut known = CompanyPrefixes::listed(Arc::new(PrefixLengths::read(&text).unwrap()));
        let told = |known: &CompanyPrefixes, link: &str| known.epc_urn(&format!("https://id.gs1.org/{link}"));
        for (link, urn) in [
            ("01/04012345111118/21/9876", Some("urn:epc:id:sgtin:401234511.0111.9876")),
            ("01/04013345111117/21/9876", Some("urn:epc:id:sgtin:4013345.011111.9876")),
            ("00/340199451111111112", None),
            ("00/350000000000000000", None),
        ] {
            assert_eq!(told(&known, link).as_deref(), urn, "{link}");
        }
        known.add("4012345");
        let urn = told(&known, "01/04012345111118/21/9876");
        assert_eq!(urn.as_deref(), Some("urn:epc:id:sgtin:4012345.011111.9876"));
    }

    #[test]
    fn a_list_that_is_none_is_refused_with_its_row() {
        for (text, fault) in [
            ("{}", PrefixListFault::NoRows),
            (list(&[("401", 7), ("4a", 7)]).as_str(), PrefixListFault::WrongRow(2)),
            (list(&[("401", 5)]).as_str(), PrefixListFault::WrongRow(1)),
            (list(&[("4012345678901", 7)]).as_str(), PrefixListFault::WrongRow(1)),
        ] {
            assert_eq!(PrefixLengths::read(text), Err(fault), "{text}");
        }
        assert!(matches!(PrefixLengths::read(""), Err(PrefixListFault::NotJson(_))));
    }
}

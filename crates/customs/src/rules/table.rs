//! Decision tables of a pack: thresholds, tariffs and lists that rules look up, checked for gaps and overlaps.
//!
//! A table has one to three keys. Its rows are asked in order; what several fitting rows mean is the table's hit policy
//! (`first`, `unique` or `collect`, as in the OMG's Decision Model and Notation). Because a cell is a prefix, a text, a
//! number or a range, finitely many keys stand for all keys, and [`Table::check`] tries every one of them.

use super::file::Parameter;
use crate::limits::{MOST_TABLE_PROBES, MOST_TABLE_ROWS};
use kervan_model::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A decision table as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableFile {
    /// What it is, in a sentence.
    pub(crate) title: String,
    /// What several fitting rows mean.
    pub(crate) hit: Hit,
    /// Kinds of its keys: `text` or `int`.
    pub(crate) keys: Vec<KeyKind>,
    /// Whether every key must find a row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) complete: bool,
    /// The answer where no row fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<Parameter>,
    /// The file that holds its rows: columns `when1` to `when3`, `gives`, `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Its rows, in order.
    #[serde(default)]
    pub(crate) rows: Vec<RowFile>,
}

/// What several fitting rows mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Hit {
    /// The first one counts.
    First,
    /// There must be one at most.
    Unique,
    /// All count.
    Collect,
}

/// The kind of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyKind {
    /// A text; a cell is a text, a prefix with `*`, several of them with `|`, or `*`.
    Text,
    /// A whole number; a cell is a number, `10..20`, `..20`, `10..` (ends included), or `*`.
    Int,
}

/// A row as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowFile {
    /// One cell for each key.
    pub(crate) when: Vec<String>,
    /// The answer.
    pub(crate) gives: Parameter,
    /// Where it comes from.
    pub(crate) source: String,
}

/// A key of a lookup.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Text(String),
    Int(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Any,
    Texts(Vec<(String, bool)>),
    Range(i64, i64),
}

/// A table, ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) keys: Vec<KeyKind>,
    hit: Hit,
    rows: Vec<(Vec<Cell>, Parameter)>,
    default: Option<Parameter>,
    complete: bool,
}

impl Cell {
    fn parse(text: &str, kind: KeyKind) -> Result<Self, String> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        match kind {
            KeyKind::Text if text.is_empty() => Err("a cell is empty; `*` stands for anything".to_owned()),
            KeyKind::Text => {
                let one = |part: &str| match part.trim().strip_suffix('*') {
                    Some(prefix) => (prefix.to_owned(), true),
                    None => (part.trim().to_owned(), false),
                };
                Ok(Self::Texts(text.split('|').map(one).collect()))
            }
            KeyKind::Int => {
                let number = |part: &str, open: i64| match part.trim() {
                    "" => Ok(open),
                    digits => digits.parse().map_err(|_| format!("`{text}` is no number and no range")),
                };
                let (low, high) = match text.split_once("..") {
                    Some((low, high)) => (number(low, i64::MIN)?, number(high, i64::MAX)?),
                    None => (number(text, i64::MIN)?, number(text, i64::MAX)?),
                };
                if low > high {
                    Err(format!("the range `{text}` is empty"))
                } else {
                    Ok(Self::Range(low, high))
                }
            }
        }
    }

    fn fits(&self, key: &Key) -> bool {
        match (self, key) {
            (Self::Any, _) => true,
            (Self::Texts(texts), Key::Text(key)) => {
                texts.iter().any(|(text, prefix)| if *prefix { key.starts_with(text) } else { key == text })
            }
            (Self::Range(low, high), Key::Int(key)) => (low..=high).contains(&key),
            (Self::Texts(_), Key::Int(_)) | (Self::Range(..), Key::Text(_)) => false,
        }
    }
}

impl Table {
    /// Compiles a table. Errors: every fault, in words.
    pub(crate) fn compile(file: &TableFile) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        if !(1..=3).contains(&file.keys.len()) {
            faults.push(format!("the table has {} keys, not 1 to 3", file.keys.len()));
        }
        if file.rows.is_empty() || file.rows.len() > MOST_TABLE_ROWS {
            faults.push(format!("the table has {} rows, not 1 to {MOST_TABLE_ROWS}", file.rows.len()));
        }
        let int = |value: &Parameter| matches!(value, Parameter::Int(_));
        let text = |value: &Parameter| matches!(value, Parameter::Text(_));
        let answers = || file.rows.iter().map(|row| &row.gives).chain(&file.default);
        if !answers().all(int) && !answers().all(text) {
            faults.push("the answers must all be texts or all be whole numbers".to_owned());
        }
        let mut rows = Vec::with_capacity(file.rows.len());
        for (number, row) in file.rows.iter().enumerate() {
            if row.when.len() != file.keys.len() {
                faults.push(format!(
                    "row {} has {} cells, not {}",
                    number + 1,
                    row.when.len(),
                    file.keys.len()
                ));
                continue;
            }
            if row.source.trim().is_empty() {
                faults.push(format!("row {} names no source", number + 1));
            }
            let cells = row.when.iter().zip(&file.keys).map(|(cell, kind)| Cell::parse(cell, *kind));
            match cells.collect::<Result<Vec<_>, _>>() {
                Ok(cells) => rows.push((cells, row.gives.clone())),
                Err(fault) => faults.push(format!("row {}: {fault}", number + 1)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let (keys, default) = (file.keys.clone(), file.default.clone());
        Ok(Self { keys, hit: file.hit, rows, default, complete: file.complete })
    }

    /// Whether its answers are whole numbers.
    pub(crate) fn gives_ints(&self) -> bool {
        self.rows.iter().any(|(_, gives)| matches!(gives, Parameter::Int(_)))
    }

    /// Whether it gives all fitting rows.
    pub(crate) fn collects(&self) -> bool {
        self.hit == Hit::Collect
    }

    /// Whether a lookup always finds an answer.
    pub(crate) fn always_answers(&self) -> bool {
        self.default.is_some() || self.complete
    }

    fn fitting<'t>(&'t self, keys: &'t [Key]) -> impl Iterator<Item = (usize, &'t Parameter)> {
        self.rows.iter().enumerate().filter_map(move |(number, (cells, gives))| {
            let fits = cells.len() == keys.len() && cells.iter().zip(keys).all(|(cell, key)| cell.fits(key));
            fits.then_some((number, gives))
        })
    }

    /// Whether a row fits.
    pub(crate) fn has(&self, keys: &[Key]) -> bool {
        self.fitting(keys).next().is_some()
    }

    /// The answer: that of the first fitting row, or the default.
    pub(crate) fn find<'t>(&'t self, keys: &'t [Key]) -> Option<&'t Parameter> {
        self.fitting(keys).next().map(|(_, gives)| gives).or(self.default.as_ref())
    }

    /// The answers of all fitting rows, in order.
    pub(crate) fn list<'t>(&'t self, keys: &'t [Key]) -> Vec<&'t Parameter> {
        self.fitting(keys).map(|(_, gives)| gives).collect()
    }

    /// Gaps of a table that must be complete, overlaps of one that must be unique, and rows that never count.
    pub(crate) fn check(&self, name: &str) -> Vec<Finding> {
        let columns: Vec<Vec<Key>> = (0..self.keys.len()).map(|column| self.probes(column)).collect();
        let probes = columns.iter().map(Vec::len).product::<usize>();
        let at = format!("tables/{name}");
        if probes > MOST_TABLE_PROBES {
            let text =
                format!("the table needs {probes} probes, more than {MOST_TABLE_PROBES}; it was not checked");
            return vec![Finding::warning("rules.table-unchecked", text).at(at)];
        }
        let (mut gap, mut overlaps, mut counted) = (None, BTreeSet::new(), BTreeSet::new());
        for number in 0..probes {
            let mut rest = number;
            let mut keys = Vec::with_capacity(columns.len());
            for column in &columns {
                keys.extend(column.get(rest % column.len().max(1)).cloned());
                rest /= column.len().max(1);
            }
            let fitting: Vec<usize> = self.fitting(&keys).map(|(row, _)| row).collect();
            match (self.hit, fitting.as_slice()) {
                (_, []) => gap = gap.or(Some(keys)),
                (Hit::Unique, [first, second, ..]) => {
                    overlaps.insert((*first, *second));
                    counted.extend([*first, *second]);
                }
                (Hit::First | Hit::Unique, [first, ..]) => {
                    counted.insert(*first);
                }
                (Hit::Collect, all) => counted.extend(all.iter().copied()),
            }
        }
        let mut findings = Vec::new();
        if let (true, None, Some(keys)) = (self.complete, &self.default, gap) {
            let text = format!("no row fits {}", shown(&keys));
            findings.push(
                Finding::error("rules.table-gap", text).at(at.clone()).remedy("add a row, or a default"),
            );
        }
        for (first, second) in overlaps {
            let text = format!(
                "rows {} and {} fit the same key, but the hit policy is unique",
                first + 1,
                second + 1
            );
            findings.push(
                Finding::error("rules.table-overlap", text).at(at.clone()).remedy("narrow one of them"),
            );
        }
        for row in (0..self.rows.len()).filter(|row| !counted.contains(row)) {
            let text = format!("row {} never counts: earlier rows take all of its keys", row + 1);
            findings.push(
                Finding::warning("rules.table-row-unreachable", text)
                    .at(at.clone())
                    .remedy("remove it or move it up"),
            );
        }
        findings
    }

    /// Keys that stand for all keys of a column: two keys that fit different cells are never told by the same probe.
    fn probes(&self, column: usize) -> Vec<Key> {
        let cells = self.rows.iter().filter_map(|(cells, _)| cells.get(column));
        match self.keys.get(column) {
            Some(KeyKind::Int) => {
                let mut numbers = BTreeSet::from([i64::MIN]);
                for cell in cells {
                    if let Cell::Range(low, high) = cell {
                        numbers.insert(*low);
                        numbers.extend(high.checked_add(1));
                    }
                }
                numbers.into_iter().map(Key::Int).collect()
            }
            Some(KeyKind::Text) | None => {
                // No cell holds this character, so a key that ends in it fits prefixes only.
                let mut texts = BTreeSet::from(["\u{1}".to_owned()]);
                for (text, prefix) in cells
                    .filter_map(|cell| match cell {
                        Cell::Texts(texts) => Some(texts),
                        Cell::Any | Cell::Range(..) => None,
                    })
                    .flatten()
                {
                    texts.insert(if *prefix { format!("{text}\u{1}") } else { text.clone() });
                }
                texts.into_iter().map(Key::Text).collect()
            }
        }
    }
}

fn shown(keys: &[Key]) -> String {
    let one = |key: &Key| match key {
        Key::Text(text) => match text.strip_suffix('\u{1}') {
            Some("") => "any other text".to_owned(),
            Some(prefix) => format!("`{prefix}...`"),
            None => format!("`{text}`"),
        },
        Key::Int(i64::MIN) => "numbers below every row".to_owned(),
        Key::Int(number) => number.to_string(),
    };
    keys.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(hit: Hit, keys: &[KeyKind], complete: bool, rows: &[(&[&str], i64)]) -> Table {
        let rows = rows.iter().map(|(when, gives)| RowFile {
            when: when.iter().map(|cell| (*cell).to_owned()).collect(),
            gives: Parameter::Int(*gives),
            source: "test".to_owned(),
        });
        let file = TableFile {
            title: "t".into(),
            hit,
            keys: keys.to_vec(),
            complete,
            default: None,
            file: None,
            rows: rows.collect(),
        };
        Table::compile(&file).unwrap()
    }

    fn codes(table: &Table) -> Vec<String> {
        table.check("t").into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn gaps_overlaps_and_rows_that_never_count_are_found() {
        use KeyKind::{Int, Text};
        type Row<'a> = (&'a [&'a str], i64);
        type Line<'a> = (Hit, &'a [KeyKind], &'a [Row<'a>], &'a [&'a str]);
        let cases: &[Line<'_>] = &[
            (Hit::Unique, &[Int], &[(&["..9"], 1), (&["10.."], 2)], &[]),
            (Hit::Unique, &[Int], &[(&["..9"], 1), (&["11.."], 2)], &["rules.table-gap"]),
            (Hit::Unique, &[Int], &[(&["..10"], 1), (&["10.."], 2)], &["rules.table-overlap"]),
            (Hit::First, &[Int], &[(&["*"], 1), (&["5"], 2)], &["rules.table-row-unreachable"]),
            (
                Hit::First,
                &[Text],
                &[(&["84*"], 1), (&["8471*"], 2), (&["*"], 3)],
                &["rules.table-row-unreachable"],
            ),
            (Hit::First, &[Text], &[(&["8471*"], 2), (&["84*"], 1), (&["*"], 3)], &[]),
            (
                Hit::Unique,
                &[Text],
                &[(&["84*"], 1), (&["8471"], 2)],
                &["rules.table-gap", "rules.table-overlap"],
            ),
            (Hit::Collect, &[Text], &[(&["84*"], 1), (&["8471*"], 2), (&["*"], 0)], &[]),
            (
                Hit::Unique,
                &[Text, Int],
                &[(&["A|B", "..5"], 1), (&["A", "6.."], 2), (&["B", "6.."], 3)],
                &["rules.table-gap"],
            ),
        ];
        for (number, (hit, keys, rows, expected)) in cases.iter().enumerate() {
            assert_eq!(codes(&table(*hit, keys, true, rows)), *expected, "case {number}");
        }
    }

    #[test]
    fn a_lookup_takes_the_rows_that_its_hit_policy_says() {
        let rows: &[(&[&str], i64)] = &[(&["8471*"], 2), (&["84*"], 1)];
        let key = [Key::Text("847130".into())];
        let first = table(Hit::First, &[KeyKind::Text], false, rows);
        assert_eq!(first.find(&key), Some(&Parameter::Int(2)));
        assert_eq!(first.find(&[Key::Text("01".into())]), None);
        let all = table(Hit::Collect, &[KeyKind::Text], false, rows);
        assert_eq!(all.list(&key), [&Parameter::Int(2), &Parameter::Int(1)]);
    }

    #[test]
    fn a_table_with_faults_is_not_compiled() {
        let row = |when: &[&str]| RowFile {
            when: when.iter().map(|cell| (*cell).to_owned()).collect(),
            gives: Parameter::Int(1),
            source: String::new(),
        };
        let file = TableFile {
            title: "t".into(),
            hit: Hit::First,
            keys: vec![KeyKind::Int],
            complete: false,
            default: Some(Parameter::Text("x".into())),
            file: None,
            rows: vec![row(&["a"]), row(&["9..1"]), row(&["1", "2"])],
        };
        assert_eq!(Table::compile(&file).unwrap_err().len(), 6);
    }
}

//! The tables of words.

use crate::report::shorten;
use crate::tables::{read_rows, row_finding};
use kervan_events::{MilestoneCode, Vocabulary};
use kervan_model::{Confidence, Finding};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A list of words of others, from `data/tracking/lists.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordList {
    /// Id, such as `dcsa-equipment`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What its words speak of.
    pub reach: String,
    /// Where the list comes from.
    pub source: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// One word of a list, from `data/tracking/words.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Id of its list.
    pub list: String,
    /// The word or code as others write it.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// Business step: a bare word of the Core Business Vocabulary or a URI of ours; nothing if it is no event of the goods.
    pub biz_step: Option<String>,
    /// Disposition: a bare word of the Core Business Vocabulary.
    pub disposition: Option<String>,
    /// Milestone of ours.
    pub milestone: Option<MilestoneCode>,
    /// Whether our step is written as this word.
    pub is_written: bool,
    /// Where the row comes from.
    pub source: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// Remark for people; empty if there is none.
    pub note: String,
}

/// Every list with its words. Immutable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordBook {
    lists: BTreeMap<String, WordList>,
    words: BTreeMap<(String, String), Word>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRow {
    list: String,
    name: String,
    reach: String,
    source: String,
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordRow {
    list: String,
    code: String,
    name: String,
    biz_step: String,
    disposition: String,
    milestone: String,
    direction: String,
    source: String,
    confidence: Confidence,
    note: String,
}

/// The words of milestones.
const MILESTONES: [MilestoneCode; 8] = [
    MilestoneCode::Ready,
    MilestoneCode::Arrived,
    MilestoneCode::Unloaded,
    MilestoneCode::GaugeChanged,
    MilestoneCode::Released,
    MilestoneCode::Loaded,
    MilestoneCode::Departed,
    MilestoneCode::Delivered,
];

const FILE: &str = "tracking/words.csv";

impl WordBook {
    /// Loads the lists; `find` gives the text of a file such as `tracking/words.csv`. Errors: every faulty row at once.
    pub fn load(find: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut book = Self::default();
        for (_, row) in read_rows::<ListRow>(&find, "tracking/lists.csv", &mut findings) {
            let ListRow { list: id, name, reach, source, confidence } = row;
            book.lists.insert(id.clone(), WordList { id, name, reach, source, confidence });
        }
        for (line, row) in read_rows::<WordRow>(&find, FILE, &mut findings) {
            book.add(line, row, &mut findings);
        }
        if findings.is_empty() { Ok(book) } else { Err(findings) }
    }

    fn add(&mut self, line: u64, row: WordRow, findings: &mut Vec<Finding>) {
        let mut fault = |message: String| findings.push(row_finding(FILE, line, &message));
        let filled = |text: String| Some(text).filter(|text| !text.is_empty());
        let is_known = |vocabulary: Vocabulary, text: &str| {
            text.contains("://") || vocabulary.nearest(text) == Some(text)
        };
        if !self.lists.contains_key(&row.list) {
            return fault(format!("`{}` is no list of lists.csv", row.list));
        }
        if row.source.is_empty() || row.code.is_empty() {
            return fault("a word needs a code and a source".into());
        }
        if !row.biz_step.is_empty() && !is_known(Vocabulary::BizStep, &row.biz_step) {
            return fault(format!("`{}` is no business step", row.biz_step));
        }
        if !row.disposition.is_empty() && !is_known(Vocabulary::Disposition, &row.disposition) {
            return fault(format!("`{}` is no disposition", row.disposition));
        }
        let milestone = MILESTONES.into_iter().find(|code| code.word() == row.milestone);
        if milestone.is_none() && !row.milestone.is_empty() {
            return fault(format!("`{}` is no milestone", row.milestone));
        }
        let is_written = match row.direction.as_str() {
            "both" => true,
            "in" => false,
            other => return fault(format!("`{other}` is no direction: both or in")),
        };
        let same_step = self.words.values().any(|word| {
            is_written
                && word.is_written
                && word.list == row.list
                && word.biz_step.as_ref() == Some(&row.biz_step)
        });
        if same_step {
            return fault(format!("two words of {} are written for {}", row.list, row.biz_step));
        }
        let key = (row.list.clone(), row.code.clone());
        if self.words.contains_key(&key) {
            return fault(format!("{} stands twice in {}", row.code, row.list));
        }
        let word = Word {
            list: row.list,
            code: row.code,
            name: row.name,
            biz_step: filled(row.biz_step),
            disposition: filled(row.disposition),
            milestone,
            is_written,
            source: row.source,
            confidence: row.confidence,
            note: row.note,
        };
        self.words.insert(key, word);
    }

    /// Every list, by id.
    pub fn lists(&self) -> impl Iterator<Item = &WordList> {
        self.lists.values()
    }

    /// Every word, by list and code.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.words.values()
    }

    /// A word of a list.
    pub fn find(&self, list: &str, code: &str) -> Option<&Word> {
        self.words.get(&(list.to_owned(), code.to_owned()))
    }

    /// The word of a list that a business step of ours is written as; nothing if the list has none.
    pub fn find_for_step(&self, list: &str, biz_step: &str) -> Option<&Word> {
        self.words
            .values()
            .find(|word| word.list == list && word.is_written && word.biz_step.as_deref() == Some(biz_step))
    }

    /// A word of a list, or the finding that it is unknown, which proposes the nearest one by code or name.
    pub fn look_up(&self, list: &str, code: &str) -> Result<&Word, Finding> {
        if let Some(word) = self.find(list, code) {
            return Ok(word);
        }
        let message = format!("`{}` is no word of {list}", shorten(code));
        let nearest = self.nearest(list, code);
        let remedy = match nearest {
            Some(word) => format!("is {} ({}) meant?", word.code, word.name),
            None => format!("`kervan words list {list}` prints the words"),
        };
        let finding = Finding::error("positions.unknown-word", message).remedy(remedy);
        Err(match self.lists.get(list) {
            Some(list) => finding.source(list.source.clone()),
            None => finding,
        })
    }

    /// The word nearest to a text by code or name, if any is near.
    pub fn nearest(&self, list: &str, text: &str) -> Option<&Word> {
        /// Nobody types a longer word, and the distance costs length times length.
        const LONGEST: usize = 60;
        let plain =
            |text: &str| -> Vec<char> { text.chars().take(LONGEST).flat_map(char::to_lowercase).collect() };
        let wanted = plain(text);
        let of_list = self.words.values().filter(|word| word.list == list);
        let scored = of_list.map(|word| {
            let by_code = distance(&wanted, &plain(&word.code));
            (by_code.min(distance(&wanted, &plain(&word.name)) + 1), word)
        });
        // Codes of four letters: two wrong ones are another word.
        let near = scored.filter(|(score, _)| *score <= 1.max(wanted.len() / 3));
        near.min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code))).map(|(_, word)| word)
    }
}

/// Number of letters to put in, take out, change, or swap with the next.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, j) + usize::from(a != b)).min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn book() -> WordBook {
        WordBook::load(|path| std::fs::read_to_string(format!("../../data/{path}")).ok()).unwrap()
    }

    #[test]
    fn every_written_word_comes_back_as_its_step() {
        let book = book();
        assert!(book.words().count() > 100);
        for word in book.words().filter(|word| word.is_written) {
            let step = word.biz_step.as_deref().unwrap();
            assert_eq!(book.find_for_step(&word.list, step), Some(word));
            assert_eq!(book.look_up(&word.list, &word.code), Ok(word));
        }
        for list in book.lists() {
            assert!(book.words().any(|word| word.list == list.id), "{} has no words", list.id);
        }
    }

    #[test]
    fn an_unknown_word_proposes_the_nearest() {
        let book = book();
        for (list, text, wanted) in [
            ("dcsa-transport", "ARIR", "is ARRI (Arrived) meant?"),
            ("dcsa-transport", "DEPART", "is DEPA (Departed) meant?"),
            ("dcsa-equipment", "loaded", "is LOAD (Loaded) meant?"),
            ("rail-1520", "ПРЕБ", "is ПРИБ (Прибытие поезда на станцию / arrival of the train) meant?"),
            ("dcsa-equipment", "ZZZZZZ", "`kervan words list dcsa-equipment` prints the words"),
        ] {
            let finding = book.look_up(list, text).unwrap_err();
            assert_eq!(finding.remedy.as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn faulty_rows_are_named() {
        let find = |path: &str| {
            let text = std::fs::read_to_string(format!("../../data/{path}")).ok()?;
            Some(text.replace("arriving", "ariving").replacen(
                ",departing,in_transit",
                ",departing,in_transyt",
                1,
            ))
        };
        let findings = WordBook::load(find).unwrap_err();
        assert!(findings.iter().all(|finding| finding.code == "positions.row"), "{findings:?}");
        assert!(findings.iter().any(|finding| finding.message == "`in_transyt` is no disposition"));
    }
}

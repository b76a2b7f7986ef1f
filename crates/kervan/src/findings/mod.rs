//! The page of a finding code: from the rules that give it, or from the table of codes; and what findings say in other languages.

mod words;

pub use words::{find_table, list_words};

use crate::http::wire::{FindingMeaning, FindingPage};
use kervan_customs::RulePacks;
use serde::Deserialize;

/// Codes that the program gives itself, with what they mean; a test holds it against the code.
const TABLE: &str = include_str!("../../../../data/findings/findings.csv");

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FindingRow {
    /// The code.
    pub code: String,
    /// What it means.
    pub meaning: String,
    /// What to do.
    pub remedy: String,
}

impl FindingRow {
    /// The row as the English table writes it: holes without numbers.
    fn without_numbers(&self) -> Self {
        Self {
            meaning: words::unnumbered(&self.meaning),
            remedy: words::unnumbered(&self.remedy),
            ..self.clone()
        }
    }
}

/// The table of codes that the program gives itself.
pub fn list_rows() -> Vec<FindingRow> {
    csv::Reader::from_reader(TABLE.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

/// The page of a code, if it is one. `table` holds the texts of the table's codes in the language, if it is not English.
pub fn find_page(code: &str, packs: &RulePacks, table: &[FindingRow], language: &str) -> Option<FindingPage> {
    let mut meanings: Vec<FindingMeaning> = Vec::new();
    for pack in packs.list() {
        for rule in pack.list_rules().iter().filter(|rule| rule.code == code) {
            let id = pack.reference().id.clone();
            match meanings.iter_mut().find(|known| known.rule.as_deref() == Some(&rule.id)) {
                Some(known) => known.packs.push(id),
                None => meanings.push(FindingMeaning {
                    rule: Some(rule.id.clone()),
                    packs: vec![id],
                    meaning: rule.title_in(language).to_owned(),
                    source: Some(rule.source.clone()),
                    remedy: Some(rule.remedy_in(language).to_owned()),
                }),
            }
        }
    }
    for row in list_rows().into_iter().filter(|row| row.code == code) {
        let row = table.iter().find(|told| told.code == row.code).map_or(row, FindingRow::without_numbers);
        let remedy = Some(row.remedy).filter(|remedy| !remedy.is_empty());
        meanings.push(FindingMeaning {
            rule: None,
            packs: vec![],
            meaning: row.meaning,
            source: None,
            remedy,
        });
    }
    (!meanings.is_empty()).then(|| FindingPage { code: code.to_owned(), meanings })
}

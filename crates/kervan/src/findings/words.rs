//! What findings say in other languages.
//!
//! A finding is said in English where it is made, deep in a crate that knows of no reader. Whoever shows it says it again: the
//! English text is held against the pattern of its code (`item {1} of heading {2} is excise goods`), and what stood in the holes
//! goes into the pattern of the language. A text that fits no pattern stays as it is.

use super::{FindingRow, list_rows};
use crate::facts::Facts;
use crate::http::wire::FindingWords;
use kervan_customs::RulePacks;
use kervan_model::LanguageTag;
use std::collections::BTreeSet;

/// What stands for a hole in the English table.
const HOLE: &str = "...";

/// Further messages and remedies of codes that say more than one thing: English with holes as in the table of codes, then a column
/// for each language.
const SENTENCES: &str = "findings/sentences.csv";

/// The table of codes in a language, holes numbered as they come in English; empty if nobody wrote one.
pub fn find_table(facts: &Facts, language: &LanguageTag) -> Vec<FindingRow> {
    let text = facts.find(&format!("findings/{language}.csv")).unwrap_or_default();
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

/// The patterns of all findings that have a text in a language: first of the table, then of the rules of all packs.
pub fn list_words(facts: &Facts, packs: &RulePacks, language: &LanguageTag) -> Vec<FindingWords> {
    let table = find_table(facts, language);
    let mut words: Vec<FindingWords> = list_rows().iter().filter_map(|row| pair(row, &table)).collect();
    let language = language.to_string();
    words.extend(list_sentences(facts, &language));
    let mut seen = BTreeSet::new();
    for rule in packs.list().flat_map(|pack| pack.list_rules()) {
        let speaks = rule.languages().any(|spoken| spoken == language);
        if !speaks || !seen.insert((rule.id.as_str(), rule.message_in("en"))) {
            continue;
        }
        let message = number(rule.message_in("en"), rule.message_in(&language));
        let remedy = number(rule.remedy_in("en"), rule.remedy_in(&language));
        // A remedy that cannot be told from the English one stays English; the message does not wait for it.
        let (Some((message, message_told)), (remedy, remedy_told)) = (message, remedy.unwrap_or_default())
        else {
            continue;
        };
        let (code, rule) = (rule.code.clone(), Some(rule.id.clone()));
        words.push(FindingWords { code, rule, message, message_told, remedy, remedy_told });
    }
    words
}

fn pair(row: &FindingRow, table: &[FindingRow]) -> Option<FindingWords> {
    let told = table.iter().find(|told| told.code == row.code)?;
    Some(FindingWords {
        code: row.code.clone(),
        rule: None,
        message: numbered(&row.meaning),
        message_told: told.meaning.clone(),
        remedy: numbered(&row.remedy),
        remedy_told: told.remedy.clone(),
    })
}

/// What codes say beside their row of the table. A row may be a message or a remedy: whoever shows one holds it against both.
fn list_sentences(facts: &Facts, language: &str) -> Vec<FindingWords> {
    let text = facts.find(SENTENCES).unwrap_or_default();
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let column = table.headers().ok().and_then(|head| head.iter().position(|name| name == language));
    let Some(column) = column else { return Vec::new() };
    let read = |row: csv::StringRecord| {
        let (english, told) = (numbered(row.get(1)?), row.get(column)?.to_owned());
        Some(FindingWords {
            code: row.get(0)?.to_owned(),
            rule: None,
            message: english.clone(),
            message_told: told.clone(),
            remedy: english,
            remedy_told: told,
        })
    };
    table.records().filter_map(Result::ok).filter_map(read).collect()
}

/// A text of the English table with its holes numbered: `{1}` for the first.
pub(super) fn numbered(text: &str) -> String {
    let mut parts = text.split(HOLE);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.enumerate().fold(first, |told, (index, part)| format!("{told}{{{}}}{part}", index + 1))
}

/// A text with numbered holes as the English table writes it.
pub(super) fn unnumbered(text: &str) -> String {
    split_braces(text)
        .map(|(plain, hole)| if hole.is_some() { format!("{plain}{HOLE}") } else { plain.to_owned() })
        .collect()
}

/// Two texts of a rule with their expressions numbered as they come in the first; nothing if the second says something that the
/// first does not, for then it cannot be told from it.
fn number(english: &str, told: &str) -> Option<(String, String)> {
    let known: Vec<&str> = split_braces(english).filter_map(|(_, hole)| hole).collect();
    // In the English each hole has its own number, though an expression may stand twice: both are filled alike.
    let mut next = 0;
    let numbered = split_braces(english).map(|(plain, hole)| {
        next += usize::from(hole.is_some());
        if hole.is_some() { format!("{plain}{{{next}}}") } else { plain.to_owned() }
    });
    let numbered = numbered.collect();
    let told = split_braces(told).map(|(plain, hole)| {
        let Some(hole) = hole else { return Some(plain.to_owned()) };
        let at = known.iter().position(|known| *known == hole)?;
        Some(format!("{plain}{{{}}}", at + 1))
    });
    Some((numbered, told.collect::<Option<String>>()?))
}

/// The plain parts of a text, each with what stands in the braces after it.
fn split_braces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let now = rest.take()?;
        let Some((plain, after)) = now.split_once('{') else { return Some((now, None)) };
        let Some((hole, after)) = after.split_once('}') else { return Some((now, None)) };
        rest = Some(after);
        Some((plain, Some(hole)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_numbered_as_they_come_in_english() {
        assert_eq!(numbered("the rule ... fired ... times"), "the rule {1} fired {2} times");
        assert_eq!(unnumbered("{2} раз: {1}"), "... раз: ...");
        let english = "{it.type_code} names {it.total}, not {declaration.value}";
        let told = "{declaration.value} вместо {it.total}: {it.type_code}";
        assert_eq!(
            number(english, told),
            Some(("{1} names {2}, not {3}".to_owned(), "{3} вместо {2}: {1}".to_owned()))
        );
        assert_eq!(number("{x} and {x}", "{x}"), Some(("{1} and {2}".to_owned(), "{1}".to_owned())));
        // What the English does not say cannot be told from it.
        assert_eq!(number("plain", "простой {x}"), None);
    }
}

//! Goods: whether a description speaks of what the commodity code means.

use super::compare::{At, Comparison};
use super::finding::{Inconsistency, Weight, inconsistency};
use super::statement::{Place, StatedFact};
use super::tables::{HsWords, Tables};
use kervan_codes::HsCode;
use kervan_model::{Confidence, Severity};

impl Comparison<'_> {
    /// Descriptions that speak of another chapter than their code, and of nothing that the code means.
    pub(super) fn descriptions(&self, tables: &Tables) -> Vec<Inconsistency> {
        let described = self.pick(|fact| match fact {
            StatedFact::Described(code, text) => Some((code, text)),
            _ => None,
        });
        described.into_iter().filter_map(|(at, (code, text))| description(at, code, text, tables)).collect()
    }
}

fn description(at: At<'_>, code: &HsCode, text: &str, tables: &Tables) -> Option<Inconsistency> {
    let chapter = code.as_str().get(..2)?;
    // A chapter that the table has no word for cannot be spoken against.
    if !tables.hs_words.iter().any(|row| row.code.starts_with(chapter)) {
        return None;
    }
    let words = words_of(text);
    let spoken: Vec<(&HsWords, &str)> =
        tables.hs_words.iter().filter_map(|row| Some((row, find_word(row, text, &words)?))).collect();
    let for_it = spoken.iter().any(|(row, _)| row.covers(code) || row.code.starts_with(chapter));
    if for_it {
        return None;
    }
    // The most certain word speaks; of two that are equally certain, the longer.
    let (row, word) = spoken.into_iter().max_by_key(|(row, word)| (row.confidence, word.len()))?;
    let severity = match row.confidence {
        Confidence::High | Confidence::Medium => Severity::Warning,
        Confidence::Low => Severity::Info,
    };
    let kind = if row.code.len() == 2 { "chapter" } else { "heading" };
    let message = format!(
        "the description in the {} says `{word}`, which speaks of {kind} {} (confidence {}), and the commodity code is {code}",
        at.0.document,
        row.code,
        confidence_word(row.confidence)
    );
    let weight =
        Weight { severity, source: &row.source, remedy: "correct the description or the commodity code" };
    let theirs = at.0.place(at.1);
    let ours = Place { value: code.to_string(), path: beside(&theirs.path), ..theirs.clone() };
    Some(inconsistency(&weight, "description-against-commodity", message, ours, theirs))
}

/// The place of the commodity code beside a description, where the two stand side by side.
fn beside(path: &str) -> String {
    path.strip_suffix("/description").map_or_else(|| path.to_owned(), |item| format!("{item}/hs"))
}

const fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// The words of a text in lower case.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\u{307}');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// A word of a row that the text says. Words of several parts stand one after the other; each may have an ending, short
/// ones only a plural. Scripts without blanks between words are searched as they are.
fn find_word<'r>(row: &'r HsWords, text: &str, words: &[String]) -> Option<&'r str> {
    let says = |word: &str| {
        if word.chars().any(|c| u32::from(c) >= 0x2E80) {
            return text.contains(word);
        }
        let parts: Vec<&str> = word.split(' ').collect();
        words
            .windows(parts.len())
            .any(|window| window.iter().zip(&parts).all(|(said, part)| begins(said, part)))
    };
    row.words.iter().map(String::as_str).find(|word| says(word))
}

/// Whether a word is another with an ending. An ending is at most as long as the word and four letters; words of three
/// letters or fewer take only an `s`.
fn begins(said: &str, word: &str) -> bool {
    let Some(ending) = said.strip_prefix(word) else { return false };
    let (letters, ending_letters) = (word.chars().count(), ending.chars().count());
    match letters {
        0..=4 => ending_letters == 0 || ending == "s" || ending == "es",
        _ => ending_letters <= 4,
    }
}

//! Names that stand as letters: `A.B.C.`, and the first letters of long names.

use crate::fold::{Script, Word};
use crate::tables::Tables;

/// Fewest and most letters of a row that stands for a word, and of an acronym.
const FEWEST: usize = 3;
const MOST: usize = 8;

impl Tables {
    /// Joins letters in a row to the word that they spell: `A.B.C. Trading` is `ABC Trading`. Rows that are legal forms stay as
    /// they are; forms are known in both spellings.
    pub(crate) fn join_letter_rows(&self, words: Vec<Word>) -> Vec<Word> {
        let mut joined: Vec<Word> = Vec::with_capacity(words.len());
        let mut row: Vec<Word> = Vec::new();
        for word in words {
            if word.single && word.latin.len() == 1 && word.latin.bytes().all(|b| b.is_ascii_alphabetic()) {
                row.push(word);
            } else {
                self.close_row(&mut row, &mut joined);
                joined.push(word);
            }
        }
        self.close_row(&mut row, &mut joined);
        joined
    }

    fn close_row(&self, row: &mut Vec<Word>, joined: &mut Vec<Word>) {
        let apart: Vec<&str> = row.iter().map(|word| word.latin.as_str()).collect();
        let is_phrase = self.phrases.contains_key(&apart.join(" "));
        // The letters of a form may follow a part of it: `Sp. z o.o.`
        let ends_phrase = joined
            .last()
            .is_some_and(|last| self.phrases.contains_key(&format!("{} {}", last.latin, apart.join(" "))));
        if row.len() < FEWEST || row.len() > MOST || is_phrase || ends_phrase {
            joined.append(row);
            return;
        }
        let mut letters = row.drain(..);
        let Some(mut word) = letters.next() else { return };
        for letter in letters {
            word.shown.push_str(&letter.shown);
            word.latin.push_str(&letter.latin);
            word.units.extend(letter.units);
            word.dotted = letter.dotted;
        }
        word.single = false;
        joined.push(word);
    }

    /// The first letters of all words, without words such as `of`, and without legal forms as well: each may be the acronym.
    pub(crate) fn acronyms_of(&self, words: &[Word]) -> Vec<String> {
        let meaning = |word: &Word| self.phrases.get(&word.latin).copied().unwrap_or_default();
        let first = |word: &Word| word.latin.chars().next();
        let read = |kept: &dyn Fn(&Word) -> bool| -> String {
            words.iter().filter(|word| word.script != Script::Han && kept(word)).filter_map(first).collect()
        };
        let is_stop = |word: &Word| meaning(word).meaning.is_some_and(|meaning| meaning.stop);
        let mut acronyms = vec![
            read(&|_| true),
            read(&|word| !is_stop(word)),
            read(&|word| !is_stop(word) && meaning(word).form.is_none()),
        ];
        acronyms.retain(|letters| (FEWEST..=MOST).contains(&letters.len()));
        acronyms.sort();
        acronyms.dedup();
        acronyms
    }
}

/// A person's name without what stands in quotes or brackets, which is another name of the same person, if two words remain.
pub(crate) fn without_aside(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut until: Option<char> = None;
    let mut before = ' ';
    for c in text.chars() {
        match until {
            Some(end) if c == end => until = None,
            Some(_) => {}
            None => {
                until = match c {
                    '(' => Some(')'),
                    '[' => Some(']'),
                    '«' => Some('»'),
                    '“' => Some('”'),
                    '"' => Some('"'),
                    // Inside of a word it is an apostrophe.
                    '\'' if before.is_whitespace() => Some('\''),
                    _ => None,
                };
                kept.push(if until.is_some() { ' ' } else { c });
            }
        }
        before = c;
    }
    let whole = until.is_some() || kept.split_whitespace().count() < 2;
    if whole { text.to_owned() } else { kept }
}

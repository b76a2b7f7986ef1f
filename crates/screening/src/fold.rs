//! Folding: text of any script becomes words of plain Latin letters with their sounds.

use crate::limits::LONGEST_NAME;
use crate::sound::{Sounds, Unit, read_mask};
use crate::table::Table;
use kervan_model::Finding;
use pinyin::ToPinyin;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// How a word was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Script {
    /// Latin letters or digits.
    Latin,
    /// Chinese characters.
    Han,
    /// Scripts that leave vowels out: Arabic, Hebrew.
    Abjad,
    /// Any other alphabet.
    Alphabet,
}

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it was written.
    pub shown: String,
    /// In plain Latin, lower case; for Chinese the characters themselves.
    pub latin: String,
    pub units: Vec<Unit>,
    pub script: Script,
    /// One letter as it was written.
    pub single: bool,
    /// A full stop follows.
    pub dotted: bool,
}

#[derive(Clone, Debug)]
struct Letter {
    latin: String,
    unit: Option<Unit>,
}

/// What each letter becomes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letters {
    letters: BTreeMap<char, Letter>,
    simplified: BTreeMap<char, char>,
}

impl Letters {
    /// Reads `letters.csv`; sounds of single letters are added to `sounds`.
    pub(crate) fn load(
        read: &impl Fn(&str) -> Option<String>,
        sounds: &mut Sounds,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut letters = BTreeMap::new();
        Table::open("screening/letters.csv", read, findings).each(|row| {
            let (text, latin, said) = (row.text("letter"), row.text("latin"), row.text("sounds"));
            let mask = if said.is_empty() { None } else { read_mask(&said) };
            if !said.is_empty() && mask.is_none() {
                row.fault("sounds", format!("`{said}` names a sound that is unknown"));
            }
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(letter), None) if latin.is_ascii() => {
                    let unit = mask.map(|mask| sounds.unit(mask));
                    letters.insert(letter, Letter { latin, unit });
                }
                _ => row.fault("letter", format!("`{text}` is not one letter with a Latin reading")),
            }
        });
        Self { letters, simplified: BTreeMap::new() }
    }

    /// Makes a traditional character read as its simplified form.
    pub(crate) fn put_traditional(&mut self, from: char, to: char) {
        self.simplified.insert(from, to);
    }

    /// Splits a text into words.
    pub(crate) fn words(&self, text: &str, sounds: &Sounds) -> Vec<Word> {
        let mut words = Vec::new();
        let mut open: Option<Open> = None;
        for c in text.nfkc().take(LONGEST_NAME) {
            if is_silent(c) || is_combining_mark(c) {
                continue;
            }
            if !c.is_alphanumeric() {
                if c == '.'
                    && let Some(open) = &mut open
                {
                    open.dotted = true;
                }
                close(&mut open, sounds, &mut words);
                continue;
            }
            let script = script_of(c);
            if open.as_ref().is_some_and(|open| !open.goes_on_with(script)) {
                close(&mut open, sounds, &mut words);
            }
            let word = open.get_or_insert_with(|| Open::new(script));
            word.shown.push(c);
            word.count += 1;
            self.put(c, word, sounds);
        }
        close(&mut open, sounds, &mut words);
        words
    }

    fn put(&self, c: char, word: &mut Open, sounds: &Sounds) {
        if c.is_ascii() {
            let lower = c.to_ascii_lowercase();
            word.latin.push(lower);
            word.pending.push(u8::try_from(lower).unwrap_or(0));
            return;
        }
        if word.script == Script::Han {
            word.latin.push(self.simplified.get(&c).copied().unwrap_or(c));
            return;
        }
        for lower in c.to_lowercase().filter(|lower| !is_combining_mark(*lower)) {
            self.put_lower(lower, word, sounds, true);
        }
    }

    fn put_lower(&self, c: char, word: &mut Open, sounds: &Sounds, may_decompose: bool) {
        if let Some(letter) = self.letters.get(&c) {
            word.latin.push_str(&letter.latin);
            match letter.unit {
                Some(unit) => {
                    word.cut(sounds);
                    word.units.push(unit);
                }
                None => word.pending.extend_from_slice(letter.latin.as_bytes()),
            }
        } else if c.is_ascii() {
            word.latin.push(c);
            word.pending.push(u8::try_from(c).unwrap_or(0));
        } else if may_decompose {
            decompose_compatible(c, |part| {
                if !is_combining_mark(part) {
                    self.put_lower(part, word, sounds, false);
                }
            });
        } else {
            word.latin.push(c);
            word.cut(sounds);
            word.units.push(0);
        }
    }

    /// The folded words of a text, for looking it up: `ТОО` and `too` fold alike.
    pub(crate) fn key(&self, text: &str, sounds: &Sounds) -> Vec<String> {
        self.words(text, sounds).into_iter().map(|word| word.latin).collect()
    }
}

/// A word while it is read.
struct Open {
    shown: String,
    latin: String,
    pending: Vec<u8>,
    units: Vec<Unit>,
    script: Script,
    count: usize,
    dotted: bool,
}

impl Open {
    fn new(script: Script) -> Self {
        let (shown, latin) = (String::with_capacity(16), String::with_capacity(16));
        let (pending, units) = (Vec::with_capacity(16), Vec::with_capacity(16));
        Self { shown, latin, pending, units, script, count: 0, dotted: false }
    }

    fn goes_on_with(&self, script: Script) -> bool {
        (self.script == Script::Han) == (script == Script::Han)
    }

    fn cut(&mut self, sounds: &Sounds) {
        if !self.pending.is_empty() {
            sounds.cut(&self.pending, &mut self.units);
            self.pending.clear();
        }
    }
}

fn close(open: &mut Option<Open>, sounds: &Sounds, words: &mut Vec<Word>) {
    let Some(mut word) = open.take() else { return };
    word.cut(sounds);
    if word.latin.is_empty() {
        return;
    }
    words.push(Word {
        shown: word.shown,
        latin: word.latin,
        units: word.units,
        script: word.script,
        single: word.count == 1 && word.script != Script::Han,
        dotted: word.dotted,
    });
}

/// Apostrophes and signs that stand inside of words and are no letters.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | 'ʹ' | 'ʺ' | '`' | '´' | '′' | 'ʿ' | 'ʾ' | 'ـ' | '\u{200b}'
            ..='\u{200f}' | '\u{ad}'
    )
}

fn script_of(c: char) -> Script {
    match u32::from(c) {
        0..=0x24f | 0x1e00..=0x1eff => Script::Latin,
        0x590..=0x6ff | 0x750..=0x77f | 0xfb50..=0xfdff | 0xfe70..=0xfeff => Script::Abjad,
        0x2e80..=0x2fdf | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => Script::Han,
        _ => Script::Alphabet,
    }
}

/// The pinyin of Chinese characters in one word; what has none is left out.
pub(crate) fn read_han(characters: &str) -> String {
    characters.to_pinyin().flatten().map(|pinyin| pinyin.plain().replace('ü', "u")).collect()
}

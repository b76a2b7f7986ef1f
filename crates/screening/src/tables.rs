//! The tables of `data/screening` in the form that matching asks for.

use crate::affix::Affixes;
use crate::fold::{Letters, Script, Word};
use crate::parameters::Parameters;
use crate::sound::Sounds;
use crate::table::Table;
use kervan_model::{Finding, has_errors};
use std::collections::BTreeMap;

/// The family of a legal form: what `ООО`, `GmbH` and `有限公司` have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Limited,
    Stock,
    Partnership,
    Sole,
    State,
    /// A word for a company in general; agrees with every family.
    Company,
}

impl Family {
    const WORDS: [(&'static str, Self); 6] = [
        ("limited", Self::Limited),
        ("stock", Self::Stock),
        ("partnership", Self::Partnership),
        ("sole", Self::Sole),
        ("state", Self::State),
        ("company", Self::Company),
    ];
}

/// A word that many names share: its meaning by number and its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Meaning {
    pub concept: u32,
    pub weight: f32,
    /// An article or conjunction.
    pub stop: bool,
}

/// What a phrase may be in the name of an organisation: `ақ` is a legal form, and it is white.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Phrase {
    pub form: Option<Family>,
    pub meaning: Option<Meaning>,
}

impl Phrase {
    fn add(&mut self, other: Self) {
        self.form = self.form.or(other.form);
        self.meaning = self.meaning.or(other.meaning);
    }
}

/// What a word is among the names of persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Particle {
    Article,
    /// `bin`: the next word is the father's name.
    Filiation,
    /// `oglu`: the word before is the father's name.
    FiliationAfter,
    Title,
}

/// How sure it is that two spellings of one row are one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kinship {
    Spelling,
    Nickname,
    Surname,
}

/// Membership of a spelling in a row of `names.csv`.
pub(crate) type Membership = (u16, Kinship);

/// Everything that matching knows of names: letters, sounds, words, legal forms, given names.
///
/// Source: `data/screening`, read by [`Tables::load`].
#[derive(Clone, Debug, Default)]
pub struct Tables {
    pub(crate) letters: Letters,
    pub(crate) sounds: Sounds,
    pub(crate) phrases: BTreeMap<String, Phrase>,
    /// First word of a phrase and the number of words of the longest one.
    pub(crate) starts: BTreeMap<String, usize>,
    pub(crate) han_phrases: BTreeMap<String, Phrase>,
    pub(crate) longest_han: usize,
    pub(crate) han_surnames: BTreeMap<String, String>,
    pub(crate) names: BTreeMap<String, Vec<Membership>>,
    pub(crate) particles: BTreeMap<String, Particle>,
    pub(crate) vessel_prefixes: Vec<Vec<String>>,
    pub(crate) affixes: Affixes,
    pub(crate) parameters: Parameters,
    pub(crate) countries: BTreeMap<String, kervan_codes::CountryCode>,
}

/// Most words of one phrase that is looked up.
const LONGEST_PHRASE: usize = 6;

impl Tables {
    /// Reads every table through `read`, which gives the text of a path such as `screening/words.csv`.
    ///
    /// # Errors
    /// All faults of all tables, with file and line; nothing is loaded half.
    pub fn load(read: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut sounds = Sounds::load(&read, &mut findings);
        let letters = Letters::load(&read, &mut sounds, &mut findings);
        sounds.finish(&read, &mut findings);
        let mut tables = Self { letters, sounds, ..Self::default() };
        tables.parameters = Parameters::load(&read, &mut findings);
        tables.affixes = Affixes::load(&read, &mut findings);
        tables.load_particles(&read, &mut findings);
        tables.load_han(&read, &mut findings);
        tables.load_words(&read, &mut findings);
        tables.load_forms(&read, &mut findings);
        tables.load_names(&read, &mut findings);
        tables.load_countries(&read, &mut findings);
        if has_errors(&findings) { Err(findings) } else { Ok(tables) }
    }

    /// At and above this score two names are taken for the same. Unit: thousandth.
    pub fn threshold(&self) -> crate::Score {
        self.parameters.threshold
    }

    pub(crate) fn words(&self, text: &str) -> Vec<Word> {
        self.letters.words(text, &self.sounds)
    }

    fn key(&self, text: &str) -> Vec<String> {
        self.letters.key(text, &self.sounds)
    }

    fn is_han(&self, text: &str) -> bool {
        self.words(text).iter().any(|word| word.script == Script::Han)
    }

    fn load_particles(&mut self, read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) {
        let kinds = [
            ("particle", Some(Particle::Article)),
            ("filiation", Some(Particle::Filiation)),
            ("filiation-after", Some(Particle::FiliationAfter)),
            ("title", Some(Particle::Title)),
            ("vessel", None),
        ];
        Table::open("screening/particles.csv", read, findings).each(|row| {
            let key = self.letters.key(&row.text("word"), &self.sounds);
            match row.word("kind", &kinds) {
                Some(Some(kind)) => {
                    self.particles.entry(key.join(" ")).or_insert(kind);
                }
                Some(None) => self.vessel_prefixes.push(key),
                None => {}
            }
        });
        self.vessel_prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.len()));
    }

    fn load_han(&mut self, read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) {
        let mut surnames = Vec::new();
        Table::open("screening/han.csv", read, findings).each(|row| {
            let (characters, readings) = (row.text("characters"), row.text("readings"));
            let Some(surname) = row.word("kind", &[("surname", true), ("traditional", false)]) else {
                return;
            };
            if !surname {
                match (characters.chars().next(), readings.chars().next()) {
                    (Some(from), Some(to)) => self.letters.put_traditional(from, to),
                    _ => row.fault("characters", "one character and its simplified form are wanted"),
                }
            } else if let Some(first) = readings.split(';').next().filter(|first| !first.is_empty()) {
                surnames.push((characters, first.to_owned()));
            } else {
                row.fault("readings", "no reading is given");
            }
        });
        // Only now every traditional character is known.
        for (characters, reading) in surnames {
            self.han_surnames.insert(self.key(&characters).concat(), reading);
        }
    }

    fn load_words(&mut self, read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) {
        let mut concepts: BTreeMap<String, u32> = BTreeMap::new();
        let kinds = [
            ("generic", false),
            ("activity", false),
            ("trade", false),
            ("direction", false),
            ("place", false),
            ("stop", true),
        ];
        let mut found = Vec::new();
        Table::open("screening/words.csv", read, findings).each(|row| {
            let (word, concept) = (row.text("word"), row.text("concept"));
            let (kind, weight) = (row.word("kind", &kinds), row.number("weight"));
            let next = u32::try_from(concepts.len()).unwrap_or(u32::MAX);
            let concept = *concepts.entry(concept).or_insert(next);
            if let (Some(stop), Some(weight)) = (kind, weight) {
                let weight = weight.min(100) as f32 / 100.0;
                let meaning = Some(Meaning { concept, weight, stop });
                found.push((word, Phrase { meaning, form: None }));
            }
        });
        for (word, phrase) in found {
            self.put_phrase(&word, phrase);
        }
    }

    fn load_forms(&mut self, read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) {
        let mut found = Vec::new();
        Table::open("screening/forms.csv", read, findings).each(|row| {
            let form = row.text("form");
            if let Some(family) = row.word("family", &Family::WORDS) {
                found.push((form, Phrase { form: Some(family), meaning: None }));
            }
        });
        for (form, phrase) in found {
            self.put_phrase(&form, phrase);
        }
    }

    /// Puts a phrase under its folded words; a short form also under its letters apart (`O.O.O.`).
    fn put_phrase(&mut self, text: &str, phrase: Phrase) {
        if self.is_han(text) {
            let characters: String = self.key(text).concat();
            let count = characters.chars().count();
            if count > 1 {
                self.longest_han = self.longest_han.max(count);
                self.han_phrases.entry(characters).or_default().add(phrase);
            }
            return;
        }
        let key = self.key(text);
        if key.is_empty() || key.len() > LONGEST_PHRASE {
            return;
        }
        let letters: Vec<String> = match key.as_slice() {
            [one] if phrase.form.is_some() && one.len() <= 5 => one.chars().map(String::from).collect(),
            _ => Vec::new(),
        };
        let joined: String = key.concat();
        let apart = key.len() > 1 && key.iter().all(|part| part.len() <= 1);
        for words in [key, letters] {
            if let Some(first) = words.first() {
                let longest = self.starts.entry(first.clone()).or_insert(1);
                *longest = (*longest).max(words.len());
                self.phrases.entry(words.join(" ")).or_default().add(phrase);
            }
        }
        if apart {
            self.starts.entry(joined.clone()).or_insert(1);
            self.phrases.entry(joined).or_default().add(phrase);
        }
    }

    fn load_names(&mut self, read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) {
        let kinds = [
            ("spelling", Kinship::Spelling),
            ("distinct", Kinship::Spelling),
            ("nickname", Kinship::Nickname),
            ("surname", Kinship::Surname),
        ];
        let mut number: u16 = 0;
        Table::open("screening/names.csv", read, findings).each(|row| {
            let forms = row.text("forms");
            let Some(kinship) = row.word("kind", &kinds) else { return };
            number = number.saturating_add(1);
            for form in forms.split(';').filter(|form| !form.trim().is_empty()) {
                let key = self.letters.key(form, &self.sounds).concat();
                let rows = self.names.entry(key).or_default();
                if !rows.iter().any(|(known, _)| *known == number) {
                    rows.push((number, kinship));
                }
            }
        });
    }
}

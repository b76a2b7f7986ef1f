//! Reading a name: which of its words carry it, which are titles, legal forms, fathers' names.

use crate::affix::Gender;
use crate::fold::{Script, Word, read_han};
use crate::letters_apart::without_aside;
use crate::limits::MOST_TOKENS;
use crate::sound::Unit;
use crate::tables::{Family, Kinship, Meaning, Membership, Particle, Phrase, Tables};
use serde::{Deserialize, Serialize};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// A company, authority or association.
    Organisation,
    /// A ship.
    Vessel,
}

impl PartyKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Person, Self::Organisation, Self::Vessel];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Vessel => "vessel",
        }
    }

    /// Reads a kind; also the words that other tools use (`company`, `individual`, `entity`, `ship`).
    pub fn find(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "person" | "individual" | "per" | "p" | "human" | "people" => Some(Self::Person),
            "organisation" | "organization" | "company" | "entity" | "enterprise" | "legalentity" | "org"
            | "publicbody" | "legal_entity" | "business" | "o" | "e" => Some(Self::Organisation),
            "vessel" | "ship" | "ves" | "vsl" | "v" => Some(Self::Vessel),
            _ => None,
        }
    }
}

/// What a word does in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Carries the name.
    Core,
    /// One letter for a whole word.
    Initial,
    /// The father's name.
    Father,
    /// Article, particle or word for son.
    Particle,
    Title,
    Number,
    /// A word that many names share.
    Common,
}

/// One word of a name, ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub shown: String,
    pub latin: String,
    pub units: Vec<Unit>,
    /// The word before its ending was taken off.
    pub whole: Option<(String, Vec<Unit>)>,
    pub script: Script,
    pub role: Role,
    pub weight: f32,
    pub concept: Option<u32>,
    pub names: Vec<Membership>,
    pub gender: Option<Gender>,
}

/// A name that has been read, ready to be compared any number of times.
#[derive(Clone, Debug)]
pub struct Name {
    pub(crate) kind: PartyKind,
    pub(crate) tokens: Vec<Token>,
    pub(crate) family: Option<Family>,
    /// What the first letters of its words may spell.
    pub(crate) acronyms: Vec<String>,
}

impl Name {
    /// What it was read as.
    pub fn kind(&self) -> PartyKind {
        self.kind
    }

    /// Whether nothing is left that could be compared.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

impl Tables {
    /// Reads a name. Without a kind, legal forms and common words of companies tell organisations from persons.
    pub fn read_name(&self, text: &str, kind: Option<PartyKind>) -> Name {
        let words = self.words(text);
        let kind = kind.unwrap_or_else(|| self.guess_kind(&words));
        let mut acronyms = Vec::new();
        let (mut tokens, family) = match kind {
            PartyKind::Person => {
                let plain = without_aside(text);
                let words = if plain == text { words } else { self.words(&plain) };
                (self.read_person(words), None)
            }
            PartyKind::Organisation => {
                let words = self.join_letter_rows(words);
                acronyms = self.acronyms_of(&words);
                self.read_organisation(words)
            }
            PartyKind::Vessel => (self.read_vessel(words), None),
        };
        tokens.truncate(MOST_TOKENS);
        Name { kind, tokens, family, acronyms }
    }

    fn guess_kind(&self, words: &[Word]) -> PartyKind {
        let (tokens, family) = self.read_organisation(words.to_vec());
        let common = tokens.iter().any(|token| token.role == Role::Common && token.weight > 0.05);
        let number = tokens.iter().any(|token| token.role == Role::Number);
        if family.is_some() || common || number { PartyKind::Organisation } else { PartyKind::Person }
    }

    fn token(&self, word: Word, role: Role, weight: f32) -> Token {
        let names = self.names.get(&word.latin).cloned().unwrap_or_default();
        let Word { shown, latin, units, script, .. } = word;
        let (whole, concept, gender) = (None, None, None);
        Token { shown, latin, units, whole, script, role, weight, concept, names, gender }
    }

    /// Tokens from Chinese characters: the reading in Latin with its sounds.
    fn han_token(&self, characters: &str, latin: String, weight: f32) -> Token {
        let mut units = Vec::new();
        self.sounds.cut(latin.as_bytes(), &mut units);
        let (shown, script) = (characters.to_owned(), Script::Han);
        self.token(Word { shown, latin, units, script, single: false, dotted: false }, Role::Core, weight)
    }

    fn read_person(&self, words: Vec<Word>) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::with_capacity(words.len());
        let parameters = &self.parameters;
        let mut father_next = false;
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            if word.script == Script::Han {
                self.read_han_person(&word.latin, &mut tokens);
                continue;
            }
            let particle = if word.single { None } else { self.particles.get(&word.latin).copied() };
            // An article stands before something: `Kim Jong Il` ends in a name.
            let particle = particle.filter(|kind| *kind != Particle::Article || words.peek().is_some());
            match particle {
                Some(Particle::Filiation) => {
                    father_next = true;
                    tokens.push(self.token(word, Role::Particle, parameters.weight_particle));
                }
                Some(Particle::FiliationAfter) => {
                    if tokens.len() > 1
                        && let Some(last) = tokens.last_mut()
                    {
                        last.role = Role::Father;
                        last.weight = parameters.weight_patronymic;
                    }
                    tokens.push(self.token(word, Role::Particle, parameters.weight_particle));
                }
                Some(Particle::Article) => {
                    tokens.push(self.token(word, Role::Particle, parameters.weight_particle));
                }
                Some(Particle::Title) => {
                    tokens.push(self.token(word, Role::Title, parameters.weight_title));
                }
                None => {
                    self.read_arabic_article(word, &mut tokens);
                    if father_next && let Some(last) = tokens.last_mut() {
                        last.role = Role::Father;
                        last.weight = parameters.weight_patronymic;
                        father_next = false;
                    }
                }
            }
        }
        self.join_service(&mut tokens);
        self.mark_fathers(&mut tokens);
        self.weigh_person(&mut tokens);
        tokens
    }

    /// Pushes a word; the article that Arabic writes together with it becomes a token of its own.
    fn read_arabic_article(&self, word: Word, tokens: &mut Vec<Token>) {
        let article = word.script == Script::Abjad && word.shown.starts_with("ال") && word.latin.len() > 4;
        if !article {
            let role = match () {
                () if word.single && !word.latin.bytes().all(|b| b.is_ascii_digit()) => Role::Initial,
                () if word.latin.bytes().all(|b| b.is_ascii_digit()) => Role::Number,
                () => Role::Core,
            };
            tokens.push(self.token(word, role, 1.0));
            return;
        }
        let mut rest = word;
        let mut head = rest.clone();
        head.shown = "ال".to_owned();
        head.latin = "al".to_owned();
        head.units.truncate(2);
        tokens.push(self.token(head, Role::Particle, self.parameters.weight_particle));
        rest.latin = rest.latin.split_off(2);
        rest.units = rest.units.split_off(2.min(rest.units.len()));
        tokens.push(self.token(rest, Role::Core, 1.0));
    }

    fn read_han_person(&self, characters: &str, tokens: &mut Vec<Token>) {
        let count = characters.chars().count();
        let split = |length: usize| {
            let at = characters.char_indices().nth(length).map_or(characters.len(), |(at, _)| at);
            characters.split_at(at)
        };
        if (2..=4).contains(&count) {
            for length in [2, 1] {
                let (surname, given) = split(length);
                if let Some(reading) = self.han_surnames.get(surname).filter(|_| !given.is_empty()) {
                    tokens.push(self.han_token(surname, reading.clone(), 1.0));
                    tokens.push(self.han_token(given, read_han(given), 1.0));
                    return;
                }
            }
        }
        tokens.push(self.han_token(characters, read_han(characters), 1.0));
    }

    /// `Abd`, `al` and `Rahman`, or `Abdurrahman`, become one token.
    fn join_service(&self, tokens: &mut Vec<Token>) {
        let mut at = 0;
        while at < tokens.len() {
            let begins = self.affixes.begins_service(&tokens[at].latin);
            let mut next = at + 1;
            while begins && tokens.get(next).is_some_and(|token| token.role == Role::Particle) {
                next += 1;
            }
            if begins && next < tokens.len() {
                let served = tokens.drain(at + 1..=next).next_back();
                if let Some(served) = served {
                    let head = &mut tokens[at];
                    head.shown = format!("{} {}", head.shown, served.shown);
                    head.latin = format!("abd{}", served.latin);
                    head.units.clear();
                    self.sounds.cut(b"abd", &mut head.units);
                    head.units.extend(served.units);
                    head.role = Role::Core;
                }
            } else if let Some(rest) = self.affixes.find_served(&tokens[at].latin) {
                let latin = format!("abd{rest}");
                let mut units = Vec::new();
                self.sounds.cut(latin.as_bytes(), &mut units);
                let token = &mut tokens[at];
                let whole = std::mem::replace(&mut token.latin, latin);
                token.whole = Some((whole, std::mem::replace(&mut token.units, units)));
            }
            at += 1;
        }
    }

    /// Finds the father's name by its ending among at least three words.
    fn mark_fathers(&self, tokens: &mut [Token]) {
        let carries = |token: &Token| matches!(token.role, Role::Core | Role::Father | Role::Initial);
        let count = tokens.iter().filter(|token| carries(token)).count();
        let last = tokens.len().saturating_sub(1);
        let mut candidates: Vec<usize> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.role == Role::Core && self.affixes.find_father(&token.latin).is_some() {
                candidates.push(at);
            }
        }
        if count < 3 {
            return;
        }
        if candidates.len() > 1 {
            candidates.retain(|at| *at != 0);
        }
        if candidates.len() > 1 {
            candidates.retain(|at| *at != last);
        }
        let Some(at) = candidates.first() else { return };
        let Some(token) = tokens.get_mut(*at) else { return };
        let Some((stem, gender)) = self.affixes.find_father(&token.latin) else { return };
        let stem = stem.to_owned();
        let mut units = Vec::new();
        self.sounds.cut(stem.as_bytes(), &mut units);
        let whole = std::mem::replace(&mut token.units, units);
        token.names = self.names.get(&stem).cloned().unwrap_or_default();
        token.whole = Some((std::mem::replace(&mut token.latin, stem), whole));
        token.role = Role::Father;
        token.gender = Some(gender);
    }

    fn weigh_person(&self, tokens: &mut [Token]) {
        let parameters = &self.parameters;
        for token in tokens.iter_mut() {
            match token.role {
                Role::Core => {
                    let given = token.names.iter().any(|(_, kinship)| *kinship != Kinship::Surname);
                    token.weight = match () {
                        () if given => parameters.weight_given,
                        () if token.latin.len() <= 2 && token.names.is_empty() => parameters.weight_short,
                        () => 1.0,
                    };
                    if !given && token.whole.is_none() {
                        self.take_masculine(token);
                    }
                }
                Role::Father => token.weight = parameters.weight_patronymic,
                Role::Initial => token.weight = parameters.weight_initial,
                Role::Number => token.weight = parameters.weight_number,
                Role::Particle | Role::Title | Role::Common => {}
            }
        }
    }

    fn take_masculine(&self, token: &mut Token) {
        let Some((masculine, gender)) = self.affixes.find_masculine(&token.latin) else {
            if token.latin.ends_with("ov") || token.latin.ends_with("ev") {
                token.gender = Some(Gender::Male);
            }
            return;
        };
        token.gender = Some(gender);
        let mut units = Vec::new();
        self.sounds.cut(masculine.as_bytes(), &mut units);
        let whole = std::mem::replace(&mut token.units, units);
        token.whole = Some((std::mem::replace(&mut token.latin, masculine), whole));
    }

    fn read_organisation(&self, words: Vec<Word>) -> (Vec<Token>, Option<Family>) {
        let count = words.len();
        let mut tokens = Vec::with_capacity(count);
        let mut forms: Vec<Family> = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if word.script == Script::Han {
                self.read_han_organisation(&word.latin, &mut tokens, &mut forms);
                at += 1;
                continue;
            }
            let Some((length, phrase)) = self.find_phrase(&words, at) else {
                let role = if is_number(&word.latin) { Role::Number } else { Role::Core };
                let weight = match role {
                    Role::Number => self.parameters.weight_number,
                    _ if word.latin.len() <= 1 => self.parameters.weight_initial,
                    _ if word.latin.len() <= 2 => self.parameters.weight_short_organisation,
                    _ => 1.0,
                };
                tokens.push(self.token(word.clone(), role, weight));
                at += 1;
                continue;
            };
            let letters: usize = words.iter().skip(at).take(length).map(|word| word.latin.len()).sum();
            let at_end =
                at == 0 || at + length == count || !tokens.iter().any(|t: &Token| t.role == Role::Core);
            let is_form = letters > 2 || at_end || !forms.is_empty() || phrase.form == Some(Family::Company);
            if let Some(family) = phrase.form.filter(|_| is_form) {
                forms.push(family);
            } else if let Some(Meaning { concept, weight, stop }) = phrase.meaning {
                let role = if stop { Role::Particle } else { Role::Common };
                let mut token = self.token(word.clone(), role, weight);
                let shown = words.iter().skip(at).take(length).map(|word| word.shown.as_str());
                token.shown = shown.collect::<Vec<_>>().join(" ");
                token.concept = Some(concept);
                tokens.push(token);
            } else {
                tokens.push(self.token(word.clone(), Role::Core, 1.0));
                at += 1;
                continue;
            }
            at += length;
        }
        let firm = forms.iter().find(|family| **family != Family::Company).or(forms.first()).copied();
        (self.join_letters(tokens), firm)
    }

    fn find_phrase(&self, words: &[Word], at: usize) -> Option<(usize, Phrase)> {
        let longest = *self.starts.get(&words.get(at)?.latin)?;
        let mut key = String::new();
        let mut found = None;
        for (length, word) in words.iter().skip(at).take(longest).enumerate() {
            if length > 0 {
                key.push(' ');
            }
            key.push_str(&word.latin);
            if let Some(phrase) = self.phrases.get(&key) {
                found = Some((length + 1, *phrase));
            }
        }
        found
    }

    /// Letters that stand alone side by side are one word: `I. B. M.`
    fn join_letters(&self, tokens: Vec<Token>) -> Vec<Token> {
        let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
        let mut run = 0;
        for token in tokens {
            let letter = token.role == Role::Core && token.latin.len() == 1;
            run = if letter { run + 1 } else { 0 };
            match joined.last_mut() {
                Some(last) if run > 1 => {
                    last.shown.push_str(&token.shown);
                    last.latin.push_str(&token.latin);
                    last.units.extend(token.units);
                    last.weight = 1.0;
                }
                _ => joined.push(token),
            }
        }
        joined
    }

    fn read_han_organisation(&self, characters: &str, tokens: &mut Vec<Token>, forms: &mut Vec<Family>) {
        let all: Vec<char> = characters.chars().collect();
        let (mut at, mut open) = (0, String::new());
        while at < all.len() {
            let most = self.longest_han.min(all.len() - at);
            let found = (2..=most).rev().find_map(|length| {
                let text: String = all.iter().skip(at).take(length).collect();
                self.han_phrases.get(&text).map(|phrase| (length, text, *phrase))
            });
            let Some((length, text, phrase)) = found else {
                open.extend(all.get(at));
                at += 1;
                continue;
            };
            self.close_han(&mut open, tokens);
            if let Some(family) = phrase.form {
                forms.push(family);
            } else if let Some(Meaning { concept, weight, .. }) = phrase.meaning {
                let mut token = self.han_token(&text, read_han(&text), weight);
                (token.role, token.concept) = (Role::Common, Some(concept));
                tokens.push(token);
            }
            at += length;
        }
        self.close_han(&mut open, tokens);
    }

    fn close_han(&self, open: &mut String, tokens: &mut Vec<Token>) {
        if !open.is_empty() {
            tokens.push(self.han_token(open, read_han(open), 1.0));
            open.clear();
        }
    }

    fn read_vessel(&self, mut words: Vec<Word>) -> Vec<Token> {
        let prefix = self.vessel_prefixes.iter().find(|prefix| {
            words.len() > prefix.len()
                && words.iter().zip(prefix.iter()).all(|(word, part)| word.latin == *part)
        });
        if let Some(prefix) = prefix {
            words.drain(..prefix.len());
        }
        let weight = self.parameters.weight_number;
        let mut tokens = Vec::with_capacity(words.len());
        for word in words {
            if word.script == Script::Han {
                tokens.push(self.han_token(&word.latin, read_han(&word.latin), 1.0));
            } else if is_number(&word.latin) {
                tokens.push(self.token(word, Role::Number, weight));
            } else {
                // Anna and Hanna are forms of one name of a person, and two ships.
                let mut token = self.token(word, Role::Core, 1.0);
                token.names.clear();
                tokens.push(token);
            }
        }
        tokens
    }
}

/// Digits, or a Roman number above one.
fn is_number(latin: &str) -> bool {
    latin.bytes().all(|b| b.is_ascii_digit()) || roman(latin).is_some()
}

/// The value of a Roman number from 2 to 39.
pub(crate) fn roman(latin: &str) -> Option<u32> {
    if latin.len() < 2 || !latin.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) {
        return None;
    }
    let value = |b: u8| match b {
        b'x' => 10,
        b'v' => 5,
        _ => 1,
    };
    let bytes = latin.as_bytes();
    let mut total = 0i32;
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied().map_or(0, value);
        total += if value(*byte) < next { -value(*byte) } else { value(*byte) };
    }
    u32::try_from(total).ok().filter(|total| (2..=39).contains(total))
}

//! How alike two words are, and by what.

use crate::fold::Script;
use crate::name::{Role, Token, roman};
use crate::sound::Unit;
use crate::tables::{Kinship, Tables};
use serde::{Deserialize, Serialize};

/// By what two words were found alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The same letters.
    Exact,
    /// The same letters once both are in plain Latin.
    Transliteration,
    /// The same sounds in different spelling.
    Sound,
    /// A few letters differ.
    Spelling,
    /// Two forms of one name.
    SameName,
    /// A short form of the name.
    Nickname,
    /// Words that mean the same.
    Meaning,
    /// A letter for the whole word.
    Initial,
    /// Two words written as one.
    Joined,
    /// First letters of all words.
    Acronym,
}

/// The longest spelling that is compared letter by letter.
const LONGEST: usize = 48;

impl Tables {
    /// The likeness of two words. Range: 0 to 1.
    pub(crate) fn likeness(&self, left: &Token, right: &Token) -> (f32, How) {
        if left.script == Script::Han && right.script == Script::Han && left.concept.is_none() {
            return self.same_characters(left, right);
        }
        if left.latin == right.latin && left.role != Role::Initial {
            return if left.script == right.script { (1.0, How::Exact) } else { (1.0, How::Transliteration) };
        }
        if left.concept.is_some() && left.concept == right.concept {
            return (self.parameters.likeness_meaning, How::Meaning);
        }
        if left.role == Role::Initial || right.role == Role::Initial {
            return (self.initial_likeness(left, right), How::Initial);
        }
        if left.role == Role::Number || right.role == Role::Number {
            return (same_number(&left.latin, &right.latin), How::Exact);
        }
        let shared = left
            .names
            .iter()
            .filter_map(|(row, kinship)| {
                let other = right.names.iter().find(|(other, _)| other == row)?;
                Some((*kinship).max(other.1))
            })
            .min();
        match shared {
            Some(Kinship::Spelling | Kinship::Surname) => {
                return (self.parameters.likeness_spelling, How::SameName);
            }
            Some(Kinship::Nickname) => return (self.parameters.likeness_nickname, How::Nickname),
            None => {}
        }
        let mut best = self.compare(&left.latin, &left.units, &right.latin, &right.units, left, right);
        if let Some((latin, units)) = &left.whole {
            best = higher(best, self.compare(latin, units, &right.latin, &right.units, left, right));
        }
        if let Some((latin, units)) = &right.whole {
            best = higher(best, self.compare(&left.latin, &left.units, latin, units, left, right));
        }
        let known_apart = !left.names.is_empty() && !right.names.is_empty();
        if known_apart || (left.concept.is_some() && right.concept.is_some()) {
            best.0 = best.0.min(self.parameters.likeness_known_apart);
        }
        if one_ending(left, right) {
            best.0 = best.0.min(self.parameters.likeness_one_ending);
        }
        best
    }

    /// Chinese characters of both sides: another character of the same reading is another name.
    fn same_characters(&self, left: &Token, right: &Token) -> (f32, How) {
        if left.shown == right.shown {
            return (1.0, How::Exact);
        }
        if left.latin == right.latin {
            return (self.parameters.likeness_same_sound_han, How::Sound);
        }
        let count = left.shown.chars().count().max(right.shown.chars().count());
        let same = left.shown.chars().zip(right.shown.chars()).filter(|(a, b)| a == b).count();
        (same as f32 / count.max(1) as f32, How::Spelling)
    }

    fn initial_likeness(&self, left: &Token, right: &Token) -> f32 {
        let (Some(a), Some(b)) = (left.units.first(), right.units.first()) else { return 0.0 };
        let second = |token: &Token| token.units.get(1).copied();
        let near = |a: Unit, b: Unit| self.sounds.apart(a, b) <= 35;
        let glides = |a: Unit, token: &Token| {
            self.sounds.is_soft(a) && second(token).is_some_and(|next| near(a, next))
        };
        if left.role == Role::Initial && right.role == Role::Initial {
            return if near(*a, *b) { 1.0 } else { 0.0 };
        }
        let letters = left.latin.as_bytes().first() == right.latin.as_bytes().first();
        if letters || near(*a, *b) || glides(*a, right) || glides(*b, left) {
            self.parameters.likeness_initial
        } else {
            0.0
        }
    }

    fn compare(
        &self,
        a: &str,
        units_a: &[Unit],
        b: &str,
        units_b: &[Unit],
        left: &Token,
        right: &Token,
    ) -> (f32, How) {
        let longest = units_a.len().max(units_b.len());
        if longest == 0 {
            return (0.0, How::Spelling);
        }
        let unwritten = (left.script == Script::Abjad) != (right.script == Script::Abjad);
        let shortest = units_a.len().min(units_b.len());
        if !unwritten && shortest * 2 + 1 < longest {
            return (0.0, How::Spelling);
        }
        // Two spellings in one alphabet differ for a reason more often than two of different alphabets.
        let strict = match (left.script, right.script) {
            (Script::Latin, Script::Latin) => self.parameters.strict_latin,
            (Script::Alphabet, Script::Alphabet) => self.parameters.strict_alphabet,
            _ => 1.0,
        };
        let measure = if unwritten { (longest + shortest) as f32 / 2.0 } else { longest as f32 };
        // Beyond this the words do not answer to each other, however far they are.
        let most = (measure * 42.0 / strict) as u16;
        let cost = strict * f32::from(self.sounds.distance(units_a, units_b, unwritten, most)) / 100.0;
        let mut sound = (1.0 - cost / measure).max(0.0);
        let crossing = left.script != right.script;
        if !crossing {
            sound *= 0.985;
        }
        let first_apart = match (units_a.first(), units_b.first()) {
            (Some(a), Some(b)) => self.sounds.apart(*a, *b) >= 60,
            _ => true,
        };
        let letters = a.len().max(b.len());
        if first_apart {
            sound -= if letters <= 5 { 0.10 } else { 0.04 };
        }
        // Spelling is worth asking only where the sounds are not far away.
        let mut spelling = if unwritten || sound < 0.5 { 0.0 } else { spelling_likeness(a, b) };
        if first_apart {
            spelling -= 0.05;
        }
        // In short words one sound is a different name.
        let short = if unwritten { shortest } else { longest };
        let cap = |value: f32, clean: f32| match short {
            0..=2 if value < clean => value.min(0.62),
            3 if value < clean && !crossing => value.min(0.74),
            _ => value,
        };
        let (sound, spelling) = (cap(sound, 0.93), cap(spelling, 0.99));
        if spelling > sound { (spelling, How::Spelling) } else { (sound, How::Sound) }
    }

    /// The likeness of words in a row with one: `Abu Bakr` and `Abubakr`.
    pub(crate) fn joined_likeness(&self, row: &[Token], one: &Token) -> f32 {
        let Some(first) = row.first() else { return 0.0 };
        let latin: String = row.iter().map(|token| token.latin.as_str()).collect();
        if latin.len() > LONGEST || one.latin.len() * 2 + 2 < latin.len() {
            return 0.0;
        }
        if latin == one.latin {
            return 1.0;
        }
        let units: Vec<Unit> = row.iter().flat_map(|token| token.units.iter().copied()).collect();
        let mut best = self.compare(&latin, &units, &one.latin, &one.units, first, one);
        if let Some((whole, whole_units)) = &one.whole {
            best = higher(best, self.compare(&latin, &units, whole, whole_units, first, one));
        }
        best.0
    }
}

fn higher(a: (f32, How), b: (f32, How)) -> (f32, How) {
    if b.0 > a.0 { b } else { a }
}

/// A known name and the same with one more letter at its end: `Aziz` and `Aziza`, `William` and `Williams`.
fn one_ending(left: &Token, right: &Token) -> bool {
    let (short, long) = if left.latin.len() < right.latin.len() { (left, right) } else { (right, left) };
    let ending = long.latin.strip_prefix(short.latin.as_str());
    left.script == right.script
        && !short.names.is_empty()
        && short.whole.is_none()
        && matches!(ending, Some("a" | "e" | "i" | "s" | "ne"))
}

fn same_number(a: &str, b: &str) -> f32 {
    let value = |text: &str| roman(text).or_else(|| roman_letter(text)).or_else(|| text.parse().ok());
    let same = value(a).is_some() && value(a) == value(b);
    if same { 1.0 } else { 0.0 }
}

/// A Roman number of one letter, which is a number only against another one.
fn roman_letter(text: &str) -> Option<u32> {
    match text {
        "i" => Some(1),
        "v" => Some(5),
        "x" => Some(10),
        _ => None,
    }
}

/// Likeness by letters inserted, left out, changed or swapped with their neighbour. Range: 0 to 1.
pub(crate) fn spelling_likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let (a, b) = (&a[..a.len().min(LONGEST)], &b[..b.len().min(LONGEST)]);
    let longest = a.len().max(b.len());
    if longest == 0 || a.len().abs_diff(b.len()) * 3 > longest {
        return 0.0;
    }
    let (mut before, mut last) = ([0u8; LONGEST + 1], [0u8; LONGEST + 1]);
    for (at, cell) in last.iter_mut().enumerate() {
        *cell = u8::try_from(at).unwrap_or(u8::MAX);
    }
    for (row, x) in a.iter().enumerate() {
        let mut next = [0u8; LONGEST + 1];
        next[0] = last[0] + 1;
        for (column, y) in b.iter().enumerate() {
            let changed = last[column] + u8::from(x != y);
            let mut least = changed.min(last[column + 1] + 1).min(next[column] + 1);
            let swapped = row > 0 && column > 0 && a[row - 1] == *y && *x == b[column - 1];
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            next[column + 1] = least;
        }
        before = last;
        last = next;
    }
    1.0 - f32::from(last[b.len()]) / longest as f32
}

//! Sounds: what a spelling may stand for, and how far two sounds are from each other.
//!
//! One name is written by many conventions: Khrushchev, Chruschtschow, Khrouchtchev, Hruşçov. A grapheme (`sch`, `х`) has a set
//! of sounds that it stands for in some convention; two graphemes whose sets meet are nearly equal. The sets and the
//! distances are data (`graphemes.csv`, `letters.csv`, `near.csv`).

use crate::limits::MOST_SOUNDS;
use crate::table::Table;
use kervan_model::Finding;
use std::collections::BTreeMap;

/// The sounds that tables may name, in the order of their bits.
const SOUNDS: [&str; 27] = [
    "A", "E", "I", "O", "U", "B", "P", "V", "F", "W", "D", "T", "G", "K", "H", "Z", "S", "ZH", "SH", "J",
    "CH", "TS", "L", "R", "M", "N", "Y",
];
/// The sound of the letter x, which is two in one, and the nasal of `ng`.
const FURTHER: [&str; 2] = ["KS", "NG"];
const VOWELS: u32 = 0b1_1111;
const GLIDE: u32 = 1 << 26;
const BREATH: u32 = 1 << 14;

/// Cost of a sound that is missing. Unit: hundredth of a sound.
const MISSING: u16 = 100;
const MISSING_VOWEL: u16 = 42;
const MISSING_GLIDE: u16 = 25;
const MISSING_BREATH: u16 = 38;
/// A vowel that a script without vowels does not write.
const UNWRITTEN: u16 = 6;
/// Different graphemes with a sound in common.
const MEETING: u16 = 5;

/// A grapheme by its number; 0 is one that no table knows.
pub(crate) type Unit = u8;

/// All graphemes, with the distance of every two.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sounds {
    masks: Vec<u32>,
    by_mask: BTreeMap<u32, Unit>,
    graphemes: BTreeMap<Vec<u8>, Vec<Unit>>,
    longest: usize,
    apart: Vec<u16>,
    missing: Vec<u16>,
}

/// The bit of a sound.
fn bit(name: &str) -> Option<u32> {
    SOUNDS.iter().chain(&FURTHER).position(|sound| *sound == name).map(|at| 1 << at)
}

/// Reads `K|S` into bits.
pub(crate) fn read_mask(text: &str) -> Option<u32> {
    text.split('|').try_fold(0, |mask, name| Some(mask | bit(name.trim())?))
}

impl Sounds {
    /// Reads `graphemes.csv`; [`Sounds::finish`] must follow once all letters are in.
    pub(crate) fn load(read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) -> Self {
        let mut sounds = Self { masks: vec![0], longest: 1, ..Self::default() };
        Table::open("screening/graphemes.csv", read, findings).each(|row| {
            let (grapheme, text) = (row.text("grapheme"), row.text("sounds"));
            let units: Option<Vec<Unit>> =
                text.split(' ').map(|part| read_mask(part).map(|mask| sounds.unit(mask))).collect();
            match units {
                Some(units) if grapheme.is_ascii() && !grapheme.is_empty() => {
                    sounds.longest = sounds.longest.max(grapheme.len());
                    sounds.graphemes.insert(grapheme.into_bytes(), units);
                }
                _ => row.fault("sounds", format!("`{text}` names a sound that is unknown")),
            }
        });
        sounds
    }

    /// The number of a set of sounds.
    pub(crate) fn unit(&mut self, mask: u32) -> Unit {
        if let Some(unit) = self.by_mask.get(&mask) {
            return *unit;
        }
        let unit = Unit::try_from(self.masks.len()).unwrap_or(0);
        if unit > 0 {
            self.masks.push(mask);
            self.by_mask.insert(mask, unit);
        }
        unit
    }

    /// Reads `near.csv` and works out the distance of every two graphemes.
    pub(crate) fn finish(&mut self, read: &impl Fn(&str) -> Option<String>, findings: &mut Vec<Finding>) {
        let mut near: BTreeMap<(u32, u32), u16> = BTreeMap::new();
        Table::open("screening/near.csv", read, findings).each(|row| {
            let (left, right) = (bit(&row.text("left")), bit(&row.text("right")));
            let cost = row.number("cost").and_then(|cost| u16::try_from(cost).ok());
            match (left, right, cost) {
                (Some(left), Some(right), Some(cost)) if cost <= MISSING => {
                    near.insert((left, right), cost);
                    near.insert((right, left), cost);
                }
                _ => row.fault("left", "two known sounds and a cost up to 100 are wanted"),
            }
        });
        let count = self.masks.len();
        self.apart = vec![MISSING; count * count];
        for (left, a) in self.masks.iter().enumerate().skip(1) {
            for (right, b) in self.masks.iter().enumerate().skip(1) {
                let meeting = if left == right { 0 } else { MEETING };
                let nearest = near
                    .iter()
                    .filter(|((x, y), _)| x & a != 0 && y & b != 0)
                    .map(|(_, cost)| *cost + MEETING)
                    .min();
                let cost = if a & b != 0 { meeting } else { nearest.unwrap_or(MISSING) };
                if let Some(cell) = self.apart.get_mut(left * count + right) {
                    *cell = cost.min(MISSING);
                }
            }
        }
        self.missing = self.masks.iter().map(|mask| missing(*mask)).collect();
    }

    /// Cuts a Latin spelling into graphemes, the longest first; doubled letters are one.
    pub(crate) fn cut(&self, latin: &[u8], units: &mut Vec<Unit>) {
        let mut at = 0;
        let mut last = 0u8;
        while let Some(rest) = latin.get(at..).filter(|rest| !rest.is_empty()) {
            let found = (1..=self.longest.min(rest.len())).rev().find_map(|length| {
                let spelling = rest.get(..length)?;
                Some((length, self.graphemes.get(spelling)?))
            });
            let first = rest.first().copied().unwrap_or(0);
            match found {
                Some((1, _)) if first == last => at += 1,
                Some((length, sounds)) => {
                    units.extend_from_slice(sounds);
                    at += length;
                }
                None => {
                    units.push(0);
                    at += 1;
                }
            }
            last = latin.get(at.wrapping_sub(1)).copied().unwrap_or(0);
        }
        units.truncate(MOST_SOUNDS);
    }

    /// How far two graphemes are apart. Range: 0 to 100.
    pub(crate) fn apart(&self, left: Unit, right: Unit) -> u16 {
        let at = usize::from(left) * self.masks.len() + usize::from(right);
        self.apart.get(at).copied().unwrap_or(MISSING)
    }

    /// The sounds of a grapheme as bits.
    pub(crate) fn mask(&self, unit: Unit) -> u32 {
        self.masks.get(usize::from(unit)).copied().unwrap_or(0)
    }

    /// Whether a grapheme may be a vowel or a glide.
    pub(crate) fn is_soft(&self, unit: Unit) -> bool {
        self.mask(unit) & (VOWELS | GLIDE) != 0
    }

    fn missing(&self, unit: Unit, unwritten: bool) -> u16 {
        if unwritten && self.mask(unit) & VOWELS != 0 {
            return UNWRITTEN;
        }
        self.missing.get(usize::from(unit)).copied().unwrap_or(MISSING)
    }

    /// The least cost to turn one row of sounds into another, or any higher one once `most` is passed.
    ///
    /// Unit: hundredth of a sound. `unwritten` says that one side is of a script that leaves vowels out.
    pub(crate) fn distance(&self, left: &[Unit], right: &[Unit], unwritten: bool, most: u16) -> u16 {
        let mut row = [0u16; MOST_SOUNDS + 1];
        let mut gone_right = [0u16; MOST_SOUNDS];
        let right = right.get(..right.len().min(MOST_SOUNDS)).unwrap_or(right);
        for (cell, unit) in right.iter().enumerate() {
            gone_right[cell] = self.missing(*unit, unwritten);
            row[cell + 1] = row[cell] + gone_right[cell];
        }
        let count = self.masks.len();
        for unit in left.iter().take(MOST_SOUNDS) {
            let gone = self.missing(*unit, unwritten);
            let from = usize::from(*unit) * count;
            let Some(apart) = self.apart.get(from..from + count) else { return u16::MAX };
            let mut diagonal = row[0];
            row[0] += gone;
            let mut least = row[0];
            for (cell, other) in right.iter().enumerate() {
                let swapped = diagonal + apart.get(usize::from(*other)).copied().unwrap_or(MISSING);
                diagonal = row[cell + 1];
                let value = swapped.min(diagonal + gone).min(row[cell] + gone_right[cell]);
                row[cell + 1] = value;
                least = least.min(value);
            }
            if least > most {
                return least;
            }
        }
        row[right.len()]
    }
}

fn missing(mask: u32) -> u16 {
    if mask & GLIDE != 0 {
        MISSING_GLIDE
    } else if mask & VOWELS != 0 {
        MISSING_VOWEL
    } else if mask == BREATH {
        MISSING_BREATH
    } else {
        MISSING
    }
}

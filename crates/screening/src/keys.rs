//! Keys under which words that may be alike are found: their consonants in coarse classes, also with one left out.

use crate::sound::{Sounds, Unit, read_mask};

/// Classes of consonants; sounds of one class are taken for each other.
const CLASSES: [&str; 9] = ["Z|S|ZH|SH|J|CH|TS|KS", "G|K|H|KS", "D|T", "B|P", "V|F|W", "L", "R", "M", "N|NG"];
/// Sounds that may leave no consonant behind.
const SILENT: &str = "A|E|I|O|U|Y|W|H";
/// Most readings of one word: ambiguous letters multiply them.
const MOST_READINGS: usize = 8;
/// Longest row of classes that is told apart.
const LONGEST: usize = 12;
/// Words with fewer consonants are found only with all of them.
const LEAST_TO_LEAVE_OUT: usize = 5;

/// A row of classes as a number, four bits for each.
pub(crate) type Key = u64;

/// The classes of each grapheme, worked out once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    /// For each class its sounds as bits.
    classes: Vec<u32>,
    silent: u32,
    glide: u32,
}

impl Keys {
    pub(crate) fn new() -> Self {
        let classes = CLASSES.iter().map(|class| read_mask(class).unwrap_or(0)).collect();
        Self { classes, silent: read_mask(SILENT).unwrap_or(0), glide: read_mask("Y").unwrap_or(0) }
    }

    /// Every row of classes that a word may have.
    fn rows(&self, units: &[Unit], sounds: &Sounds) -> Vec<Vec<u8>> {
        let mut rows: Vec<Vec<u8>> = vec![Vec::with_capacity(LONGEST)];
        for unit in units {
            let mask = sounds.mask(*unit);
            let mut options: Vec<Option<u8>> = Vec::with_capacity(3);
            // A glide is left out more often than it stands for a consonant; of too many readings the last are dropped.
            if mask & self.glide != 0 {
                options.push(None);
            }
            for (at, class) in self.classes.iter().enumerate() {
                if mask & class != 0 {
                    options.push(u8::try_from(at + 1).ok());
                }
            }
            if (mask & self.silent != 0 && mask & self.glide == 0) || options.is_empty() {
                options.push(None);
            }
            let room = (MOST_READINGS / rows.len()).max(1);
            options.truncate(room);
            rows = rows
                .iter()
                .flat_map(|row| {
                    options.iter().map(move |option| {
                        let mut next = row.clone();
                        // Doubled consonants are one, in whatever letters.
                        if let Some(class) = option
                            && next.len() < LONGEST
                            && next.last() != Some(class)
                        {
                            next.push(*class);
                        }
                        next
                    })
                })
                .collect();
        }
        rows.sort();
        rows.dedup();
        rows
    }

    /// All keys of a word.
    pub(crate) fn of(&self, units: &[Unit], sounds: &Sounds) -> Vec<Key> {
        let number = |row: &[u8], left_out: usize| {
            let kept = row.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, class)| *class);
            kept.fold(1u64, |key, class| key << 4 | u64::from(class))
        };
        let mut keys = Vec::new();
        for row in self.rows(units, sounds) {
            keys.push(number(&row, usize::MAX));
            if row.len() >= LEAST_TO_LEAVE_OUT {
                keys.extend((0..row.len()).map(|left_out| number(&row, left_out)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

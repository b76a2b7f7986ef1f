//! Which stops a partial way visited, where that matters.
//!
//! Where goods may leave a stop by the same stays whatever they came with, coming back to it is never better than to have
//! gone on at once, and a way that does so can be shortened. Only stops with several nodes need to be remembered, and the
//! ends, where the last stay depends on the line; where storage is charged or stops are required, all of them.

use crate::network::NONE;
use crate::setting::Setting;

/// A set of stops for each label, one bit each.
pub(crate) struct Visits {
    /// Number of each stop among those remembered, or [`NONE`].
    bits: Vec<u32>,
    words: usize,
    sets: Vec<u64>,
    /// The set of the label that is being made.
    next: Vec<u64>,
}

impl Visits {
    pub(crate) fn new(setting: &Setting<'_>, all: bool) -> Self {
        let all = all || setting.required != 0;
        let mut count = 0;
        let stops = setting.network.stops.iter().enumerate();
        let bits: Vec<u32> = stops
            .map(|(number, stop)| {
                let mut ends = setting.from.iter().chain(&setting.to);
                let end = ends.any(|end| end.stop as usize == number);
                if !(all || stop.nodes > 1 || end) {
                    return NONE;
                }
                count += 1;
                count - 1
            })
            .collect();
        let words = (count as usize).div_ceil(64).max(1);
        Self { bits, words, sets: Vec::new(), next: vec![0; words] }
    }

    fn set(&self, label: u32) -> &[u64] {
        let from = label as usize * self.words;
        &self.sets[from..from + self.words]
    }

    /// Begins the set of a label that follows another one, at a further stop; false if it was there already.
    pub(crate) fn visit(&mut self, before: u32, stop: u32) -> bool {
        let words = self.words;
        if before == NONE {
            self.next.fill(0);
        } else {
            let from = before as usize * words;
            self.next.copy_from_slice(&self.sets[from..from + words]);
        }
        let bit = self.bits[stop as usize];
        if bit == NONE {
            return true;
        }
        let word = &mut self.next[bit as usize / 64];
        let mask = 1_u64 << (bit % 64);
        let new = *word & mask == 0;
        *word |= mask;
        new
    }

    /// Keeps the set that was begun for the label that is kept now.
    pub(crate) fn keep(&mut self) {
        self.sets.extend_from_slice(&self.next);
    }

    /// Whether a label visited no stop that the other one, or the one being made, has not.
    pub(crate) fn within(&self, label: u32, other: u32) -> bool {
        let theirs = if other == NONE { &self.next } else { self.set(other) };
        self.set(label).iter().zip(theirs).all(|(mine, theirs)| mine & !theirs == 0)
    }
}

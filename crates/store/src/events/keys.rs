//! The keys of an event as they stand in its row and in the index, and the filter that tells most hashes apart without reading.

use super::posting::Posting;
use super::row::{EventKey, EventMark, EventRole, Roles};

/// Bytes of one key in a row: eight of the key, two of the roles.
const BYTES: usize = 10;

/// The marks of an event, each key once with all its roles, as bytes.
pub(crate) fn write_keys(marks: &[EventMark]) -> Vec<u8> {
    let mut keys: Vec<(u64, u16)> = marks.iter().map(|mark| (mark.key.0, mark.role as u16)).collect();
    keys.sort_unstable();
    keys.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 |= next.1;
        }
        same
    });
    let mut bytes = Vec::with_capacity(keys.len() * BYTES);
    for (key, roles) in keys {
        bytes.extend_from_slice(&key.to_be_bytes());
        bytes.extend_from_slice(&roles.to_be_bytes());
    }
    bytes
}

/// The keys of a row, each with its roles.
fn list_keys(bytes: &[u8]) -> impl Iterator<Item = (EventKey, Roles)> {
    bytes.as_chunks::<BYTES>().0.iter().map(|chunk| {
        let [a, b, c, d, e, f, g, h, high, low] = *chunk;
        (EventKey(u64::from_be_bytes([a, b, c, d, e, f, g, h])), Roles(u16::from_be_bytes([high, low])))
    })
}

/// The marks of a row as they were stated.
pub(crate) fn read_marks(bytes: &[u8]) -> Vec<EventMark> {
    let marks = list_keys(bytes).flat_map(|(key, roles)| {
        let held = EventRole::STATED.into_iter().filter(move |role| roles.meets(*role as u16));
        held.map(move |role| EventMark { key, role })
    });
    marks.collect()
}

/// The postings of a row: its keys, and its hash.
pub(crate) fn read_keys(bytes: &[u8], hash_key: u64, seq: u64, at: i64, into: &mut Vec<Posting>) {
    into.push(Posting { key: hash_key, seq, at, roles: EventRole::Hash as u16 });
    for (name, roles) in list_keys(bytes) {
        into.extend(Placed::list(name, roles).map(|Placed { key, roles }| Posting {
            key,
            seq,
            at,
            roles: roles.0,
        }));
    }
}

/// Where the postings of a name in some roles stand in the index.
///
/// Those as a parent stand apart: a train or a ship is the parent of every box that is put on board or taken off, thousands of
/// times for each event of its own, and who asks for one sort need not walk through the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) key: u64,
    pub(crate) roles: Roles,
}

/// What tells the key of a name as a parent from that in its other roles.
const PARENT: u64 = 0x9e37_79b9_7f4a_7c15;

impl Placed {
    /// Whether the filter of a run knows its key.
    pub(crate) fn is_filtered(&self) -> bool {
        self.roles.without_all(Roles::FILTERED).is_empty()
    }

    /// The places of a name, at most two.
    pub(crate) fn list(name: EventKey, roles: Roles) -> impl Iterator<Item = Self> {
        let parent = Roles::of(&[EventRole::Parent]);
        let apart = Self { key: name.0 ^ PARENT, roles: roles.among(parent) };
        let others = Self { key: name.0, roles: roles.without_all(parent) };
        [others, apart].into_iter().filter(|placed| !placed.roles.is_empty())
    }
}

/// A Bloom filter of the hashes of a run: "not here" is certain, "here" is wrong about once in a hundred.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    bits: Vec<u8>,
}

/// Bits of the filter per hash, and how many of them are set.
const BITS_PER_HASH: usize = 10;
const PROBES: u64 = 7;

impl Filter {
    pub(crate) fn for_hashes(count: usize) -> Self {
        Self { bits: vec![0; (count * BITS_PER_HASH).div_ceil(8).max(8)] }
    }

    pub(crate) fn from_bytes(bits: Vec<u8>) -> Self {
        Self { bits }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    pub(crate) fn add(&mut self, key: u64) {
        for place in self.places(key) {
            if let Some(byte) = self.bits.get_mut(place / 8) {
                *byte |= 1 << (place % 8);
            }
        }
    }

    pub(crate) fn may_hold(&self, key: u64) -> bool {
        self.places(key)
            .all(|place| self.bits.get(place / 8).is_some_and(|byte| byte & (1 << (place % 8)) != 0))
    }

    /// The key is a hash already; a second one for the distance between probes is mixed from it.
    fn places(&self, key: u64) -> impl Iterator<Item = usize> + use<> {
        let count = (self.bits.len() as u64 * 8).max(1);
        let step = (key ^ (key >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        (0..PROBES).map(move |probe| (key.wrapping_add(step.wrapping_mul(probe)) % count) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventKey;

    #[test]
    fn the_filter_never_denies_what_is_there_and_seldom_affirms_what_is_not() {
        let key = |number: u32| EventKey::of(&number.to_string()).0;
        let mut filter = Filter::for_hashes(2_000);
        (0..2_000).for_each(|number| filter.add(key(number)));
        assert!((0..2_000).all(|number| filter.may_hold(key(number))));
        let wrong = (2_000..12_000).filter(|number| filter.may_hold(key(*number))).count();
        assert!(wrong < 200, "{wrong} of 10,000");
    }

    #[test]
    fn a_key_stands_once_with_all_its_roles_and_apart_as_a_parent() {
        let (a, b) = (EventKey(7), EventKey(5));
        let marks = [
            EventMark { key: a, role: EventRole::Epc },
            EventMark { key: b, role: EventRole::ReadPoint },
            EventMark { key: a, role: EventRole::Parent },
        ];
        let mut postings = Vec::new();
        read_keys(&write_keys(&marks), 9, 3, 4, &mut postings);
        let seen: Vec<_> = postings.iter().map(|posting| (posting.key, posting.roles)).collect();
        let [hash, epc] = [EventRole::Hash, EventRole::Epc].map(|role| role as u16);
        let parent = (7 ^ PARENT, EventRole::Parent as u16);
        assert_eq!(seen, [(9, hash), (5, EventRole::ReadPoint as u16), (7, epc), parent]);
    }
}

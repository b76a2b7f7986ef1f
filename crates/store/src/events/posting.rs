//! One line of the index, and blocks of them in few bytes.

/// That an event names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    /// Key of the name.
    pub key: u64,
    /// The event.
    pub seq: u64,
    /// When the event happened. Unit: millisecond since 1970.
    pub at: i64,
    /// Roles of the name in the event, as bits.
    pub roles: u16,
}

/// Postings of one block; some four kilobytes, which is what a disk reads at once.
pub(crate) const POSTINGS_IN_BLOCK: usize = 256;

/// Appends a block: keys, places and times as differences, each in as many bytes as it needs, and a checksum.
pub(crate) fn write_block(postings: &[Posting], into: &mut Vec<u8>) {
    let start = into.len();
    let (mut key, mut seq, mut at) = (0_u64, 0_u64, 0_i64);
    for posting in postings {
        let same = posting.key == key;
        write_varint(posting.key.wrapping_sub(key), into);
        // Places grow under one key; from one key to the next they go back and forth.
        if same {
            write_varint(posting.seq.wrapping_sub(seq), into);
        } else {
            write_varint(zigzag(posting.seq.wrapping_sub(seq).cast_signed()), into);
        }
        write_varint(zigzag(posting.at.wrapping_sub(at)), into);
        write_varint(u64::from(posting.roles), into);
        (key, seq, at) = (posting.key, posting.seq, posting.at);
    }
    let sum = crc32fast::hash(into.get(start..).unwrap_or_default());
    into.extend_from_slice(&sum.to_le_bytes());
}

/// The postings of a block, one after the other; nothing in place of one that cannot be read.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    rest: &'a [u8],
    last: Posting,
}

impl<'a> Block<'a> {
    /// Nothing if its checksum is wrong.
    pub(crate) fn open(block: &'a [u8]) -> Option<Self> {
        let (body, sum) = block.split_last_chunk::<4>()?;
        let is_whole = crc32fast::hash(body) == u32::from_le_bytes(*sum);
        is_whole.then_some(Self { rest: body, last: Posting { key: 0, seq: 0, at: 0, roles: 0 } })
    }

    fn read(&mut self) -> Option<Posting> {
        let step = read_varint(&mut self.rest)?;
        let move_on = read_varint(&mut self.rest)?;
        let move_on = if step == 0 { move_on } else { unzigzag(move_on).cast_unsigned() };
        self.last = Posting {
            key: self.last.key.wrapping_add(step),
            seq: self.last.seq.wrapping_add(move_on),
            at: self.last.at.wrapping_add(unzigzag(read_varint(&mut self.rest)?)),
            roles: u16::try_from(read_varint(&mut self.rest)?).ok()?,
        };
        Some(self.last)
    }
}

impl Iterator for Block<'_> {
    type Item = Option<Posting>;

    fn next(&mut self) -> Option<Option<Posting>> {
        if self.rest.is_empty() {
            return None;
        }
        let read = self.read();
        if read.is_none() {
            self.rest = &[];
        }
        Some(read)
    }
}

/// Seven bits a byte, the low ones first; the high bit says that more follow.
pub(crate) fn write_varint(mut value: u64, into: &mut Vec<u8>) {
    while value >= 0x80 {
        into.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

pub(crate) fn read_varint(from: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_comes_back_and_a_damaged_one_does_not() {
        let extremes = [0, 1, 127, 128, u64::MAX / 2, u64::MAX];
        let mut postings: Vec<Posting> = Vec::new();
        for (index, key) in extremes.into_iter().enumerate() {
            for seq in [1, 2, 300, 1 << 40] {
                let at = [i64::MIN, -1, 0, i64::MAX][index % 4];
                postings.push(Posting { key, seq, at, roles: u16::MAX >> (index % 16) });
            }
        }
        let mut block = Vec::new();
        write_block(&postings, &mut block);
        let read = |block: &[u8]| Block::open(block)?.collect::<Option<Vec<Posting>>>();
        assert_eq!(read(&block), Some(postings));
        for index in 0..block.len() {
            let mut damaged = block.clone();
            damaged[index] ^= 1;
            assert_eq!(read(&damaged), None, "byte {index}");
        }
        assert_eq!(read(&[]), None);
        // A body that ends within a posting, under the right checksum.
        let mut cut = block[..block.len() - 5].to_vec();
        cut.extend_from_slice(&crc32fast::hash(&cut).to_le_bytes());
        assert_eq!(read(&cut), None);
    }
}

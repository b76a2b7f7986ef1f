//! A run: the postings of a stretch of the sequence, sorted, in memory or in a file.

use super::keys::Filter;
use super::posting::{Block, POSTINGS_IN_BLOCK, Posting, write_block};
use super::row::{EventRole, Roles};
use crate::StoreError;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// From which event to which, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Span {
    pub(crate) fn events(self) -> u64 {
        self.to + 1 - self.from
    }
}

/// When the events of a run happened, from the first to the last. Unit: millisecond since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    first: i64,
    last: i64,
}

impl Times {
    /// Of no event.
    const NONE: Self = Self { first: i64::MAX, last: i64::MIN };

    fn of(postings: &[Posting]) -> Self {
        postings.iter().fold(Self::NONE, |times, posting| times.with(posting.at))
    }

    fn with(self, at: i64) -> Self {
        Self { first: self.first.min(at), last: self.last.max(at) }
    }

    /// Whether some of them may have happened in a time, both ends included.
    pub(crate) fn meet(self, from: i64, until: i64) -> bool {
        self.first <= self.last && from <= self.last && self.first <= until
    }
}

/// A run of the index.
#[derive(Debug)]
pub(crate) enum Run {
    /// Of the last commits.
    Memory(MemoryRun),
    /// Of all before.
    File(RunFile),
}

/// A run in memory.
#[derive(Debug)]
pub(crate) struct MemoryRun {
    pub(crate) span: Span,
    pub(crate) postings: Vec<Posting>,
    times: Times,
}

impl MemoryRun {
    /// The run of postings in their order.
    pub(crate) fn new(span: Span, postings: Vec<Posting>) -> Self {
        Self { span, times: Times::of(&postings), postings }
    }
}

/// A run in a file: blocks, then what is kept in memory of it (where blocks begin, the filter), then a tail.
#[derive(Debug)]
pub(crate) struct RunFile {
    pub(crate) span: Span,
    pub(crate) path: PathBuf,
    /// Key of the hash of its last event: tells whether it belongs to this store.
    pub(crate) last_hash: u64,
    times: Times,
    file: File,
    /// First key and place of each block, and where it begins.
    blocks: Vec<(u64, u64, u64)>,
    /// Where the last block ends.
    end: u64,
    filter: Filter,
}

/// First bytes of the tail; the digit is the version of the form.
const MAGIC: [u8; 8] = *b"KRVRUN02";

/// Bytes of the tail: magic, span, last hash, times, blocks, end of blocks, bytes of filter, checksum of all but the blocks.
const TAIL: usize = 8 + 8 * 8 + 4;

impl Run {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Memory(run) => run.span,
            Self::File(run) => run.span,
        }
    }

    /// When its events happened.
    pub(crate) fn times(&self) -> Times {
        match self {
            Self::Memory(run) => run.times,
            Self::File(run) => run.times,
        }
    }

    /// Whether the key of a hash, or of a name as a parent, may be here; wrong a few times in a hundred if it is not.
    pub(crate) fn may_hold(&self, key: u64) -> bool {
        match self {
            Self::Memory(..) => true,
            Self::File(run) => run.filter.may_hold(key),
        }
    }

    /// Shows the postings of a key beyond `after`, in the order of the sequence, until told to stop. Blocks are read into `bytes`, which
    /// serves many visits.
    pub(crate) fn visit(
        &self,
        key: u64,
        after: u64,
        bytes: &mut Vec<u8>,
        see: &mut dyn FnMut(&Posting) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, StoreError> {
        let start = (key, after.saturating_add(1));
        match self {
            Self::Memory(MemoryRun { postings, .. }) => {
                let first = postings.partition_point(|posting| (posting.key, posting.seq) < start);
                Ok(show(postings.get(first..).unwrap_or_default(), key, see))
            }
            Self::File(run) => {
                let first =
                    run.blocks.partition_point(|(key, seq, _)| (*key, *seq) <= start).saturating_sub(1);
                for block in first..run.blocks.len() {
                    for posting in run.open_block(block, bytes)? {
                        let posting = posting.ok_or_else(|| run.damaged())?;
                        if (posting.key, posting.seq) < start {
                            continue;
                        }
                        if posting.key != key {
                            return Ok(ControlFlow::Continue(()));
                        }
                        if see(&posting).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
                Ok(ControlFlow::Continue(()))
            }
        }
    }

    /// Shows the postings of a key before `before`, the last first, until told to stop.
    pub(crate) fn visit_back(
        &self,
        key: u64,
        before: u64,
        bytes: &mut Vec<u8>,
        see: &mut dyn FnMut(&Posting) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, StoreError> {
        match self {
            Self::Memory(MemoryRun { postings, .. }) => {
                let end = postings.partition_point(|posting| (posting.key, posting.seq) < (key, before));
                Ok(show_back(postings.get(..end).unwrap_or_default(), key, before, see).0)
            }
            Self::File(run) => {
                let end = run.blocks.partition_point(|(first, seq, _)| (*first, *seq) < (key, before));
                for block in (0..end).rev() {
                    let (flow, past) = show_back(&run.read(block, bytes)?, key, before, see);
                    if flow.is_break() || past {
                        return Ok(flow);
                    }
                }
                Ok(ControlFlow::Continue(()))
            }
        }
    }

    pub(crate) fn blocks(&self) -> usize {
        match self {
            Self::Memory(run) => run.postings.len().div_ceil(POSTINGS_IN_BLOCK),
            Self::File(run) => run.blocks.len(),
        }
    }

    /// The postings of a block, for merging.
    pub(crate) fn block(&self, number: usize) -> Result<Vec<Posting>, StoreError> {
        match self {
            Self::Memory(MemoryRun { postings, .. }) => {
                Ok(postings.chunks(POSTINGS_IN_BLOCK).nth(number).unwrap_or_default().to_vec())
            }
            Self::File(run) => run.read(number, &mut Vec::new()),
        }
    }
}

/// Shows the first postings, those of a key, until told to stop.
fn show(postings: &[Posting], key: u64, see: &mut dyn FnMut(&Posting) -> ControlFlow<()>) -> ControlFlow<()> {
    postings.iter().take_while(|posting| posting.key == key).try_for_each(see)
}

/// Shows those of a key before a place, the last first; says as well whether all of the key was seen.
fn show_back(
    postings: &[Posting],
    key: u64,
    before: u64,
    see: &mut dyn FnMut(&Posting) -> ControlFlow<()>,
) -> (ControlFlow<()>, bool) {
    for posting in postings.iter().rev().skip_while(|posting| (posting.key, posting.seq) >= (key, before)) {
        if posting.key != key {
            return (ControlFlow::Continue(()), true);
        }
        if see(posting).is_break() {
            return (ControlFlow::Break(()), true);
        }
    }
    (ControlFlow::Continue(()), false)
}

fn number(bytes: &[u8], index: usize) -> Option<u64> {
    bytes.get(index * 8..index * 8 + 8)?.try_into().ok().map(u64::from_le_bytes)
}

impl RunFile {
    /// A block, read into `bytes`. Errors: it cannot be read, or is damaged.
    fn open_block<'b>(&self, block: usize, bytes: &'b mut Vec<u8>) -> Result<Block<'b>, StoreError> {
        let start = self.blocks.get(block).map_or(self.end, |(_, _, start)| *start);
        let end = self.blocks.get(block + 1).map_or(self.end, |(_, _, start)| *start);
        bytes.resize(usize::try_from(end - start).unwrap_or(0), 0);
        read_at(&self.file, bytes, start).map_err(|source| failed(&self.path, source))?;
        Block::open(bytes).ok_or_else(|| self.damaged())
    }

    fn read(&self, block: usize, bytes: &mut Vec<u8>) -> Result<Vec<Posting>, StoreError> {
        let mut postings = Vec::with_capacity(POSTINGS_IN_BLOCK);
        for posting in self.open_block(block, bytes)? {
            postings.push(posting.ok_or_else(|| self.damaged())?);
        }
        Ok(postings)
    }

    fn damaged(&self) -> StoreError {
        let shown = self.path.display();
        StoreError::Unreadable(format!("{shown} is damaged; remove it and start again, it is made anew"))
    }

    /// Opens the file of a run. Errors: it is damaged, or of another form.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(|source| failed(path, source))?;
        let length = file.metadata().map_err(|source| failed(path, source))?.len();
        let damaged = || StoreError::Unreadable(format!("{} is no run of the index", path.display()));
        let tail_at = length.checked_sub(TAIL as u64).ok_or_else(damaged)?;
        let mut tail = [0; TAIL];
        read_at(&file, &mut tail, tail_at).map_err(|source| failed(path, source))?;
        let fields = tail.strip_prefix(MAGIC.as_slice()).ok_or_else(damaged)?;
        let field = |index| number(fields, index).ok_or_else(damaged);
        let (span, last_hash) = (Span { from: field(0)?, to: field(1)? }, field(2)?);
        let times = Times { first: field(3)?.cast_signed(), last: field(4)?.cast_signed() };
        let (blocks, end, filter) = (field(5)?, field(6)?, field(7)?);
        let whole = blocks.checked_mul(24).and_then(|bytes| bytes.checked_add(filter)?.checked_add(end));
        if whole != Some(tail_at) {
            return Err(damaged());
        }
        let mut head = vec![0; usize::try_from(tail_at - end).map_err(|_| damaged())?];
        read_at(&file, &mut head, end).map_err(|source| failed(path, source))?;
        let (body, sum) = tail.split_last_chunk::<4>().ok_or_else(damaged)?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&head);
        hasher.update(body);
        if hasher.finalize() != u32::from_le_bytes(*sum) {
            return Err(damaged());
        }
        let bits = head.split_off(usize::try_from(blocks * 24).map_err(|_| damaged())?);
        let blocks = head
            .chunks_exact(24)
            .filter_map(|entry| Some((number(entry, 0)?, number(entry, 1)?, number(entry, 2)?)))
            .collect();
        Ok(Self {
            span,
            path: path.to_owned(),
            last_hash,
            times,
            file,
            blocks,
            end,
            filter: Filter::from_bytes(bits),
        })
    }

    /// Writes a run under its name; it is there whole or not at all.
    pub(crate) fn write(
        folder: &Path,
        span: Span,
        postings: &mut dyn FnMut() -> Result<Option<Posting>, StoreError>,
    ) -> Result<Self, StoreError> {
        let path = folder.join(format!("run-{:012}-{:012}.idx", span.from, span.to));
        let draft = path.with_extension("tmp");
        let io = |source| failed(&draft, source);
        let mut out = BufWriter::with_capacity(1 << 18, File::create(&draft).map_err(io)?);
        let mut filter = Filter::for_hashes(usize::try_from(span.events()).unwrap_or(0));
        let (mut blocks, mut end, mut last_hash, mut times) = (Vec::new(), 0_u64, 0_u64, Times::NONE);
        let mut block = Vec::with_capacity(POSTINGS_IN_BLOCK);
        let (mut bytes, mut filtered) = (Vec::new(), None);
        loop {
            let next = postings()?;
            if let Some(posting) = next {
                times = times.with(posting.at);
                if Roles::FILTERED.meets(posting.roles) && filtered != Some(posting.key) {
                    filter.add(posting.key);
                    filtered = Some(posting.key);
                }
                if posting.roles & EventRole::Hash as u16 != 0 && posting.seq == span.to {
                    last_hash = posting.key;
                }
                block.push(posting);
            }
            if (block.len() == POSTINGS_IN_BLOCK || next.is_none())
                && let Some(first) = block.first()
            {
                blocks.push((first.key, first.seq, end));
                bytes.clear();
                write_block(&block, &mut bytes);
                end += bytes.len() as u64;
                out.write_all(&bytes).map_err(io)?;
                block.clear();
            }
            if next.is_none() {
                break;
            }
        }
        let mut head = Vec::with_capacity(blocks.len() * 24 + filter.bytes().len() + TAIL);
        for (key, seq, start) in &blocks {
            [key, seq, start].iter().for_each(|number| head.extend_from_slice(&number.to_le_bytes()));
        }
        head.extend_from_slice(filter.bytes());
        let filter_bytes = filter.bytes().len() as u64;
        head.extend_from_slice(&MAGIC);
        let (first, last) = (times.first.cast_unsigned(), times.last.cast_unsigned());
        for number in [span.from, span.to, last_hash, first, last, blocks.len() as u64, end, filter_bytes] {
            head.extend_from_slice(&number.to_le_bytes());
        }
        let sum = crc32fast::hash(&head);
        head.extend_from_slice(&sum.to_le_bytes());
        out.write_all(&head).map_err(io)?;
        let file = out.into_inner().map_err(|error| io(error.into_error()))?;
        file.sync_all().map_err(io)?;
        drop(file);
        std::fs::rename(&draft, &path).map_err(io)?;
        let file = File::open(&path).map_err(io)?;
        Ok(Self { span, path, last_hash, times, file, blocks, end, filter })
    }
}

pub(crate) fn failed(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::Folder { folder: path.display().to_string(), source }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], at: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut into: &mut [u8], mut at: u64) -> std::io::Result<()> {
    while !into.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, into, at)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        at += read as u64;
        into = into.get_mut(read..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_meet_what_they_touch_and_nothing_meets_none() {
        let posting = |at| Posting { key: 1, seq: 1, at, roles: 1 };
        let times = Times::of(&[posting(7), posting(-3), posting(5)]);
        let cases = [
            (i64::MIN, i64::MAX, true),
            (i64::MIN, -3, true),
            (i64::MIN, -4, false),
            (7, 7, true),
            (8, i64::MAX, false),
            (0, 1, true),
        ];
        for (from, until, met) in cases {
            assert_eq!(times.meet(from, until), met, "{from} to {until}");
            assert!(!Times::of(&[]).meet(from, until));
        }
    }
}

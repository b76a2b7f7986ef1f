//! The runs of the index in order of the sequence: the newest in memory, the others in files; merged by a thread of its own.

use super::keys::read_keys;
use super::posting::Posting;
use super::run::{MemoryRun, Run, RunFile, Span, failed};
use crate::StoreError;
use crate::db::{Db, values};
use crate::limits::{EVENTS_IN_FIRST_RUN, EVENTS_READ_AT_ONCE, RUNS_IN_MERGE};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

/// The index as readers and the writer share it.
pub(crate) struct Index {
    folder: PathBuf,
    runs: RwLock<Vec<Arc<Run>>>,
    /// Held by who writes files, so that no two write the same.
    settling: Mutex<()>,
}

/// The thread that writes and merges runs. Dropping it lets the run in work be finished.
pub(crate) struct Merger {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Index {
    /// Opens the index of a store: the runs that fit together from the first event on, and the rest from the rows.
    pub(crate) fn open(folder: &Path, db: &Db) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|source| failed(folder, source))? {
            let path = entry.map_err(|source| failed(folder, source))?.path();
            match RunFile::open(&path) {
                Ok(run) if belongs(db, &run)? => found.push(run),
                // A draft of a run, or a damaged one: it is made again from the rows.
                Ok(_) | Err(_) => drop(std::fs::remove_file(&path)),
            }
        }
        // Of runs that begin together the longest holds the others, which a merge has left over.
        found.sort_by_key(|run| (run.span.from, std::cmp::Reverse(run.span.to)));
        let (mut runs, mut next) = (Vec::new(), 1);
        for run in found {
            if run.span.from == next {
                next = run.span.to + 1;
                runs.push(Arc::new(Run::File(run)));
            } else {
                drop(std::fs::remove_file(&run.path));
            }
        }
        let index = Self { folder: folder.to_owned(), runs: RwLock::new(runs), settling: Mutex::default() };
        index.rebuild(db, &mut next)?;
        Ok(index)
    }

    /// Indexes the rows from a place on, and moves the place behind the last. Each long run goes to its file at once, so that memory
    /// stays bounded.
    pub(crate) fn rebuild(&self, db: &Db, next: &mut u64) -> Result<(), StoreError> {
        let sql = "SELECT seq, hash, event_time, keys FROM captured WHERE seq >= ?1 ORDER BY seq LIMIT ?2";
        let mut postings = Vec::new();
        let mut from = *next;
        loop {
            let rows: Vec<(u64, [u8; 32], i64, Vec<u8>)> = db
                .query(sql, &values![from.cast_signed(), EVENTS_READ_AT_ONCE], |row| {
                    Ok((row.get::<i64>(0)?.cast_unsigned(), row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .map_err(|error| error.told("index events"))?;
            if rows.is_empty() {
                break;
            }
            for (seq, hash, at, keys) in rows {
                let at = at.div_euclid(1_000);
                read_keys(&keys, super::EventKey::of_digest(&hash).0, seq, at, &mut postings);
                from = seq + 1;
                if from - *next >= EVENTS_IN_FIRST_RUN {
                    self.publish(Span { from: *next, to: seq }, std::mem::take(&mut postings));
                    *next = from;
                    self.settle()?;
                }
            }
        }
        if from > *next {
            self.publish(Span { from: *next, to: from - 1 }, postings);
            *next = from;
        }
        Ok(())
    }

    /// The runs as they are now, in order of the sequence.
    pub(crate) fn snapshot(&self) -> Vec<Arc<Run>> {
        self.runs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds the postings of the events after those that are there. Returns whether a run waits for its file.
    pub(crate) fn publish(&self, span: Span, mut postings: Vec<Posting>) -> bool {
        postings.sort_unstable();
        let mut span = span;
        let mut joined = Vec::new();
        for run in self.snapshot().iter().rev() {
            // Runs in memory are merged while they are of like size, so that each posting is moved a few times only.
            match run.as_ref() {
                Run::Memory(before)
                    if before.span.events() < EVENTS_IN_FIRST_RUN
                        && before.postings.len() <= 2 * postings.len() =>
                {
                    postings = merge_two(&before.postings, &postings);
                    span.from = before.span.from;
                    joined.push(before.span);
                }
                Run::Memory(_) | Run::File(_) => break,
            }
        }
        let joint = Arc::new(Run::Memory(MemoryRun::new(span, postings)));
        let mut runs = self.runs.write().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|run| !joined.contains(&run.span()));
        runs.push(joint);
        span.events() >= EVENTS_IN_FIRST_RUN
    }

    /// Writes runs that are long enough to files and merges files, until there is nothing left to do.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        let _alone = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let runs = self.snapshot();
            let long = runs.iter().position(
                |run| matches!(run.as_ref(), Run::Memory(run) if run.span.events() >= EVENTS_IN_FIRST_RUN),
            );
            let part = match long {
                Some(at) => runs.get(at..=at),
                None => find_mergeable(&runs),
            };
            match part {
                Some(part) => self.replace(part)?,
                None => return Ok(()),
            }
        }
    }

    fn replace(&self, part: &[Arc<Run>]) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { return Ok(()) };
        let span = Span { from: first.span().from, to: last.span().to };
        let mut heads: Vec<Head<'_>> = part.iter().map(|run| Head::new(run)).collect();
        let merged = RunFile::write(&self.folder, span, &mut || next_of(&mut heads))?;
        {
            let mut runs = self.runs.write().unwrap_or_else(PoisonError::into_inner);
            let at = runs.iter().position(|run| run.span() == first.span()).unwrap_or(runs.len());
            runs.retain(|run| run.span().from < span.from || run.span().to > span.to);
            let at = at.min(runs.len());
            runs.insert(at, Arc::new(Run::File(merged)));
        }
        for run in part {
            if let Run::File(old) = run.as_ref() {
                // Readers that still hold it read on; where that keeps it, the next start removes it.
                drop(std::fs::remove_file(&old.path));
            }
        }
        Ok(())
    }
}

/// Whether the last event of a run is the one that stands at its place in this store.
fn belongs(db: &Db, run: &RunFile) -> Result<bool, StoreError> {
    let sql = "SELECT hash FROM captured WHERE seq = ?1";
    let hash: Option<[u8; 32]> = db
        .find(sql, &values![run.span.to.cast_signed()], |row| row.get(0))
        .map_err(|error| error.told("check the index of events"))?;
    Ok(hash.is_some_and(|hash| super::EventKey::of_digest(&hash).0 == run.last_hash))
}

/// How often a run has been merged, by its size.
fn level(run: &Run) -> u32 {
    let times = run.span().events() / EVENTS_IN_FIRST_RUN;
    times.max(1).ilog(RUNS_IN_MERGE as u64)
}

/// Neighbours of one level, enough of them for a merge.
fn find_mergeable(runs: &[Arc<Run>]) -> Option<&[Arc<Run>]> {
    runs.windows(RUNS_IN_MERGE).find(|part| {
        let first = part.first().map(|run| level(run));
        part.iter().all(|run| matches!(run.as_ref(), Run::File(_)) && Some(level(run)) == first)
    })
}

fn merge_two(older: &[Posting], newer: &[Posting]) -> Vec<Posting> {
    let mut merged = Vec::with_capacity(older.len() + newer.len());
    let (mut older, mut newer) = (older.iter().copied().peekable(), newer.iter().copied().peekable());
    loop {
        let from_older = match (older.peek(), newer.peek()) {
            (Some(old), Some(new)) => old.key <= new.key,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return merged,
        };
        merged.extend(if from_older { older.next() } else { newer.next() });
    }
}

/// Where a merge stands in one of its runs.
struct Head<'a> {
    run: &'a Run,
    block: usize,
    postings: std::vec::IntoIter<Posting>,
    next: Option<Posting>,
    started: bool,
}

impl<'a> Head<'a> {
    fn new(run: &'a Run) -> Self {
        Self { run, block: 0, postings: Vec::new().into_iter(), next: None, started: false }
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        self.started = true;
        self.next = self.postings.next();
        while self.next.is_none() && self.block < self.run.blocks() {
            self.postings = self.run.block(self.block)?.into_iter();
            self.block += 1;
            self.next = self.postings.next();
        }
        Ok(())
    }
}

/// The least posting of all runs; of equal keys that of the earlier run, which has the earlier places.
fn next_of(heads: &mut [Head<'_>]) -> Result<Option<Posting>, StoreError> {
    let mut least: Option<(u64, usize)> = None;
    for (index, head) in heads.iter_mut().enumerate() {
        if !head.started {
            head.advance()?;
        }
        if let Some(next) = &head.next
            && least.is_none_or(|(key, _)| next.key < key)
        {
            least = Some((next.key, index));
        }
    }
    let Some(head) = least.and_then(|(_, index)| heads.get_mut(index)) else { return Ok(None) };
    let posting = head.next;
    head.advance()?;
    Ok(posting)
}

impl Merger {
    pub(crate) fn start(index: Arc<Index>) -> Result<Self, StoreError> {
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("store-merger".into())
            .spawn(move || run(&index, &woken))
            .map_err(|source| StoreError::Folder { folder: "merging thread".into(), source })?;
        Ok(Self { wake: Some(wake), thread: Some(thread) })
    }

    /// Tells that a run waits. If it is at work it looks again by itself.
    pub(crate) fn wake(&self) {
        if let Some(wake) = &self.wake {
            let _ = wake.try_send(());
        }
    }
}

fn run(index: &Index, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        // What fails here, such as for want of space, is tried again with the next run; until then it stays in memory.
        let _ = index.settle();
    }
}

impl Drop for Merger {
    fn drop(&mut self) {
        self.wake.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
